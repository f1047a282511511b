"""Dates in the portal's pattern (PHP letters) and amounts as people write them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

_LETTERS = {
    "d": "%d", "j": "%d", "m": "%m", "n": "%m", "Y": "%Y", "y": "%y",
    "H": "%H", "G": "%H", "h": "%I", "g": "%I", "i": "%M", "s": "%S", "A": "%p", "a": "%p",
    "F": "%B", "M": "%b",
}  # fmt: skip
_BLANKS = re.compile(r"[\s'’]|&nbsp;")
_AMOUNT = re.compile(r"(?P<before>[^0-9+-]*)(?P<sign>[+-]?)(?P<digits>[0-9][0-9.,]*)(?P<after>\D*)")
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<part>[0-9]+))?"
)
_BARE = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))?")
_CURRENCY = re.compile(r"[^0-9+.,-]+[.]?")
_SIGNS = {
    "EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "UAH": "₴", "PLN": ("zł",), "CHF": ("Fr.",),
}  # fmt: skip


def read_date(text: str, pattern: str) -> datetime | None:
    """The moment that `text` says in a PHP date pattern, or in ISO 8601; None when neither."""
    text = text.strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, _strptime(pattern))  # noqa: DTZ007 - a day has no zone
    except (ValueError, re.error):
        return None


def write_iso(moment: datetime, pattern: str) -> str:
    """How a date goes to the portal: a day, or a moment when the pattern shows a time."""
    if any(letter in pattern for letter in "HGhgi"):
        return moment.isoformat(timespec="seconds")
    return moment.date().isoformat()


def show_date(moment: datetime, pattern: str) -> str:
    """The moment in a PHP date pattern."""
    return moment.strftime(_strptime(pattern))


def example(pattern: str) -> str:
    """A day in the pattern, to show what to type."""
    return show_date(datetime(2026, 5, 12), pattern)  # noqa: DTZ001 - a day has no zone


def _strptime(pattern: str) -> str:
    return "".join(_LETTERS.get(char, char.replace("%", "%%")) for char in pattern or "d.m.Y")


def read_amount(text: str, like: str = "") -> Decimal | None:
    """The amount in "1,234.50", "1.234,50 €", "EUR 1 234.5"; None when there is none.

    `like` holds the currency of the field, by code or as it was shown ("EUR", "1.200,00 €"): what
    stands beside the digits has to be that currency, or nothing. One comma or point before exactly
    three digits parts thousands, unless a 0 stands before it.
    """
    bare = _BLANKS.sub("", text)
    match = _AMOUNT.fullmatch(bare)
    if match is None or not {match["before"], match["after"]} - {""} <= _currency(like):
        return None
    digits = _plain(match["digits"])
    return Decimal(f"{match['sign']}{digits}") if digits else None


def _currency(like: str) -> set[str]:
    """The ways in which the currency named in `like` may be written."""
    named = set(_CURRENCY.findall(_BLANKS.sub("", like)))
    return named | {sign for code in named for sign in _SIGNS.get(code, ())}


def _plain(digits: str) -> str:
    """Digits with at most a decimal point; "" where the separators make no number."""
    match = _GROUPED.fullmatch(digits) or _BARE.fullmatch(digits)
    if match is None:
        return ""
    whole = match["whole"].replace(",", "").replace(".", "")
    return f"{whole}.{match['part']}" if match["part"] else whole
