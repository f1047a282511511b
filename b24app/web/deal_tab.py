"""The Documents tab: the list."""

from __future__ import annotations

from django.http import HttpResponse

from b24app import tasks
from b24app.bitrix.errors import AnswerLost, BitrixError, HeldBack, NotReached
from b24app.documents import actions, deal_tab
from b24app.documents.deal_tab import DealTab
from b24app.documents.last_known import last_known
from b24app.web.entry import launchable
from b24app.web.session import FrameRequest, frame_required, page
from b24app.web.trouble import details_of


@launchable
def show(request: FrameRequest, key: str) -> HttpResponse:
    """Opened by the portal, by a link of ours, by reload or Back."""
    session = request.frame
    try:
        tab = _opened(request)
    except (NotReached, AnswerLost) as error:
        known = last_known(session)
        if known is None:
            raise
        context = {"known": known, "details": details_of(error)}
        return page(request, "deal_tab/silent.html", session.portal, context)
    tasks.keep_catalogue_fresh(session.portal)
    if tab.unread:
        tasks.read_versions_soon(session.portal_id)
    # Over a list, nothing else on the page says which of its rows this is about.
    named = session.placement.endswith("_LIST_MENU")
    return page(request, "deal_tab/list.html", session.portal, {"tab": tab, "named": named})


def _opened(request: FrameRequest) -> DealTab:
    """The tab. A portal that is being left alone is asked all the same where nothing else can be
    shown."""
    start = _start(request)
    try:
        return deal_tab.open_tab(request.frame, start)
    except HeldBack:
        if last_known(request.frame) is not None:
            raise
        request.frame.insists = True
        return deal_tab.open_tab(request.frame, start)


def _start(request: FrameRequest) -> int:
    given = request.GET.get("start", "0")
    return int(given) if given.isdecimal() and len(given) < 9 else 0


@frame_required
def drift(request: FrameRequest, key: str) -> HttpResponse:
    """Asked by the list once it is shown: what does not match any more, swapped in by id.

    Nobody has clicked anything: where Bitrix24 does not answer, the list stays as it is.
    """
    session = request.frame
    try:
        found = deal_tab.match(session, _start(request))
    except BitrixError:
        return HttpResponse(status=204)
    if found is None:
        return HttpResponse(status=204)
    return page(request, "deal_tab/_drift.html", session.portal, {"tab": found})


@frame_required
def row(request: FrameRequest, key: str, document_id: int) -> HttpResponse:
    """One document again once its PDF is there or has failed; until then nothing changes."""
    session = request.frame
    record = actions.record_of(session, document_id)
    if record and record.pdf == record.Pdf.CONVERTING:
        return HttpResponse(status=204)
    found = actions.listed(session, document_id)
    if found is None:
        return HttpResponse()
    shown = deal_tab.rows(session, [found])[0]
    return page(request, "deal_tab/_row.html", session.portal, {"row": shown})
