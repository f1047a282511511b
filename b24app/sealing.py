"""Secrets at rest: AES-GCM, bound to the place they were written for.

A sealed value names its key, so that keys can be changed: the newest key of `TOKEN_KEYS` seals,
each of them opens. The place (`"portal:7:client_secret"`) is authenticated with the value: moved to
another row or column it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from b24app.bitrix.secret import Secret, reveal

Sealed: TypeAlias = "bytes | memoryview[int]"
"""What a binary column holds: PostgreSQL's driver gives memory views."""


class SealBroken(Exception):
    """The value was altered, moved from its place, or sealed with a key that is gone."""


def seal(value: bytes, place: str) -> bytes:
    """Encrypts `value` for `place` with the newest key."""
    name, key = _keys()[0]
    nonce = os.urandom(12)
    return name + nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def unseal(sealed: Sealed, place: str) -> bytes:
    """The value again. Raises `SealBroken`."""
    content = bytes(sealed)
    for name, key in _keys():
        if content[:4] == name:
            try:
                return AESGCM(key).decrypt(content[4:16], content[16:], place.encode())
            except InvalidTag:
                break
    raise SealBroken(place)


def is_newest(sealed: Sealed) -> bool:
    """Whether the newest key has sealed this value."""
    return bytes(sealed[:4]) == _keys()[0][0]


def seal_text(value: Secret | str, place: str) -> bytes:
    return seal(reveal(value).encode(), place)


def unseal_text(sealed: Sealed, place: str) -> str:
    return unseal(sealed, place).decode()


def seal_json(value: Any, place: str) -> bytes:
    return seal(json.dumps(value, separators=(",", ":")).encode(), place)


def unseal_json(sealed: Sealed, place: str) -> Any:
    return json.loads(unseal(sealed, place))


def fingerprint(secret: Secret | str) -> str:
    """A one-way name of a secret, for cache keys and comparisons; 64 hex characters."""
    return hashlib.sha256(reveal(secret).encode()).hexdigest()


def _keys() -> list[tuple[bytes, bytes]]:
    keys = []
    for text in settings.TOKEN_KEYS:
        key = base64.b64decode(text)
        if len(key) != 32:
            raise ImproperlyConfigured("DOCKET_TOKEN_KEYS: each key is 32 bytes as base64")
        keys.append((hashlib.sha256(key).digest()[:4], key))
    return keys
