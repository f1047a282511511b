"""What is different between two versions: field by field, row by row, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

Part: TypeAlias = "tuple[str, str]"
"""A piece of a text: "same", "gone" or "new", and the piece."""
Content: TypeAlias = "Mapping[str, Any]"
"""What a snapshot holds: see `snapshots`."""
MOST_WORDS = 1500
"""Of one value: beyond that the whole of it is called changed, to be done in time."""
ALIKE = 0.35
"""Texts with less in common are shown whole: single equal words among changed ones mislead."""


@dataclass(frozen=True)
class Difference:
    """One field or one cell of a row. Both sides in pieces; no pieces where there was nothing."""

    title: str
    source: str
    before: list[Part]
    after: list[Part]

    @property
    def was(self) -> str:
        return "".join(text for _kind, text in self.before)

    @property
    def became(self) -> str:
        return "".join(text for _kind, text in self.after)


def between(old: Content, new: Content) -> list[Difference]:
    """All differences, fields in the newer version's order, then the rows of products."""
    return [*_fields(old, new), *_stamps(old, new), *_rows(old, new)]


def words(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Both texts in pieces; joined again they are the texts."""
    left, right = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if max(len(left), len(right)) > MOST_WORDS:
        return _whole(before, after)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    kept = sum(not piece.isspace() for m in matcher.get_matching_blocks()
               for piece in left[m.a : m.a + m.size])  # fmt: skip
    if kept < ALIKE * max(len(before.split()), len(after.split())):
        return _whole(before, after)
    gone: list[Part] = []
    came: list[Part] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        same = tag == "equal"
        _add(gone, "same" if same else "gone", "".join(left[a:b]))
        _add(came, "same" if same else "new", "".join(right[c:d]))
    return gone, came


def _whole(before: str, after: str) -> tuple[list[Part], list[Part]]:
    return [("gone", before)] if before else [], [("new", after)] if after else []


def _add(parts: list[Part], kind: str, text: str) -> None:
    if text:
        parts.append((kind, text))


def _difference(title: str, source: str, before: str, after: str) -> Difference:
    return Difference(title, source, *words(before, after))


def _fields(old: Content, new: Content) -> Iterator[Difference]:
    """Columns of rows have no value of their own; pictures are told apart by their address."""
    if old.get("fields") is None or new.get("fields") is None:
        return
    was = {field["code"]: field for field in old["fields"]}
    now = {field["code"]: field for field in new["fields"]}
    for code in dict.fromkeys([*now, *was]):
        field = now.get(code) or was[code]
        if field["control"] == "rows":
            continue
        before, after = _shown(was.get(code)), _shown(now.get(code))
        if before != after:
            if field["control"] == "picture":
                before, after = _picture(before), _picture(after, other=bool(before))
            yield _difference(field["title"], " › ".join(field["group"][1:]), before, after)


def _shown(field: Mapping[str, Any] | None) -> str:
    return ((field or {}).get("shown") or "").strip()


def _picture(address: str, *, other: bool = False) -> str:
    if not address:
        return _("no picture")
    return _("another picture") if other else _("a picture")


def _stamps(old: Content, new: Content) -> Iterator[Difference]:
    before, after = (bool(c.get("document", {}).get("stamps")) for c in (old, new))
    if before != after:
        yield _difference(_("Stamp and signature"), "", _on(before), _on(after))


def _on(state: bool) -> str:
    return _("on") if state else _("off")


def _rows(old: Content, new: Content) -> Iterator[Difference]:
    was, now = old.get("rows"), new.get("rows")
    if was is None or now is None:
        return
    left = dict(enumerate(was))
    for place, row in enumerate(now, 1):
        found = next((n for n, one in left.items() if one["id"] == row["id"]), None)
        if found is None:
            yield _difference(_("Row %(place)d is new") % {"place": place}, "", "", _line(row))
        else:
            yield from _cells(place, left.pop(found), row)
    for place, row in left.items():
        title = _("Row %(place)d is gone") % {"place": place + 1}
        yield _difference(title, "", _line(row), "")


def _cells(place: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    names = {
        "name": _("Row %(place)d, name"),
        "quantity": _("Row %(place)d, quantity"),
        "price": _("Row %(place)d, price"),
        "discount": _("Row %(place)d, discount"),
        "tax": _("Row %(place)d, tax rate"),
    }
    for key, title in names.items():
        before, after = _cell(was, key), _cell(now, key)
        if before != after:
            source = "" if key == "name" else now["name"]
            yield _difference(title % {"place": place}, source, before, after)


def _cell(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key) or ""
    if key == "quantity":
        return f"{value} {row.get('measure') or ''}".strip()
    return f"{value} %" if key == "tax" and value else value


def _line(row: Mapping[str, Any]) -> str:
    return f"{row['name']}, {_cell(row, 'quantity')} × {row.get('price') or ''}"
