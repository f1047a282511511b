"""How the portal's pages write money, dates and names."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.sandbox.world import Address, Contact, Portal, User

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def money(amount: Decimal, currency: str) -> str:
    """€1,234.50"""
    return f"{SIGNS.get(currency, currency + ' ')}{amount:,.2f}"


def number(value: Decimal) -> str:
    """A number without needless zeros: 2, 2.5"""
    return f"{value.normalize():f}" if value else "0"


def day(value: date | None) -> str:
    """12 May 2026, or a dash"""
    return f"{value.day} {value:%B %Y}" if value else "—"


def moment(value: datetime | None, portal: Portal) -> str:
    """12 May 2026, 14:05 in the portal's time zone, or a dash"""
    if value is None:
        return "—"
    local = value.astimezone(ZoneInfo(portal.timezone))
    return f"{day(local)}, {local:%H:%M}"


def address(value: Address | None) -> str:
    """An address in one line, or a dash"""
    if value is None:
        return "—"
    place = f"{value.postal_code} {value.city}".strip()
    return ", ".join(part for part in (value.street, value.street_2, place, value.country) if part)


def contact_name(contact: Contact) -> str:
    return f"{contact.name} {contact.last_name}".strip()


def initials(user: User) -> str:
    return f"{user.name[:1]}{user.last_name[:1]}".upper()


def tone(portal: Portal, user: User) -> int:
    """The number of the colour of a user's round picture."""
    return list(portal.users).index(user.id) % 6
