"""Links to files: for a browser with a session, and for machines, with a live token inside.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/index.html
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tests.sandbox.rest.call import Call, Caller
from tests.sandbox.state import State
from tests.sandbox.world import Portal

DOCUMENT = "crm.documentgenerator.document."
TEMPLATE = "crm.documentgenerator.template."


def browser_link(portal: Portal, action: str, object_id: int, updated: datetime | None) -> str:
    """A link that wants the session cookie of an employee."""
    query = {"action": action, "SITE_ID": "s1", "id": object_id}
    if updated is not None:
        query["ts"] = int(updated.timestamp())
    return f"{portal.origin}/bitrix/services/main/ajax.php?{urlencode(query)}"


def machine_link(state: State, portal: Portal, caller: Caller, action: str, object_id: int) -> str:
    """A link for programs: it carries the caller's access token or webhook secret."""
    token = _signed(state, action, object_id)
    if caller.webhook:
        return f"{portal.origin}/rest/{caller.webhook}/{action}/?{urlencode({'token': token})}"
    query = {"token": token}
    if caller.token is not None and not caller.in_header:
        query = {"auth": caller.token.access, "token": token}
    return f"{portal.origin}/rest/{action}.json?{urlencode(query)}"


def links(call: Call, action: str, object_id: int, updated: datetime | None) -> tuple[str, str]:
    """Both links."""
    return (
        browser_link(call.portal, action, object_id, updated),
        machine_link(call.state, call.portal, call.caller, action, object_id),
    )


def add_links(
    entry: dict[str, Any], key: str, call: Call, action: str, object_id: int, updated: datetime
) -> None:
    """Puts `key` and `keyMachine` into an answer."""
    entry[key], entry[f"{key}Machine"] = links(call, action, object_id, updated)


def _signature(state: State, payload: str) -> str:
    return hmac.new(state.link_key, payload.encode(), "sha256").hexdigest()


def _signed(state: State, action: str, object_id: int) -> str:
    payload = f"{action.lower()}|id={object_id}"
    return base64.urlsafe_b64encode(f"{payload}|{_signature(state, payload)}".encode()).decode()


def object_of(state: State, action: str, token: str) -> int | None:
    """The id a signed part of a machine link stands for, None if it is not ours."""
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        return None
    payload, _, signature = text.rpartition("|")
    if not hmac.compare_digest(_signature(state, payload).encode(), signature.encode()):
        return None
    signed_action, _, object_id = payload.partition("|id=")
    return int(object_id) if signed_action == action.lower() else None
