"""What is written into the timeline of a CRM item: comments with files, and e-mails.

Pages: api-reference/crm/timeline/comments/crm-timeline-comment-*,
…/activities/activity-base/crm-activity-*, tutorials/crm/how-to-add-crm-objects/how-to-send-email.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from b24app.bitrix.crm import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE
from b24app.bitrix.normalise import (
    as_id,
    as_key,
    as_list,
    as_map,
    as_moment_or_none,
    as_text,
)
from b24app.bitrix.protocol import Answer, Command, Kind, Page, page_of

_NAMES: Final = {
    LEAD: "lead",
    DEAL: "deal",
    CONTACT: "contact",
    COMPANY: "company",
    QUOTE: "quote",
    SMART_INVOICE: "dynamic_31",
}
_FIRST_SMART_PROCESS: Final = 128
_EMAIL: Final = 4
_OUTGOING: Final = 2
_PLAIN: Final = 1
"""The one number of a text's format on which the pages agree."""
_TIMEOUT: Final = 65.0
"""Seconds. The portal itself ends a request after 60."""


@dataclass(frozen=True, slots=True)
class File:
    """``name``: with its extension. ``content``: at most some megabytes, it travels in the call."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose address it is: a contact (3) or a company (4) and its id."""

    address: str
    entity_type_id: int
    entity_id: int


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    text: str = field(repr=False)
    author_id: int | None
    created: datetime | None


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it is found again: ``origin_id`` is ours."""

    id: int
    origin_id: str


def add_comment(
    entity_type_id: int, entity_id: int, text: str, files: Sequence[File] = ()
) -> Command[int]:
    """Writes a comment; answers its id. ``text`` may hold BB codes. Nothing protects from doubles.

    Page: crm-timeline-comment-add.
    """
    fields: dict[str, object] = {
        "ENTITY_ID": entity_id,
        "ENTITY_TYPE": entity_type_name(entity_type_id),
        "COMMENT": text,
    }
    if files:
        fields["FILES"] = [[one.name, _base64(one.content)] for one in files]
    return Command(
        "crm.timeline.comment.add", {"fields": fields}, Kind.CREATE, _number, timeout=_TIMEOUT
    )


def list_comments(entity_type_id: int, entity_id: int) -> Command[Page[Comment]]:
    """The newest fifty comments of an item. The method filters by nothing but the item.

    Page: crm-timeline-comment-list.
    """
    params = {
        "filter": {"ENTITY_ID": entity_id, "ENTITY_TYPE": entity_type_name(entity_type_id)},
        "order": {"ID": "DESC"},
        "select": ["ID", "CREATED", "AUTHOR_ID", "COMMENT"],
    }
    return Command("crm.timeline.comment.list", params, Kind.READ, _comments)


def send_email(
    entity_type_id: int,
    entity_id: int,
    *,
    to: Recipient,
    subject: str,
    text: str,
    responsible_id: int,
    at: datetime,
    origin: tuple[str, str],
    files: Sequence[File] = (),
) -> Command[int]:
    """Makes an e-mail activity, and sends it in the same step; answers the activity's id.

    Sent only because type, direction and COMPLETED say so together. Without MESSAGE_FROM the portal
    takes the mailbox of the caller that is connected to the CRM, or the shared one. `Refused` with
    an empty code may mean that the activity exists and nothing was sent. Nothing protects from
    doubles: ``origin`` (ORIGINATOR_ID, ORIGIN_ID) is what finds it again.

    Pages: crm-activity-add (deprecated, without a successor that sends), how-to-send-email.
    """
    moment = at.isoformat(timespec="seconds")
    fields: dict[str, object] = {
        "OWNER_TYPE_ID": entity_type_id,
        "OWNER_ID": entity_id,
        "TYPE_ID": _EMAIL,
        "DIRECTION": _OUTGOING,
        "COMPLETED": "Y",
        "SUBJECT": subject,
        "DESCRIPTION": text,
        "DESCRIPTION_TYPE": _PLAIN,
        "RESPONSIBLE_ID": responsible_id,
        "START_TIME": moment,
        "END_TIME": moment,
        "ORIGINATOR_ID": origin[0],
        "ORIGIN_ID": origin[1],
        "COMMUNICATIONS": [
            {"VALUE": to.address, "ENTITY_ID": to.entity_id, "ENTITY_TYPE_ID": to.entity_type_id}
        ],
    }
    if files:
        fields["FILES"] = [{"fileData": [one.name, _base64(one.content)]} for one in files]
    return Command("crm.activity.add", {"fields": fields}, Kind.CREATE, _number, timeout=_TIMEOUT)


def find_activity(
    entity_type_id: int, entity_id: int, origin: tuple[str, str]
) -> Command[Page[Activity]]:
    """The activities of an item that carry ``origin``. Page: crm-activity-list."""
    params = {
        "filter": {
            "OWNER_TYPE_ID": entity_type_id,
            "OWNER_ID": entity_id,
            "ORIGINATOR_ID": origin[0],
            "ORIGIN_ID": origin[1],
        },
        "select": ["ID", "ORIGIN_ID"],
        "order": {"ID": "DESC"},
    }
    return Command("crm.activity.list", params, Kind.READ, _activities)


def entity_type_name(entity_type_id: int) -> str:
    """How the timeline calls a type: ``deal``, ``dynamic_1046``. Page: crm-timeline-comment-add."""
    if entity_type_id in _NAMES:
        return _NAMES[entity_type_id]
    if entity_type_id >= _FIRST_SMART_PROCESS:
        return f"dynamic_{entity_type_id}"
    raise ValueError("no such type of CRM item")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _number(answer: Answer) -> int:
    return as_key(answer.result)


def _comments(answer: Answer) -> Page[Comment]:
    return page_of(answer, as_list(answer.result), _comment)


def _comment(value: object) -> Comment:
    row = as_map(value)
    return Comment(
        id=as_key(row["ID"]),
        text=as_text(row.get("COMMENT")),
        author_id=as_id(row.get("AUTHOR_ID")),
        created=as_moment_or_none(row.get("CREATED")),
    )


def _activities(answer: Answer) -> Page[Activity]:
    return page_of(answer, as_list(answer.result), _activity)


def _activity(value: object) -> Activity:
    row = as_map(value)
    return Activity(id=as_key(row["ID"]), origin_id=as_text(row.get("ORIGIN_ID")))
