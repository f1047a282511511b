"""Whether an installation has all it needs; asked when an administrator opens the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from b24app.bitrix import setup
from b24app.bitrix.errors import ScopeMissing
from b24app.models import FrameSession, Portal
from b24app.portals import install
from b24app.portals.clients import acting
from b24app.portals.install import Place
from b24app.portals.tokens import installation_chain

TOLERATED = timedelta(seconds=30)
"""Clocks may differ so far: links end by ours."""


@dataclass(frozen=True)
class Checkup:
    """`places`: those that this portal has, and whether Docket is there; none where the right to
    ask is missing. `clock`: how far ours is from the portal's."""

    places: list[tuple[Place, bool]]
    events: int
    connected: bool
    scopes: frozenset[str]
    clock: timedelta
    checked_at: datetime

    @property
    def well(self) -> bool:
        return not (self.missing or self.missing_scopes) and self.connected and self.all_events

    @property
    def missing(self) -> list[Place]:
        return [place for place, there in self.places if not there]

    @property
    def all_events(self) -> bool:
        return self.events == len(install.EVENTS)

    @property
    def missing_scopes(self) -> list[str]:
        return [one for one in install.SCOPES if one not in self.scopes]

    @property
    def given_scopes(self) -> list[str]:
        return [one for one in (*install.SCOPES, *install.OPTIONAL_SCOPES) if one in self.scopes]

    @property
    def optional_missing(self) -> list[str]:
        return [one for one in install.OPTIONAL_SCOPES if one not in self.scopes]

    @property
    def clock_seconds(self) -> int:
        return round(abs(self.clock.total_seconds()))

    @property
    def clock_differs(self) -> bool:
        return abs(self.clock) > TOLERATED


def checkup(session: FrameSession) -> Checkup:
    """One batch: what is bound and granted, and the portal's clock. Raises `BitrixError`."""
    begun = timezone.now()
    batch = acting(session).batch(
        {
            "placements": setup.placement_get(),
            "known": setup.placement_list(),
            "events": setup.event_get(),
            "scopes": setup.scope(),
            "clock": setup.server_time(),
        }
    )
    now = timezone.now()
    without = isinstance(batch.failed("placements"), ScopeMissing)
    return Checkup(
        places=[] if without else places(session.portal, batch["placements"], batch["known"]),
        events=len(_events(session.portal, batch["events"])),
        connected=installation_chain(session.portal) is not None,
        scopes=batch["scopes"],
        clock=batch["clock"] - (begun + (now - begun) / 2),
        checked_at=now,
    )


def places(
    portal: Portal, bound: tuple[setup.BoundPlacement, ...], known: frozenset[str]
) -> list[tuple[Place, bool]]:
    """The places that a portal has for Docket, and whether Docket is there."""
    page = install.address(portal, "deal/")
    ours = {one.placement for one in bound if one.handler == page}
    return [
        (place, place.code in ours)
        for place in install.PLACES
        if not place.optional or place.code in known | ours
    ]


def _events(portal: Portal, bound: tuple[setup.BoundEvent, ...]) -> set[str]:
    inbox = install.address(portal, "events/")
    events = {one.event for one in bound if one.handler == inbox}
    return events & set(install.EVENTS)
