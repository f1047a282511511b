"""What the numbers of documents say about a numerator: gaps, doubles, order; and what is normal.

Pure rules. A number that is there twice is normal where two own companies count for themselves, or
where the sequence began again with a new period; in one sequence it is not. Bitrix24 spends a
number before it makes the document, so a gap is a document that failed, or was deleted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from b24app.console import numbering
from b24app.console.numbering import Plan

AT_ONCE: Final = timedelta(minutes=5)
"""Documents made together may be saved in another order than they took their numbers."""
NAMED: Final = 6
"""Documents named in one finding."""
MOST: Final = 200
"""Findings told of one numerator; the rest is counted."""
_LEAP: Final = 5
"""A sequence that starts anew may have lost a few numbers already when its second is seen."""


class Kind(StrEnum):
    GAP = "gap"
    DOUBLE = "double"
    ORDER = "order"
    RESTART = "restart"
    """The sequence started again within its period."""
    LATE = "late"
    """A period does not begin with the first number."""
    RESET = "reset"
    """The same number in two periods: normal."""
    COMPANIES = "companies"
    """The same number of two own companies: normal."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document with its number. `company`: the own company it was made for, None where that is
    not known. `typed`: somebody typed the number, so the numerator gave none.
    """

    id: int
    text: str
    at: datetime
    template_id: int
    company: int | None
    item: tuple[int, int]
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`first`, `last`: the running numbers, as printed; the same where there is one. `count`: how
    many numbers. `documents`: those it is about, of a gap the ones before and behind it.
    """

    kind: Kind
    first: str
    last: str
    count: int
    company: int | None
    period: str
    documents: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """`read`: numbers that follow the pattern. `odd`: numbers that do not. `more`: findings that
    are not told. `sequences`: how many there are.
    """

    findings: tuple[Finding, ...]
    read: int
    odd: int
    more: int = 0
    sequences: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    value: int
    document: Numbered


Key = tuple[int | None, str]
"""Own company (None where all share a sequence) and period."""


@dataclass(slots=True)
class _Sequence:
    plan: Plan
    key: Key
    entries: list[_Entry] = field(default_factory=list)
    """Given by the numerator, oldest first."""
    typed: list[_Entry] = field(default_factory=list)
    elsewhere: set[int] = field(default_factory=set)
    """Numbers that a document of a deleted template carries."""

    def finding(
        self, kind: Kind, first: int, last: int, count: int, documents: Iterable[Numbered]
    ) -> Finding:
        ends = (numbering.padded(self.plan, first), numbering.padded(self.plan, last))
        return Finding(kind, *ends, count, *self.key, tuple(documents)[:NAMED])


def audit(plan: Plan, documents: Iterable[Numbered], strays: Iterable[Numbered] = ()) -> Audit:
    """All that is to be said about one numerator.

    `documents`: of the templates that use it. `strays`: of templates that are deleted, so that
    nobody tells which numerator they used; their numbers are no gaps.
    """
    sequences, odd = _sequences(plan, documents)
    _fill(plan, sequences, strays)
    findings = [one for sequence in sequences.values() for one in _judged(sequence)]
    findings += _twins(sequences.values())
    findings.sort(key=lambda one: _RANK[one.kind])
    read = sum(len(one.entries) + len(one.typed) for one in sequences.values())
    return Audit(tuple(findings[:MOST]), read, odd, max(0, len(findings) - MOST), len(sequences))


_RANK: Final[Mapping[Kind, int]] = {
    Kind.DOUBLE: 0,
    Kind.RESTART: 1,
    Kind.GAP: 2,
    Kind.ORDER: 3,
    Kind.LATE: 4,
    Kind.COMPANIES: 5,
    Kind.RESET: 6,
}


def _sequences(plan: Plan, documents: Iterable[Numbered]) -> tuple[dict[Key, _Sequence], int]:
    read, odd = numbering.reader(plan), 0
    found: dict[Key, _Sequence] = {}
    for document in sorted(documents, key=lambda one: one.id):
        reading = read(document.text)
        if reading is None:
            odd += 1
            continue
        company = None if plan.direct else document.company
        key = (company, numbering.period(plan, document.at, reading))
        sequence = found.setdefault(key, _Sequence(plan, key))
        entries = sequence.typed if document.typed else sequence.entries
        entries.append(_Entry(reading.value, document))
    return found, odd


def _fill(plan: Plan, sequences: Mapping[Key, _Sequence], strays: Iterable[Numbered]) -> None:
    read = numbering.reader(plan)
    for document in strays:
        reading = read(document.text)
        company = None if plan.direct else document.company
        key = (company, numbering.period(plan, document.at, reading))
        if reading is not None and key in sequences:
            sequences[key].elsewhere.add(reading.value)


def _judged(sequence: _Sequence) -> list[Finding]:
    """Everything about one sequence, but what it shares with others."""
    found: list[Finding] = []
    runs = _runs(sequence)
    seen: set[str] = set()
    for index, run in enumerate(runs):
        texts = {entry.document.text for entry in run}
        if index:
            first = run[0]
            again = len(texts & seen)
            documents = [runs[index - 1][-1].document, first.document]
            found.append(sequence.finding(Kind.RESTART, first.value, first.value, again, documents))
        seen |= texts
        found += _doubles(sequence, run)
        found += _order_and_gaps(sequence, run)
    found += _typed_twice(sequence)
    found += _late(sequence, runs)
    return found


