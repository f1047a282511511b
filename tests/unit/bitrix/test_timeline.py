"""Comments and e-mails, read from the documentation's samples."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from b24app.bitrix import crm, timeline
from b24app.bitrix.errors import AnswerLost, UnexpectedAnswer
from b24app.bitrix.protocol import Answer, Command, Kind
from b24app.bitrix.retry import may_repeat
from tests.unit.bitrix import samples

PDF = timeline.File("Offer 7.pdf", b"%PDF-1.7")
NOW = datetime(2026, 5, 12, 14, 31, tzinfo=UTC)


def read(command: Command[Any], result: object) -> Any:
    return command.read(Answer(result))


def email(**other: Any) -> Command[int]:
    told: dict[str, Any] = {
        "to": timeline.Recipient("k.vogt@lindner-vogt.example", crm.CONTACT, 31),
        "subject": "Offer 7",
        "text": "Dear Dr. Vogt",
        "responsible_id": 7,
        "at": NOW,
        "origin": ("docket", "0a1b2c3d4e"),
        "files": [PDF],
    }
    return timeline.send_email(crm.DEAL, 501, **told | other)


def test_a_comment_takes_its_files_as_pairs() -> None:
    command = timeline.add_comment(crm.DEAL, 501, "The PDF is ready", [PDF])
    assert command.method == "crm.timeline.comment.add"
    assert command.params == {
        "fields": {
            "ENTITY_ID": 501,
            "ENTITY_TYPE": "deal",
            "COMMENT": "The PDF is ready",
            "FILES": [["Offer 7.pdf", base64.b64encode(b"%PDF-1.7").decode()]],
        }
    }
    assert read(command, 999) == 999


def test_an_email_says_the_three_things_that_send_it() -> None:
    fields: Any = email().params["fields"]
    assert (fields["TYPE_ID"], fields["DIRECTION"], fields["COMPLETED"]) == (4, 2, "Y")
    assert (fields["OWNER_TYPE_ID"], fields["OWNER_ID"]) == (2, 501)
    assert fields["COMMUNICATIONS"] == [
        {"VALUE": "k.vogt@lindner-vogt.example", "ENTITY_ID": 31, "ENTITY_TYPE_ID": 3}
    ]
    assert fields["FILES"] == [
        {"fileData": ["Offer 7.pdf", base64.b64encode(b"%PDF-1.7").decode()]}
    ]
    assert (fields["DESCRIPTION"], fields["DESCRIPTION_TYPE"]) == ("Dear Dr. Vogt", 1)
    assert fields["START_TIME"] == "2026-05-12T14:31:00+00:00"
    assert (fields["ORIGINATOR_ID"], fields["ORIGIN_ID"]) == ("docket", "0a1b2c3d4e")
    assert "SETTINGS" not in fields
    assert read(email(), "3165") == 3165


def test_an_email_without_files_sends_no_empty_list() -> None:
    assert "FILES" not in email(files=[]).params["fields"]  # type: ignore[operator]


@pytest.mark.parametrize("command", [timeline.add_comment(2, 501, "x"), email()])
def test_neither_is_repeated_after_a_lost_answer(command: Command[int]) -> None:
    assert command.kind is Kind.CREATE
    assert not may_repeat(command.kind, AnswerLost())


def test_comments_are_found_again() -> None:
    command = timeline.list_comments(crm.DEAL, 501)
    assert command.params["filter"] == {"ENTITY_ID": 501, "ENTITY_TYPE": "deal"}
    assert command.params["order"] == {"ID": "DESC"}
    [comment] = read(command, [samples.COMMENT]).items
    assert (comment.id, comment.author_id) == (999, 7)
    assert "0a1b2c3d4e" in comment.text
    assert read(command, []).items == ()


def test_activities_are_found_again_by_their_origin() -> None:
    command = timeline.find_activity(crm.DEAL, 501, ("docket", "0a1b2c3d4e"))
    assert command.params["filter"] == {
        "OWNER_TYPE_ID": 2,
        "OWNER_ID": 501,
        "ORIGINATOR_ID": "docket",
        "ORIGIN_ID": "0a1b2c3d4e",
    }
    [activity] = read(command, [samples.ACTIVITY]).items
    assert (activity.id, activity.origin_id) == (3165, "0a1b2c3d4e")
    nothing = {**samples.ACTIVITY, "ORIGIN_ID": None}
    assert read(command, [nothing]).items[0].origin_id == ""


@pytest.mark.parametrize(
    ("kind", "name"),
    [(1, "lead"), (2, "deal"), (3, "contact"), (4, "company"), (31, "dynamic_31")],
)
def test_what_the_timeline_calls_a_type(kind: int, name: str) -> None:
    assert timeline.entity_type_name(kind) == name
    assert timeline.entity_type_name(1046) == "dynamic_1046"
    with pytest.raises(ValueError, match="no such type"):
        timeline.entity_type_name(5)


@pytest.mark.parametrize("result", [None, {}, True, "x", 0])
def test_an_answer_without_a_number(result: object) -> None:
    with pytest.raises(UnexpectedAnswer):
        read(email(), result)


def test_the_email_addresses_of_a_contact() -> None:
    def contact(**fields: Any) -> crm.CrmItem:
        row = {"item": {"id": 31, "title": "", **fields}}
        return read(crm.get_item(crm.CONTACT, 31), row)

    item = contact(fm=samples.PHONE_AND_EMAILS)
    assert crm.email_addresses(item) == ("admin@example.com", "k@example.com")
    assert crm.email_addresses(contact()) == ()


def test_what_is_sent_is_in_no_representation() -> None:
    assert "Vogt" not in repr(email())
    assert "PDF-1.7" not in repr(PDF)
