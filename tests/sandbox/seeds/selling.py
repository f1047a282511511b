"""How deals and product rows of the seed are written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.sandbox.generator.amounts import lines_of, totals_of
from tests.sandbox.generator.locale import round_money
from tests.sandbox.world import Deal, ProductRow

PAYMENT_TERMS, DELIVERY_NOTE = "UF_CRM_PAYMENT_TERMS", "UF_CRM_DELIVERY_NOTE"
WARRANTY = "UF_CRM_WARRANTY"
LABELS = {
    PAYMENT_TERMS: "Payment terms",
    DELIVERY_NOTE: "Delivery note",
    WARRANTY: "Warranty",
}
THIRDS = "30 % on order, 70 % on acceptance, 14 days net."
NET = "14 days net."


def row_of(
    product_id: int,
    name: str,
    price: str,
    quantity: str,
    measure: str = "pcs",
    *,
    tax: str | None = "19",
    included: bool = False,
    discount: str = "0",
    service: bool = False,
) -> ProductRow:
    """`price` is for one unit before discount, with tax only if it is `included`."""
    rate = Decimal(tax) if tax is not None else None
    paid = round_money(Decimal(price) * (1 - Decimal(discount) / 100))
    factor = Decimal(1) if included else 1 + (rate or Decimal(0)) / 100
    return ProductRow(
        0,
        product_id,
        name,
        round_money(paid * factor),
        Decimal(quantity),
        measure,
        rate,
        included,
        Decimal(discount),
        is_service=service,
    )


def deal_of(number: int, title: str, stage: str, now: datetime, **known: Any) -> Deal:
    """A deal with dates around `now`; its amount is what its rows make unless it is given."""
    rows = known.get("rows", [])
    amount = known.pop("opportunity", None)
    if amount is None:
        amount = totals_of(lines_of(rows), None).sum
    age = timedelta(days=(515 - number) * 6)
    return Deal(
        id=number,
        title=title,
        category_id=1 if stage.startswith("C1:") else 0,
        stage_id=stage,
        opportunity=amount,
        currency_id="EUR",
        assigned_by_id=known.pop("assigned", 7),
        created_time=now - age,
        updated_time=now - age / 4,
        begin_date=(now + timedelta(days=known.pop("begins", 20))).date(),
        close_date=(now + timedelta(days=known.pop("ends", 62))).date(),
        user_fields=known.pop("own", {PAYMENT_TERMS: NET}),
        **known,
    )
