"""Reading the process's environment: text, secrets from a variable or a file, lists, addresses.

Every reader names the variable it misses, so that a refused start tells the operator what to set.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from b24app.bitrix.origin import parse_origin

KNOWN: Final = ("tests-only-", "only-while-", "django-insecure-")
"""How keys begin that everybody knows."""


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE points to, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default).strip()


def required(name: str, *, at_least: int = 1) -> str:
    """Like `text`, but refuses to start when missing or shorter than `at_least` characters."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) is not set")
    if len(value) < at_least:
        raise ImproperlyConfigured(f"{name} is too short: {at_least} characters at least")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def signing_key(name: str, *, strict: bool) -> str:
    """A key of 50 characters or more. `strict`: not one of the keys that stand in examples."""
    key = required(name, at_least=50)
    if strict and (len(set(key)) < 10 or key.startswith(KNOWN)):
        raise ImproperlyConfigured(f"{name} is too weak: take a random one")
    return key


def sealing_keys(name: str, *, strict: bool) -> list[str]:
    """Keys of 32 bytes as base64, newest first. `strict`: none that a person has typed."""
    keys = words(name) or [required(name)]
    for text_of_key in keys:
        try:
            key = base64.b64decode(text_of_key, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ImproperlyConfigured(f"{name}: each key is 32 bytes as base64")
        if strict and (key.isascii() or len(set(key)) < 16):
            raise ImproperlyConfigured(f"{name}: a key is too weak: take 32 random bytes")
    if len(set(keys)) < len(keys):
        raise ImproperlyConfigured(f"{name}: a key stands there twice")
    return keys


def origin(name: str, address: str) -> str:
    """The address as a canonical origin."""
    try:
        return parse_origin(address)
    except ValueError:
        raise ImproperlyConfigured(f"{name}: {address[:100]} is not https://host") from None


def origins(name: str, default: str = "", *, plain: Iterable[str] | None = ()) -> list[str]:
    """Origins such as `https://host`. `plain`: those that may be http; None for all."""
    found = []
    for word in words(name, default):
        found.append(origin(name, word))
        if not found[-1].startswith("https://") and plain is not None and found[-1] not in plain:
            raise ImproperlyConfigured(f"{name}: {found[-1]} is not https://")
    return found


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def seconds(name: str, default: float) -> float:
    return all_seconds(name, str(default))[0]


def all_seconds(name: str, default: str) -> list[float]:
    """A comma-separated list of at least one number of seconds."""
    try:
        found = [float(word) for word in words(name, default) or default.split(",")]
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a number of seconds") from None
    if not all(0 <= number < float("inf") for number in found):
        raise ImproperlyConfigured(f"{name} is not a number of seconds")
    return found


def folder_made(path: str) -> str:
    """The path, with the folder it stands in made if it was missing."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return path


def database(base: Path) -> dict[str, Any]:
    """Django's settings for DATABASE_URL: sqlite:///path or postgresql://user:word@host:port/name."""
    url = urlsplit(text("DATABASE_URL") or f"sqlite:///{base}/var/docket.sqlite3")
    if url.scheme == "sqlite":
        return _sqlite(folder_made(url.path[1:]))
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured("DATABASE_URL is neither sqlite:/// nor postgresql://")


def _sqlite(path: str) -> dict[str, Any]:
    # IMMEDIATE: a transaction that will write takes the lock at once and waits for it, instead of
    # failing half way. WAL: readers do not wait for the writer.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
