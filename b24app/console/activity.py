"""What was asked of Bitrix24 and what was refused here, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from b24app.console import overview
from b24app.models import Portal, RestCall, SecurityEvent
from b24app.portals.journal import KEPT, SECURITY_KEPT

PAGE = 20
CALLS, FAILED, REFUSALS = "calls", "failed", "refusals"
Row = TypeVar("Row", RestCall, SecurityEvent)
SHOWN = (CALLS, FAILED, REFUSALS)
WENT_WELL = Q(error_code="", status__lt=400)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see. `text`: a part of a method's name. `before`: the last row of the
    page before this one."""

    show: str = CALLS
    text: str = ""
    person: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Call:
    """One request; `person` by name where we know it."""

    row: RestCall
    person: str
    well: bool


@dataclass(frozen=True)
class Found:
    """`older`: what to put into `before` for the next page, None on the last one."""

    asked: Asked
    kept_days: int
    calls: list[Call] = field(default_factory=list)
    refusals: list[SecurityEvent] = field(default_factory=list)
    older: int | None = None
    people: dict[int, str] = field(default_factory=dict)


def read(given: Mapping[str, str]) -> Asked:
    """What an address asks for; what makes no sense in it is left out."""
    show = given.get("show", CALLS)
    return Asked(
        show=show if show in SHOWN else CALLS,
        text=given.get("text", "").strip()[:60],
        person=_number(given.get("person", "")),
        before=_number(given.get("before", "")),
    )


def find(portal: Portal, asked: Asked) -> Found:
    """One page of what is kept of this portal."""
    people = overview.names(portal)
    if asked.show == REFUSALS:
        rows = SecurityEvent.objects.filter(portal=portal)
        if asked.text:
            rows = rows.filter(Q(reason__icontains=asked.text) | Q(kind__icontains=asked.text))
        refusals, older = _page(rows, asked)
        return Found(asked, _days(SECURITY_KEPT), refusals=refusals, older=older, people=people)
    calls, older = _page(_calls(portal, asked), asked)
    told = [
        Call(row, people.get(row.user_id, ""), not row.error_code and (row.status or 599) < 400)
        for row in calls
    ]
    return Found(asked, _days(KEPT), calls=told, older=older, people=people)


def _calls(portal: Portal, asked: Asked) -> QuerySet[RestCall]:
    rows = RestCall.objects.filter(portal=portal)
    if asked.text:
        rows = rows.filter(method__icontains=asked.text)
    if asked.person is not None:
        rows = rows.filter(user_id=asked.person)
    return rows.exclude(WENT_WELL) if asked.show == FAILED else rows


def _page(rows: QuerySet[Row], asked: Asked) -> tuple[list[Row], int | None]:
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def _days(kept: timedelta) -> int:
    return kept.days


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
