"""Deals of the pipeline Retail."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.sandbox.seeds.companies import SERVICE
from tests.sandbox.seeds.selling import deal_of, row_of
from tests.sandbox.world import Deal


def deals(now: datetime) -> list[Deal]:
    """508 is Clara's, the only deal she may read."""
    return [
        deal_of(
            508,
            "Pop-up store in the Schnoor",
            "C1:PREPARATION",
            now,
            assigned=12,
            company_id=26,
            my_company_id=SERVICE,
            rows=[
                row_of(31, "Counter element, birch plywood", "890.00", "4"),
                row_of(32, "Rent of lighting, per week", "135.00", "6", "wk", service=True),
            ],
        ),
        deal_of(
            509,
            "Showcase lighting",
            "C1:EXECUTING",
            now,
            assigned=23,
            company_id=22,
            contact_ids=[33],
            rows=[row_of(13, "LED panel, 4000 K, dimmable", "118.00", "22", discount="10")],
        ),
        deal_of(
            510,
            "Shelves for a bookshop",
            "C1:PREPARATION",
            now,
            company_id=25,
            contact_ids=[36],
            rows=[
                row_of(19, "Wall shelving, per running metre", "286.00", "32", "m"),
                row_of(33, "Catalogue, printed", "11.50", "200", tax="7"),
            ],
        ),
        deal_of(
            511,
            "Façade lettering",
            "C1:NEW",
            now,
            company_id=26,
            opportunity=Decimal("2750.00"),
            own={},
        ),
        deal_of(
            513,
            "Fitted wardrobe, private flat",
            "C1:EXECUTING",
            now,
            contact_ids=[38],
            rows=[
                # Private people see prices with tax.
                row_of(34, "Fitted wardrobe, 3.20 m", "4190.00", "1", included=True),
                row_of(
                    35, "Delivery and assembly", "349.00", "1", "flat", included=True, service=True
                ),
            ],
        ),
    ]
