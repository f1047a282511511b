"""Dates in the portal's pattern and amounts as people write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.documents import patterns

DAYS = ["d.m.Y", "m/d/Y", "Y-m-d", "d/m/Y", "j.n.Y", "Y/m/d", "d-m-Y", "d.m.Y H:i", "m/d/Y h:i:s a"]
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))
amounts = st.decimals(0, 10**12, places=2, allow_nan=False, allow_infinity=False)


@given(dates, st.sampled_from(DAYS))
def test_a_day_survives_being_shown_and_read(day: date, pattern: str) -> None:
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day has no zone
    shown = patterns.show_date(moment, pattern)
    assert patterns.read_date(shown, pattern) == moment


@given(dates, st.sampled_from(DAYS[:7]))
def test_a_day_goes_to_the_portal_as_iso(day: date, pattern: str) -> None:
    moment = patterns.read_date(day.isoformat(), pattern)
    assert moment is not None
    assert patterns.write_iso(moment, pattern) == day.isoformat()


@given(st.text(max_size=40), st.text(max_size=12))
def test_reading_a_date_never_fails(text: str, pattern: str) -> None:
    patterns.read_date(text, pattern)


@pytest.mark.parametrize(
    ("text", "pattern", "sent"),
    [
        ("12.05.2026", "d.m.Y", "2026-05-12"),
        (" 1.2.2026 ", "d.m.Y", "2026-02-01"),
        ("05/12/2026", "m/d/Y", "2026-05-12"),
        ("2026-05-12", "d.m.Y", "2026-05-12"),
        ("12.05.2026 14:30", "d.m.Y H:i", "2026-05-12T14:30:00"),
        ("2026-05-12T14:30:00+02:00", "d.m.Y H:i", "2026-05-12T14:30:00+02:00"),
    ],
)
def test_days_as_people_type_them(text: str, pattern: str, sent: str) -> None:
    moment = patterns.read_date(text, pattern)
    assert moment is not None
    assert patterns.write_iso(moment, pattern) == sent


@pytest.mark.parametrize("text", ["", "soon", "31.02.2026", "12.05.26", "12.05.", "12.05.2026 x"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert patterns.read_date(text, "d.m.Y") is None


def test_an_example_shows_the_pattern() -> None:
    assert patterns.example("d.m.Y") == "12.05.2026"
    assert patterns.example("m/d/Y") == "05/12/2026"


def _written(amount: Decimal, thousands: str, point: str, form: str) -> str:
    plain = f"{amount:,.2f}"
    digits = plain.replace(",", "T").replace(".", point).replace("T", thousands)
    return form.format(digits)


@given(
    amounts,
    st.sampled_from(
        [("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("\u202f", ","), ("'", ".")]
    ),
    st.sampled_from(["{}", "{} €", "€ {}", "EUR {}", "{} EUR", " {} ", "-{}"]),
)
def test_an_amount_is_read_however_it_is_written(
    amount: Decimal, marks: tuple[str, str], form: str
) -> None:
    text = _written(amount, *marks, form)
    wanted = -amount if form.startswith("-") else amount
    assert patterns.read_amount(text, "EUR") == wanted


@given(st.text(max_size=30), st.text(max_size=10))
def test_reading_an_amount_never_fails(text: str, like: str) -> None:
    found = patterns.read_amount(text, like)
    assert found is None or found.is_finite()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200", "1200"),
        ("1200.5", "1200.5"),
        ("1.200", "1200"),
        ("1,200", "1200"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("+5", "5"),
        ("1\u00a0200,50\u00a0€", "1200.50"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert patterns.read_amount(text, "EUR") == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a lot", "12x", "x12", "12 abc", "1200 USD", "$ 5", "5 %", "--5", "5-", "1e5"),
        *("12.05.2026", "1,234.567,89", "1..5", "1.2.3", "1,,000", "12,34,56", ".5", "5.", "٣"),
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert patterns.read_amount(text, "EUR") is None


def test_the_currency_may_stand_as_it_was_shown() -> None:
    assert patterns.read_amount("1 300,00 руб.", "1 200,00 руб.") == Decimal("1300.00")
    assert patterns.read_amount("1300 zł", "PLN") == Decimal(1300)
    assert patterns.read_amount("1300 руб.", "EUR") is None
