"""A user of a portal, as far as we have met him."""

from __future__ import annotations

from django.db import models

from b24app.models.portal import Portal


class Person(models.Model):
    """Names are learnt from those who open Docket: its scopes do not let it read the others'."""

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="people")
    user_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255, blank=True)
    is_admin = models.BooleanField(default=False)
    checked_at = models.DateTimeField()
    """When Bitrix24 last told us the name and the role."""
    time_zone = models.CharField(max_length=64, default="UTC")
    """Of the clock beside the browser that was used last."""
    templates_refused = models.BooleanField(default=False)
    """Bitrix24 does not let this person's token read templates; the installation's is asked."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "user_id"], name="one_person_a_user")
        ]

    def __str__(self) -> str:
        return self.name or f"user {self.user_id}"