def _runs(sequence: _Sequence) -> list[list[_Entry]]:
    """The entries, cut where the sequence started again from its beginning."""
    runs: list[list[_Entry]] = []
    entries = sequence.entries
    lowest = highest = 0
    for index, entry in enumerate(entries):
        following = entries[index + 1].value if index + 1 < len(entries) else entry.value
        leap = following - entry.value
        starts = entry.value <= lowest and entry.value < highest
        if not runs or (starts and 0 < leap <= _LEAP * sequence.plan.step and following <= highest):
            runs.append([])
            lowest = highest = entry.value
        runs[-1].append(entry)
        lowest, highest = min(lowest, entry.value), max(highest, entry.value)
    return runs


def _doubles(sequence: _Sequence, run: Sequence[_Entry]) -> list[Finding]:
    by_text: dict[str, list[_Entry]] = defaultdict(list)
    for entry in run:
        by_text[entry.document.text].append(entry)
    return [
        sequence.finding(Kind.DOUBLE, twins[0].value, twins[0].value, len(twins), _documents(twins))
        for twins in by_text.values()
        if len(twins) > 1
    ]


def _typed_twice(sequence: _Sequence) -> list[Finding]:
    """Numbers typed by hand that are there already, typed or given."""
    by_text: dict[str, list[_Entry]] = defaultdict(list)
    for entry in (*sequence.entries, *sequence.typed):
        by_text[entry.document.text].append(entry)
    twice = [
        by_text[text]
        for text in dict.fromkeys(entry.document.text for entry in sequence.typed)
        if len(by_text[text]) > 1
    ]
    return [
        sequence.finding(Kind.DOUBLE, twins[0].value, twins[0].value, len(twins), _documents(twins))
        for twins in twice
    ]


def _documents(entries: Iterable[_Entry]) -> list[Numbered]:
    return [entry.document for entry in entries]


def _order_and_gaps(sequence: _Sequence, run: Sequence[_Entry]) -> list[Finding]:
    """What stands out of order extends no gap: a number far off was never counted up to."""
    distinct = list({entry.value: entry for entry in reversed(run)}.values())[::-1]
    distinct.sort(key=lambda entry: entry.document.id)
    spine = _longest_rise(distinct)
    in_line = {entry.value for entry in spine}
    found = []
    for entry in distinct:
        neighbour = None if entry.value in in_line else _misplaced(entry, spine)
        if neighbour is not None:
            documents = (entry.document, neighbour.document)
            found.append(sequence.finding(Kind.ORDER, entry.value, entry.value, 1, documents))
    return found + _gaps(sequence, distinct, spine)


def _longest_rise(entries: Sequence[_Entry]) -> list[_Entry]:
    """The longest part that rises with time: what stands outside it stands out of order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, entry in enumerate(entries):
        at = bisect_left(tails, entry.value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(entry.value)
            ends.append(index)
        else:
            tails[at], ends[at] = entry.value, index
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(entries[at])
        at = before[at]
    return found[::-1]


def _misplaced(entry: _Entry, spine: Sequence[_Entry]) -> _Entry | None:
    """The neighbour by number that was made at quite another time; None: made together."""
    at = bisect_left([one.value for one in spine], entry.value)
    made = entry.document.at
    if at and spine[at - 1].document.at - made > AT_ONCE:
        return spine[at - 1]
    if at < len(spine) and made - spine[at].document.at > AT_ONCE:
        return spine[at]
    return None


def _gaps(sequence: _Sequence, entries: Sequence[_Entry], spine: Sequence[_Entry]) -> list[Finding]:
    lowest, highest = spine[0].value, spine[-1].value
    known = {one.value: one for one in entries if lowest <= one.value <= highest}
    there = {*known, *(one.value for one in sequence.typed), *sequence.elsewhere}
    values = sorted(value for value in there if lowest <= value <= highest)
    step, found = max(sequence.plan.step, 1), []
    for left, right in pairwise(values):
        missing = (right - left - 1) // step
        if missing > 0:
            sides = [known[value].document for value in (left, right) if value in known]
            ends = (left + step, left + missing * step)
            found.append(sequence.finding(Kind.GAP, *ends, missing, sides))
    return found


def _late(sequence: _Sequence, runs: Sequence[Sequence[_Entry]]) -> list[Finding]:
    """A day, month or year that does not begin with the first number."""
    plan = sequence.plan
    if not sequence.key[1] or not runs:
        return []
    first = min(runs[0], key=lambda entry: entry.value)
    step = max(plan.step, 1)
    missing = -(-(first.value - plan.start) // step)
    there = sum(value < first.value for value in sequence.elsewhere)
    there += sum(entry.value < first.value for entry in sequence.typed)
    if missing <= there:
        return []
    last = plan.start + (missing - 1) * step
    return [sequence.finding(Kind.LATE, plan.start, last, missing - there, [first.document])]


def _twins(sequences: Iterable[_Sequence]) -> list[Finding]:
    """The same text in two sequences, told once for each reason."""
    owners: dict[str, list[tuple[Key, _Entry]]] = defaultdict(list)
    for sequence in sequences:
        plan = sequence.plan
        for entry in {one.document.text: one for one in sequence.entries}.values():
            owners[entry.document.text].append((sequence.key, entry))
    by_kind: dict[Kind, list[list[tuple[Key, _Entry]]]] = defaultdict(list)
    for twins in owners.values():
        if len(twins) > 1:
            periods = Counter(key[1] for key, _ in twins)
            kind = Kind.COMPANIES if max(periods.values()) > 1 else Kind.RESET
            by_kind[kind].append(twins)
    found = []
    for kind, all_twins in by_kind.items():
        example = all_twins[0]
        shown = numbering.padded(plan, example[0][1].value)
        documents = tuple(entry.document for _, entry in example)[:NAMED]
        found.append(Finding(kind, shown, shown, len(all_twins), None, "", documents))
    return found
