"""The settings that the suite runs with; what the environment already says wins."""

from __future__ import annotations

import base64
import os
from pathlib import Path

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of the suite's processes this is; "" where there is one only."""
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "b24app.settings",
    "DOCKET_BASE_URL": "http://127.0.0.1:8800",
    "DOCKET_SECRET_KEY": "tests-only-" + "k" * 50,
    "DOCKET_TOKEN_KEYS": base64.b64encode(b"tests-only-key-of-thirty-2-bytes").decode(),
    "DOCKET_LOG_LEVEL": "WARNING",
    "DATABASE_URL": "sqlite:///var/test/docket.sqlite3",
    "DOCKET_QUEUE_FILE": f"var/test/queue{PROCESS}.sqlite3",
    "DOCKET_STATIC_ROOT": "var/test/static",
}


def prepare() -> None:
    """Fills in what is missing, so that Django's settings can be imported."""
    _take_own_redis()
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    Path("var/test/static").mkdir(parents=True, exist_ok=True)


def _take_own_redis() -> None:
    """What one process of the suite clears is not another one's: each has a database of its own."""
    server, slash, number = os.environ.get("REDIS_URL", "").rpartition("/")
    if slash and number.isdecimal() and PROCESS:
        os.environ["REDIS_URL"] = f"{server}/{int(number) + int(PROCESS.removeprefix('gw'))}"


prepare()
