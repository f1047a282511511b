"""The `time` object beside each result.

https://apidocs.bitrix24.com/api-reference/data-types.html#time
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.sandbox.state import State
from tests.sandbox.world import Portal


class Stopwatch:
    """Measures one call, or a batch. `pretend` adds time nobody has to wait for."""

    def __init__(self, state: State, portal: Portal) -> None:
        self._zone = ZoneInfo(portal.timezone)
        self._start = state.now()
        self._began = time.monotonic()
        self._pretended = 0.0
        # A portal on a company's own server has no limiter.
        self._told = state.options.operating_time and not portal.on_premises
        self.operating: tuple[float, int] | None = None
        """Seconds the method has used in ten minutes, and when the oldest drop out."""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began + self._pretended

    def pretend(self, seconds: float) -> None:
        self._pretended += seconds

    def describe(self) -> dict[str, Any]:
        """`start` and `processing` are whole numbers, as in present builds."""
        duration = self.seconds
        finish = self._start + timedelta(seconds=duration)
        described = {
            "start": int(self._start.timestamp()),
            "finish": round(finish.timestamp(), 6),
            "duration": duration,
            "processing": int(duration),
            "date_start": self._iso(self._start),
            "date_finish": self._iso(finish),
        }
        if self._told:
            used, reset_at = self.operating or (0, int(self._start.timestamp()) + 600)
            described |= {"operating_reset_at": reset_at, "operating": used}
        return described

    def _iso(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).isoformat(timespec="seconds")
