"""`catalog.store.*` for reading, and `catalog.storeproduct.*`: what lies where.

https://apidocs.bitrix24.com/api-reference/catalog/store/index.html and
https://apidocs.bitrix24.com/api-reference/catalog/store-product/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog import access as rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError, generic
from tests.sandbox.rest.inventory import access
from tests.sandbox.rest.inventory.fields import STOCK, STORE, described, listed, told

NO_STORE = 201100000000
"""A number, as all codes of the catalog's older methods."""


def _denied() -> RestError:
    return RestError(access.NO_READING, "Access Denied")


def _require_administrator(call: Call) -> None:
    """The documentation lets administrators only read warehouses."""
    if not call.user.is_admin:
        raise _denied()


def store_list(call: Call) -> Answer:
    _require_administrator(call)
    stores = call.portal.inventory.stores.values()
    return listed(call, "stores", [described(call, one, STORE) for one in stores], STORE)


def store_get(call: Call) -> dict[str, Any]:
    _require_administrator(call)
    store = call.portal.inventory.stores.get(access.required_id(call))
    if store is None:
        raise RestError(NO_STORE, "Store does not exist")
    return {"store": described(call, store, STORE)}


def store_fields(call: Call) -> dict[str, Any]:
    _require_administrator(call)
    return {"store": told(STORE)}


def _require_read(call: Call) -> None:
    if not rights.may_read(call.user):
        raise _denied()


def stock_list(call: Call) -> Answer:
    _require_read(call)
    rows = [
        described(call, one, STOCK)
        for one in call.portal.inventory.stock.values()
        if rights.may_see_stores(call.user, one.store_id)
    ]
    return listed(call, "storeProducts", rows, STOCK)


def stock_get(call: Call) -> dict[str, Any]:
    _require_read(call)
    found = call.portal.inventory.stock.get(access.required_id(call))
    if found is None or not rights.may_see_stores(call.user, found.store_id):
        raise generic("Store product does not exist")
    return {"storeProduct": described(call, found, STOCK)}


def stock_fields(call: Call) -> dict[str, Any]:
    _require_read(call)
    return {"storeProduct": told(STOCK)}


_SCOPES = ("catalog",)
METHODS = [
    Method("catalog.store.list", store_list, _SCOPES),
    Method("catalog.store.get", store_get, _SCOPES),
    Method("catalog.store.getFields", store_fields, _SCOPES),
    Method("catalog.storeproduct.list", stock_list, _SCOPES),
    Method("catalog.storeproduct.get", stock_get, _SCOPES),
    Method("catalog.storeproduct.getFields", stock_fields, _SCOPES),
]
