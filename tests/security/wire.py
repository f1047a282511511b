"""What went over the wire, kept; then answered again without a network, whole or altered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from b24app.bitrix.egress import Egress, Reply

Alter = Callable[[Reply], Reply]


class Wire:
    """Stands at the one place that all outgoing requests pass."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.kept: dict[str, Reply] = {}
        self.alter: Alter | None = None
        self.replaying = False
        self.real = Egress.send
        patch.setattr(Egress, "send", lambda egress, *a, **k: self.send(egress, *a, **k))

    def send(self, egress: Egress, method: str, url: Any, **options: Any) -> Reply:
        key = _key(url if isinstance(url, str) else url.reveal(), options.get("json"))
        if not self.replaying:
            reply = self.real(egress, method, url, **options)
            self.kept[key] = reply
            return reply
        found = self.kept.get(key, Reply(200, {"Content-Type": "application/json"}, b"{}"))
        return self.alter(found) if self.alter else found


def _key(url: str, sent: Mapping[str, Any] | None) -> str:
    """The method; of a batch, the methods of its commands too."""
    commands = (sent or {}).get("cmd") or {}
    asked = [f"{name}={command.partition('?')[0]}" for name, command in commands.items()]
    return " ".join([url.partition("?")[0].rpartition("/rest/")[2], *asked])


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all parts of a JSON document."""
    found = [path]
    parts = document.items() if isinstance(document, dict) else ()
    parts = enumerate(document) if isinstance(document, list) else parts
    for key, part in parts:
        found += places(part, (*path, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with another part at this path."""
    if not path:
        return value
    copied = dict(document) if isinstance(document, dict) else list(document)
    copied[path[0]] = replaced(document[path[0]], path[1:], value)
    return copied


def altered(reply: Reply, at: int, value: Any) -> Reply:
    """The reply with another value somewhere in it; a file as another file."""
    try:
        document = json.loads(reply.body)
    except ValueError:
        return Reply(reply.status, reply.headers, json.dumps(value).encode())
    paths = places(document)
    changed = replaced(document, paths[at % len(paths)], value)
    return Reply(reply.status, reply.headers, json.dumps(changed).encode())
