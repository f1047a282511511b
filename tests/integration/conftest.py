"""What the stories share: time that passes for both sides, and frames that are open already."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from b24app.bitrix import retry
from b24app.models import Portal
from b24app.portals.egress import egress
from tests import leaks, people
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.evidence import dump, secrets_of

Later = Callable[..., None]


@pytest.fixture
def later(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(minutes=31)`: so much time passes, here and in Bitrix24."""
    real_now, real_time = timezone.now, time.time
    passed = timedelta()

    def now() -> datetime:
        return real_now() + passed

    def seconds() -> float:
        return real_time() + passed.total_seconds()

    def pass_by(**duration: float) -> None:
        nonlocal passed
        passed += timedelta(**duration)
        sandbox.state.clock.move(timedelta(**duration).total_seconds())

    monkeypatch.setattr(timezone, "now", now)
    monkeypatch.setattr(time, "time", seconds)
    return pass_by


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a repeated call waits is told in tests/unit/bitrix; here it goes out at once."""
    monkeypatch.setattr(retry, "with_jitter", lambda seconds, chance: 0.0)


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page, header, log line or row of any story holds what the portal gave out in secret."""
    needed = {"sandbox", "db"} & set(request.fixturenames)
    for name in sorted(needed):
        request.getfixturevalue(name)
    with leaks.overheard() as texts:
        yield
    if needed == {"sandbox", "db"}:
        texts.append(dump().decode(errors="replace"))
        hidden = secrets_of(request.getfixturevalue("sandbox"))
        assert not [secret for secret in hidden if any(secret in text for text in texts)]


@pytest.fixture
def authorization_server_down(settings: Any, sandbox: Sandbox) -> None:
    """Nobody listens where the authorization server should be."""
    closed = "http://localhost:9"
    settings.AUTH_SERVERS = [closed]
    settings.LISTED_ORIGINS = [*settings.LISTED_ORIGINS, closed]
    egress.cache_clear()


@pytest.fixture
def portal(docket: Application) -> Portal:
    """Our row for Anna's portal."""
    return Portal.objects.get()


@pytest.fixture
def boris(sandbox: Sandbox, docket: Application) -> Frame:
    """Boris has the tab of deal 501 open; what that cost is forgotten."""
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    sandbox.state.record.clear()
    return frame


@pytest.fixture
def anna(sandbox: Sandbox, docket: Application) -> Frame:
    """Anna has the tab of deal 501 open; what that cost is forgotten."""
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, ANNA, 501)
    sandbox.state.record.clear()
    return frame


@pytest.fixture
def wide(docket: Application) -> Application:
    """The application was given the optional scopes too: the generator's own, and the catalogue."""
    docket.scopes += ["documentgenerator", "catalog"]
    return docket


@pytest.fixture
def console(sandbox: Sandbox, docket: Application) -> Frame:
    """Anna has the application's own page open; `get("console/…")`. What it cost is forgotten."""
    frame = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    sandbox.state.record.clear()
    return frame
