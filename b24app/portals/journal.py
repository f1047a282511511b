"""Two logs in the database: every request to a portal, and everything that was refused.

Neither holds a value, a token or an address with a query: what is written is ours, a REST method's
name, or an error code that was cleaned.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from b24app import memory
from b24app.bitrix.observer import Observed, Observer
from b24app.models import Portal, RestCall, SecurityEvent

log = logging.getLogger(__name__)
security_log = logging.getLogger("docket.security")

KEPT = timedelta(days=7)
"""The Market wants three days of REST calls at least."""
SECURITY_KEPT = timedelta(days=90)
NOTED = 60
"""Entries a minute of one kind from one address: a flood of refusals must not fill the disk."""


def observer(portal: Portal, user_id: int) -> Observer:
    """Writes down the requests made in the name of a portal's user."""

    def write(observed: Observed) -> None:
        try:
            with transaction.atomic():
                RestCall.objects.create(
                    portal=portal,
                    user_id=user_id,
                    method=observed.method[:120],
                    status=observed.status,
                    error_code=observed.error.code if observed.error else "",
                    milliseconds=observed.milliseconds,
                )
        except DatabaseError as error:  # a log that fails must not lose an answer
            log.warning("REST call not noted: %s", type(error).__name__)

    return write


def refused(kind: str, reason: str, address: str | None, portal: Portal | None = None) -> None:
    """Notes a refusal. `reason` is our own sentence, `address` the sender's IP address."""
    if memory.count(f"noted:{kind}:{address}:{int(time.time()) // 60}", 120) > NOTED:
        return
    security_log.warning("%s: %s", kind, reason)
    try:
        with transaction.atomic():
            SecurityEvent.objects.create(
                portal=portal, kind=kind[:40], reason=reason[:200], address=address or None
            )
    except DatabaseError as error:  # what was refused stays refused
        log.warning("refusal not noted: %s", type(error).__name__)


def prune() -> None:
    """Deletes what is older than it must be kept."""
    now = timezone.now()
    RestCall.objects.filter(at__lt=now - KEPT).delete()
    SecurityEvent.objects.filter(at__lt=now - SECURITY_KEPT).delete()
