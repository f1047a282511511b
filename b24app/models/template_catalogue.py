"""A portal's document templates as they were when last read."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class TemplateCatalogue(models.Model):
    portal = models.OneToOneField(Portal, on_delete=models.CASCADE, related_name="catalogue")
    templates = models.JSONField(default=list)
    read_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    """Since when Bitrix24 is being asked for a newer one; None when nobody asks."""
    failed_at = models.DateTimeField(null=True)
    """When the last try failed; None after one that did not."""

    def __str__(self) -> str:
        return f"{len(self.templates)} templates of {self.portal}"
