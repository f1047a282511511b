"""What a portal's administrators have decided about Docket."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class PortalSettings(models.Model):
    """Made with its defaults at the first use: see `portals.preferences`."""

    class Stamps(models.TextChoices):
        TEMPLATE = "template"
        ON = "on"
        OFF = "off"

    portal = models.OneToOneField(Portal, on_delete=models.CASCADE, related_name="settings")
    keep_files_days = models.PositiveIntegerField(default=7)
    """Days that files of versions are kept; 0 keeps none."""
    keep_values_days = models.PositiveIntegerField(default=365)
    """Days that values of versions are kept; the newest one of a document that exists stays."""
    link_days = models.PositiveIntegerField(null=True, default=None)
    """Days after which a new public link ends; None for never."""
    links_off_when_closed = models.BooleanField(default=False)
    """Whether public links end when their deal is won or lost."""

    stamps = models.CharField(max_length=8, choices=Stamps.choices, default=Stamps.TEMPLATE)
    """Whether a new document has stamps, until somebody switches them: as its template says, or."""

    def __str__(self) -> str:
        return f"settings of {self.portal}"
