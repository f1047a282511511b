"""The sandbox's own API, `/_sandbox/<action>` on any of its origins: for tests and the demo.

POST with a JSON object (or nothing); the answer is JSON. The same things exist as methods of
`State` and `Sandbox` for tests in the same process.
"""

from __future__ import annotations

import json

from werkzeug.wrappers import Request, Response

from tests.sandbox.order import Body, ControlError
from tests.sandbox.orders import ACTIONS
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Portal

UNLOCKED = ("drain",)
"""Actions that wait for others, who may need the state meanwhile."""


def control(request: Request, state: State, portal: Portal | None, action: str) -> Response:
    """Carries out one order."""
    order = ACTIONS.get(action)
    if order is None:
        return _json({"error": f"no action {action!r}; there are {sorted(ACTIONS)}"}, 404)
    try:
        body = json.loads(request.get_data() or b"{}") | request.args.to_dict()
        if action in UNLOCKED:
            return _json(order(state, body))
        with state.lock:
            return _json(order(state, body))
    except (ControlError, LookupError, TypeError, ValueError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _json(content: Body, status: int = 200) -> Response:
    return Response(json.dumps(content, default=str), status, mimetype="application/json")


RULES = [Rule("/_sandbox/<action>", control, ("GET", "POST"))]
