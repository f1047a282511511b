"""Boris's calls: the token, repetitions by kind, batches, lists."""

import json
from dataclasses import replace

import pytest

from b24app.bitrix import errors
from b24app.bitrix.client import PortalClient
from b24app.bitrix.crm import DEAL, get_item
from b24app.bitrix.documentgenerator import (
    add_document,
    enable_public_url,
    list_numerators,
    template_fields,
)
from b24app.bitrix.protocol import Command, Kind, Page
from b24app.bitrix.setup import profile, user_admin
from tests.unit.bitrix import server
from tests.unit.bitrix.conftest import StoredAccess, Waits
from tests.unit.bitrix.server import Portal

BORIS = {"ID": "7", "ADMIN": False, "NAME": "Boris", "LAST_NAME": "Berg"}


def _create() -> Command[object]:
    return Command("crm.documentgenerator.document.add", {}, Kind.CREATE, lambda a: a.result)


def _set() -> Command[object]:
    return Command("placement.bind", {}, Kind.SET, lambda a: a.result)


def test_a_call_is_one_post_with_the_token_in_its_body(
    client: PortalClient, portal: Portal
) -> None:
    portal.will(server.answer(BORIS))
    assert client.run(profile()).name == "Boris"
    seen = portal.received[0]
    assert (seen.method, seen.path) == ("POST", "/rest/profile")
    assert seen.json == {"auth": "boris-token-1"}


def test_an_expired_token_is_renewed_once(
    client: PortalClient, portal: Portal, access: StoredAccess, waits: Waits
) -> None:
    portal.will(server.refusal("expired_token", 401), server.answer(BORIS))
    client.run(profile())
    assert access.renewed == ["boris-token-1"]
    assert [seen.json["auth"] for seen in portal.received] == ["boris-token-1", "boris-token-2"]
    assert waits == []


@pytest.mark.parametrize("code", ["expired_token", "invalid_token"])
def test_a_token_refused_twice_ends_it(
    client: PortalClient, portal: Portal, access: StoredAccess, code: str
) -> None:
    portal.will(*[server.refusal(code, 401)] * 3)
    with pytest.raises((errors.TokenExpired, errors.TokenInvalid)):
        client.run(_create())
    assert len(access.renewed) == 1
    assert len(portal.received) == 2


