"""Inventory documents for an administrator: which there are, and what cancelling one would do.

Everything is read from Bitrix24 and nothing is kept: stock moves without telling us.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from b24app.bitrix import catalog
from b24app.bitrix.catalog import Line, Stock, Store, StoreDocument
from b24app.bitrix.client import BATCH_SIZE, Batch, PortalClient
from b24app.bitrix.errors import BitrixError, Refused, ScopeMissing
from b24app.bitrix.protocol import PAGE_SIZE, Command, Page

MOST_LINES = 500
"""Lines that are read to know the stores of a page of documents, or the documents of a store."""
CANCEL, CONDUCT = "cancel", "conduct"
ACTIONS = (CANCEL, CONDUCT)


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" and None are all of them."""

    doc_type: str = ""
    state: str = ""
    store: int | None = None
    start: int = 0


@dataclass(frozen=True)
class Row:
    """A document, the names of the stores it takes from and puts into, and their ids."""

    document: StoreDocument
    out_of: list[str]
    into: list[str]
    store_ids: list[int]


@dataclass(frozen=True)
class Overview:
    """`enabled`: whether inventory management is on, None where Bitrix24 did not tell."""

    rows: list[Row]
    stores: list[Store]
    counts: dict[str, int]
    total: int
    next: int | None
    enabled: bool | None
    cut: bool
    """The chosen store has more lines than were read: older documents may be missing."""


@dataclass(frozen=True)
class Effect:
    """What becomes of one product in one store. `now` is None where nothing tells."""

    product: str
    store: str
    now: Decimal | None
    change: Decimal

    @property
    def after(self) -> Decimal | None:
        return None if self.now is None else self.now + self.change

    @property
    def out(self) -> Decimal:
        """What would leave the store."""
        return -self.change

    @property
    def short(self) -> bool:
        """More would leave the store than is in it."""
        return self.after is not None and self.change < 0 and self.after < 0


@dataclass(frozen=True)
class Question:
    """What a person reads before he says yes."""

    action: str
    rows: list[Row]
    effects: list[Effect]
    enabled: bool | None

    @property
    def short(self) -> list[Effect]:
        return [one for one in self.effects if one.short]


def overview(client: PortalClient, wanted: Wanted) -> Overview:
    """A page of documents. Raises `ScopeMissing`, `BitrixError`."""
    condition, cut = _condition(client, wanted)
    commands: dict[str, Command[Any]] = {
        "documents": catalog.list_documents(_with_state(condition, wanted.state), wanted.start),
        "stores": catalog.list_stores(),
        "mode": catalog.inventory_is_on(),
    }
    for state in catalog.STATES:
        commands[f"state{state}"] = catalog.list_documents(_with_state(condition, state))
    batch = client.batch(commands)
    page: Page[StoreDocument] = batch["documents"]
    stores = _stores(batch)
    counts = {state: batch[f"state{state}"].total or 0 for state in catalog.STATES}
    return Overview(
        rows=_rows(page.items, _lines_of(client, page.items), stores),
        stores=stores,
        counts=counts,
        total=page.total or len(page.items),
        next=page.next,
        enabled=_told(batch, "mode"),
        cut=cut,
    )


def question(client: PortalClient, action: str, ids: Sequence[int]) -> Question:
    """What an action would do with at most 50 documents. Raises `BitrixError`."""
    batch = client.batch(
        {
            "documents": catalog.list_documents_by_id(ids),
            "stores": catalog.list_stores(),
            "mode": catalog.inventory_is_on(),
        }
    )
    documents: Sequence[StoreDocument] = batch["documents"].items
    stores, lines = _stores(batch), _lines_of(client, documents)
    return Question(
        action=action,
        rows=_rows(documents, lines, stores),
        effects=effects(client, action, documents, lines, stores),
        enabled=_told(batch, "mode"),
    )


def effects(
    client: PortalClient,
    action: str,
    documents: Iterable[StoreDocument],
    lines: Iterable[Line],
    stores: Iterable[Store],
) -> list[Effect]:
    """The change of stock by product and store, with what lies there now. Raises `BitrixError`."""
    changes = moved(action, documents, lines)
    products = sorted({product for product, _ in changes})
    stock, names = _stock_of(client, products), _names_of(client, products)
    titles = {store.id: store.title for store in stores}
    return [
        Effect(
            names.get(product) or f"#{product}",
            titles.get(store) or f"#{store}",
            None if stock is None else stock.get((product, store), Decimal(0)),
            change,
        )
        for (product, store), change in changes.items()
        if change
    ]


