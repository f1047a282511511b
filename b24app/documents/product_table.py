"""The product rows of a CRM item as a document prints them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from b24app.bitrix.crm import ProductRow

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One row. `price`: of one unit without tax; `sum`: of the line without tax."""

    name: str
    quantity: Decimal
    measure: str
    price: Decimal
    sum: Decimal
    rate: Decimal | None
    tax: Decimal


@dataclass(frozen=True)
class Table:
    """The rows with their totals. `taxes`: rate in percent and amount, in the order of first use.

    `complete` is False where the item has more rows than were read.
    """

    lines: list[Line]
    taxes: list[tuple[Decimal, Decimal]]
    complete: bool = True

    @property
    def net(self) -> Decimal:
        return sum((line.sum for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + sum((tax for _, tax in self.taxes), Decimal(0))


def table(rows: Iterable[ProductRow], *, complete: bool = True) -> Table:
    """Counts as Bitrix24 does: where tax was added, it is added to the whole line."""
    lines = [_line(row) for row in rows]
    taxes: dict[Decimal, Decimal] = {}
    for line in lines:
        if line.rate:
            taxes[line.rate] = taxes.get(line.rate, Decimal(0)) + line.tax
    return Table(lines, list(taxes.items()), complete)


def _line(row: ProductRow) -> Line:
    share = (row.tax_rate or Decimal(0)) / 100
    price = row.price_exclusive
    if price is None:
        price = _rounded(row.price / (1 + share))
    if row.tax_included:
        gross = _rounded(row.price * row.quantity)
        tax = _rounded(gross - gross / (1 + share))
        net = gross - tax
    else:
        net = _rounded(price * row.quantity)
        tax = _rounded(net * share)
    return Line(row.product_name, row.quantity, row.measure_name, price, net, row.tax_rate, tax)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
