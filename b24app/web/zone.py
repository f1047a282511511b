"""Times are told in the zone of the person's own clock, as the browser names it.

Bitrix24's `profile` has a zone only for those who have set one by hand; the browser always has one.
It is remembered with the person, so that the next launch, which brings none, has it too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from b24app.models import FrameSession, Person

HEADER = "X-Time-Zone"
UTC = "UTC"


class ZoneMiddleware:
    """After the one of frame sessions. What an unknown sender says of his clock is not heard."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: FrameSession | None = request.frame  # type: ignore[attr-defined]
        with timezone.override(UTC):
            if session is not None:
                _remember(session.person, request.headers.get(HEADER, ""))
                keep_time_of(session.person)
            return self.get_response(request)


def keep_time_of(person: Person) -> None:
    """For the rest of this request."""
    if person.time_zone in _known():
        timezone.activate(ZoneInfo(person.time_zone))


def _remember(person: Person, name: str) -> None:
    if name != person.time_zone and name in _known():
        person.time_zone = name
        Person.objects.filter(pk=person.pk).update(time_zone=name)


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
