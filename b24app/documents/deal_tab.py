"""The Documents tab: what is shown when it opens, in one request (two where no catalogue is kept).

Of a deal, a lead, an invoice: whatever the session is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from b24app.bitrix import setup
from b24app.bitrix.crm import CrmItem, get_item
from b24app.bitrix.documentgenerator import DocumentTemplate, ListedDocument, list_documents
from b24app.bitrix.errors import BitrixError
from b24app.bitrix.protocol import Command, Page
from b24app.documents import (
    capture,
    catalogue,
    drift_check,
    errands,
    history,
    link_panel,
    links,
    picking,
    rights,
    snapshots,
)
from b24app.documents.drift_check import Drift
from b24app.documents.errands import ShownErrand
from b24app.documents.errors import NoDeal
from b24app.documents.link_panel import RowLink
from b24app.documents.marker import MARKER
from b24app.models import FrameSession, Intent, IssuedDocument, Person, PublicLink, Snapshot
from b24app.portals.clients import acting
from b24app.portals.errors import Disconnected
from b24app.portals.people import ROLE_SECONDS, remember

PAGE = 50
RECENT = timedelta(minutes=20)
"""A conversion of Bitrix24 lives no longer than this."""


@dataclass(frozen=True)
class Row:
    """One document as the list shows it. `state`: converting, ready, failed or none."""

    id: int
    title: str
    number: str
    template: str
    state: str
    error: str
    author: str
    made_at: datetime | None
    elsewhere: bool
    attached: bool
    """Brought as a file, through us."""
    pictured: IssuedDocument | None
    """The record that has a picture of the first page."""
    link: RowLink | None
    """Its public link, where that is on."""
    version: int | None
    """The newest version that was read."""
    errands: list[ShownErrand]
    """What is to be done when the PDF is ready, or was."""
    current: bool
    """The newest version that was read is the one Bitrix24 has now."""
    drift: Drift | None
    """How that version differs from the CRM, as far as anybody has looked."""

    @property
    def differs(self) -> bool:
        return bool(self.drift and self.drift.findings)


@dataclass(frozen=True)
class Matching:
    """What a look at the CRM has found of the documents on a page."""

    rows: list[Row]
    """Those with a version that we know."""
    differed: set[int]
    """The documents of which it was said before."""
    links_to_tell: list[PublicLink]
    catalogue_trouble: bool

    @property
    def drifted(self) -> list[Row]:
        return told_first(self.rows)

    @property
    def changed(self) -> list[Row]:
        """The rows that say something else now than the page may."""
        return [row for row in self.rows if row.differs or row.id in self.differed]

    @property
    def checked_at(self) -> datetime | None:
        return checked_at(self.rows)


@dataclass(frozen=True)
class DealTab:
    deal: CrmItem
    rows: list[Row]
    total: int
    start: int
    under_way: list[Intent]
    catalogue_trouble: bool
    unread: bool
    """There are versions for the worker to read."""
    past: bool
    """There were documents that are deleted now; told where no other is left."""
    links: list[PublicLink]
    """The public links of the deal that are on, as far as we know."""
    links_to_tell: list[PublicLink]
    """Those of them that need a person."""
    used_last: DocumentTemplate | None
    """What this person picked last for such an object: one click saved."""
    unchecked: bool
    """The page is to ask, once it is shown, whether its documents still match the CRM."""

    @property
    def drifted(self) -> list[Row]:
        return told_first(self.rows)

    @property
    def checked_at(self) -> datetime | None:
        return checked_at(self.rows)

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)

    @property
    def older(self) -> int | None:
        """The start of the next page, or None on the last."""
        following = self.start + PAGE
        return following if following < self.total else None

    @property
    def newer(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None


def open_tab(session: FrameSession, start: int = 0) -> DealTab:
    """Reads the item with the person's own token, and its documents in the same batch.

    `start` is the page's offset, in documents. Raises `NoDeal`, `DealForbidden`, `BitrixError`.
    """
    if not session.entity_id:
        raise NoDeal
    commands: dict[str, Command[Any]] = {
        "deal": get_item(session.entity_type_id, session.entity_id),
        "documents": list_documents(
            entity_type_id=session.entity_type_id, entity_id=session.entity_id, start=start
        ),
    }
    if session.person.checked_at < timezone.now() - timedelta(seconds=ROLE_SECONDS):
        commands["profile"] = setup.profile()
    batch = acting(session).batch(commands)
    if "profile" in commands and not batch.failed("profile"):
        remember(session.person, batch["profile"])
    rights.conclude(session, batch.failed("deal"))
    deal = batch["deal"]
    page = batch["documents"]
    unread = _unread(session, page, start)
    trouble = not _catalogue_at_hand(session)
    shared = links.of_deal(session)
    listed = rows(session, page.items)
    return DealTab(
        deal=deal,
        rows=listed,
        total=page.total if page.total is not None else len(page.items),
        start=start,
        under_way=_under_way(session),
        catalogue_trouble=trouble,
        unread=unread,
        past=not page.items and history.had_documents(session),
        links=shared,
        links_to_tell=link_panel.to_tell(shared),
        used_last=picking.used_last(session, deal.category_id),
        unchecked=_is_unchecked(session, deal, listed),
    )


def match(session: FrameSession, start: int) -> Matching | None:
    """Asks Bitrix24 whether the page's documents still match; None where none can be compared.

    Raises `DealForbidden`, `BitrixError`.
    """
    differed = drift_check.differing(session)
    documents = drift_check.check(session, start)
    if not documents:
        return None
    return Matching(
        rows=rows(session, documents),
        differed=differed,
        links_to_tell=link_panel.to_tell(links.of_deal(session)),
        catalogue_trouble=not catalogue.kept(session.portal),
    )


def told_first(rows: Sequence[Row]) -> list[Row]:
    """The rows that differ, those that a client can read by a link before the others."""
    return sorted((row for row in rows if row.differs), key=lambda row: row.link is None)


def checked_at(rows: Sequence[Row]) -> datetime | None:
    """Since when the page's answer holds; None where nobody has looked."""
    moments = [row.drift.checked_at for row in rows if row.drift]
    return min(moments) if moments else None


