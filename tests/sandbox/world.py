"""What a sandbox portal knows: plain records, no behaviour.

The names are Bitrix24's where it has them. Money is `Decimal`, moments are aware datetimes.
Everything a REST method answers is built from these records; nothing of the application is here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.sandbox.catalog.records import Inventory

DEAL, LEAD, CONTACT, COMPANY, QUOTE, SMART_INVOICE = 2, 1, 3, 4, 7, 31


@dataclass
class User:
    id: int
    name: str
    last_name: str
    email: str
    work_position: str = ""
    work_phone: str = ""
    is_admin: bool = False
    departments: list[int] = field(default_factory=list)
    templates_modify: str = ""
    """The generator's right TEMPLATES.MODIFY: "" none, "A" own, "D" department, "X" any."""
    documents_view: bool = True
    documents_modify: bool = True
    reads_deals: str = "all"
    """Which deals the user may read: "all", "own" (assigned to him) or "none"."""
    reads_clients: bool = True
    """Whether the user may read companies and contacts."""
    reads: dict[int, str] = field(default_factory=dict)
    """Type of lead, quote or smart invoice to "all", "own" or "none", where it is not as with
    deals."""
    uses_application: bool = True
    settings_modify: bool = False
    """The generator's right SETTINGS.MODIFY: its roles."""
    is_extranet: bool = False
    reads_catalog: bool = True
    """The right "View product catalog"."""
    uses_inventory: bool = True
    """The right to see the section of inventory management."""
    inventory_rights: dict[str, list[str]] = field(default_factory=dict)
    """Type of inventory document ("A", "S", …) to what the user may do with those: "view",
    "modify", "conduct", "cancel", "delete". Administrators may everything."""
    stores: list[int] | None = None
    """Warehouses the user may view and choose, None for all."""

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.last_name}"


@dataclass
class Address:
    street: str
    postal_code: str
    city: str
    country: str
    street_2: str = ""


@dataclass
class BankDetail:
    id: int
    name: str
    bank_name: str
    iban: str
    swift: str
    account: str = ""
    bik: str = ""
    corr_account: str = ""


@dataclass
class Requisite:
    id: int
    name: str
    company_name: str
    company_full_name: str
    vat_id: str = ""
    director: str = ""
    accountant: str = ""
    registered_address: Address | None = None
    delivery_address: Address | None = None
    bank_details: list[BankDetail] = field(default_factory=list)
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""


@dataclass
class Company:
    id: int
    title: str
    is_my_company: bool = False
    phone: str = ""
    email: str = ""
    web: str = ""
    address: Address | None = None
    requisites: list[Requisite] = field(default_factory=list)
    logo: str = ""
    """Path of the picture below the portal's origin, "" without one. So are the next three."""
    stamp: str = ""
    director_sign: str = ""
    accountant_sign: str = ""
    assigned_by_id: int = 1
    more: dict[str, Any] = field(default_factory=dict)
    """Documented fields of REST that nothing here reads: REST name to what was set."""
    type: str = ""
    industry: str = ""
    employees: str = ""
    other_phones: list[str] = field(default_factory=list)
    """After `phone`, in the order they were entered."""


@dataclass
class Contact:
    id: int
    name: str
    last_name: str
    second_name: str = ""
    honorific: str = ""
    phone: str = ""
    email: str = ""
    post: str = ""
    company_id: int | None = None
    requisites: list[Requisite] = field(default_factory=list)
    assigned_by_id: int = 1
    type: str = ""
    source_id: str = ""
    birthdate: date | None = None
    address: Address | None = None
    comments: str = ""
    other_phones: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """Documented fields of REST that nothing here reads: REST name to what was set."""


@dataclass
class ProductRow:
    id: int
    product_id: int
    name: str
    price: Decimal
    """For one unit, after discount, with tax: what crm.item.productrow calls `price`."""
    quantity: Decimal
    measure: str
    tax_rate: Decimal | None
    """Percent, or None for a row without tax."""
    tax_included: bool = False
    discount_rate: Decimal = Decimal(0)
    description: str = ""
    is_service: bool = False
    section: str = ""
    preview_picture: str = ""
    """Path of the picture below the portal's origin, "" without one. So is the next."""
    detail_picture: str = ""


