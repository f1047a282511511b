"""The interface speaks the language of the portal's user, as the launch told it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """From the session, else from the browser; English where neither is one of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = getattr(request, "frame", None)
        speak(session.language if session else translation.get_language_from_request(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


def speak(language: str) -> None:
    """Switches this request to a language of ours."""
    known = {code for code, _ in settings.LANGUAGES}
    translation.activate(language if language in known else settings.LANGUAGE_CODE)
