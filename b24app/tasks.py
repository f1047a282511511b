"""Background work. Rows are the truth; a task carries ids and may be lost or doubled."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from b24app.bitrix.errors import BitrixError
from b24app.console import jobs, template_add, template_files
from b24app.console.work import WORK
from b24app.documents import (
    capture,
    catalogue,
    errand_work,
    housekeeping,
    link_guard,
    readiness,
    settle,
)
from b24app.documents.generate import FIRST_LOOK
from b24app.documents.link_state import SOON
from b24app.inbox import handle, reconcile
from b24app.models import InboundEvent, Intent, Job, Portal
from b24app.portals import breaker, clients
from b24app.portals.errors import Disconnected
from b24app.portals.turns import turn

log = logging.getLogger(__name__)

EARLY = 2.0
"""Seconds by which a message may come before its time."""
TURN_WAIT = 2.0
"""Seconds until a job asks again whether it is its portal's turn."""
AHEAD = timedelta(seconds=65)
"""How far a sweep looks ahead: a little more than to the next one."""


@db_task()
def look_for_pdfs(portal_id: int) -> None:
    """Asks for the PDFs of a portal that are due, and comes back when the next one is.

    Only who looked comes back, or who came a little early: else each document's message would
    breed others as long as any document of the portal is waited for.
    """
    with turn(portal_id) as mine:
        if not mine:
            _send(look_for_pdfs, portal_id, delay=TURN_WAIT)
            return
        looked = readiness.look(portal_id)
    run_errands_soon(portal_id)
    again = readiness.next_look(portal_id)
    if again is None:
        return
    wait = (again - timezone.now()).total_seconds()
    if looked or wait < EARLY:
        _send(look_for_pdfs, portal_id, delay=max(1.0, wait))


def look_soon(portal_id: int) -> None:
    """A document was just made: its PDF is looked for after the first wait."""
    _send(look_for_pdfs, portal_id, delay=settings.PDF_POLLS[0])


def settle_soon(intent: Intent) -> None:
    """An answer was just lost: the document is looked for before long."""
    _send(settle_intent, str(intent.pk), delay=FIRST_LOOK.total_seconds())


def read_versions_soon(portal_id: int) -> None:
    """A document has a version that was not read yet."""
    _send(read_versions, portal_id)


def handle_soon(event: InboundEvent) -> None:
    _send(handle_event, event.pk)


def keep_catalogue_fresh(portal: Portal) -> None:
    """Somebody looks at the templates: an old catalogue is read again, and nobody waits for it."""
    if catalogue.ask_if_old(portal):
        read_catalogue_soon(portal.pk)


def read_catalogue_soon(portal_id: int) -> None:
    _send(refresh_catalogue, portal_id)


def guard_links_soon(portal_id: int) -> None:
    """An answer about a public link was just lost: the worker finds out, or goes on with it."""
    _send(guard_links, portal_id, delay=SOON.total_seconds())


def go_on_soon(job: Job) -> None:
    """An administrator has just started long work."""
    _send(run_job, str(job.pk))


def run_errands_soon(portal_id: int) -> None:
    """PDFs may just have become ready: what was to be done then is done now."""
    for errand_id in errand_work.due(portal_id):
        _send(run_errand, str(errand_id))


def _send(task: Any, *args: Any, delay: float = 0) -> None:
    """Puts a message into the queue. Where that is away the row waits for the next sweep."""
    try:
        task.schedule(args=args, delay=delay)
    except Exception as error:  # noqa: BLE001 - whatever a queue's storage raises when it is away
        log.warning("the queue is away: %s", type(error).__name__)


@db_task()
def read_versions(portal_id: int) -> None:
    """Reads the versions of a portal that are due, and comes back for those that are late.

    Only who read comes back: a doubled message does not breed others.
    """
    read = capture.capture(portal_id)
    again = capture.next_look(portal_id)
    if read and again is not None:
        wait = max(1.0, (again - timezone.now()).total_seconds())
        read_versions.schedule(args=(portal_id,), delay=wait)


@db_task()
def reconcile_portal(portal_id: int) -> None:
    """Reads what was changed in a portal since the last time, whatever its events said."""
    if reconcile.reconcile(portal_id):
        read_versions_soon(portal_id)


@db_task()
def guard_links(portal_id: int) -> None:
    """Ends the public links of a portal that are due, reads those that were not read for long."""
    link_guard.guard(portal_id)


