"""Secrets at rest: opened only where they were put, and only while their key is known."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from b24app import sealing
from b24app.sealing import SealBroken

OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))
any_fixture = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@any_fixture
@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_was_sealed_is_opened(value: bytes, place: str) -> None:
    sealed = sealing.seal(value, place)
    assert sealing.unseal(sealed, place) == value
    assert sealing.unseal(memoryview(sealed), place) == value
    assert sealing.seal(value, place) != sealed


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_value_that_was_moved_does_not_open(here: str, there: str) -> None:
    sealed = sealing.seal_text("secret", here)
    if here == there:
        assert sealing.unseal_text(sealed, there) == "secret"
        return
    with pytest.raises(SealBroken):
        sealing.unseal_text(sealed, there)


@given(st.integers(0, 100), st.integers(1, 255))
def test_an_altered_value_does_not_open(position: int, change: int) -> None:
    sealed = bytearray(sealing.seal(b"secret", "portal:1"))
    sealed[position % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        sealing.unseal(bytes(sealed), "portal:1")


@given(st.binary(max_size=60))
def test_anything_else_does_not_open(content: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.unseal(content, "portal:1")


def test_keys_rotate(settings: Any) -> None:
    settings.TOKEN_KEYS = [OLD]
    old = sealing.seal(b"secret", "p")
    settings.TOKEN_KEYS = [NEW, OLD]
    assert sealing.unseal(old, "p") == b"secret"
    assert not sealing.is_newest(old)
    new = sealing.seal(b"secret", "p")
    assert sealing.is_newest(new)
    settings.TOKEN_KEYS = [NEW]
    assert sealing.unseal(new, "p") == b"secret"
    with pytest.raises(SealBroken) as broken:
        sealing.unseal(old, "p")
    assert "secret" not in str(broken.value)


@pytest.mark.parametrize("key", ["", "short", base64.b64encode(b"k" * 31).decode()])
def test_a_key_of_the_wrong_length_is_refused(settings: Any, key: str) -> None:
    settings.TOKEN_KEYS = [key]
    with pytest.raises((ImproperlyConfigured, ValueError)):
        sealing.seal(b"secret", "p")


def test_values_with_structure(settings: Any) -> None:
    value = {"a": ["ü", 1, None], "b": {}}
    sealed = sealing.seal_json(value, "p")
    assert sealing.unseal_json(sealed, "p") == value
    assert sealing.unseal_text(sealing.seal_text("é", "p"), "p") == "é"


def test_a_fingerprint_names_a_secret_without_telling_it() -> None:
    assert sealing.fingerprint("secret") == sealing.fingerprint("secret")
    assert sealing.fingerprint("secret") != sealing.fingerprint("secreu")
    assert "secret" not in sealing.fingerprint("secret")
