"""Waiting for PDFs: the worker asks Bitrix24, one batch for all waiting documents of a portal.

No event tells that a PDF is ready. document.get joins a running conversion; after a failed one it
would start the next of five attempts, so a failure ends the waiting until a person tries again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from b24app.bitrix.client import Batch, PortalClient
from b24app.bitrix.documentgenerator import (
    Document,
    ListedDocument,
    get_document,
    list_documents_by_id,
)
from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    NotFound,
    NotReached,
    OperationTimeLimit,
    QueryLimit,
    Refused,
    UnexpectedAnswer,
)
from b24app.documents import history, link_state
from b24app.models import IssuedDocument, Portal
from b24app.portals.clients import upkeep
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LATER = timedelta(seconds=30)
"""After a look that reached nobody."""
A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PICTURE_LIMIT = 2 * 1024 * 1024
BATCH = 50
TOO_LONG = "too_long"
"""Our own code for a conversion that has had its time, or a portal that told nothing in it."""


def wait_for(portal: Portal, document: Document | ListedDocument, user_id: int) -> IssuedDocument:
    """Notes that a document was just made or regenerated, and when to look for its PDF."""
    record = remember(portal, document, user_id)
    if isinstance(document, Document) and document.is_transformation_error:
        _fail(record, document.transformation_error, document.transformation_error_code)
    return record


def remember(portal: Portal, document: Document | ListedDocument, user_id: int) -> IssuedDocument:
    """The record of a document, as one whose PDF is waited for from now."""
    now = timezone.now()
    record, _ = IssuedDocument.objects.update_or_create(
        portal=portal,
        document_id=document.id,
        defaults={
            "entity_type_id": document.entity_type_id,
            "entity_id": document.entity_id,
            "template_id": document.template_id or 0,
            "title": document.title[:500],
            "number": document.number[:255],
            "user_id": user_id,
            "pdf": IssuedDocument.Pdf.CONVERTING,
            "pdf_error": "",
            "pdf_error_code": "",
            "waiting_since": now,
            "looks": 0,
            "look_at": now + timedelta(seconds=settings.PDF_POLLS[0]),
            "picture_sealed": b"",
        },
    )
    return record


def wait_again(record: IssuedDocument, listed: ListedDocument) -> None:
    """The document was regenerated, perhaps elsewhere: the old PDF and picture are gone.

    Where the new PDF is there already, its picture is fetched at the next look.
    """
    now = timezone.now()
    wait = 0.0 if listed.has_pdf else settings.PDF_POLLS[0]
    pdf = IssuedDocument.Pdf.READY if listed.has_pdf else IssuedDocument.Pdf.CONVERTING
    record.title = listed.title[:500]
    record.number = listed.number[:255]
    record.pdf = pdf
    record.picture_sealed = b""
    record.waiting_since = now
    record.looks = 0
    record.look_at = now + timedelta(seconds=wait)
    record.save()


def due_portals() -> list[int]:
    """Portals with documents to look at now."""
    return [portal_id for portal_id, _ in coming(timezone.now())]


def coming(until: datetime) -> list[tuple[int, datetime]]:
    """Portals with documents to look at until then, each with the first one's moment."""
    rows = IssuedDocument.objects.filter(look_at__lte=until).values("portal_id")
    return list(rows.annotate(first=Min("look_at")).values_list("portal_id", "first"))


def look_at_once(portal_id: int) -> bool:
    """The portal answers again, so all its waiting documents are due now; whether there are any."""
    rows = IssuedDocument.objects.filter(portal_id=portal_id, look_at__isnull=False)
    return rows.update(look_at=timezone.now()) > 0


def next_look(portal_id: int) -> datetime | None:
    """When the portal's next waiting document is due."""
    rows = IssuedDocument.objects.filter(portal_id=portal_id, look_at__isnull=False)
    return rows.order_by("look_at").values_list("look_at", flat=True).first()


def look(portal_id: int) -> bool:
    """Looks at all due documents of a portal with one batch.

    Answers whether this call looked: False when none was due, or another worker has them.
    """
    records = _claim(portal_id)
    if not records:
        return False
    asked_at = timezone.now()
    try:
        client = upkeep(records[0].portal, records[0].user_id)
        batch = client.batch({_key(r): get_document(r.document_id) for r in records})
    except (BitrixError, Disconnected) as error:
        log.info("portal %s not asked for PDFs: %s", portal_id, type(error).__name__)
        _postpone(records, error)
        return True
    for record in records:
        _conclude(client, record, batch, asked_at)
    return True


