"""The portal's form arrives in our frame: the launch becomes a session and a first page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from b24app.bitrix.launch import Launch, LaunchError, parse_launch
from b24app.bitrix.origin import parse_origin
from b24app.models import FrameSession
from b24app.portals import frame_token, throttle
from b24app.portals.errors import EntryRefused, LaunchMalformed
from b24app.portals.opening import open_frame
from b24app.web.language import speak
from b24app.web.senders import address_of, network_of
from b24app.web.session import FrameRequest, frame_required
from b24app.web.zone import keep_time_of

P = ParamSpec("P")
FORM = "application/x-www-form-urlencoded"
OURS = parse_origin("://".join(urlsplit(settings.BASE_URL)[:2]))


def read_launch(request: HttpRequest) -> Launch:
    """The launch in a request. Raises `LaunchMalformed` for anything that is not one."""
    if request.content_type != FORM:
        raise LaunchMalformed("not a form")
    try:
        return parse_launch(dict(request.GET.lists()), dict(request.POST.lists()))
    except LaunchError as error:
        raise LaunchMalformed(error.reason) from error


def enter(
    request: HttpRequest, key: str | None, *, install: bool = False, renewal: bool = False
) -> FrameSession:
    """Verifies the launch and makes the request one of the new session.

    A launch is posted by the portal's page, a renewal by our own: `Origin` must say so.
    Raises what `open_frame` does, and `TooMany`.
    """
    with knocking(request):
        origin = request.headers.get("Origin")
        if renewal:
            if origin not in {None, OURS}:
                raise EntryRefused("renewal from a foreign page")
            origin = None
        session = open_frame(read_launch(request), key, origin, install=install)
    throttle.count("portal", str(session.portal_id), throttle.PORTAL_OPENINGS)
    request.frame = session  # type: ignore[attr-defined]
    request.framed_by = session.portal.address  # type: ignore[attr-defined]
    request.fresh_token = frame_token.issue(session)  # type: ignore[attr-defined]
    speak(session.language)
    keep_time_of(session.person)
    return session


@contextmanager
def knocking(request: HttpRequest) -> Iterator[None]:
    """Counts an opening by its sender; a refused one counts more."""
    sender = network_of(address_of(request))
    throttle.exhausted("refused", sender, throttle.FAILURES)
    throttle.count("opening", sender, throttle.OPENINGS)
    try:
        yield
    except EntryRefused:
        throttle.count("refused", sender, throttle.FAILURES)
        raise


def launchable(
    view: Callable[Concatenate[FrameRequest, str, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For the addresses that the portal opens: a launch by POST, our own requests by GET."""
    guarded = frame_required(view)

    @csrf_exempt
    @wraps(view)
    def entry(request: HttpRequest, key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        launched = request.method == "POST" and request.frame is None  # type: ignore[attr-defined]
        if launched and not request.htmx:  # type: ignore[attr-defined]
            enter(request, key)
        return guarded(request, key, *args, **kwargs)

    return entry
