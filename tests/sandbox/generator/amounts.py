"""Prices, discounts and taxes of product rows, and what they come to.

The row's `price` is for one unit, after discount, with tax. Where tax was not included the price
without tax is the one somebody typed, so everything is counted from it and the tax is added to the
whole line; unit prices with tax are rounded for the eye only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tests.sandbox.generator.locale import round_money
from tests.sandbox.world import ProductRow, Selling

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Line:
    """One product row, counted. All prices are of one unit unless they are called sums."""

    row: ProductRow

    @property
    def factor(self) -> Decimal:
        return 1 + (self.row.tax_rate or Decimal(0)) / HUNDRED

    @property
    def price_exclusive(self) -> Decimal:
        return round_money(self.row.price / self.factor)

    @property
    def price(self) -> Decimal:
        """With tax."""
        if self.row.tax_included:
            return self.row.price
        return self.price_exclusive * self.factor

    @property
    def price_raw(self) -> Decimal:
        """The price as somebody typed it: with tax if it is included, without if not."""
        return self.row.price if self.row.tax_included else self.price_exclusive

    @property
    def price_netto(self) -> Decimal:
        """Before discount, without tax."""
        kept = 1 - self.row.discount_rate / HUNDRED
        return round_money(self.price_exclusive / kept) if kept else self.price_exclusive

    @property
    def price_brutto(self) -> Decimal:
        """Before discount, with tax."""
        return self.price_netto * self.factor if self.row.discount_rate else self.price

    @property
    def price_raw_netto(self) -> Decimal:
        """The price as somebody typed it, before discount."""
        return self.price_brutto if self.row.tax_included else self.price_netto

    @property
    def discount(self) -> Decimal:
        return self.price_netto - self.price_exclusive

    @property
    def tax(self) -> Decimal:
        return self.price - self.price_exclusive

    @property
    def raw_sum(self) -> Decimal:
        return round_money(self.price_raw * self.row.quantity)

    @property
    def tax_sum(self) -> Decimal:
        if self.row.tax_included:
            return round_money(self.raw_sum - self.raw_sum / self.factor)
        return round_money(self.raw_sum * (self.factor - 1))

    @property
    def price_sum(self) -> Decimal:
        """The line with tax."""
        return self.raw_sum if self.row.tax_included else self.raw_sum + self.tax_sum

    @property
    def exclusive_sum(self) -> Decimal:
        """The line without tax."""
        return self.price_sum - self.tax_sum


@dataclass(frozen=True)
class Tax:
    """What the lines of one tax rate come to."""

    rate: Decimal
    included: bool
    value: Decimal
    netto: Decimal

    @property
    def brutto(self) -> Decimal:
        return self.netto + self.value


@dataclass(frozen=True)
class Totals:
    sum: Decimal
    raw: Decimal
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    rows: int = 0
    raw_before_discount: Decimal = Decimal(0)

    @property
    def before_tax(self) -> Decimal:
        return self.sum - self.tax

    @property
    def before_discount(self) -> Decimal:
        return self.before_tax + self.discount


def lines_of(rows: Iterable[ProductRow], variant: str = "") -> list[Line]:
    """The rows a document prints: all, or with a variant only "goods" or only "service"."""
    wanted = {"goods": False, "service": True}.get(variant)
    return [Line(row) for row in rows if wanted is None or row.is_service is wanted]


def taxes_of(lines: Iterable[Line]) -> list[Tax]:
    """One entry a rate, in the order of first use; rows without tax have none."""
    taxes: dict[Decimal, Tax] = {}
    for line in lines:
        rate = line.row.tax_rate
        if not rate:
            continue
        tax = taxes.get(rate, Tax(rate, line.row.tax_included, Decimal(0), Decimal(0)))
        taxes[rate] = Tax(
            rate, tax.included, tax.value + line.tax_sum, tax.netto + line.exclusive_sum
        )
    return list(taxes.values())


def totals_of(lines: list[Line], selling: Selling | None) -> Totals:
    """The totals of the lines; a deal without rows counts its own amount, and nothing else."""
    if not lines:
        amount = selling.opportunity if selling else Decimal(0)
        return Totals(sum=amount, raw=amount)
    return Totals(
        sum=_sum(line.price_sum for line in lines),
        raw=_sum(line.raw_sum for line in lines),
        tax=_sum(line.tax_sum for line in lines),
        discount=_sum(round_money(line.discount * line.row.quantity) for line in lines),
        quantity=_sum(line.row.quantity for line in lines),
        rows=len(lines),
        raw_before_discount=_sum(
            round_money(line.price_raw_netto * line.row.quantity) for line in lines
        ),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
