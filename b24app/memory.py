"""A short memory that processes share when it is Redis, and that may be away.

What is in it can always be found out again, so a cache that fails is one that has forgotten.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)


def recall(key: str) -> Any:
    """What was kept under the key; None when nothing was, or the cache is away."""
    try:
        return cache.get(key)
    except Exception as error:  # noqa: BLE001 - whatever a cache backend raises when it is away
        _away(error)
        return None


def keep(key: str, value: Any, seconds: float) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception as error:  # noqa: BLE001 - as above
        _away(error)


def count(key: str, seconds: int) -> int:
    """Adds one; answers how many there are now, 0 when the cache is away."""
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key)
    except Exception as error:  # noqa: BLE001 - as above
        _away(error)
        return 0


def take(key: str, seconds: int) -> bool:
    """Whether the key was free and is ours now; True when the cache is away."""
    try:
        return bool(cache.add(key, 1, seconds))
    except Exception as error:  # noqa: BLE001 - as above
        _away(error)
        return True


def release(key: str) -> None:
    try:
        cache.delete(key)
    except Exception as error:  # noqa: BLE001 - as above
        _away(error)


def _away(error: Exception) -> None:
    log.warning("the cache is away: %s", type(error).__name__)
