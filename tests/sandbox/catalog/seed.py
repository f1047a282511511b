"""Nordwerk's stores: two in use and one given up, goods, and documents in every state.

Lindner & Vogt sell advice; they do not use inventory management.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tests.sandbox.catalog import conducting
from tests.sandbox.catalog.records import (
    ADJUSTMENT,
    RECEIPT,
    RETURN,
    TRANSFER,
    VENDOR_CATEGORIES,
    WRITE_OFF,
    Contractor,
    Product,
    Store,
    StoreDocument,
    StoreDocumentElement,
)
from tests.sandbox.world import COMPANY, Company, Portal

CENTRAL, SITE, CLOSED = 1, 2, 3
SUPPLIER = 55
ALL = ["view", "modify", "conduct", "cancel", "delete"]
BORIS, TOM = 7, 23
FIRST_FREE = {"store_document": 20, "store_element": 100, "store_contractor": 20, "store": 10}

Line = tuple[int, str, str]
"""Product, amount, purchasing price."""


def fill(portal: Portal, now: datetime) -> None:
    """Puts stores, goods and documents into a portal fresh from its seed."""
    if portal.code != "nordwerk":
        portal.inventory.enabled = False
        return
    portal.last_ids |= FIRST_FREE
    portal.inventory.products = _products(portal)
    portal.inventory.stores = {one.id: one for one in _stores(now)}
    portal.companies[SUPPLIER] = Company(
        SUPPLIER,
        "Plattenhandel Weser GmbH",
        phone="+49 421 6644 0",
        assigned_by_id=TOM,
        more={"categoryId": VENDOR_CATEGORIES[COMPANY]},
    )
    # Boris looks, Tom works at the site and never sees the central store's papers.
    portal.users[BORIS].inventory_rights = {RECEIPT: ["view"], TRANSFER: ["view"]}
    portal.users[TOM].inventory_rights = {RECEIPT: ALL, WRITE_OFF: ALL, RETURN: ["view", "modify"]}
    portal.users[TOM].stores = [SITE]
    _documents(portal, now)


def _products(portal: Portal) -> dict[int, Product]:
    """The goods and services of the deals, under the same ids."""
    rows = [row for deal in portal.deals.values() for row in deal.rows if row.product_id]
    return {
        row.product_id: Product(row.product_id, row.name, row.measure, row.is_service)
        for row in rows
    }


def _stores(now: datetime) -> list[Store]:
    opened = now - timedelta(days=400)
    return [
        Store(
            CENTRAL,
            "Central store",
            "Hafenstraße 12, 28217 Bremen",
            code="central",
            phone="+49 421 3380 18",
            schedule="Mon.–Fri. 6:30–16:00",
            sort=100,
            created=opened,
            modified=opened,
        ),
        Store(
            SITE,
            "Site store Überseestadt",
            "Konsul-Smidt-Straße 90, 28217 Bremen",
            code="site",
            sort=200,
            created=opened,
            modified=opened,
        ),
        Store(
            CLOSED,
            "Old shed",
            "Ladestraße 3, 28197 Bremen",
            active=False,
            sort=300,
            created=opened,
            modified=opened,
        ),
    ]


def _documents(portal: Portal, now: datetime) -> None:
    """Opening stock, a receipt and a return are conducted; the rest are drafts.

    The write-off asks for more than there is, the last receipt has no supplier.
    """
    opening = _document(portal, 1, ADJUSTMENT, "Opening stock", now - timedelta(days=90))
    for line in [(11, "20", "640"), (12, "400", "31.5"), (13, "120", "52.4"), (18, "16", "1890")]:
        _line(portal, opening, line, to=CENTRAL)
    receipt = _document(portal, 2, RECEIPT, "Panels and floor", now - timedelta(days=12))
    for line in [(11, "6", "655"), (12, "150", "32.1")]:
        _line(portal, receipt, line, to=CENTRAL)
    transfer = _document(portal, 3, TRANSFER, "To the Lindner site", now - timedelta(days=2))
    _line(portal, transfer, (11, "14", "0"), out_of=CENTRAL, to=SITE)
    returned = _document(portal, 4, RETURN, "Unused LED panels", now - timedelta(days=5))
    _line(portal, returned, (13, "4", "52.4"), to=SITE)
    damaged = _document(portal, 5, WRITE_OFF, "Broken at the site", now - timedelta(days=1))
    _line(portal, damaged, (13, "9", "52.4"), out_of=SITE)
    _document(portal, 6, RECEIPT, "Lamps, ordered", now - timedelta(hours=5))
    portal.inventory.contractors[1] = Contractor(1, receipt.id, COMPANY, SUPPLIER)
    for document in (opening, receipt, returned):
        conducting.conduct(portal.inventory, document, 1, document.created)


def _document(
    portal: Portal, number: int, doc_type: str, title: str, made: datetime
) -> StoreDocument:
    document = StoreDocument(
        id=number,
        doc_type=doc_type,
        currency="EUR",
        responsible_id=TOM,
        title=title,
        doc_number=f"{doc_type}-{number:04}",
        created=made,
        modified=made,
        status_changed=made,
        created_by=TOM,
        modified_by=TOM,
    )
    portal.inventory.documents[number] = document
    return document


def _line(
    portal: Portal,
    document: StoreDocument,
    line: Line,
    *,
    out_of: int | None = None,
    to: int | None = None,
) -> None:
    elements = portal.inventory.elements
    number = max(elements, default=0) + 1
    product, amount, price = line
    elements[number] = StoreDocumentElement(
        number, document.id, product, out_of, to, Decimal(amount), Decimal(price)
    )
