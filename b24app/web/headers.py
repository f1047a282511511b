"""The headers of every answer: what may run in our pages, and who may frame them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
"""No inline script or style, no eval. The bridge needs no permission: messages stand outside it."""


class HeadersMiddleware:
    """Exactly the verified portal may frame a page of its own, nobody any other page.

    A view tells by setting `request.framed_by` to the portal's origin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        ancestors = getattr(request, "framed_by", "") or "'none'"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=ancestors))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if getattr(request, "framed_by", ""):
            # Django's own header knows only itself or nobody.
            response.headers.pop("X-Frame-Options", None)
        return response
