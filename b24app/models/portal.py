"""One Bitrix24 that has, or is about to have, Docket."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from b24app.sealing import seal_text, unseal_text


def new_key() -> str:
    """The unguessable part of a portal's addresses."""
    return secrets.token_urlsafe(16)


class Portal(models.Model):
    """Known by `member_id` once the authorization server has named it; by `address` before that."""

    class State(models.TextChoices):
        REGISTERED = "registered"
        INSTALLED = "installed"
        DOUBTED = "doubted"
        """It said goodbye, and no token of ours could tell whether that is true."""
        LEAVING = "leaving"
        GONE = "gone"

    key = models.CharField(max_length=32, unique=True, default=new_key)
    member_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    address = models.CharField(max_length=255, unique=True)
    auth_server = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.REGISTERED)
    language = models.CharField(max_length=10, default="en")
    scopes = models.JSONField(default=list)

    local_client_id = models.CharField(max_length=128, blank=True)
    """Empty for the one Market application, whose id and secret stand in the settings."""
    local_secret = models.BinaryField(default=bytes)
    keeps_markers = models.BooleanField(null=True)
    """Whether a document's answer brought our marker back; None before the first one."""
    application_token_hash = models.CharField(max_length=64, blank=True)

    erase_at = models.DateTimeField(null=True)
    """When a doubted portal's rows go, unless somebody proves before that it is still there."""
    installed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.address

    @property
    def client_id(self) -> str:
        return self.local_client_id or settings.MARKET_CLIENT_ID

    @property
    def client_secret(self) -> str:
        if self.local_client_id:
            return unseal_text(self.local_secret, self._place)
        return settings.MARKET_CLIENT_SECRET

    def register(self, client_id: str, client_secret: str) -> None:
        """Remembers the id and secret of a local application; the row must be saved already."""
        self.local_client_id = client_id
        self.local_secret = seal_text(client_secret, self._place)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"local_secret": self._place}

    @property
    def _place(self) -> str:
        return f"portal:{self.pk}:local_secret"
