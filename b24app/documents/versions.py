"""What a person sees of a document's versions, and of the story of a deal's documents.

Bitrix24 is asked for the document first, with the person's own token: who may not see documents
there sees nothing of what we keep of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.bitrix.documentgenerator import ListedDocument, list_documents
from b24app.bitrix.download import harmless
from b24app.documents import capture, differences, history, rights, snapshots, story
from b24app.documents.actions import listed
from b24app.documents.differences import Difference
from b24app.documents.errors import FileNotThere, NoSuchDocument
from b24app.documents.story import Story
from b24app.models import (
    CaptureOrder,
    DownloadTicket,
    FrameSession,
    HistoryEntry,
    Snapshot,
    SnapshotFile,
)
from b24app.portals import preferences
from b24app.portals.clients import acting
from b24app.portals.people import require_administrator

PAGE = 20
"""Versions shown at once."""
CHIPS = 6
"""Names of changed fields beside a version."""


@dataclass(frozen=True)
class Version:
    """One version as the line shows it."""

    number: int
    at: datetime
    who: str
    where: str
    first: bool
    """There is no earlier one in our records."""
    changed: list[str]
    more: int
    """Changed fields whose names are left out."""
    files: frozenset[str]
    why: str
    """Why a file is missing: "" (none is), off, awaited, over, or missed."""
    gap: bool
    gap_from: datetime | None
    """Since when other versions may have been; None where nothing before is known."""
    read_at: datetime | None
    """When its values were read, where that was late."""
    links_on: list[datetime]
    """When a public link was switched on that showed this version."""


@dataclass(frozen=True)
class Comparison:
    """Two versions and what is different between them. `total`: fields that both were read with."""

    older: int
    newer: int
    differences: list[Difference]
    total: int
    unknown: bool
    """Of one of them the values were never told."""


@dataclass(frozen=True)
class Versions:
    """The page of a document's versions."""

    document_id: int
    title: str
    versions: list[Version]
    total: int
    newest: int
    """The number of the newest; 0 where none was read yet."""
    older: int | None
    """The number from which the next page goes down."""
    ticked: tuple[int, ...]
    comparison: Comparison | None
    deleted_at: datetime | None
    deleted_by: str
    unread: bool
    """A newer version is there, and the worker is about to read it."""
    link_on: bool
    """A public link is on, as far as our records know."""
    files_days: int


def open_versions(
    session: FrameSession, document_id: int, ticked: Sequence[int], top: int | None
) -> Versions:
    """The versions of a document of this session's object, newest first, from number `top` down.

    `ticked` are the numbers to compare. Raises `NoSuchDocument`, `DealForbidden`, `BitrixError`.
    """
    document = _checked(session, document_id)
    rows = _of(session, document_id).order_by("-version")
    numbers = list(rows.values_list("version", flat=True))
    top = numbers[0] if top is None and numbers else top or 0
    # One more above: until then the first of the page was the newest. One below, to compare with.
    window = rows.filter(version__lte=top + 1).prefetch_related("files")
    found = list(window[: PAGE + 2])
    above = found.pop(0) if found and found[0].version > top else None
    entries = list(_entries(session).filter(document_id=document_id).order_by("at"))
    end = next((entry for entry in entries if entry.kind == HistoryEntry.Kind.DELETED), None)
    days = preferences.of(session.portal).keep_files_days
    pair = tuple(n for n in ticked if n in numbers) or tuple(numbers[:2])
    newest = snapshots.newest(session.portal, document_id)
    return Versions(
        document_id=document_id,
        title=_title(document, newest),
        versions=_lines(session, found, above, entries, days),
        total=len(numbers),
        newest=numbers[0] if numbers else 0,
        older=found[PAGE].version if len(found) > PAGE else None,
        ticked=pair,
        comparison=_comparison(session, document_id, pair),
        deleted_at=end.at if end else None,
        deleted_by=_deleter(session, end),
        unread=_is_unread(document, newest),
        link_on=_link_is_on(entries),
        files_days=days,
    )


def _deleter(session: FrameSession, end: HistoryEntry | None) -> str:
    known = end and end.user_id
    return story.who(known, story.names(session.portal)) if known else ""


def _lines(
    session: FrameSession,
    found: Sequence[Snapshot],
    above: Snapshot | None,
    entries: Sequence[HistoryEntry],
    days: int,
) -> list[Version]:
    """The versions of a page; of the row below the page only what changed after it is told."""
    people = story.names(session.portal)
    on = [entry.at for entry in entries if entry.kind == HistoryEntry.Kind.LINK_ON]
    olders: list[Snapshot | None] = [*found[1:], None]
    newers: list[datetime | None] = [above.updated_at if above else None]
    newers += [row.updated_at for row in found]
    lines = zip(found[:PAGE], olders, newers, strict=False)
    return [
        _line(row, older, newer_at, people, on, _missing(row, newer_at, days))
        for row, older, newer_at in lines
    ]


def _missing(row: Snapshot, newer_at: datetime | None, days: int) -> str:
    """Why a file of a version is not there."""
    if not days:
        return "off"
    if timezone.now() - row.updated_at > timedelta(days=days):
        return "over"
    orders = CaptureOrder.objects.filter(portal_id=row.portal_id, document_id=row.document_id)
    return "awaited" if newer_at is None and orders.exists() else "missed"


