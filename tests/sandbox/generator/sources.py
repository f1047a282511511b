"""The CRM objects one document draws from, as one user sees them, and the choices among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from tests.sandbox.generator.ids import id_of
from tests.sandbox.generator.locale import Locale
from tests.sandbox.generator.regions import locale_of
from tests.sandbox.world import (
    COMPANY,
    CONTACT,
    DEAL,
    BankDetail,
    Company,
    Contact,
    Deal,
    DocumentTemplate,
    Portal,
    Requisite,
    SaleItem,
    Selling,
    User,
)

One = TypeVar("One", Company, Contact, Requisite, BankDetail)

TITLES = {
    "MY_COMPANY": "My Company",
    "MY_COMPANY.REQUISITE": "My company details",
    "MY_COMPANY.BANK_DETAIL": "Banking details",
    "COMPANY": "Company",
    "CONTACT": "Contact",
    "REQUISITE": "Customer details",
    "BANK_DETAIL": "Banking details",
}


@dataclass(frozen=True)
class Option:
    id: int
    title: str
    selected: bool


@dataclass
class Sources:
    """What the providers read. An object that is missing or may not be read is None."""

    portal: Portal
    locale: Locale
    currency: str
    entity_type_id: int
    selling: Selling | None = None
    """The deal, lead, quote or smart invoice the document is made for."""
    assigned: User | None = None
    my_company: Company | None = None
    my_requisite: Requisite | None = None
    my_bank_detail: BankDetail | None = None
    company: Company | None = None
    contact: Contact | None = None
    contacts: list[Contact] = field(default_factory=list)
    """All of them; `contact` is the first, or the one chosen."""
    requisite: Requisite | None = None
    bank_detail: BankDetail | None = None
    options: dict[str, list[Option]] = field(default_factory=dict)
    """Provider path ("MY_COMPANY") to what can stand there."""
    defaults: dict[str, int] = field(default_factory=dict)
    """Provider path to the id that stands there unless `values` choose another."""
    variant: str = ""
    now: datetime | None = None

    @property
    def deal(self) -> Deal | None:
        return self.selling if isinstance(self.selling, Deal) else None

    @property
    def item(self) -> SaleItem | None:
        return self.selling if isinstance(self.selling, SaleItem) else None

    @property
    def of_client(self) -> bool:
        """Whether the document is of a contact or company itself."""
        return self.entity_type_id in (CONTACT, COMPANY)

    @property
    def client_id(self) -> int | None:
        """The company of the deal, else its contact: what a number's {CLIENT_ID} says.

        Documents of a contact or company itself have no client.
        """
        client = self.company or self.contact
        return client.id if client and not self.of_client else None


def find(
    portal: Portal,
    template: DocumentTemplate,
    entity_type_id: int,
    entity_id: str,
    reader: User,
    values: dict[str, Any],
) -> Sources:
    """Finds the objects, following `values` where they choose among several."""
    number = id_of(entity_id)
    selling = selling_of(portal, entity_type_id, number)
    locale = locale_of(portal, template)
    currency = selling.currency_id if selling else "EUR"
    sources = Sources(portal, locale, currency, entity_type_id, selling)
    sources.variant = str(values.get("productsTableVariant") or template.products_table_variant)
    _choose_own(sources, values)
    company, contacts = _clients(portal, entity_type_id, number, selling)
    responsible = selling or company or next(iter(contacts), None)
    sources.assigned = portal.users.get(responsible.assigned_by_id) if responsible else None
    if reader.is_admin or reader.reads_clients:
        _choose_client(sources, values, company, contacts)
    return sources


def selling_of(portal: Portal, entity_type_id: int, number: int) -> Selling | None:
    """The deal, lead, quote or smart invoice of this id."""
    if entity_type_id == DEAL:
        return portal.deals.get(number)
    return portal.sale_items.get(entity_type_id, {}).get(number)


def _clients(
    portal: Portal, entity_type_id: int, number: int, selling: Selling | None
) -> tuple[Company | None, list[Contact]]:
    """The company and the contacts of an object; a contact or company is its own client."""
    known = portal.contacts
    if selling:
        contacts = [known[one] for one in selling.contact_ids if one in known]
        return portal.companies.get(selling.company_id or 0), contacts
    if entity_type_id == CONTACT and number in known:
        return None, [known[number]]
    company = portal.companies.get(number) if entity_type_id == COMPANY else None
    return company, []


def _choose_own(sources: Sources, values: dict[str, Any]) -> None:
    own = [one for one in sources.portal.companies.values() if one.is_my_company]
    default = sources.selling.my_company_id if sources.selling else None
    sources.my_company = _choose(sources, "MY_COMPANY", own, values, default)
    if sources.my_company is None:
        return
    requisites = sources.my_company.requisites
    sources.my_requisite = _choose(sources, "MY_COMPANY.REQUISITE", requisites, values)
    if sources.my_requisite is not None:
        banks = sources.my_requisite.bank_details
        sources.my_bank_detail = _choose(sources, "MY_COMPANY.BANK_DETAIL", banks, values)


def _choose_client(
    sources: Sources, values: dict[str, Any], company: Company | None, contacts: list[Contact]
) -> None:
    sources.company = _choose(sources, "COMPANY", [company] if company else [], values)
    sources.contact = _choose(sources, "CONTACT", contacts, values)
    sources.contacts = contacts
    client = sources.company or sources.contact
    if client is None:
        return
    sources.requisite = _choose(sources, "REQUISITE", client.requisites, values)
    if sources.requisite is not None:
        banks = sources.requisite.bank_details
        sources.bank_detail = _choose(sources, "BANK_DETAIL", banks, values)


def _choose(
    sources: Sources,
    path: str,
    candidates: Iterable[One],
    values: dict[str, Any],
    default: int | None = None,
) -> One | None:
    by_id = {one.id: one for one in candidates}
    if not by_id:
        return None
    usual = default if default in by_id else next(iter(by_id))
    wanted = id_of(values.get(path))
    chosen = wanted if wanted in by_id else usual
    sources.defaults[path] = usual
    sources.options[path] = [
        Option(one.id, _title(one), one.id == chosen) for one in by_id.values()
    ]
    return by_id[chosen]


def _title(one: Company | Contact | Requisite | BankDetail) -> str:
    if isinstance(one, Company):
        return one.title
    if isinstance(one, Contact):
        return f"{one.name} {one.last_name}".strip()
    return one.name
