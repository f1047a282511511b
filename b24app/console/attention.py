"""What needs an administrator, the worst first; each with what there is to be done about it.

The rules are told from facts alone; `facts` reads our own rows. Nothing here asks Bitrix24: what is
bound and granted comes as a checkup, or not at all while the portal is silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Max, Min
from django.utils import timezone

from b24app.console import jobs, overview
from b24app.documents import catalogue
from b24app.documents.sources import card
from b24app.models import (
    DriftReport,
    IssuedDocument,
    Job,
    Portal,
    PublicLink,
    ReconcileCursor,
    Snapshot,
)
from b24app.portals.health import Checkup

WEEK = timedelta(days=7)
IDLE = timedelta(minutes=15)
"""A worker looks at every portal each five minutes: after so long it does not run."""
MOST_NAMED = 5


class Kind(StrEnum):
    SCOPES = "scopes"
    PLACES = "places"
    EVENTS = "events"
    DISCONNECTED = "disconnected"
    WORKER = "worker"
    LINKS_STUCK = "links_stuck"
    CONVERSIONS = "conversions"
    DRIFT = "drift"
    LINKS = "links"
    JOB = "job"
    CLOCK = "clock"


@dataclass(frozen=True)
class Named:
    """A document, and where in the portal its deal is."""

    title: str
    path: str


@dataclass(frozen=True)
class Facts:
    """What Docket's own rows say. `idle_since`: when the worker should have looked and did not."""

    failed: list[Named] = field(default_factory=list)
    failed_template: str = ""
    drifted: list[Named] = field(default_factory=list)
    drifted_shared: int = 0
    links: int = 0
    next_link: PublicLink | None = None
    links_stuck: list[Named] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    connected: bool = True
    idle_since: datetime | None = None


@dataclass(frozen=True)
class Item:
    """One thing. `named`: the first documents it is about, of `count`."""

    kind: Kind
    count: int = 1
    named: list[Named] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    shared: int = 0
    template: str = ""
    at: datetime | None = None
    job: Job | None = None


def items(facts: Facts, checkup: Checkup | None) -> list[Item]:
    """What needs an administrator, by weight. `checkup`: None while the portal is silent."""
    return [*_installation(facts, checkup), *_documents(facts), *_later(facts, checkup)]


def _installation(facts: Facts, checkup: Checkup | None) -> Iterable[Item]:
    if checkup is not None:
        if checkup.missing_scopes:
            yield Item(Kind.SCOPES, len(checkup.missing_scopes), words=checkup.missing_scopes)
        if checkup.missing:
            words = [str(place.words) for place in checkup.missing]
            yield Item(Kind.PLACES, len(words), words=words)
        if not checkup.all_events:
            yield Item(Kind.EVENTS, checkup.events)
    if not facts.connected:
        yield Item(Kind.DISCONNECTED)
    if facts.idle_since is not None:
        yield Item(Kind.WORKER, at=facts.idle_since)


def _documents(facts: Facts) -> Iterable[Item]:
    if facts.links_stuck:
        yield Item(Kind.LINKS_STUCK, len(facts.links_stuck), facts.links_stuck[:MOST_NAMED])
    if facts.failed:
        named = facts.failed[:MOST_NAMED]
        yield Item(Kind.CONVERSIONS, len(facts.failed), named, template=facts.failed_template)
    if facts.drifted:
        named = facts.drifted[:MOST_NAMED]
        yield Item(Kind.DRIFT, len(facts.drifted), named, shared=facts.drifted_shared)


def _later(facts: Facts, checkup: Checkup | None) -> Iterable[Item]:
    if facts.links and facts.next_link is not None:
        title = facts.next_link.title
        yield Item(Kind.LINKS, facts.links, words=[title], at=facts.next_link.ends_at)
    for job in facts.jobs:
        yield Item(Kind.JOB, job=job)
    if checkup is not None and checkup.clock_differs:
        yield Item(Kind.CLOCK, checkup.clock_seconds)


def facts(portal: Portal, *, connected: bool) -> Facts:
    """What our rows say of a portal now."""
    failed = list(_failed(portal))
    drifted = list(_drifted(portal))
    ids = {one.document_id for one in drifted}
    on = PublicLink.objects.filter(portal=portal).exclude(state=PublicLink.State.OFF)
    ending = on.filter(ending="", ends_at__lte=timezone.now() + WEEK).order_by("ends_at")
    return Facts(
        failed=[_named(one.title, one) for one in failed],
        failed_template=_one_template(portal, failed),
        drifted=_titled(portal, drifted),
        drifted_shared=on.filter(document_id__in=ids).count(),
        links=ending.count(),
        next_link=ending.first(),
        links_stuck=[_named(one.title, one) for one in on.exclude(ending="").filter(tries__gt=0)],
        jobs=_unfinished(portal),
        connected=connected,
        idle_since=_idle_since(portal),
    )


def _named(title: str, row: IssuedDocument | Snapshot | PublicLink) -> Named:
    return Named(title, card(row.entity_type_id, row.entity_id))


def _failed(portal: Portal) -> Iterable[IssuedDocument]:
    """Of the days that are counted."""
    rows = IssuedDocument.objects.filter(portal=portal, pdf=IssuedDocument.Pdf.FAILED)
    return rows.filter(made_at__gte=overview.since()).order_by("-waiting_since")[:500]


def _one_template(portal: Portal, failed: list[IssuedDocument]) -> str:
    """The name of the template that all of them are made from, where there is one."""
    ids = {one.template_id for one in failed}
    names = {t.id: t.name for t in catalogue.kept(portal)}
    return names.get(ids.pop(), "") if len(ids) == 1 else ""


def _drifted(portal: Portal) -> list[Snapshot]:
    """The newest versions of documents that exist, where they differ from the CRM."""
    newest = (
        Snapshot.objects.filter(portal=portal)
        .values("document_id")
        .annotate(newest=Max("version"))
        .values_list("document_id", "newest")
    )
    latest = dict(newest)
    reports = DriftReport.objects.filter(portal=portal, found__gt=0).select_related("snapshot")
    rows = [one.snapshot for one in reports.order_by("-checked_at")]
    gone = set(portal.history.filter(kind="deleted").values_list("document_id", flat=True))
    return [
        one
        for one in rows
        if latest.get(one.document_id) == one.version and one.document_id not in gone
    ]


def _titled(portal: Portal, found: list[Snapshot]) -> list[Named]:
    """Our records name them; of others only the first ones are unsealed."""
    ids = [one.document_id for one in found]
    rows = IssuedDocument.objects.filter(portal=portal, document_id__in=ids)
    titles = dict(rows.values_list("document_id", "title"))
    for one in found[:MOST_NAMED]:
        if one.document_id not in titles and one.content_sealed:
            titles[one.document_id] = str(one.content["document"]["title"])
    return [_named(titles.get(one.document_id, ""), one) for one in found]


def _unfinished(portal: Portal) -> list[Job]:
    """The latest work of each kind, where it has not come to its end."""
    latest = (jobs.latest(portal, kind) for kind in Job.Kind)
    ended = {Job.State.STOPPED, Job.State.FAILED}
    return [job for job in latest if job is not None and job.state in ended]


def _idle_since(portal: Portal) -> datetime | None:
    """None while somebody looks. A portal that was never looked at counts from its installation."""
    cursors = ReconcileCursor.objects.filter(portal=portal)
    due = cursors.aggregate(first=Min("due_at"))["first"] or portal.installed_at
    return due if due is not None and due < timezone.now() - IDLE else None
