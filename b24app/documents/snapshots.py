"""Versions of documents: which one is the newest, and which is still to be read.

Nothing here asks Bitrix24: who learns that a document may have another version than its newest
Snapshot writes an order, and the worker reads it (`capture`). What a Snapshot holds in `content`:

- `fields`: a list of maps with code, title, group (a list), control, value, default, and shown: the
  value as a person reads it; None where Bitrix24 did not tell them.
- `rows`: the product rows as they were read with the fields: id, name, quantity, measure, price,
  tax, discount, as text; None where it did not tell them.
- `document`: title, number, template_id, stamps, create_time, method (how it was created).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from b24app.bitrix.documentgenerator import Document, ListedDocument
from b24app.models import CaptureOrder, Portal, Snapshot

Version: TypeAlias = "tuple[datetime, int | None]"
"""Update time and file of a version; the file is None where an answer does not tell it."""

CROWD = 200


def newest(portal: Portal, document_id: int) -> Snapshot | None:
    """The newest version that we have read, if any."""
    rows = Snapshot.objects.filter(portal=portal, document_id=document_id)
    return rows.order_by("-version").first()


def newest_of(portal: Portal, document_ids: Iterable[int]) -> dict[int, Snapshot]:
    """The newest version of each of the documents that has one, without its content."""
    rows = Snapshot.objects.filter(portal=portal, document_id__in=list(document_ids))
    ordered = rows.defer("content_sealed").order_by("document_id", "version")
    return {snapshot.document_id: snapshot for snapshot in ordered}


def is_same(one: Version, other: Version) -> bool:
    """Whether both name the same version."""
    return one[0] == other[0] and (None in {one[1], other[1]} or one[1] == other[1])


def version_of(document: Document | ListedDocument) -> Version:
    return document.update_time, getattr(document, "file_id", None)


@transaction.atomic
def written(portal: Portal, document: Document | ListedDocument, user_id: int) -> None:
    """A person has made or changed the document through us: its version is his."""
    at, file_id = version_of(document)
    before = CaptureOrder.objects.filter(portal=portal, document_id=document.id).first()
    _ask(
        portal,
        document.id,
        entity_type_id=document.entity_type_id,
        entity_id=document.entity_id,
        seen_at=at,
        seen_file=file_id,
        user_id=user_id,
        written_at=at,
        skipped=bool(before and before.written_at and before.written_at < at),
    )
    # The event of this very change may have been quicker than the answer to it.
    rows = Snapshot.objects.filter(portal=portal, document_id=document.id, updated_at=at)
    rows.update(here=True, user_id=user_id, gap=False)


def heard_of(portal: Portal, document_id: int, entity_type_id: int, *, wait: float = 0) -> None:
    """Something is said to have happened to a document: look after `wait` seconds."""
    _ask(portal, document_id, wait=wait, entity_type_id=entity_type_id)


def is_crowded(portal: Portal) -> bool:
    """Whether there are so many documents of which we only heard that more can wait."""
    return CaptureOrder.objects.filter(portal=portal, seen_at=None).count() >= CROWD


def seen(portal: Portal, documents: Sequence[ListedDocument]) -> list[ListedDocument]:
    """Orders those of the listed versions that we have not read; answers the newly ordered."""
    ids = [document.id for document in documents]
    known = {id_: (s.updated_at, s.file_id) for id_, s in newest_of(portal, ids).items()}
    orders = CaptureOrder.objects.filter(portal=portal, document_id__in=ids, seen_at__isnull=False)
    ordered = {o.document_id: (o.seen_at, o.seen_file) for o in orders}
    known_or_ordered: list[dict[int, Any]] = [known, ordered]
    fresh = [d for d in documents if not any(_is_among(found, d) for found in known_or_ordered)]
    for document in fresh:
        at, file_id = version_of(document)
        _ask(
            portal,
            document.id,
            entity_type_id=document.entity_type_id,
            entity_id=document.entity_id,
            seen_at=at,
            seen_file=file_id,
        )
    return fresh


def _is_among(versions: dict[int, Any], document: ListedDocument) -> bool:
    found = versions.get(document.id)
    return found is not None and is_same(found, version_of(document))


def _ask(portal: Portal, document_id: int, *, wait: float = 0, **found: Any) -> None:
    """Writes the order, or brings forward the one that is there."""
    found |= {"due_at": timezone.now() + timedelta(seconds=wait)}
    CaptureOrder.objects.update_or_create(
        portal=portal,
        document_id=document_id,
        defaults=found | {"asked": F("asked") + 1, "looks": 0},
        create_defaults=found,
    )
