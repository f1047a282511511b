"""When a call is repeated, after how long, and with how much chance in it.

======================== ============================= ===============================
kind                     certainly not done            unclear (`AnswerLost`)
======================== ============================= ===============================
reading                  repeat                        repeat
setting, binding, delete repeat                        repeat; the caller reads back
creating                 repeat                        never
======================== ============================= ===============================

Errors that repeating cannot change (a refusal, a missing right, a dead token) are never repeated.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    HeldBack,
    NotReached,
    QueryLimit,
    UnexpectedAnswer,
)
from b24app.bitrix.protocol import Kind

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Policy:
    """``attempts`` in all; waits and ``patience`` in seconds.

    ``patience``: no attempt begins later than this after the first, so that a person does not wait
    for one timeout after another: what failed at once is repeated, what took long is not.
    """

    attempts: int = 3
    first_wait: float = 0.3
    longest_wait: float = 4.0
    patience: float = 12.0


def may_repeat(kind: Kind, error: BitrixError) -> bool:
    """Whether a call of this kind may be sent again after this error."""
    if isinstance(error, HeldBack):
        return False
    if isinstance(error, NotReached | QueryLimit):
        return True
    if isinstance(error, UnexpectedAnswer):
        return False
    return isinstance(error, AnswerLost) and kind is not Kind.CREATE


def wait_before(attempt: int, error: BitrixError, policy: Policy) -> float:
    """Seconds to wait before the attempt of this number (2 is the first repetition).

    Doubles each time. The request limit drains two requests a second, so it starts at one second.
    """
    first = max(policy.first_wait, 1.0) if isinstance(error, QueryLimit) else policy.first_wait
    return float(min(first * 2 ** (attempt - 2), policy.longest_wait))


def with_jitter(seconds: float, chance: float) -> float:
    """Between half and the whole of it, so that many workers do not come back together."""
    return seconds * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class Repeater:
    """The loop around the three functions. Sleep, chance and clock may be replaced in tests.

    ``until``: a unix time by the wall clock (which is what other processes go by) after which no
    attempt begins: `HeldBack` then.
    """

    policy: Policy = Policy()
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    until: float | None = None

    def call(self, kind: Kind, attempt: Callable[[], T]) -> T:
        """The first result of ``attempt``, or the error that may not or need not be repeated."""
        begun = self.clock()
        for number in range(2, self.policy.attempts + 1):
            try:
                return self._begin(attempt)
            except BitrixError as error:
                if not may_repeat(kind, error):
                    raise
                wait = with_jitter(wait_before(number, error, self.policy), self.chance())
                if self.clock() - begun + wait > self.policy.patience:
                    raise
                _log.info("repeating in %.1f s after %s", wait, error)
            self.sleep(wait)
        return self._begin(attempt)

    def _begin(self, attempt: Callable[[], T]) -> T:
        if self.until is not None and time.time() > self.until:
            raise HeldBack(code="too_late")
        return attempt()
