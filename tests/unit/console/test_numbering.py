"""Numbers are written as Bitrix24 writes them, and read back as what they were."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from b24app.bitrix.documentgenerator import Numerator
from b24app.console import numbering
from b24app.console.numbering import Plan, Reading

MAY = datetime(2026, 5, 12, 11, 40, tzinfo=UTC)
OFFERS = Plan(
    "Offers", "{YEAR}-{NUMBER}", length=3, periodic_by="year", timezone="Europe/Berlin"
)  # fmt: skip

plans = some.builds(
    Plan,
    name=some.just("N"),
    template=some.sampled_from(
        ("{NUMBER}", "{YEAR}-{NUMBER}", "RE.{MONTH}/{NUMBER}+{YEAR}", "{PREFIX}{NUMBER}({DAY})")
    ),
    start=some.integers(0, 10**6),
    step=some.integers(1, 100),
    length=some.integers(0, 12),
    pad=some.sampled_from(("0", "*", ".", "x-", "0x")),
    periodic_by=some.sampled_from(numbering.PERIODS),
    timezone=some.sampled_from(("", "Europe/Berlin", "Pacific/Kiritimati", "nowhere")),
    prefix=some.text(max_size=8),
)
moments = some.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001
    datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)  # fmt: skip


def test_the_next_five_offers() -> None:
    five = ["2026-048", "2026-049", "2026-050", "2026-051", "2026-052"]
    assert numbering.coming(OFFERS, 48, MAY) == five
    border = numbering.border(OFFERS, MAY)
    assert border == datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert numbering.written(OFFERS, OFFERS.start, border) == "2027-001"


def test_midnight_is_the_one_of_the_numerators_own_zone() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert numbering.period(OFFERS, late) == "2027"
    assert numbering.period(replace(OFFERS, timezone=""), late) == "2026"
    assert numbering.written(OFFERS, 1, late) == "2027-001"
    monthly = replace(OFFERS, periodic_by="month")
    assert numbering.border(monthly, late) == datetime(2027, 2, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert numbering.border(replace(OFFERS, periodic_by=""), late) is None


def test_what_depends_on_the_document_is_named() -> None:
    plan = replace(OFFERS, template="{PREFIX}{NUMBER}/{RANDOM}/{CLIENT_ID}/{OTHER}", prefix="A-")
    assert numbering.coming(plan, 7, MAY)[0] == "A-007/XXXXX/‹client›/{OTHER}"
    assert numbering.coming(replace(plan, template="{RANDOM}"), 7, MAY) == ["XXXXX"]


@given(plans, some.integers(0, 10**9), moments)
def test_what_is_written_is_read_back(plan: Plan, value: int, now: datetime) -> None:
    reading = numbering.reader(plan)(numbering.written(plan, value, now))
    assert reading is not None
    assert reading.value == value
    assert numbering.period(plan, now, reading) == numbering.period(plan, now)


@given(plans, moments)
def test_a_period_ends_at_its_border_and_not_before(plan: Plan, now: datetime) -> None:
    border = numbering.border(plan, now)
    if border is None:
        assert numbering.period(plan, now) == ""
        return
    assert border > now
    assert numbering.period(plan, border) != numbering.period(plan, now)
    assert numbering.period(plan, border - timedelta(microseconds=1)) == numbering.period(plan, now)


@given(some.text(max_size=300), some.text(max_size=60))
def test_no_text_and_no_pattern_is_too_much(text: str, template: str) -> None:
    read = numbering.reader(Plan("N", template + "{NUMBER}"))(text)
    assert read is None or read.value >= 0


@pytest.mark.parametrize(
    ("template", "text", "reading"),
    [
        ("{YEAR}-{NUMBER}", "2026-048", Reading(48, "2026")),
        ("{YEAR}-{NUMBER}", "2026-48", Reading(48, "2026")),
        ("{YEAR}-{NUMBER}", "26-048", None),
        ("{YEAR}-{NUMBER}", "2026-", None),
        ("{NUMBER}/{RANDOM}", "5/AB3D9", Reading(5)),
        ("{NUMBER}-{SELF_ID}-{CLIENT_ID}", "5-501-", Reading(5)),
        ("{YEAR}{YEAR}-{NUMBER}", "20262026-9", Reading(9, "2026")),
        ("{NUMBER} {USER_DEFINED:SHOP}", "12 Berlin", Reading(12)),
        ("{RANDOM}", "ABCDE", None),
        ("{NUMBER}", "9" * 40, None),
        ("{USER_DEFINED:A}" * 4 + "{NUMBER}", "1", None),
        (
            "{SELF_COMPANY_ID}/{CLIENT_ID}/{SELF_ID}/{YEAR}-{NUMBER}",
            "4//501/2026-9",
            Reading(9, "2026"),
        ),
    ],
)
def test_numbers_are_read_strictly(template: str, text: str, reading: Reading | None) -> None:
    assert numbering.reader(replace(OFFERS, template=template))(text) == reading


def test_a_numerator_of_an_old_build_has_the_usual_settings() -> None:
    old = {numbering.SEQUENCE: {"start": "1", "step": 1, "periodicBy": None, "timezone": None}}
    plan = numbering.plan_of(Numerator(1, "Old", "{NUMBER}", None, old))
    assert plan == Plan("Old", "{NUMBER}")
    assert numbering.plan_of(Numerator(1, "Old", "{NUMBER}", None, {})) == plan


@given(plans)
def test_what_is_sent_comes_back_as_the_same_plan(plan: Plan) -> None:
    stored = numbering.plan_of(Numerator(1, plan.name, plan.template, None, plan.settings))
    assert numbering.differs(plan, stored) == ()


def test_what_bitrix24_did_not_take_over_is_named() -> None:
    other = replace(OFFERS, step=5, direct=True, prefix="unused")
    assert numbering.differs(other, OFFERS) == ("step", "direct")
    both = replace(OFFERS, template="{PREFIX}{RANDOM}{NUMBER}")
    assert numbering.differs(replace(both, prefix="A", random_length=9), both) == (
        "prefix",
        "random_length",
    )


def test_no_pattern_of_a_portal_takes_long_to_read() -> None:
    """Four words of any length side by side, and the longest number that does not fit."""
    read = numbering.reader(Plan("N", "{CLIENT_ID}{SELF_ID}{SELF_COMPANY_ID}{NUMBER}x"))
    begun = time.monotonic()
    assert read("1" * 64) is None
    assert time.monotonic() - begun < 1
