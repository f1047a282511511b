"""A file of a version, kept for as long as the portal wants old files kept."""

from __future__ import annotations

from django.db import models

from b24app.models.snapshot import Snapshot
from b24app.sealing import seal, unseal


class SnapshotFile(models.Model):
    class Kind(models.TextChoices):
        DOCX = "docx"
        PDF = "pdf"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    body_sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    """Bytes as kept."""
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "kind"], name="one_file_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.snapshot_id}"

    @property
    def body(self) -> bytes:
        return unseal(self.body_sealed, self._place)

    @body.setter
    def body(self, content: bytes) -> None:
        self.body_sealed = seal(content, self._place)
        self.size = len(self.body_sealed)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"body_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"snapshot-file:{self.snapshot_id}:{self.kind}"
