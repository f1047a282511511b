"""One version of a document, as it was when we read it."""

from __future__ import annotations

from typing import Any

from django.db import models

from b24app.models.portal import Portal
from b24app.sealing import seal_json, unseal_json


class Snapshot(models.Model):
    """Everything Bitrix24 told of a version; what it printed is in `content`, sealed.

    A version is known by the portal's time of the change and the id of the file that was made:
    two changes within a second have two files.
    """

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="snapshots")
    document_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField()
    version = models.PositiveIntegerField()
    """Counted by us from 1, the first version that we read."""
    updated_at = models.DateTimeField()
    """When the version was made, by the portal's clock."""
    file_id = models.PositiveBigIntegerField(null=True)
    captured_at = models.DateTimeField()
    """When its values were read, by ours."""
    is_first = models.BooleanField(default=False)
    """The version the document was made with; else the first one that we know is a later one."""
    user_id = models.PositiveBigIntegerField(null=True)
    """Who made it; None where Bitrix24 names nobody."""
    here = models.BooleanField(default=False)
    """Made through Docket."""
    gap = models.BooleanField(default=False)
    """We learnt of it late: other versions may have been between this one and the one before."""
    file_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of the .docx; "" where it was not fetched."""
    content_sealed = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField(default=0)
    """Bytes of the sealed content."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "document_id", "version"], name="one_snapshot_a_version"
            )
        ]
        indexes = [
            models.Index(
                fields=["portal", "entity_type_id", "entity_id"], name="snapshots_of_an_object"
            ),
            models.Index(fields=["captured_at"], name="snapshots_by_age"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.document_id}"

    @property
    def content(self) -> dict[str, Any]:
        """`fields`, `rows` and `document`: see `documents.snapshots`."""
        return unseal_json(self.content_sealed, self._place) if self.content_sealed else {}

    @content.setter
    def content(self, value: dict[str, Any]) -> None:
        self.content_sealed = seal_json(value, self._place)
        self.size = len(self.content_sealed)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"content_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"snapshot:{self.portal_id}:{self.document_id}:{self.version}"
