"""The application's own page: the console for administrators, the way to the deals for others."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from b24app.bitrix.errors import AnswerLost, NotReached
from b24app.documents import files
from b24app.models import DownloadTicket, FrameSession, Portal
from b24app.portals import reconnect
from b24app.portals.errors import NotAdministrator
from b24app.portals.people import require_administrator
from b24app.web import versions
from b24app.web.console import overview
from b24app.web.entry import enter, knocking, launchable
from b24app.web.session import FrameRequest, frame_required, page

BELIEVED_IN_SILENCE = timedelta(minutes=20)
"""How old the word may be that somebody is an administrator while Bitrix24 cannot be asked: as for
the documents of a deal."""


@csrf_exempt
def market(request: HttpRequest) -> HttpResponse:
    """The handler of the Market application: a launch, or the return from the consent page."""
    if "code" in request.GET and "state" in request.GET:
        return connected(request, None)
    enter(request, None)
    return _page(request)  # type: ignore[arg-type]


@csrf_exempt
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The handler of a local application: a launch, reload, or the return from consent."""
    if request.method == "GET" and "code" in request.GET and "state" in request.GET:
        return connected(request, get_object_or_404(Portal, key=key))
    return _launched(request, key)


@launchable
def _launched(request: FrameRequest, key: str) -> HttpResponse:
    return _page(request)


def _page(request: FrameRequest) -> HttpResponse:
    if _is_administrator(request.frame):
        return overview.show(request)
    return page(request, "console/start.html", request.frame.portal, {})


def _is_administrator(session: FrameSession) -> bool:
    """By Bitrix24's word; in its silence by the last one, for a while. Raises `BitrixError`."""
    try:
        require_administrator(session)
    except NotAdministrator:
        return False
    except (NotReached, AnswerLost):
        person = session.person
        if not person.is_admin or person.checked_at < timezone.now() - BELIEVED_IN_SILENCE:
            raise
    return True


@require_POST
@frame_required
def story_ticket(request: FrameRequest, key: str) -> HttpResponse:
    """The address of the story of all documents of the portal as a table, for administrators."""
    require_administrator(request.frame)
    since, until = versions.period(request)
    kind = DownloadTicket.Kind.CSV
    token = files.issue(request.frame, kind, whole_portal=True, since=since, until=until)
    return JsonResponse({"address": reverse("file", args=[token])})


@require_POST
@frame_required
def begin_reconnect(request: FrameRequest, key: str) -> HttpResponse:
    """The address of the portal's consent page; the page opens it in a tab of its own."""
    return JsonResponse({"address": reconnect.begin(request.frame)})


def connected(request: HttpRequest, portal: Portal | None) -> HttpResponse:
    """Back from the portal's consent page, outside any frame."""
    state, code = request.GET["state"][:200], request.GET["code"][:200]
    with knocking(request):
        found = reconnect.complete(portal, state, code)
    return render(request, "console/connected.html", {"portal": found})
