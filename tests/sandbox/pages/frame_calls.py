"""What frames ask of the portal through its pages: open, refresh, keep options, finish installing.

`frame.js` sends these calls as forms, with the cookie of the signed-in user.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from tests.sandbox.applications import DEFAULT_PLACEMENT, finish_installation
from tests.sandbox.pages.choices import choices
from tests.sandbox.pages.launch import Launch, binding_key, bindings, configuration
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import Application


class CallError(Exception):
    """The call cannot be answered; the text says why."""


def answer(visit: Visit) -> Response:
    """One call; errors are `{"error": …}` with status 400."""
    form = visit.request.form
    app = visit.portal.applications.get(form.get("app", ""))
    call = CALLS.get(form.get("action", ""))
    if app is None or call is None or not visit.user.uses_application:
        return _json({"error": "not_found"}, 400)
    try:
        return _json(call(visit, app))
    except CallError as error:
        return _json({"error": str(error)}, 400)


def may_open(visit: Visit, app: Application) -> bool:
    """Until it is installed only an administrator may open an application."""
    return visit.user.uses_application and (app.installed or visit.user.is_admin)


def _open(visit: Visit, app: Application) -> dict[str, Any]:
    """Everything for a frame: a place of the page, or the application in a panel."""
    form = visit.request.form
    options = json.loads(form.get("options") or "{}")
    popup = form.get("popup") == "1"
    placement = form.get("placement", DEFAULT_PLACEMENT)
    if not may_open(visit, app):
        raise CallError("not_installed")
    if placement == DEFAULT_PLACEMENT:
        return configuration(visit, Launch(app, options=options, popup=popup))
    for one in bindings(visit, placement):
        if one.client_id == app.client_id and binding_key(one) == form.get("binding"):
            return configuration(visit, Launch(app, placement, options, one, popup))
    raise CallError("placement_not_found")


def _refresh(visit: Visit, app: Application) -> dict[str, Any]:
    """A new pair. As the portal writes it, the lifetime is a string."""
    token = visit.state.issue_tokens(visit.portal, app, visit.user.id)
    return {
        "access_token": token.access,
        "refresh_token": token.refresh,
        "expires_in": str(visit.state.options.access_lifetime),
    }


def _first_run_over(visit: Visit, app: Application) -> dict[str, Any]:
    app.opened_by.add((visit.user.id, app.version))
    return {}


def _installed(visit: Visit, app: Application) -> dict[str, Any]:
    if not visit.user.is_admin:
        return {"result": False}
    if visit.request.form.get("v") == "N":
        app.installed = False
    else:
        finish_installation(visit.state, visit.portal, app.client_id, visit.user.id)
    return {"result": True}


def _user_option(visit: Visit, app: Application) -> dict[str, Any]:
    key = (visit.portal.code, app.client_id, visit.user.id)
    return _keep(visit, visit.state.user_options.setdefault(key, {}))


def _app_option(visit: Visit, app: Application) -> dict[str, Any]:
    if not visit.user.is_admin:
        raise CallError("access_denied")
    return _keep(visit, visit.state.app_options.setdefault((visit.portal.code, app.client_id), {}))


def _keep(visit: Visit, options: dict[str, Any]) -> dict[str, Any]:
    options[visit.request.form["name"]] = json.loads(visit.request.form["value"])
    return options


CALLS: dict[str, Callable[[Visit, Application], dict[str, Any]]] = {
    "open": _open,
    "access_refresh": _refresh,
    "set_install": _first_run_over,
    "set_installed": _installed,
    "set_user_option": _user_option,
    "set_option": _app_option,
    "choices": choices,
}


def _json(value: Any, status: int = 200) -> Response:
    response = Response(json.dumps(value), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


RULES = [
    Rule("/bitrix/components/bitrix/app.layout/lazyload.ajax.php", signed_in(answer), ("POST",))
]