@dataclass
class Category:
    """A deal pipeline."""

    id: int
    name: str
    stages: dict[str, str] = field(default_factory=dict)
    """Stage id ("NEW", "C1:NEW") to its name, in order."""


@dataclass
class Deal:
    id: int
    title: str
    category_id: int
    stage_id: str
    opportunity: Decimal
    currency_id: str
    assigned_by_id: int
    company_id: int | None = None
    contact_ids: list[int] = field(default_factory=list)
    my_company_id: int | None = None
    is_manual_opportunity: bool = False
    begin_date: date | None = None
    close_date: date | None = None
    type_id: str = "SALE"
    source_id: str = "CALL"
    probability: int | None = None
    comments: str = ""
    created_time: datetime | None = None
    updated_time: datetime | None = None
    user_fields: dict[str, Any] = field(default_factory=dict)
    """`UF_CRM_…` to its value."""
    rows: list[ProductRow] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """Documented fields of REST that nothing here reads: REST name to what was set."""


@dataclass
class SaleItem:
    """A lead, a quote or a smart invoice: one kind of record for all three."""

    id: int
    entity_type_id: int
    title: str
    stage_id: str
    opportunity: Decimal
    currency_id: str
    assigned_by_id: int
    number: str = ""
    """Of a quote or an invoice."""
    category_id: int | None = None
    """Only invoices have one."""
    deal_id: int | None = None
    company_id: int | None = None
    contact_ids: list[int] = field(default_factory=list)
    my_company_id: int | None = None
    lead_id: int | None = None
    """The lead a quote was made of."""
    name: str = ""
    """First name of who stands behind a lead; so are the next."""
    last_name: str = ""
    second_name: str = ""
    honorific: str = ""
    birthdate: date | None = None
    post: str = ""
    company_title: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    address: Address | None = None
    content: str = ""
    """What a quote says, and its terms."""
    terms: str = ""
    source_id: str = ""
    comments: str = ""
    is_manual_opportunity: bool = False
    begin_date: date | None = None
    close_date: date | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None
    user_fields: dict[str, Any] = field(default_factory=dict)
    rows: list[ProductRow] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """Documented fields of REST that nothing here reads: REST name to what was set."""


Selling = Deal | SaleItem
"""What sells products: it has rows, an amount, a currency, and mostly a client."""


@dataclass
class TimelineEntry:
    """What an application wrote into an object's history."""

    id: int
    kind: str
    """"activity", "comment" or "log"."""
    entity_type_id: int
    entity_id: int
    author_id: int
    created: datetime
    title: str = ""
    text: str = ""
    icon: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    """Everything that was sent."""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    sent_to: list[str] = field(default_factory=list)
    """Whom an e-mail went to; empty for anything that was only recorded."""


@dataclass
class Region:
    """A region of the generator made by somebody; the built-in ones are in the REST module."""

    id: int
    title: str
    language_id: str = ""
    format_date: str = ""
    format_datetime: str = ""
    format_name: str = ""
    phrases: dict[str, str] = field(default_factory=dict)


@dataclass
class Role:
    """A role of the generator."""

    id: int
    name: str
    code: str = ""
    permissions: dict[str, dict[str, str]] = field(default_factory=dict)
    """{"settings": {"modify": ""}, "templates": …, "documents": …}"""


@dataclass
class Numerator:
    id: int
    name: str
    template: str
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    """Hash ("" or "COMPANY_ID_5") to the number that comes next."""
    last_given: dict[str, datetime] = field(default_factory=dict)
    """Hash to the moment its last number was given."""
    created_by_rest: bool = False


@dataclass
class DocumentTemplate:
    id: int
    name: str
    region: str
    numerator_id: int
    body: bytes
    """The .docx."""
    entity_type_ids: list[str] = field(default_factory=list)
    """As stored: "2_category_0", "1", "31_1" (smart invoices, their pipeline 1) …"""
    users: list[str] = field(default_factory=lambda: ["UA"])
    active: bool = True
    with_stamps: bool = False
    is_deleted: bool = False
    sort: int = 500
    code: str | None = None
    products_table_variant: str = ""
    created_by: int = 1
    created_time: datetime | None = None
    updated_time: datetime | None = None
    updated_by: int | None = None


@dataclass
class File:
    id: int
    name: str
    content_type: str
    body: bytes


