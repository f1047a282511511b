"""Public links of the whole portal: looked through, switched off, given another end, looked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from b24app import tasks
from b24app.bitrix.errors import AnswerLost
from b24app.console import jobs
from b24app.console import links as known
from b24app.console.links import PAGE, SHOW, Wanted
from b24app.documents import link_ends, links_together
from b24app.documents.errors import FieldsWrong, LinkBusy
from b24app.documents.links_together import OldEnd, StillOn
from b24app.models import Job
from b24app.portals.clients import acting
from b24app.web import trouble
from b24app.web.console.guard import administrators_only, screen
from b24app.web.console.ticks import number, numbers
from b24app.web.session import FrameRequest

_LONGEST_TEXT = 100
QUESTIONS = ("off", "end")


@administrators_only
def show(request: FrameRequest) -> HttpResponse:
    """The links that are on, narrowed and searched; with `all`, those shown are ticked."""
    return _page(request, _wanted(request.GET), all="all" in request.GET)


@administrators_only
def bar(request: FrameRequest) -> HttpResponse:
    """What can be done with the ticked links; with `act`, the question in its place."""
    context = {"wanted": _wanted(request.GET), **_bar(request, request.GET)}
    return screen(request, "console/links/_bar.html", context)


@require_POST
@administrators_only
def off(request: FrameRequest) -> HttpResponse:
    """Switches the chosen links off; the list shows those that are still on, and why."""
    session = request.frame
    chosen = known.chosen(session.portal, _ids(request.POST))
    still = links_together.chosen_off(session, chosen) if chosen else []
    if still:
        tasks.guard_links_soon(session.portal_id)
    left = {one.document_id: (one.title, _why_on(one)) for one in still}
    return _page(request, _wanted(request.POST), off=len(chosen) - len(still), left=left)


@require_POST
@administrators_only
def end(request: FrameRequest) -> HttpResponse:
    """Another end for the chosen links; the list shows those that keep the old one, and why."""
    session = request.frame
    choice, on = request.POST.get("ends", "")[:10], request.POST.get("date", "")[:10]
    try:
        ends_at = link_ends.chosen_end(session.portal, choice, on)
    except FieldsWrong as error:
        asked = _bar(request, request.POST, act="end", problems=error.problems)
        asked["typed"] = {"ends": choice, "date": on}
        return _page(request, _wanted(request.POST), status=422, **asked)
    chosen = known.chosen(session.portal, _ids(request.POST))
    old = links_together.change_ends(session, chosen, ends_at) if chosen else []
    if old:
        tasks.guard_links_soon(session.portal_id)
    left = {one.document_id: (one.title, _why_old(one)) for one in old}
    said: dict[str, Any] = {"set": len(chosen) - len(old), "ends_at": ends_at, "left": left}
    return _page(request, _wanted(request.POST), **said)


@require_POST
@administrators_only
def look(request: FrameRequest) -> HttpResponse:
    """Starts reading the portal's documents for links that were switched on elsewhere."""
    tasks.go_on_soon(jobs.start(request.frame, Job.Kind.LINKS, {}))
    return HttpResponseRedirect(reverse("console-links", args=[request.frame.portal.key]))


def _page(request: FrameRequest, wanted: Wanted, *, status: int = 200, **said: Any) -> HttpResponse:
    portal = request.frame.portal
    found = known.overview(acting(request.frame), portal, wanted)
    job = jobs.latest(portal, Job.Kind.LINKS)
    left: dict[int, tuple[str, str]] = said.get("left", {})
    ticked = set(said.get("ids", left))
    if said.get("all"):
        ticked = {row.link.document_id for row in found.rows}
    context = {
        "here": "links",
        "wanted": wanted,
        "found": found,
        "rows": [(row, left.get(row.link.document_id, ("", ""))[1]) for row in found.rows],
        "filters": _filters(found.counts),
        "query": _query(wanted),
        "next": wanted.start + PAGE if wanted.start + PAGE < found.found else None,
        "previous": wanted.start - PAGE if wanted.start else None,
        "job": job,
        "kept": job.kept if job else {},
        "ticked": ticked,
        "ids": sorted(ticked),
        **said,
        "left": left.values(),
    }
    return screen(request, "console/links/list.html", context, status=status)


def _bar(request: FrameRequest, sent: QueryDict, **said: Any) -> dict[str, Any]:
    ids = _ids(sent)
    act = said.get("act", sent.get("act", ""))
    days, usual = link_ends.days_offered(request.frame.portal)
    return {
        "ids": ids,
        "act": act if act in QUESTIONS and ids else "",
        "panel": {"days": days},
        "usual": usual,
        **said,
    }


def _filters(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    names = {
        "": _("All"),
        "soon": _("End this week"),
        "differs": _("Not what was sent"),
        "never": _("Never end"),
        "opened": _("Opened"),
    }
    return [(show, name, counts[show]) for show, name in names.items()]


def _why_on(one: StillOn) -> str:
    """What stands between a person and a link that is to go off, as a sentence."""
    if isinstance(one.error, AnswerLost):
        return _("Bitrix24 did not answer in time. Docket goes on until the link is off.")
    return _sentence(one.error or LinkBusy())


def _why_old(one: OldEnd) -> str:
    if one.busy:
        return _sentence(LinkBusy())
    if one.error is None:
        return _("The link is off meanwhile, so it has no end any more.")
    if isinstance(one.error, AnswerLost):
        return _("Bitrix24 did not answer in time. Docket looks what came of it.")
    return _sentence(one.error)


def _sentence(error: Exception) -> str:
    found = trouble.trouble_of(error)
    return f"{found.title}. {found.text}" if found else ""


def _wanted(sent: QueryDict) -> Wanted:
    show = sent.get("show", "")
    return Wanted(
        show=show if show in SHOW else "",
        text=sent.get("q", "").strip()[:_LONGEST_TEXT],
        start=number(sent.get("start", "")) // PAGE * PAGE,
    )


def _query(wanted: Wanted) -> str:
    """The filter as an address carries it, without the page."""
    query = QueryDict(mutable=True)
    query.update({"show": wanted.show, "q": wanted.text})
    return query.urlencode()


def _ids(sent: QueryDict) -> list[int]:
    return numbers(sent.getlist("d"), PAGE)
