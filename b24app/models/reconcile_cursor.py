"""How far the portal's list of changed documents has been read."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class ReconcileCursor(models.Model):
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="cursors")
    entity_type_id = models.PositiveIntegerField()
    read_to = models.DateTimeField()
    """Everything changed before this moment has been seen, by the portal's clock."""
    due_at = models.DateTimeField(db_index=True)
    failures = models.PositiveIntegerField(default=0)
    """In a row: the more, the rarer the next reading."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "entity_type_id"], name="one_cursor_a_type")
        ]

    def __str__(self) -> str:
        return f"type {self.entity_type_id} of {self.portal}"
