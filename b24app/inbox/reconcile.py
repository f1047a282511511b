"""What events did not tell: a portal's changed documents, read from its list by a timer.

Events are lost, doubled, late and swapped; the list is the truth. Each type of CRM object has a
cursor in the portal's own time, and each reading begins a little before it.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.client import PortalClient
from b24app.bitrix.crm import DEAL
from b24app.bitrix.documentgenerator import list_changed_documents
from b24app.bitrix.errors import BitrixError
from b24app.documents import capture
from b24app.models import Portal, ReconcileCursor, Snapshot
from b24app.portals.clients import in_background
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
"""A change may become visible later than its time says, and clocks differ."""
LONG_AGO = timedelta(days=1)
"""The first reading goes back to the installation, and at most so far."""
MOST_PAGES = 20
RARELY = timedelta(hours=1)
"""The longest between two readings of a portal that does not answer."""


def due_portals() -> list[int]:
    """Portals to be read now: installed, and not read for an interval, or never."""
    now = timezone.now()
    portals = Portal.objects.filter(state=Portal.State.INSTALLED)
    rested = Q(cursors=None) | Q(cursors__due_at__lte=now)
    return list(portals.filter(rested).values_list("pk", flat=True).distinct())


def reconcile(portal_id: int) -> bool:
    """Reads what has changed since the last time; says whether there are versions to be read."""
    portal = Portal.objects.filter(pk=portal_id, state=Portal.State.INSTALLED).first()
    if portal is None:
        return False
    found = [_read_type(cursor) for cursor in _claim(portal)]
    return any(found)


def _claim(portal: Portal) -> list[ReconcileCursor]:
    """The due cursors, each for one worker; those of types that are new to us begin now."""
    now = timezone.now()
    kinds = Snapshot.objects.filter(portal=portal).values_list("entity_type_id", flat=True)
    begin = max(portal.installed_at or now, now - LONG_AGO)
    for kind in {DEAL, *kinds.distinct()}:
        start = {"read_to": begin, "due_at": now}
        ReconcileCursor.objects.get_or_create(portal=portal, entity_type_id=kind, defaults=start)
    mine = []
    for cursor in ReconcileCursor.objects.filter(portal=portal, due_at__lte=now):
        rows = ReconcileCursor.objects.filter(pk=cursor.pk, due_at=cursor.due_at)
        if rows.update(due_at=now + _interval(0)):
            mine.append(cursor)
    return mine


def _interval(failures: int) -> timedelta:
    usual = timedelta(seconds=settings.RECONCILE_SECONDS)
    factor: int = 2 ** min(failures, 10)
    return min(usual * factor, max(RARELY, usual))


def _read_type(cursor: ReconcileCursor) -> bool:
    try:
        fresh = _read(in_background(cursor.portal), cursor)
    except (BitrixError, Disconnected) as error:
        log.info("portal %s not reconciled: %s", cursor.portal_id, type(error).__name__)
        cursor.failures += 1
        cursor.due_at = timezone.now() + _interval(cursor.failures)
        cursor.save(update_fields=["failures", "due_at"])
        return False
    cursor.failures = 0
    cursor.save(update_fields=["failures", "read_to"])
    return fresh


def _read(client: PortalClient, cursor: ReconcileCursor) -> bool:
    """All pages, oldest change first; the cursor moves with them. Raises `BitrixError`."""
    since, start, fresh = cursor.read_to - OVERLAP, 0, False
    for _ in range(MOST_PAGES):
        kind = cursor.entity_type_id
        page = client.run(list_changed_documents(entity_type_id=kind, since=since, start=start))
        fresh = capture.noticed(cursor.portal, page.items) or fresh
        if page.items:
            cursor.read_to = max(cursor.read_to, page.items[-1].update_time)
        if page.next is None:
            return fresh
        start = page.next
    # Very much at once: the next reading goes on exactly here.
    cursor.read_to += OVERLAP
    return fresh