@dataclass
class Document:
    id: int
    title: str
    number: str
    template_id: int
    entity_type_id: int
    entity_id: str
    values: dict[str, Any]
    """Stored overrides, with `productsTableVariant`, `_creationMethod`, `stampsEnabled`."""
    created_time: datetime
    updated_time: datetime
    created_by: int | None
    updated_by: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    stamps_enabled: bool = False
    file_id: int | None = None
    pdf_id: int | None = None
    image_id: int | None = None
    public_hash: str | None = None
    """32 hex characters while the public link is on."""
    public_short: str | None = None
    public_viewed: datetime | None = None
    converting_since: datetime | None = None
    conversion_attempts: int = 0
    conversion_error: tuple[int | str, str] | None = None


@dataclass
class Application:
    """An application of this portal: local (registered in its form) or from the Market."""

    client_id: str
    client_secret: str
    name: str
    handler_url: str
    install_url: str
    scopes: list[str]
    status: str = "L"
    installed: bool = False
    version: int = 1
    application_token: str = ""
    created_by: int = 1
    menu_only_admins: bool = False
    opened_by: set[tuple[int, int]] = field(default_factory=set)
    """(user, version) of those who have run it: FIRST_RUN is over for them."""


@dataclass
class PlacementBinding:
    client_id: str
    placement: str
    handler: str
    title: str = ""
    description: str = ""
    group_name: str = ""
    lang_all: dict[str, dict[str, str]] = field(default_factory=dict)
    user_id: int = 0
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class EventBinding:
    id: int
    client_id: str
    event: str
    handler: str
    auth_type: int = 0
    offline: bool = False
    connector: str = ""
    """The source key of an offline binding."""
    options: dict[str, Any] = field(default_factory=dict)
    notified: datetime | None = None
    """When ONOFFLINEEVENT was last sent to this handler."""


@dataclass
class OfflineEvent:
    """The last change of one object that waits for an application to ask for it."""

    id: int
    client_id: str
    connector: str
    event: str
    message_id: str
    data: dict[str, Any]
    user_id: int | None
    changed: datetime
    process_id: str = ""
    error: bool = False


@dataclass
class Portal:
    """One Bitrix24. `origin` is what browsers and REST clients use, without a trailing slash."""

    code: str
    title: str
    origin: str
    member_id: str
    language: str = "en"
    timezone: str = "Europe/Berlin"
    license: str = "eu_basic"
    region: str = "eu"
    """Decides which authorization server the portal uses."""
    on_premises: bool = False
    """A portal on a company's own server: no limits of the cloud, no plans."""
    users: dict[int, User] = field(default_factory=dict)
    departments: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    """Id to (name, parent id)."""
    categories: dict[int, Category] = field(default_factory=dict)
    deals: dict[int, Deal] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    sale_items: dict[int, dict[int, SaleItem]] = field(default_factory=dict)
    """Type (lead, quote, smart invoice) to its objects by id."""
    stages: dict[int, dict[str, str]] = field(default_factory=dict)
    """Type (lead, quote, smart invoice) to its stages: id to name, in order. Those of deals are in
    `categories`."""
    timeline: list[TimelineEntry] = field(default_factory=list)
    user_field_labels: dict[str, str] = field(default_factory=dict)
    numerators: dict[int, Numerator] = field(default_factory=dict)
    templates: dict[int, DocumentTemplate] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Path below the origin ("/upload/crm/logo.png") to (content type, bytes)."""
    applications: dict[str, Application] = field(default_factory=dict)
    placements: list[PlacementBinding] = field(default_factory=list)
    event_bindings: list[EventBinding] = field(default_factory=list)
    offline_events: list[OfflineEvent] = field(default_factory=list)
    regions: dict[int, Region] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    inventory: Inventory = field(default_factory=Inventory)
    last_ids: dict[str, int] = field(default_factory=dict)

    def next_id(self, kind: str) -> int:
        """The next id of a kind of thing ("document", "file", …), counting up from 1."""
        self.last_ids[kind] = self.last_ids.get(kind, 0) + 1
        return self.last_ids[kind]


@dataclass
class Token:
    """A pair given out by the authorization server."""

    access: str
    refresh: str
    client_id: str
    member_id: str
    user_id: int
    scopes: list[str]
    expires: datetime
    revoked: bool = False
    refresh_spent: bool = False
    depth: int = 0
    """How many events stand behind it: 1 for a token that came with an event."""
