"""Nordwerk's pipelines and all its deals."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.seeds import projects, retail
from tests.sandbox.world import Category, Deal


def categories() -> dict[int, Category]:
    """The two pipelines with their stages."""
    names = ["New enquiry", "Survey", "Offer sent", "In work", "Final invoice", "Won", "Lost"]
    ids = ["NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE"]
    retail = ["C1:NEW", "C1:PREPARATION", "C1:EXECUTING", "C1:WON", "C1:LOSE"]
    return {
        0: Category(0, "Projects", dict(zip(ids, names, strict=True))),
        1: Category(
            1,
            "Retail",
            dict(
                zip(retail, ["New", "Quoted", "Being delivered", "Won", "Lost"], strict=True),
            ),
        ),
    }


def deals(now: datetime) -> dict[int, Deal]:
    """Fourteen deals, 501 the one of the product's story."""
    found = [*projects.deals(now), *retail.deals(now)]
    for number, row in enumerate((row for deal in found for row in deal.rows), 2001):
        row.id = number
    return {deal.id: deal for deal in found}
