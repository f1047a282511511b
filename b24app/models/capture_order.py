"""A document of which a version is to be read: the row outlives queue, worker and portal's naps."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class CaptureOrder(models.Model):
    """One row a document, so that two workers never write the same version."""

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="capture_orders")
    document_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField(default=0)
    """0 where we only heard of a change."""
    seen_at = models.DateTimeField(null=True)
    """The update time of the version that somebody saw; None when we only heard of a change."""
    seen_file = models.PositiveBigIntegerField(null=True)
    user_id = models.PositiveBigIntegerField(null=True)
    """Who changed the document through us, with whose token it is read."""
    written_at = models.DateTimeField(null=True)
    """The update time that Bitrix24 answered to that change."""
    skipped = models.BooleanField(default=False)
    """A change of ours was followed by another one before its version was read."""
    asked = models.PositiveIntegerField(default=0)
    """Grows with each asking: one that came while a worker read is not lost."""
    looks = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    leased_until = models.DateTimeField(null=True)
    """While a worker reads: no other takes it before this moment."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "document_id"], name="one_order_a_document")
        ]

    def __str__(self) -> str:
        return f"capture of {self.document_id}"
