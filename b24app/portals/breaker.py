"""The breaker of each portal: one that does not answer is not asked by everybody.

Three requests in a row without an answer open it. Then pages are told so at once, the worker asks
once in a while, and any answer closes it. A person's own click is always sent. The state is a row,
so that all processes share it whether or not there is a Redis. See docs/adr/0017.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    HeldBack,
    NotReached,
    QueryLimit,
    UnexpectedAnswer,
)
from b24app.models import Portal, PortalPause

log = logging.getLogger(__name__)

IN_A_ROW = 3
FIRST_WAIT = timedelta(seconds=10)
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
FOR_PEOPLE = timedelta(seconds=10)
"""How long background work stands back after the request limit: twenty requests drain meanwhile."""


class Breaker:
    """The gate of one client. `insists`: a person has just clicked. `background`: the worker."""

    def __init__(self, portal: Portal, *, insists: bool = False, background: bool = False) -> None:
        self._portal = portal
        self._insists = insists
        self._background = background
        self._pause: PortalPause | None = None

    def enter(self) -> None:
        """Raises `HeldBack` where the portal is left alone now."""
        self._pause = pause = of(self._portal)
        if pause is None or self._insists:
            return
        now = timezone.now()
        if self._background and pause.busy_until and pause.busy_until > now:
            raise HeldBack(code="busy")
        if pause.ask_at is None or (self._background and _may_ask(pause)):
            return
        raise HeldBack(code="silent")

    def left(self, error: BitrixError | None) -> None:
        """A state that cannot be written down must not lose an answer."""
        try:
            if _is_silence(error):
                _count(self._portal)
            elif isinstance(error, QueryLimit):
                _stand_back(self._portal)
            elif self._pause is not None and _is_over(self._pause):
                PortalPause.objects.filter(portal=self._portal).delete()
        except DatabaseError as failure:
            log.warning("pause not noted: %s", type(failure).__name__)


def of(portal: Portal) -> PortalPause | None:
    return PortalPause.objects.filter(portal=portal).first()


def silent(portal: Portal) -> PortalPause | None:
    """The pause of a portal whose breaker is open."""
    return PortalPause.objects.filter(portal=portal, ask_at__isnull=False).first()


def _may_ask(pause: PortalPause) -> bool:
    """Whether this worker is the one who asks now."""
    now = timezone.now()
    rows = PortalPause.objects.filter(portal_id=pause.portal_id, ask_at__lte=now)
    return rows.update(ask_at=now + _wait(pause)) == 1


def _is_silence(error: BitrixError | None) -> bool:
    """No answer, or a page of somebody in between. An error with a code is an answer."""
    if not isinstance(error, NotReached | AnswerLost) or isinstance(error, UnexpectedAnswer):
        return False
    return not error.code


def _is_over(pause: PortalPause) -> bool:
    """An answer has come: is there anything left to wait for?"""
    busy = pause.busy_until is not None and pause.busy_until > timezone.now()
    return bool(pause.failures) or not busy


@transaction.atomic
def _count(portal: Portal) -> None:
    now = timezone.now()
    pause, _ = PortalPause.objects.get_or_create(portal=portal, defaults={"since": now})
    rows = PortalPause.objects.filter(portal=portal)
    if not pause.failures:
        rows.update(since=now)
        pause.since = now
    rows.update(failures=F("failures") + 1)
    pause.failures += 1
    if pause.failures >= IN_A_ROW:
        rows.update(ask_at=now + _wait(pause))
        log.warning("portal %s does not answer", portal.pk)


def _wait(pause: PortalPause) -> timedelta:
    """Doubles up to a minute; the longer the silence has been, the longer after that."""
    longest = max(A_MINUTE, min((timezone.now() - pause.since) / 12, AN_HOUR))
    doublings = min(max(0, pause.failures - IN_A_ROW), 12)
    return min(FIRST_WAIT * float(2**doublings), longest)


@transaction.atomic
def _stand_back(portal: Portal) -> None:
    now = timezone.now()
    PortalPause.objects.get_or_create(portal=portal, defaults={"since": now})
    PortalPause.objects.filter(portal=portal).update(busy_until=now + FOR_PEOPLE)


def coming(until: datetime) -> list[tuple[int, datetime]]:
    """Silent portals that are to be asked again until then, each with the moment."""
    rows = PortalPause.objects.filter(ask_at__lte=until)
    return [(pk, at) for pk, at in rows.values_list("portal_id", "ask_at") if at]
