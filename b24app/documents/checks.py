"""The flight check: what is or looks wrong about a document that is not made yet.

Pure rules over the fields, what was typed, and the facts of the last dry run. They say what they
found by a code; the page has the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from decimal import Decimal
from typing import Any

from b24app.documents import fields
from b24app.documents.facts import Facts
from b24app.documents.fields import FormField, Reading

LEVELS = ("stop", "ask", "warn", "info")
SINGLY = 3
"""Empty fields that are named one by one; more are named together."""
_PRINTED_AMOUNTS = ("TotalSum",)


@dataclass(frozen=True)
class Check:
    """One finding. `level`: stop and an unanswered ask block, warn and info do not.

    `field`: the code of the field it is about, "" for the document as a whole. `data`: what the
    sentence tells.
    """

    level: str
    code: str
    field: str = ""
    blocks: bool = False
    data: Mapping[str, Any] = with_default(default_factory=dict)

    @property
    def name(self) -> str:
        """Its id in the page."""
        return self.field or self.code


@dataclass(frozen=True)
class Subject:
    """What is checked. `template`: its name. `updating`: a document that exists is changed."""

    fields: list[FormField]
    typed: Mapping[str, str]
    reading: Reading
    facts: Facts
    stamps: bool
    template: str = ""
    updating: bool = False
    in_table: bool = False
    """Each field is shown in a row, with what is printed and what the CRM says."""

    def text(self, f: FormField) -> str:
        return fields.text_of(f, self.typed)

    def find(self, code: str) -> FormField | None:
        return next((f for f in self.fields if f.code == code), None)


def run(subject: Subject) -> list[Check]:
    """All findings, the worst first."""
    found = [
        *_bad_inputs(subject),
        *_choices(subject),
        *_pictures(subject),
        *_unknown(subject),
        *_blanks(subject),
        *_every_row(subject),
    ]
    if subject.facts.read_at:
        found += [*_totals(subject), *_currency(subject), *_number(subject), *_others(subject)]
        if subject.facts.unchecked:
            found.append(Check("info", "unchecked", data={"parts": subject.facts.unchecked}))
    if any(f.hidden for f in subject.fields):
        found.append(Check("info", "hidden", data={"count": sum(f.hidden for f in subject.fields)}))
    return sorted(found, key=lambda check: LEVELS.index(check.level))


def blocking(found: Iterable[Check]) -> Check | None:
    """The first finding that keeps the document from being made."""
    return next((check for check in found if check.blocks), None)


def _bad_inputs(subject: Subject) -> Iterable[Check]:
    for f in subject.fields:
        problem = subject.reading.problems.get(f.code)
        if problem and f.required and not subject.text(f):
            data = {"title": f.title, "offered": _offered(subject, f)}
            yield Check("stop", "required", f.code, blocks=True, data=data)
        elif problem:
            data = {"title": f.title, "problem": problem}
            yield Check("stop", "wrong", f.code, blocks=True, data=data)


def _offered(subject: Subject, f: FormField) -> str:
    """A value to put in with one click: what Bitrix24 would take, else template and number."""
    if f.value or f.code != fields.TITLE:
        return f.value
    number = subject.find(fields.NUMBER)
    return f"{subject.template} {subject.text(number) if number else ''}".strip()


def _choices(subject: Subject) -> Iterable[Check]:
    """A choice that nobody has made: Bitrix24 would take the first. An own company is asked for
    unless the item names it; of all others only what has nothing chosen at all."""
    for f in subject.fields:
        if f.control != "select" or f.hidden or f.code in subject.reading.problems:
            continue
        chosen = subject.text(f)
        own = f.code == "MY_COMPANY" and not subject.facts.my_company_id and not subject.updating
        if own or not chosen:
            settled = bool(chosen) and fields.is_changed(f, subject.typed)
            data = {"title": f.title, "settled": settled}
            yield Check("ask", "choose", f.code, blocks=not chosen, data=data)


def _pictures(subject: Subject) -> Iterable[Check]:
    for f in subject.fields:
        empty = f.control == "picture" and not f.hidden and not subject.text(f)
        if empty and (subject.stamps or not f.stamp):
            code = "no_stamp" if f.stamp else "no_picture"
            yield Check("warn", code, f.code, data={"title": f.title})


def _unknown(subject: Subject) -> Iterable[Check]:
    """Placeholders of the template that no part of Bitrix24 fills; typed ones are printed."""
    codes = [f.code for f in subject.fields if f.unknown and not subject.text(f)]
    if codes:
        yield Check("warn", "unknown", data={"codes": codes})


def is_blank(f: FormField, text: str) -> bool:
    """Whether the page will show a gap there that nobody may have meant."""
    silent = f.hidden or f.unknown or f.hide_row or f.required
    return not text and not silent and f.control not in {"rows", "select", "picture"}


def _blanks(subject: Subject) -> list[Check]:
    blank = [f for f in subject.fields if is_blank(f, subject.text(f))]
    if len(blank) > SINGLY:
        titles = [f.title for f in blank]
        return [Check("warn", "blanks", data={"titles": titles})]
    return [Check("warn", "blank", f.code, data={"title": f.title}) for f in blank]


def _every_row(subject: Subject) -> Iterable[Check]:
    """A text typed for a column of a table stands in each of its rows."""
    for f in subject.fields:
        text = subject.text(f)
        if f.control == "rows" and text and f.code not in subject.reading.problems:
            yield Check("warn", "every_row", f.code, data={"title": f.title, "text": text[:80]})


def _totals(subject: Subject) -> Iterable[Check]:
    facts = subject.facts
    if "rows" in facts.unchecked or not facts.products.complete:
        return
    if not facts.products.lines:
        if any(f.control == "rows" and f.chain[:1] == ["PRODUCTS"] for f in subject.fields):
            yield Check("warn", "no_rows")
        return
    total = facts.products.total
    if facts.amount is None or abs(total - facts.amount) <= _tolerance(facts):
        return
    data = {"total": total, "amount": facts.amount, "currency": facts.currency}
    yield Check("warn", "total", data={**data, "typed": facts.amount_typed})


def _tolerance(facts: Facts) -> Decimal:
    """Half a cent of rounding a row, on each side."""
    return Decimal("0.01") * max(1, len(facts.products.lines))


def _currency(subject: Subject) -> Iterable[Check]:
    facts = subject.facts
    printed = sorted({f.unit for f in subject.fields if f.unit})
    others = [unit for unit in printed if facts.currency and unit != facts.currency]
    if others or len(printed) > 1:
        yield Check("warn", "currency", data={"printed": printed, "currency": facts.currency})


def _number(subject: Subject) -> Iterable[Check]:
    facts = subject.facts
    f = subject.find(fields.NUMBER)
    number = subject.text(f) if f else ""
    if number and facts.number_taken and facts.number == number and "number" not in facts.unchecked:
        typed = f is not None and fields.is_changed(f, subject.typed)
        yield Check("warn", "number", fields.NUMBER, data={"number": number, "typed": typed})


def _others(subject: Subject) -> Iterable[Check]:
    if subject.facts.others and not subject.updating:
        yield Check("info", "others", data={"others": subject.facts.others})
