"""Numbers of ticked rows, as a form sends them."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 18
"""Digits: more do not fit into a column."""


def numbers(typed: Iterable[str], most: int) -> list[int]:
    """Each once, at most so many; what is no number is left out."""
    found = [one for one in map(number, typed) if one]
    return list(dict.fromkeys(found))[:most]


def number(typed: str) -> int:
    """0 for what is no number."""
    fits = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST
    return int(typed) if fits else 0
