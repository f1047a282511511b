"""What a version is made of, as data to be kept: see `snapshots` for its shape."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from b24app.bitrix.crm import ProductRow
from b24app.bitrix.documentgenerator import DocumentField, ListedDocument
from b24app.bitrix.protocol import Page
from b24app.documents import fields
from b24app.documents.fields import FormField

METHOD = "_creationMethod"
PICTURE = "picture"


def of(
    document: ListedDocument,
    found: Iterable[DocumentField] | None,
    rows: Page[ProductRow] | None,
) -> dict[str, Any]:
    """The content of a snapshot. None: Bitrix24 did not tell that part."""
    return {
        "document": {
            "title": document.title,
            "number": document.number,
            "template_id": document.template_id,
            "stamps": document.stamps_enabled,
            "create_time": document.create_time.isoformat(),
            "method": str(document.values.get(METHOD) or ""),
        },
        "fields": None if found is None else _fields([f for f in found if f.code]),
        "rows": None if rows is None else of_rows(rows),
    }


def _fields(found: list[DocumentField]) -> list[dict[str, Any]]:
    shown = fields.build(found)
    return [_field(one, form) for one, form in zip(found, shown, strict=True)]


def _field(found: DocumentField, form: FormField) -> dict[str, Any]:
    picture = form.control == PICTURE
    return {
        "code": found.code,
        "title": form.title,
        "group": list(found.group),
        "control": form.control,
        "value": _address(found.value) if picture else found.value,
        "default": _address(found.default) if picture else found.default,
        "shown": _address(form.value) if picture else _shown(found, form),
    }


def _shown(found: DocumentField, form: FormField) -> str | None:
    """A choice by its name; a column has no value of its own."""
    if form.control == "rows":
        return None
    chosen = [choice.title for choice in found.choices if choice.selected]
    return (chosen or [form.value])[0]


def _address(value: str | None) -> str | None:
    """A picture's address without what follows the "?": that may be a key, or differ each time."""
    return value.partition("?")[0] if value else value


def of_rows(rows: Page[ProductRow]) -> list[dict[str, Any]]:
    """Product rows as a snapshot keeps them."""
    return [_row(row) for row in rows.items]


def _row(row: ProductRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.product_name,
        "quantity": _number(row.quantity),
        "measure": row.measure_name,
        "price": _number(row.price),
        "discount": _number(row.discount_sum),
        "tax": _number(row.tax_rate),
    }


def _number(value: Decimal | None) -> str | None:
    """Written out, without zeros at its end: 150, 0.5."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
