"""`app.option.*` and `user.option.*`: what an application keeps in the portal.

The frame's `setAppOption` and `setUserOption` write to the same place.
https://apidocs.bitrix24.com/api-reference/common/settings/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.world import Application

Kept = dict[str, Any]


def _application(call: Call) -> Application:
    if call.caller.app is None:
        raise RestError("AccessException", "Application context required")
    return call.caller.app


def _of_application(call: Call) -> Kept:
    key = (call.portal.code, _application(call).client_id)
    return call.state.app_options.setdefault(key, {})


def _of_user(call: Call) -> Kept:
    key = (call.portal.code, _application(call).client_id, call.user.id)
    return call.state.user_options.setdefault(key, {})


def _read(call: Call, kept: Kept) -> Any:
    """One value, null where there is none; or everything."""
    option = call.params.text("option")
    return kept.get(option) if option else dict(kept) or []


def _write(call: Call, kept: Kept) -> bool:
    options = call.params.mapping("options")
    if not options:
        raise RestError("ArgumentNullException", "options is empty")
    kept.update(options)
    return True


def app_get(call: Call) -> Any:
    return _read(call, _of_application(call))


def app_set(call: Call) -> bool:
    kept = _of_application(call)
    if not call.user.is_admin:
        raise RestError("AccessException", "Administrator authorization required")
    return _write(call, kept)


def user_get(call: Call) -> Any:
    return _read(call, _of_user(call))


def user_set(call: Call) -> bool:
    return _write(call, _of_user(call))


METHODS = [
    Method("app.option.get", app_get),
    Method("app.option.set", app_set),
    Method("user.option.get", user_get),
    Method("user.option.set", user_set),
]
