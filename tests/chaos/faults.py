"""Answers that get lost, before the document is made or after it, by chance."""

from __future__ import annotations

import random
import threading
from typing import Any

from tests.chaos.pace import SPEED
from tests.sandbox.faults import Fault, Faults

TOO_LONG = 65 / SPEED + 0.4
"""Seconds: longer than the application waits, shorter than the quiet period."""
LOST: list[dict[str, Any]] = [
    {"kind": "cut"},
    {"kind": "html", "status": 502},
    {"kind": "html", "status": 200},
    {"kind": "empty", "status": 504},
    {"kind": "timeout", "seconds": TOO_LONG},
]
LATE: dict[str, Any] = {"kind": "slow", "seconds": TOO_LONG}
"""The portal finishes after the application has stopped waiting (R04)."""


class Losing(Faults):
    """Loses this share of the answers of one method."""

    def __init__(self, method: str, share: float, chance: random.Random) -> None:
        super().__init__()
        self._method = method
        self._share = share
        self._chance = chance
        self._guard = threading.Lock()
        self.lost = 0

    def take(self, method: str, *, batched: bool = False) -> Fault | None:
        with self._guard:
            if method.lower() != self._method or self._chance.random() >= self._share:
                return None
            self.lost += 1
            if self._chance.random() < 0.2:
                return Fault(method, **LATE)
            return Fault(method, after=self._chance.random() < 0.5, **self._chance.choice(LOST))
