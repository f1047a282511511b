"""An event arrives: checked, stored once, answered at once; acted on later by the worker.

The application token proves the installation, not the sender, so nothing an event says is believed
beyond "look again": documents are read again by REST, and a leaving portal is asked.
"""

from __future__ import annotations

import hashlib
import json
import logging
from hmac import compare_digest

from django.db import IntegrityError, transaction

from b24app.bitrix.events import Event
from b24app.models import InboundEvent, Portal
from b24app.sealing import fingerprint

log = logging.getLogger(__name__)


class EventRefused(Exception):
    """Unknown portal, or an application token that is not this installation's."""


def receive(key: str, event: Event) -> InboundEvent | None:
    """Stores an event of the portal with this key; None when it was stored before.

    Raises `EventRefused`.
    """
    portal = Portal.objects.filter(key=key).first()
    if portal is None or portal.member_id != event.member_id:
        raise EventRefused("unknown portal")
    known = portal.application_token_hash
    if not known or not compare_digest(known, fingerprint(event.application_token)):
        raise EventRefused("wrong application token")
    try:
        with transaction.atomic():
            return InboundEvent.objects.create(
                portal=portal,
                digest=_digest(event),
                name=event.name,
                document_id=event.field_id("ID"),
                data={
                    "ts": event.ts,
                    "clean": str(event.data.get("CLEAN", ""))[:8],
                    "type": event.field_id("ENTITY_TYPE_ID"),
                    "probe": _probe(event),
                },
            )
    except IntegrityError:
        return None


def _probe(event: Event) -> str:
    """What `portals.roundtrip` sent with event.test, and which comes back with the event."""
    query = event.data.get("QUERY")
    return str(query.get("probe", ""))[:40] if isinstance(query, dict) else ""


def _digest(event: Event) -> str:
    content = json.dumps([event.name, event.ts, event.data], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()
