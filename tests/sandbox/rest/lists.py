"""Lists: filters with prefixes, order, pages of fifty.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/list-methods-pecularities.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from tests.sandbox.rest.call import Answer

PAGE = 50

Row = Mapping[str, Any]
R = TypeVar("R", bound=Row)
T = TypeVar("T")
PREFIX = re.compile(r"^(!=%|!%=|!%|=%|%=|>=|<=|!=|!@|><|>|<|=|%|@|!)?(.*)$", re.DOTALL)


def split_prefix(key: str) -> tuple[str, str]:
    """`">=createTime"` to `(">=", "createTime")`; "=" when there is no prefix."""
    found = PREFIX.match(key)
    assert found is not None
    return found.group(1) or "=", found.group(2)


def comparable(value: Any) -> Any:
    """Numbers and moments as themselves, everything else as text in lower case."""
    if value is None or value == "":
        return ("", 0)
    if isinstance(value, bool):
        return ("n", Decimal(int(value)))
    text = str(value).strip()
    try:
        return ("n", Decimal(text))
    except InvalidOperation:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ("t", text.lower())
    return ("d", moment.timestamp() if moment.tzinfo else moment.astimezone().timestamp())


def _like(value: Any, pattern: str) -> bool:
    expression = "".join(".*" if part == "%" else re.escape(part) for part in pattern)
    return re.fullmatch(expression, str(value or ""), re.IGNORECASE | re.DOTALL) is not None


def _among(value: Any, wanted: Any) -> bool:
    choices = wanted.values() if isinstance(wanted, dict) else wanted
    choices = (
        list(choices) if isinstance(choices, Iterable) and not isinstance(wanted, str) else [wanted]
    )
    values = value if isinstance(value, list) else [value]
    known = {comparable(choice) for choice in choices}
    return any(comparable(one) in known for one in values)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(value: Any, wanted: Any) -> bool:
        left, right = comparable(value), comparable(wanted)
        return left[0] == right[0] and test(left[1], right[1])

    return compare


def _between(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, list) or len(wanted) != 2:
        return False
    low, high = wanted
    return TESTS[">="](value, low) and TESTS["<="](value, high)


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _among,
    "@": _among,
    "!": lambda value, wanted: not _among(value, wanted),
    "!=": lambda value, wanted: not _among(value, wanted),
    "!@": lambda value, wanted: not _among(value, wanted),
    ">": _ordered(lambda left, right: left > right),
    "<": _ordered(lambda left, right: left < right),
    ">=": _ordered(lambda left, right: left >= right),
    "<=": _ordered(lambda left, right: left <= right),
    "><": _between,
    "%": lambda value, wanted: _like(value, f"%{wanted}%"),
    "!%": lambda value, wanted: not _like(value, f"%{wanted}%"),
    "=%": lambda value, wanted: _like(value, str(wanted)),
    "%=": lambda value, wanted: _like(value, str(wanted)),
    "!=%": lambda value, wanted: not _like(value, str(wanted)),
    "!%=": lambda value, wanted: not _like(value, str(wanted)),
}


def matches(row: Row, conditions: Mapping[str, Any]) -> bool:
    """Whether a row fulfils all conditions; nested maps may say `"logic": "OR"`."""
    verdicts: list[bool] = []
    for key, wanted in conditions.items():
        if key == "logic":
            continue
        if isinstance(wanted, dict) and (key.isdigit() or "logic" in wanted):
            verdicts.append(matches(row, wanted))
            continue
        prefix, name = split_prefix(key)
        verdicts.append(TESTS[prefix](row.get(name), wanted))
    if str(conditions.get("logic", "AND")).upper() == "OR":
        return any(verdicts) or not verdicts
    return all(verdicts)


def names_in(conditions: Mapping[str, Any]) -> Iterable[str]:
    """The field names a filter speaks of."""
    for key, wanted in conditions.items():
        if key == "logic":
            continue
        if isinstance(wanted, dict) and (key.isdigit() or "logic" in wanted):
            yield from names_in(wanted)
        else:
            yield split_prefix(key)[1]


def _by(name: str) -> Callable[[Row], Any]:
    return lambda row: comparable(row.get(name))


def ordered(rows: list[R], order: Mapping[str, Any]) -> list[R]:
    """The rows in the wanted order, the first key weighing most."""
    result = list(rows)
    for name, direction in reversed(list(order.items())):
        result.sort(key=_by(name), reverse=str(direction).upper() == "DESC")
    return result


def paged(rows: list[T], start: int, wrap: Callable[[list[T]], Any]) -> Answer:
    """One page of fifty. `start` is rounded down to whole pages; -1 switches counting off."""
    if start < 0:
        return Answer(wrap(rows[:PAGE]))
    first = start // PAGE * PAGE
    last = first + PAGE
    return Answer(
        wrap(rows[first:last]),
        total=len(rows),
        next=last if last < len(rows) else None,
    )
