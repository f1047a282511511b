"""Reading what stands in an object's history: comments and activities.

https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-list.html
https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest.call import Answer, Call
from tests.sandbox.rest.crm_fields import moment
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.lists import matches, ordered, paged
from tests.sandbox.rest.params import php_int
from tests.sandbox.rest.timeline_files import communications
from tests.sandbox.world import Portal, TimelineEntry

ON_DEMAND = ("COMMUNICATIONS", "FILES")
"""Fields of an activity that come only when they are named."""
COMMENT_ORDER = ("ID", "CREATED", "AUTHOR_ID")


def comments(call: Call, entity_type_id: int, entity_id: int) -> Answer:
    """The comments of one object, which is all that the method's filter can say."""
    if not documents.may_read_entity(call.portal, call.user, entity_type_id, str(entity_id)):
        raise RestError("", "Access denied.")
    rows = [
        _comment(entry, call.portal, str(call.params.mapping("filter")["ENTITY_TYPE"]))
        for entry in call.portal.timeline
        if entry.kind == "comment"
        and (entry.entity_type_id, entry.entity_id) == (entity_type_id, entity_id)
    ]
    order = {
        name: direction
        for name, direction in call.params.mapping("order").items()
        if name in COMMENT_ORDER
    }
    rows = _selected(ordered(rows, order), call.params.items_of("select", []))
    return paged(rows, call.params.integer("start"), lambda page: page)


def _comment(entry: TimelineEntry, portal: Portal, type_name: str) -> dict[str, Any]:
    author = portal.users[entry.author_id]
    created = moment(entry.created, portal)
    return {
        "ID": str(entry.id),
        "ENTITY_ID": str(entry.entity_id),
        "ENTITY_TYPE": type_name,
        "CREATED": created,
        "COMMENT": entry.text,
        "AUTHOR_ID": str(entry.author_id),
        "FILES": {
            str(number): {
                "id": number,
                "date": created,
                "type": "file",
                "name": name,
                "size": len(content),
                "authorId": entry.author_id,
                "authorName": author.full_name,
                "urlDownload": f"{portal.origin}/disk/downloadFile/{number}/?&filename={name}",
            }
            for number, (name, content) in enumerate(entry.files, entry.id * 100 + 1)
        },
    }


def activities(call: Call) -> Answer:
    """Activities of the objects that the user may read."""
    rows = [
        _activity(entry, call.portal)
        for entry in call.portal.timeline
        if entry.kind == "activity"
        and documents.may_read_entity(
            call.portal, call.user, entry.entity_type_id, str(entry.entity_id)
        )
    ]
    rows = [row for row in rows if matches(row, call.params.mapping("filter"))]
    rows = ordered(rows, call.params.mapping("order") or {"START_TIME": "ASC"})
    wanted = call.params.items_of("select", ["*"])
    if "*" in wanted:
        plain = {name for row in rows for name in row if name not in ON_DEMAND}
        wanted = [*plain, *wanted]
    return paged(_selected(rows, wanted), call.params.integer("start"), lambda page: page)


def _selected(rows: list[dict[str, Any]], wanted: list[str]) -> list[dict[str, Any]]:
    if not wanted or not rows:
        return rows
    return [{name: row[name] for name in row if name in wanted} for row in rows]


def _activity(entry: TimelineEntry, portal: Portal) -> dict[str, Any]:
    """As it was sent; numbers come back as texts."""
    sent = entry.fields
    created = moment(entry.created, portal)

    def number(name: str, default: str = "0") -> str:
        return str(php_int(sent[name])) if sent.get(name) not in (None, "") else default

    return {
        "ID": str(entry.id),
        "OWNER_ID": str(entry.entity_id),
        "OWNER_TYPE_ID": str(entry.entity_type_id),
        "TYPE_ID": number("TYPE_ID"),
        "PROVIDER_ID": sent.get("PROVIDER_ID") or "",
        "PROVIDER_TYPE_ID": sent.get("PROVIDER_TYPE_ID") or "",
        "PROVIDER_GROUP_ID": sent.get("PROVIDER_GROUP_ID"),
        "ASSOCIATED_ENTITY_ID": number("ASSOCIATED_ENTITY_ID"),
        "SUBJECT": entry.title,
        "CREATED": created,
        "LAST_UPDATED": created,
        "START_TIME": sent.get("START_TIME") or created,
        "END_TIME": sent.get("END_TIME") or created,
        "DEADLINE": sent.get("START_TIME") or created,
        "COMPLETED": "Y" if sent.get("COMPLETED") == "Y" else "N",
        "STATUS": "2" if sent.get("COMPLETED") == "Y" else "1",
        "RESPONSIBLE_ID": number("RESPONSIBLE_ID"),
        "PRIORITY": number("PRIORITY", "2"),
        "NOTIFY_TYPE": number("NOTIFY_TYPE"),
        "NOTIFY_VALUE": "0",
        "DESCRIPTION": entry.text,
        "DESCRIPTION_TYPE": number("DESCRIPTION_TYPE", "1"),
        "DIRECTION": number("DIRECTION"),
        "LOCATION": sent.get("LOCATION") or "",
        "SETTINGS": sent.get("SETTINGS") or [],
        "ORIGINATOR_ID": sent.get("ORIGINATOR_ID"),
        "ORIGIN_ID": sent.get("ORIGIN_ID"),
        "AUTHOR_ID": str(entry.author_id),
        "EDITOR_ID": str(entry.author_id),
        "PROVIDER_PARAMS": sent.get("PROVIDER_PARAMS") or [],
        "PROVIDER_DATA": sent.get("PROVIDER_DATA"),
        "RESULT_MARK": "0",
        "RESULT_VALUE": None,
        "RESULT_SUM": None,
        "RESULT_CURRENCY_ID": None,
        "RESULT_STATUS": "0",
        "RESULT_STREAM": "0",
        "RESULT_SOURCE_ID": None,
        "AUTOCOMPLETE_RULE": "0",
        "COMMUNICATIONS": [_communication(one) for one in communications(sent)],
        "FILES": [{"id": n} for n, _ in enumerate(entry.files, entry.id * 100 + 1)],
    }


def _communication(sent: dict[str, Any]) -> dict[str, Any]:
    return {
        "TYPE": sent.get("TYPE") or "EMAIL",
        "VALUE": str(sent["VALUE"]),
        "ENTITY_ID": str(php_int(sent.get("ENTITY_ID"))),
        "ENTITY_TYPE_ID": str(php_int(sent.get("ENTITY_TYPE_ID"))),
    }
