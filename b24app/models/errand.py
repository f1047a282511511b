"""One thing to be done when a document's PDF is ready, for the person who asked for it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from b24app.models.issued_document import IssuedDocument
from b24app.sealing import seal_json, unseal_json


def new_reference() -> str:
    """What tells this errand's note or e-mail from every other; a note prints it."""
    return secrets.token_hex(5)


class Errand(models.Model):
    """`due_at` is when the worker looks at it next; what that means goes by the state.

    ASKED waits for a person, PLANNED for the PDF and then for `due_at`. DOING and SENDING are a
    worker's until `due_at`; while SENDING the creating call may be under way. UNKNOWN: its answer
    was lost, and what became of it is looked for. MISSING: it is not there, a person decides.
    DROPPED rows are shown to nobody.
    """

    class Kind(models.TextChoices):
        LINK = "link"
        NOTE = "note"
        EMAIL = "email"

    class State(models.TextChoices):
        ASKED = "asked"
        PLANNED = "planned"
        DOING = "doing"
        SENDING = "sending"
        UNKNOWN = "unknown"
        DONE = "done"
        FAILED = "failed"
        MISSING = "missing"
        DROPPED = "dropped"

    DROPPABLE = (State.ASKED, State.PLANNED, State.FAILED, State.MISSING)
    UNDER_WAY = (State.PLANNED, State.DOING, State.SENDING, State.UNKNOWN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user_id = models.PositiveBigIntegerField()
    """Who asked, and with whose token it is done."""
    reference = models.CharField(max_length=16, unique=True, default=new_reference)
    letter_sealed = models.BinaryField(default=bytes)
    """Of an e-mail: what the person has read and confirmed."""

    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    """When it became clear that no answer comes; the quiet period counts from here."""
    done_at = models.DateTimeField(null=True)
    found = models.BooleanField(default=False)
    """The timeline shows its entry, though Bitrix24's answer was lost or was a refusal."""
    error_code = models.CharField(max_length=64, blank=True)
    error_text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind"],
                condition=~Q(state__in=["done", "dropped"]),
                name="one_open_errand_a_kind",
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="errands_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.document} ({self.state})"

    @property
    def letter(self) -> dict[str, Any]:
        """Recipient, subject and text; empty until the person has confirmed them."""
        return unseal_json(self.letter_sealed, self._place) if self.letter_sealed else {}

    @letter.setter
    def letter(self, value: dict[str, Any]) -> None:
        self.letter_sealed = seal_json(value, self._place)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"letter_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"errand:{self.id}:letter"
