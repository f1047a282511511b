"""Portal two: Lindner & Vogt, a client of Nordwerk that has a Bitrix24 of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tests.sandbox.generator.amounts import lines_of, totals_of
from tests.sandbox.generator.numerators import SEQUENT
from tests.sandbox.seeds import pictures, sales, trade
from tests.sandbox.seeds.deals import categories
from tests.sandbox.seeds.selling import PAYMENT_TERMS
from tests.sandbox.world import (
    Address,
    BankDetail,
    Company,
    Contact,
    Deal,
    DocumentTemplate,
    Numerator,
    Portal,
    ProductRow,
    Requisite,
    User,
)

MEMBER_ID = "b82e57f09c1d46a3857f0e2a94c6d113"
OWN = 3


def portal(origin: str, now: datetime) -> Portal:
    """Dmitri alone, three deals, two templates."""
    companies = [_own(), _client(10, "Elbe Reederei GmbH"), _client(11, "Stiftung Alsterblick")]
    return Portal(
        "lindner",
        "Lindner & Vogt",
        origin,
        MEMBER_ID,
        users={
            1: User(
                1,
                "Dmitri",
                "Orlov",
                "d.orlov@lindner-vogt.example",
                "IT manager",
                "+49 40 5560 150",
                is_admin=True,
                departments=[1],
                templates_modify="X",
            )
        },
        departments={1: ("Lindner & Vogt", None)},
        categories={0: categories()[0]},
        deals={deal.id: deal for deal in _deals(now)},
        stages=sales.stages(),
        companies={company.id: company for company in companies},
        contacts={20: Contact(20, "Hauke", "Reimers", phone="+49 40 3600 8", company_id=10)},
        user_field_labels={PAYMENT_TERMS: "Payment terms"},
        numerators={
            1: Numerator(1, "Portal default", "{NUMBER}", {SEQUENT: {"start": 1, "step": 1}}),
            2: Numerator(2, "Offers", "LV-{NUMBER}", {SEQUENT: {"start": 1, "step": 1}}),
        },
        templates={
            5: _template(5, "Offer", trade.offer(), 2, now),
            6: _template(6, "Invoice", trade.invoice(), 1, now),
        },
        pictures={
            "/upload/crm/lindner-logo.png": (
                "image/png",
                pictures.logo("Lindner & Vogt", "#7a5c99"),
            )
        },
        last_ids={"document": 10, "file": 50, "template": 20, "numerator": 10, "deal": 30},
    )


def _own() -> Company:
    address = Address("Neuer Wall 48", "20354", "Hamburg", "Germany")
    bank = BankDetail(
        300, "Haspa", "Hamburger Sparkasse", "DE43 2005 0550 1002 1166 70", "HASPDEHHXXX"
    )
    name = "Lindner & Vogt GmbH"
    details = Requisite(
        30, name, name, name, "DE 268 114 095", "Dr. Katrin Vogt", "", address, None, [bank]
    )
    return Company(
        OWN,
        name,
        is_my_company=True,
        phone="+49 40 5560 120",
        email="office@lindner-vogt.example",
        web="www.lindner-vogt.example",
        address=address,
        requisites=[details],
        logo="/upload/crm/lindner-logo.png",
    )


def _client(number: int, name: str) -> Company:
    address = Address("Große Elbstraße 9", "22767", "Hamburg", "Germany")
    details = Requisite(number * 10, name, name, name, registered_address=address)
    return Company(number, name, address=address, requisites=[details])


def _deals(now: datetime) -> list[Deal]:
    titles = [
        (7, "Audit 2026", 10, "12400"),
        (8, "Tax advice", 10, "3100"),
        (9, "Donations", 11, "900"),
    ]
    return [_deal(number, title, company, price, now) for number, title, company, price in titles]


def _deal(number: int, title: str, company: int, price: str, now: datetime) -> Deal:
    gross = Decimal(price) * Decimal("1.19")
    row = ProductRow(number, 1, title, gross, Decimal(1), "flat", Decimal(19), is_service=True)
    return Deal(
        number,
        title,
        0,
        "NEW",
        totals_of(lines_of([row]), None).sum,
        "EUR",
        1,
        company_id=company,
        contact_ids=[20] if company == 10 else [],
        begin_date=now.date(),
        close_date=(now + timedelta(days=40)).date(),
        created_time=now - timedelta(days=number),
        updated_time=now - timedelta(days=1),
        user_fields={PAYMENT_TERMS: "14 days net."},
        rows=[row],
    )


def _template(
    number: int, name: str, body: bytes, numerator: int, now: datetime
) -> DocumentTemplate:
    return DocumentTemplate(
        number,
        name,
        "de",
        numerator,
        body,
        entity_type_ids=["2_category_0"],
        created_time=now,
        updated_time=now,
    )
