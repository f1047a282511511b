"""Changing the keys of what is sealed: everything is sealed again with the newest."""

from __future__ import annotations

from typing import TypeAlias

from b24app.models import (
    DriftReport,
    Errand,
    Intent,
    IssuedDocument,
    Job,
    Portal,
    PublicLink,
    Snapshot,
    SnapshotFile,
    TemplateAddition,
    TemplateFile,
    TokenChain,
)
from b24app.sealing import is_newest, seal, unseal

SEALED = (
    Portal,
    TokenChain,
    Intent,
    IssuedDocument,
    PublicLink,
    Snapshot,
    SnapshotFile,
    DriftReport,
    Errand,
    Job,
    TemplateAddition,
    TemplateFile,
)
Row: TypeAlias = (
    Portal
    | TokenChain
    | Intent
    | IssuedDocument
    | PublicLink
    | Snapshot
    | SnapshotFile
    | DriftReport
    | Errand
    | Job
    | TemplateAddition
    | TemplateFile
)


def rotate() -> int:
    """Seals every value again that an older key has sealed; answers how many there were.

    A value that somebody changes meanwhile is left to him: he seals with the newest key. May be
    stopped and started again. Raises `SealBroken` for a value that no key opens.
    """
    return sum(_rotate_row(row) for model in SEALED for row in model.objects.iterator())


def _rotate_row(row: Row) -> int:
    changed = 0
    for column, place in row.places().items():
        old = bytes(getattr(row, column))
        if old and not is_newest(old):
            rows = type(row)._default_manager.filter(**{"pk": row.pk, column: old})
            changed += rows.update(**{column: seal(unseal(old, place), place)})
    return changed
