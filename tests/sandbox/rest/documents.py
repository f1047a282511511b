"""`crm.documentgenerator.document.*`.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/index.html
"""

from __future__ import annotations

import secrets
import string
from typing import Any

from tests.sandbox.generator import conversion, documents
from tests.sandbox.rest import document_list, rights, upload
from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.descriptions import document_answer, public_url
from tests.sandbox.rest.errors import (
    RestError,
    generic,
    missing,
    not_constructed,
    wrong_type,
)
from tests.sandbox.world import Document

EVENT = "ONCRMDOCUMENTGENERATORDOCUMENT"


def tell(call: Call, what: str, document: Document) -> None:
    """Sends ADD, UPDATE or DELETE."""
    fields = {
        "ID": document.id,
        "ENTITY_TYPE_ID": document.entity_type_id,
        "ENTITY_ID": document.entity_id,
    }
    call.state.emit(call.portal, EVENT + what, {"FIELDS": fields}, call.user.id)


def add(call: Call) -> dict[str, Any]:
    """Stamps are off unless asked for, whatever the template says."""
    if call.params.get("templateId") in (None, ""):
        raise not_constructed("Bitrix\\DocumentGenerator\\Template")
    template = rights.find_template(call, call.params["templateId"])
    if template is None:
        raise generic("Template not found")
    if call.params.get("entityTypeId") is None:
        raise missing("entityTypeId")
    if call.params.get("entityId") is None:
        raise missing("entityId")
    if isinstance(call.params["entityId"], dict | list):
        raise wrong_type("entityId", call.params["entityId"], "string")
    values, fields = call.params.mapping("values"), call.params.mapping("fields")
    _require_create(call)
    document = documents.make(
        call.portal,
        template.id,
        call.params.integer("entityTypeId"),
        str(call.params["entityId"]),
        call.user,
        values,
        fields,
        call.params.integer("stampsEnabled", 0) == 1,
        call.now,
        document_limit=call.state.options.document_limit,
    )
    call.state.settle(call.portal, document)
    tell(call, "ADD", document)
    answer = document_answer(call, document)
    return {"document": answer | {"id": document.id, "createdBy": document.created_by}}


def _require_create(call: Call) -> None:
    rights.require_view(call)
    if not (rights.rules(call) or call.user.documents_modify):
        raise generic("You do not have permissions to create document on this template")


def update(call: Call) -> dict[str, Any]:
    """Stamps are on unless told otherwise, whatever the document had."""
    document = rights.the_document(call, modify=True)
    documents.regenerate(
        call.portal,
        document,
        call.user,
        call.params.mapping("values"),
        call.params.integer("stampsEnabled", 1) == 1,
        call.now,
    )
    call.state.settle(call.portal, document)
    tell(call, "UPDATE", document)
    answer = document_answer(call, document)
    return {"document": answer | {"createdBy": None, "updatedBy": document.updated_by}}


def get(call: Call) -> dict[str, Any]:
    """Asks for the conversion again where PDF or picture is missing.

    Raises:
        RestError: the code of the conversion's failure, after a failed job.
    """
    document = rights.the_document(call)
    call.state.settle(call.portal, document)
    failure = conversion.retry(document, call.now)
    if failure is not None:
        raise RestError(str(failure[0]), failure[1])
    return {"document": document_answer(call, document)}


def get_fields(call: Call) -> dict[str, Any]:
    document = rights.the_document(call, modify=True)
    values = call.params.mapping("values")
    found = documents.fields_of_document(call.portal, document, call.user, values, call.now)
    return {"documentFields": found or []}


def enable_public_url(call: Call) -> dict[str, Any]:
    """Each switching-on after an off makes a new address."""
    document = rights.the_document(call, modify=True)
    if call.params.integer("status", 1) == 1:
        if not document.public_hash:
            letters = string.ascii_lowercase + string.digits
            document.public_hash = secrets.token_hex(16)
            document.public_short = "".join(secrets.choice(letters) for _ in range(5))
            document.public_viewed = None
    else:
        document.public_hash = document.public_short = document.public_viewed = None
    return {"publicUrl": public_url(call, document)}


def delete(call: Call) -> None:
    """The number is not given back."""
    document = rights.the_document(call, modify=True)
    tell(call, "DELETE", document)
    for file_id in (document.file_id, document.pdf_id, document.image_id):
        call.portal.files.pop(file_id or 0, None)
    del call.portal.documents[document.id]


def upload_document(call: Call) -> dict[str, Any]:
    rights.require_view(call)
    document = upload.upload(call)
    call.state.settle(call.portal, document)
    tell(call, "ADD", document)
    return {"document": document_answer(call, document)}


_PREFIX = "crm.documentgenerator.document."
_SCOPES = ("crm",)
METHODS = [
    Method(f"{_PREFIX}add", add, _SCOPES),
    Method(f"{_PREFIX}update", update, _SCOPES),
    Method(f"{_PREFIX}get", get, _SCOPES),
    Method(f"{_PREFIX}list", document_list.document_list, _SCOPES),
    Method(f"{_PREFIX}getfields", get_fields, _SCOPES),
    Method(f"{_PREFIX}enablepublicurl", enable_public_url, _SCOPES),
    Method(f"{_PREFIX}delete", delete, _SCOPES),
    Method(f"{_PREFIX}upload", upload_document, _SCOPES),
]
