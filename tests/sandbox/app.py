"""The sandbox as one WSGI application: the Host header says which of its servers is meant."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.sandbox import control, oauth, pages, token_info
from tests.sandbox.record import Received, fingerprint, redacted
from tests.sandbox.rest import endpoint, files
from tests.sandbox.router import Router
from tests.sandbox.state import State

LOG = logging.getLogger("tests.sandbox")


class SandboxApp:
    """WSGI application of a sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.portals = Router([*endpoint.RULES, *files.RULES, *oauth.PORTAL_RULES, *pages.RULES])
        self.authorization = Router([*oauth.AUTH_RULES, *token_info.RULES])
        self.control = Router(control.RULES)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        # An unread body would be taken for the next request on the same connection.
        request.get_data(cache=True)
        response = self.answer(request)
        response.call_on_close(request.close)
        return response(environ, start_response)

    def answer(self, request: Request) -> Response:
        """Answers a request and notes it in the record."""
        if request.path.startswith("/_sandbox/"):
            return self.control.answer(request, self.state, self.state.portal_of(request.host))
        received = self.state.record.add(
            self.state.now(), f"{request.scheme}://{request.host}", request.method, request.path
        )
        request.environ["sandbox.received"] = received
        _describe(request, received)
        started = time.monotonic()
        try:
            response = self._dispatch(request)
            received.status = response.status_code
            return response
        finally:
            received.duration = time.monotonic() - started

    def _dispatch(self, request: Request) -> Response:
        if self.state.is_auth_host(request.host):
            return self.authorization.answer(request, self.state, None)
        portal = self.state.portal_of(request.host)
        if portal is None:
            return self._moved(request)
        return self.portals.answer(request, self.state, portal)

    def _moved(self, request: Request) -> Response:
        code = self.state.moved.get(request.host)
        if code is None:
            return Response("There is no portal at this address.\n", 404)
        target = f"{self.state.portals[code].origin}{request.full_path.rstrip('?')}"
        return Response("", 302, {"Location": target})


def _describe(request: Request, received: Received) -> None:
    received.user_agent = request.headers.get("User-Agent", "")
    received.cookies = bool(request.cookies)
    token = request.values.get("auth") or request.values.get("access_token")
    received.token = fingerprint(token) if token else ""
    received.params = redacted(request.values.to_dict())
