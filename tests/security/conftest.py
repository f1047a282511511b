"""What the attacks share with the stories: time that passes, frames that are open already."""

from __future__ import annotations

import json
from typing import Any

import pytest

from b24app.bitrix.retry import Policy, Repeater
from tests import people
from tests.integration.conftest import (  # noqa: F401 - fixtures
    anna,
    authorization_server_down,
    boris,
    later,
    nothing_leaks,
    portal,
)
from tests.people import BORIS, CLARA, DMITRI, TAB, Frame
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

Launch = tuple[str, dict[str, str]]


def launch_of(
    sandbox: Sandbox, app: Application, user_id: int, options: dict[str, Any] | None
) -> Launch:
    """Address and fields of a launch in Anna's portal, not posted yet."""
    nordwerk = sandbox.portal_one
    user = nordwerk.users[user_id]
    return applications.launch_fields(sandbox.state, nordwerk, app, user, TAB, options)


@pytest.fixture
def launch(sandbox: Sandbox, docket: Application) -> Launch:
    """The launch of deal 501 in Boris's browser, not posted yet."""
    return launch_of(sandbox, docket, BORIS, {"ID": "501"})


@pytest.fixture
def foreign_launch(sandbox: Sandbox) -> dict[str, str]:
    """The fields of a launch that Dmitri's browser makes in his own portal, for an app of his."""
    lindner = sandbox.portal_two
    app = applications.register(
        sandbox.state, lindner, name="Another", handler_url="http://127.0.0.1:8800/other/"
    )
    return applications.launch_fields(sandbox.state, lindner, app, lindner.users[DMITRI])[1]


@pytest.fixture
def dmitri(sandbox: Sandbox, docket: Application) -> Frame:
    """Dmitri has Docket in a portal of his own, and the tab of a deal open there."""
    lindner = sandbox.portal_two
    app = people.install(sandbox, lindner)
    frame = people.open_tab(sandbox, lindner, app, DMITRI, next(iter(lindner.deals)))
    sandbox.state.record.clear()
    return frame


@pytest.fixture
def clara(sandbox: Sandbox, docket: Application) -> Frame:
    """Clara's browser has posted the launch of deal 501, which she may not read."""
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    sandbox.state.record.clear()
    return frame


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The REST client repeats at once what it repeats."""
    _, _, *rest = Repeater.__init__.__defaults__ or ()
    monkeypatch.setattr(Repeater.__init__, "__defaults__", (Policy(), lambda wait: None, *rest))


def json_of(answer: Any) -> Any:
    return json.loads(answer.content)