def _claim(portal_id: int) -> list[IssuedDocument]:
    now = timezone.now()
    rows = IssuedDocument.objects.filter(portal_id=portal_id, look_at__lte=now)
    claimed = []
    for record in rows.select_related("portal").order_by("look_at")[:BATCH]:
        mine = IssuedDocument.objects.filter(pk=record.pk, look_at=record.look_at)
        if mine.update(look_at=now + LEASE):
            claimed.append(record)
    return claimed


def _key(record: IssuedDocument) -> str:
    return f"document{record.document_id}"


def _postpone(records: list[IssuedDocument], error: Exception) -> None:
    """A look that told nothing. While the portal is silent or busy that says nothing of a
    conversion either, so none is given up; the longer it lasts, the less often it is asked."""
    now = timezone.now()
    patience = A_DAY if _is_away(error) else timedelta(seconds=settings.PDF_PATIENCE)
    for record in records:
        waited = now - record.waiting_since
        if waited > patience:
            _fail(record, "", TOO_LONG)
            continue
        wait = max(_wait_after(error), min(waited / 12, AN_HOUR) if _is_away(error) else LATER)
        record.look_at = now + wait
        record.save(update_fields=["look_at"])


def _is_away(error: Exception) -> bool:
    """Nobody answered, or the portal asked for fewer requests: no failed look."""
    if isinstance(error, NotReached | QueryLimit | OperationTimeLimit):
        return True
    if isinstance(error, UnexpectedAnswer):
        return False
    return isinstance(error, AnswerLost) and not error.code


def _wait_after(error: Exception) -> timedelta:
    if isinstance(error, OperationTimeLimit):
        told = error.resets_at - timezone.now() if error.resets_at else A_MINUTE
        return min(max(told, LATER), timedelta(minutes=10))
    return LATER


def _too_long(record: IssuedDocument) -> bool:
    return timezone.now() > record.waiting_since + timedelta(seconds=settings.PDF_PATIENCE)


def _conclude(
    client: PortalClient, record: IssuedDocument, batch: Batch, asked_at: datetime
) -> None:
    try:
        document: Document = batch[_key(record)]
    except (NotFound, Refused) as error:
        _gone_or_failed(client, record, error)
    except BitrixError as error:
        _postpone([record], error)
    else:
        link_state.learn(record.portal, document, asked_at)
        take(client, record, document)


def take(client: PortalClient, record: IssuedDocument, document: Document) -> None:
    """Writes down what `document` says of its PDF."""
    if document.pdf_url:
        if record.pdf != IssuedDocument.Pdf.READY:
            waited = timezone.now() - record.waiting_since
            record.pdf_seconds = max(0, round(waited.total_seconds()))
        record.pdf = IssuedDocument.Pdf.READY
        record.look_at = None
        record.picture = _picture(client, document)
        record.save()
    elif document.is_transformation_error:
        _fail(record, document.transformation_error, document.transformation_error_code)
    elif _too_long(record):
        _fail(record, "", TOO_LONG)
    else:
        polls = settings.PDF_POLLS
        record.looks += 1
        wait = polls[min(record.looks, len(polls) - 1)]
        record.look_at = timezone.now() + timedelta(seconds=wait)
        record.save(update_fields=["looks", "look_at"])


def _gone_or_failed(client: PortalClient, record: IssuedDocument, error: BitrixError) -> None:
    """document.get fails in the same way for a failed conversion and for a deleted document."""
    try:
        page = client.run(
            list_documents_by_id([record.document_id], entity_type_id=record.entity_type_id)
        )
    except BitrixError as failure:
        _postpone([record], failure)
        return
    if page.items:
        fail(record, error)
    else:
        history.gone(record.portal, record.document_id)


def fail(record: IssuedDocument, error: BitrixError) -> None:
    """Notes that the portal answered a look with an error of the conversion."""
    _fail(record, error.description, error.code)


def _fail(record: IssuedDocument, reason: str, code: str) -> None:
    record.pdf = IssuedDocument.Pdf.FAILED
    record.pdf_error = reason[:500]
    record.pdf_error_code = code[:64]
    record.look_at = None
    record.save(update_fields=["pdf", "pdf_error", "pdf_error_code", "look_at"])


def _picture(client: PortalClient, document: Document) -> bytes:
    """The first page; a document is ready without it too."""
    if document.image_machine is None:
        return b""
    try:
        found = client.download(
            document.image_machine, types=frozenset({"image/jpeg"}), limit=PICTURE_LIMIT
        )
    except BitrixError:
        return b""
    return found.body
