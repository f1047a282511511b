"""Why a portal is left alone for a while. There is no row while all is well."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class PortalPause(models.Model):
    """Shared by all processes: what one has met, the others need not meet again."""

    portal = models.OneToOneField(
        Portal, on_delete=models.CASCADE, primary_key=True, related_name="pause"
    )
    since = models.DateTimeField()
    """The first request of this silence."""
    failures = models.PositiveIntegerField(default=0)
    """Requests in a row that brought no answer."""
    ask_at = models.DateTimeField(null=True)
    """When the worker asks again; None as long as everybody may ask."""
    busy_until = models.DateTimeField(null=True)
    """Until when background work leaves the request limit to people."""

    def __str__(self) -> str:
        return f"{self.portal}: {self.failures} without an answer since {self.since:%H:%M}"
