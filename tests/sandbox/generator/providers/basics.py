"""What the fields of all CRM objects are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tests.sandbox.generator.address import AddressValue
from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import (
    ADDRESS,
    DATE,
    MONEY,
    NAME,
    PHONE,
    Date,
    Money,
    Multiple,
    PersonName,
    Text,
    Value,
)
from tests.sandbox.world import Address, Contact, Deal, SaleItem, User

ORIGINS = {"CALL": "Call", "EMAIL": "E-mail", "WEB": "Website", "RECOMMENDATION": "Recommendation"}
FIRST = {"mfirst": True}
Group = tuple[str, ...]
RESPONSIBLE = (ROOT, "Responsible person")


def text(content: Any) -> Text | None:
    """A plain value; nothing for None and ""."""
    return None if content is None or content == "" else Text(content)


def several(contents: Iterable[str]) -> Value | None:
    """The first of these where nothing else is asked for; one alone is no list."""
    known = tuple(Text(content) for content in contents if content)
    if len(known) > 1:
        return Multiple(known, first=True)
    return known[0] if known else None


def plain_fields(group: Group, known: Iterable[tuple[str, str, Any]]) -> list[Field]:
    """Fields of plain text: (path, title, content)."""
    return [Field(path, title, group, text(content)) for path, title, content in known]


def contact_ways(
    path: str,
    group: Group,
    phones: Iterable[str],
    email: str | None,
    web: str | None = None,
    titles: tuple[str, str, str] = ("Phone", "E-mail", "Website"),
) -> list[Field]:
    """Phone, e-mail and, where it is not None, site below `path` ("CLIENT_", "COMPANY.")."""
    phone, mail, site = titles
    found = [
        Field(f"{path}PHONE", phone, group, several(phones), type=PHONE, format=dict(FIRST)),
        Field(f"{path}EMAIL", mail, group, text(email), format=dict(FIRST)),
    ]
    if web is not None:
        found.append(Field(f"{path}WEB", site, group, text(web), format=dict(FIRST)))
    return found


def date_field(
    sources: Sources,
    path: str,
    title: str,
    group: Group,
    value: date | datetime | None,
    kind: str = DATE,
) -> Field:
    """A day or a moment, in the region's pattern."""
    if value is not None and not isinstance(value, datetime):
        value = datetime.combine(value, time(), sources.locale.zone)
    pattern = sources.locale.date_pattern
    shown = Date(value, sources.locale, pattern) if value else None
    return Field(path, title, group, shown, type=kind, format={"format": pattern})


def money_field(
    sources: Sources, path: str, title: str, group: Group, amount: Decimal | None
) -> Field:
    """An amount in the object's currency."""
    shown = None if amount is None else Money(amount, sources.currency, sources.locale)
    form = {"currencyId": sources.currency, "withZeros": True}
    return Field(path, title, group, shown, type=MONEY, format=form)


def address_field(
    sources: Sources, path: str, title: str, group: Group, address: Address | None, kind: str = ""
) -> Field:
    """An address as the template's region writes it."""
    shown = AddressValue(address, sources.locale.region, kind) if address else None
    return Field(path, title, group, shown, type=ADDRESS)


def name_field(path: str, title: str, group: Group, parts: dict[str, str], pattern: str) -> Field:
    """A name or a part of it."""
    name = PersonName(parts, pattern)
    shown = name if name.plain() else None
    return Field(path, title, group, shown, type=NAME, format={"format": pattern})


def name_parts(one: Contact | SaleItem | None) -> dict[str, str]:
    """The name of a contact, or of who stands behind a lead."""
    if one is None:
        return {}
    return {
        "TITLE": one.honorific,
        "NAME": one.name,
        "SECOND_NAME": one.second_name,
        "LAST_NAME": one.last_name,
    }


def user_fields(sources: Sources, one: Deal | SaleItem | None, group: Group) -> list[Field]:
    """The portal's custom fields."""
    found = []
    for name, label in sources.portal.user_field_labels.items():
        value = one.user_fields.get(name) if one else None
        if isinstance(value, date):
            found.append(date_field(sources, name, label, group, value))
        elif isinstance(value, list):
            shown = Multiple(tuple(Text(str(item)) for item in value)) if value else None
            found.append(Field(name, label, group, shown))
        else:
            content = str(value) if isinstance(value, Decimal) else value
            found.append(Field(name, label, group, text(content)))
    return found


def person(
    sources: Sources, user: User | None, path: str, group: Group = RESPONSIBLE
) -> list[Field]:
    """An employee's fields below `path`."""
    whole = sources.locale.own_name_pattern or "#NAME# #LAST_NAME#"
    parts = {"NAME": user.name, "LAST_NAME": user.last_name} if user else {}
    names = [
        ("FORMATTED_NAME", "Full name", whole),
        ("NAME", "First name", "#NAME#"),
        ("LAST_NAME", "Last name", "#LAST_NAME#"),
    ]
    plain = [
        ("EMAIL", "E-Mail", "", user and user.email),
        ("WORK_POSITION", "Position", "", user and user.work_position),
        ("WORK_PHONE", "Phone", PHONE, user and user.work_phone),
        ("PERSONAL_PHONE", "Phone", PHONE, user and user.work_phone),
    ]
    return [
        *(name_field(f"{path}.{key}", title, group, parts, form) for key, title, form in names),
        *(
            Field(f"{path}.{key}", title, group, text(value), type=kind)
            for key, title, kind, value in plain
        ),
    ]
