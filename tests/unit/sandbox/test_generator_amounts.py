"""Rows, discounts and taxes come to totals that add up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.sandbox.generator.amounts import Line, lines_of, taxes_of, totals_of
from tests.sandbox.generator.locale import Locale, round_money
from tests.sandbox.generator.words import in_words, number_in_words
from tests.sandbox.seeds.selling import row_of
from tests.sandbox.world import ProductRow
from tests.unit.sandbox.paper import nordwerk

CENTS = st.integers(1, 5_000_000).map(lambda cents: Decimal(cents) / 100)
RATES = st.sampled_from([Decimal(19), Decimal(7), Decimal("20.5"), None])


def row(price: str, quantity: str, rate: str | None = "19", **known: object) -> ProductRow:
    tax = Decimal(rate) if rate is not None else None
    return ProductRow(1, 1, "Partition", Decimal(price), Decimal(quantity), "pcs", tax, **known)  # type: ignore[arg-type]


def test_the_office_refit_comes_to_what_the_offer_says() -> None:
    deal = nordwerk().deals[501]
    totals = totals_of(lines_of(deal.rows), deal)

    assert totals.before_tax == Decimal("40883.00")
    assert totals.tax == Decimal("7767.77")
    assert totals.sum == Decimal("48650.77") == deal.opportunity
    assert totals.rows == 4


def test_tax_is_added_to_the_line_and_not_to_a_rounded_price() -> None:
    # 64.50 with 19 % is 76.755: stored as 76.76, and 210 of those would be one euro too much.
    line = Line(row("76.76", "210"))

    assert line.price_exclusive == Decimal("64.50")
    assert line.raw_sum == Decimal("13545.00")
    assert line.price_sum == Decimal("16118.55")


def test_included_tax_is_taken_out_of_the_line() -> None:
    line = Line(row("119.00", "3", tax_included=True))

    assert (line.raw_sum, line.tax_sum) == (Decimal("357.00"), Decimal("57.00"))
    assert line.exclusive_sum == Decimal("300.00")


def test_discount_shows_the_price_before_and_after() -> None:
    line = Line(row("107.10", "2", discount_rate=Decimal(10)))

    assert line.price_exclusive == Decimal("90.00")
    assert line.price_netto == Decimal("100.00")
    assert line.discount == Decimal("10.00")
    totals = totals_of([line], None)
    assert totals.discount == Decimal("20.00")
    assert totals.before_discount == Decimal("200.00")


def test_taxes_are_listed_by_rate_and_rows_without_tax_have_none() -> None:
    rows = [row("119", "1"), row("10.70", "1", "7"), row("640", "1", None), row("238", "1")]

    taxes = taxes_of(lines_of(rows))

    assert [(tax.rate, tax.netto, tax.value) for tax in taxes] == [
        (Decimal(19), Decimal("300.00"), Decimal("57.00")),
        (Decimal(7), Decimal("10.00"), Decimal("0.70")),
    ]


def test_a_deal_without_rows_counts_its_own_amount() -> None:
    deal = nordwerk().deals[511]

    assert totals_of([], deal).sum == totals_of([], deal).raw == Decimal("2750.00")
    assert totals_of([], deal).rows == 0


def test_a_document_of_services_counts_services_only() -> None:
    deal = nordwerk().deals[501]

    assert [line.row.name for line in lines_of(deal.rows, "service")] == [
        "Installation, waste disposal"
    ]
    assert len(lines_of(deal.rows, "goods")) == 3


@given(st.lists(st.tuples(CENTS, st.integers(1, 999), RATES, st.booleans()), max_size=12))
def test_net_and_taxes_always_make_the_sum(
    sold: list[tuple[Decimal, int, Decimal | None, bool]],
) -> None:
    lines = lines_of(
        ProductRow(1, 1, "Thing", price, Decimal(quantity), "pcs", rate, included)
        for price, quantity, rate, included in sold
    )
    totals = totals_of(lines, None)
    taxes = taxes_of(lines)

    assert totals.before_tax + sum(tax.value for tax in taxes) == totals.sum
    assert totals.sum == sum(line.price_sum for line in lines)
    assert all(tax.brutto - tax.netto == tax.value for tax in taxes)


@given(CENTS, st.sampled_from([Decimal(19), Decimal(7), Decimal(20)]))
def test_a_net_price_survives_being_stored_with_tax(net: Decimal, rate: Decimal) -> None:
    stored = round_money(net * (1 + rate / 100))

    assert Line(row(str(stored), "1", str(rate))).price_exclusive == net


def test_money_is_written_as_the_portal_s_language_writes_it() -> None:
    amount = Decimal("48650.77")

    assert Locale("en").money(amount, "EUR", sign=True, zeros=True) == "€48,650.77"
    assert Locale("de").money(amount, "EUR", sign=True, zeros=True) == "48.650,77 €"
    assert Locale("en").money(Decimal("1180.00"), "EUR", sign=False, zeros=False) == "1,180"
    assert Locale("en").money(Decimal("-5.5"), "USD", sign=True, zeros=True) == "-$5.50"


SOLD = st.lists(
    st.tuples(
        st.integers(1, 20_000),  # whole euros, so that every percent of them is whole cents
        st.integers(1, 99_999).map(lambda thousandth: Decimal(thousandth) / 1000),
        st.sampled_from(["19", "7", "20.5", "0", None]),
        st.booleans(),
        st.integers(0, 90),
    ),
    max_size=8,
)


def cents(amount: Fraction) -> Decimal:
    """Rounded as money: halves away from zero."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(SOLD)
