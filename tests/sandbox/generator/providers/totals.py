"""What the products come to: sums, taxes, discounts, in figures and in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.sandbox.generator.amounts import Totals
from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import MONEY, Money, Quantity, Text

TOTALS = (ROOT, "Totals")
WITHOUT_ROWS = ("TOTAL_SUM", "TOTAL_RAW")
"""What a deal without rows knows as well: both are its own amount."""
SUMS: list[tuple[str, str, Callable[[Totals], Decimal]]] = [
    ("TOTAL_SUM", "Total amount", lambda totals: totals.sum),
    ("TOTAL_RAW", "Total original prices", lambda totals: totals.raw),
    ("TOTAL_BEFORE_TAX", "Total before tax", lambda totals: totals.before_tax),
    ("TOTAL_TAX", "Total tax", lambda totals: totals.tax),
    ("TOTAL_BEFORE_DISCOUNT", "Total before discount", lambda totals: totals.before_discount),
    ("TOTAL_DISCOUNT", "Total discount", lambda totals: totals.discount),
    (
        "TOTAL_RAW_BEFORE_DISCOUNT",
        "Total original price before discount",
        lambda totals: totals.raw_before_discount,
    ),
]
IN_WORDS = ("TOTAL_SUM", "TOTAL_BEFORE_TAX", "TOTAL_TAX")


def fields(sources: Sources, totals: Totals | None) -> list[Field]:
    """All totals; of an object without rows only those that are its own amount."""
    found = []
    for path, title, read in SUMS:
        known = totals is not None and (totals.rows > 0 or path in WITHOUT_ROWS)
        amount = read(totals) if known and totals else None
        found.append(_total(sources, path, title, amount))
        if path in IN_WORDS:
            found.append(_total(sources, f"{path}_WORDS", f"{title} in words", amount, words=True))
    quantity = Quantity(totals.quantity) if totals and totals.rows else None
    rows = Text(totals.rows) if totals else None
    return [
        *found,
        Field("TOTAL_QUANTITY", "Total quantity", TOTALS, quantity),
        Field("TOTAL_ROWS", "Total items", TOTALS, rows),
        _count_in_words(sources, "TOTAL_QUANTITY", quantity.amount if quantity else None),
        _count_in_words(sources, "TOTAL_ROWS", Decimal(totals.rows) if totals else None),
    ]


def _total(
    sources: Sources, path: str, title: str, amount: Decimal | None, *, words: bool = False
) -> Field:
    shown = None
    if amount is not None:
        shown = Money(amount, sources.currency, sources.locale, zeros=not words, words=words)
    form = {"currencyId": sources.currency} | ({"words": True} if words else {"withZeros": True})
    return Field(path, title, TOTALS, shown, type=MONEY, format=form)


def _count_in_words(sources: Sources, path: str, amount: Decimal | None) -> Field:
    title = "Total quantity in words" if path == "TOTAL_QUANTITY" else "Number of rows in words"
    form = {"currencyId": sources.currency, "words": True, "noSign": True}
    shown = None
    if amount is not None:
        shown = Money(amount, sources.currency, sources.locale, sign=False, zeros=False, words=True)
    return Field(f"{path}_WORDS", title, TOTALS, shown, type=MONEY, format=form)
