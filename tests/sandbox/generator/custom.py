"""Fields an application describes itself, with the parameter `fields` of document.add.

https://apidocs.bitrix24.com/api-reference/document-generator/examples/document-table-data.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.overrides import prepared
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import (
    DATE,
    IMAGE,
    MONEY,
    NAME,
    PHONE,
    STAMP,
    TAX_RATE,
    TEXT,
    Text,
    Value,
)

IGNORED = ("SOURCE", "DOCUMENT")
TYPES = (TEXT, DATE, NAME, IMAGE, STAMP, PHONE, MONEY, TAX_RATE)


def described(
    known: Mapping[str, Field], fields: Mapping[str, Any], sources: Sources
) -> dict[str, Field]:
    """The known fields, and in place of some the application's own.

    A description stands for the whole field: what it does not say is gone, the value included.
    """
    result = dict(known)
    for code, description in fields.items():
        if isinstance(description, dict) and code not in IGNORED and "PROVIDER" not in description:
            result[code] = _described(code, description, known, sources)
    return result


def _described(
    code: str, description: dict[str, Any], known: Mapping[str, Field], sources: Sources
) -> Field:
    field = typed_field(code, description)
    if "VALUE" in description:
        field.value = _value(description["VALUE"], field, known.values(), sources)
    return field


def typed_field(path: str, description: Mapping[str, Any]) -> Field:
    """A field as described, still without a value."""
    kind = description.get("TYPE")
    return Field(
        path,
        str(description.get("TITLE", "")),
        _group(description.get("GROUP")) or (ROOT,),
        type=str(kind) if kind in TYPES else "",
        format=mapping(description.get("FORMAT")),
        options=mapping(description.get("OPTIONS")),
        required=description.get("REQUIRED") == "Y",
        hide_row=description.get("HIDE_ROW") == "Y",
        source="",
    )


def _value(raw: Any, field: Field, known: Iterable[Field], sources: Sources) -> Value | None:
    chained = chained_field(raw, known)
    if chained is not None:
        return chained.value
    return prepared(raw, field, sources.portal, sources.locale, sources.currency)


def chained_field(raw: Any, known: Iterable[Field]) -> Field | None:
    """The field a value such as "this.SOURCE.TITLE" speaks of."""
    if not isinstance(raw, str) or not raw.startswith("this."):
        return None
    return next((one for one in known if raw == one.chain), None)


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _group(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def number_cells(count: int) -> list[Value | None]:
    return [Text(position) for position in range(1, count + 1)]
