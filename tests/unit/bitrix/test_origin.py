"""The one parser of addresses meets the tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.origin import AddressError, parse_endpoint, parse_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://portal.example", "https://portal.example"),
        ("https://Portal.Example", "https://portal.example"),
        ("https://portal.example:443", "https://portal.example"),
        ("https://portal.example:8443", "https://portal.example:8443"),
        ("http://localhost:8801", "http://localhost:8801"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://8x8.example", "https://8x8.example"),
    ],
)
def test_a_proper_address_becomes_canonical(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "portal.example",
        "//portal.example",
        "ftp://portal.example",
        "https:portal.example",
        "https://",
        "https://user@portal.example",
        "https://user:word@portal.example",
        "https://portal.example@evil.example",
        "https://portal.example#.evil.example",
        "https://portal.example?.evil.example",
        "https://portal.example/",
        "https://portal.example/rest/",
        "https://portal.example\\.evil.example",
        "https://portal.example.",
        "https://.portal.example",
        "https://portal..example",
        "https://-portal.example",
        "https://portal_x.example",
        "https://portal.example:",
        "https://portal.example:0",
        "https://portal.example:00443",
        "https://portal.example:65536",
        "https://portal.example:4a",
        "https://portal.example:443:443",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://127.1",
        "https://127.0.0.01",
        "https://2130706433",
        "https://0x7f000001",
        "https://0x7f.0.0.0x1",
        "https://portal.999",
        "https://1.2.3.4.5",
        "https://portal.example%00.evil.example",
        "https://portal%2eexample",
        "https://portal.example\x00",
        "https://portal.example\n",
        " https://portal.example",
        "https://portal .example",
        "https://pörtal.example",
        "https://portal。example",
        "https://\u212aelvin.example",
        "https://..",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 130}example",
    ],
)
def test_s12_anything_else_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse_origin(text)
    assert "portal" not in str(refused.value)


def test_an_endpoint_is_an_origin_and_rest() -> None:
    assert parse_endpoint("https://portal.example/rest/") == "https://portal.example"


@pytest.mark.parametrize(
    "text",
    [
        "https://portal.example/rest",
        "https://portal.example/x/rest/",
        "https://portal.example/rest/?a",
        "https://u@portal.example/rest/",
        "/rest/",
    ],
)
def test_s12_no_other_endpoint_is_accepted(text: str) -> None:
    with pytest.raises(AddressError):
        parse_endpoint(text)


@given(st.text(alphabet="htps:/.@#?[]%\\ a1-_\x00é", max_size=40))
def test_what_is_accepted_is_already_canonical(text: str) -> None:
    try:
        origin = parse_origin(text)
    except AddressError:
        return
    assert parse_origin(origin) == origin
    assert not set(origin.partition("://")[2]) & set("/@#?[]%\\ _\x00é")
