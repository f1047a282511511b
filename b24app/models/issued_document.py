"""Our record of having made or seen a document of the portal."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal
from b24app.sealing import seal, unseal


class IssuedDocument(models.Model):
    """Bitrix24 is the truth about the document; this row, about its PDF being waited for."""

    class Pdf(models.TextChoices):
        CONVERTING = "converting"
        READY = "ready"
        FAILED = "failed"

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="issued")
    document_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField()
    template_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=500)
    number = models.CharField(max_length=255, blank=True)
    user_id = models.PositiveBigIntegerField()
    """Who made or changed it last through us."""

    made_at = models.DateTimeField(auto_now_add=True)
    """When Docket made it or first saw it."""

    pdf = models.CharField(max_length=12, choices=Pdf.choices, default=Pdf.CONVERTING)
    pdf_error = models.CharField(max_length=500, blank=True)
    pdf_error_code = models.CharField(max_length=64, blank=True)
    waiting_since = models.DateTimeField()
    pdf_seconds = models.PositiveIntegerField(null=True)
    """How long the last PDF was waited for; None before the first one."""
    looks = models.PositiveIntegerField(default=0)
    look_at = models.DateTimeField(null=True)
    """When the worker asks next; None when there is nothing to wait for."""
    attached = models.BooleanField(default=False)
    """A file that a person brought: Bitrix24 cannot make it anew, so it cannot be edited."""
    picture_sealed = models.BinaryField(default=bytes)
    """The first page as JPEG."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "document_id"], name="one_record_a_document")
        ]
        indexes = [
            models.Index(fields=["look_at"], name="documents_to_look_at"),
            models.Index(fields=["portal", "made_at"], name="documents_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def picture(self) -> bytes:
        return unseal(self.picture_sealed, self._place) if self.picture_sealed else b""

    @picture.setter
    def picture(self, jpeg: bytes) -> None:
        self.picture_sealed = seal(jpeg, self._place) if jpeg else b""

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"picture_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"document:{self.portal_id}:{self.document_id}:picture"
