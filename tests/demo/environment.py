"""The settings of a demo: everything in one folder, everything on loopback."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

MARKET_CLIENT_ID = "app.docket.demo"


@dataclass(frozen=True)
class Ports:
    """Where a demo listens: the application, and the sandbox's three origins from `sandbox` on."""

    app: int = 8800
    sandbox: int = 8801

    @property
    def app_url(self) -> str:
        return f"http://127.0.0.1:{self.app}"

    @property
    def portal_one(self) -> str:
        return f"http://localhost:{self.sandbox}"

    @property
    def portal_two(self) -> str:
        return f"http://localhost:{self.sandbox + 1}"

    @property
    def auth_server(self) -> str:
        return f"http://localhost:{self.sandbox + 2}"


def variables(folder: Path, ports: Ports) -> dict[str, str]:
    """The environment of the application's processes. Keys are made once and kept in `folder`."""
    origins = [ports.portal_one, ports.portal_two, ports.auth_server]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "b24app.settings",
        "DOCKET_BASE_URL": ports.app_url,
        "DOCKET_SECRET_KEY": _kept(folder / "secret.key", secrets.token_urlsafe(64)),
        "DOCKET_TOKEN_KEYS": _kept(folder / "token.key", _key()),
        "DOCKET_AUTH_SERVERS": ports.auth_server,
        "DOCKET_LISTED_ORIGINS": ",".join(origins),
        "DOCKET_CLIENT_ID": MARKET_CLIENT_ID,
        "DOCKET_CLIENT_SECRET": _kept(folder / "market.key", secrets.token_hex(25)),
        "DOCKET_STATIC_ROOT": str(folder / "static"),
        "DOCKET_QUEUE_FILE": str(folder / "queue.sqlite3"),
        "DOCKET_CACHE_PREFIX": f"demo{ports.app}",
        "DOCKET_LOG_LEVEL": "WARNING",
        "DATABASE_URL": _database(folder, ports),
    }


def _database(folder: Path, ports: Ports) -> str:
    """A database of its own, on the server of DATABASE_URL where that is PostgreSQL."""
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        return f"{server.rpartition('/')[0]}/docket_demo_{ports.app}"
    return f"sqlite:///{folder / 'docket.sqlite3'}"


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _kept(path: Path, fresh: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh, encoding="utf-8")
    return path.read_text(encoding="utf-8")