def test_a_renewal_that_fails_is_what_the_caller_sees(
    client: PortalClient, portal: Portal, access: StoredAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(stale: str) -> str:
        raise errors.GrantInvalid

    monkeypatch.setattr(access, "renew", refuse)
    portal.will(server.refusal("expired_token", 401))
    with pytest.raises(errors.GrantInvalid) as raised:
        client.run(profile())
    assert raised.value.__context__ is None


UNCLEAR = [server.reset, server.html(502), server.html(200), server.refusal("X", 500)]


@pytest.mark.parametrize("fault", UNCLEAR)
@pytest.mark.parametrize("command", [profile(), _set()])
def test_reading_and_setting_are_repeated_when_the_answer_is_lost(
    client: PortalClient, portal: Portal, fault: server.Reply, command: Command[object]
) -> None:
    portal.will(fault, fault, server.answer(BORIS))
    client.run(command)
    assert len(portal.received) == 3


@pytest.mark.parametrize("fault", UNCLEAR)
def test_creating_is_never_repeated_when_the_answer_is_lost(
    client: PortalClient, portal: Portal, fault: server.Reply
) -> None:
    portal.will(fault)
    with pytest.raises(errors.AnswerLost) as raised:
        client.run(_create())
    assert raised.value.method == "crm.documentgenerator.document.add"
    assert len(portal.received) == 1


def test_a_creation_that_times_out_is_sent_once(client: PortalClient, portal: Portal) -> None:
    portal.will(server.silence)
    with pytest.raises(errors.AnswerLost):
        client.run(replace(_create(), timeout=0.2))
    assert len(portal.received) == 1


def test_creating_waits_for_the_request_limit(
    client: PortalClient, portal: Portal, waits: Waits
) -> None:
    portal.will(server.refusal("QUERY_LIMIT_EXCEEDED", 503), server.answer(5))
    assert client.run(_create()) == 5
    assert waits == [1.0]


def test_the_time_limit_is_the_callers_decision(
    client: PortalClient, portal: Portal, waits: Waits
) -> None:
    portal.will(server.refusal("OPERATION_TIME_LIMIT", 429))
    with pytest.raises(errors.OperationTimeLimit):
        client.run(profile())
    assert (len(portal.received), waits) == (1, [])


def test_a_moved_portal_is_not_followed(client: PortalClient, portal: Portal) -> None:
    portal.will(server.redirect("https://moved.example/rest/profile"))
    with pytest.raises(errors.PortalMoved) as raised:
        client.run(profile())
    assert raised.value.location_origin == "https://moved.example"
    assert len(portal.received) == 1


def test_an_answer_of_another_shape_names_its_method(client: PortalClient, portal: Portal) -> None:
    portal.will(server.answer([]), server.answer({"item": "?"}))
    with pytest.raises(errors.UnexpectedAnswer) as raised:
        client.run(profile())
    assert raised.value.method == "profile"
    with pytest.raises(errors.UnexpectedAnswer):
        client.run(get_item(DEAL, 501))


def _batch(**parts: object) -> server.Reply:
    empty = {"result_error": [], "result_total": [], "result_next": [], "result_time": []}
    return server.answer({"result": [], **empty, **parts})


def test_a_batch_is_one_request(client: PortalClient, portal: Portal) -> None:
    portal.will(
        _batch(result={"me": BORIS}, result_error={"deal": {"error": "ACCESS_DENIED"}}),
    )
    batch = client.batch({"me": profile(), "deal": get_item(DEAL, 501)})
    assert batch["me"].id == 7
    assert batch.failed("me") is None
    assert isinstance(batch.failed("deal"), errors.AccessDenied)
    with pytest.raises(errors.AccessDenied):
        _ = batch["deal"]
    [seen] = portal.received
    assert seen.path == "/rest/batch"
    assert seen.json["cmd"] == {
        "me": "profile",
        "deal": "crm.item.get?entityTypeId=2&id=501&useOriginalUfNames=Y",
    }
    assert seen.json["halt"] == 0


def test_a_command_of_another_shape_fails_alone(client: PortalClient, portal: Portal) -> None:
    portal.will(_batch(result={"me": {}, "admin": True}))
    batch = client.batch({"me": profile(), "admin": user_admin()})
    assert batch["admin"] is True
    assert isinstance(batch.failed("me"), errors.UnexpectedAnswer)


def test_text_that_the_portal_would_replace_goes_by_itself(
    client: PortalClient, portal: Portal
) -> None:
    portal.will(_batch(result={"me": BORIS}), server.answer({"templateFields": []}))
    fields = template_fields(39, 2, 501, {"Comments": "see $result[me][ID]"})
    batch = client.batch({"me": profile(), "fields": fields})
    assert batch["fields"] == ()
    assert [seen.path for seen in portal.received] == [
        "/rest/batch",
        "/rest/crm.documentgenerator.template.getfields",
    ]
    assert portal.received[1].json["values"] == {"Comments": "see $result[me][ID]"}


def test_an_expired_token_of_a_batch_is_renewed(
    client: PortalClient, portal: Portal, access: StoredAccess
) -> None:
    portal.will(server.refusal("expired_token", 401), _batch(result={"me": BORIS}))
    assert client.batch({"me": profile()})["me"].id == 7
    assert len(access.renewed) == 1


@pytest.mark.parametrize(
    "commands",
    [
        {},
        {"0": profile()},
        {"me": profile(), "link": enable_public_url(1, on=True)},
        {"make": add_document(39, 2, 501, {}, stamps=False)},
        {f"c{number}": profile() for number in range(51)},
    ],
)
def test_a_batch_that_could_not_be_repeated_is_a_mistake_of_ours(
    client: PortalClient, portal: Portal, commands: dict[str, Command[object]]
) -> None:
    with pytest.raises(ValueError, match="batch"):
        client.batch(commands)
    assert portal.received == []


def _numbers(start: int) -> Command[Page[int]]:
    return Command(
        "numbers", {"start": start}, Kind.READ, lambda a: Page(tuple(a.result), a.next, a.total)
    )


def test_pages_are_followed_to_the_end(client: PortalClient, portal: Portal) -> None:
    portal.will(server.answer([1, 2], next=50, total=3), server.answer([3], total=3))
    assert list(client.pages(_numbers)) == [1, 2, 3]
    assert [seen.json["start"] for seen in portal.received] == [0, 50]


def test_a_list_that_does_not_advance_is_noticed(client: PortalClient, portal: Portal) -> None:
    portal.will(server.answer([1], next=50), server.answer([1], next=50))
    with pytest.raises(errors.UnexpectedAnswer, match="numbers"):
        list(client.pages(_numbers))
    assert len(portal.received) == 2


def test_numerators_are_paged_although_the_portal_never_says_next(
    client: PortalClient, portal: Portal
) -> None:
    rows = [
        {"id": str(n), "name": "N", "template": "{NUMBER}", "settings": []} for n in range(1, 52)
    ]
    portal.will(
        server.answer({"numerators": rows[:50]}, total=50),
        server.answer({"numerators": rows[50:]}, total=1),
    )
    found = client.pages(list_numerators)
    assert [numerator.id for numerator in found] == list(range(1, 52))


def test_ids_and_flags_are_sent_as_json(client: PortalClient, portal: Portal) -> None:
    portal.will(server.refusal("0"))
    with pytest.raises(errors.Refused):
        client.run(add_document(39, 2, 501, {"Title": None}, stamps=False))
    assert json.loads(portal.received[0].body) == {
        "templateId": 39,
        "entityTypeId": 2,
        "entityId": 501,
        "stampsEnabled": 0,
        "values": {"Title": None},
        "auth": "boris-token-1",
    }
