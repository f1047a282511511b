"""What is to be done when the PDF is ready: the list on a document's page, and the e-mail."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import Refused
from b24app.documents import actions, errands, letter
from b24app.documents.errors import FieldsWrong, NoSuchErrand
from b24app.models import Errand, FrameSession, Intent, IssuedDocument
from b24app.web.session import FrameRequest, frame_required, page

CHOICE = "later-"
"""How the inputs on the check page begin; a kind of errand follows."""


def chosen(request: FrameRequest) -> list[str]:
    """The kinds that were ticked on the check page."""
    return [name.removeprefix(CHOICE) for name in request.POST if name.startswith(CHOICE)]


def choices(intent: Intent) -> dict[str, bool]:
    """The ticks of the check page, by kind."""
    return {kind: kind in intent.later for kind in Errand.Kind.values}


def listed(session: FrameSession, record: IssuedDocument | None) -> dict[str, Any]:
    """What `_after.html` needs."""
    shown = errands.shown(session, record)
    done = [one for one in shown if one.row.state == Errand.State.DONE]
    is_open = {one.row.kind for one in shown if one.row.state != Errand.State.DONE}
    ready = record is None or record.pdf == IssuedDocument.Pdf.READY
    own = {Errand.Kind.LINK} if ready else set()  # the link has its own switch by then
    return {
        "errands": shown,
        "errands_done": len(done),
        "errands_active": ready and any(one.is_under_way for one in shown),
        "offers": [kind for kind in Errand.Kind.values if kind not in is_open and kind not in own],
        "pdf_is_ready": ready,
    }


@frame_required
def section(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """The list; a POST plans one thing more. A GET comes from the page while the worker is at it.

    Once nothing is under way the whole page is read again: the link may be on now.
    """
    session = request.frame
    if request.method == "POST":
        errand = errands.plan(session, document_id, request.POST.get("kind", ""))
        tasks.run_errands_soon(session.portal_id)
        if errand.kind == Errand.Kind.EMAIL:
            return HttpResponseRedirect(reverse("letter", args=[key, document_id, errand.pk]))
        return _section(request, document_id)
    record = actions.record_of(session, document_id)
    found = listed(session, record)
    if found["errands_active"]:
        return _section(request, document_id)
    response = HttpResponse(status=204)
    response.headers["HX-Location"] = _location(reverse("document", args=[key, document_id]))
    return response


def _section(request: FrameRequest, document_id: int) -> HttpResponse:
    record = actions.record_of(request.frame, document_id)
    context = {"document_id": document_id, **listed(request.frame, record)}
    return page(request, "deal_tab/_after.html", request.frame.portal, context)


@require_POST
@frame_required
def drop(request: FrameRequest, key: str, document_id: int, errand_id: uuid.UUID) -> HttpResponse:
    errands.drop(errands.own(request.frame, document_id, errand_id))
    return _section(request, document_id)


@require_POST
@frame_required
def again(request: FrameRequest, key: str, document_id: int, errand_id: uuid.UUID) -> HttpResponse:
    """After a failure. An e-mail is read again before it goes again."""
    errand = errands.own(request.frame, document_id, errand_id)
    errands.again(errand)
    if errand.kind == Errand.Kind.EMAIL:
        return HttpResponseRedirect(reverse("letter", args=[key, document_id, errand_id]))
    tasks.run_errands_soon(request.frame.portal_id)
    return _section(request, document_id)


@frame_required
def read(request: FrameRequest, key: str, document_id: int, errand_id: uuid.UUID) -> HttpResponse:
    """The e-mail in full before it goes; a POST confirms it."""
    errand = errands.own(request.frame, document_id, errand_id)
    back = HttpResponseRedirect(reverse("document", args=[key, document_id]))
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("to", "subject", "text")}
        try:
            letter.confirm(request.frame, errand, typed)
        except FieldsWrong as wrong:
            return _read(request, errand, typed, wrong.problems)
        tasks.run_errands_soon(request.frame.portal_id)
        return back
    if errand.state != Errand.State.ASKED:
        return back
    return _read(request, errand, {}, {})


def _read(
    request: FrameRequest, errand: Errand, typed: dict[str, str], problems: dict[str, str]
) -> HttpResponse:
    session = request.frame
    try:
        draft = letter.draft(session, errand, _public_url(session, errand))
    except NoSuchErrand:
        return HttpResponseRedirect(
            reverse("document", args=[session.portal.key, errand.document.document_id])
        )
    context = {
        "draft": draft,
        "errand": errand,
        "record": errand.document,
        "to": typed.get("to", draft.to),
        "subject": typed.get("subject", draft.subject),
        "text": typed.get("text", draft.text),
        "problems": problems,
        "earlier": errand.document.errands.filter(
            kind=Errand.Kind.EMAIL, state=Errand.State.DONE
        ).last(),
    }
    response = page(request, "deal_tab/letter.html", session.portal, context)
    response.status_code = 422 if problems else 200
    return response


def _public_url(session: FrameSession, errand: Errand) -> str:
    """The link, where it is on. Only of a ready PDF: asking would start the next conversion."""
    if errand.document.pdf != IssuedDocument.Pdf.READY:
        return ""
    try:
        return actions.show(session, errand.document.document_id).public_url or ""
    except Refused:
        return ""


def _location(path: str) -> str:
    return f'{{"path": "{path}", "target": "#page", "swap": "outerHTML", "push": "false"}}'
