"""One field of a document: its description and its computed value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.sandbox.generator.grammar import code_of
from tests.sandbox.generator.values import Scalar, Value

ROOT = "Document"


@dataclass
class Field:
    path: str
    """Where providers find it: `MY_COMPANY.REQUISITE.RQ_VAT_ID`."""
    title: str
    group: tuple[str, ...]
    value: Value | None = None
    type: str = ""
    format: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    required: bool = False
    hide_row: bool = False
    source: str = "SOURCE"
    rows: Sequence[Value | None] | None = None
    """The values of a column, None for a field that is no column."""

    @property
    def code(self) -> str:
        return code_of(self.path)

    @property
    def chain(self) -> str:
        return f"this.{self.source}.{self.path}"

    @property
    def list_name(self) -> str:
        """The list a column belongs to ("PRODUCTS"), "" for other fields."""
        return "" if self.rows is None else self.path.partition(".")[0]

    def plain(self) -> Scalar:
        """What getfields shows; a column shows where its values come from, not the values."""
        if self.rows is not None:
            return self.path
        return None if self.value is None else self.value.plain()
