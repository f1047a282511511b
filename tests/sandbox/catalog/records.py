"""What inventory management knows: plain records, no behaviour.

https://apidocs.bitrix24.com/api-reference/catalog/data-types.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

RECEIPT, ADJUSTMENT, TRANSFER, RETURN, WRITE_OFF = "A", "S", "M", "R", "D"
TYPES = {
    RECEIPT: "Stock receipt",
    ADJUSTMENT: "Stock adjustment",
    TRANSFER: "Transfer",
    RETURN: "Return",
    WRITE_OFF: "Write-off",
}
VENDOR_CATEGORIES = {3: 5, 4: 6}
"""Contacts and companies to the id of their category of suppliers."""
DRAFT, CONDUCTED, CANCELED = "N", "Y", "C"


@dataclass
class Product:
    id: int
    name: str
    measure: str = "pcs"
    is_service: bool = False
    """Services are in no store."""


@dataclass
class Store:
    """A warehouse."""

    id: int
    title: str
    address: str
    active: bool = True
    code: str | None = None
    description: str | None = None
    email: str | None = None
    phone: str | None = None
    schedule: str | None = None
    sort: int = 100
    issuing_center: bool = False
    gps_north: Decimal | None = None
    gps_south: Decimal | None = None
    xml_id: str | None = None
    image: dict[str, Any] | None = None
    created_by: int = 1
    modified_by: int = 1
    created: datetime | None = None
    modified: datetime | None = None


@dataclass
class Stock:
    """How much of a product lies in a store."""

    id: int
    product_id: int
    store_id: int
    amount: Decimal = Decimal(0)
    reserved: Decimal | None = None


@dataclass
class StoreDocument:
    id: int
    doc_type: str
    """One of `TYPES`."""
    currency: str
    responsible_id: int
    title: str
    doc_number: str
    created: datetime
    modified: datetime
    status_changed: datetime
    created_by: int
    modified_by: int
    site_id: str = "s1"
    commentary: str | None = None
    status: str = DRAFT
    status_by: int | None = None
    dated: datetime | None = None
    total: Decimal | None = None


@dataclass
class StoreDocumentElement:
    """A line of a document."""

    id: int
    doc_id: int
    element_id: int
    """The product's id."""
    store_from: int | None = None
    store_to: int | None = None
    amount: Decimal | None = None
    purchasing_price: Decimal | None = None


@dataclass
class Contractor:
    """A supplier of a receipt: a contact (3) or a company (4)."""

    id: int
    document_id: int
    entity_type_id: int
    entity_id: int


@dataclass
class Inventory:
    enabled: bool = True
    """Whether the portal uses inventory management: what mode.status tells."""
    allows_negative: bool = False
    """Whether more may leave a store than is in it."""
    products: dict[int, Product] = field(default_factory=dict)
    stores: dict[int, Store] = field(default_factory=dict)
    stock: dict[int, Stock] = field(default_factory=dict)
    documents: dict[int, StoreDocument] = field(default_factory=dict)
    elements: dict[int, StoreDocumentElement] = field(default_factory=dict)
    contractors: dict[int, Contractor] = field(default_factory=dict)
