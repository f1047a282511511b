"""Document numbers, as Anna's numerators give them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.sandbox.generator import documents
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.numerators import (
    PREFIX,
    RANDOM,
    SEQUENT,
    NumberContext,
    preview,
    take,
)
from tests.sandbox.world import Numerator, Portal
from tests.unit.sandbox.paper import BORIS, DEAL, add_template, nordwerk, page, user

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
WORKS, SERVICE = NumberContext(4, 20, "501"), NumberContext(6, 20, "501")


def numerator(template: str = "{NUMBER}", **settings: Any) -> Numerator:
    return Numerator(2, "Offers", template, {SEQUENT: settings} if settings else {})


def test_looking_at_the_next_number_does_not_spend_it() -> None:
    offers = numerator("{YEAR}-{NUMBER}", length=3)

    assert [preview(offers, WORKS, NOW) for _ in range(3)] == ["2026-001"] * 3
    assert take(offers, WORKS, NOW) == "2026-001"
    assert preview(offers, WORKS, NOW) == "2026-002"


def test_every_own_company_counts_for_itself() -> None:
    offers = numerator()

    taken = [take(offers, who, NOW) for who in (WORKS, WORKS, SERVICE, WORKS)]

    assert taken == ["1", "2", "1", "3"]


def test_direct_numeration_is_one_sequence_for_all() -> None:
    acts = numerator(isDirectNumeration=True)

    assert [take(acts, who, NOW) for who in (WORKS, SERVICE, WORKS)] == ["1", "2", "3"]


def test_a_new_year_starts_again_at_the_first_number() -> None:
    offers = numerator("{YEAR}-{NUMBER}", start=10, periodicBy="year")
    take(offers, WORKS, NOW)
    take(offers, WORKS, NOW)

    assert take(offers, WORKS, NOW + timedelta(days=365)) == "2027-10"


def test_the_year_ends_where_the_numerator_lives() -> None:
    berlin = numerator("{YEAR}-{NUMBER}", periodicBy="year", timezone="Europe/Berlin")
    utc = numerator("{YEAR}-{NUMBER}", periodicBy="year")
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    for one in (berlin, utc):
        take(one, WORKS, NOW)

    assert take(berlin, WORKS, late) == "2027-1"
    assert take(utc, WORKS, late) == "2026-2"


def test_changing_the_first_number_leaves_a_running_sequence_alone() -> None:
    offers = numerator(start=1)
    take(offers, WORKS, NOW)
    offers.settings[SEQUENT]["start"] = 500

    assert take(offers, WORKS, NOW) == "2"


def test_all_words_of_a_template_are_filled() -> None:
    offers = numerator("{PREFIX}{DAY}.{MONTH}.{YEAR}/{CLIENT_ID}/{SELF_ID}/{SELF_COMPANY_ID}")
    offers.settings[PREFIX] = {"prefix": "N-"}

    assert take(offers, WORKS, NOW) == "N-12.05.2026/20/501/4"


def test_random_has_the_length_asked_for() -> None:
    offers = numerator("{RANDOM}")
    assert len(preview(offers, WORKS, NOW)) == 5
    offers.settings[RANDOM] = {"length": 9}
    number = preview(offers, WORKS, NOW)
    assert len(number) == 9
    assert number == number.upper()


def test_an_unknown_time_zone_counts_as_utc() -> None:
    assert take(numerator(timezone="Mars/Olympus"), WORKS, NOW) == "1"


@given(
    start=st.integers(0, 10_000),
    step=st.integers(1, 50),
    length=st.integers(0, 12),
    pad=st.sampled_from(["0", "x", "ab"]),
    takes=st.integers(1, 30),
)
def test_numbers_climb_by_the_step_and_the_preview_is_always_right(
    start: int, step: int, length: int, pad: str, takes: int
) -> None:
    offers = numerator(start=start, step=step, length=length, padString=pad)
    for position in range(takes):
        promised = preview(offers, WORKS, NOW)
        number = take(offers, WORKS, NOW)
        plain = str(start + position * step)
        assert number == promised
        assert number.endswith(plain)
        assert len(number) == max(length, len(plain))


@given(st.lists(st.integers(0, 400 * 24), min_size=1, max_size=40))
def test_a_yearly_numerator_never_gives_a_number_twice_in_a_year(hours: list[int]) -> None:
    offers = numerator("{YEAR}-{NUMBER}", periodicBy="year", timezone="Europe/Berlin")

    given_out = [take(offers, WORKS, NOW + timedelta(hours=hour)) for hour in sorted(hours)]

    assert len(set(given_out)) == len(given_out)


PERIODS = st.sampled_from(["", None, "day", "month", "year", "century"])
ZONES = st.sampled_from(["", "UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Nowhere"])
OWN = st.sampled_from([None, 4, 6])
MINUTES = st.integers(0, 800 * 24 * 60)


def day_in(zone: str, moment: datetime) -> tuple[int, int, int]:
    known = "UTC" if zone in ("", "Nowhere") else zone
    local = moment.astimezone(ZoneInfo(known))
    return local.year, local.month, local.day


class Ledger:
    """The rules of numbering in the plainest words: what each sequence gave, and when."""

    def __init__(self) -> None:
        self.given: dict[object, tuple[int, int, datetime]] = {}

    def next(self, settings: dict[str, Any], own: int | None, now: datetime) -> int:
        sequence = "all" if settings["isDirectNumeration"] else own
        known = self.given.get(sequence)
        number = settings["start"]
        if known is not None:
            last, step, moment = known
            parts = {"day": 3, "month": 2, "year": 1}.get(settings["periodicBy"] or "", 0)
            zone = settings["timezone"]
            if day_in(zone, moment)[:parts] == day_in(zone, now)[:parts]:
                number = last + step
        self.given[sequence] = (number, settings["step"], now)
        return int(number)


@given(
    settings=st.fixed_dictionaries(
        {
            "start": st.integers(0, 500),
            "step": st.integers(1, 20),
            "periodicBy": PERIODS,
            "timezone": ZONES,
            "isDirectNumeration": st.booleans(),
            "length": st.integers(0, 6),
            "padString": st.sampled_from(["0", "#", "ab", ""]),
        }
    ),
    uses=st.lists(
        st.tuples(
            MINUTES, OWN, st.dictionaries(st.sampled_from(["start", "step"]), st.integers(1, 9))
        ),
        min_size=1,
        max_size=25,
    ),
)
def test_every_sequence_gives_what_a_ledger_would(
    settings: dict[str, Any],
    uses: list[tuple[int, int | None, dict[str, int]]],
) -> None:
    offers, ledger = numerator(**settings), Ledger()
    for minute, own, changed in sorted(uses, key=lambda use: use[0]):
        settings = settings | changed
        offers.settings[SEQUENT] = dict(settings)
        now = NOW + timedelta(minutes=minute)
        context = NumberContext(own, None, "501")
        promised = preview(offers, context, now)
        number = take(offers, context, now)
        expected = str(ledger.next(settings, own, now))
        pad = settings["padString"] or "0"
        filled = (pad * 9)[: max(0, settings["length"] - len(expected))] + expected
        assert number == promised == filled


@given(st.lists(st.tuples(MINUTES, OWN, st.booleans()), max_size=25))
def test_looking_changes_nothing(uses: list[tuple[int, int | None, bool]]) -> None:
    looked, untouched = numerator(periodicBy="month"), numerator(periodicBy="month")
    for minute, own, look in sorted(uses, key=lambda use: use[0]):
        now, context = NOW + timedelta(minutes=minute), NumberContext(own, None, "1")
        if look:
            preview(looked, context, now)
        else:
            assert take(looked, context, now) == take(untouched, context, now)
    assert looked.sequences == untouched.sequences


@pytest.mark.parametrize(
    ("period", "zone", "before", "after"),
    [
        ("day", "Europe/Berlin", "2026-05-12T21:59:59", "2026-05-12T22:00:00"),
        ("day", "", "2026-05-12T23:59:59", "2026-05-13T00:00:00"),
        ("month", "America/New_York", "2026-06-01T03:59:59", "2026-06-01T04:00:00"),
        ("year", "Asia/Tokyo", "2026-12-31T14:59:59", "2026-12-31T15:00:00"),
    ],
)
def test_a_period_ends_at_its_own_zone_s_midnight(
    period: str, zone: str, before: str, after: str
) -> None:
    offers = numerator(start=7, periodicBy=period, timezone=zone)
    first, second, third = (
        take(offers, WORKS, datetime.fromisoformat(moment).replace(tzinfo=UTC))
        for moment in ("2026-05-12T12:00:00", before, after)
    )

    assert first == "7"
    assert second in ("7", "8")
    assert third == "7"


def test_the_same_month_a_year_later_is_another_period() -> None:
    offers = numerator(periodicBy="month")
    numbers = [take(offers, WORKS, NOW + timedelta(days=days)) for days in (0, 1, 365)]

    assert numbers == ["1", "2", "1"]


def test_a_period_set_later_counts_from_the_last_number_given() -> None:
    offers = numerator()
    take(offers, WORKS, NOW)
    offers.settings[SEQUENT] = {"periodicBy": "year"}

    assert take(offers, WORKS, NOW + timedelta(days=1)) == "2"
    assert take(offers, WORKS, NOW + timedelta(days=365)) == "1"


def test_a_new_step_shows_one_number_later() -> None:
    offers = numerator(step=1)
    take(offers, WORKS, NOW)
    offers.settings[SEQUENT]["step"] = 10

    assert [take(offers, WORKS, NOW) for _ in range(3)] == ["2", "12", "22"]


def test_direct_numeration_switched_on_later_begins_anew() -> None:
    acts = numerator()
    take(acts, WORKS, NOW)
    acts.settings[SEQUENT] = {"isDirectNumeration": True}

    assert [take(acts, who, NOW) for who in (WORKS, SERVICE)] == ["1", "2"]


@given(st.integers(1, 30), st.text("AB-/.", max_size=5))
def test_prefix_and_random_as_set(length: int, prefix: str) -> None:
    codes = numerator("{PREFIX}{RANDOM}")
    codes.settings |= {RANDOM: {"length": length}, PREFIX: {"prefix": prefix}}
    number = take(codes, WORKS, NOW)

    assert number.startswith(prefix)
    assert re.fullmatch(f"[A-Z0-9]{{{length}}}", number.removeprefix(prefix))
    assert codes.sequences == {}


def spent(portal: Portal) -> int:
    return portal.numerators[2].sequences["COMPANY_ID_4"]


@given(st.lists(st.sampled_from(["make", "look", "fail", "given", "again"]), max_size=8))
@limits(max_examples=25, deadline=None)
def test_only_making_costs_a_number_whether_it_works_or_not(acts: list[str]) -> None:
    portal = nordwerk()
    boris = user(portal, BORIS)
    letter = add_template(portal, page("{Title}"))
    broken = add_template(portal, b"damaged", id=91)
    letter.numerator_id = broken.numerator_id = 2
    first = documents.make(portal, 90, DEAL, "501", boris, {}, {}, False, NOW)
    for act in acts:
        before = spent(portal)
        if act == "make":
            made = documents.make(portal, 90, DEAL, "501", boris, {}, {}, False, NOW)
            assert made.number == f"2026-{before:03d}"
        elif act == "look":
            documents.fields_of_template(portal, letter, DEAL, "501", boris, {}, NOW)
            documents.fields_of_document(portal, first, boris, {}, NOW)
        elif act == "fail":
            with pytest.raises(GeneratorError):
                documents.make(portal, 91, DEAL, "501", boris, {}, {}, False, NOW)
        elif act == "given":
            values = {"DocumentNumber": "X"}
            documents.make(portal, 90, DEAL, "501", boris, values, {}, False, NOW)
        else:
            documents.regenerate(portal, first, boris, {}, False, NOW)
            assert first.number == "2026-048"
        assert spent(portal) - before == (1 if act in ("make", "fail") else 0)


def test_without_any_numerator_there_is_no_document() -> None:
    portal = nordwerk()
    portal.numerators.clear()

    with pytest.raises(GeneratorError, match="Error getting next number"):
        documents.make(portal, 39, DEAL, "501", user(portal, BORIS), {}, {}, False, NOW)


def test_a_template_that_says_nothing_gives_no_number() -> None:
    portal = nordwerk()
    portal.numerators[2].template = "{CLIENT_ID}"
    portal.deals[501].company_id, portal.deals[501].contact_ids = None, []

    with pytest.raises(GeneratorError, match="Error getting next number"):
        documents.make(portal, 39, DEAL, "501", user(portal, BORIS), {}, {}, False, NOW)
