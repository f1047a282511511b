"""The fields of one document: what they are called, what they hold, what is printed.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/crm-document-generator-document-get-fields.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.sandbox.generator import custom, docx, qr, sources, tables
from tests.sandbox.generator.field import Field
from tests.sandbox.generator.fieldset import NUMBER, TITLE, Fieldset
from tests.sandbox.generator.grammar import is_block_mark
from tests.sandbox.generator.providers import document, subject
from tests.sandbox.world import DocumentTemplate, Portal, User

__all__ = ["NUMBER", "TITLE", "Fieldset", "compute"]


def compute(
    portal: Portal,
    template: DocumentTemplate,
    entity_type_id: int,
    entity_id: str,
    reader: User,
    values: dict[str, Any],
    fields: dict[str, Any],
    *,
    number: str,
    created: datetime,
    now: datetime,
    stamps_enabled: bool,
    title: str | None = None,
) -> Fieldset:
    """The fields of a document of `template` for one CRM object, as `reader` sees it.

    `number` and `title` are those of the document, or what they would be; without a title it is
    made of the template's name and the number. `values` are overrides and choices, `fields` the
    caller's own descriptions. Raises `GeneratorError` for a described list without rows.
    """
    found = sources.find(portal, template, entity_type_id, entity_id, reader, values)
    found.now = now
    name = f"{template.name} {number}".rstrip() if title is None else title
    used = [code for code in docx.placeholders(template.body) if not is_block_mark(code)]
    code = qr.payment_code(found) if qr.CODE in used else None
    computed = _by_code(
        [
            *document.fields(number, name, created, found.locale, code),
            *subject.fields(found),
        ]
    )
    tables.check(fields, values)
    computed = custom.described(computed, fields, found)
    columns = tables.columns(fields, values, found)
    lists = tables.names(fields)
    return Fieldset(used, found, computed | columns, values, stamps_enabled, name, lists)


def _by_code(fields: Iterable[Field]) -> dict[str, Field]:
    return {field.code: field for field in fields}
