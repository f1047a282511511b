"""What a person wants made or changed. The row stands before the call and outlives its answer."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from b24app.models.portal import Portal
from b24app.sealing import seal_json, unseal_json


def new_marker() -> str:
    """Travels with the document, so that a document whose answer was lost can be found."""
    return f"dk-{secrets.token_hex(12)}"


class Intent(models.Model):
    """One form, and the one document that may come of it.

    OPEN is a form nobody has sent. SENDING is committed before the call. UNKNOWN means the answer
    was lost. MADE, REFUSED and MISSING (looked for, not there) are certain; after the last two the
    form may be sent again. CHECK: there may be such a document, without a marker that tells it, and
    only the person can say which it is, or that none is.

    `sent_at` names the attempt: whoever writes what became of one asks for it.
    """

    class Kind(models.TextChoices):
        MAKE = "make"
        UPDATE = "update"
        ATTACH = "attach"

    class State(models.TextChoices):
        OPEN = "open"
        SENDING = "sending"
        UNKNOWN = "unknown"
        MADE = "made"
        REFUSED = "refused"
        MISSING = "missing"
        CHECK = "check"

    SENDABLE = (State.OPEN, State.REFUSED, State.MISSING)
    UNDER_WAY = (State.SENDING, State.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="intents")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MAKE)
    user_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField()
    template_id = models.PositiveBigIntegerField()
    template_name = models.CharField(max_length=255, blank=True)
    document_id = models.PositiveBigIntegerField(null=True)
    """The document to change, or the one that was made."""
    marker = models.CharField(max_length=32, unique=True, default=new_marker)
    form_sealed = models.BinaryField(default=bytes)
    typed_sealed = models.BinaryField(default=bytes)
    turn = models.PositiveBigIntegerField(default=0)
    """Counts the dry runs: only the newest is kept."""
    digest = models.CharField(max_length=64, blank=True)
    """Of what was sent: two forms with the same digest want the same document."""

    later = models.JSONField(default=list)
    """What is to be done when the PDF is ready: kinds of `Errand`."""

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    """When it became clear that no answer comes; the quiet period counts from here."""
    settle_at = models.DateTimeField(null=True)
    """When the worker looks next for what became of a lost answer."""
    error_code = models.CharField(max_length=64, blank=True)
    error_text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "entity_type_id", "entity_id", "template_id"],
                condition=Q(kind="make", state__in=["sending", "unknown"]),
                name="one_making_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["portal", "document_id"],
                condition=Q(kind="update", state__in=["sending", "unknown"]),
                name="one_update_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["portal", "entity_type_id", "entity_id", "digest"],
                condition=Q(kind="attach", state__in=["sending", "unknown"]),
                name="one_attaching_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "settle_at"], name="intents_to_settle")]

    def __str__(self) -> str:
        return f"{self.kind} {self.template_name} ({self.state})"

    @property
    def form(self) -> dict[str, Any]:
        """The form as it was shown: fields with the values that Bitrix24 computed."""
        return unseal_json(self.form_sealed, self._place("form")) if self.form_sealed else {}

    @form.setter
    def form(self, value: dict[str, Any]) -> None:
        self.form_sealed = seal_json(value, self._place("form"))

    @property
    def typed(self) -> dict[str, str]:
        """What the person typed last, by the name of the input."""
        return unseal_json(self.typed_sealed, self._place("typed")) if self.typed_sealed else {}

    @typed.setter
    def typed(self, value: dict[str, str]) -> None:
        self.typed_sealed = seal_json(value, self._place("typed"))

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {f"{name}_sealed": self._place(name) for name in ("form", "typed")}

    def _place(self, column: str) -> str:
        return f"intent:{self.portal_id}:{self.id}:{column}"
