"""Inventory documents, read from the documentation's samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix import catalog
from b24app.bitrix.errors import AnswerLost, NotReached, Refused, UnexpectedAnswer
from b24app.bitrix.protocol import Answer, Command, Kind
from b24app.bitrix.retry import may_repeat

DOCUMENT: dict[str, Any] = {
    "id": 15,
    "docType": "A",
    "docNumber": "A-0015",
    "title": None,
    "status": "Y",
    "dateDocument": "2026-05-11T09:00:00+03:00",
    "dateCreate": "2026-05-10T09:00:00+03:00",
    "total": 8745.5,
    "currency": "EUR",
}
LINE: dict[str, Any] = {
    "id": 33,
    "docId": 15,
    "elementId": 90,
    "amount": 12.5,
    "purchasingPrice": 40,
    "storeFrom": None,
    "storeTo": 3,
}


def read(command: Command[Any], result: object) -> Any:
    return command.read(Answer(result))


def line(store_from: int | None, store_to: int | None, amount: Decimal) -> catalog.Line:
    return catalog.Line(1, 15, 90, store_from, store_to, amount)


def test_a_document_is_read() -> None:
    page = read(catalog.list_documents({"docType": "A"}, 50), {"documents": [DOCUMENT]})
    (found,) = page.items
    assert (found.id, found.doc_type, found.number, found.title) == (15, "A", "A-0015", "")
    assert (found.status, found.total, found.currency) == ("Y", Decimal("8745.5"), "EUR")
    empty = DOCUMENT | {"total": None, "dateDocument": None}
    (draft,) = read(catalog.list_documents({}), {"documents": [empty]}).items
    assert (draft.total, draft.dated) == (None, None)
    with pytest.raises(UnexpectedAnswer):
        read(catalog.list_documents({}), {"documents": [{"id": 15}]})


def test_lists_say_what_they_want_and_nothing_empty() -> None:
    command = catalog.list_documents({})
    assert "filter" not in command.params
    assert command.params["order"] == {"id": "desc"}
    assert catalog.list_documents({"status": "Y"}).params["filter"] == {"status": "Y"}
    assert catalog.list_documents_by_id([7, 8]).params["filter"] == {"@id": [7, 8]}
    assert catalog.list_lines({"@docId": [15]}, 50).params["start"] == 50
    with pytest.raises(ValueError, match="1 to 50"):
        catalog.list_documents_by_id(list(range(1, 52)))


def test_lines_stores_stock_and_names() -> None:
    (found,) = read(catalog.list_lines({}), {"documentElements": [LINE]}).items
    assert found == catalog.Line(33, 15, 90, None, 3, Decimal("12.5"))
    stores = {"stores": [{"id": 3, "title": None, "active": "N"}]}
    assert read(catalog.list_stores(), stores).items == (catalog.Store(3, "", False),)
    rows = {"storeProducts": [{"id": 1, "productId": 12, "storeId": 3, "amount": None}]}
    assert read(catalog.list_stock([12]), rows).items == (catalog.Stock(12, 3, Decimal(0)),)
    assert read(catalog.list_stock_in(3), rows).items[0].store_id == 3
    assert read(catalog.product_name(12), {"product": {"id": 12, "name": "Floor"}}) == "Floor"


@pytest.mark.parametrize(("said", "on"), [("Y", True), ("N", False)])
def test_the_mode(said: str, on: bool) -> None:
    assert read(catalog.inventory_is_on(), said) is on


@pytest.mark.parametrize(
    ("command", "method", "params"),
    [
        (catalog.cancel(142), "catalog.document.cancel", {"id": 142}),
        (catalog.conduct(142), "catalog.document.conduct", {"id": 142}),
        (catalog.cancel_together([1, 2]), "catalog.document.cancelList", {"documentIds": [1, 2]}),
        (catalog.conduct_together([1]), "catalog.document.conductList", {"documentIds": [1]}),
    ],
)
def test_what_moves_stock_is_never_repeated_by_itself(
    command: Command[None], method: str, params: dict[str, object]
) -> None:
    assert (command.method, command.params, command.kind) == (method, params, Kind.CREATE)
    assert read(command, True) is None
    with pytest.raises(AnswerLost):
        read(command, None)
    assert not may_repeat(command.kind, AnswerLost())
    assert not may_repeat(command.kind, Refused(code="0"))
    assert may_repeat(command.kind, NotReached())


@pytest.mark.parametrize(
    ("doc_type", "moved"),
    [
        ("A", [(4, 5)]),
        ("S", [(4, 5)]),
        ("R", [(4, 5)]),
        ("M", [(3, -5), (4, 5)]),
        ("D", [(3, -5)]),
        ("?", []),
    ],
)
def test_each_type_moves_its_way(doc_type: str, moved: list[tuple[int, int]]) -> None:
    assert catalog.moves(doc_type, line(3, 4, Decimal(5))) == moved
    assert catalog.moves(doc_type, line(None, None, Decimal(5))) == []


@given(amount=st.decimals(0, 10**9, places=3), a=st.integers(1, 9), b=st.integers(1, 9))
def test_a_transfer_keeps_what_there_is(amount: Decimal, a: int, b: int) -> None:
    assert sum(change for _, change in catalog.moves("M", line(a, b, amount))) == 0