@db_task()
def settle_intent(intent_id: str) -> None:
    """Looks for the document of a lost answer, and comes back until that is settled.

    Only who looked comes back: a doubled message does not breed others. The message for the case
    that this process dies meanwhile stands before the look begins.
    """
    pk = UUID(intent_id)
    portal_id, again = settle.portal_of(pk), settle.next_look(pk)
    if portal_id is None or again is None:
        return
    early = (again - timezone.now()).total_seconds()
    if early > 0:
        if early < EARLY:
            _send(settle_intent, intent_id, delay=max(1.0, early))
        return
    with turn(portal_id) as mine:
        if not mine:
            _send(settle_intent, intent_id, delay=TURN_WAIT)
            return
        lease = settle.AGAIN.total_seconds() + 1
        _send(settle_intent, intent_id, delay=lease)
        settle.settle(pk)
    again = settle.next_look(pk)
    if again is None:  # what was found is a version to be read
        read_versions_soon(portal_id)
        return
    wait = (again - timezone.now()).total_seconds()
    if wait > lease:  # a silent portal: the other message comes too early
        _send(settle_intent, intent_id, delay=wait)


@db_task()
def knock(portal_id: int) -> None:
    """Asks a silent portal whether it is back. Then all that waits for it is due at once."""
    portal = Portal.objects.filter(pk=portal_id).first()
    if portal is None or not clients.knock(portal):
        return
    for intent_id in settle.look_at_once(portal_id):
        settle_intent(str(intent_id))
    if readiness.look_at_once(portal_id):
        look_for_pdfs(portal_id)
    if link_guard.look_at_once(portal_id):
        guard_links(portal_id)


@db_task()
def run_errand(errand_id: str) -> None:
    """Does what was to be done when the PDF is ready, and comes back until that is settled."""
    ran = errand_work.run(UUID(errand_id))
    again = errand_work.next_look(UUID(errand_id))
    if ran and again is not None:
        wait = max(1.0, (again - timezone.now()).total_seconds())
        run_errand.schedule(args=(errand_id,), delay=wait)


@db_task()
def run_job(job_id: str) -> None:
    """Goes on with long work for a while, and comes back for the rest."""
    again = jobs.run(UUID(job_id), WORK)
    if again is not None:
        _send(run_job, job_id, delay=max(0.0, (again - timezone.now()).total_seconds()))


@db_task()
def handle_event(event_id: int) -> None:
    """An event may move the time of a look; the message for the old time then finds nothing due."""
    handle.handle(event_id)
    event = InboundEvent.objects.filter(pk=event_id).first()
    again = readiness.next_look(event.portal_id) if event else None
    if event and again is not None:
        wait = max(0.0, (again - timezone.now()).total_seconds())
        _send(look_for_pdfs, event.portal_id, delay=wait)
    due = capture.next_look(event.portal_id) if event else None
    if event and due is not None:
        wait = max(0.0, (due - timezone.now()).total_seconds())
        _send(read_versions, event.portal_id, delay=wait)


@db_task()
def refresh_catalogue(portal_id: int) -> None:
    """Reads a portal's templates again; a failure leaves the kept ones."""
    try:
        catalogue.refresh(Portal.objects.get(pk=portal_id))
    except (BitrixError, Disconnected, Portal.DoesNotExist) as error:
        log.info("catalogue of portal %s not read: %s", portal_id, type(error).__name__)


@db_periodic_task(crontab(minute="*"))
def sweep() -> None:
    """Picks up what a lost message or a dead process left lying.

    What falls due before the next round gets its message now, for its own moment: so a lease that
    lapses is noticed then, and not up to a minute later.
    """
    now = timezone.now()
    for intent_id, at in settle.coming(now + AHEAD):
        _at(settle_intent, str(intent_id), at)
    for portal_id, at in readiness.coming(now + AHEAD):
        _at(look_for_pdfs, portal_id, at)
    for portal_id, at in breaker.coming(now + AHEAD):
        _at(knock, portal_id, at)
    for errand_id in errand_work.due():
        run_errand(str(errand_id))
    for job_id in jobs.due():
        run_job(str(job_id))
    for portal_id in reconcile.due_portals():
        reconcile_portal(portal_id)
    for portal_id in catalogue.due():
        refresh_catalogue(portal_id)
    for portal_id in capture.due_portals():
        read_versions(portal_id)
    for portal_id in link_guard.due_portals():
        guard_links(portal_id)
    _handle_what_was_left()


def _handle_what_was_left() -> None:
    late = timezone.now() - timedelta(seconds=30)
    events = InboundEvent.objects.filter(handled_at=None, received_at__lt=late)
    # The newest first: those of a portal that cannot be asked any more hold nobody up.
    for event_id in events.order_by("-pk").values_list("pk", flat=True)[:500]:
        handle_event(event_id)


def _at(task: Any, given: Any, moment: datetime) -> None:
    """A message for that moment; for now where it has come."""
    wait = (moment - timezone.now()).total_seconds()
    if wait > 0:
        _send(task, given, delay=wait)
    else:
        task(given)


@on_startup()
def begin() -> None:
    """A worker that was killed left leases behind: they are not left to the next minute."""
    sweep.call_local()


@db_periodic_task(crontab(minute="17"))
def tidy() -> None:
    """Once an hour: forms, tickets, sessions, events and versions that nobody needs any more."""
    housekeeping.tidy()
    jobs.prune()
    template_add.prune()
    template_files.prune()
