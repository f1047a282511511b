"""Files and addresses as the timeline's methods take them, and what is sent when they are right.

https://apidocs.bitrix24.com/api-reference/files/how-to-upload-files.html
https://apidocs.bitrix24.com/tutorials/crm/how-to-add-crm-objects/how-to-send-email.html
"""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.params import php_int

EMAIL, OUTGOING = 4, 2
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")


def listed(value: Any) -> list[Any]:
    """An array, however it came: forms make maps of numbers."""
    if value in (None, ""):
        return []
    return list(value.values()) if isinstance(value, dict) else list(value)


def pairs(sent: Any, wrong: RestError) -> list[tuple[str, bytes]]:
    """`[["name", "base64"], …]`, as comments take files.

    Raises:
        RestError: the one given, for any other shape. A portal may pass over such a file silently;
            here a wrong call is to be seen.
    """
    if not isinstance(sent, list | dict | None):
        raise wrong
    return [_pair(one, wrong) for one in listed(sent)]


def file_data(sent: Any, wrong: RestError) -> list[tuple[str, bytes]]:
    """`[{"fileData": ["name", "base64"]}, …]`, as activities take files. Raises as `pairs`."""
    if not isinstance(sent, list | dict | None):
        raise wrong
    found = listed(sent)
    if any(not isinstance(one, dict) or set(one) != {"fileData"} for one in found):
        raise wrong
    return [_pair(one["fileData"], wrong) for one in found]


def _pair(sent: Any, wrong: RestError) -> tuple[str, bytes]:
    found = listed(sent) if isinstance(sent, list | dict) else []
    if len(found) != 2 or not all(isinstance(one, str) and one for one in found):
        raise wrong
    try:
        return found[0], base64.b64decode(found[1], validate=True)
    except ValueError:
        raise wrong from None


def communications(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The ones that count: with a value, and in e-mails of the type EMAIL or of none."""
    email = php_int(fields.get("TYPE_ID")) == EMAIL
    sent = fields.get("COMMUNICATIONS")
    return [
        one
        for one in listed(sent if isinstance(sent, list | dict) else None)
        if isinstance(one, dict)
        and one.get("VALUE") not in (None, "")
        and not (email and one.get("TYPE") not in (None, "", "EMAIL"))
    ]


def is_to_be_sent(fields: dict[str, Any]) -> bool:
    """An e-mail goes out only when type, direction and COMPLETED say so together."""
    return (
        php_int(fields.get("TYPE_ID")) == EMAIL
        and php_int(fields.get("DIRECTION")) == OUTGOING
        and fields.get("COMPLETED") == "Y"
    )


def recipients(fields: dict[str, Any], *, mailbox: bool) -> list[str]:
    """Whom the e-mail goes to. `mailbox`: there is one connected to the CRM to send from.

    Raises:
        RestError: it cannot be sent; the activity exists by then.
    """
    settings = fields.get("SETTINGS")
    sender = str(settings.get("MESSAGE_FROM") or "") if isinstance(settings, dict) else ""
    if not sender and not mailbox:
        raise RestError("", 'Email send error. "From" is not found')
    bracketed = IN_BRACKETS.search(sender)
    addresses = [str(one["VALUE"]) for one in communications(fields)]
    senders = [bracketed.group(1) if bracketed else sender] if sender else []
    if any(not ADDRESS.fullmatch(one) for one in (*addresses, *senders)):
        raise RestError("", "Email send error. Invalid email is specified")
    return addresses
