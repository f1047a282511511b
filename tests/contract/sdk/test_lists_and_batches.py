"""The official client's ways of reading many rows and of making many calls."""

from __future__ import annotations

from typing import Any

import pytest
from b24pysdk.client import ClientV2
from b24pysdk.errors import BitrixAPIBadRequest, BitrixAPIQueryLimitExceeded

from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

DEAL, BORISS_DEAL = 2, 501


@pytest.fixture
def many(sandbox: Sandbox, offer: int) -> int:
    """More documents than two pages hold; gives their number."""
    portal = sandbox.portal_one
    pattern = next(iter(portal.documents.values()))
    while len(portal.documents) < 130:
        number = portal.next_id("document")
        portal.documents[number] = type(pattern)(**vars(pattern) | {"id": number})
    return len(portal.documents)


def ids(rows: Any) -> list[int]:
    return [int(row["id"]) for row in rows]


def test_a_list_is_read_page_by_page(sandbox: Sandbox, client: ClientV2, many: int) -> None:
    request = client.crm.documentgenerator.document.list(order={"id": "ASC"})
    assert len(request.result["documents"]) == 50
    assert (request.response.total, request.response.next) == (many, 50)
    rows = ids(request.as_list().result)
    assert rows == sorted(sandbox.portal_one.documents)
    assert len(request.as_list(limit=60).result) == 60


def test_documents_cannot_be_read_fast(client: ClientV2) -> None:
    """The client sorts by `ID`, and the generator's controllers know only `id` (source)."""
    with pytest.raises(BitrixAPIBadRequest, match="Unknown field definition"):
        list(client.crm.documentgenerator.document.list().as_list_fast().result)


@pytest.fixture
def many_deals(sandbox: Sandbox) -> list[int]:
    """More deals than two pages hold."""
    deals = sandbox.portal_one.deals
    pattern = deals[BORISS_DEAL]
    for number in range(2000, 2130):
        deals[number] = type(pattern)(**vars(pattern) | {"id": number})
    return sorted(deals)


def test_deals_are_read_page_by_page(client: ClientV2, many_deals: list[int]) -> None:
    request = client.crm.item.list(DEAL)
    assert ids(request.as_list().result) == many_deals
    wanted = many_deals[::3]
    assert ids(client.crm.item.list(DEAL, filter={"@id": wanted}).as_list().result) == wanted


@pytest.mark.parametrize("descending", [False, True])
def test_deals_are_read_fast_along_their_ids(
    sandbox: Sandbox, client: ClientV2, many_deals: list[int], descending: bool
) -> None:
    request = client.crm.item.list(DEAL, filter={">opportunity": 0}, select=["id", "title"])
    rows = ids(request.as_list_fast(descending=descending).result)
    assert rows == sorted(many_deals, reverse=descending)
    assert len(list(request.as_list_fast(limit=70).result)) == 70
    wanted = sorted(many_deals[::3], reverse=descending)
    chosen = client.crm.item.list(DEAL, filter={"@id": wanted})
    assert ids(chosen.as_list_fast(descending=descending).result) == wanted


def test_people_are_read_fast_by_their_own_rules(sandbox: Sandbox, client: ClientV2) -> None:
    known = sorted(sandbox.portal_one.users)
    assert [user.bitrix_id for user in client.user.get().as_list().values] == known
    assert [user.bitrix_id for user in client.user.get().as_list_fast().values] == known
    back = client.user.get().as_list_fast(descending=True)
    assert [user.bitrix_id for user in back.values] == known[::-1]


def test_a_batch_answers_by_the_keys_it_was_asked(sandbox: Sandbox, client: ClientV2) -> None:
    answer = client.call_batch(
        {
            "deal": client.crm.item.get(DEAL, BORISS_DEAL),
            "wrong": client.crm.item.get(DEAL, 999999),
            "documents": client.crm.documentgenerator.document.list(),
        }
    ).result
    assert answer.result["deal"]["item"]["id"] == BORISS_DEAL
    assert answer.result_error["wrong"]["error"] == "NOT_FOUND"
    assert answer.result_total["documents"] == len(sandbox.portal_one.documents)
    assert answer.result_time["deal"].duration >= 0


def test_a_batch_of_a_sequence_answers_in_its_order(client: ClientV2) -> None:
    answer = client.call_batch([client.profile(), client.crm.item.get(DEAL, BORISS_DEAL)]).result
    assert [sorted(part)[0] for part in answer.result] == ["ADMIN", "item"]


def test_a_batch_stops_when_told_to(client: ClientV2) -> None:
    calls = {"a": client.crm.item.get(DEAL, 999999), "b": client.profile()}
    assert list(client.call_batch(calls, halt=True).result.result) == []
    assert list(client.call_batch(calls).result.result) == ["b"]


def test_deleting_in_a_batch_gives_null(client: ClientV2, offer: int) -> None:
    made = client.crm.documentgenerator.document.add(offer, DEAL, BORISS_DEAL).result["document"]
    answer = client.call_batch(
        {"gone": client.crm.documentgenerator.document.delete(made["id"])}
    ).result
    assert answer.result == {"gone": None}
    assert answer.result_error == []


def test_more_calls_than_a_batch_holds_are_split(sandbox: Sandbox, client: ClientV2) -> None:
    calls = {f"call{number}": client.profile() for number in range(70)}
    assert len(client.call_batches(calls).result.result) == 70
    assert [len(one.commands) for one in sandbox.state.record.rest("batch")] == [50, 20]


def test_a_busy_portal_is_asked_again(
    sandbox: Sandbox, boris: ClientV2, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = {"method": "profile", "kind": "overload"}
    sandbox.state.faults.add(Fault.described(fault))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert boris.profile().value.bitrix_id == 7
    for _ in range(3):
        sandbox.state.faults.add(Fault.described(fault))
    with pytest.raises(BitrixAPIQueryLimitExceeded):
        boris.profile().call()
