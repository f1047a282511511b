"""One user's access and refresh token, and which generation of the pair this is."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from b24app.bitrix.secret import Secret
from b24app.models.portal import Portal
from b24app.sealing import seal_text, unseal_text


class TokenChain(models.Model):
    """A pair is replaced by the next; `generation` tells a caller whether his is still the last.

    Two chains of one user are kept apart: what the frame brought serves that person's work, what
    the installation brought serves upkeep, and losing one does not lose the other.
    """

    class Purpose(models.TextChoices):
        INSTALLATION = "installation"
        FRAME = "frame"

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="chains")
    user_id = models.PositiveBigIntegerField()
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    generation = models.PositiveIntegerField(default=0)
    access_sealed = models.BinaryField(default=bytes)
    refresh_sealed = models.BinaryField(default=bytes)
    expires_at = models.DateTimeField()
    refreshing_until = models.DateTimeField(null=True)
    """While somebody refreshes: nobody else does before this moment."""
    dead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "user_id", "purpose"], name="one_chain_a_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.portal} user {self.user_id} {self.purpose}"

    def put(self, access: Secret | str, refresh: Secret | str, expires_at: datetime) -> None:
        """Seals a pair into this chain as its next generation; does not save."""
        self.generation += 1
        self.access_sealed = seal_text(access, self._place("access"))
        self.refresh_sealed = seal_text(refresh, self._place("refresh"))
        self.expires_at = expires_at
        self.refreshing_until = None
        self.dead = False

    @property
    def access_token(self) -> str:
        return unseal_text(self.access_sealed, self._place("access"))

    @property
    def refresh_token(self) -> str:
        return unseal_text(self.refresh_sealed, self._place("refresh"))

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {f"{name}_sealed": self._place(name) for name in ("access", "refresh")}

    def _place(self, column: str) -> str:
        return f"chain:{self.portal_id}:{self.user_id}:{self.purpose}:{column}"
