"""Failures on demand: the next calls of a method go wrong in a chosen way.

A fault happens before the method has done its work, or after it: then the effect is there and only
the answer is lost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["html", "cut", "timeout", "slow", "empty", "error"]
KINDS: tuple[Kind, ...] = ("html", "cut", "timeout", "slow", "empty", "error")

SHORTHAND: dict[str, dict[str, Any]] = {
    "502": {"kind": "html", "status": 502},
    "503": {"kind": "empty", "status": 503},
    "overload": {
        "kind": "error",
        "status": 503,
        "code": "QUERY_LIMIT_EXCEEDED",
        "message": "Too many requests",
    },
    "operating": {
        "kind": "error",
        "status": 429,
        "code": "OPERATION_TIME_LIMIT",
        "message": "Method is blocked due to operation time limit.",
    },
}


@dataclass
class Fault:
    """What will happen to calls of `method` ("*" for any), `times` times (-1: until cleared)."""

    method: str
    kind: Kind
    after: bool = False
    """Whether the method does its work first."""
    status: int = 500
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    times: int = 1

    @classmethod
    def described(cls, description: dict[str, Any]) -> Fault:
        """From what the control API was sent.

        Raises:
            ValueError: an unknown kind, or no method.
        """
        description = dict(description)
        shorthand = SHORTHAND.get(str(description.get("kind", "")))
        if shorthand:
            description |= shorthand
        if description.get("kind") not in KINDS or not description.get("method"):
            raise ValueError(f"a fault needs a method and a kind of {KINDS} or {list(SHORTHAND)}")
        return cls(**description)


class Faults:
    """The faults that wait for their call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting = []

    def take(self, method: str, *, batched: bool = False) -> Fault | None:
        """The fault for this call, used up once. Inside a batch only `error` faults apply."""
        with self._lock:
            for fault in self._waiting:
                if batched and (fault.kind != "error" or fault.method == "*"):
                    continue
                if fault.method != "*" and fault.method.lower() != method.lower():
                    continue
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None
