"""One form for a new template, and the one template that may come of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from b24app.models.portal import Portal
from b24app.sealing import seal_json, unseal_json


class TemplateAddition(models.Model):
    """Committed before Bitrix24 is called, so that a lost answer can be looked for.

    While one is under way no other of that name is sent: it could not be said whose was found.
    """

    class State(models.TextChoices):
        SENDING = "sending"
        UNKNOWN = "unknown"
        """The answer was lost; it is being looked for."""
        MADE = "made"
        MISSING = "missing"
        """It was looked for until it could not come any more: it may be sent again."""

    UNDER_WAY = (State.SENDING, State.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="template_additions")
    user_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    """SHA-256 of name and file: two forms with the same one want the same template."""
    after = models.PositiveBigIntegerField()
    """The highest id before the call: what comes of it has a higher one."""
    form_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)
    template_id = models.PositiveBigIntegerField(null=True)
    sent_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "name"],
                condition=Q(state__in=("sending", "unknown")),
                name="one_addition_under_way_a_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def form(self) -> dict[str, Any]:
        """What was typed."""
        found: dict[str, Any] = unseal_json(self.form_sealed, self._place)
        return found

    @form.setter
    def form(self, value: dict[str, Any]) -> None:
        self.form_sealed = seal_json(value, self._place)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"form_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"template-addition:{self.id}:form"
