"""What an application writes into an object's history: activities, comments, log entries.

They are recorded in `Portal.timeline`, e-mails with those they would have gone to; nothing leaves
the sandbox.
https://apidocs.bitrix24.com/api-reference/crm/timeline/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.crm_fields import moment
from tests.sandbox.rest.crm_objects import DESCRIBE, records_of
from tests.sandbox.rest.errors import RestError, missing
from tests.sandbox.rest.params import php_int
from tests.sandbox.rest.timeline_files import (
    communications,
    file_data,
    is_to_be_sent,
    pairs,
    recipients,
)
from tests.sandbox.rest.timeline_lists import activities, comments
from tests.sandbox.world import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    QUOTE,
    SMART_INVOICE,
    TimelineEntry,
)

TYPES = {
    "lead": LEAD,
    "deal": DEAL,
    "contact": CONTACT,
    "company": COMPANY,
    "quote": QUOTE,
    "smart_invoice": SMART_INVOICE,
    "dynamic_31": SMART_INVOICE,
}
"""Name of a type to its number."""
MEETING, CALL, TASK, EMAIL, PROVIDER = 1, 2, 3, 4, 6


def _check_owner(call: Call, kind: int, item_id: int, *, change: bool = False) -> None:
    """Raises:
    RestError: OWNER_NOT_FOUND, ACCESS_DENIED.
    """
    record = records_of(call.portal, kind).get(item_id) if kind in DESCRIBE else None
    if record is None:
        raise RestError("OWNER_NOT_FOUND", "Owner was not found")
    may_read = documents.may_read_entity(call.portal, call.user, kind, str(item_id))
    may_change = call.user.is_admin or record.assigned_by_id == call.user.id
    if not may_read or (change and not may_change):
        raise RestError("ACCESS_DENIED", "Access denied")


def _write(call: Call, kind: str, entity_type_id: int, item_id: int, **said: Any) -> TimelineEntry:
    entry = TimelineEntry(
        id=call.portal.next_id("timeline"),
        kind=kind,
        entity_type_id=entity_type_id,
        entity_id=item_id,
        author_id=call.user.id,
        created=call.now,
        **said,
    )
    call.portal.timeline.append(entry)
    return entry


def _require(fields: dict[str, Any], *names: str) -> None:
    for name in names:
        if fields.get(name) in (None, ""):
            raise missing(name)


def comment_add(call: Call) -> int:
    """The id of the comment."""
    fields = call.params.required_mapping("fields")
    _require(fields, "ENTITY_ID", "ENTITY_TYPE")
    kind, item_id = TYPES.get(str(fields["ENTITY_TYPE"]).lower(), 0), php_int(fields["ENTITY_ID"])
    _check_owner(call, kind, item_id)
    text = str(fields.get("COMMENT") or "").strip()
    if not text:
        raise RestError("INVALID_ARG_VALUE", "Empty comment message")
    files = pairs(fields.get("FILES"), RestError("INVALID_ARG_VALUE", "Wrong file"))
    entry = _write(call, "comment", kind, item_id, text=text, fields=fields, files=files)
    told = {"FIELDS": {"ID": entry.id}}
    call.state.emit(call.portal, "ONCRMTIMELINECOMMENTADD", told, call.user.id)
    return entry.id


def comment_list(call: Call) -> Answer:
    """The page names two fields of the filter that must be there."""
    wanted = call.params.required_mapping("filter")
    _require(wanted, "ENTITY_ID", "ENTITY_TYPE")
    kind = TYPES.get(str(wanted["ENTITY_TYPE"]).lower(), 0)
    return comments(call, kind, php_int(wanted["ENTITY_ID"]))


def log_add(call: Call) -> dict[str, Any]:
    fields = call.params.required_mapping("fields")
    _require(fields, "entityTypeId", "entityId", "title", "text", "iconCode")
    kind, item_id = php_int(fields["entityTypeId"]), php_int(fields["entityId"])
    _check_owner(call, kind, item_id, change=True)
    entry = _write(
        call,
        "log",
        kind,
        item_id,
        title=str(fields["title"]),
        text=str(fields["text"]),
        icon=str(fields["iconCode"]),
        fields=fields,
    )
    return {
        "logMessage": {
            "id": entry.id,
            "created": moment(entry.created, call.portal),
            "authorId": entry.author_id,
            "title": entry.title,
            "text": entry.text,
            "iconCode": entry.icon,
        }
    }


def activity_add(call: Call) -> int:
    """The id of the activity. An e-mail that cannot be sent leaves its activity behind."""
    fields = call.params.required_mapping("fields")
    _check_activity(call, fields)
    kind, item_id = php_int(fields.get("OWNER_TYPE_ID")), php_int(fields.get("OWNER_ID"))
    if kind not in DESCRIBE or item_id not in records_of(call.portal, kind):
        raise _wrong(
            "Could not build binding. Please ensure that owner info and communications are "
            "defined correctly"
        )
    record = records_of(call.portal, kind)[item_id]
    if not (call.user.is_admin or record.assigned_by_id == call.user.id):
        raise _wrong("Access denied.")
    files = file_data(fields.get("FILES"), _wrong("Wrong file"))
    entry = _write(
        call,
        "activity",
        kind,
        item_id,
        title=str(fields.get("SUBJECT", "")),
        text=str(fields.get("DESCRIPTION") or ""),
        fields=fields,
        files=files,
    )
    call.state.emit(call.portal, "ONCRMACTIVITYADD", {"FIELDS": {"ID": entry.id}}, call.user.id)
    if is_to_be_sent(fields):
        entry.sent_to = recipients(fields, mailbox=call.state.options.crm_mailbox)
    return entry.id


def _check_activity(call: Call, fields: dict[str, Any]) -> None:
    kind = php_int(fields.get("TYPE_ID"))
    if kind not in (MEETING, CALL, TASK, EMAIL, PROVIDER):
        raise _wrong("The field TYPE_ID is not defined or invalid.")
    if kind == PROVIDER and not fields.get("PROVIDER_ID"):
        raise _wrong("The custom activity without provider is not supported in current context.")
    if fields.get("PROVIDER_ID") == "CONFIGURABLE_REST_APP":
        raise _wrong("Use crm.activity.configurable.add for this activity provider.")
    if str(fields.get("PROVIDER_ID", "")).startswith("REST_APP") and call.caller.app is None:
        raise _wrong("Application context required.")
    if not fields.get("SUBJECT"):
        raise _wrong("The field SUBJECT is not defined or empty.")
    if php_int(fields.get("RESPONSIBLE_ID")) not in call.portal.users:
        raise _wrong("The field RESPONSIBLE_ID is not defined or invalid.")
    if kind in (MEETING, CALL, EMAIL):
        _check_communications(call, fields, single=kind != EMAIL)


def _check_communications(call: Call, fields: dict[str, Any], *, single: bool) -> None:
    found = communications(fields)
    if not found:
        raise _wrong("The field COMMUNICATIONS is not defined or invalid.")
    if single and len(found) > 1:
        raise _wrong("The only one communication is allowed for activity of specified type.")
    for one in found:
        kind, item_id = php_int(one.get("ENTITY_TYPE_ID")), php_int(one.get("ENTITY_ID"))
        if (kind or item_id) and (
            kind not in DESCRIBE or item_id not in records_of(call.portal, kind)
        ):
            raise _wrong(
                "Could not build binding. Please ensure that owner info and communications are "
                "defined correctly"
            )


def _wrong(text: str) -> RestError:
    """The older methods have no codes."""
    return RestError("", text)


METHODS = [
    Method("crm.activity.add", activity_add, ("crm",)),
    Method("crm.activity.list", activities, ("crm",)),
    Method("crm.timeline.comment.add", comment_add, ("crm",)),
    Method("crm.timeline.comment.list", comment_list, ("crm",)),
    Method("crm.timeline.logmessage.add", log_add, ("crm",)),
]
