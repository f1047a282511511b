"""Inventory documents, their lines and the stores, by the official client."""

from __future__ import annotations

from typing import Any

import pytest
from b24pysdk.client import ClientV2
from b24pysdk.errors import BitrixAPIBadRequest

CENTRAL, FLOOR = 1, 12
ANNA, VENDOR = 1, 55


def stock(client: ClientV2) -> float:
    """How much of the floor lies in the central store."""
    wanted = {"productId": FLOOR, "storeId": CENTRAL}
    rows = client.catalog.storeproduct.list(filter=wanted).result["storeProducts"]
    amount: float = rows[0]["amount"] if rows else 0
    return amount


def draft(client: ClientV2, title: str = "Counted") -> dict[str, Any]:
    """A stock adjustment of 4 pieces."""
    fields = {"docType": "S", "currency": "EUR", "responsibleId": ANNA, "title": title}
    document: dict[str, Any] = client.catalog.document.add(fields).result["document"]
    line = {"docId": document["id"], "elementId": FLOOR, "storeTo": CENTRAL, "amount": 4}
    client.catalog.document.element.add(line).call()
    return document


def test_a_document_moves_goods_and_is_cancelled(client: ClientV2) -> None:
    documents = client.catalog.document
    assert documents.mode.status().result == "Y"
    before = stock(client)
    made = draft(client)
    changed = documents.update(made["id"], {"commentary": "Twice"}).result["document"]
    assert (changed["commentary"], changed["status"]) == ("Twice", "N")
    assert documents.conduct(made["id"]).result is True
    assert stock(client) == before + 4
    assert documents.cancel(made["id"]).result is True
    assert stock(client) == before
    listed = documents.list(select=["id", "status"], filter={"id": made["id"]}).result
    assert listed["documents"] == [{"id": made["id"], "status": "C"}]
    with pytest.raises(BitrixAPIBadRequest) as refused:
        documents.cancel(made["id"]).call()
    assert refused.value.error == "0"
    assert documents.delete(made["id"]).result is True


def test_several_documents_at_once(client: ClientV2) -> None:
    documents, before = client.catalog.document, stock(client)
    numbers = [draft(client, f"Count {index}")["id"] for index in range(3)]
    assert documents.conduct_list(numbers).result is True
    assert stock(client) == before + 12
    assert documents.cancel_list(numbers).result is True
    assert documents.delete_list(numbers).result is True
    assert documents.list(filter={"@id": numbers}).result["documents"] == []


def test_lines_are_changed_while_it_is_a_draft(client: ClientV2) -> None:
    lines, made = client.catalog.document.element, draft(client)
    (line,) = lines.list(filter={"docId": made["id"]}).result["documentElements"]
    assert (line["elementId"], line["amount"]) == (FLOOR, 4)
    changed = lines.update(line["id"], {"amount": 5.5}).result["documentElement"]
    assert changed["amount"] == 5.5
    assert lines.delete(line["id"]).result is True
    assert lines.list(filter={"docId": made["id"]}).result == {"documentElements": []}


def test_fields_and_stores_are_described(client: ClientV2) -> None:
    catalog = client.catalog
    known = catalog.document.get_fields().result["document"]
    assert known["docType"]["isImmutable"] is True
    assert "amount" in catalog.document.element.get_fields().result["documentElement"]
    stores = catalog.store.list().result["stores"]
    assert CENTRAL in [one["id"] for one in stores]
    assert "title" in catalog.store.get_fields().result["store"]
    (first, *_) = catalog.storeproduct.list().result["storeProducts"]
    assert catalog.storeproduct.get(first["id"]).result["storeProduct"] == first
    assert "amount" in catalog.storeproduct.get_fields().result["storeProduct"]
    assert catalog.store.get(CENTRAL).result["store"]["title"] == stores[0]["title"]


def test_a_receipt_has_a_supplier(client: ClientV2) -> None:
    suppliers = client.catalog.documentcontractor
    fields = {"docType": "A", "currency": "EUR", "responsibleId": ANNA}
    receipt = client.catalog.document.add(fields).result["document"]["id"]
    bound = {"documentId": receipt, "entityTypeId": 4, "entityId": VENDOR}
    made = suppliers.add(bound).result["documentContractor"]
    listed = suppliers.list(filter={"documentId": receipt}).result["documentContractor"]
    assert listed == [bound | {"id": made["id"]}]
    assert "entityId" in suppliers.get_fields().result["documentContractor"]
    assert suppliers.delete(made["id"]).result is True


def test_documents_are_read_page_by_page(client: ClientV2) -> None:
    many = [draft(client, f"Count {index}")["id"] for index in range(3)]
    rows = client.catalog.document.list(filter={"@id": many}, order={"id": "ASC"}).as_list()
    assert [row["id"] for row in rows.result] == many
