"""The sandbox's own time, which a test can move or stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Wall time plus an offset; all of the sandbox asks this and nothing else."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        """The portal's current time, aware, in UTC."""
        return (self._stopped or datetime.now(UTC)) + self.offset

    def move(self, seconds: float) -> None:
        """Moves the clock forward (or back) by so many seconds."""
        self.offset += timedelta(seconds=seconds)

    def stop(self) -> None:
        """Stops the clock; it can still be moved."""
        self._stopped = self._stopped or datetime.now(UTC)

    def reset(self) -> None:
        """Back to wall time."""
        self.offset, self._stopped = timedelta(), None
