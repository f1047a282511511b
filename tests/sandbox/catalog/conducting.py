"""Conducting inventory documents and taking that back: what it changes in the stores.

https://apidocs.bitrix24.com/api-reference/catalog/document/catalog-document-conduct.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from tests.sandbox.catalog.errors import InventoryError
from tests.sandbox.catalog.records import (
    ADJUSTMENT,
    CANCELED,
    CONDUCTED,
    RECEIPT,
    RETURN,
    TRANSFER,
    WRITE_OFF,
    Inventory,
    Stock,
    StoreDocument,
    StoreDocumentElement,
)

INTO = (RECEIPT, ADJUSTMENT, TRANSFER, RETURN)
"""Types whose lines name a store to put into. The documentation's table has it the other way
round for returns; the portal's source is followed."""
OUT_OF = (TRANSFER, WRITE_OFF)

Moves = dict[tuple[int, int], Decimal]
"""(product, store) to what comes in; what goes out is negative."""


def conduct(inventory: Inventory, document: StoreDocument, user_id: int, now: datetime) -> None:
    """Moves the goods of a document.

    Raises:
        InventoryError: nothing has changed.
    """
    if document.status == CONDUCTED:
        raise InventoryError("Document has already been conducted")
    lines = _lines(inventory, document)
    if document.doc_type == RECEIPT and not _suppliers(inventory, document):
        raise InventoryError("Supplier not specified")
    if not lines:
        raise InventoryError("There are no products in the document")
    _check_lines(inventory, document, lines)
    _apply(inventory, _moves(document, lines))
    _change_status(document, CONDUCTED, user_id, now)
    document.dated = document.dated or now
    document.total = total_of(lines)


def cancel(inventory: Inventory, document: StoreDocument, user_id: int, now: datetime) -> None:
    """Moves the goods of a conducted document back.

    Raises:
        InventoryError: it has not been conducted, or the goods are no longer there.
    """
    if document.status != CONDUCTED:
        raise InventoryError("Document has not been conducted yet")
    moves = _moves(document, _lines(inventory, document))
    _apply(inventory, {place: -amount for place, amount in moves.items()})
    _change_status(document, CANCELED, user_id, now)


def total_of(lines: Iterable[StoreDocumentElement]) -> Decimal:
    nothing = Decimal(0)
    return sum(
        ((one.amount or nothing) * (one.purchasing_price or nothing) for one in lines), nothing
    )


def _change_status(document: StoreDocument, status: str, user_id: int, now: datetime) -> None:
    document.status, document.status_by, document.status_changed = status, user_id, now
    document.modified, document.modified_by = now, user_id


def _lines(inventory: Inventory, document: StoreDocument) -> list[StoreDocumentElement]:
    return [one for one in inventory.elements.values() if one.doc_id == document.id]


def _suppliers(inventory: Inventory, document: StoreDocument) -> bool:
    return any(one.document_id == document.id for one in inventory.contractors.values())


def _check_lines(
    inventory: Inventory, document: StoreDocument, lines: list[StoreDocumentElement]
) -> None:
    for line in lines:
        product = inventory.products.get(line.element_id)
        if product is None:
            raise InventoryError(f"Product #{line.element_id} was not found")
        named = f"#{product.id} ({product.name})"
        if product.is_service:
            raise InventoryError(f"Product {named} cannot be used in inventory documents")
        if line.amount is None or line.amount <= 0:
            raise InventoryError(
                f"Incorrect quantity of goods {named} in the warehouse accounting document"
            )
        if document.doc_type in OUT_OF:
            _check_store(inventory, line.store_from, "Source", named)
        if document.doc_type in INTO:
            _check_store(inventory, line.store_to, "Destination", named)
        if document.doc_type == TRANSFER and line.store_from == line.store_to:
            raise InventoryError("Source and destination warehouses must be different")


def _check_store(inventory: Inventory, store_id: int | None, which: str, named: str) -> None:
    if not store_id:
        raise InventoryError(f"{which} warehouse is not specified for product {named}")
    store = inventory.stores.get(store_id)
    if store is None:
        raise InventoryError(f"{which} warehouse of product {named} was not found")
    if not store.active:
        raise InventoryError(f"{which} warehouse of product {named} is disabled")


def _moves(document: StoreDocument, lines: Iterable[StoreDocumentElement]) -> Moves:
    moves: Moves = defaultdict(Decimal)
    for line in lines:
        amount = line.amount or Decimal(0)
        if document.doc_type in OUT_OF and line.store_from:
            moves[line.element_id, line.store_from] -= amount
        if document.doc_type in INTO and line.store_to:
            moves[line.element_id, line.store_to] += amount
    return moves


def _apply(inventory: Inventory, moves: Moves) -> None:
    """All or nothing."""
    for (product_id, store_id), amount in moves.items():
        if amount < 0 and not inventory.allows_negative:
            _check_enough(inventory, product_id, store_id, -amount)
    for (product_id, store_id), amount in moves.items():
        stock_of(inventory, product_id, store_id).amount += amount


def _check_enough(inventory: Inventory, product_id: int, store_id: int, wanted: Decimal) -> None:
    if stock_of(inventory, product_id, store_id).amount >= wanted:
        return
    product, store = inventory.products.get(product_id), inventory.stores.get(store_id)
    raise InventoryError(
        f'Not enough of "{product.name if product else product_id}" '
        f'in the warehouse "{store.title if store else store_id}"'
    )


def stock_of(inventory: Inventory, product_id: int, store_id: int) -> Stock:
    """The record of a product in a store, an empty one where there was none."""
    for one in inventory.stock.values():
        if (one.product_id, one.store_id) == (product_id, store_id):
            return one
    made = Stock(max(inventory.stock, default=0) + 1, product_id, store_id)
    inventory.stock[made.id] = made
    return made
