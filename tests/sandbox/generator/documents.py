"""What can be done with a document: make it, make it anew, ask for its fields.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/index.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.sandbox.generator import checks, conversion, docx, numbering, overrides
from tests.sandbox.generator.access import may_read_entity, may_use_template
from tests.sandbox.generator.checks import PROVIDERS
from tests.sandbox.generator.errors import GeneratorError, access_denied
from tests.sandbox.generator.fields import NUMBER, TITLE, Fieldset, compute
from tests.sandbox.world import Document, DocumentTemplate, File, Portal, User

__all__ = [
    "DOCX",
    "PROVIDERS",
    "fields_of_document",
    "fields_of_template",
    "make",
    "may_read_entity",
    "may_use_template",
    "regenerate",
]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
VARIANTS = ("", "goods", "service")


def make(
    portal: Portal,
    template_id: int,
    entity_type_id: int,
    entity_id: str,
    user: User,
    values: dict[str, Any],
    fields: dict[str, Any],
    stamps_enabled: bool,
    now: datetime,
    *,
    creation_method: str = "rest",
    document_limit: int | None = None,
) -> Document:
    """Makes and stores a document; raises `GeneratorError`.

    The number is taken before anything else can fail and is lost if something then does.
    """
    template = portal.templates.get(template_id)
    if template is None:
        raise GeneratorError("Template not found")
    checks.check_make(portal, template, entity_type_id, entity_id, user, document_limit)
    sent = overrides.merged({}, values)
    number = numbering.number_for(
        portal, template, entity_type_id, entity_id, user, sent, now, spend=True
    )
    fieldset = compute(
        portal,
        template,
        entity_type_id,
        entity_id,
        user,
        sent,
        fields,
        number=number,
        created=now,
        now=now,
        stamps_enabled=stamps_enabled,
    )
    body = _filled(template, fieldset)
    title = str(sent.get(TITLE) or fieldset.title)
    document = Document(
        id=portal.next_id("document"),
        title=title,
        number=number,
        template_id=template.id,
        entity_type_id=entity_type_id,
        entity_id=str(entity_id),
        values=_values(template, fieldset, sent, stamps_enabled, creation_method),
        created_time=now,
        updated_time=now,
        created_by=user.id,
        stamps_enabled=stamps_enabled,
    )
    _store(portal, document, body)
    portal.documents[document.id] = document
    conversion.start(document, now)
    return document


def regenerate(
    portal: Portal,
    document: Document,
    user: User,
    values: dict[str, Any],
    stamps_enabled: bool,
    now: datetime,
) -> Document:
    """Makes the document's file anew with `values` merged into what is stored.

    Descriptions once sent as `fields` were not stored and are gone. Raises `GeneratorError`.
    """
    template = portal.templates.get(document.template_id)
    checks.check_reach(portal, document, template, user)
    if template is None:
        raise GeneratorError("Cant process document without template")
    if template.is_deleted:
        raise GeneratorError("Cant process document on deleted template")
    merged = _merged(document, values)
    fieldset = _of_document(portal, document, template, user, merged, now, stamps_enabled)
    body = _filled(template, fieldset)
    method = document.values.get("_creationMethod", "rest")
    document.number = str(merged.get(NUMBER, document.number))
    document.title = str(merged.get(TITLE, document.title))
    document.values = _values(template, fieldset, merged, stamps_enabled, method)
    document.stamps_enabled = stamps_enabled
    document.updated_by, document.updated_time = user.id, now
    for old in (document.file_id, document.pdf_id, document.image_id):
        portal.files.pop(old or 0, None)
    document.pdf_id = document.image_id = None
    _store(portal, document, body)
    conversion.start(document, now)
    return document


def fields_of_template(
    portal: Portal,
    template: DocumentTemplate,
    entity_type_id: int,
    entity_id: str,
    user: User,
    values: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """`templateFields` of template.getfields; the number is a preview.

    Without an `entity_id` the fields are empty. Raises `GeneratorError`.
    """
    if template.is_deleted:
        raise GeneratorError("Cannot get fields from deleted template")
    if entity_type_id not in PROVIDERS:
        raise GeneratorError("No provider for entityTypeId")
    named = str(entity_id) not in ("", "0")
    if named and not may_read_entity(portal, user, entity_type_id, entity_id):
        raise access_denied()
    sent = overrides.merged({}, values)
    number = numbering.number_for(
        portal, template, entity_type_id, entity_id, user, sent, now, spend=False
    )
    return compute(
        portal,
        template,
        entity_type_id,
        entity_id,
        user,
        sent,
        {},
        number=number,
        created=now,
        now=now,
        stamps_enabled=template.with_stamps,
    ).describe(for_document=False)


def fields_of_document(
    portal: Portal, document: Document, user: User, values: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """`documentFields` of document.getfields; `values` are tried on, not stored.

    An uploaded document has no template of its own and shows only its number and name. Raises
    `GeneratorError`.
    """
    checks.check_reach(portal, document, portal.templates.get(document.template_id), user)
    return fieldset_of(portal, document, user, now, values).describe(for_document=True)


def fieldset_of(
    portal: Portal,
    document: Document,
    user: User,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> Fieldset:
    """The fields of a stored document as `user` sees them; nothing is checked."""
    template = portal.templates.get(document.template_id)
    if template is None:
        template = DocumentTemplate(document.template_id, document.title, "", 0, b"")
    merged = _merged(document, values or {})
    stamps = document.stamps_enabled
    return _of_document(portal, document, template, user, merged, now, stamps)


def filled(portal: Portal, document: Document, user: User, now: datetime) -> bytes:
    """The file of a stored document, filled as `user` would see it; nothing is stored."""
    template = portal.templates[document.template_id]
    return _filled(template, fieldset_of(portal, document, user, now))


def _of_document(
    portal: Portal,
    document: Document,
    template: DocumentTemplate,
    user: User,
    merged: dict[str, Any],
    now: datetime,
    stamps_enabled: bool,
) -> Fieldset:
    return compute(
        portal,
        template,
        document.entity_type_id,
        document.entity_id,
        user,
        merged,
        {},
        number=document.number,
        created=document.created_time,
        now=now,
        stamps_enabled=stamps_enabled,
        title=document.title,
    )


def _merged(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    merged = overrides.merged(document.values, values)
    return {
        code: raw
        for code, raw in merged.items()
        if code not in overrides.SERVICE or (code == "productsTableVariant" and raw in VARIANTS)
    }


def _filled(template: DocumentTemplate, fieldset: Fieldset) -> bytes:
    for code in fieldset.empty_required():
        raise GeneratorError(f"No value for required placeholder {code}")
    return docx.fill(template.body, fieldset.texts())


def _values(
    template: DocumentTemplate,
    fieldset: Fieldset,
    sent: Mapping[str, Any],
    stamps_enabled: bool,
    creation_method: str,
) -> dict[str, Any]:
    """What is stored as `values`: the generator's own three keys and the overrides.

    A number that was sent is kept although it is by now the document's number.
    """
    variant = sent.get("productsTableVariant", template.products_table_variant)
    return {
        "productsTableVariant": variant if variant in VARIANTS else "",
        "_creationMethod": creation_method,
        "stampsEnabled": stamps_enabled,
        **fieldset.stored_overrides(),
        **({NUMBER: sent[NUMBER]} if NUMBER in sent else {}),
    }


def _store(portal: Portal, document: Document, body: bytes) -> None:
    document.file_id = portal.next_id("file")
    portal.files[document.file_id] = File(document.file_id, f"{document.title}.docx", DOCX, body)
