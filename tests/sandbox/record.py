"""The record of everything the sandbox received: what tests count and read.

Secrets never enter it: tokens are kept as short fingerprints, so that two requests with the same
token can be told to have been made with the same token.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SECRET_NAMES = frozenset(
    [
        "auth",
        "access_token",
        "refresh_token",
        "client_secret",
        "code",
        "auth_id",
        "refresh_id",
        "token",
    ]
)


def fingerprint(secret: str) -> str:
    """Eight hex characters that stand for a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


def redacted(value: Any, name: str = "") -> Any:
    """The value with everything secret in it replaced by its fingerprint."""
    if isinstance(value, dict):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if name.lower() in SECRET_NAMES and value not in (None, ""):
        return f"sha256:{fingerprint(str(value))}"
    if isinstance(value, str) and len(value) > 2000:
        return f"{value[:100]}… <{len(value)} characters>"
    return value


@dataclass
class Received:
    """One request as the sandbox received and answered it."""

    number: int
    time: datetime
    origin: str
    method: str
    path: str
    rest_method: str = ""
    """In lower case, "" when the request was no REST call."""
    params: dict[str, Any] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    """REST methods inside a batch, in order."""
    status: int = 0
    error: str = ""
    user_id: int | None = None
    client_id: str = ""
    token: str = ""
    """Fingerprint of the access token."""
    user_agent: str = ""
    cookies: bool = False
    duration: float = 0.0
    """Seconds."""


class Record:
    """All requests in the order of their arrival. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Received] = []
        self._number = 0

    def add(self, now: datetime, origin: str, method: str, path: str) -> Received:
        """Notes a request as it arrives; the caller fills in the rest of it."""
        with self._lock:
            self._number += 1
            received = Received(self._number, now, origin, method, path)
            self._requests.append(received)
            return received

    def clear(self) -> None:
        with self._lock:
            self._requests = []

    def __iter__(self) -> Iterator[Received]:
        with self._lock:
            return iter(list(self._requests))

    def rest(
        self, method: str = "", where: Callable[[Received], bool] | None = None
    ) -> list[Received]:
        """REST requests, those of one method (any case) when given. A batch counts as one."""
        wanted = method.lower()
        return [
            one
            for one in self
            if one.rest_method
            and (not wanted or one.rest_method == wanted)
            and (where is None or where(one))
        ]

    def at(self, path: str) -> list[Received]:
        """Requests to one path, such as "/oauth/token/"."""
        return [one for one in self if one.path == path]

    def executed(self, method: str) -> int:
        """How often a REST method was called, on its own or inside a batch."""
        wanted = method.lower()
        return len(self.rest(wanted)) + sum(one.commands.count(wanted) for one in self)

    def count(self, method: str = "") -> int:
        return len(self.rest(method))
