"""Inventory documents: what moves goods between stores, and takes that back.

Scope ``catalog``, which the application may lack. All refusals of the changing methods share the
code ``0`` and HTTP 400: why, only the state of things tells. The documented fields of a document
name no deal, and its documented types no shipment.

Pages: api-reference/catalog/document, …/store, …/store-product, …/product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from b24app.bitrix.errors import UnexpectedAnswer
from b24app.bitrix.normalise import (
    as_bool,
    as_id,
    as_key,
    as_map,
    as_moment_or_none,
    as_money_or_none,
    as_text,
)
from b24app.bitrix.protocol import PAGE_SIZE, Answer, Command, Kind, Page, page_of

RECEIPT, ADJUSTMENT, TRANSFER, RETURN, WRITE_OFF = "A", "S", "M", "R", "D"
TYPES: Final = (RECEIPT, ADJUSTMENT, TRANSFER, RETURN, WRITE_OFF)
DRAFT, CONDUCTED, CANCELLED = "N", "Y", "C"
STATES: Final = (DRAFT, CONDUCTED, CANCELLED)
_OUT_OF: Final = frozenset({TRANSFER, WRITE_OFF})
_INTO: Final = frozenset({RECEIPT, ADJUSTMENT, TRANSFER, RETURN})
_TIMEOUT: Final = 65.0
"""Seconds. The portal itself ends a request after 60."""
_SELECT: Final = (
    *("id", "docType", "docNumber", "title", "status", "dateDocument", "dateCreate"),
    *("total", "currency"),
)


@dataclass(frozen=True, slots=True)
class StoreDocument:
    """``doc_type`` is one of `TYPES`, or one that was not there when this was written."""

    id: int
    doc_type: str
    number: str
    title: str = field(repr=False)
    status: str
    dated: datetime | None
    created: datetime | None
    total: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Line:
    """A product of a document: how much of it moves, and between which stores."""

    id: int
    document_id: int
    product_id: int
    store_from: int | None
    store_to: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Store:
    id: int
    title: str
    active: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of a product lies in a store."""

    product_id: int
    store_id: int
    amount: Decimal


def moves(doc_type: str, line: Line) -> list[tuple[int, Decimal]]:
    """What conducting a line does: store and change. Cancelling does the opposite."""
    found = []
    if doc_type in _OUT_OF and line.store_from:
        found.append((line.store_from, -line.amount))
    if doc_type in _INTO and line.store_to:
        found.append((line.store_to, line.amount))
    return found


def list_documents(condition: Mapping[str, object], start: int = 0) -> Command[Page[StoreDocument]]:
    """Documents of the types and stores that the caller may see, newest first, 50 a page.

    Page: catalog-document-list.
    """
    params = {"select": list(_SELECT), "order": {"id": "desc"}, "start": start}
    return Command("catalog.document.list", params | _filter(condition), Kind.READ, _documents)


def list_documents_by_id(ids: Sequence[int]) -> Command[Page[StoreDocument]]:
    """At most 50 documents; those that are gone, or hidden from the caller, are left out."""
    return list_documents({"@id": _few(ids)})


def list_lines(condition: Mapping[str, object], start: int = 0) -> Command[Page[Line]]:
    """Lines of documents by ``docId``, ``storeTo``, …, newest first, 50 a page.

    Lines of types and stores that the caller may not see are left out.

    Page: catalog-document-element-list.
    """
    params = {"order": {"id": "desc"}, "start": start, **_filter(condition)}
    return Command("catalog.document.element.list", params, Kind.READ, _lines)


def list_stores(start: int = 0) -> Command[Page[Store]]:
    """The stores, for administrators. Page: catalog-store-list."""
    params = {"select": ["id", "title", "active"], "order": {"sort": "asc"}, "start": start}
    return Command("catalog.store.list", params, Kind.READ, _stores)


def list_stock(product_ids: Sequence[int], start: int = 0) -> Command[Page[Stock]]:
    """What lies where of at most 50 products, 50 a page. Page: catalog-store-product-list."""
    condition = {"@productId": _few(product_ids)}
    params = {"filter": condition, "order": {"id": "asc"}, "start": start}
    return Command("catalog.storeproduct.list", params, Kind.READ, _stock)


