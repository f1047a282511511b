"""What needs an administrator, by weight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from b24app.console.attention import Facts, Kind, Named, items
from b24app.models import Job, PublicLink
from b24app.portals import install
from b24app.portals.health import Checkup

NOW = datetime(2026, 5, 12, 14, 30, tzinfo=UTC)
OFFER = Named("Offer 2026-047", "/crm/deal/details/501/")


def checkup(
    *, missing: int = 0, events: int = 5, scopes: str = "crm placement", clock: float = 0.2
) -> Checkup:
    return Checkup(
        places=[(place, number >= missing) for number, place in enumerate(install.PLACES)],
        events=events,
        connected=True,
        scopes=frozenset(scopes.split()),
        clock=timedelta(seconds=clock),
        checked_at=NOW,
    )


def kinds(facts: Facts, found: Checkup | None) -> list[Kind]:
    return [item.kind for item in items(facts, found)]


def test_a_portal_in_order_needs_nobody() -> None:
    assert kinds(Facts(), checkup()) == []
    assert checkup().well


def test_the_worst_comes_first() -> None:
    link = PublicLink(title="Offer 2026-047", ends_at=NOW)
    job = Job(kind=Job.Kind.AUDIT, state=Job.State.FAILED)
    facts = Facts(
        failed=[OFFER],
        drifted=[OFFER] * 7,
        links=4,
        next_link=link,
        links_stuck=[OFFER],
        jobs=[job],
        connected=False,
        idle_since=NOW,
    )
    found = checkup(missing=2, events=3, scopes="placement", clock=-90)
    assert kinds(facts, found) == [
        Kind.SCOPES,
        Kind.PLACES,
        Kind.EVENTS,
        Kind.DISCONNECTED,
        Kind.WORKER,
        Kind.LINKS_STUCK,
        Kind.CONVERSIONS,
        Kind.DRIFT,
        Kind.LINKS,
        Kind.JOB,
        Kind.CLOCK,
    ]
    drift = next(item for item in items(facts, found) if item.kind is Kind.DRIFT)
    assert (drift.count, len(drift.named)) == (7, 5)


def test_while_the_portal_is_silent_nothing_is_said_of_it() -> None:
    assert kinds(Facts(failed=[OFFER]), None) == [Kind.CONVERSIONS]
