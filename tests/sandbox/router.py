"""Addresses of the sandbox and what answers them.

A view is `view(request, state, portal, **variables_of_the_path) -> Response`. Views on the
authorization origin get `None` for the portal. A module offers its addresses as `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.routing import Rule as WerkzeugRule
from werkzeug.wrappers import Request, Response

from tests.sandbox.state import State
from tests.sandbox.world import Portal

View = Callable[..., Response]
"""`view(request: Request, state: State, portal: Portal | None, **variables) -> Response`."""


@dataclass(frozen=True)
class Rule:
    """An address in Werkzeug's notation (`/crm/deals/<int:deal_id>/`) and its view."""

    path: str
    view: View
    methods: tuple[str, ...] = ("GET",)


class Router:
    """Finds the view of a request."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._map = Map(
            [WerkzeugRule(rule.path, endpoint=rule.view, methods=rule.methods) for rule in rules],
            merge_slashes=False,
        )

    def answer(self, request: Request, state: State, portal: Portal | None) -> Response:
        """Calls the view; unknown addresses and methods become 404 and 405."""
        try:
            view, variables = self._map.bind_to_environ(request.environ).match()
            response: Response = view(request, state, portal, **variables)
            return response
        except HTTPException as error:
            response = error.get_response(request.environ)
            return Response(response.get_data(), response.status, response.headers)
