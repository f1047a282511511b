"""Anna, Boris, Clara and Dmitri, each with a token of an installed application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.contract.caller import Caller
from tests.contract.inbox import Inbox
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Portal

SCOPES = ["crm", "placement", "user_brief"]
WIDE_SCOPES = ["crm", "placement", "user", "documentgenerator", "catalog"]

Order = Callable[..., dict[str, Any]]
"""`order(action, **body)`, the answer of the control API."""


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The sandbox as seeded: conversions wait for the clock, events do not."""
    running_sandbox.reset()
    running_sandbox.state.options.conversion_delay = 3.0
    running_sandbox.state.options.event_delay = 0.0
    return running_sandbox


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def installed(sandbox: Sandbox, portal: Portal, scopes: list[str] = SCOPES) -> Application:
    app = sandbox.state.register_application(
        portal, name="Docket", handler_url="http://127.0.0.1:9/app/", scopes=scopes
    )
    assert app.installed
    return app


@pytest.fixture
def app(sandbox: Sandbox) -> Application:
    """Installed in Anna's portal."""
    return installed(sandbox, sandbox.portal_one)


@pytest.fixture
def anna(sandbox: Sandbox, app: Application, http: requests.Session) -> Caller:
    return Caller(sandbox, sandbox.portal_one, app, 1, http)


@pytest.fixture
def boris(sandbox: Sandbox, app: Application, http: requests.Session) -> Caller:
    return Caller(sandbox, sandbox.portal_one, app, 7, http)


@pytest.fixture
def clara(sandbox: Sandbox, app: Application, http: requests.Session) -> Caller:
    return Caller(sandbox, sandbox.portal_one, app, 12, http)


@pytest.fixture
def dmitri(sandbox: Sandbox, http: requests.Session) -> Caller:
    app = installed(sandbox, sandbox.portal_two)
    return Caller(sandbox, sandbox.portal_two, app, 1, http)


@pytest.fixture
def trusted(sandbox: Sandbox) -> Application:
    """Installed in Anna's portal with every scope the tests know."""
    return installed(sandbox, sandbox.portal_one, WIDE_SCOPES)


@pytest.fixture
def keeper(sandbox: Sandbox, trusted: Application, http: requests.Session) -> Caller:
    """Anna, through an application that may use stores and the whole generator."""
    return Caller(sandbox, sandbox.portal_one, trusted, 1, http)


@pytest.fixture
def tom(sandbox: Sandbox, trusted: Application, http: requests.Session) -> Caller:
    """Site manager: receipts and write-offs of his own store."""
    return Caller(sandbox, sandbox.portal_one, trusted, 23, http)


@pytest.fixture
def seller(sandbox: Sandbox, trusted: Application, http: requests.Session) -> Caller:
    """Boris, through the application that may use stores and the whole generator."""
    return Caller(sandbox, sandbox.portal_one, trusted, 7, http)


@pytest.fixture
def order(sandbox: Sandbox, http: requests.Session) -> Order:
    """Gives an order to the control API, as `order("options", language="de")`."""

    def give(action: str, **body: Any) -> dict[str, Any]:
        answer = http.post(f"{sandbox.auth_url}/_sandbox/{action}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    return give


@pytest.fixture
def offer(sandbox: Sandbox) -> int:
    """Id of a template for deals that everybody may use."""
    for template in sandbox.portal_one.templates.values():
        if "UA" in template.users and template.active and not template.is_deleted:
            return template.id
    raise AssertionError("the seed has no template for everybody")


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A web server that keeps what is posted to it."""
    with Inbox() as server:
        yield server
