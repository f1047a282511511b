"""Tables an application brings along: a list of rows in `values`, described in `fields`.

https://apidocs.bitrix24.com/api-reference/document-generator/examples/document-table-complex.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.sandbox.generator.custom import mapping, number_cells, typed_field
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.field import Field
from tests.sandbox.generator.overrides import prepared
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import Text, Value

ARRAY_PROVIDER = "\\arraydataprovider"


def names(fields: Mapping[str, Any]) -> list[str]:
    """The fields that are lists of rows, in the order they are described in."""
    return [code for code, one in fields.items() if _provider(one).endswith(ARRAY_PROVIDER)]


def check(fields: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Refuses a provider that finds nothing to provide; raises `GeneratorError`."""
    lists = names(fields)
    for code, description in fields.items():
        provider = _provider(description)
        if provider and (code not in lists or not isinstance(values.get(code), list)):
            given = mapping(description).get("PROVIDER")
            raise GeneratorError(f"Cant resolve provider {given} for placeholder {code}")


def columns(
    fields: Mapping[str, Any], values: Mapping[str, Any], sources: Sources
) -> dict[str, Field]:
    """The columns of all lists by placeholder code; a column is a value like "Table.Item.Name"."""
    found: dict[str, Field] = {}
    for table in names(fields):
        rows = values.get(table)
        if not isinstance(rows, list):
            continue
        item = str(mapping(mapping(fields[table]).get("OPTIONS")).get("ITEM_NAME") or "ITEM")
        for code, chain in values.items():
            if isinstance(chain, str) and chain.startswith(f"{table}."):
                column = typed_field(chain, mapping(fields.get(code)))
                column.options = {"isArray": True}
                column.rows = _cells(rows, column, item, sources)
                found[code] = column
    return found


def _provider(description: Any) -> str:
    return str(mapping(description).get("PROVIDER") or "").lower()


def _cells(rows: list[Any], column: Field, item: str, sources: Sources) -> list[Value | None]:
    _, _, path = column.path.partition(".")
    if path == "INDEX":
        return number_cells(len(rows))
    name, _, key = path.partition(".")
    if name != item:
        # Where the chain does not meet ITEM_NAME the chain itself is printed.
        return [Text(column.path) for _ in rows]
    cells = [row.get(key) if isinstance(row, dict) else None for row in rows]
    return [
        prepared(cell, column, sources.portal, sources.locale, sources.currency) for cell in cells
    ]
