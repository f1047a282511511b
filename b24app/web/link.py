"""The public link of a document, and all links of a deal: on, off, another address, another end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import AnswerLost, BitrixError
from b24app.documents import deal_tab, letter, link_ends, link_panel, links, links_together
from b24app.documents.errors import FieldsWrong, LinkBusy
from b24app.models import PublicLink
from b24app.web import trouble
from b24app.web.session import FrameRequest, frame_required, page


@frame_required
def switch(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """The panel from what we know on GET, which costs Bitrix24 nothing; switches on POST."""
    session = request.frame
    if request.method != "POST":
        links.known(session, document_id)
        return _panel(request, document_id)
    if request.POST.get("on") != "1":
        return _switched(request, links.switch_off(session, document_id))
    try:
        ends_at = _chosen(request)
    except FieldsWrong as error:
        links.require(session, document_id)
        return _panel(request, document_id, problems=error.problems)
    return _switched(request, links.switch_on(session, document_id, ends_at))


@require_POST
@frame_required
def end(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """Another end for a link that is on."""
    try:
        ends_at = _chosen(request)
    except FieldsWrong as error:
        links.known(request.frame, document_id)
        return _panel(request, document_id, problems=error.problems)
    return _switched(request, links.change_end(request.frame, document_id, ends_at), changed=True)


@frame_required
def rotate(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """Says on GET what becomes of the old address; makes a new one on POST."""
    session = request.frame
    if request.method != "POST":
        links.known(session, document_id)
        return _panel(request, document_id, ask=True)
    return _switched(request, links.rotate(session, document_id), rotated=True)


@require_POST
@frame_required
def keep(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """From the list: some more days for a link that would end."""
    links.keep(request.frame, document_id)
    return HttpResponseRedirect(reverse("deal", args=[key]))


@require_POST
@frame_required
def let_end(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """From the list: it may end, and nobody is reminded any more."""
    links.let_end(request.frame, document_id)
    return HttpResponseRedirect(reverse("deal", args=[key]))


@require_POST
@frame_required
def off(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """From the list: off at once, where it should have ended already."""
    _find_out(links.switch_off(request.frame, document_id))
    return HttpResponseRedirect(reverse("deal", args=[key]))


@require_POST
@frame_required
def copied(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """The page tells that the address was copied: the client gets the version of now."""
    links.copied(request.frame, document_id)
    return HttpResponse(status=204)


@frame_required
def all_off(request: FrameRequest, key: str) -> HttpResponse:
    """Asks in place on GET; on POST switches off and shows the list, with what is still on."""
    session = request.frame
    if request.method != "POST":
        context = {"links": links.all_known(session), "ask": "ask" in request.GET}
        return page(request, "deal_tab/_links.html", session.portal, context)
    still_on = links_together.all_off(session)
    if still_on:
        tasks.guard_links_soon(session.portal_id)
    told = [{"title": one.title, "why": _why(one.error)} for one in still_on]
    context = {"tab": deal_tab.open_tab(session), "still_on": told, "all_off": not told}
    return page(request, "deal_tab/list.html", session.portal, context)


def _why(error: BitrixError | None) -> str:
    """What stands between a person and a link that is to go off, as a sentence."""
    if isinstance(error, AnswerLost):
        return _("Bitrix24 did not answer in time. Docket goes on until the link is off.")
    found = trouble.trouble_of(error or LinkBusy())
    return f"{found.title}. {found.text}" if found else ""


def _chosen(request: FrameRequest) -> datetime | None:
    """The end that was chosen; the portal's usual one where nothing was."""
    if "ends" not in request.POST:
        return link_ends.usual_end(request.frame.portal)
    choice, on = request.POST.get("ends", "")[:10], request.POST.get("date", "")[:10]
    return link_ends.chosen_end(request.frame.portal, choice, on)


def _switched(request: FrameRequest, link: PublicLink, **said: bool) -> HttpResponse:
    _find_out(link)
    return _panel(request, link.document_id, switched=True, **said)


def _find_out(link: PublicLink) -> None:
    if link.state == link.State.UNCLEAR or link.ending:
        tasks.guard_links_soon(link.portal_id)


def context(request: FrameRequest, document_id: int) -> dict[str, Any]:
    """What the panel shows, from what we know, and the words that go with the address."""
    panel = link_panel.panel(request.frame, document_id)
    title = panel.link.title if panel.link else ""
    text = letter.text_with_link(request.frame, title, panel.address) if panel.address else ""
    return {"panel": panel, "client_text": text}


def _panel(request: FrameRequest, document_id: int, **said: Any) -> HttpResponse:
    """The panel; with what was typed where that is wrong."""
    problems = said.get("problems")
    typed = {name: request.POST.get(name, "")[:10] for name in ("ends", "date")}
    found = {**context(request, document_id), "typed": typed if problems else {}, **said}
    response = page(request, "deal_tab/_link.html", request.frame.portal, found)
    response.status_code = 422 if problems else 200
    return response
