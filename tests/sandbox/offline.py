"""Offline events: the last change of each object, kept until an application asks.

https://apidocs.bitrix24.com/api-reference/events/offline-events.html
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.sandbox.world import EventBinding, OfflineEvent, Portal

if TYPE_CHECKING:
    from tests.sandbox.state import State

NOTICE = "ONOFFLINEEVENT"
RESERVED_FOR = timedelta(seconds=2_952_000)
"""How long events stay reserved for a process that never comes back."""


def keep(
    state: State, portal: Portal, binding: EventBinding, data: dict[str, Any], user_id: int | None
) -> bool:
    """Keeps an event for a binding; a newer one about the same object takes an older one's place.

    An application's own change is not kept. Gives whether it was.
    """
    if state.acting.who == (binding.client_id, binding.connector):
        return False
    told = f"{binding.event}|{json.dumps(data, sort_keys=True)}"
    message_id = hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()
    for one in portal.offline_events:
        known = (one.client_id, one.connector, one.message_id, one.process_id)
        if known == (binding.client_id, binding.connector, message_id, ""):
            one.data, one.user_id, one.changed = data, user_id, state.now()
            return True
    portal.offline_events.append(
        OfflineEvent(
            id=portal.next_id("offline_event"),
            client_id=binding.client_id,
            connector=binding.connector,
            event=binding.event,
            message_id=message_id,
            data=data,
            user_id=user_id,
            changed=state.now(),
        )
    )
    return True


def handlers_to_notify(state: State, portal: Portal, client_id: str) -> list[EventBinding]:
    """The application's handlers of ONOFFLINEEVENT whose pause is over."""
    found = []
    for one in portal.event_bindings:
        if one.client_id != client_id or one.event != NOTICE or one.offline:
            continue
        pause = timedelta(seconds=float(one.options.get("minTimeout", 1) or 0))
        if one.notified is None or state.now() - one.notified >= pause:
            one.notified = state.now()
            found.append(one)
    return found


def waiting(state: State, portal: Portal, client_id: str, connector: str) -> list[OfflineEvent]:
    """What is kept for an application and source key; forgotten reservations are dropped."""
    oldest = state.now() - RESERVED_FOR
    portal.offline_events = [
        one for one in portal.offline_events if not one.process_id or one.changed >= oldest
    ]
    return [
        one
        for one in portal.offline_events
        if (one.client_id, one.connector) == (client_id, connector)
    ]