def moved(
    action: str, documents: Iterable[StoreDocument], lines: Iterable[Line]
) -> dict[tuple[int, int], Decimal]:
    """By product and store: what comes in, less what goes out."""
    types = {one.id: one.doc_type for one in documents}
    sign = -1 if action == CANCEL else 1
    found: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for line in lines:
        for store, change in catalog.moves(types.get(line.document_id, ""), line):
            found[line.product_id, store] += sign * change
    return dict(found)


def _condition(client: PortalClient, wanted: Wanted) -> tuple[dict[str, object], bool]:
    """The filter without the state, and whether a store has more documents than were found.

    Documents know no store, their lines do.
    """
    condition: dict[str, object] = {"docType": wanted.doc_type} if wanted.doc_type else {}
    if wanted.store is None:
        return condition, False
    ids: dict[int, None] = {}
    cut = False
    for side in ("storeTo", "storeFrom"):
        lines = list(islice(_pages_of_lines(client, {side: wanted.store}), MOST_LINES))
        cut = cut or len(lines) == MOST_LINES
        ids |= dict.fromkeys(line.document_id for line in lines)
    condition["@id"] = sorted(ids) or [0]  # an empty list would mean all of them
    return condition, cut


def _with_state(condition: dict[str, object], state: str) -> dict[str, object]:
    return condition | ({"status": state} if state else {})


def _pages_of_lines(client: PortalClient, condition: dict[str, object]) -> Iterable[Line]:
    return client.pages(lambda start: catalog.list_lines(condition, start))


def _lines_of(client: PortalClient, documents: Iterable[StoreDocument]) -> list[Line]:
    ids = [one.id for one in documents]
    return list(islice(_pages_of_lines(client, {"@docId": ids}), MOST_LINES)) if ids else []


def _rows(
    documents: Iterable[StoreDocument], lines: Iterable[Line], stores: Iterable[Store]
) -> list[Row]:
    titles = {store.id: store.title for store in stores}
    out_of: dict[int, dict[str, None]] = defaultdict(dict)
    into: dict[int, dict[str, None]] = defaultdict(dict)
    ids: dict[int, dict[int, None]] = defaultdict(dict)
    types = {one.id: one.doc_type for one in documents}
    for line in lines:
        for store, change in catalog.moves(types.get(line.document_id, ""), line):
            side = out_of if change < 0 else into
            side[line.document_id][titles.get(store) or f"#{store}"] = None
            ids[line.document_id][store] = None
    return [
        Row(one, list(out_of[one.id]), list(into[one.id]), list(ids[one.id])) for one in documents
    ]


def _stores(batch: Batch) -> list[Store]:
    """Empty for whoever may not read them: then numbers stand for names."""
    error = batch.failed("stores")
    if isinstance(error, ScopeMissing):
        raise error
    return list(batch["stores"].items) if error is None else []


def _told(batch: Batch, key: str) -> Any:
    return batch[key] if batch.failed(key) is None else None


def _stock_of(
    client: PortalClient, products: Sequence[int]
) -> dict[tuple[int, int], Decimal] | None:
    """By product and store; None for whoever may not read it."""
    found: list[Stock] = []
    try:
        for begin in range(0, len(products), PAGE_SIZE):
            few = products[begin : begin + PAGE_SIZE]
            found += client.pages(lambda start, few=few: catalog.list_stock(few, start))  # type: ignore[misc]
    except Refused:
        return None
    return {(one.product_id, one.store_id): one.amount for one in found}


def _names_of(client: PortalClient, products: Sequence[int]) -> dict[int, str]:
    """As far as this person may read them."""
    found: dict[int, str] = {}
    for begin in range(0, len(products), BATCH_SIZE):
        few = products[begin : begin + BATCH_SIZE]
        try:
            batch = client.batch({f"product{one}": catalog.product_name(one) for one in few})
        except BitrixError:
            return found
        found |= {
            one: batch[f"product{one}"] for one in few if batch.failed(f"product{one}") is None
        }
    return found
