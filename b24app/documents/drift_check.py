"""Asks, once an opening of the tab, whether its documents still match, and keeps what was found.

One batch for all of a page: the list (which version each document has now), the product rows, and
each document's fields. What does not fit is the first to be asked the next time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from b24app.bitrix.client import BATCH_SIZE, Batch
from b24app.bitrix.crm import CrmItem, product_rows
from b24app.bitrix.documentgenerator import ListedDocument, document_fields, list_documents_by_id
from b24app.bitrix.protocol import Command
from b24app.documents import actions, drift, history, rights, snapshots
from b24app.documents.drift import Finding
from b24app.models import DriftReport, FrameSession, PublicLink, Snapshot
from b24app.portals.clients import acting

PAGE = 50
AT_ONCE = BATCH_SIZE - 2
"""Documents in one batch, beside the list and the product rows."""
FRESH = timedelta(minutes=2)
"""So long an answer serves everybody, unless the object was changed since."""
CLOCKS = timedelta(minutes=1)
"""By which the portal's clock may differ from ours."""
NAMES = 4
"""Findings that a row of the list tells."""


@dataclass(frozen=True)
class Drift:
    """What is known of a version: `findings` are for the person who looks."""

    findings: list[Finding]
    since: datetime
    """When the version was made."""
    checked_at: datetime

    @property
    def told(self) -> list[Finding]:
        return self.findings[:NAMES]

    @property
    def more(self) -> int:
        return max(0, len(self.findings) - NAMES)


def known(session: FrameSession, newest: Mapping[int, Snapshot]) -> dict[int, Drift]:
    """What was found of these versions, by document, without asking anybody."""
    by_id = {snapshot.pk: snapshot for snapshot in newest.values()}
    rows = DriftReport.objects.filter(portal=session.portal, snapshot_id__in=list(by_id))
    return {
        by_id[row.snapshot_id].document_id: _shown(session, row, by_id[row.snapshot_id])
        for row in rows
    }


def differing(session: FrameSession) -> set[int]:
    """The documents of the session's object of which a version was found to differ."""
    rows = DriftReport.objects.filter(
        portal=session.portal,
        snapshot__entity_type_id=session.entity_type_id,
        snapshot__entity_id=session.entity_id,
        found__gt=0,
    )
    return set(rows.values_list("snapshot__document_id", flat=True))


def is_due(item: CrmItem, checked: Sequence[datetime | None]) -> bool:
    """Whether to ask for documents of this object that were checked then (None: never)."""
    now = timezone.now()
    changed = item.updated_time + CLOCKS if item.updated_time else now - FRESH
    return any(at is None or at <= max(now - FRESH, min(changed, now)) for at in checked)


def check(session: FrameSession, start: int) -> list[ListedDocument]:
    """Asks with the person's own token; answers the page's documents that have a known version.

    `start`: the page's offset. Raises `DealForbidden`, `BitrixError`. What this person may not ask
    stays as it was found by others.
    """
    rights.require_readable(session)
    newest = _on_page(session, start)
    asked = _asked(session, newest)
    if not asked:
        return []
    batch = acting(session).batch(_commands(session, list(newest), asked))
    documents = [one for one in batch["documents"].items if actions.of_this_deal(session, one)]
    for document in documents:
        if document.id in asked:
            _conclude(session, newest[document.id], document, batch)
    return documents


def _on_page(session: FrameSession, start: int) -> dict[int, Snapshot]:
    """The newest versions of the page's documents, newest document first."""
    mine = Snapshot.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    )
    ids = set(mine.values_list("document_id", flat=True).distinct())
    ids -= history.deleted(session.portal, ids)
    page = sorted(ids, reverse=True)[start : start + PAGE]
    newest = snapshots.newest_of(session.portal, page)
    whole = Snapshot.objects.in_bulk([newest[one].pk for one in page])
    return {one: whole[newest[one].pk] for one in page}


def _asked(session: FrameSession, newest: Mapping[int, Snapshot]) -> list[int]:
    """As many as one batch holds: those with a link and the longest waiting first."""
    reports = DriftReport.objects.filter(portal=session.portal, snapshot__in=newest.values())
    checked = dict(reports.values_list("snapshot__document_id", "checked_at"))
    links = PublicLink.objects.filter(portal=session.portal, document_id__in=list(newest))
    on = links.exclude(state=PublicLink.State.OFF)
    shared = set(on.values_list("document_id", flat=True))
    never = datetime.min.replace(tzinfo=UTC)
    comparable = [one for one, snapshot in newest.items() if _has_fields(snapshot)]
    comparable.sort(key=lambda one: (one not in shared, checked.get(one, never)))
    return comparable[:AT_ONCE]


def _has_fields(snapshot: Snapshot) -> bool:
    """Uploaded documents have none, and of some Bitrix24 did not tell them."""
    return drift.is_comparable(field["code"] for field in snapshot.content.get("fields") or [])


def _commands(session: FrameSession, page: list[int], asked: list[int]) -> dict[str, Command[Any]]:
    kind = session.entity_type_id
    commands: dict[str, Command[Any]] = {f"fields{one}": document_fields(one) for one in asked}
    commands["rows"] = product_rows(kind, session.entity_id)
    commands["documents"] = list_documents_by_id(page, entity_type_id=kind)
    return commands


def _conclude(
    session: FrameSession, snapshot: Snapshot, document: ListedDocument, batch: Batch
) -> None:
    """Keeps what was found. A version that nobody has read yet is not compared with an older."""
    version = snapshots.version_of(document)
    if not snapshots.is_same((snapshot.updated_at, snapshot.file_id), version):
        return
    key = f"fields{document.id}"
    if batch.failed(key):
        return  # most likely this person may not ask: what others found stays
    if not drift.is_comparable(field.code for field in batch[key]):
        # Its template is deleted: it cannot be made anew.
        DriftReport.objects.filter(portal=session.portal, snapshot=snapshot).delete()
        return
    rows = None if batch.failed("rows") else batch["rows"]
    found = drift.compare(snapshot.content, document, batch[key], rows)
    _keep(session, snapshot, found)


def _keep(session: FrameSession, snapshot: Snapshot, found: list[Finding]) -> None:
    report = DriftReport(portal=session.portal, snapshot=snapshot)
    report.findings = drift.to_rows(found)
    values = {
        "checked_at": timezone.now(),
        "user_id": session.person.user_id,
        "found": report.found,
        "findings_sealed": report.findings_sealed,
    }
    DriftReport.objects.update_or_create(portal=session.portal, snapshot=snapshot, defaults=values)


def _shown(session: FrameSession, row: DriftReport, snapshot: Snapshot) -> Drift:
    findings = drift.from_rows(row.findings)
    if row.user_id != session.person.user_id:
        findings = drift.without_foreign_values(findings)
    return Drift(findings, snapshot.updated_at, row.checked_at)
