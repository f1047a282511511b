"""One Chromium and one stand for all browser tests; a desk of his own for everybody in a story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser import desk as desks
from tests.browser.desk import Desk
from tests.demo.installation import install
from tests.demo.stand import Stand, free_ports

QUICK = {"DOCKET_PDF_POLLS": "1,1,2,2,4", "DOCKET_QUIET_SECONDS": "4"}
CONVERSION = 0.5
"""Seconds that a PDF takes."""
CLEAN = {"conversion_delay": CONVERSION, "conversion_fails": False, "frame_silent": False}
BLOCKED = "--test-third-party-cookie-phaseout"
"""Our frame's cookies would be third-party ones: with them blocked, everything must work."""
TOKEN = re.compile(rb"[0-9a-f]{70}")
"""As the sandbox gives them out."""

MakeDesk = Callable[..., Desk]


# The package's and not the session's: Playwright keeps an event loop running in this thread, and
# with that Django refuses its database to the tests of other folders.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        pytest.skip("no Chromium on this machine")
    with desks.browser(BLOCKED) as found:
        yield found


@pytest.fixture(scope="package")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The demo's processes on free ports, with Docket in Anna's portal."""
    folder = tmp_path_factory.mktemp("stand")
    with Stand(folder, free_ports(), conversion_delay=CONVERSION, **QUICK) as stand:
        install(stand)
        yield stand
    logs = {path.name: path.read_bytes() for path in folder.glob("*.log")}
    assert [name for name in ("web.log", "worker.log") if TOKEN.search(logs[name])] == []


@pytest.fixture
def stand(installed: Stand) -> Iterator[Stand]:
    """The stand, whose portal does what it should until a test says otherwise."""
    yield installed
    installed.control("clear-faults")
    installed.control("options", **CLEAN)


@pytest.fixture
def desk(browser: Browser, stand: Stand) -> Iterator[MakeDesk]:
    """`desk("Boris")`: a browser profile with Boris signed in. None may have complained at last."""
    opened: list[Desk] = []

    def sit_down(name: str = "", **options: Any) -> Desk:
        desk = Desk(browser, stand.ports, **options)
        opened.append(desk)
        if name:
            desk.sign_in(name)
        return desk

    yield sit_down
    complaints = [text for desk in opened for text in desk.complaints]
    cookies = [cookie for desk in opened for cookie in desk.cookies_of_app()]
    for one in opened:
        one.close()
    assert complaints == []
    assert cookies == []


@pytest.fixture
def boris(desk: MakeDesk) -> Desk:
    return desk("Boris")
