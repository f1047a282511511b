"""The story of a document, or of all documents of a CRM object: versions, gaps, links, the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.documents import differences
from b24app.documents.differences import Difference
from b24app.models import HistoryEntry, Person, Portal, Snapshot

MOST = 1000
"""Versions in one story; older ones are left out, and that is said."""
REST = "rest"
"""How Bitrix24 names the creation of documents by applications."""
LATE = timedelta(minutes=2)
"""Values that were read later than this after the change may show the CRM of a later moment."""


@dataclass(frozen=True)
class Happening:
    """One line of a story. `at` is None for a gap, which lies between the lines around it."""

    at: datetime | None
    kind: str
    """made, first, changed, gap, link_on, link_off or deleted."""
    document_id: int
    title: str
    number: str
    who: str
    where: str
    version: int | None = None
    changes: tuple[Difference, ...] = ()
    file_hash: str = ""

    @property
    def what(self) -> str:
        return {
            "made": _("Made"),
            "first": _("First seen"),
            "changed": _("Changed"),
            "gap": _("A gap: other versions may have been here"),
            "link_on": _("Public link switched on"),
            "link_off": _("Public link switched off"),
            "deleted": _("Deleted"),
        }[self.kind]


@dataclass(frozen=True)
class Story:
    """Oldest first. `cut`: there are more versions than are told."""

    happenings: list[Happening]
    cut: bool


def names(portal: Portal) -> dict[int, str]:
    """Names of the portal's people, as far as they have opened Docket."""
    found = Person.objects.filter(portal=portal).exclude(name="")
    return dict(found.values_list("user_id", "name"))


def who(user_id: int | None, people: dict[int, str]) -> str:
    if user_id is None:
        return _("Somebody whom Bitrix24 does not name")
    return people.get(user_id) or _("User %(id)d") % {"id": user_id}


def where(snapshot: Snapshot, content: dict[str, Any]) -> str:
    """From where a version came, as far as that can be known."""
    if snapshot.here:
        return _("in Docket")
    if not snapshot.is_first:
        return _("outside Docket: in Bitrix24 or another application")
    if content.get("document", {}).get("method") == REST:
        return _("by another application")
    return _("in Bitrix24 itself")


def is_read_late(snapshot: Snapshot) -> bool:
    return snapshot.captured_at - snapshot.updated_at > LATE


def tell(
    portal: Portal,
    snapshots: QuerySet[Snapshot],
    entries: QuerySet[HistoryEntry],
    since: date | None = None,
    until: date | None = None,
) -> Story:
    """The story that these rows of a portal tell, between two days, both included."""
    people = names(portal)
    rows = list(snapshots.order_by("-updated_at", "-version")[: MOST + 1])
    lines: list[tuple[datetime, int, Happening]] = []
    titles: dict[int, tuple[str, str]] = {}
    for document_id in dict.fromkeys(row.document_id for row in rows):
        mine = [row for row in rows[:MOST] if row.document_id == document_id]
        for order, (moment, line) in enumerate(_of_versions(mine[::-1], people)):
            lines.append((moment, order, line))
            titles[document_id] = (line.title, line.number)
    for entry in entries:
        title, number = titles.get(entry.document_id, ("", ""))
        line = Happening(
            at=entry.at,
            kind=entry.kind,
            document_id=entry.document_id,
            title=title,
            number=number,
            who=who(entry.user_id, people) if entry.user_id else "",
            where=_("in Docket") if entry.user_id else "",
        )
        lines.append((entry.at, len(rows), line))
    told = [line for at, _order, line in sorted(lines, key=lambda one: one[:2])
            if _is_within(at, since, until)]  # fmt: skip
    return Story(told, cut=len(rows) > MOST)


def _of_versions(
    snapshots: Sequence[Snapshot], people: dict[int, str]
) -> Iterator[tuple[datetime, Happening]]:
    """One document's versions, oldest first, each after its gap if there is one."""
    before: dict[str, Any] | None = None
    for snapshot in snapshots:
        content = snapshot.content
        document = content.get("document", {})
        about = {
            "document_id": snapshot.document_id,
            "title": document.get("title", ""),
            "number": document.get("number", ""),
        }
        if snapshot.gap:
            gap = Happening(at=None, kind="gap", who="", where="", **about)
            yield snapshot.updated_at, gap
        first = "made" if snapshot.is_first else "first"
        yield (
            snapshot.updated_at,
            Happening(
                at=snapshot.updated_at,
                kind=first if snapshot.version == 1 else "changed",
                who=who(snapshot.user_id, people),
                where=where(snapshot, content),
                version=snapshot.version,
                changes=tuple(differences.between(before, content)) if before else (),
                file_hash=snapshot.file_hash,
                **about,
            ),
        )
        before = content


def _is_within(at: datetime, since: date | None, until: date | None) -> bool:
    zone = timezone.get_current_timezone()
    if since and at < datetime.combine(since, time.min, zone):
        return False
    return not until or at < datetime.combine(until, time.min, zone) + timedelta(days=1)
