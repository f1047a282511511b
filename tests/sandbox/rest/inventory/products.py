"""`catalog.product.get`: how a product is called.

https://apidocs.bitrix24.com/api-reference/catalog/product/catalog-product-get.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.catalog.records import Product
from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.crm_fields import moment
from tests.sandbox.rest.errors import RestError, generic
from tests.sandbox.rest.inventory import access

SIMPLE, SERVICE = 1, 7
"""Values of `type`, as on the page of data types."""


def product_get(call: Call) -> dict[str, Any]:
    """For administrators only, as on the page."""
    if not call.user.is_admin:
        raise RestError(access.NO_READING, "Access Denied")
    product = call.portal.inventory.products.get(access.required_id(call))
    if product is None:
        raise generic("The product does not exist")
    return {"product": _described(call, product)}


def _described(call: Call, product: Product) -> dict[str, Any]:
    """What the page shows, without pictures and properties."""
    since = moment(call.now, call.portal)
    empty = dict.fromkeys(
        [
            *("code", "dateActiveFrom", "dateActiveTo", "detailPicture", "detailText", "height"),
            *("iblockSectionId", "length", "measure", "previewPicture", "previewText"),
            *("purchasingCurrency", "purchasingPrice", "quantity", "quantityReserved", "vatId"),
            *("weight", "width", "xmlId"),
        ]
    )
    return {
        **empty,
        "active": "Y",
        "available": "Y",
        "bundle": "N",
        "canBuyZero": "Y",
        "createdBy": 1,
        "dateCreate": since,
        "detailTextType": "text",
        "iblockId": 23,
        "id": product.id,
        "modifiedBy": 1,
        "name": product.name,
        "previewTextType": "text",
        "quantityTrace": "Y",
        "sort": 100,
        "subscribe": "Y",
        "timestampX": since,
        "type": SERVICE if product.is_service else SIMPLE,
        "vatIncluded": "Y",
    }


METHODS = [Method("catalog.product.get", product_get, ("catalog",))]
