"""The connection check: Bitrix24 is asked to send an event, and it arrives here or it does not.

Documentation: api-reference/events/test-handler. The handler of ONAPPTEST stays bound afterwards:
only the application's own event.test makes the portal send it.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from b24app.bitrix import setup
from b24app.bitrix.errors import Refused
from b24app.models import FrameSession, InboundEvent, Portal
from b24app.portals import install
from b24app.portals.clients import acting
from b24app.portals.people import require_administrator

EVENT = "ONAPPTEST"
PATIENCE = timedelta(seconds=30)
PROBE = re.compile(r"(\d{13})-[0-9a-f]{12}")


@dataclass(frozen=True)
class Trip:
    """`seconds`: how long it took; None while it is under way or where it was lost."""

    seconds: float | None
    is_lost: bool


def begin(session: FrameSession) -> str:
    """Asks for the event; answers what it is known by.

    Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    client = acting(session)
    try:
        client.run(setup.event_bind(EVENT, install.address(session.portal, "events/")))
    except Refused as error:
        if error.code not in setup.ALREADY_BOUND:
            raise
    probe = f"{int(time.time() * 1000):013d}-{secrets.token_hex(6)}"
    client.run(setup.event_test(probe))
    return probe


def outcome(portal: Portal, probe: str) -> Trip | None:
    """What became of an event; None for something that `begin` did not answer."""
    known = PROBE.fullmatch(probe)
    if known is None:
        return None
    begun = int(known[1]) / 1000
    rows = InboundEvent.objects.filter(portal=portal, name=EVENT, data__probe=probe)
    arrived = rows.values_list("received_at", flat=True).first()
    if arrived is not None:
        return Trip(max(0.0, arrived.timestamp() - begun), is_lost=False)
    return Trip(None, is_lost=timezone.now().timestamp() - begun > PATIENCE.total_seconds())
