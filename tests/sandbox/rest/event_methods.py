"""What an application wants to be told of.

https://apidocs.bitrix24.com/api-reference/events/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.handlers import check_handler, required
from tests.sandbox.rest.params import php_int, yes
from tests.sandbox.world import EventBinding

GLOBAL = [
    "ONAPPUNINSTALL",
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPPAYMENT",
    "ONAPPTEST",
    "ONAPPMETHODCONFIRM",
    "ONOFFLINEEVENT",
]
BY_SCOPE = {
    "crm": [
        *(
            f"ONCRM{kind}{what}"
            for kind in ("LEAD", "DEAL", "CONTACT", "COMPANY", "QUOTE")
            for what in ("ADD", "UPDATE", "DELETE")
        ),
        *(f"ONCRMDYNAMICITEM{what}" for what in ("ADD", "UPDATE", "DELETE")),
        *(f"ONCRMACTIVITY{what}" for what in ("ADD", "UPDATE", "DELETE")),
        *(f"ONCRMTIMELINECOMMENT{what}" for what in ("ADD", "UPDATE", "DELETE")),
        "ONCRMDOCUMENTGENERATORDOCUMENTADD",
        "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE",
        "ONCRMDOCUMENTGENERATORDOCUMENTDELETE",
    ],
    "user": ["ONUSERADD"],
}


def known_to(scopes: list[str]) -> list[str]:
    """The events an application with these scopes may hear."""
    return [*GLOBAL, *(event for scope in scopes for event in BY_SCOPE.get(scope, []))]


def events(call: Call) -> list[str]:
    call.require_application()
    scope = call.params.text("SCOPE")
    if scope:
        return list(BY_SCOPE.get(scope, []))
    return known_to(list(BY_SCOPE) if yes(call.params.get("FULL")) else call.caller.scopes)


def _event(call: Call) -> str:
    """Old portals took the names of parameters in either case; so do today's."""
    event = call.params.text("event") or call.params.text("EVENT")
    return required(event, "EVENT").upper()


def _handler(call: Call) -> str:
    return call.params.text("handler") or call.params.text("HANDLER")


def _is_offline(call: Call) -> bool:
    """Raises:
    RestError: ERROR_ARGUMENT, neither online nor offline.
    """
    kind = (call.params.text("event_type") or call.params.text("EVENT_TYPE")).lower()
    if kind not in ("", "online", "offline"):
        raise RestError(
            "ERROR_ARGUMENT", "Value must be one of {online|offline}", argument="EVENT_TYPE"
        )
    return kind == "offline"


def _auth_type(call: Call) -> int:
    return call.params.integer("auth_type") or call.params.integer("AUTH_TYPE")


def _check_rights(call: Call, what: str) -> None:
    denied = "Access denied! {} {} requires administrator access rights"
    if call.user.is_admin:
        return
    if _is_offline(call):
        raise RestError("ACCESS_DENIED", denied.format("Offline events", what), 403)
    if _auth_type(call) not in (0, call.user.id):
        raise RestError("ACCESS_DENIED", denied.format("Event", f"{what} with AUTH_TYPE"), 403)


def bind(call: Call) -> bool:
    app = call.require_application()
    event = _event(call)
    offline = _is_offline(call)
    handler = "" if offline else required(_handler(call), "HANDLER")
    if event not in known_to(call.caller.scopes):
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found")
    _check_rights(call, "binding")
    if not offline:
        check_handler(call.state, handler)
    # An employee who is no administrator binds for himself.
    auth_type = _auth_type(call) or (0 if call.user.is_admin else call.user.id)
    connector = call.connector if offline else ""
    for one in call.portal.event_bindings:
        known = (one.client_id, one.event, one.handler, one.auth_type, one.offline, one.connector)
        if known == (app.client_id, event, handler, auth_type, offline, connector):
            raise RestError("ERROR_CORE", "Unable to set event handler: Handler already binded")
    call.portal.event_bindings.append(
        EventBinding(
            id=call.portal.next_id("event_binding"),
            client_id=app.client_id,
            event=event,
            handler=handler,
            auth_type=auth_type,
            offline=offline,
            connector=connector,
            options=call.params.mapping("options") or call.params.mapping("OPTIONS"),
        )
    )
    return True


def unbind(call: Call) -> dict[str, int]:
    app = call.require_application()
    event, handler, offline = _event(call), _handler(call), _is_offline(call)
    _check_rights(call, "unbinding")
    if not offline:
        required(handler, "HANDLER")
    named = call.params.get("auth_type", call.params.get("AUTH_TYPE"))
    if named is None and not call.user.is_admin:
        # An employee who is no administrator unbinds his own.
        named = call.user.id
    gone = [
        one
        for one in call.portal.event_bindings
        if (one.client_id, one.event, one.offline) == (app.client_id, event, offline)
        and (one.connector == call.connector if offline else one.handler == handler)
        and (offline or named is None or one.auth_type == php_int(named))
    ]
    call.portal.event_bindings = [one for one in call.portal.event_bindings if one not in gone]
    return {"count": len(gone)}


def get(call: Call) -> list[dict[str, Any]]:
    app = call.require_application()
    found: list[dict[str, Any]] = []
    for one in call.portal.event_bindings:
        if one.client_id != app.client_id:
            continue
        if not call.user.is_admin and one.auth_type != call.user.id:
            continue
        entry: dict[str, Any] = {"event": one.event}
        if one.offline:
            entry |= {"connector_id": one.connector, "offline": 1}
        else:
            entry |= {"handler": one.handler, "auth_type": str(one.auth_type), "offline": 0}
        found.append(entry)
    return found


def test(call: Call) -> int:
    """https://apidocs.bitrix24.com/api-reference/events/test-handler.html"""
    app = call.require_application()
    if call.state.delivery is not None:
        data = {"QUERY": dict(call.params), "LANGUAGE_ID": call.portal.language}
        call.state.delivery.emit(call.portal, "ONAPPTEST", data, call.user.id, only=app)
    return 1


METHODS = [
    Method("events", events),
    Method("event.bind", bind),
    Method("event.unbind", unbind),
    Method("event.get", get),
    Method("event.test", test),
]
