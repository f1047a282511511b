"""What every order of the control API knows."""

from __future__ import annotations

from typing import Any

from tests.sandbox.state import State
from tests.sandbox.world import Application, Portal

Body = dict[str, Any]


class ControlError(Exception):
    """The order cannot be carried out; the text says why."""


def portal_of(state: State, body: Body) -> Portal:
    code = body.get("portal", next(iter(state.portals)))
    if code not in state.portals:
        raise ControlError(f"no portal {code!r}; there are {list(state.portals)}")
    return state.portals[code]


def application_of(portal: Portal, body: Body) -> Application:
    wanted = body.get("client_id") or next(reversed(portal.applications), "")
    if wanted not in portal.applications:
        raise ControlError(f"no application {wanted!r} in {portal.code}")
    return portal.applications[wanted]
