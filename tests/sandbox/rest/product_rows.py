"""`crm.item.productrow.list`.

https://apidocs.bitrix24.com/api-reference/crm/universal/product-rows/crm-item-productrow-list.html
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.crm_fields import number
from tests.sandbox.rest.crm_objects import records_of
from tests.sandbox.rest.errors import RestError, access_denied, missing
from tests.sandbox.rest.lists import matches, ordered, paged
from tests.sandbox.rest.params import php_int
from tests.sandbox.world import DEAL, LEAD, QUOTE, SMART_INVOICE, ProductRow

CENT = Decimal("0.01")
PRODUCT, SERVICE = 1, 7


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


OWNERS = {"D": DEAL, "L": LEAD, "Q": QUOTE, "SI": SMART_INVOICE}
"""Short code to type."""


def described(owner: str, owner_id: int, row: ProductRow, sort: int) -> dict[str, Any]:
    """A row. `price` is for one unit, with tax and after discount; the rest follows from it."""
    tax = (row.tax_rate or Decimal(0)) / 100
    left = 1 - row.discount_rate / 100
    exclusive = row.price / (1 + tax)
    netto = exclusive / left if left else exclusive
    return {
        "id": row.id,
        "ownerId": owner_id,
        "ownerType": owner,
        "productId": row.product_id,
        "productName": row.name,
        "price": number(row.price),
        "priceAccount": number(row.price),
        "priceExclusive": number(rounded(exclusive)),
        "priceNetto": number(rounded(netto)),
        "priceBrutto": number(rounded(netto * (1 + tax))),
        "quantity": number(row.quantity),
        "discountTypeId": 2,
        "discountRate": number(row.discount_rate),
        "discountSum": number(rounded(netto - exclusive)),
        "taxRate": None if row.tax_rate is None else number(row.tax_rate),
        "taxIncluded": "Y" if row.tax_included else "N",
        "customized": "Y",
        "measureCode": 796,
        "measureName": row.measure,
        "sort": sort,
        "xmlId": "",
        "type": SERVICE if row.is_service else PRODUCT,
        "storeId": None,
    }


def row_list(call: Call) -> Answer:
    if call.params.get("filter") is None:
        raise missing("filter")
    conditions = call.params.mapping("filter")
    owner = {key.lstrip("="): value for key, value in conditions.items()}
    if "ownerType" not in owner or "ownerId" not in owner:
        raise RestError("INVALID_ARG_VALUE", "Invalid filter: ownerType and ownerId are required")
    rest = {
        key: value
        for key, value in conditions.items()
        if key.lstrip("=") not in ("ownerType", "ownerId")
    }
    code, owner_id = str(owner["ownerType"]), php_int(owner["ownerId"])
    kind = OWNERS.get(code)
    record = records_of(call.portal, kind).get(owner_id) if kind else None
    if record is None or not documents.may_read_entity(
        call.portal, call.user, kind or 0, str(owner_id)
    ):
        raise access_denied()
    rows = [
        described(code, owner_id, row, 10 * (index + 1)) for index, row in enumerate(record.rows)
    ]
    found = ordered([row for row in rows if matches(row, rest)], call.params.mapping("order"))
    return paged(found, call.params.integer("start"), lambda page: {"productRows": page})


METHODS = [Method("crm.item.productrow.list", row_list, ("crm",))]
