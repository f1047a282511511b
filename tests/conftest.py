"""What every test may use: the sandbox portal, and the application set to speak with it only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from tests import installed, people
from tests.installed import Installed
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.table import (  # noqa: F401 - hooks of the suite
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_terminal_summary,
)


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(conversion_delay=0.0) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A database for each process of the suite; SQLite in a file, as in production: the threads of
    a test meet its locks.
    """
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "docket.sqlite3")


@pytest.fixture
def sandbox(running_sandbox: Sandbox, settings: Any) -> Sandbox:
    """The sandbox as seeded, and settings that allow its three origins."""
    from b24app.portals.egress import egress

    running_sandbox.reset()
    cache.clear()
    egress.cache_clear()
    settings.AUTH_SERVERS = [running_sandbox.auth_url]
    settings.LISTED_ORIGINS = [
        running_sandbox.url,
        running_sandbox.portal_two.origin,
        running_sandbox.auth_url,
    ]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.HUEY["immediate"] = False
    return running_sandbox


@pytest.fixture(scope="session")
def installations() -> list[Installed]:
    """The first installation of this run, once there was one."""
    return []


@pytest.fixture
def docket(sandbox: Sandbox, db: None, installations: list[Installed]) -> Application:
    """Docket installed in Anna's portal."""
    if installations:
        app = installed.put_back(installations[0], sandbox)
    else:
        app = people.install(sandbox, sandbox.portal_one)
        installations.append(installed.kept(sandbox, app))
    sandbox.state.record.clear()
    return app
