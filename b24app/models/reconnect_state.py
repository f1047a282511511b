"""The `state` of one authorization-code flow: made, kept, taken once, compared."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class ReconnectState(models.Model):
    token_hash = models.CharField(max_length=64, unique=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE)
    user_id = models.PositiveBigIntegerField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"reconnect {self.portal} by user {self.user_id}"
