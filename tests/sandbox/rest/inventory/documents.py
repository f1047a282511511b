"""`catalog.document.*`: making, changing, listing.

https://apidocs.bitrix24.com/api-reference/catalog/document/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog import access as rights
from tests.sandbox.catalog.records import CONDUCTED, TYPES, StoreDocument
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import generic
from tests.sandbox.rest.inventory import access
from tests.sandbox.rest.inventory.fields import (
    DOCUMENT,
    described,
    listed,
    require_fields,
    settable,
    told,
)


def add(call: Call) -> dict[str, Any]:
    access.require_use(call)
    sent = call.params.required_mapping("fields")
    require_fields(sent, DOCUMENT)
    doc_type = str(sent["docType"])
    if doc_type not in TYPES:
        raise generic("DOC_TYPE isn't available")
    if not rights.may(call.user, rights.MODIFY, doc_type):
        raise generic(access.NO_RIGHTS)
    document = _made(call, doc_type, sent)
    call.portal.inventory.documents[document.id] = document
    return {"document": described(call, document, DOCUMENT)}


def _made(call: Call, doc_type: str, sent: dict[str, Any]) -> StoreDocument:
    number = call.portal.next_id("store_document")
    known: dict[str, Any] = {
        "doc_type": doc_type,
        "title": f"{TYPES[doc_type]} #{number}",
        "doc_number": str(number),
        "created": call.now,
        "modified": call.now,
        "status_changed": call.now,
        "created_by": call.user.id,
        "modified_by": call.user.id,
    }
    given = settable(call, sent, DOCUMENT, new=True)
    if not call.user.is_admin:
        # Only administrators write under another's name.
        given.pop("created_by", None)
        given.pop("modified_by", None)
    given = {name: value for name, value in given.items() if value is not None}
    return StoreDocument(id=number, **(known | given))


def update(call: Call) -> dict[str, Any]:
    """Fields that cannot be changed are ignored."""
    access.require_use(call)
    document = access.the_document(call, rights.MODIFY)
    sent = call.params.required_mapping("fields")
    changes: dict[str, Any] = {"modified": call.now, "modified_by": call.user.id}
    given = settable(call, sent, DOCUMENT, new=False)
    if not call.user.is_admin:
        given.pop("modified_by", None)
    for name, value in (changes | given).items():
        setattr(document, name, value)
    return {"document": described(call, document, DOCUMENT)}


def document_list(call: Call) -> Answer:
    access.require_read(call)
    rows = [
        described(call, one, DOCUMENT)
        for one in call.portal.inventory.documents.values()
        if rights.may_see_document(call.portal, call.user, one)
    ]
    return listed(call, "documents", rows, DOCUMENT)


def get_fields(call: Call) -> dict[str, Any]:
    access.require_read(call)
    return {"document": told(DOCUMENT)}


def drop(call: Call, document: StoreDocument) -> None:
    """Takes a document away with its lines and suppliers."""
    inventory = call.portal.inventory
    del inventory.documents[document.id]
    for line in [one for one in inventory.elements.values() if one.doc_id == document.id]:
        del inventory.elements[line.id]
    for bound in [one for one in inventory.contractors.values() if one.document_id == document.id]:
        del inventory.contractors[bound.id]


def delete(call: Call) -> bool | None:
    """Null, and nothing done, for a conducted document: as documented."""
    access.require_use(call)
    document = access.the_document(call, rights.DELETE)
    if document.status == CONDUCTED:
        return None
    drop(call, document)
    return True


_SCOPES = ("catalog",)
METHODS = [
    Method("catalog.document.add", add, _SCOPES),
    Method("catalog.document.update", update, _SCOPES),
    Method("catalog.document.list", document_list, _SCOPES),
    Method("catalog.document.getFields", get_fields, _SCOPES),
    Method("catalog.document.delete", delete, _SCOPES),
]
