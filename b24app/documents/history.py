"""What happened to documents besides their versions, written down when we learn of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from b24app.models import (
    CaptureOrder,
    DriftReport,
    FrameSession,
    HistoryEntry,
    IssuedDocument,
    Portal,
    PublicLink,
    Snapshot,
)

Kind = HistoryEntry.Kind


def note(portal: Portal, document_id: int, kind: str, user_id: int | None) -> None:
    """Notes that a link went on or off, if we know the document. `user_id`: None for ourselves."""
    owner = _owner(portal, document_id)
    if owner is not None:
        HistoryEntry.objects.create(
            portal=portal,
            document_id=document_id,
            entity_type_id=owner[0],
            entity_id=owner[1],
            kind=kind,
            user_id=user_id,
            at=timezone.now(),
        )


def gone(portal: Portal, document_id: int, user_id: int | None = None) -> None:
    """Bitrix24 has the document no more; its versions stay for as long as the portal keeps them."""
    owner = _owner(portal, document_id)
    if owner is not None:
        HistoryEntry.objects.get_or_create(
            portal=portal,
            document_id=document_id,
            kind=Kind.DELETED,
            defaults={
                "entity_type_id": owner[0],
                "entity_id": owner[1],
                "user_id": user_id,
                "at": timezone.now(),
            },
        )
    IssuedDocument.objects.filter(portal=portal, document_id=document_id).delete()
    CaptureOrder.objects.filter(portal=portal, document_id=document_id).delete()
    PublicLink.objects.filter(portal=portal, document_id=document_id).delete()
    DriftReport.objects.filter(portal=portal, snapshot__document_id=document_id).delete()


def is_there(portal: Portal, document_id: int) -> None:
    """Takes back what was concluded from a list that had it not."""
    rows = HistoryEntry.objects.filter(portal=portal, document_id=document_id)
    rows.filter(kind=Kind.DELETED).delete()


def deleted(portal: Portal, document_ids: Iterable[int]) -> set[int]:
    """Those of the documents that we know to be deleted."""
    rows = HistoryEntry.objects.filter(portal=portal, kind=Kind.DELETED)
    found = rows.filter(document_id__in=list(document_ids))
    return set(found.values_list("document_id", flat=True))


def had_documents(session: FrameSession) -> bool:
    """Whether we have a story of the session's object."""
    return Snapshot.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    ).exists()


def _owner(portal: Portal, document_id: int) -> tuple[int, int] | None:
    """Type and id of the CRM object, from our own records; None for an unknown document."""
    for model in (Snapshot, IssuedDocument):
        rows = model._default_manager.filter(portal=portal, document_id=document_id)
        found = rows.values_list("entity_type_id", "entity_id").first()
        if found is not None:
            return int(found[0]), int(found[1])
    return None
