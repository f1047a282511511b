"""Values of an answer, brought to one type each.

The same id is a number in one answer and a string in the next, an empty map comes as ``[]``, a flag
as ``"Y"``, ``1`` or ``true``. Everything that reads an answer reads through these functions; each
raises `UnexpectedAnswer` for what it cannot read.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from b24app.bitrix.errors import UnexpectedAnswer

_TRUE: Final = frozenset({"1", "y", "true"})
_FALSE: Final = frozenset({"0", "n", "false", ""})
_LONGEST_INT: Final = 20
_BIGGEST_INT: Final = 2**63 - 1
_LONGEST_AMOUNT: Final = 40
"""Digits: written out, 1e999999 would be a million."""


def as_int(value: object) -> int:
    """An int or a string of digits (one leading minus allowed), as int of 64 bits."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(value, str) and value.isascii() and len(value) <= _LONGEST_INT:
        digits = value.removeprefix("-")
        number = int(value) if digits.isdigit() else None
    if number is None or not -_BIGGEST_INT <= number <= _BIGGEST_INT:
        raise UnexpectedAnswer("a number was expected")
    return number


def as_id(value: object) -> int | None:
    """An id, or None where there is none: null, "", 0 and "0" all mean that."""
    if value is None or value == "":
        return None
    number = as_int(value)
    if number < 0:
        raise UnexpectedAnswer("an id was expected")
    return number or None


def as_key(value: object) -> int:
    """The id of something that must have one."""
    number = as_id(value)
    if number is None:
        raise UnexpectedAnswer("an id was expected")
    return number


def as_text(value: object) -> str:
    """A string; numbers become text, null becomes ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise UnexpectedAnswer("a text was expected")


def as_bool(value: object) -> bool:
    """``Y``/``N``, ``1``/``0``, ``true``/``false`` in any case, a blank or null as False."""
    if value is None or isinstance(value, bool):
        return bool(value)
    text = str(value).strip().lower() if isinstance(value, str | int) else None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise UnexpectedAnswer("a yes or no was expected")


def as_map(value: object) -> dict[str, Any]:
    """An object; PHP writes an empty one as ``[]``, and null means the same."""
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if value is None or value == []:
        return {}
    raise UnexpectedAnswer("an object was expected")


def as_list(value: object) -> list[Any]:
    """An array, or the values of an object keyed by number or id; null is empty."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        return list(value.values())
    if value is None:
        return []
    raise UnexpectedAnswer("an array was expected")


def as_moment(value: object) -> datetime:
    """An ISO 8601 time with its offset, as an aware datetime."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1900 < moment.year < 2200:
        raise UnexpectedAnswer("a time with its offset was expected")
    return moment


def as_moment_or_none(value: object) -> datetime | None:
    """A time, or None for null and ""."""
    return None if value in (None, "") else as_moment(value)


def as_money(value: object) -> Decimal:
    """An amount: number or string, as the exact decimal that was written."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and abs(amount.adjusted()) < _LONGEST_AMOUNT:
            return amount
    raise UnexpectedAnswer("an amount was expected")


def as_money_or_none(value: object) -> Decimal | None:
    """An amount, or None for null and ""."""
    return None if value in (None, "") else as_money(value)
