"""One request to a portal, as the Market wants it kept: who asked what, and how it ended."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class RestCall(models.Model):
    """Without parameters and without answers: neither values nor tokens are ever in here."""

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="calls")
    user_id = models.PositiveBigIntegerField()
    method = models.CharField(max_length=120)
    """The REST method; of a batch, how many commands it had."""
    status = models.PositiveSmallIntegerField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.method} {self.status or ''} {self.error_code}".strip()
