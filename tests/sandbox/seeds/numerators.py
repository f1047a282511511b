"""Nordwerk's numerators: Offers stand at 2026-047, so that the next is 2026-048."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.generator.numerators import SEQUENT
from tests.sandbox.seeds.companies import INNENAUSBAU, SERVICE
from tests.sandbox.world import Numerator

DEFAULT, OFFERS, CONTRACTS, INVOICES, ACTS = 1, 2, 3, 4, 5
NEXT_NUMBERS = {OFFERS: (48, 11), CONTRACTS: (20, 3), INVOICES: (113, 8)}

OLD: dict[str, object] = {
    "start": 1,
    "step": 1,
    "periodicBy": None,
    "timezone": None,
    "isDirectNumeration": False,
}
"""As portals wrote it before they knew padding."""


def numerators(now: datetime) -> dict[int, Numerator]:
    """Yearly and by own company, but acts: one sequence that never starts again."""
    yearly = [
        _yearly(OFFERS, "Offers", "{YEAR}-{NUMBER}", now),
        _yearly(CONTRACTS, "Contracts", "CON-{YEAR}-{NUMBER}", now),
        _yearly(INVOICES, "Invoices", "RE-{YEAR}-{NUMBER}", now),
    ]
    acts = Numerator(ACTS, "Acts", "ACT-{NUMBER}", _settings("", direct=True), {"": 61}, {"": now})
    default = Numerator(DEFAULT, "Portal default", "{NUMBER}", {SEQUENT: dict(OLD)})
    return {one.id: one for one in (default, *yearly, acts)}


def _yearly(number: int, name: str, template: str, now: datetime) -> Numerator:
    works, service = NEXT_NUMBERS[number]
    hashes = {f"COMPANY_ID_{INNENAUSBAU}": works, f"COMPANY_ID_{SERVICE}": service}
    return Numerator(
        number,
        name,
        template,
        _settings("year", direct=False),
        hashes,
        dict.fromkeys(hashes, now),
    )


def _settings(periodic_by: str, *, direct: bool) -> dict[str, dict[str, object]]:
    return {
        SEQUENT: {
            "start": 1,
            "step": 1,
            "length": 3,
            "padString": "0",
            "periodicBy": periodic_by,
            "timezone": "Europe/Berlin",
            "isDirectNumeration": direct,
        }
    }
