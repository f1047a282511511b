"""Nordwerk's leads, quotes and smart invoices: a few of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.sandbox.generator.amounts import lines_of, totals_of
from tests.sandbox.seeds.companies import SERVICE
from tests.sandbox.seeds.selling import row_of
from tests.sandbox.world import LEAD, QUOTE, SMART_INVOICE, Address, SaleItem

FIRST_ROW = 2601


def stages() -> dict[int, dict[str, str]]:
    """Of the three types, in order; invoices have one pipeline, 1."""
    return {
        LEAD: {
            "NEW": "Unassigned",
            "IN_PROCESS": "In progress",
            "PROCESSED": "Processed",
            "CONVERTED": "Good lead",
            "JUNK": "Junk lead",
        },
        QUOTE: {
            "DRAFT": "Draft",
            "SENT": "Sent to client",
            "APPROVED": "Accepted",
            "DECLAINED": "Declined",
        },
        SMART_INVOICE: {
            "DT31_1:N": "New",
            "DT31_1:S": "Sent to customer",
            "DT31_1:P": "Paid",
            "DT31_1:D": "Unpaid",
        },
    }


def items(now: datetime) -> dict[int, dict[int, SaleItem]]:
    """By type and id, with product rows that have ids of their own."""
    found = [*_leads(now), *_quotes(now), *_invoices(now)]
    for number, row in enumerate((row for one in found for row in one.rows), FIRST_ROW):
        row.id = number
    by_type: dict[int, dict[int, SaleItem]] = {LEAD: {}, QUOTE: {}, SMART_INVOICE: {}}
    for one in found:
        by_type[one.entity_type_id][one.id] = one
    return by_type


def _item(item_id: int, kind: int, title: str, stage: str, now: datetime, **known: Any) -> SaleItem:
    rows = known.get("rows", [])
    amount = known.pop("opportunity", None) or totals_of(lines_of(rows), None).sum
    assigned = known.pop("assigned", 7)
    made = now - timedelta(days=known.pop("age", 10))
    return SaleItem(
        item_id,
        kind,
        title,
        stage,
        amount,
        "EUR",
        assigned,
        created_time=made,
        updated_time=made + timedelta(days=1),
        **known,
    )


def _leads(now: datetime) -> list[SaleItem]:
    return [
        _item(
            701,
            LEAD,
            "Enquiry: practice fit-out",
            "NEW",
            now,
            honorific="Dr.",
            name="Malte",
            last_name="Siems",
            post="Dentist",
            company_title="Zahnarztpraxis Siems",
            phone="+49 421 2010 77",
            email="praxis@siems.example",
            web="www.siems.example",
            address=Address("Osterdeich 88", "28205", "Bremen", "Germany"),
            source_id="WEB",
            comments="Reception and two treatment rooms, to be done over the summer.",
            rows=[
                row_of(15, "Reception desk, oak, curved", "7850.00", "1"),
                row_of(17, "Planning", "95.00", "8", "h", service=True),
            ],
        ),
        _item(
            702,
            LEAD,
            "Call: acoustic panels",
            "IN_PROCESS",
            now,
            name="Wiebke",
            last_name="Tantzen",
            phone="+49 4731 7712",
            source_id="CALL",
            opportunity=Decimal("4200.00"),
            age=3,
        ),
        _item(
            703,
            LEAD,
            "More shelves",
            "PROCESSED",
            now,
            assigned=12,
            source_id="EMAIL",
            company_id=25,
            contact_ids=[36],
            rows=[row_of(19, "Wall shelving, per running metre", "286.00", "12", "m")],
            age=20,
        ),
    ]


def _quotes(now: datetime) -> list[SaleItem]:
    today = now.date()
    return [
        _item(
            71,
            QUOTE,
            "Partitions, upper floor",
            "SENT",
            now,
            number="Q-71",
            company_id=20,
            contact_ids=[30],
            deal_id=501,
            begin_date=today,
            close_date=today + timedelta(days=30),
            content="Supply and installation of glazed partitions on the upper floor.",
            terms="30 % on order, 70 % on acceptance.",
            rows=[
                row_of(11, "Acoustic partition, glazed, 2.70 m", "1180.00", "6", discount="3"),
                row_of(14, "Installation", "1990.00", "1", "flat", service=True),
            ],
        ),
        _item(
            72,
            QUOTE,
            "Shelving",
            "DRAFT",
            now,
            assigned=12,
            number="Q-72",
            company_id=25,
            contact_ids=[36],
            lead_id=703,
            my_company_id=SERVICE,
            begin_date=today,
            close_date=today + timedelta(days=14),
            rows=[row_of(19, "Wall shelving, per running metre", "286.00", "12", "m")],
        ),
    ]


def _invoices(now: datetime) -> list[SaleItem]:
    today = now.date()
    return [
        _item(
            51,
            SMART_INVOICE,
            "First instalment, shopfitting",
            "DT31_1:S",
            now,
            number="51",
            category_id=1,
            deal_id=503,
            company_id=22,
            contact_ids=[33],
            begin_date=today - timedelta(days=4),
            close_date=today + timedelta(days=17),
            rows=[
                row_of(18, "Counter, solid surface", "3240.00", "4"),
                row_of(14, "Installation", "1150.00", "4", "flat", service=True),
            ],
        ),
        _item(
            52,
            SMART_INVOICE,
            "Pop-up store, rent of lighting",
            "DT31_1:N",
            now,
            assigned=12,
            number="52",
            category_id=1,
            deal_id=508,
            company_id=26,
            my_company_id=SERVICE,
            begin_date=today,
            close_date=today + timedelta(days=14),
            rows=[row_of(32, "Rent of lighting, per week", "135.00", "6", "wk", service=True)],
        ),
        _item(
            53,
            SMART_INVOICE,
            "Façade lettering, advance",
            "DT31_1:N",
            now,
            number="53",
            category_id=1,
            deal_id=511,
            company_id=26,
            opportunity=Decimal("1375.00"),
            begin_date=today,
            close_date=today + timedelta(days=14),
        ),
    ]
