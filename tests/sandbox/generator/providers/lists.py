"""Lists of people and companies: a deal's contacts, a contact's companies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.providers.party import (
    COMPANY_GROUP,
    CONTACT_GROUP,
    company_fields,
    contact_fields,
)
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import Text
from tests.sandbox.world import COMPANY, CONTACT, Company, Contact

One = TypeVar("One", Company, Contact)
CONTACTS, COMPANIES = (ROOT, "Contacts"), (ROOT, "Companies")


def fields(sources: Sources) -> list[Field]:
    """Columns such as `ContactsContactFormattedName`."""
    if sources.entity_type_id == CONTACT:
        return _columns(
            "COMPANIES",
            "COMPANY.",
            COMPANIES,
            _companies_of(sources),
            lambda one: company_fields(sources, one, "COMPANY.", COMPANY_GROUP),
        )
    return _columns(
        "CONTACTS",
        "CONTACT.",
        CONTACTS,
        _contacts_of(sources),
        lambda one: contact_fields(sources, one, "CONTACT.", CONTACT_GROUP),
    )


def _contacts_of(sources: Sources) -> list[Contact]:
    company = sources.company
    if sources.entity_type_id == COMPANY and company:
        known = sources.portal.contacts.values()
        return [one for one in known if one.company_id == company.id]
    return sources.contacts


def _companies_of(sources: Sources) -> list[Company]:
    contact = sources.contact
    found = sources.portal.companies.get(contact.company_id or 0) if contact else None
    return [found] if found else []


def _columns(
    list_name: str,
    item: str,
    group: tuple[str, ...],
    items: Sequence[One],
    describe: Callable[[One | None], list[Field]],
) -> list[Field]:
    """What the fields of one item are called, each with the values of all items."""
    described = [describe(one) for one in items]
    found = [
        Field(f"{list_name}.INDEX", "Current number", group, rows=_numbers(items), options=_array())
    ]
    for position, field in enumerate(describe(None)):
        found.append(
            Field(
                f"{list_name}.{item}{field.path.removeprefix(item)}",
                field.title,
                group,
                type=field.type,
                format=field.format,
                options=_array(),
                rows=[fields[position].value for fields in described],
            )
        )
    return found


def _numbers(items: Sequence[One]) -> list[Text]:
    return [Text(position) for position, _ in enumerate(items, 1)]


def _array() -> dict[str, bool]:
    return {"isArray": True}