@limits(deadline=None)
def test_totals_are_what_anybody_would_count(
    sold: list[tuple[int, Decimal, str | None, bool, int]],
) -> None:
    """From what was typed: price, quantity, tax, whether it is in the price, percent off."""
    rows = [
        row_of(1, "x", str(price), str(many), tax=rate, included=included, discount=str(off))
        for price, many, rate, included, off in sold
    ]
    gross = tax = off_all = Decimal(0)
    taxes: dict[str, Decimal] = {}
    for price, many, rate, included, off in sold:
        share = Fraction(rate or 0) / 100
        left = Fraction(price) * (100 - off) / 100
        line = cents(left * Fraction(many))
        line_tax = (
            cents(Fraction(line) - Fraction(line) / (1 + share))
            if included
            else cents(Fraction(line) * share)
        )
        gross += line if included else line + line_tax
        tax += line_tax
        if Fraction(rate or 0):
            taxes[rate or ""] = taxes.get(rate or "", Decimal(0)) + line_tax
        if not included:
            off_all += cents((Fraction(price) - left) * Fraction(many))
    lines = lines_of(rows)
    totals = totals_of(lines, None)

    assert (totals.sum, totals.tax, totals.before_tax) == (gross, tax, gross - tax)
    assert {str(one.rate): one.value for one in taxes_of(lines)} == taxes
    assert sum(one.brutto for one in taxes_of(lines)) <= totals.sum or not taxes
    net_lines = [line for line in lines if not line.row.tax_included]
    assert totals_of(net_lines, None).discount == off_all
    assert totals.rows == len(sold)
    assert totals.quantity == sum(many for _, many, *_ in sold)


@given(SOLD)
@limits(deadline=None)
def test_what_is_taken_off_and_what_is_left_make_the_price_before(
    sold: list[tuple[int, Decimal, str | None, bool, int]],
) -> None:
    for price, many, rate, included, off in sold:
        line = Line(
            row_of(1, "x", str(price), str(many), tax=rate, included=included, discount=str(off))
        )
        assert line.price_netto - line.discount == line.price_exclusive
        assert line.price_raw == Decimal(price) * (100 - off) / 100
        assert line.exclusive_sum + line.tax_sum == line.price_sum
        if not included:
            assert line.price_netto == line.price_raw_netto == Decimal(price)
        if off == 0:
            assert (line.discount, line.price_brutto) == (0, line.price)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0", "EUR", "Zero euros 00 cents"),
        ("1.01", "EUR", "One euro 01 cent"),
        ("48650.77", "EUR", "Forty-eight thousand six hundred fifty euros 77 cents"),
        ("1000000", "USD", "One million dollars 00 cents"),
        ("2.5", "GBP", "Two pounds 50 pence"),
        ("12", "CHF", "Twelve CHF 00 cents"),
        ("-5.5", "EUR", "Minus five euros 50 cents"),
        ("271", "", "Two hundred seventy-one"),
        ("2.5", "", "Two point five"),
        ("0.005", "EUR", "Zero euros 01 cent"),
    ],
)
def test_amounts_in_words(amount: str, currency: str, words: str) -> None:
    assert in_words(Decimal(amount), currency) == words


VALUES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


@given(st.integers(0, 10**15 - 1))
def test_words_can_be_read_back(number: int) -> None:
    total = group = 0
    for word in number_in_words(number).replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        else:
            group += VALUES[word]
    assert total + group == number
