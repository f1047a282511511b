"""Something that was refused, or that an administrator would want to know of; apart from REST."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class SecurityEvent(models.Model):
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, null=True, related_name="security")
    """None where the request did not prove which portal it came from."""
    kind = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    """Our own words; never anything that came with the request."""
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
