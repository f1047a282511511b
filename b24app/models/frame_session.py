"""What stands behind a frame token: whose page this is, and about what."""

from __future__ import annotations

import uuid

from django.db import models

from b24app.models.person import Person
from b24app.models.portal import Portal
from b24app.models.token_chain import TokenChain


class FrameSession(models.Model):
    """Bound to one portal, one user, one placement and one CRM object; ends absolutely."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="sessions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    chain = models.ForeignKey(TokenChain, on_delete=models.CASCADE)
    placement = models.CharField(max_length=100)
    entity_type_id = models.PositiveIntegerField(default=0)
    """0 where the page is about no CRM object."""
    entity_id = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=10, default="en")
    held_codes = models.JSONField(null=True)
    """Access codes of templates that Bitrix24 says this person holds; None before it was asked."""
    item_read_at = models.DateTimeField(null=True)
    """When Bitrix24 last let this person read the CRM object; None before, and after a refusal."""
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()

    insists = False
    """Not kept: the request at hand is the person's own click, so it goes to the portal even while
    that does not answer."""

    def __str__(self) -> str:
        return f"{self.person} in {self.placement}"
