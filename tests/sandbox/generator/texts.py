"""What is printed: the answers a .docx being filled asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.sandbox.generator.field import Field
from tests.sandbox.generator.grammar import code_of, modifiers
from tests.sandbox.generator.ids import DIGITS
from tests.sandbox.generator.values import IMAGE, STAMP, Multiple, Picture, Text, Value


@dataclass(frozen=True)
class Texts:
    """The fields of one document by code, ready to print."""

    fields: Mapping[str, Field]
    stamps_enabled: bool = False

    def text(self, code: str, modifier: str = "", row: int | None = None) -> str:
        """The text for `{code~modifier}`; "" for what nobody knows.

        A column prints its value of `row`, outside a repeated row that of its first; `index=N`
        and `all` ask for another one or for all of them.
        """
        field = self.fields.get(code)
        if field is None:
            return ""
        if field.rows is None:
            return _print(field.value, modifier)
        given = modifiers(modifier)
        if "all" in given:
            return _all(field.rows, modifier)
        if DIGITS.fullmatch(given.get("index", "")):
            row = int(given["index"])
            modifier = ",".join(part for part in modifier.split(",") if not _is_index(part))
        row = row or 0
        return _print(field.rows[row], modifier) if row < len(field.rows) else ""

    def list_of(self, code: str, modifier: str = "") -> str:
        """The list that repeats the row this placeholder stands in, "" for none."""
        field = self.fields.get(code)
        given = modifiers(modifier)
        if field is None or "all" in given or "index" in given:
            return ""
        return field.list_name

    def lists(self) -> dict[str, int]:
        """The lists, in their order, and how many rows each has."""
        return {
            field.list_name: len(field.rows)
            for field in self.fields.values()
            if field.rows is not None
        }

    def is_list(self, list_name: str, mark: str) -> bool:
        """Whether a block mark's name (`Products` of `{Products.BLOCK_START}`) means this list."""
        return mark in (list_name, code_of(list_name))

    def is_picture(self, code: str) -> bool:
        field = self.fields.get(code)
        return field is not None and field.type in (IMAGE, STAMP)

    def picture(self, code: str, row: int | None = None) -> bytes | None:
        """The picture's bytes; None where it is missing or a stamp that is switched off."""
        field = self.fields.get(code)
        if field is None or (field.type == STAMP and not self.stamps_enabled):
            return None
        value = field.value
        if field.rows is not None:
            value = field.rows[row] if row is not None and row < len(field.rows) else None
        return value.body or None if isinstance(value, Picture) else None

    def hides_row(self, code: str, row: int | None = None) -> bool:
        """Whether a table row with this placeholder goes away because it is empty."""
        field = self.fields.get(code)
        return field is not None and field.hide_row and not self.text(code, row=row).strip()


def _all(rows: Sequence[Value | None], modifier: str) -> str:
    """All rows in one text: what stands before `all` says how, what follows how each looks."""
    outer, _, inner = modifier.partition("all")
    inner = inner.removeprefix("=y").removeprefix("=Y").strip(",")
    texts = (Text(_print(one, inner)) for one in rows)
    return Multiple(tuple(one for one in texts if one.content)).text(outer)


def _is_index(part: str) -> bool:
    return part.strip().startswith("index=")


def _print(value: Value | None, modifier: str) -> str:
    return "" if value is None else value.text(modifier)
