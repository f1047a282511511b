"""How getfields writes a field down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.sources import TITLES, Option
from tests.sandbox.generator.values import Scalar


def describe_field(code: str, field: Field, default: Scalar, sent: Any) -> dict[str, Any]:
    """One entry; `sent` is the stored override of an existing document, shown as it was sent."""
    shown = field.plain() if sent is None else sent
    entry: dict[str, Any] = {
        "title": field.title,
        "value": "" if isinstance(shown, (dict, list, bool)) else shown,
    }
    if field.type:
        entry["type"] = field.type
    if field.format:
        entry["format"] = field.format
    if field.options:
        entry["options"] = field.options
    if field.required:
        entry["required"] = "Y"
    if field.hide_row:
        entry["hideRow"] = "Y"
    entry["group"] = list(field.group)
    entry["chain"] = [{}, "getTitle"] if code == "DocumentTitle" else field.chain
    entry["default"] = default
    return entry


def unknown(sent: Any) -> dict[str, Any]:
    """A placeholder no provider knows: no title, nothing but what was sent for it."""
    shown = sent if isinstance(sent, (str, int, float)) and not isinstance(sent, bool) else ""
    return {"value": shown, "default": ""}


def describe_select(path: str, options: Sequence[Option]) -> dict[str, Any]:
    """A choice among companies, contacts, details. Details come keyed by id, as in a portal."""
    keyed = path.endswith(("REQUISITE", "BANK_DETAIL"))
    value: Any = [
        {"value": str(one.id), "title": one.title, "selected": one.selected} for one in options
    ]
    if keyed:
        value = {
            str(one.id): {"value": one.id, "title": one.title, "selected": one.selected}
            for one in options
        }
    group = [ROOT, TITLES[path]]
    if path.startswith("MY_COMPANY."):
        group.insert(1, TITLES["MY_COMPANY"])
    return {"title": TITLES[path], "value": value, "group": group}
