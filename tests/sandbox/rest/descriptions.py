"""Documents and templates as REST shows them, with all their ids that are texts here and
numbers there.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/index.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.rest.call import Call
from tests.sandbox.rest.crm_fields import moment
from tests.sandbox.rest.links import DOCUMENT, TEMPLATE, add_links
from tests.sandbox.world import Document, DocumentTemplate

NO_QR_CODE = "The template is missing a QR code"


def optional_text(value: int | None) -> str | None:
    return None if value is None else str(value)


def document_answer(call: Call, document: Document) -> dict[str, Any]:
    """The `document` object of get and upload; add and update change the type of some ids."""
    portal = call.portal
    entry: dict[str, Any] = {
        "id": str(document.id),
        "title": document.title,
        "number": document.number,
        "templateId": str(document.template_id),
        "createTime": moment(document.created_time, portal),
        "updateTime": moment(document.updated_time, portal),
        "createdBy": optional_text(document.created_by),
        "updatedBy": optional_text(document.updated_by),
        "stampsEnabled": document.stamps_enabled,
        "values": dict(document.values),
        "pullTag": f"TRANSFORMDOCUMENT{document.id}",
        "emailDiskFile": document.pdf_id or document.file_id,
        "entityId": document.entity_id,
        "entityTypeId": str(document.entity_type_id),
        "publicUrl": public_url(call, document),
        "isTransformationError": document.conversion_error is not None,
    }
    if document.conversion_error is not None:
        code, message = document.conversion_error
        entry |= {"transformationErrorCode": code, "transformationErrorMessage": message}
    if document.public_hash:
        entry["publicUrlView"] = {"time": moment(document.public_viewed, portal)}
    _add_file_links(entry, call, document)
    return entry | _computed(call, document)


def public_url(call: Call, document: Document) -> str | None:
    return f"{call.portal.origin}/~{document.public_short}" if document.public_hash else None


def _add_file_links(entry: dict[str, Any], call: Call, document: Document) -> None:
    """PDF and picture only once they are there."""
    files = [("downloadUrl", "download", document.file_id), ("pdfUrl", "getPdf", document.pdf_id)]
    for key, action, file_id in [*files, ("imageUrl", "getImage", document.image_id)]:
        if file_id is not None:
            add_links(entry, key, call, DOCUMENT + action, document.id, document.updated_time)


def _computed(call: Call, document: Document) -> dict[str, Any]:
    """What follows from template and deal: stamps, QR code, products."""
    can_change, reason, url, products = False, "", "", None
    qr_can_change, qr_on, qr_reason = False, False, NO_QR_CODE
    try:
        fieldset = documents.fieldset_of(call.portal, document, call.user, call.now)
        can_change, reason, url = fieldset.stamps()
        products = fieldset.products()
        qr_can_change, qr_on, qr_reason = fieldset.qr_code()
    except GeneratorError as error:
        reason = error.message
    entry: dict[str, Any] = {
        "changeStampsEnabled": can_change,
        "changeQrCodeEnabled": qr_can_change,
        "qrCodeEnabled": qr_on,
    }
    if not qr_can_change:
        entry["changeQrCodeDisabledReason"] = qr_reason
    if not can_change:
        entry["changeStampsDisabledReason"] = reason
        if url:
            entry["myCompanyEditUrl"] = url
    return entry | ({"products": products} if products is not None else {})


def document_row(call: Call, document: Document) -> dict[str, Any]:
    """A document in a list: every id a text, and links to files that may not exist yet."""
    portal = call.portal
    values = {
        name: value
        for name, value in document.values.items()
        if not (name == "productsTableVariant" and value == "")
    }
    return {
        "id": str(document.id),
        "title": document.title,
        "number": document.number,
        "templateId": str(document.template_id),
        "fileId": optional_text(document.file_id),
        "imageId": optional_text(document.image_id),
        "pdfId": optional_text(document.pdf_id),
        "createTime": moment(document.created_time, portal),
        "updateTime": moment(document.updated_time, portal),
        "values": values or [],
        "createdBy": optional_text(document.created_by),
        "updatedBy": optional_text(document.updated_by),
        "stampsEnabled": document.stamps_enabled,
        "entityId": document.entity_id,
        "entityTypeId": str(document.entity_type_id),
    }


def add_row_links(entry: dict[str, Any], call: Call, document: Document) -> dict[str, Any]:
    for key, action in (
        ("downloadUrl", "download"),
        ("pdfUrl", "getPdf"),
        ("imageUrl", "getImage"),
    ):
        add_links(entry, key, call, DOCUMENT + action, document.id, document.updated_time)
    return entry


def _template_common(call: Call, template: DocumentTemplate) -> dict[str, Any]:
    return {
        "id": str(template.id),
        "name": template.name,
        "region": template.region,
        "code": template.code,
        "active": "Y" if template.active else "N",
        "moduleId": "crm",
        "numeratorId": str(template.numerator_id),
        "withStamps": "Y" if template.with_stamps else "N",
        "isDeleted": "Y" if template.is_deleted else "N",
        "sort": str(template.sort),
        "createTime": moment(template.created_time, call.portal),
        "updateTime": moment(template.updated_time, call.portal),
    }


def add_template_link(
    entry: dict[str, Any], call: Call, template: DocumentTemplate
) -> dict[str, Any]:
    changed: datetime = template.updated_time or call.now
    add_links(entry, "download", call, f"{TEMPLATE}download", template.id, changed)
    return entry


def template_answer(call: Call, template: DocumentTemplate) -> dict[str, Any]:
    """The `template` object of add, update and get: `users` is an object here."""
    entry = _template_common(call, template) | {
        "users": {code: code for code in template.users} or [],
        "entityTypeId": list(template.entity_type_ids),
    }
    return add_template_link(entry, call, template)


def template_row(call: Call, template: DocumentTemplate) -> dict[str, Any]:
    """A template in a list: `users` is an array here; without bindings there is no key."""
    entry = _template_common(call, template) | {
        "productsTableVariant": template.products_table_variant,
        "isDefault": "N",
        "createdBy": str(template.created_by),
        "updatedBy": optional_text(template.updated_by),
        "users": list(template.users),
    }
    if template.entity_type_ids:
        entry["entityTypeId"] = list(template.entity_type_ids)
    return entry
