"""Which modifiers are documented, and for which kinds of fields."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from b24app.docx.grammar import parts_of

_LISTS: Final = frozenset({"index", "all"})
_MANY: Final = frozenset({"mfirst", "mseparator"})
_TEXT: Final = frozenset({"letterCase"})
_OF_KIND: Final[dict[str, frozenset[str]]] = {
    "name": frozenset({"Format", "Case"}),
    "money": frozenset({"WZ", "NS", "W", "CurId"}),
    "address": frozenset({"Separator", "Format", "ShowType"}),
    "taxrate": frozenset({"WP"}),
    "text": frozenset(),
    "": frozenset(),
}
"""By what `DocumentField.type` calls them; dates have patterns instead."""
EVERY: Final = frozenset[str]().union(_LISTS, _MANY, _TEXT, *_OF_KIND.values(), {"format"})
_DATE_LETTER: Final = re.compile(r"[dDjlNSwzWFmMntLoYyaABgGhHisuveIOPTcrU]")
_CASES: Final = frozenset({"lower", "upper", "title"})


class Doubt(StrEnum):
    """What is the matter with a modifier."""

    NO_SUCH = "no_such"
    OTHER_KIND = "other_kind"
    """It exists, but not for a field like this: Bitrix24 leaves it out of account."""
    UNSURE = "unsure"
    """No document says what it does there."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """``name``: of the modifier; ``nearest``: the documented one that looks like it, or ""."""

    doubt: Doubt
    name: str
    nearest: str = ""


def judge(modifier: str, kind: str | None) -> Doubtful | None:
    """The first thing that is wrong with a modifier; None where nothing is.

    ``kind``: as in `DocumentField.type`, None for a field of which nothing is known.
    """
    parts = parts_of(modifier)
    own = [(name, value) for name, value in parts if name not in _LISTS | _MANY]
    if kind == "date" or (kind is None and not any(value is not None for _, value in own)):
        return _date(modifier, own, kind)
    return next(filter(None, (_one(name, value, kind) for name, value in own)), None)


def _date(modifier: str, own: list[tuple[str, str | None]], kind: str | None) -> Doubtful | None:
    """A pattern, bare or after ``format=``. Without a kind, a bare word may be one as well."""
    for name, value in own:
        if value is not None and name != "format":
            return _misplaced(name)
    if own and not _DATE_LETTER.search(modifier):
        return Doubtful(Doubt.NO_SUCH if kind else Doubt.UNSURE, own[0][0])
    return None


def _one(name: str, value: str | None, kind: str | None) -> Doubtful | None:
    if name not in EVERY:
        return _unheard_of(name)
    if name == "letterCase":
        known = value in _CASES or value is None
        return None if known else Doubtful(Doubt.NO_SUCH, f"{name}={value}", "letterCase=upper")
    if kind is None:
        return None
    if kind not in _OF_KIND:
        return Doubtful(Doubt.UNSURE, name)
    return None if name in _OF_KIND[kind] else Doubtful(Doubt.OTHER_KIND, name)


def _misplaced(name: str) -> Doubtful:
    return Doubtful(Doubt.OTHER_KIND, name) if name in EVERY else _unheard_of(name)


def _unheard_of(name: str) -> Doubtful:
    """Written with other capitals it may well work: no document says that they matter."""
    alike = {known.lower(): known for known in EVERY}
    if name.lower() in alike:
        return Doubtful(Doubt.UNSURE, name, alike[name.lower()])
    near = get_close_matches(name.lower(), alike, n=1, cutoff=0.6)
    return Doubtful(Doubt.NO_SUCH, name, alike[near[0]] if near else "")
