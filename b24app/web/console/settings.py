"""Settings: what administrators decide, how the connection is, and what was asked of Bitrix24."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from b24app.console import activity
from b24app.documents import archive, links
from b24app.models import Portal
from b24app.portals import install, preferences, roundtrip
from b24app.web.console import overview
from b24app.web.console.guard import administrators_only, screen
from b24app.web.session import FrameRequest

LINKS = ("link_days", "links_off_when_closed")


@administrators_only
def show(request: FrameRequest) -> HttpResponse:
    """All cards; the decisions can be made while Bitrix24 is silent too."""
    return _page(request)


def _page(request: FrameRequest, **more: Any) -> HttpResponse:
    portal = request.frame.portal
    _, told = overview.checked(request)
    context = {
        "here": "settings",
        "found": activity.find(portal, activity.read(request.GET)),
        **kept(portal),
        **links_of(portal),
        **stamps_of(portal),
        **told,
        **more,
    }
    return screen(request, "console/settings.html", context)


@require_POST
@administrators_only
def repair(request: FrameRequest) -> HttpResponse:
    """Adds what is missing and comes back with the page that the button stood on."""
    install.repair(request.frame)
    if request.GET.get("to") == "settings":
        return _page(request, repaired=True)
    return overview.show(request, repaired=True)


@require_POST
@administrators_only
def change_versions(request: FrameRequest) -> HttpResponse:
    """Saves how long versions are kept; answers the card, with what was typed where it is wrong."""
    typed = {name: request.POST.get(name, "")[:10] for name in preferences.LEAST}
    problems = preferences.change(request.frame, typed)
    context = {**kept(request.frame.portal), **_outcome(problems)}
    if problems:
        context["typed"] = typed
    return screen(request, "console/_versions.html", context, status=_status(problems))


@require_POST
@administrators_only
def change_links(request: FrameRequest) -> HttpResponse:
    """Saves when public links end; answers the card."""
    typed = {name: request.POST.get(name, "")[:10] for name in LINKS}
    problems = preferences.change_links(request.frame, typed)
    context = {**links_of(request.frame.portal), **_outcome(problems)}
    return screen(request, "console/_links.html", context, status=_status(problems))


@require_POST
@administrators_only
def change_stamps(request: FrameRequest) -> HttpResponse:
    """Saves whether new documents begin with stamps; answers the card."""
    problem = preferences.change_stamps(request.frame, request.POST.get("stamps", "")[:10])
    problems = {"stamps": problem} if problem else {}
    context = {**stamps_of(request.frame.portal), **_outcome(problems)}
    return screen(request, "console/_stamps.html", context, status=_status(problems))


@require_POST
@administrators_only
def check_connection(request: FrameRequest) -> HttpResponse:
    """Has Bitrix24 send an event; the page asks whether it has arrived."""
    probe = roundtrip.begin(request.frame)
    return _trip(request, probe)


@administrators_only
def connection(request: FrameRequest, probe: str) -> HttpResponse:
    """Whether the event has arrived."""
    return _trip(request, probe)


def _trip(request: FrameRequest, probe: str) -> HttpResponse:
    trip = roundtrip.outcome(request.frame.portal, probe)
    if trip is None:
        raise Http404
    return screen(request, "console/_connection.html", {"trip": trip, "probe": probe})


@administrators_only
def show_activity(request: FrameRequest) -> HttpResponse:
    """One page of the log, for the card that is there already."""
    found = activity.find(request.frame.portal, activity.read(request.GET))
    return screen(request, "console/_activity.html", {"found": found})


def _outcome(problems: dict[str, str]) -> dict[str, Any]:
    return {"problems": problems, "saved": not problems}


def _status(problems: dict[str, str]) -> int:
    return 422 if problems else 200


def kept(portal: Portal) -> dict[str, Any]:
    """How long versions are kept, and what is kept of them now."""
    settings = preferences.of(portal)
    days = {name: str(getattr(settings, name)) for name in preferences.LEAST}
    return {"typed": days, "kept": archive.counted(portal), "most_days": preferences.MOST_DAYS}


def links_of(portal: Portal) -> dict[str, Any]:
    """When public links end, and how many are on."""
    settings = preferences.of(portal)
    return {
        "link_settings": settings,
        "link_days": preferences.LINK_DAYS,
        "links_on": links.on_in(portal),
    }


def stamps_of(portal: Portal) -> dict[str, Any]:
    return {"stamps": preferences.of(portal).stamps}
