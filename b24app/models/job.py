"""Long work that an administrator has started and the worker does, piece by piece."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from b24app.models.portal import Portal
from b24app.sealing import seal_json, unseal_json


class Job(models.Model):
    """`due_at` is when the worker takes it up next; while a piece is being done, when that worker
    is taken for dead. Between pieces a person may stop it.

    `kept` is what it has found so far and where it goes on: sealed, for it names documents.
    """

    class Kind(models.TextChoices):
        AUDIT = "audit"
        LINT = "lint"
        LINKS = "links"

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user_id = models.PositiveBigIntegerField()
    """Who started it, and with whose token it reads."""
    subject = models.JSONField(default=dict)
    """What it is about: ids only."""
    kept_sealed = models.BinaryField(default=bytes)

    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    """How many there are; None while that is not known."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Pieces in a row that did not come to an end."""
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "kind"],
                condition=Q(state="running"),
                name="one_running_job_a_kind",
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="jobs_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.portal} ({self.state})"

    @property
    def kept(self) -> dict[str, Any]:
        """Empty before the first piece."""
        return unseal_json(self.kept_sealed, self._place) if self.kept_sealed else {}

    @kept.setter
    def kept(self, value: dict[str, Any]) -> None:
        self.kept_sealed = seal_json(value, self._place)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"kept_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"job:{self.id}:kept"
