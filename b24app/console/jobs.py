"""Long work goes on in the worker, piece by piece: left, come back to, stopped.

A row is the truth and a message may be lost or doubled. A piece is at most a few requests; what it
found is saved with where the next one begins, so that a worker that dies costs one piece, which is
only read again: a job changes nothing in Bitrix24.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from b24app.bitrix.client import PortalClient
from b24app.bitrix.errors import AnswerLost, BitrixError, NotReached, OperationTimeLimit, QueryLimit
from b24app.models import FrameSession, Job, Portal
from b24app.portals import clients
from b24app.portals.errors import Disconnected
from b24app.portals.people import require_administrator

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""After it a worker that holds a piece is taken for dead."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=5)
MOST_TRIES = 24
"""Pieces in a row without an end: some two hours of a silent portal."""
KEPT = timedelta(days=30)
STRETCH = timedelta(seconds=20)
"""How long one message goes on; then other jobs of the worker have a turn."""


@dataclass(frozen=True)
class Piece:
    """What one piece came to. `kept` is handed to the next one; `over`: there is none."""

    kept: dict[str, Any]
    done: int
    total: int | None
    over: bool


Work = Callable[[PortalClient, Job], Piece]
"""Does the next piece of a job; reads only. Raises `BitrixError`."""


def start(session: FrameSession, kind: Job.Kind, subject: Mapping[str, Any]) -> Job:
    """A new job, due now; the one that is running where there is one of that kind.

    Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    try:
        with transaction.atomic():
            return Job.objects.create(
                portal=session.portal,
                kind=kind,
                user_id=session.chain.user_id,
                subject=dict(subject),
                due_at=timezone.now(),
            )
    except IntegrityError:
        return Job.objects.get(portal=session.portal, kind=kind, state=Job.State.RUNNING)


def latest(portal: Portal, kind: Job.Kind) -> Job | None:
    return Job.objects.filter(portal=portal, kind=kind).order_by("-created_at").first()


def stop(session: FrameSession, job_id: UUID) -> None:
    """Ends a job after the piece that is being done; what was found stays.

    Raises `NotAdministrator`, `BitrixError`.
    """
    require_administrator(session)
    rows = Job.objects.filter(portal=session.portal, pk=job_id, state=Job.State.RUNNING)
    rows.update(state=Job.State.STOPPED, due_at=None, ended_at=timezone.now())


def run(job_id: UUID, work: Mapping[str, Work]) -> datetime | None:
    """Does pieces of a job for a while; answers when it goes on, None where it does not.

    None too where another worker has it: that one comes back.
    """
    began = timezone.now()
    while (job := _take(job_id)) is not None:
        again = _piece(job, work[job.kind])
        if again is None or again > timezone.now() or timezone.now() - began > STRETCH:
            return again
    return None


def _take(job_id: UUID) -> Job | None:
    now = timezone.now()
    rows = Job.objects.filter(pk=job_id, state=Job.State.RUNNING, due_at__lte=now)
    if not rows.update(due_at=now + LEASE, tries=F("tries") + 1):
        return None
    return Job.objects.select_related("portal").get(pk=job_id)


def _piece(job: Job, work: Work) -> datetime | None:
    try:
        if job.tries > MOST_TRIES:
            _end(job, Job.State.FAILED, error_code="gave_up")
            return None
        piece = work(clients.as_person(job.portal, job.user_id), job)
    except OperationTimeLimit as error:
        return _later(job, error.resets_at or timezone.now() + LONGEST_WAIT)
    except (NotReached, AnswerLost, QueryLimit):
        return _later(job, timezone.now() + _wait(job.tries))
    except BitrixError as error:
        log.info("job %s ended: %s", job.pk, error)
        _end(job, Job.State.FAILED, error_code=error.code or type(error).__name__)
        return None
    except Disconnected:
        _end(job, Job.State.FAILED, error_code="disconnected")
        return None
    return _save(job, piece)


def _save(job: Job, piece: Piece) -> datetime | None:
    """Where a person has stopped it meanwhile, it stays stopped, with what this piece found."""
    now = timezone.now()
    job.kept = piece.kept
    rows = Job.objects.filter(pk=job.pk)
    rows.update(kept_sealed=job.kept_sealed, done=piece.done, total=piece.total, tries=0)
    if piece.over:
        _end(job, Job.State.DONE)
        return None
    rows.filter(state=Job.State.RUNNING).update(due_at=now)
    return now


def _later(job: Job, at: datetime) -> datetime | None:
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    return at if held.update(due_at=at) else None


def _end(job: Job, state: Job.State, error_code: str = "") -> None:
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    held.update(state=state, due_at=None, ended_at=timezone.now(), error_code=error_code[:64])


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * float(2 ** min(tries - 1, 10)), LONGEST_WAIT)


def due() -> list[UUID]:
    """Jobs whose message was lost, or whose worker died."""
    rows = Job.objects.filter(state=Job.State.RUNNING, due_at__lte=timezone.now())
    return list(rows.values_list("pk", flat=True))


def prune() -> None:
    """Deletes jobs that ended long ago."""
    Job.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
