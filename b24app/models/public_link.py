"""The public link of one document: what we last learnt of it, and what is still to be done."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from b24app.models.portal import Portal
from b24app.sealing import seal_text, unseal_text

SILENT = timedelta(minutes=10)
"""A worker that has not looked for so long does not end links."""


class PublicLink(models.Model):
    """One row a document. Bitrix24 is the truth about the link; this row, about its end.

    UNCLEAR: a call went out and nobody has read yet what came of it. `ending` says why the link
    has to go off, from the moment that is due until Bitrix24 has done it.
    """

    class State(models.TextChoices):
        ON = "on"
        OFF = "off"
        UNCLEAR = "unclear"

    class Reason(models.TextChoices):
        PERSON = "person"
        TIME = "time"
        CLOSED = "closed"
        """The deal was won or lost."""
        ELSEWHERE = "elsewhere"

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="links")
    document_id = models.PositiveBigIntegerField()
    entity_type_id = models.PositiveIntegerField()
    entity_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=500)

    state = models.CharField(max_length=8, choices=State.choices, default=State.OFF)
    address_sealed = models.BinaryField(default=bytes)
    user_id = models.PositiveBigIntegerField(null=True)
    """Who switched it on through Docket; None where that was done elsewhere."""
    on_at = models.DateTimeField(null=True)
    """When it was switched on or, elsewhere, when we learnt of it."""
    ends_at = models.DateTimeField(null=True)
    """None for never."""
    let_end = models.BooleanField(default=False)
    """Somebody has read that it ends soon, and lets it."""
    decided_closed = models.BooleanField(null=True)
    """Whether the deal was closed already when somebody wanted the link on; None: not known."""
    viewed_at = models.DateTimeField(null=True)
    """The first opening by an anonymous visitor, as Bitrix24 tells it."""
    document_at = models.DateTimeField(null=True)
    """The update time of the version that the link showed when it was last read."""
    sent_at = models.DateTimeField(null=True)
    """When the address was last switched on or copied here …"""
    sent_document_at = models.DateTimeField(null=True)
    """… and the update time of the version it showed then."""

    sent_by = models.PositiveBigIntegerField(null=True)

    ending = models.CharField(max_length=9, choices=Reason.choices, blank=True)
    off_reason = models.CharField(max_length=9, choices=Reason.choices, blank=True)
    off_by = models.PositiveBigIntegerField(null=True)
    off_at = models.DateTimeField(null=True)

    busy_until = models.DateTimeField(null=True)
    """While somebody switches it: nobody else does before this moment."""
    due_at = models.DateTimeField(null=True)
    """When the worker has something to do; None when nothing."""
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    """Of the last try; the portal's words, for the details."""

    read_at = models.DateTimeField(null=True)
    """When Bitrix24 last told whether the link is on."""
    look_at = models.DateTimeField(null=True)
    """When the worker reads it next, unless a person was quicker."""
    item_at = models.DateTimeField(null=True)
    """When the worker last asked whether the deal is closed."""
    checked_at = models.DateTimeField(null=True)
    """When the worker last looked whether the end has come: without it nothing ends."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "document_id"], name="one_link_a_document")
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="links_due"),
            models.Index(fields=["portal", "entity_type_id", "entity_id"], name="links_of_an_item"),
        ]

    def __str__(self) -> str:
        return f"link of {self.document_id} ({self.state})"

    @property
    def address(self) -> str:
        return unseal_text(self.address_sealed, self._place) if self.address_sealed else ""

    @address.setter
    def address(self, value: str) -> None:
        self.address_sealed = seal_text(value, self._place) if value else b""

    @property
    def is_on(self) -> bool:
        """On, or perhaps on: what must be treated as an open door."""
        return self.state != self.State.OFF

    @property
    def is_overdue(self) -> bool:
        """It should be off and is not, and one try at least has failed."""
        return bool(self.is_on and self.ending and self.tries)

    @property
    def is_unwatched(self) -> bool:
        """It has an end, and no worker has looked for a while whether that has come."""
        if self.state != self.State.ON or self.ends_at is None:
            return False
        return self.checked_at is None or self.checked_at < timezone.now() - SILENT

    @property
    def is_soon(self) -> bool:
        """It ends today or tomorrow."""
        if self.ends_at is None:
            return False
        return (timezone.localdate(self.ends_at) - timezone.localdate()).days < 2

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"address_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"link:{self.portal_id}:{self.document_id}:address"
