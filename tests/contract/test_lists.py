"""Pages of fifty, filters, order."""

from __future__ import annotations

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

LIST = "crm.documentgenerator.document.list"


def fill(sandbox: Sandbox, boris: Caller, offer: int, count: int) -> list[int]:
    """Makes one document and so many copies of its row: making them really takes longer."""
    from dataclasses import replace

    made = boris.add_document(offer)["id"]
    portal = sandbox.portal_one
    ids = [made]
    for _ in range(count - 1):
        number = portal.next_id("document")
        portal.documents[number] = replace(
            portal.documents[made], id=number, converting_since=None, file_id=None
        )
        ids.append(number)
    return ids


def test_a_page_has_fifty_and_names_the_next(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    ids = fill(sandbox, boris, offer, 60)
    mine = {"entityTypeId": 2, "entityId": 501, ">=id": ids[0]}
    first = boris.answer(LIST, filter=mine)
    assert (len(first["result"]["documents"]), first["total"], first["next"]) == (50, 60, 50)
    second = boris.answer(LIST, filter=mine, start=50)
    assert len(second["result"]["documents"]) == 10
    assert "next" not in second


def test_start_is_rounded_down_to_whole_pages(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    ids = fill(sandbox, boris, offer, 55)
    page = boris.answer(LIST, filter={">=id": ids[0]}, start=10)
    assert page["result"]["documents"][0]["id"] == str(ids[0])
    assert page["next"] == 50


def test_minus_one_switches_counting_off(boris: Caller, offer: int) -> None:
    boris.add_document(offer)
    answer = boris.answer(LIST, start=-1)
    assert "total" not in answer
    assert "next" not in answer
    assert answer["result"]["documents"]


def test_order_select_and_the_time_of_change(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    first = boris.add_document(offer)["id"]
    sandbox.state.clock.move(60)
    since = sandbox.state.now().isoformat()
    second = boris.add_document(offer)["id"]
    rows = boris.call(
        LIST, select=["id", "updateTime"], filter={"@id": [first, second]}, order={"id": "DESC"}
    )["documents"]
    assert [row["id"] for row in rows] == [str(second), str(first)]
    assert "title" not in rows[0]
    changed = boris.call(LIST, filter={">=updateTime": since[:-6] + "Z", "entityTypeId": 2})
    assert str(first) not in [row["id"] for row in changed["documents"]]
    all_of_them = boris.answer(LIST, filter={">=updateTime": "2001-01-01T00:00:00+00:00"})
    assert all_of_them["total"] == len(sandbox.portal_one.documents)


def test_the_type_of_object_cannot_be_selected(boris: Caller) -> None:
    assert boris.refused(LIST, select=["entityTypeId"]) == (400, "100")


def test_deals_are_filtered_and_only_the_readable_ones_listed(
    boris: Caller, clara: Caller, anna: Caller
) -> None:
    found = anna.call("crm.item.list", entityTypeId=2, filter={"=assignedById": 7}, select=["id"])
    assert {"id": 501} in found["items"]
    assert 501 not in [one["id"] for one in clara.call("crm.item.list", entityTypeId=2)["items"]]
    odd = boris.refused("crm.item.list", entityTypeId=2, filter={"nonsense": 1})
    assert odd == (400, "INVALID_ARG_VALUE")


def test_product_rows_need_their_owner(boris: Caller, clara: Caller) -> None:
    owner = {"=ownerType": "D", "=ownerId": 501}
    rows = boris.call("crm.item.productrow.list", filter=owner)["productRows"]
    assert rows
    assert rows[0]["ownerId"] == 501
    refusal = boris.refused("crm.item.productrow.list", filter={"=ownerId": 501})
    assert refusal == (400, "INVALID_ARG_VALUE")
    assert clara.refused("crm.item.productrow.list", filter=owner) == (400, "ACCESS_DENIED")


def test_odd_filters_find_nothing_and_break_nothing(boris: Caller) -> None:
    assert boris.call(LIST, filter={"><id": 1})["documents"] == []
    assert boris.call(LIST, filter={"><id": [101, 103]}, select=["id"])["documents"]
    assert boris.refused(LIST, filter="all") == (400, "100")
    assert boris.refused(LIST, order={"wings": "ASC"}) == (400, "100")
