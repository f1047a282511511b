"""How often an address may knock, and how often a portal may be opened: counted by the minute.

Without a working cache nobody is kept out: the proof of who is asking does not depend on it.
"""

from __future__ import annotations

import time

from b24app import memory
from b24app.portals.errors import TooMany

WINDOW = 60
OPENINGS = 240
"""Openings a minute from one address: an office behind one address opens many tabs."""
FAILURES = 30
"""Refused openings a minute from one address."""
PORTAL_OPENINGS = 600


def count(kind: str, who: str, limit: int) -> None:
    """Counts one; raises `TooMany` above the limit of this minute."""
    if memory.count(_key(kind, who), WINDOW * 2) > limit:
        raise TooMany(kind)


def exhausted(kind: str, who: str, limit: int) -> None:
    """Raises `TooMany` where the limit was reached already; counts nothing."""
    if (memory.recall(_key(kind, who)) or 0) >= limit:
        raise TooMany(kind)


def _key(kind: str, who: str) -> str:
    return f"throttle:{kind}:{who}:{int(time.time()) // WINDOW}"
