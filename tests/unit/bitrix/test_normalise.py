"""One type for each kind of value, however the portal has written it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix import normalise
from b24app.bitrix.errors import UnexpectedAnswer


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (normalise.as_int, 7, 7),
        (normalise.as_int, "7", 7),
        (normalise.as_int, "-1", -1),
        (normalise.as_id, "501", 501),
        (normalise.as_id, None, None),
        (normalise.as_id, "", None),
        (normalise.as_id, "0", None),
        (normalise.as_id, 0, None),
        (normalise.as_text, None, ""),
        (normalise.as_text, 12, "12"),
        (normalise.as_bool, "Y", True),
        (normalise.as_bool, "N", False),
        (normalise.as_bool, 1, True),
        (normalise.as_bool, " ", False),
        (normalise.as_bool, "true", True),
        (normalise.as_bool, None, False),
        (normalise.as_map, [], {}),
        (normalise.as_map, None, {}),
        (normalise.as_map, {"a": 1}, {"a": 1}),
        (normalise.as_list, {"0": "a", "1": "b"}, ["a", "b"]),
        (normalise.as_list, None, []),
        (normalise.as_money, "0.00", Decimal("0.00")),
        (normalise.as_money, 999.9, Decimal("999.9")),
        (normalise.as_money_or_none, None, None),
        (normalise.as_moment_or_none, "", None),
    ],
)
def test_values_are_read(read, value, expected) -> None:
    assert read(value) == expected


def test_a_time_keeps_its_moment() -> None:
    moment = normalise.as_moment("2026-03-18T11:19:04+03:00")
    assert moment == datetime(2026, 3, 18, 8, 19, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (normalise.as_int, "7 "),
        (normalise.as_int, 2**63),
        (normalise.as_id, -1),
        (normalise.as_key, "0"),
        (normalise.as_money, "1e999999"),
        (normalise.as_moment, "0001-01-01T00:00:00+14:00"),
        (normalise.as_int, True),
        (normalise.as_int, 7.5),
        (normalise.as_int, "--7"),
        (normalise.as_int, "²"),
        (normalise.as_int, "9" * 5000),
        (normalise.as_id, "none"),
        (normalise.as_text, ["a"]),
        (normalise.as_text, True),
        (normalise.as_bool, "maybe"),
        (normalise.as_bool, []),
        (normalise.as_map, ["a"]),
        (normalise.as_map, "a"),
        (normalise.as_list, "a"),
        (normalise.as_money, "1,5"),
        (normalise.as_money, "NaN"),
        (normalise.as_money, True),
        (normalise.as_moment, "2026-03-18T11:19:04"),
        (normalise.as_moment, "18.03.2026"),
        (normalise.as_moment, 1773821944),
    ],
)
def test_what_cannot_be_read_is_an_unexpected_answer(read, value) -> None:
    with pytest.raises(UnexpectedAnswer):
        read(value)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(_ANYTHING)
def test_no_value_breaks_a_reader_in_another_way(value: object) -> None:
    for name in ("int", "id", "text", "bool", "map", "list", "moment", "money"):
        try:
            getattr(normalise, f"as_{name}")(value)
        except UnexpectedAnswer:
            continue
