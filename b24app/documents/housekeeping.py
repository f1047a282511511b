"""What is kept for a while is deleted after it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from b24app.documents import archive
from b24app.models import (
    DownloadTicket,
    Errand,
    FrameSession,
    InboundEvent,
    Intent,
    PublicLink,
    ReconnectState,
    TokenChain,
)
from b24app.portals import farewell, journal

FORMS = timedelta(days=2)
"""A form that was never sent, with the CRM's values in it."""
SENT = timedelta(days=30)
LINKS = timedelta(days=90)
"""What is known of a public link that is off."""
EVENTS = timedelta(days=7)
CHAINS = timedelta(days=1)
"""Tokens of a person who has no page open."""


def tidy() -> None:
    """Deletes ended sessions and tickets, and forms, events and versions past their time."""
    now = timezone.now()
    journal.prune()
    archive.prune()
    farewell.erase_overdue()
    DownloadTicket.objects.filter(ends_at__lt=now).delete()
    ReconnectState.objects.filter(ends_at__lt=now).delete()
    FrameSession.objects.filter(ends_at__lt=now).delete()
    PublicLink.objects.filter(state=PublicLink.State.OFF, off_at__lt=now - LINKS).delete()
    InboundEvent.objects.filter(received_at__lt=now - EVENTS).delete()
    frames = TokenChain.objects.filter(purpose=TokenChain.Purpose.FRAME, framesession=None)
    frames.filter(expires_at__lt=now - CHAINS).delete()
    Errand.objects.filter(state=Errand.State.DROPPED, created_at__lt=now - SENT).delete()
    sent = Errand.objects.filter(state=Errand.State.DONE, done_at__lt=now - SENT)
    sent.exclude(letter_sealed=b"").update(letter_sealed=b"")
    settled = Intent.objects.exclude(state__in=Intent.UNDER_WAY)
    settled.filter(sent_at=None, created_at__lt=now - FORMS).delete()
    settled.filter(sent_at__lt=now - SENT).delete()
