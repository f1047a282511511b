"""The worker reads versions: list, fields and rows in one batch, then the files.

document.get would start a conversion, so the list is read instead. It stands last in the batch: a
version that was seen before, and is still the newest after its fields were read, is theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.client import Batch, PortalClient
from b24app.bitrix.crm import product_rows
from b24app.bitrix.documentgenerator import (
    ListedDocument,
    document_fields,
    list_documents_by_id,
)
from b24app.bitrix.errors import BitrixError, Refused
from b24app.bitrix.protocol import Command
from b24app.documents import archive, content, history, readiness, snapshots
from b24app.documents.marker import MARKER
from b24app.models import CaptureOrder, IssuedDocument, Portal, Snapshot
from b24app.portals.clients import as_person
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

AT_ONCE = 15
"""Documents in one batch: for each its fields, its rows, and a share of the lists."""
LEASE = timedelta(minutes=4)
ROUNDS = 3
LATE = timedelta(minutes=2)
"""A version that is read later than this after its change may have had others before it."""
SAME_MOMENT = timedelta(seconds=2)
AGAIN = (8, 20, 60, 300)
"""Seconds until the looks for a PDF or a file that was not there."""
SILENT = (30, 120, 600, 3600)
"""Seconds until the next try after a portal did not answer; the last one repeats."""
MOST_LOOKS = 30
"""Then an order is given up; whoever sees the version again orders it again."""


def due_portals() -> list[int]:
    """Portals with versions to be read now."""
    return list(_due(timezone.now()).values_list("portal_id", flat=True).distinct())


def next_look(portal_id: int) -> datetime | None:
    """When the portal's next order is due."""
    rows = CaptureOrder.objects.filter(portal_id=portal_id)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def noticed(portal: Portal, documents: Sequence[ListedDocument]) -> bool:
    """Compares a list that was read anyway with what we know; says whether a version is new.

    What was changed behind our back is waited for as after an event: its old PDF is gone.
    """
    fresh = snapshots.seen(portal, documents)
    known = snapshots.newest_of(portal, [document.id for document in fresh])
    changed = {document.id: document for document in fresh if document.id in known}
    for record in IssuedDocument.objects.filter(portal=portal, document_id__in=list(changed)):
        changed_elsewhere(record, changed[record.document_id])
    return bool(fresh)


def changed_elsewhere(record: IssuedDocument, document: ListedDocument) -> None:
    """The document was made anew: its PDF is waited for again, unless that is so already."""
    if record.pdf != record.Pdf.CONVERTING or document.has_pdf:
        readiness.wait_again(record, document)


def missed(portal: Portal, entity_type_id: int, entity_id: int, listed: set[int]) -> bool:
    """Orders a look at documents that a whole list of an object's documents does not have."""
    known = Snapshot.objects.filter(
        portal=portal, entity_type_id=entity_type_id, entity_id=entity_id
    )
    ids = set(known.values_list("document_id", flat=True).distinct()) - listed
    ids -= history.deleted(portal, ids)
    for document_id in ids:
        snapshots.heard_of(portal, document_id, entity_type_id)
    return bool(ids)


def capture(portal_id: int) -> bool:
    """Reads the due versions of a portal. Answers whether there were any for this worker."""
    orders = _claim(portal_id)
    for user_id in dict.fromkeys(order.user_id for order in orders):
        _read_with(user_id, [order for order in orders if order.user_id == user_id])
    return bool(orders)


def _due(now: datetime) -> Any:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return CaptureOrder.objects.filter(free, due_at__lte=now)


def _claim(portal_id: int) -> list[CaptureOrder]:
    now = timezone.now()
    claimed = []
    waiting = _due(now).filter(portal_id=portal_id).select_related("portal").order_by("due_at")
    for order in waiting[:AT_ONCE]:
        if _due(now).filter(pk=order.pk, asked=order.asked).update(leased_until=now + LEASE):
            claimed.append(order)
    return claimed


def _read_with(user_id: int | None, orders: list[CaptureOrder]) -> None:
    """One person's orders, until each version that was seen is also the one that was read."""
    pending = orders
    try:
        client = as_person(orders[0].portal, user_id)
        for _ in range(ROUNDS):
            pending = _round(client, pending)
            if not pending:
                return
    except (BitrixError, Disconnected) as error:
        log.info("versions not read yet: %s", type(error).__name__)
    for order in pending:
        _again(order, _pause(order))


def _round(client: PortalClient, orders: list[CaptureOrder]) -> list[CaptureOrder]:
    """One batch. Answers the orders whose version became known by it and is to be read now."""
    batch = client.batch(_commands(orders))
    left = []
    for order in orders:
        try:
            if not _look(client, order, batch):
                left.append(order)
        except BitrixError as error:  # of this one alone: the others go on
            log.info("document %s not read: %s", order.document_id, type(error).__name__)
            _again(order, _pause(order))
    return left


