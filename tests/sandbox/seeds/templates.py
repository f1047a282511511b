"""Nordwerk's document templates, written once per process."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.sandbox.seeds import agreements, correspondence, numerators, trade
from tests.sandbox.world import DocumentTemplate

OFFER, CONTRACT, INVOICE, ACT, FRAMEWORK, SECRECY = 39, 40, 41, 42, 43, 44
REPLY, BILL, ESTIMATE, DATA_SHEET = 45, 46, 47, 48
"""Of leads, smart invoices, quotes, and of contacts and companies."""
BOTH = ["2_category_0", "2_category_1"]


def templates(now: datetime) -> dict[int, DocumentTemplate]:
    """Four that fit projects, one for retail, one for Anna; four of other types than deals."""
    made = now - timedelta(days=200)
    kinds = [
        (OFFER, "Offer", trade.offer(), numerators.OFFERS, BOTH, ["UA"], False, 100),
        (
            CONTRACT,
            "Contract for works",
            agreements.contract(),
            numerators.CONTRACTS,
            BOTH[:1],
            ["UA"],
            True,
            200,
        ),
        (INVOICE, "Invoice", trade.invoice(), numerators.INVOICES, BOTH, ["DR1"], False, 300),
        (
            ACT,
            "Act of acceptance",
            trade.act(),
            numerators.ACTS,
            BOTH[:1],
            ["D5", "D9", "U1"],
            True,
            400,
        ),
        (
            FRAMEWORK,
            "Framework agreement",
            agreements.framework(),
            numerators.CONTRACTS,
            BOTH[1:],
            ["UA"],
            True,
            500,
        ),
        (
            SECRECY,
            "Non-disclosure agreement",
            agreements.secrecy(),
            numerators.DEFAULT,
            BOTH,
            ["U1"],
            False,
            600,
        ),
        (
            REPLY,
            "Reply to an enquiry",
            correspondence.reply(),
            numerators.DEFAULT,
            ["1"],
            ["UA"],
            False,
            700,
        ),
        (
            BILL,
            "Invoice by instalments",
            correspondence.bill(),
            numerators.INVOICES,
            ["31_1"],
            ["UA"],
            True,
            710,
        ),
        (
            ESTIMATE,
            "Estimate",
            correspondence.estimate(),
            numerators.OFFERS,
            ["7"],
            ["UA"],
            False,
            720,
        ),
        (
            DATA_SHEET,
            "Client data sheet",
            correspondence.data_sheet(),
            numerators.DEFAULT,
            ["3", "4"],
            ["UA"],
            False,
            730,
        ),
    ]
    return {
        number: DocumentTemplate(
            number,
            name,
            "de",
            numerator,
            body,
            entity_type_ids=list(bound),
            users=list(users),
            with_stamps=stamps,
            sort=sort,
            created_time=made,
            updated_time=made,
        )
        for number, name, body, numerator, bound, users, stamps, sort in kinds
    }