def list_stock_in(store_id: int) -> Command[Page[Stock]]:
    """What lies in one store, the first 50; nothing where the caller may not see it.

    Page: catalog-store-product-list.
    """
    params = {"filter": {"=storeId": store_id}, "order": {"id": "asc"}, "start": 0}
    return Command("catalog.storeproduct.list", params, Kind.READ, _stock)


def product_name(product_id: int) -> Command[str]:
    """How a product is called, for administrators. Page: catalog-product-get."""
    return Command("catalog.product.get", {"id": product_id}, Kind.READ, _product_name)


def inventory_is_on() -> Command[bool]:
    """Whether the portal uses inventory management. Page: catalog-document-mode-status."""
    return Command(
        "catalog.document.mode.status", {}, Kind.READ, lambda answer: as_bool(answer.result)
    )


def conduct(document_id: int) -> Command[None]:
    """Moves the goods of a draft or a cancelled document.

    Like all that changes stock never repeated by itself: after an `AnswerLost` look at the status
    first, for a colleague may have decided otherwise meanwhile.

    Page: catalog-document-conduct.
    """
    return _changing("catalog.document.conduct", {"id": document_id})


def cancel(document_id: int) -> Command[None]:
    """Moves the goods of a conducted document back. Page: catalog-document-cancel."""
    return _changing("catalog.document.cancel", {"id": document_id})


def conduct_together(ids: Sequence[int]) -> Command[None]:
    """`conduct` for at most 50. What worked stays done where another one was refused.

    Page: catalog-document-conduct-list.
    """
    return _changing("catalog.document.conductList", {"documentIds": _few(ids)})


def cancel_together(ids: Sequence[int]) -> Command[None]:
    """`cancel` for at most 50, as `conduct_together`. Page: catalog-document-cancel-list."""
    return _changing("catalog.document.cancelList", {"documentIds": _few(ids)})


def _changing(method: str, params: Mapping[str, object]) -> Command[None]:
    return Command(method, params, Kind.CREATE, _true, timeout=_TIMEOUT)


def _filter(condition: Mapping[str, object]) -> dict[str, object]:
    """A batch cannot carry an empty map."""
    return {"filter": dict(condition)} if condition else {}


def _few(ids: Sequence[int]) -> list[int]:
    if not 0 < len(ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    return list(ids)


def _true(answer: Answer) -> None:
    """Success is true; anything else leaves open what was done."""
    if not as_bool(answer.result):
        raise UnexpectedAnswer("true was expected")


def _documents(answer: Answer) -> Page[StoreDocument]:
    return page_of(answer, as_map(answer.result)["documents"], _document)


def _document(value: object) -> StoreDocument:
    row = as_map(value)
    return StoreDocument(
        id=as_key(row["id"]),
        doc_type=as_text(row["docType"]),
        number=as_text(row.get("docNumber")),
        title=as_text(row.get("title")),
        status=as_text(row["status"]),
        dated=as_moment_or_none(row.get("dateDocument")),
        created=as_moment_or_none(row.get("dateCreate")),
        total=as_money_or_none(row.get("total")),
        currency=as_text(row.get("currency")),
    )


def _lines(answer: Answer) -> Page[Line]:
    return page_of(answer, as_map(answer.result)["documentElements"], _line)


def _line(value: object) -> Line:
    row = as_map(value)
    return Line(
        id=as_key(row["id"]),
        document_id=as_key(row["docId"]),
        product_id=as_key(row["elementId"]),
        store_from=as_id(row.get("storeFrom")),
        store_to=as_id(row.get("storeTo")),
        amount=as_money_or_none(row.get("amount")) or Decimal(0),
    )


def _stores(answer: Answer) -> Page[Store]:
    return page_of(answer, as_map(answer.result)["stores"], _store)


def _store(value: object) -> Store:
    row = as_map(value)
    return Store(
        id=as_key(row["id"]), title=as_text(row.get("title")), active=as_bool(row.get("active"))
    )


def _stock(answer: Answer) -> Page[Stock]:
    return page_of(answer, as_map(answer.result)["storeProducts"], _place)


def _place(value: object) -> Stock:
    row = as_map(value)
    return Stock(
        product_id=as_key(row["productId"]),
        store_id=as_key(row["storeId"]),
        amount=as_money_or_none(row.get("amount")) or Decimal(0),
    )


def _product_name(answer: Answer) -> str:
    return as_text(as_map(as_map(answer.result)["product"])["name"])
