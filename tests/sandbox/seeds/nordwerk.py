"""Portal one: Nordwerk, interior works, Bremen."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.seeds import (
    clients,
    companies,
    deals,
    history,
    numerators,
    people,
    sales,
    selling,
    templates,
)
from tests.sandbox.world import Portal

MEMBER_ID = "6f1c0a5d2b7e4893a0c5d1e8f2b39a74"
FIRST_FREE = {
    "deal": 600,
    "lead": 730,
    "quote": 80,
    "smart_invoice": 60,
    "company": 60,
    "contact": 60,
    "numerator": 20,
    "template": 60,
    "product_row": 3000,
    "file": 900,
    "document": 100,
}


def portal(origin: str, now: datetime) -> Portal:
    """The portal as it is before anybody does anything."""
    made = _records(origin, now)
    history.add(made, lambda: _records(origin, now), now)
    return made


def _records(origin: str, now: datetime) -> Portal:
    found = [*companies.own_companies(), *clients.clients()]
    return Portal(
        "nordwerk",
        "Nordwerk",
        origin,
        MEMBER_ID,
        users=people.users(),
        departments=dict(people.DEPARTMENTS),
        categories=deals.categories(),
        deals=deals.deals(now),
        companies={company.id: company for company in found},
        contacts=clients.contacts(),
        sale_items=sales.items(now),
        stages=sales.stages(),
        user_field_labels=dict(selling.LABELS),
        numerators=numerators.numerators(now),
        templates=templates.templates(now),
        pictures=companies.nordwerk_pictures(),
        last_ids=dict(FIRST_FREE),
    )
