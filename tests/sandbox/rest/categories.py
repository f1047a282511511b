"""`crm.category.list`: pipelines, and the categories of clients.

https://apidocs.bitrix24.com/api-reference/crm/universal/category/crm-category-list.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog.records import VENDOR_CATEGORIES
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError, missing
from tests.sandbox.world import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE

WITHOUT = {LEAD: "LEAD", QUOTE: "QUOTE", 5: "INVOICE"}
"""Types that have no categories, and their names."""


def category_list(call: Call) -> Answer:
    if call.params.get("entityTypeId") in (None, ""):
        raise missing("entityTypeId")
    kind = call.params.integer("entityTypeId")
    if kind in WITHOUT:
        raise RestError(
            "ENTITY_TYPE_NOT_SUPPORTED", f"Entity type {WITHOUT[kind]} is not supported"
        )
    if kind not in (DEAL, CONTACT, COMPANY, SMART_INVOICE):
        raise RestError("NOT_FOUND", "Smart process not found")
    found = _pipelines(call) if kind == DEAL else _others(kind)
    return Answer({"categories": found}, total=len(found))


def _category(number: int, name: str, sort: int, kind: int, *, default: bool) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "sort": sort,
        "entityTypeId": kind,
        "isDefault": "Y" if default else "N",
    }


def _pipelines(call: Call) -> list[dict[str, Any]]:
    """The general pipeline has no origin."""
    return [
        _category(one.id, one.name, 200 + 100 * index, DEAL, default=one.id == 0)
        | ({} if one.id == 0 else {"originId": "", "originatorId": ""})
        for index, one in enumerate(call.portal.categories.values())
    ]


def _others(kind: int) -> list[dict[str, Any]]:
    """Invoices have one pipeline, clients a category of suppliers beside their own."""
    if kind == SMART_INVOICE:
        return [_category(1, "General", 500, kind, default=True) | {"code": ""}]
    name = "CONTACT" if kind == CONTACT else "COMPANY"
    vendors = _category(VENDOR_CATEGORIES[kind], "Vendors", 500, kind, default=False)
    return [
        _category(0, "Contacts" if kind == CONTACT else "Companies", 100, kind, default=True)
        | {"code": ""},
        vendors | {"code": f"CATALOG_CONTRACTOR_{name}"},
    ]


METHODS = [Method("crm.category.list", category_list, ("crm",))]
