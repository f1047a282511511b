"""`catalog.document.element.*`: the lines of inventory documents.

https://apidocs.bitrix24.com/api-reference/catalog/document/document-element/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog import access as rights
from tests.sandbox.catalog.conducting import total_of
from tests.sandbox.catalog.records import DRAFT, StoreDocument, StoreDocumentElement
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import generic
from tests.sandbox.rest.inventory import access
from tests.sandbox.rest.inventory.fields import (
    ELEMENT,
    described,
    listed,
    require_fields,
    settable,
    told,
)


def _require(call: Call) -> None:
    if not rights.may_use(call.user):
        raise access.document_rights()


def _check(call: Call, document: StoreDocument | None, *stores: int | None) -> StoreDocument:
    """A draft whose lines the caller may change.

    Raises:
        RestError: ERROR_DOCUMENT_STATUS, ERROR_DOCUMENT_RIGHTS.
    """
    if document is None:
        raise access.document_status("Document not found")
    may = rights.may(call.user, rights.MODIFY, document.doc_type)
    if not may or not rights.may_see_stores(call.user, *stores):
        raise access.document_rights()
    if document.status != DRAFT:
        raise access.document_status("Conducted document")
    return document


def _line(call: Call) -> StoreDocumentElement:
    found = call.portal.inventory.elements.get(access.required_id(call))
    if found is None:
        raise access.document_status("Document not found")
    return found


def _document(call: Call, number: int) -> StoreDocument | None:
    return call.portal.inventory.documents.get(number)


def _count_anew(call: Call, document: StoreDocument) -> None:
    document.total = total_of(rights.elements_of(call.portal, document))


def add(call: Call) -> dict[str, Any]:
    _require(call)
    sent = call.params.required_mapping("fields")
    require_fields(sent, ELEMENT)
    given = settable(call, sent, ELEMENT, new=True)
    stores = given.get("store_from"), given.get("store_to")
    document = _check(call, _document(call, given["doc_id"]), *stores)
    if given["element_id"] not in call.portal.inventory.products:
        raise generic("Error of adding new document element")
    line = StoreDocumentElement(id=call.portal.next_id("store_element"), **given)
    call.portal.inventory.elements[line.id] = line
    _count_anew(call, document)
    return {"documentElement": described(call, line, ELEMENT)}


def update(call: Call) -> dict[str, Any]:
    """What is not sent stays; document and product cannot be changed."""
    _require(call)
    line = _line(call)
    given = settable(call, call.params.required_mapping("fields"), ELEMENT, new=False)
    stores = (*rights.stores_of(line), given.get("store_from"), given.get("store_to"))
    document = _check(call, _document(call, line.doc_id), *stores)
    for name, value in given.items():
        setattr(line, name, value)
    _count_anew(call, document)
    return {"documentElement": described(call, line, ELEMENT)}


def delete(call: Call) -> bool:
    _require(call)
    line = _line(call)
    document = _check(call, _document(call, line.doc_id), *rights.stores_of(line))
    del call.portal.inventory.elements[line.id]
    _count_anew(call, document)
    return True


def element_list(call: Call) -> Answer:
    """Lines of the types and warehouses the caller may see."""
    if not (rights.may_read(call.user) or rights.may_use(call.user)):
        raise access.document_rights()
    seen = rights.types_to_view(call.user)
    rows = [
        described(call, one, ELEMENT)
        for one in call.portal.inventory.elements.values()
        if call.portal.inventory.documents[one.doc_id].doc_type in seen
        and rights.may_see_stores(call.user, *rights.stores_of(one))
    ]
    return listed(call, "documentElements", rows, ELEMENT)


def get_fields(call: Call) -> dict[str, Any]:
    if not (rights.may_read(call.user) or rights.may_use(call.user)):
        raise access.document_rights()
    return {"documentElement": told(ELEMENT)}


_SCOPES = ("catalog",)
_PREFIX = "catalog.document.element."
METHODS = [
    Method(f"{_PREFIX}add", add, _SCOPES),
    Method(f"{_PREFIX}update", update, _SCOPES),
    Method(f"{_PREFIX}delete", delete, _SCOPES),
    Method(f"{_PREFIX}list", element_list, _SCOPES),
    Method(f"{_PREFIX}getFields", get_fields, _SCOPES),
]
