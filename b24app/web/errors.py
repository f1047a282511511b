"""Exceptions of the layers below become answers: a whole page, its `main`, or a fragment."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from b24app.bitrix import errors as bitrix
from b24app.bitrix.crm import DEAL
from b24app.documents.errors import DealForbidden
from b24app.portals import journal
from b24app.portals.errors import EntryRefused, NotAdministrator, TooMany
from b24app.web.senders import address_of
from b24app.web.trouble import STORAGE, TOO_BIG, UNEXPECTED, Trouble, details_of, trouble_of

log = logging.getLogger(__name__)

REFUSALS: dict[type[Exception], str] = {
    EntryRefused: "entry",
    TooMany: "throttle",
    NotAdministrator: "role",
    DealForbidden: "deal",
}
"""What the security log calls the refusals that come as exceptions."""


class ErrorsMiddleware:
    """Turns the exceptions of the layers below into answers, in one place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
            journal.refused("request", type(error).__name__, address_of(request))
            return show(request, TOO_BIG)
        if isinstance(error, Http404 | SuspiciousOperation):
            return None  # Django's own, with its own answers
        if isinstance(error, OperationalError | InterfaceError):
            log.error("storage: %s", type(error).__name__)
            return show(request, STORAGE)
        if isinstance(error, bitrix.TokenInvalid | bitrix.TokenExpired):
            # The person's own pair has died: the page gets a new one from the portal by itself.
            return render(request, "errors/session_over.html", status=401)
        note(request, error)
        session = getattr(request, "frame", None)
        trouble = trouble_of(error, session.entity_type_id if session else DEAL)
        if trouble is None:
            log.exception("unexpected: %s", type(error).__name__)
            trouble = UNEXPECTED
        return show(request, trouble, details_of(error))


def note(request: HttpRequest, error: Exception) -> None:
    """One line in the security log for what was refused."""
    kind = next((REFUSALS[one] for one in type(error).__mro__ if one in REFUSALS), None)
    if kind is not None:
        session = getattr(request, "frame", None)
        reason = getattr(error, "reason", "") or type(error).__name__
        journal.refused(kind, reason, address_of(request), session.portal if session else None)


def show(request: HttpRequest, trouble: Trouble, details: str = "") -> HttpResponse:
    """The trouble as a whole page, as the page's `main`, or as the fragment that was asked for."""
    session = getattr(request, "frame", None)
    htmx = getattr(request, "htmx", None)
    fragment = htmx is not None and bool(htmx) and htmx.target not in {None, "page"}
    context = {
        "trouble": trouble,
        "details": details,
        "fragment": fragment,
        "portal": session.portal if session else None,
        "base": f"/p/{session.portal.key}/" if session else "",
        "layout": "partial.html" if htmx else "embedded.html",
    }
    name = "errors/_trouble.html" if fragment else "errors/trouble.html"
    return render(request, name, context, status=trouble.status)
