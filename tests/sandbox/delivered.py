"""Single attempts to hand an event to a handler, and handlers that are slow to take it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Delivered:
    """One attempt to hand an event to a handler."""

    event: str
    handler: str
    data: dict[str, Any]
    auth: dict[str, Any]
    body: str
    """What was sent, form-encoded."""
    due: float
    """When it may leave, seconds of `time.monotonic`."""
    status: int | None = None
    """The handler's HTTP status; None while it waits or when nothing answered."""
    failure: str = ""
    done: threading.Event = field(default_factory=threading.Event)


class Resting:
    """Slow handlers rest between two calls."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, float]] = {}
        """Handler to when it may be called again, and its last pause."""

    def clear(self) -> None:
        self._until = {}

    def start(self, attempt: Delivered) -> float:
        """When an attempt may leave, seconds of `time.monotonic`."""
        return max(attempt.due, self._until.get(attempt.handler, (0.0, 0.0))[0])

    def note(self, handler: str, took: float, slow_after: float) -> None:
        """A slow handler's pauses double, at least to as long as it took; a quick one has none."""
        if took <= slow_after:
            self._until.pop(handler, None)
            return
        pause = max(took, 2 * self._until.get(handler, (0.0, 0.0))[1])
        self._until[handler] = (time.monotonic() + pause, pause)
