"""Files of versions: fetched while they are the newest, kept as long as the portal wants that."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import ListedDocument
from b24app.bitrix.errors import BitrixError
from b24app.bitrix.secret import Secret
from b24app.models import DownloadTicket, HistoryEntry, Portal, Snapshot, SnapshotFile
from b24app.portals import preferences

log = logging.getLogger(__name__)

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that is kept; a larger one can still be had from Bitrix24 while it is current."""
RECENT = timedelta(days=1)
"""A version older than this, and than files are kept, is not fetched when we first see it."""
Kind = SnapshotFile.Kind
TYPES = {
    DownloadTicket.Kind.PDF: frozenset({"application/pdf"}),
    DownloadTicket.Kind.DOCX: frozenset(
        {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
    ),
}


def fetch(client: PortalClient, snapshot: Snapshot, document: ListedDocument) -> bool:
    """Fetches what is missing of the newest version; says whether all is there that is wanted."""
    days = preferences.of(snapshot.portal).keep_files_days
    if timezone.now() - snapshot.updated_at > max(RECENT, timedelta(days=days)):
        return True
    whole = _docx(client, snapshot, document, keep=days > 0)
    if days > 0 and not snapshot.files.filter(kind=Kind.PDF).exists():
        whole = _pdf(client, snapshot, document) and whole
    return whole


def _docx(
    client: PortalClient, snapshot: Snapshot, document: ListedDocument, *, keep: bool
) -> bool:
    """The hash is taken even where the file is not kept."""
    if snapshot.file_hash:
        return True
    body = _body(client, document.download_machine, Kind.DOCX)
    if body is None:
        return False
    snapshot.file_hash = hashlib.sha256(body).hexdigest()
    snapshot.save(update_fields=["file_hash"])
    if keep:
        _keep(snapshot, Kind.DOCX, body)
    return True


def _pdf(client: PortalClient, snapshot: Snapshot, document: ListedDocument) -> bool:
    body = _body(client, document.pdf_machine, Kind.PDF) if document.has_pdf else None
    if body is None:
        return False
    _keep(snapshot, Kind.PDF, body)
    return True


def _body(client: PortalClient, link: Secret | None, kind: str) -> bytes | None:
    if link is None:
        return None
    try:
        return client.download(link, types=TYPES[DownloadTicket.Kind(kind)], limit=LARGEST).body
    except BitrixError as error:
        log.info("a file was not fetched: %s", type(error).__name__)
        return None


def _keep(snapshot: Snapshot, kind: str, body: bytes) -> None:
    file = SnapshotFile(snapshot=snapshot, kind=kind, kept_at=timezone.now())
    file.body = body
    file.save()


def counted(portal: Portal) -> dict[str, int]:
    """How many versions and files are kept, and their bytes: `versions`, `files`, `size`."""
    versions = Snapshot.objects.filter(portal=portal).aggregate(n=Count("pk"), size=Sum("size"))
    files = SnapshotFile.objects.filter(snapshot__portal=portal)
    found = files.aggregate(n=Count("pk"), size=Sum("size"))
    size = (versions["size"] or 0) + (found["size"] or 0)
    return {"versions": versions["n"], "files": found["n"], "size": size}


def prune() -> None:
    """Deletes what each portal's settings do not keep any longer."""
    for portal in Portal.objects.filter(snapshots__isnull=False).distinct():
        settings = preferences.of(portal)
        now = timezone.now()
        files = SnapshotFile.objects.filter(snapshot__portal=portal)
        files.filter(kept_at__lte=now - timedelta(days=settings.keep_files_days)).delete()
        limit = now - timedelta(days=settings.keep_values_days)
        _outlived(portal).filter(captured_at__lt=limit).delete()
        HistoryEntry.objects.filter(portal=portal, at__lt=limit).delete()


def _outlived(portal: Portal) -> QuerySet[Snapshot]:
    """All but the newest versions of documents that exist: those are what is printed now."""
    same = Snapshot.objects.filter(portal=portal, document_id=OuterRef("document_id"))
    newest = Subquery(same.order_by("-version").values("pk")[:1])
    deleted = HistoryEntry.objects.filter(portal=portal, kind=HistoryEntry.Kind.DELETED)
    gone = Q(document_id__in=deleted.values("document_id"))
    return Snapshot.objects.filter(gone | ~Q(pk=newest), portal=portal)
