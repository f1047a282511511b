"""Rights and plan, as the methods of inventory management check them.

https://apidocs.bitrix24.com/api-reference/catalog/document/index.html
"""

from __future__ import annotations

from tests.sandbox.catalog import access
from tests.sandbox.catalog.records import StoreDocument
from tests.sandbox.rest.call import Call
from tests.sandbox.rest.errors import RestError, generic, missing

NO_RIGHTS = "Insufficient permissions to save the document"
NO_STORES = (
    "Failed to complete the action as you do not have sufficient rights to view and select "
    "warehouses"
)
NOT_FOUND = "Document not found"
NO_READING = 200040300010
"""The catalog's code, a number, for "Access Denied" when reading."""


def require_read(call: Call) -> None:
    if not (access.may_read(call.user) or access.may_use(call.user)):
        raise generic(NO_RIGHTS)


def require_use(call: Call) -> None:
    """For every change: reading, the section, the plan."""
    if not call.state.options.inventory_on_plan and not call.portal.on_premises:
        raise generic("Inventory accounting is not available on your plan")
    require_read(call)
    if not access.may_use(call.user):
        raise generic(NO_STORES)


def require_enabled(call: Call) -> None:
    if not call.portal.inventory.enabled:
        raise generic("Inventory accounting must be enabled to conduct the document")


def required_id(call: Call) -> int:
    if call.params.get("id") in (None, ""):
        raise missing("id")
    return call.params.integer("id")


def the_document(call: Call, action: str) -> StoreDocument:
    """The document a call is about, where the caller may do this with it.

    An unknown id is told to administrators only; others may not do anything with it.

    Raises:
        RestError: 100 without an id, "0" otherwise.
    """
    document = call.portal.inventory.documents.get(required_id(call))
    if document is None:
        raise generic(NOT_FOUND if call.user.is_admin else NO_RIGHTS)
    check(call, document, action)
    return document


def check(call: Call, document: StoreDocument, action: str) -> None:
    """Raises:
    RestError: "0", no right to the type or to a warehouse of the document.
    """
    if not access.may(call.user, action, document.doc_type):
        raise generic(NO_RIGHTS)
    for line in access.elements_of(call.portal, document):
        if not access.may_see_stores(call.user, *access.stores_of(line)):
            raise generic(NO_STORES)


def document_rights() -> RestError:
    return RestError("ERROR_DOCUMENT_RIGHTS", "Access denied")


def document_status(text: str) -> RestError:
    return RestError("ERROR_DOCUMENT_STATUS", text)
