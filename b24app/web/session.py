"""The session without a cookie: a signed frame token in a header of each request.

A request that carries it carries no ambient credential, so there is nothing to forge: it needs no
CSRF token. Requests without it are anonymous, whatever else they bring.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django_htmx.middleware import HtmxDetails

from b24app.models import FrameSession, Portal
from b24app.portals import frame_token, journal
from b24app.portals.errors import SessionOver
from b24app.web.senders import address_of

P = ParamSpec("P")
SCHEME = "Frame "


class FrameRequest(HttpRequest):
    """A request that carried a living frame token."""

    frame: FrameSession
    htmx: HtmxDetails


class FrameSessionMiddleware:
    """Reads the token, and hands out a new one past half its life (`X-Frame-Token`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.frame = None  # type: ignore[attr-defined]
        ageing = False
        header = request.headers.get("Authorization", "")
        if header.startswith(SCHEME):
            try:
                session, ageing = frame_token.read(header.removeprefix(SCHEME))
            except SessionOver:
                pass
            else:
                session.insists = request.method == "POST" or _wants_it_now(request)
                request.frame = session  # type: ignore[attr-defined]
                request.framed_by = session.portal.address  # type: ignore[attr-defined]
        response = self.get_response(request)
        if ageing and response.status_code < 400:
            response.headers["X-Frame-Token"] = frame_token.issue(session)
        return response


def frame_required(
    view: Callable[Concatenate[FrameRequest, str, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """For views under `/p/<key>/`: only with a session of the portal with that key.

    A page opened without a token (reload, Back) gets the bounce page, which fetches one from the
    portal and comes again; anything else gets 401, and the page does the same.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, key: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        session: FrameSession | None = request.frame  # type: ignore[attr-defined]
        if session is None:
            return without_session(request, key)
        if session.portal.key != key:
            journal.refused("portal", "another's address", address_of(request), session.portal)
            raise Http404
        return view(request, key, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def _wants_it_now(request: HttpRequest) -> bool:
    """A click on "Try now", or a reload: the page's script says so."""
    return "now" in request.GET or "X-Now" in request.headers


def without_session(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "GET" and not request.htmx:  # type: ignore[attr-defined]
        return bounce(request, key)
    if not request.htmx:  # type: ignore[attr-defined]
        journal.refused("session", "a form without a session", address_of(request))
        return render(request, "errors/closed.html", status=403)
    return render(request, "errors/session_over.html", status=401)


def bounce(request: HttpRequest, key: str) -> HttpResponse:
    """An empty page without data, framed by this portal only, that asks it for a new session."""
    portal = Portal.objects.filter(key=key).first()
    if portal is None:
        raise Http404
    request.framed_by = portal.address  # type: ignore[attr-defined]
    return page(request, "embedded.html", portal, {"bounce": True})


def page(
    request: HttpRequest, template: str, portal: Portal, context: dict[str, Any]
) -> HttpResponse:
    """A page or, for htmx, its `main` alone: each screen extends `layout`."""
    partial = bool(request.htmx)  # type: ignore[attr-defined]
    shared = {
        "layout": "partial.html" if partial else "embedded.html",
        "portal": portal,
        "base": f"/p/{portal.key}/",
    }
    return render(request, template, {**shared, **context})
