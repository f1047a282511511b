"""Parameters on their way out."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.encoding import encode_command, encode_json, fits_in_batch


def _as_php_reads(query: str) -> dict[str, Any]:
    """Brackets into nested maps, all values text, as PHP does."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
        name, path = re.fullmatch(r"([^\[]+)((?:\[[^\]]*\])*)", key, re.DOTALL).groups()
        steps = [name, *re.findall(r"\[([^\]]*)\]", path)]
        place = root
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    return root


def test_a_command_nests_by_brackets() -> None:
    params = {
        "filter": {">=updateTime": "2026-03-18T00:00:00+03:00", "@id": [7, 8]},
        "on": True,
        "off": False,
        "since": date(2026, 3, 18),
    }
    command = encode_command("crm.documentgenerator.document.list", params)
    method, _, query = command.partition("?")
    assert method == "crm.documentgenerator.document.list"
    assert _as_php_reads(query) == {
        "filter": {">=updateTime": "2026-03-18T00:00:00+03:00", "@id": {"0": "7", "1": "8"}},
        "on": "1",
        "off": "0",
        "since": "2026-03-18",
    }


def test_a_command_without_parameters_is_its_method() -> None:
    assert encode_command("profile", {}) == "profile"


_KEYS = st.text(alphabet=st.characters(exclude_characters="[]", exclude_categories=("Cs",)))
_VALUES = st.recursive(
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: st.dictionaries(_KEYS.filter(bool), inner, min_size=1, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["values", "fields", "id"]), _VALUES))
def test_s36_text_arrives_literally(params: dict[str, Any]) -> None:
    assert _as_php_reads(encode_command("m", params).partition("?")[2]) == params


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"Total": None},
        {"Title": "see $result[deal][id]"},
        {"Title": "$next[deal]"},
        {"a[b": "1"},
        [[]],
    ],
)
def test_s36_what_a_batch_cannot_say_is_noticed(value: object) -> None:
    assert not fits_in_batch({"values": value})


@pytest.mark.parametrize("value", [0, "", False, {"MY_COMPANY.REQUISITE": 3}, "100 % & ?x=[1]"])
def test_what_a_batch_can_say_is_let_in(value: object) -> None:
    assert fits_in_batch({"values": value})


def test_json_keeps_null_and_writes_money_exactly() -> None:
    body = encode_json(
        {"a": None, "b": Decimal("0.10"), "c": datetime(2026, 3, 18, tzinfo=UTC), "d": ("x",)}
    )
    assert json.loads(body) == {
        "a": None,
        "b": "0.10",
        "c": "2026-03-18T00:00:00+00:00",
        "d": ["x"],
    }


@pytest.mark.parametrize("value", [float("nan"), object(), b"bytes"])
def test_json_refuses_what_is_no_value(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        encode_json({"a": value})
