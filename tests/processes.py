"""How the suite's tests are shared out where it runs in several processes."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class OneBrowser(LoadScopeScheduling):
    """One process has the browser and its stand; any other test goes where there is time.

    pytest-xdist's own groups (3.8.0) are not seen with pytest 9.2, without a word of it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid


def pytest_xdist_make_scheduler(config: Any, log: Any) -> OneBrowser:
    return OneBrowser(config, log)
