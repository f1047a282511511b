"""The auditor tells what is wrong from what is normal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from b24app.console import numbering
from b24app.console.audit import Audit, Finding, Kind, Numbered, audit
from b24app.console.numbering import Plan

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
YEARLY = Plan("Offers", "{YEAR}-{NUMBER}", length=3, periodic_by="year", timezone="Europe/Berlin")
FOREVER = Plan("Acts", "ACT-{NUMBER}", length=3, direct=True)
WORKS, SERVICE = 5, 6


def made(
    plan: Plan,
    values: Iterable[int],
    *,
    company: int | None = WORKS,
    since: datetime = BEGAN,
    every: timedelta = timedelta(hours=1),
    ids: int = 1,
) -> list[Numbered]:
    """Documents with these numbers, one an hour."""
    return [
        Numbered(
            ids + index,
            numbering.written(plan, value, since + index * every),
            since + index * every,
            39,
            company,
            (2, 501),
        )
        for index, value in enumerate(values)
    ]


def told(found: Audit) -> list[tuple[str, str, str, int]]:
    return [(one.kind, one.first, one.last, one.count) for one in found.findings]


def numbers(plan: Plan, finding: Finding) -> list[int]:
    """What a gap says is missing."""
    first, last = int(finding.first), int(finding.last)
    return list(range(first, last + 1, plan.step))


plans = some.builds(
    replace,
    some.sampled_from((YEARLY, FOREVER, replace(YEARLY, template="{NUMBER}"))),
    start=some.integers(1, 30),
    step=some.integers(1, 7),
    direct=some.booleans(),
)


def counted(plan: Plan, length: int) -> list[int]:
    return [plan.start + plan.step * index for index in range(length)]


@given(plans, some.integers(0, 120))
def test_a_clean_sequence_has_no_finding(plan: Plan, length: int) -> None:
    found = audit(plan, made(plan, counted(plan, length)))
    assert (told(found), found.read, found.odd) == ([], length, 0)


@given(plans, some.sets(some.integers(1, 58)))
def test_each_missing_number_is_in_exactly_one_gap(plan: Plan, missing: set[int]) -> None:
    whole = counted(plan, 60)
    kept = [value for index, value in enumerate(whole) if index not in missing]
    found = audit(plan, made(plan, kept))
    assert {one.kind for one in found.findings} <= {Kind.GAP}
    told = [value for one in found.findings for value in numbers(plan, one)]
    assert sorted(told) == sorted(whole[index] for index in missing)
    assert sum(one.count for one in found.findings) == len(missing)


@given(plans, some.integers(0, 19), some.integers(1, 15))
def test_a_double_is_told_with_its_documents(plan: Plan, index: int, later: int) -> None:
    values = counted(plan, 20)
    values.insert(index + later, values[index])
    found = audit(plan, made(plan, values))
    doubles = [one for one in found.findings if one.kind == Kind.DOUBLE]
    twin = numbering.padded(plan, plan.start + plan.step * index)
    assert [(one.first, one.count) for one in doubles] == [(twin, 2)]
    assert len({one.text for one in doubles[0].documents}) == 1
    assert not [one for one in found.findings if one.kind == Kind.GAP]


@given(some.sampled_from((YEARLY, replace(FOREVER, direct=False))), some.integers(1, 40))
def test_two_own_companies_are_told_from_doubles(plan: Plan, length: int) -> None:
    rows = made(plan, counted(plan, 40), ids=1)
    rows += made(plan, counted(plan, length), company=SERVICE, ids=1000)
    found = audit(plan, rows)
    assert [(one.kind, one.count) for one in found.findings] == [(Kind.COMPANIES, length)]
    assert {one.company for one in found.findings[0].documents} == {WORKS, SERVICE}
    assert found.sequences == 2


@given(some.integers(1, 40), some.integers(1, 40))
def test_a_new_year_is_told_from_a_double(last_year: int, this_year: int) -> None:
    plan = replace(YEARLY, template="{NUMBER}")
    rows = made(plan, counted(plan, last_year))
    after = BEGAN + timedelta(days=365)
    rows += made(plan, counted(plan, this_year), since=after, ids=1000)
    found = audit(plan, rows)
    assert [(one.kind, one.count) for one in found.findings] == [
        (Kind.RESET, min(last_year, this_year))
    ]
    with_year = [replace(one, text=f"{one.at.year}-{one.text}") for one in rows]
    assert audit(YEARLY, with_year).findings == ()


def test_a_sequence_that_starts_again_for_no_reason_is_one_finding() -> None:
    found = audit(FOREVER, made(FOREVER, [*range(1, 31), *range(1, 11)]))
    assert told(found) == [(Kind.RESTART, "001", "001", 10)]
    assert [one.text for one in found.findings[0].documents] == ["ACT-030", "ACT-001"]


def test_a_late_number_is_out_of_order_and_no_gap() -> None:
    found = audit(FOREVER, made(FOREVER, [1, 2, 3, 5, 6, 7, 8, 4, 9]))
    assert told(found) == [(Kind.ORDER, "004", "004", 1)]
    together = made(FOREVER, [1, 2, 4, 3, 5], every=timedelta(seconds=2))
    assert audit(FOREVER, together).findings == ()


def test_a_number_far_off_makes_no_gap_of_hundreds() -> None:
    found = audit(FOREVER, made(FOREVER, [1, 2, 999, 3, 4, 5]))
    assert told(found) == [(Kind.ORDER, "999", "999", 1)]


def test_a_number_typed_by_hand_takes_none_from_the_sequence() -> None:
    rows = made(FOREVER, [1, 2, 4, 5, 700, 4])
    rows[-1], rows[-2] = replace(rows[-1], typed=True), replace(rows[-2], typed=True)
    found = audit(FOREVER, rows)
    assert told(found) == [(Kind.DOUBLE, "004", "004", 2), (Kind.GAP, "003", "003", 1)]
    typed = replace(rows[-1], text="ACT-003")
    assert audit(FOREVER, [*rows[:-1], typed]).findings == ()


def test_documents_of_deleted_templates_leave_no_gap() -> None:
    rows: Sequence[Numbered] = made(FOREVER, range(1, 10))
    found = audit(FOREVER, [*rows[:4], *rows[6:]], strays=rows[4:5])
    assert told(found) == [(Kind.GAP, "006", "006", 1)]


def test_a_year_that_begins_late_is_said_calmly() -> None:
    found = audit(YEARLY, made(YEARLY, [4, 5, 6]))
    assert told(found) == [(Kind.LATE, "001", "003", 3)]
    assert audit(FOREVER, made(FOREVER, [4, 5, 6])).findings == ()


def test_numbers_of_another_pattern_are_counted_and_not_judged() -> None:
    rows = made(FOREVER, [1, 2, 3])
    found = audit(FOREVER, [*rows, replace(rows[0], id=9, text="offer to Lindner")])
    assert (told(found), found.read, found.odd) == ([], 3, 1)


def test_what_the_number_says_counts_more_than_when_the_document_was_saved() -> None:
    silvester = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    (last,) = made(YEARLY, [7], since=silvester)
    saved = replace(last, at=silvester + timedelta(seconds=3))
    rows = [*made(YEARLY, range(1, 7)), replace(saved, id=7)]
    assert audit(YEARLY, rows).findings == ()


def test_thousands_of_findings_are_counted() -> None:
    found = audit(FOREVER, made(FOREVER, range(1, 1001, 2)))
    assert (len(found.findings), found.more) == (200, 299)


@given(some.lists(some.integers(0, 200), max_size=60), plans)
def test_whatever_the_numbers_are_they_are_judged(values: list[int], plan: Plan) -> None:
    found = audit(plan, made(plan, values, every=timedelta(days=9)))
    assert found.read + found.odd == len(values)
