"""A portal goes: its tokens are forgotten at once, its data when the administrator wants that."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from b24app.models import Portal

GRACE = timedelta(hours=20)
"""For a goodbye in doubt; shorter than the day within which data must be gone."""


@transaction.atomic
def leave(portal: Portal) -> None:
    """Tokens are forgotten and every open page ends; the rest is kept for a return."""
    portal.state = Portal.State.LEAVING
    portal.application_token_hash = ""
    portal.save(update_fields=["state", "application_token_hash"])
    portal.sessions.all().delete()
    portal.chains.all().delete()


def doubt(portal: Portal, *, with_data: bool) -> None:
    """Nobody could tell whether the goodbye is true: pages must prove anew who they are.

    Everybody in the portal can send the event that leads here, so nothing is deleted for a while:
    the first who proves that the application is still there takes it all back.
    """
    portal.state = Portal.State.DOUBTED
    portal.erase_at = timezone.now() + GRACE if with_data else None
    portal.save(update_fields=["state", "erase_at"])


def erase_overdue() -> None:
    """Erases the doubted portals in whose time of grace nobody came back."""
    for portal in Portal.objects.filter(state=Portal.State.DOUBTED, erase_at__lt=timezone.now()):
        erase(portal)


@transaction.atomic
def erase(portal: Portal) -> int:
    """Deletes the portal's row and every row that hangs on it; answers how many there were."""
    rows, _ = portal.delete()
    return rows
