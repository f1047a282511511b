"""`catalog.documentcontractor.*`: the suppliers of receipts.

https://apidocs.bitrix24.com/api-reference/catalog/documentcontractor/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog import access as rights
from tests.sandbox.catalog.records import (
    CONDUCTED,
    RECEIPT,
    VENDOR_CATEGORIES,
    Contractor,
    StoreDocument,
)
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import generic
from tests.sandbox.rest.inventory import access
from tests.sandbox.rest.inventory.fields import (
    CONTRACTOR,
    described,
    listed,
    require_fields,
    settable,
    told,
)
from tests.sandbox.world import COMPANY, CONTACT


def _require(call: Call, action: str) -> None:
    if not (rights.may_use(call.user) and rights.may(call.user, action, RECEIPT)):
        raise generic("Access denied")


def _check_open(document: StoreDocument) -> None:
    if document.status == CONDUCTED:
        raise generic("Unable to edit conducted document")


def add(call: Call) -> dict[str, Any]:
    """The supplier must be of the category of suppliers."""
    sent = call.params.required_mapping("fields")
    require_fields(sent, CONTRACTOR)
    _require(call, rights.MODIFY)
    given = settable(call, sent, CONTRACTOR, new=True)
    document = call.portal.inventory.documents.get(given["document_id"])
    if document is None:
        raise generic("Store document was not found")
    if document.doc_type != RECEIPT:
        raise generic("Type of store document is wrong")
    _check_open(document)
    _check_entity(call, given["entity_type_id"], given["entity_id"])
    _check_others(call, given)
    bound = Contractor(id=call.portal.next_id("store_contractor"), **given)
    call.portal.inventory.contractors[bound.id] = bound
    return {"documentContractor": described(call, bound, CONTRACTOR)}


def _check_entity(call: Call, entity_type_id: int, entity_id: int) -> None:
    if entity_type_id not in (CONTACT, COMPANY):
        raise generic("Wrong entity type id")
    known = call.portal.companies if entity_type_id == COMPANY else call.portal.contacts
    record = known.get(entity_id)
    if record is None or record.more.get("categoryId") != VENDOR_CATEGORIES[entity_type_id]:
        raise generic("Wrong entity id")


def _check_others(call: Call, given: dict[str, Any]) -> None:
    for one in call.portal.inventory.contractors.values():
        if one.document_id != given["document_id"]:
            continue
        kind = one.entity_type_id, one.entity_id
        if kind == (given["entity_type_id"], given["entity_id"]):
            raise generic("This contractor has been already bound to this document")
        if one.entity_type_id == given["entity_type_id"] == COMPANY:
            raise generic("This document already has a Company contractor")


def delete(call: Call) -> bool:
    number = access.required_id(call)
    _require(call, rights.MODIFY)
    bound = call.portal.inventory.contractors.get(number)
    if bound is None:
        raise generic("Binding was not found")
    _check_open(call.portal.inventory.documents[bound.document_id])
    del call.portal.inventory.contractors[bound.id]
    return True


def contractor_list(call: Call) -> Answer:
    """The key of the answer is in the singular, as documented."""
    _require(call, rights.VIEW)
    rows = [described(call, one, CONTRACTOR) for one in call.portal.inventory.contractors.values()]
    return listed(call, "documentContractor", rows, CONTRACTOR)


def get_fields(call: Call) -> dict[str, Any]:
    _require(call, rights.VIEW)
    return {"documentContractor": told(CONTRACTOR)}


_SCOPES = ("catalog",)
_PREFIX = "catalog.documentcontractor."
METHODS = [
    Method(f"{_PREFIX}add", add, _SCOPES),
    Method(f"{_PREFIX}delete", delete, _SCOPES),
    Method(f"{_PREFIX}list", contractor_list, _SCOPES),
    Method(f"{_PREFIX}getFields", get_fields, _SCOPES),
]