def _look(client: PortalClient, order: CaptureOrder, batch: Batch) -> bool:
    """Acts on what the batch told of one document; False: its version is to be read now."""
    listed = batch[f"list{order.entity_type_id}"].items
    document = next((one for one in listed if one.id == order.document_id), None)
    if document is not None:
        return _settled(client, order, document, batch)
    history.gone(order.portal, order.document_id)
    _finish(order)
    return True


def _commands(orders: Sequence[CaptureOrder]) -> dict[str, Command[Any]]:
    commands: dict[str, Command[Any]] = {}
    for order in orders:
        if order.seen_at is not None:
            commands[f"fields{order.document_id}"] = document_fields(order.document_id)
            rows = product_rows(order.entity_type_id, order.entity_id)
            commands[f"rows{order.document_id}"] = rows
    for kind in sorted({order.entity_type_id for order in orders}):
        ids = [order.document_id for order in orders if order.entity_type_id == kind]
        commands[f"list{kind}"] = list_documents_by_id(ids, entity_type_id=kind)
    return commands


def _settled(
    client: PortalClient, order: CaptureOrder, document: ListedDocument, batch: Batch
) -> bool:
    """Writes the version down if the batch told all of it; False: it is to be read now."""
    version = snapshots.version_of(document)
    newest = snapshots.newest(order.portal, document.id)
    if newest is not None and snapshots.is_same((newest.updated_at, newest.file_id), version):
        _complete(client, order, newest, document)
        return True
    seen = order.seen_at
    order.entity_id = document.entity_id
    if seen is None or not snapshots.is_same((seen, order.seen_file), version):
        order.seen_at, order.seen_file = version
        return False
    _complete(client, order, _write(order, newest, document, batch), document)
    return True


@transaction.atomic
def _write(
    order: CaptureOrder, before: Snapshot | None, document: ListedDocument, batch: Batch
) -> Snapshot:
    is_first = before is None and document.update_time - document.create_time <= SAME_MOMENT
    ours = order.written_at == document.update_time or (is_first and MARKER in document.values)
    author = document.created_by if is_first else document.updated_by
    snapshot = Snapshot(
        portal=order.portal,
        document_id=document.id,
        entity_type_id=document.entity_type_id,
        entity_id=document.entity_id,
        version=before.version + 1 if before else 1,
        updated_at=document.update_time,
        file_id=document.file_id,
        captured_at=timezone.now(),
        is_first=is_first,
        user_id=(order.user_id if ours else None) or author,
        here=ours,
        gap=_is_gap(order, before, document, is_first=is_first, ours=ours),
    )
    snapshot.content = content.of(
        document,
        _told(batch, f"fields{document.id}"),
        _told(batch, f"rows{document.id}"),
    )
    snapshot.save()
    history.is_there(order.portal, document.id)
    return snapshot


def _is_gap(
    order: CaptureOrder,
    before: Snapshot | None,
    document: ListedDocument,
    *,
    is_first: bool,
    ours: bool,
) -> bool:
    """Whether versions that nobody read may lie between this one and the one before."""
    overtaken = order.written_at is not None and not ours
    if before is None:
        return overtaken or not is_first
    late = not ours and timezone.now() - document.update_time > LATE
    return order.skipped or overtaken or late


def _told(batch: Batch, key: str) -> Any:
    """A part of the batch; None where it was refused. Raises what may pass, to try again."""
    return None if isinstance(batch.failed(key), Refused) else batch[key]


def _complete(
    client: PortalClient, order: CaptureOrder, snapshot: Snapshot, document: ListedDocument
) -> None:
    """Fetches the files of a version that is written down; comes back for those that are late."""
    whole = archive.fetch(client, snapshot, document)
    if whole or order.looks >= len(AGAIN):
        _finish(order)
    else:
        read = {"seen_at": None, "written_at": None, "skipped": False}
        _again(order, AGAIN[order.looks], **read)


def _pause(order: CaptureOrder) -> float:
    return SILENT[min(order.looks, len(SILENT) - 1)]


def _again(order: CaptureOrder, seconds: float, **changed: Any) -> None:
    if order.looks >= MOST_LOOKS:
        _finish(order)
        return
    due = timezone.now() + timedelta(seconds=seconds)
    looks = order.looks + 1
    rows = CaptureOrder.objects.filter(pk=order.pk, asked=order.asked)
    if not rows.update(leased_until=None, due_at=due, looks=looks, **changed):
        _hand_back(order)


def _finish(order: CaptureOrder) -> None:
    if not CaptureOrder.objects.filter(pk=order.pk, asked=order.asked).delete()[0]:
        _hand_back(order)


def _hand_back(order: CaptureOrder) -> None:
    """Somebody asked again meanwhile: the order is due as he wrote it."""
    CaptureOrder.objects.filter(pk=order.pk).update(leased_until=None)
