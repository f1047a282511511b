"""What a refusal leaves behind: no row, no request but the allowed ones, one line in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps

from b24app.models import RestCall, SecurityEvent
from tests.sandbox.server import Sandbox

LOGS = (SecurityEvent, RestCall)


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that is stored, the two logs aside."""
    models = [model for model in apps.get_models() if model not in LOGS]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def dump() -> bytes:
    """All that is stored, logs too, as one text to search."""
    found = []
    for model in apps.get_models():
        for row in model._base_manager.values():
            found += [_bytes(value) for value in row.values()]
    return b"\n".join(found)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def secrets_of(sandbox: Sandbox) -> set[str]:
    """Everything that the sandbox has given out and that nobody may see."""
    tokens = sandbox.state.tokens.values()
    applications = [a for p in sandbox.state.portals.values() for a in p.applications.values()]
    return {
        *(token.access for token in tokens),
        *(token.refresh for token in tokens),
        *(app.client_secret for app in applications),
        *(app.application_token for app in applications),
    }


@contextmanager
def refusal(
    sandbox: Sandbox, *, kind: str, asked: Sequence[str] = (), lines: int = 1
) -> Iterator[None]:
    """What happens inside leaves nothing but `lines` new entries of `kind` in the security log.

    `asked`: paths of the requests that may be sent, in order; the record starts empty.
    """
    before, known = rows(), set(SecurityEvent.objects.values_list("pk", flat=True))
    sandbox.state.record.clear()
    yield
    assert rows() == before
    assert [one.path for one in sandbox.state.record] == list(asked)
    noted = SecurityEvent.objects.exclude(pk__in=known)
    assert [one.kind for one in noted] == [kind] * lines
    text = " ".join(f"{one} {one.reason}" for one in noted)
    assert not [secret for secret in secrets_of(sandbox) if secret in text]
