"""Bitrix24's operating time: how much of it a call used, and how long a bulk run should pause.

The portal counts seconds of work per application and method over ten minutes, and answers
``OPERATION_TIME_LIMIT`` when they exceed its limit. A run that looks at ``time.operating`` stops
before that. Page: limits, settings/performance/limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

CEILING: Final = 480.0
"""Seconds of work per method in ten minutes, as the documentation's example has it."""
_SHARE: Final = 0.75
_WHOLE_COUNT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CallTime:
    """The ``time`` of an answer. Seconds; ``operating_reset_at`` is aware. None: not told."""

    duration: float | None = None
    operating: float | None = None
    operating_reset_at: datetime | None = None


def read_time(value: object) -> CallTime:
    """``time`` as it came. Information only, so whatever cannot be read counts as not told."""
    told: Mapping[object, object] = value if isinstance(value, Mapping) else {}
    return CallTime(
        duration=_seconds(told.get("duration")),
        operating=_seconds(told.get("operating")),
        operating_reset_at=moment_of(told.get("operating_reset_at")),
    )


def moment_of(value: object) -> datetime | None:
    """A unix time in seconds as an aware datetime, None where it is none."""
    seconds = _seconds(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def pause(time: CallTime, now: datetime, ceiling: float = CEILING) -> timedelta:
    """How long to wait before the method of this answer is called again; often zero.

    ``ceiling``: the portal's limit in seconds. From three quarters of it on the run waits until the
    oldest part of the count drops out.
    """
    if time.operating is None or time.operating < ceiling * _SHARE:
        return timedelta(0)
    until = time.operating_reset_at
    wait = until - now if until is not None else _WHOLE_COUNT
    return min(max(wait, timedelta(0)), _WHOLE_COUNT)


def _seconds(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return None
