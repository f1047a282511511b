"""What Bitrix24 posts when something happened, and what only pretends to be that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.events import EventError, parse_event

MEMBER = "a223c6b3710f85df22e9377d6c4f7553"
ADDED = [
    ("event", "ONCRMDOCUMENTGENERATORDOCUMENTADD"),
    ("event_handler_id", "123"),
    ("data[FIELDS][ID]", "77"),
    ("data[FIELDS][ENTITY_TYPE_ID]", "2"),
    ("data[FIELDS][ENTITY_ID]", "501"),
    ("ts", "1773821944"),
    ("auth[access_token]", "boris-access"),
    ("auth[expires_in]", "3600"),
    ("auth[scope]", "crm,placement"),
    ("auth[domain]", "portal.example"),
    ("auth[server_endpoint]", "https://oauth.example/rest/"),
    ("auth[client_endpoint]", "https://portal.example/rest/"),
    ("auth[status]", "L"),
    ("auth[member_id]", MEMBER),
    ("auth[application_token]", "app-token"),
]
UNINSTALLED = [
    ("event", "ONAPPUNINSTALL"),
    ("data[LANGUAGE_ID]", "de"),
    ("data[CLEAN]", "1"),
    ("ts", "1773821944"),
    ("auth[domain]", "portal.example"),
    ("auth[member_id]", MEMBER),
    ("auth[application_token]", "app-token"),
]


def _changed(**values: str | None) -> list[tuple[str, str]]:
    """ADDED with other values; None leaves the key out. ``auth__x`` names ``auth[x]``."""
    changes = {
        key if "__" not in key else "{}[{}]".format(*key.split("__")): value
        for key, value in values.items()
    }
    pairs = [(key, changes.get(key, value)) for key, value in ADDED]
    return [(key, value) for key, value in pairs if value is not None]


def test_a_document_was_made() -> None:
    event = parse_event(ADDED)
    assert event.name == "ONCRMDOCUMENTGENERATORDOCUMENTADD"
    assert (event.field_id("ID"), event.field_id("ENTITY_ID")) == (77, 501)
    assert (event.member_id, event.domain, event.ts) == (MEMBER, "portal.example", 1773821944)
    assert event.application_token.reveal() == "app-token"
    assert event.access_token is not None
    assert event.scopes == {"crm", "placement"}
    assert "boris-access" not in repr(event)


def test_a_robots_event_has_no_tokens() -> None:
    event = parse_event(UNINSTALLED)
    assert event.access_token is None
    assert event.user_id is None
    assert event.data == {"LANGUAGE_ID": "de", "CLEAN": "1"}
    assert event.fields == {}
    assert event.field_id("ID") is None


def test_lists_without_numbers_count_up() -> None:
    event = parse_event([*ADDED, ("data[QUERY][x][]", "a"), ("data[QUERY][x][]", "b")])
    assert event.data["QUERY"] == {"x": {"0": "a", "1": "b"}}


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        _changed(event=None),
        _changed(event=""),
        _changed(event="ON<script>"),
        _changed(auth__member_id=None),
        _changed(auth__member_id="x"),
        _changed(auth__application_token=None),
        _changed(auth__application_token=""),
        _changed(auth__application_token="a b"),
        _changed(auth__application_token="t" * 5000),
        [*_changed(auth__application_token=None), ("auth[application_token][]", "app-token")],
        [*ADDED, ("auth[application_token]", "app-token")],
        [*ADDED, ("auth[application_token][0]", "app-token")],
        [*ADDED, ("event", "ONAPPUNINSTALL")],
        [*ADDED, ("auth", "x")],
        [("auth", "x"), *ADDED],
        [*ADDED, ("data[a[b]]", "1")],
        [*ADDED, ("data[a]b", "1")],
        [*ADDED, ("data[a][b][c][d][e][f]", "1")],
        [*ADDED, ("data[FIELDS]", "1")],
        [*ADDED, *[(f"x{number}", "1") for number in range(200)]],
        [*ADDED, ("data[x]", "x" * 70_000)],
        [("event", "E"), ("data", "1"), ("auth[member_id]", MEMBER)],
    ],
)
def test_s31_anything_else_is_no_event(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(EventError) as refused:
        parse_event(pairs)
    assert "app-token" not in refused.value.reason


_KEYS = st.sampled_from([key for key, _ in ADDED]) | st.text(alphabet="adet[]01", max_size=12)


@given(st.lists(st.tuples(_KEYS, st.text(max_size=8)), max_size=6))
def test_s34_no_form_breaks_the_parser_in_another_way(noise: list[tuple[str, str]]) -> None:
    for pairs in (noise, [*ADDED, *noise], [*noise, *ADDED]):
        try:
            parse_event(pairs)
        except EventError:
            continue
