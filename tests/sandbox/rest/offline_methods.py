"""`event.offline.*`: asking for events instead of being called.

https://apidocs.bitrix24.com/api-reference/events/offline-events.html
"""

from __future__ import annotations

import secrets
from typing import Any

from tests.sandbox import offline
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.crm_fields import moment
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.handlers import required
from tests.sandbox.rest.lists import matches, names_in, ordered, paged
from tests.sandbox.rest.params import Params, php_int
from tests.sandbox.world import OfflineEvent

OF_GET = ("ID", "TIMESTAMP_X", "EVENT_NAME", "MESSAGE_ID")
OF_LIST = (*OF_GET, "PROCESS_ID", "ERROR")
LIMIT = 50


def _params(call: Call) -> Params:
    """Names are taken in any case."""
    return Params({name.lower(): value for name, value in call.params.items()})


def _argument(name: str, text: str) -> RestError:
    return RestError("ERROR_ARGUMENT", text, argument=name)


def _require(call: Call) -> None:
    call.require_application()
    if not call.user.is_admin:
        raise RestError("ACCESS_DENIED", "Access denied!", 403)


def _row(call: Call, one: OfflineEvent) -> dict[str, Any]:
    return {
        "ID": str(one.id),
        "TIMESTAMP_X": moment(one.changed, call.portal),
        "EVENT_NAME": one.event,
        "EVENT_DATA": one.data or False,
        "EVENT_ADDITIONAL": False if one.user_id is None else {"user_id": one.user_id},
        "MESSAGE_ID": one.message_id,
        "PROCESS_ID": one.process_id,
        "ERROR": "1" if one.error else "0",
    }


def _waiting(call: Call) -> list[OfflineEvent]:
    app = call.require_application()
    return offline.waiting(call.state, call.portal, app.client_id, call.connector)


def _sorted(
    call: Call, found: list[OfflineEvent], names: tuple[str, ...], default: str
) -> list[dict[str, Any]]:
    """Rows by `filter` and `order`, which know these names only."""
    params = _params(call)
    conditions, order = params.mapping("filter"), params.mapping("order")
    for name in [*names_in(conditions), *order]:
        if name not in names:
            raise _argument(name, f"Unknown field {name}")
    rows = [_row(call, one) for one in found]
    return ordered([row for row in rows if matches(row, conditions)], order or {default: "ASC"})


def get(call: Call) -> dict[str, Any]:
    """The first events; they are deleted, or with `clear=0` reserved under a `process_id`."""
    _require(call)
    params = _params(call)
    clear = params.integer("clear", 1) != 0
    on_plan = call.state.options.offline_events_on_plan or call.portal.on_premises
    if not clear and not on_plan:
        raise RestError(
            "ACCESS_DENIED", "Current license does not support extended offline events", 403
        )
    limit = params.integer("limit", LIMIT)
    if limit <= 0:
        raise _argument("LIMIT", "Value must be positive integer")
    asked = params.text("process_id").strip()
    wrong = params.integer("error") == 1
    found = [one for one in _waiting(call) if one.error == wrong and one.process_id == asked]
    rows = _sorted(call, found, OF_GET, "TIMESTAMP_X")[:limit]
    chosen = {int(row["ID"]) for row in rows}
    process_id = asked or secrets.token_hex(16)
    for one in found:
        if one.id in chosen:
            one.process_id = process_id
    if clear:
        call.portal.offline_events = [
            one for one in call.portal.offline_events if one.id not in chosen
        ]
    shown = [
        {name: row[name] for name in row if name not in ("PROCESS_ID", "ERROR")} for row in rows
    ]
    return {"process_id": process_id if asked or not clear else None, "events": shown}


def event_list(call: Call) -> Answer:
    _require(call)
    rows = _sorted(call, _waiting(call), OF_LIST, "ID")
    return paged(rows, _params(call).integer("start"), lambda page: page)


def _texts(params: Params, name: str) -> list[str] | None:
    """An array of texts, None when missing.

    Raises:
        RestError: ERROR_ARGUMENT.
    """
    sent = params.get(name)
    if sent is None:
        return None
    if not isinstance(sent, list | dict):
        raise _argument(name, f"Value must be array of {name.upper()} values")
    return [str(one) for one in (sent.values() if isinstance(sent, dict) else sent)]


def clear(call: Call) -> bool:
    """Deletes what was reserved under a `process_id`, all of it or the named ones."""
    _require(call)
    params = _params(call)
    process_id = required(params.text("process_id"), "PROCESS_ID")
    ids, messages = _texts(params, "id"), _texts(params, "message_id")
    gone = [one for one in _waiting(call) if one.process_id == process_id]
    if ids is not None:
        gone = [one for one in gone if one.id in map(php_int, ids)]
    elif messages is not None:
        gone = [one for one in gone if one.message_id in messages]
    call.portal.offline_events = [one for one in call.portal.offline_events if one not in gone]
    return True


def error(call: Call) -> bool:
    """Marks events as failed; they are no longer reserved and come with `error=1` only."""
    _require(call)
    params = _params(call)
    process_id = required(params.text("process_id"), "PROCESS_ID")
    messages = _texts(params, "message_id")
    if messages is None:
        raise _argument("message_id", "Value must be array of MESSAGE_ID values")
    for one in _waiting(call):
        if one.process_id == process_id and one.message_id in messages:
            one.error, one.process_id = True, ""
    return True


METHODS = [
    Method("event.offline.get", get),
    Method("event.offline.list", event_list),
    Method("event.offline.clear", clear),
    Method("event.offline.error", error),
]