def _is_unchecked(session: FrameSession, deal: CrmItem, listed: Sequence[Row]) -> bool:
    comparable = [row for row in listed if row.current and not row.attached]
    looked = [row.drift.checked_at if row.drift else None for row in comparable]
    return bool(looked) and (session.insists or drift_check.is_due(deal, looked))


def _unread(session: FrameSession, page: Page[ListedDocument], start: int) -> bool:
    """Notices in the list that was just read what no event has told."""
    unread = capture.noticed(session.portal, page.items)
    if start or (page.total or 0) > len(page.items):
        return unread
    ids = {document.id for document in page.items}
    kind = session.entity_type_id
    return capture.missed(session.portal, kind, session.entity_id, ids) or unread


def _catalogue_at_hand(session: FrameSession) -> bool:
    """Reads the catalogue where none is kept; the tab opens even where that fails."""
    try:
        catalogue.at_hand(session.portal)
    except (BitrixError, Disconnected):
        return False
    return True


def _under_way(session: FrameSession) -> list[Intent]:
    """Documents of this item that are being made or looked for; one's own in doubt, too."""
    intents = Intent.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
        kind__in=[Intent.Kind.MAKE, Intent.Kind.ATTACH],
    )
    in_doubt = Q(state=Intent.State.CHECK, user_id=session.person.user_id)
    intents = intents.filter(Q(state__in=Intent.UNDER_WAY) | in_doubt)
    return list(intents.order_by("-sent_at"))


def rows(session: FrameSession, documents: Sequence[ListedDocument]) -> list[Row]:
    """The documents as rows, joined with what we know: template names, people, waiting PDFs."""
    ids = [document.id for document in documents]
    issued = {
        record.document_id: record
        for record in IssuedDocument.objects.filter(portal=session.portal, document_id__in=ids)
    }
    names = {t.id: t.name for t in catalogue.kept(session.portal)}
    shared = link_panel.by_document(session.portal, ids)
    planned = errands.shown_by_document(session, ids)
    people = dict(Person.objects.filter(portal=session.portal).values_list("user_id", "name"))
    versions = snapshots.newest_of(session.portal, ids)
    drifts = drift_check.known(session, versions)
    return [
        _row(
            document,
            issued.get(document.id),
            names,
            people,
            versions.get(document.id),
            shared.get(document.id),
            planned.get(document.id, []),
            drifts.get(document.id),
        )
        for document in sorted(documents, key=lambda d: d.id, reverse=True)
    ]


def _row(
    document: ListedDocument,
    record: IssuedDocument | None,
    names: dict[int, str],
    people: dict[int, str],
    newest: Snapshot | None,
    link: RowLink | None,
    planned: list[ShownErrand],
    drift: Drift | None,
) -> Row:
    state = _state(document, record)
    current = _is_current(document, newest)
    attached = record is not None and record.attached
    return Row(
        id=document.id,
        title=document.title,
        number=document.number,
        template=names.get(document.template_id or 0, ""),
        state=state,
        error=record.pdf_error if record and state == "failed" else "",
        author=_author(document.created_by, people),
        made_at=document.create_time,
        elsewhere=MARKER not in document.values and not attached,
        attached=attached,
        pictured=record if record and record.picture_sealed else None,
        link=link,
        version=newest.version if newest else None,
        errands=planned,
        current=current,
        drift=drift if current else None,
    )


def _is_current(document: ListedDocument, newest: Snapshot | None) -> bool:
    if newest is None:
        return False
    version = newest.updated_at, newest.file_id
    return snapshots.is_same(version, snapshots.version_of(document))


def _state(document: ListedDocument, record: IssuedDocument | None) -> str:
    if document.pdf_id:
        return IssuedDocument.Pdf.READY
    if record and record.pdf == IssuedDocument.Pdf.FAILED:
        return IssuedDocument.Pdf.FAILED
    changed = document.update_time or document.create_time
    if record or (changed and changed > timezone.now() - RECENT):
        return IssuedDocument.Pdf.CONVERTING
    return "none"


def _author(user_id: int | None, people: dict[int, str]) -> str:
    if user_id is None:
        return "Bitrix24"
    return people.get(user_id) or f"#{user_id}"
