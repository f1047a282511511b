"""A file that a template had before it was replaced."""

from __future__ import annotations

import uuid

from django.db import models

from b24app.models.portal import Portal
from b24app.sealing import seal, unseal


class TemplateFile(models.Model):
    """Kept by us, for Bitrix24 forgets it: to compare with, and to go back to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="template_files")
    template_id = models.PositiveBigIntegerField()
    body_sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    """Bytes of the file."""
    digest = models.CharField(max_length=64)
    """SHA-256: the same file is kept once."""
    user_id = models.PositiveBigIntegerField()
    """Who replaced it."""
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "template_id", "digest"], name="a_template_file_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"file of template {self.template_id}"

    @property
    def body(self) -> bytes:
        return unseal(self.body_sealed, self._place)

    @body.setter
    def body(self, content: bytes) -> None:
        self.body_sealed = seal(content, self._place)
        self.size = len(content)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"body_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"template-file:{self.id}"
