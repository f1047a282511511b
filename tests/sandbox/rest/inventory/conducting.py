"""`catalog.document.*`: conducting, cancelling, and what takes many at once.

https://apidocs.bitrix24.com/api-reference/catalog/document/catalog-document-conduct.html and its
neighbours
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sandbox.catalog import access as rights
from tests.sandbox.catalog import conducting
from tests.sandbox.catalog.errors import InventoryError
from tests.sandbox.catalog.records import CONDUCTED, StoreDocument
from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.errors import RestError, generic, missing, wrong_type
from tests.sandbox.rest.inventory import access, documents
from tests.sandbox.rest.params import php_int


def _conduct(call: Call, document: StoreDocument) -> None:
    conducting.conduct(call.portal.inventory, document, call.user.id, call.now)


def _cancel(call: Call, document: StoreDocument) -> None:
    conducting.cancel(call.portal.inventory, document, call.user.id, call.now)


def conduct(call: Call) -> bool:
    access.require_use(call)
    document = access.the_document(call, rights.CONDUCT)
    access.require_enabled(call)
    try:
        _conduct(call, document)
    except InventoryError as error:
        raise generic(f"Document conducting error: {error}") from error
    return True


def cancel(call: Call) -> bool:
    """An unknown id comes as a missing right, for administrators too."""
    access.require_use(call)
    if access.required_id(call) not in call.portal.inventory.documents:
        raise generic(access.NO_RIGHTS)
    document = access.the_document(call, rights.CANCEL)
    try:
        _cancel(call, document)
    except InventoryError as error:
        raise generic(f"Error cancelling document conduct: {error}") from error
    return True


def _ids(call: Call) -> list[int]:
    sent: Any = call.params.get("documentIds")
    if sent is None:
        raise missing("documentIds")
    if not isinstance(sent, list | dict):
        raise wrong_type("documentIds", sent, "array")
    return [php_int(one) for one in (sent.values() if isinstance(sent, dict) else sent)]


def _each(
    call: Call,
    action: str,
    work: Callable[[StoreDocument], None],
    described: Callable[[int, StoreDocument | None, str], str],
) -> bool:
    """Does it to every document; what worked stays done, the first failure is told."""
    failures: list[str] = []
    for number in _ids(call):
        document = call.portal.inventory.documents.get(number)
        if document is None:
            failures.append(described(number, None, access.NOT_FOUND))
            continue
        try:
            access.check(call, document, action)
            work(document)
        except (InventoryError, RestError) as error:
            failures.append(described(number, document, str(error)))
    if failures:
        raise generic(failures[0])
    return True


def conduct_list(call: Call) -> bool:
    access.require_use(call)
    access.require_enabled(call)

    def described(number: int, document: StoreDocument | None, text: str) -> str:
        if document is None or text in (access.NO_RIGHTS, access.NO_STORES):
            return f"Document conducting error: {text}"
        return f'An error occurred while conducting the document "{document.title}": {text}'

    return _each(call, rights.CONDUCT, lambda one: _conduct(call, one), described)


def cancel_list(call: Call) -> bool:
    access.require_use(call)
    if not call.portal.inventory.enabled:
        raise generic("To process the document, inventory accounting must be enabled")

    def described(number: int, document: StoreDocument | None, text: str) -> str:
        if document is None:
            return f"Error canceling the document: {text}"
        return f'An error occurred while canceling the document "{document.title}": {text}'

    return _each(call, rights.CANCEL, lambda one: _cancel(call, one), described)


def delete_list(call: Call) -> bool:
    access.require_use(call)

    def work(document: StoreDocument) -> None:
        if document.status == CONDUCTED:
            raise InventoryError("conducted")
        documents.drop(call, document)

    def described(number: int, document: StoreDocument | None, text: str) -> str:
        if document is None:
            return f'An error occurred while deleting document "#{number}": {text}'
        if document.status == CONDUCTED:
            return f'You cannot delete document "{document.title}" as it is processed'
        return f'Insufficient permissions to delete document "{document.title}"'

    return _each(call, rights.DELETE, work, described)


def mode_status(call: Call) -> str:
    """Whether the portal uses inventory management."""
    if not (rights.may_read(call.user) or rights.may_use(call.user)):
        raise generic("Access denied")
    return "Y" if call.portal.inventory.enabled else "N"


_SCOPES = ("catalog",)
METHODS = [
    Method("catalog.document.conduct", conduct, _SCOPES),
    Method("catalog.document.cancel", cancel, _SCOPES),
    Method("catalog.document.conductList", conduct_list, _SCOPES),
    Method("catalog.document.cancelList", cancel_list, _SCOPES),
    Method("catalog.document.deleteList", delete_list, _SCOPES),
    Method("catalog.document.mode.status", mode_status, _SCOPES),
]
