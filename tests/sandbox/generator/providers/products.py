"""Product rows and taxes of a deal, lead, quote or smart invoice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.sandbox.generator.amounts import Line, Tax, lines_of, taxes_of, totals_of
from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.locale import number
from tests.sandbox.generator.providers import totals
from tests.sandbox.generator.providers.basics import text
from tests.sandbox.generator.providers.pictures import picture
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import (
    IMAGE,
    MONEY,
    TAX_RATE,
    Money,
    Quantity,
    TaxRate,
    Text,
    Value,
)

PRODUCTS, TAXES = (ROOT, "Products"), (ROOT, "Taxes")

PRICES: list[tuple[str, str, Callable[[Line], Decimal]]] = [
    ("PRICE", "Price", lambda line: line.price),
    ("PRICE_SUM", "Line total", lambda line: line.price_sum),
    ("PRICE_RAW", "Original price", lambda line: line.price_raw),
    ("PRICE_RAW_SUM", "Total original price", lambda line: line.raw_sum),
    ("PRICE_RAW_NETTO", "Original price without discount", lambda line: line.price_raw_netto),
    (
        "PRICE_RAW_NETTO_SUM",
        "Total original price without discount",
        lambda line: _times(line, line.price_raw_netto),
    ),
    ("PRICE_EXCLUSIVE", "Price without tax", lambda line: line.price_exclusive),
    ("PRICE_EXCLUSIVE_SUM", "Line total without tax", lambda line: line.exclusive_sum),
    ("PRICE_NETTO", "Price before discount", lambda line: line.price_netto),
    ("PRICE_NETTO_SUM", "Line total before discount", lambda line: _times(line, line.price_netto)),
    ("PRICE_BRUTTO", "Price before discount with tax", lambda line: line.price_brutto),
    (
        "PRICE_BRUTTO_SUM",
        "Line total before discount with tax",
        lambda line: _times(line, line.price_brutto),
    ),
    ("DISCOUNT_SUM", "Discount", lambda line: line.discount),
    ("DISCOUNT_TOTAL", "Total discount", lambda line: _times(line, line.discount)),
    ("TAX_VALUE", "Tax", lambda line: line.tax),
    ("TAX_VALUE_SUM", "Total tax", lambda line: line.tax_sum),
]


def fields(sources: Sources) -> list[Field]:
    """Columns of the two lists, then the totals."""
    lines = _lines(sources)
    return [
        *_plain_columns(sources, lines),
        *(_money_column(sources, lines, *price) for price in PRICES),
        *_tax_columns(sources, taxes_of(lines)),
        *totals.fields(sources, totals_of(lines, sources.selling) if sources.selling else None),
    ]


def summary(sources: Sources) -> dict[str, Any] | None:
    """`products` of a document: currency, sum as text, number of rows."""
    if sources.selling is None:
        return None
    found = totals_of(_lines(sources), sources.selling)
    return {
        "currencyId": sources.currency,
        "totalSum": f"{found.sum:.2f}",
        "totalRows": found.rows,
    }


def _lines(sources: Sources) -> list[Line]:
    return lines_of(sources.selling.rows if sources.selling else [], sources.variant)


def _times(line: Line, price: Decimal) -> Decimal:
    return price * line.row.quantity


def _column(
    path: str,
    title: str,
    group: tuple[str, ...],
    rows: Sequence[Value | None],
    **description: Any,
) -> Field:
    return Field(path, title, group, rows=rows, options={"isArray": True}, **description)


def _plain_columns(sources: Sources, lines: list[Line]) -> list[Field]:
    item = "PRODUCTS.PRODUCT."
    texts: list[tuple[str, str, Callable[[Line], Any]]] = [
        ("NAME", "Name", lambda line: line.row.name),
        ("TITLE", "Name in the catalogue", lambda line: line.row.name),
        ("DESCRIPTION", "Description", lambda line: line.row.description),
        ("SECTION", "Section", lambda line: line.row.section),
        ("PRODUCT_ID", "Product ID", lambda line: line.row.product_id),
        ("MEASURE_NAME", "Units of measure", lambda line: line.row.measure),
        ("DISCOUNT_RATE", "Discount rate", lambda line: number(line.row.discount_rate)),
        ("TAX_RATE", "Tax rate", lambda line: number(line.row.tax_rate or Decimal(0))),
        ("TAX_INCLUDED", "Tax included", lambda line: "Y" if line.row.tax_included else "N"),
    ]
    index = [Text(position) for position, _ in enumerate(lines, 1)]
    pictures: list[tuple[str, str, Callable[[Line], str]]] = [
        ("PREVIEW_PICTURE", "Preview picture", lambda line: line.row.preview_picture),
        ("DETAIL_PICTURE", "Picture", lambda line: line.row.detail_picture),
    ]
    return [
        _column("PRODUCTS.INDEX", "Current number", PRODUCTS, index),
        *(
            _column(item + key, title, PRODUCTS, [text(read(line)) for line in lines])
            for key, title, read in texts
        ),
        *(
            _column(
                item + key,
                title,
                PRODUCTS,
                [picture(sources.portal, read(line)) for line in lines],
                type=IMAGE,
            )
            for key, title, read in pictures
        ),
        _column(
            item + "QUANTITY", "Quantity", PRODUCTS, [Quantity(line.row.quantity) for line in lines]
        ),
        _column(
            item + "TAX_RATE_NAME",
            "Tax",
            PRODUCTS,
            [TaxRate(line.row.tax_rate) for line in lines],
            type=TAX_RATE,
        ),
    ]


def _money_column(
    sources: Sources,
    lines: list[Line],
    key: str,
    title: str,
    read: Callable[[Line], Decimal],
) -> Field:
    rows = [
        Money(read(line), sources.currency, sources.locale, sign=False, zeros=False)
        for line in lines
    ]
    form = {"currencyId": sources.currency, "noSign": True, "withZeros": False}
    return _column(f"PRODUCTS.PRODUCT.{key}", title, PRODUCTS, rows, type=MONEY, format=form)


def _tax_columns(sources: Sources, taxes: list[Tax]) -> list[Field]:
    amounts: list[tuple[str, str, Callable[[Tax], Decimal]]] = [
        ("VALUE", "Amount", lambda tax: tax.value),
        ("NETTO", "Amount without tax", lambda tax: tax.netto),
        ("BRUTTO", "Amount with tax", lambda tax: tax.brutto),
    ]
    form = {"currencyId": sources.currency, "withZeros": True}
    titles = [Text(_tax_title(sources, tax)) for tax in taxes]
    rates = [TaxRate(tax.rate, percent=False) for tax in taxes]
    index = [Text(position) for position, _ in enumerate(taxes, 1)]
    return [
        _column("TAXES.INDEX", "Current number", TAXES, index),
        _column("TAXES.TAX.TITLE", "Heading", TAXES, titles, hide_row=True),
        _column("TAXES.TAX.RATE", "Rate", TAXES, rates, type=TAX_RATE, hide_row=True),
        *(
            _column(
                f"TAXES.TAX.{key}",
                title,
                TAXES,
                [Money(read(tax), sources.currency, sources.locale) for tax in taxes],
                type=MONEY,
                format=form,
                hide_row=True,
            )
            for key, title, read in amounts
        ),
    ]


def _tax_title(sources: Sources, tax: Tax) -> str:
    """The region's phrase for a tax that is in the price, or comes on top of it."""
    code, usual = ("TAX_INCLUDED", "VAT included") if tax.included else ("TAX_NOT_INCLUDED", "VAT")
    return sources.locale.phrases.get(code) or usual
