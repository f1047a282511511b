"""Who may do what with stores and inventory documents.

https://apidocs.bitrix24.com/api-reference/catalog/document/index.html
"""

from __future__ import annotations

from tests.sandbox.catalog.records import TYPES, StoreDocument, StoreDocumentElement
from tests.sandbox.world import Portal, User

VIEW, MODIFY, CONDUCT, CANCEL, DELETE = "view", "modify", "conduct", "cancel", "delete"


def may_read(user: User) -> bool:
    """Whether the user may see the product catalog at all."""
    return user.is_admin or user.reads_catalog


def may_use(user: User) -> bool:
    """Whether the user sees the section of inventory management."""
    return user.is_admin or (user.reads_catalog and user.uses_inventory)


def may(user: User, action: str, doc_type: str) -> bool:
    """Whether the user may do this with documents of a type."""
    return user.is_admin or action in user.inventory_rights.get(doc_type, [])


def types_to_view(user: User) -> list[str]:
    return [doc_type for doc_type in TYPES if may(user, VIEW, doc_type)]


def may_see_stores(user: User, *store_ids: int | None) -> bool:
    """Whether the user may view and choose all these warehouses; None counts as none."""
    if user.is_admin or user.stores is None:
        return True
    return all(one in user.stores for one in store_ids if one)


def stores_of(element: StoreDocumentElement) -> tuple[int | None, int | None]:
    return element.store_from, element.store_to


def may_see_document(portal: Portal, user: User, document: StoreDocument) -> bool:
    """Whether type and warehouses of a document are the user's to see."""
    lines = elements_of(portal, document)
    return may(user, VIEW, document.doc_type) and all(
        may_see_stores(user, *stores_of(line)) for line in lines
    )


def elements_of(portal: Portal, document: StoreDocument) -> list[StoreDocumentElement]:
    found = portal.inventory.elements.values()
    return [one for one in found if one.doc_id == document.id]
