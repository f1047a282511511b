"""Deals of the pipeline Projects."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.sandbox.seeds.companies import INNENAUSBAU, SERVICE
from tests.sandbox.seeds.selling import (
    DELIVERY_NOTE,
    PAYMENT_TERMS,
    THIRDS,
    WARRANTY,
    deal_of,
    row_of,
)
from tests.sandbox.world import Deal


def deals(now: datetime) -> list[Deal]:
    """501 is the deal of the product's story, 502 is still without documents."""
    return [
        deal_of(
            501,
            "Office refit, phase 2",
            "PREPAYMENT_INVOICE",
            now,
            company_id=20,
            contact_ids=[30, 31],
            source_id="RECOMMENDATION",
            probability=70,
            comments="Works in two stages, floor by floor; the office stays open.",
            own={
                PAYMENT_TERMS: THIRDS,
                DELIVERY_NOTE: "Lift for materials until 9:00 only, key at reception.",
                WARRANTY: "5 years",
            },
            rows=[
                row_of(11, "Acoustic partition, glazed, 2.70 m", "1180.00", "14"),
                row_of(12, "Raised floor, 600 × 600", "64.50", "210", "m²"),
                row_of(13, "LED panel, 4000 K, dimmable", "118.00", "46"),
                row_of(14, "Installation, waste disposal", "5390.00", "1", "flat", service=True),
            ],
        ),
        deal_of(
            502,
            "Reception desk and lighting",
            "PREPARATION",
            now,
            company_id=21,
            contact_ids=[32],
            source_id="WEB",
            rows=[
                row_of(15, "Reception desk, oak, curved", "7850.00", "1"),
                row_of(16, "Pendant lamp, brass", "420.00", "6", discount="5"),
                row_of(17, "Planning", "95.00", "12", "h", service=True),
            ],
        ),
        deal_of(
            503,
            "Shopfitting, 14 branches",
            "EXECUTING",
            now,
            company_id=22,
            contact_ids=[33],
            my_company_id=INNENAUSBAU,
            own={PAYMENT_TERMS: "Monthly by progress, 21 days net.", WARRANTY: "2 years"},
            rows=[
                row_of(18, "Counter, solid surface", "3240.00", "14"),
                row_of(19, "Wall shelving, per running metre", "286.00", "196", "m"),
                row_of(14, "Installation", "1150.00", "14", "flat", service=True),
            ],
        ),
        deal_of(
            504,
            "Meeting rooms, acoustic ceiling",
            "PREPAYMENT_INVOICE",
            now,
            company_id=23,
            contact_ids=[34],
            # Somebody typed the amount: it is not what the rows make.
            opportunity=Decimal("21500.00"),
            is_manual_opportunity=True,
            rows=[
                row_of(20, "Acoustic ceiling, felt baffles", "142.00", "88", "m²", discount="8"),
                row_of(21, "Ceiling substructure", "31.20", "88", "m²"),
                row_of(14, "Installation", "3900.00", "1", "flat", service=True),
            ],
        ),
        deal_of(
            505,
            "Canteen and kitchen",
            "FINAL_INVOICE",
            now,
            assigned=1,
            company_id=24,
            contact_ids=[35],
            begins=-40,
            ends=5,
            rows=[
                row_of(22, "Serving counter, stainless steel", "12480.00", "1"),
                row_of(23, "Canteen table, beech, 1.80 m", "612.00", "24"),
                row_of(24, "Chair, stackable", "98.00", "150", discount="12.5"),
            ],
        ),
        deal_of(
            506,
            "Dental practice, ground floor",
            "EXECUTING",
            now,
            contact_ids=[37],
            my_company_id=SERVICE,
            begins=-12,
            ends=18,
            rows=[
                row_of(25, "Treatment room partition", "2210.00", "3"),
                row_of(26, "Vinyl floor, antistatic", "54.90", "72.5", "m²"),
                row_of(27, "Removal of old fittings", "1480.00", "1", "flat", service=True),
            ],
        ),
        deal_of(
            507,
            "Site office in the warehouse",
            "NEW",
            now,
            assigned=22,
            company_id=21,
            contact_ids=[32],
            rows=[
                row_of(28, "Modular office, 4 × 6 m", "18900.00", "1", discount="3"),
                row_of(29, "Specialist literature, fire safety", "42.00", "5", tax="7"),
                row_of(30, "Building permit fee, passed on", "640.00", "1", "flat", tax=None),
            ],
        ),
        deal_of(
            512,
            "Staircase, enquiry by telephone",
            "NEW",
            now,
            opportunity=Decimal("3200.00"),
            own={},
            comments="Caller will send drawings. Name not understood.",
        ),
        deal_of(
            514,
            "Bank branch, counter area",
            "WON",
            now,
            company_id=23,
            contact_ids=[34],
            begins=-120,
            ends=-30,
            rows=[row_of(18, "Counter, solid surface", "3240.00", "3")],
        ),
    ]
