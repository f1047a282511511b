"""S40: a start with a missing, known or weak setting is refused and names it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks import PRODUCTION, ROOT
from tests.environment import SETTINGS

STRONG = base64.b64encode(hashlib.sha256(b"a key of these tests").digest()).decode()
ASK = (
    "import django; django.setup(); from django.conf import settings as s;"
    "print(s.DEBUG, s.ALLOWED_HOSTS, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 3e7)"
)


def started(
    *words: str, stdin: str = "", **variables: str | None
) -> subprocess.CompletedProcess[str]:
    """A process of Docket with production settings and these changes; None takes one away."""
    own = {"DATABASE_URL": "sqlite:///:memory:", "DOCKET_QUEUE_FILE": "var/test/queue-s40.sqlite3"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    merged = {**kept, "DJANGO_SETTINGS_MODULE": "b24app.settings", **PRODUCTION, **own, **variables}
    return subprocess.run(
        [sys.executable, *(words or ("-c", ASK))],
        cwd=ROOT,
        env={name: value for name, value in merged.items() if value is not None},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


WRONG: list[tuple[str, str | None]] = [
    ("DOCKET_SECRET_KEY", None),
    ("DOCKET_SECRET_KEY", "short"),
    ("DOCKET_SECRET_KEY", "a" * 60),
    ("DOCKET_SECRET_KEY", SETTINGS["DOCKET_SECRET_KEY"]),
    ("DOCKET_TOKEN_KEYS", None),
    ("DOCKET_TOKEN_KEYS", "not base64!"),
    ("DOCKET_TOKEN_KEYS", base64.b64encode(b"sixteen bytes ..").decode()),
    ("DOCKET_TOKEN_KEYS", base64.b64encode(bytes(32)).decode()),
    ("DOCKET_TOKEN_KEYS", SETTINGS["DOCKET_TOKEN_KEYS"]),
    ("DOCKET_TOKEN_KEYS", f"{STRONG},{STRONG}"),
    ("DOCKET_BASE_URL", None),
    ("DOCKET_BASE_URL", "http://docket.example"),
    ("DOCKET_BASE_URL", "https://*"),
    ("DOCKET_BASE_URL", "https://.example"),
    ("DOCKET_BASE_URL", "https://docket.example/path"),
    ("DOCKET_AUTH_SERVERS", "http://oauth.bitrix.info"),
    ("DOCKET_AUTH_SERVERS", "oauth.bitrix.info"),
    ("DOCKET_AUTH_SERVERS", ","),
    ("DOCKET_LISTED_ORIGINS", "crm.company.lan"),
    ("DOCKET_CLIENT_SECRET", None),
    ("DATABASE_URL", "mysql://x/y"),
    ("DOCKET_PDF_POLLS", "soon"),
    ("DOCKET_QUIET_SECONDS", "nan"),
]
LOADER = """
import json, os, runpy, sys
for name, value in json.load(sys.stdin):
    kept = os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    try:
        runpy.run_module("b24app.settings")
        print("started")
    except Exception as error:
        print(type(error).__name__, error)
    os.environ.pop(name, None)
    if kept is not None:
        os.environ[name] = kept
"""


@pytest.fixture(scope="module")
def refusals() -> dict[tuple[str, str | None], str]:
    """What each of `WRONG` brings about: the settings are read in one process, one by one."""
    market = {"DOCKET_CLIENT_ID": "app.docket", "DOCKET_CLIENT_SECRET": "s" * 50}
    done = started("-c", LOADER, stdin=json.dumps([*WRONG, ("PATH", "/")]), **market)
    assert done.returncode == 0, done.stderr
    *said, untouched = done.stdout.splitlines()
    assert untouched == "started"
    return dict(zip(WRONG, said, strict=True))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_s40_a_start_is_refused_and_says_why(
    refusals: dict[tuple[str, str | None], str], name: str, value: str | None
) -> None:
    said = refusals[name, value]
    assert said.startswith(f"ImproperlyConfigured {name}")
    if value and len(value) > 20 and name in {"DOCKET_SECRET_KEY", "DOCKET_TOKEN_KEYS"}:
        assert value not in said


def test_s40_nothing_switches_debug_or_other_hosts_on(tmp_path: Path) -> None:
    """Both are no settings of ours; secrets may come from files."""
    kept = tmp_path / "key"
    kept.write_text(PRODUCTION["DOCKET_SECRET_KEY"] + "\n")
    done = started(
        DEBUG="1", DJANGO_DEBUG="1", DOCKET_DEBUG="1", ALLOWED_HOSTS="*", DOCKET_ALLOWED_HOSTS="*",
        DOCKET_SECRET_KEY=None, DOCKET_SECRET_KEY_FILE=str(kept),
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.split() == ["False", "['docket.example']", "True", "True"]


def test_s40_djangos_own_check_for_production_is_clean() -> None:
    done = started("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
