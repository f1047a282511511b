"""An event that a portal sent: a hint, kept until it was acted on."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class InboundEvent(models.Model):
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="events")
    digest = models.CharField(max_length=64)
    """Of name, data and moment: the same event twice is stored once."""
    name = models.CharField(max_length=100)
    document_id = models.PositiveBigIntegerField(null=True)
    data = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "digest"], name="one_row_an_event")
        ]

    def __str__(self) -> str:
        return self.name
