"""The portals a sandbox starts with."""

from __future__ import annotations

from datetime import datetime

from tests.sandbox.seeds import lindner, nordwerk
from tests.sandbox.world import Portal


def seed(origin_one: str, origin_two: str, now: datetime) -> list[Portal]:
    """Two portals: Nordwerk (Anna, Boris, Clara) and Lindner & Vogt (Dmitri).

    `now` is aware; dates in the deals and the years of numbers follow it.
    """
    return [nordwerk.portal(origin_one, now), lindner.portal(origin_two, now)]
