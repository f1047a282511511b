"""The parts of `make check` that need settings: `python -m tests.checks NAME`."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

from tests import environment

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DOCKET_BASE_URL": "https://docket.example",
    "DOCKET_SECRET_KEY": "production-like-Zr8vQ2mXw5tYb1nLk7pHs4dGf6jCa9eU3oIiTqWx",
    "DOCKET_TOKEN_KEYS": base64.b64encode(os.urandom(32)).decode(),
    "DOCKET_PROXY": "1",
}


def manage(*words: str, **variables: str) -> int:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, check=False
    ).returncode


def mypy() -> int:
    return subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, check=False).returncode


def migrations() -> int:
    return manage("makemigrations", "--check", "--dry-run")


def deploy() -> int:
    return manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)


def translations() -> int:
    """Every sentence of code and templates is in each language's catalogue, translated."""
    from tests.translations import missing

    found = missing()
    for language, sentence in found:
        print(f"{language}: not translated: {sentence!r}")
    return 1 if found else 0


def servers() -> int:
    """Whether DATABASE_URL and REDIS_URL answer."""
    import psycopg
    import redis

    try:
        psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3).close()
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=3).ping()
    except (psycopg.Error, redis.RedisError, KeyError):
        return 1
    return 0


CHECKS = {f.__name__: f for f in (mypy, migrations, deploy, translations, servers)}

if __name__ == "__main__":
    environment.prepare()
    sys.exit(CHECKS[sys.argv[1]]())
