"""For whom a thread works: what events must know of the request that caused them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Acting(threading.local):
    """Each thread has its own."""

    def __init__(self) -> None:
        self.who = ("", "")
        """Client id and source key of the REST call being answered; else empty."""
        self.depth = 0
        """How many events led to what is done now."""
        self._sent: set[str] | None = None

    @contextmanager
    def call(self, client_id: str, connector: str, depth: int) -> Iterator[None]:
        """While it lasts, this thread works for a REST call of this application."""
        self.who, self.depth = (client_id, connector), depth
        try:
            yield
        finally:
            self.who, self.depth = ("", ""), 0

    @contextmanager
    def hit(self) -> Iterator[None]:
        """While it lasts, this thread answers one HTTP request."""
        self._sent = set()
        try:
            yield
        finally:
            self._sent = None

    def first_in_hit(self, told: str) -> bool:
        """Whether an event with this content is the first in the request being answered.

        Outside of a request every event is.
        """
        if self._sent is None:
            return True
        known = told in self._sent
        self._sent.add(told)
        return not known
