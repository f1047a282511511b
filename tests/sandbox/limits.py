"""What a cloud portal limits: requests of one address, time one method uses in ten minutes.

https://apidocs.bitrix24.com/limits.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.sandbox.options import Options

BASKETS_LIVE = 600
"""Seconds from a basket's first call until it drops out."""
UNCOUNTED = 0.1
"""Calls shorter than this many seconds are not counted."""


@dataclass
class _Bucket:
    level: float
    drained: int
    """The second, since 1970, up to which it has been drained."""


@dataclass
class _Basket:
    minute: int
    first: float
    seconds: float


class Limits:
    """Counts; whether somebody is refused is the caller's business."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._baskets: dict[tuple[str, str, str], list[_Basket]] = {}

    def clear(self) -> None:
        self._buckets, self._baskets = {}, {}

    def let_in(self, portal: str, address: str, now: datetime) -> bool:
        """Puts one request into the bucket of its address; False if the bucket is full."""
        second = int(now.timestamp())
        bucket = self._buckets.setdefault((portal, address), _Bucket(0.0, second))
        passed = second - bucket.drained
        bucket.level = max(0.0, bucket.level - passed * self._options.rate_drain)
        bucket.drained = second
        if bucket.level + 1 > self._options.rate_capacity:
            return False
        bucket.level += 1
        return True

    def charge(self, portal: str, who: str, method: str, seconds: float, now: datetime) -> None:
        """Adds the time of a call to the basket of this minute."""
        if seconds < UNCOUNTED:
            return
        baskets = self._alive(portal, who, method, now)
        minute = int(now.timestamp()) // 60
        if not baskets or baskets[-1].minute != minute:
            baskets.append(_Basket(minute, now.timestamp(), 0.0))
        baskets[-1].seconds += seconds

    def operating(self, portal: str, who: str, method: str, now: datetime) -> tuple[float, int]:
        """Seconds used by a method in the last ten minutes, and when the oldest drop out."""
        baskets = self._alive(portal, who, method, now)
        oldest = baskets[0].first if baskets else now.timestamp()
        return sum(one.seconds for one in baskets), int(oldest) + BASKETS_LIVE

    def _alive(self, portal: str, who: str, method: str, now: datetime) -> list[_Basket]:
        moment = now.timestamp()
        key = (portal, who, method)
        alive = [one for one in self._baskets.get(key, []) if one.first + BASKETS_LIVE > moment]
        self._baskets[key] = alive
        return alive