def newest_number(session: FrameSession, document_id: int) -> int:
    """The number of the newest version that was read; 0 before the first. Asks nobody.

    Raises `DealForbidden` for who may not read the deal.
    """
    rights.require_readable(session)
    found = _of(session, document_id).order_by("-version").values_list("version", flat=True).first()
    return found or 0


def old_file(session: FrameSession, document_id: int, number: int, kind: str) -> Snapshot:
    """The version whose file of this kind is kept. Raises `FileNotThere`, `NoSuchDocument`."""
    _checked(session, document_id)
    row = _of(session, document_id).filter(version=number, files__kind=kind).first()
    if row is None:
        raise FileNotThere
    return row


def open_story(
    session: FrameSession, document_id: int | None, since: date | None, until: date | None
) -> Story:
    """The story of one document, or of all documents of the session's object.

    Raises `NoSuchDocument`, `DealForbidden`, `BitrixError`.
    """
    if document_id is not None:
        _checked(session, document_id)
    else:
        _check_object(session)
    return _story(session, document_id, since, until)


def story_of(ticket: DownloadTicket) -> tuple[str, Story]:
    """The name of a table and the story in it, for a ticket that was given after the checks."""
    session = ticket.session
    if ticket.whole_portal:
        require_administrator(session)
        mine = Snapshot.objects.filter(portal=session.portal)
        entries = HistoryEntry.objects.filter(portal=session.portal)
        told = story.tell(session.portal, mine, entries, ticket.since, ticket.until)
        return _("Documents"), told
    rights.require_readable(session)
    told = _story(session, ticket.document_id, ticket.since, ticket.until)
    title = told.happenings[-1].title if ticket.document_id and told.happenings else ""
    return harmless(title) or _("Documents"), told


def _story(
    session: FrameSession, document_id: int | None, since: date | None, until: date | None
) -> Story:
    rows, entries = _of(session, document_id), _entries(session)
    if document_id is not None:
        entries = entries.filter(document_id=document_id)
    return story.tell(session.portal, rows, entries, since, until)


def _of(session: FrameSession, document_id: int | None) -> QuerySet[Snapshot]:
    rows = Snapshot.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    )
    return rows if document_id is None else rows.filter(document_id=document_id)


def _entries(session: FrameSession) -> QuerySet[HistoryEntry]:
    return HistoryEntry.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    )


def _checked(session: FrameSession, document_id: int) -> ListedDocument | None:
    """The document as Bitrix24 lists it for this person; None for one that is deleted.

    What the list tells of a change is noticed.
    """
    document = listed(session, document_id)
    if document is not None:
        capture.noticed(session.portal, [document])
        return document
    if not _of(session, document_id).exists():
        raise NoSuchDocument
    if not history.deleted(session.portal, [document_id]):
        snapshots.heard_of(session.portal, document_id, session.entity_type_id)
    return None


def _check_object(session: FrameSession) -> None:
    """Whoever may read the deal, and see documents at all."""
    rights.require_readable(session)
    kind, entity_id = session.entity_type_id, session.entity_id
    page = acting(session).run(list_documents(entity_type_id=kind, entity_id=entity_id))
    capture.noticed(session.portal, page.items)


def _title(document: ListedDocument | None, newest: Snapshot | None) -> str:
    if document is not None:
        return document.title
    return str(newest.content["document"]["title"]) if newest else ""


def _is_unread(document: ListedDocument | None, newest: Snapshot | None) -> bool:
    if document is None:
        return False
    known = newest and (newest.updated_at, newest.file_id)
    return not known or not snapshots.is_same(known, snapshots.version_of(document))


def _line(
    row: Snapshot,
    older: Snapshot | None,
    newer_at: datetime | None,
    people: dict[int, str],
    switched_on: Sequence[datetime],
    missing: str,
) -> Version:
    content = row.content
    files = frozenset(file.kind for file in row.files.all())
    changed = [d.title for d in differences.between(older.content, content)] if older else []
    return Version(
        number=row.version,
        at=row.updated_at,
        who=story.who(row.user_id, people),
        where=story.where(row, content),
        first=older is None,
        changed=changed[:CHIPS],
        more=max(0, len(changed) - CHIPS),
        files=files,
        why="" if len(files) == len(SnapshotFile.Kind.values) else missing,
        gap=row.gap,
        gap_from=older.captured_at if older else None,
        read_at=row.captured_at if story.is_read_late(row) else None,
        links_on=[
            at for at in switched_on if row.updated_at <= at and (not newer_at or at < newer_at)
        ],
    )


def _comparison(
    session: FrameSession, document_id: int, pair: tuple[int, ...]
) -> Comparison | None:
    if len(pair) != 2:
        return None
    rows = {row.version: row.content for row in _of(session, document_id).filter(version__in=pair)}
    older, newer = sorted(pair)
    old, new = rows[older], rows[newer]
    told = [content.get("fields") for content in (old, new)]
    return Comparison(
        older=older,
        newer=newer,
        differences=differences.between(old, new),
        total=sum(field["control"] != "rows" for field in told[1] or []),
        unknown=None in told,
    )


def _link_is_on(entries: Sequence[HistoryEntry]) -> bool:
    last = entries[-1].kind if entries else ""
    return last == HistoryEntry.Kind.LINK_ON
