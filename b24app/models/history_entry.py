"""What happened to a document besides its versions, as far as we know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from b24app.models.portal import Portal


class HistoryEntry(models.Model):
    class Kind(models.TextChoices):
        LINK_ON = "link_on"
        LINK_OFF = "link_off"
        DELETED = "deleted"

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="history")
    document_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user_id = models.PositiveBigIntegerField(null=True)
    """Who did it through Docket; None where it was done elsewhere, or by ourselves."""
    at = models.DateTimeField(db_index=True)
    """When it was done or, of what was done elsewhere, when we learnt of it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "document_id"],
                condition=Q(kind="deleted"),
                name="deleted_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["portal", "entity_type_id", "entity_id"], name="history_of_an_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id}"
