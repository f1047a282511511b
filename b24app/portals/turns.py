"""One background job a portal at a time, so that a slow portal holds up one thread of the worker.

Only for fairness: without a working cache, or with several workers and no Redis, more run at once,
and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from b24app import memory

LONGEST = 120
"""Seconds after which a turn is over, whatever became of the thread that had it."""


@contextmanager
def turn(portal_id: int) -> Iterator[bool]:
    """Whether it is this job's turn; whose it is not comes again later."""
    key = f"turn:{portal_id}"
    mine = memory.take(key, LONGEST)
    try:
        yield mine
    finally:
        if mine:
            memory.release(key)
