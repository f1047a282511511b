"""The form of a document: the fields that Bitrix24 names, each with a control and a way back.

A form is data, so that it can be kept with its intent: what was shown is compared with what is
sent, and only the difference travels.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from b24app.bitrix.documentgenerator import DocumentField
from b24app.bitrix.normalise import as_bool
from b24app.bitrix.origin import AddressError, parse_origin
from b24app.documents import patterns
from b24app.documents.errors import FieldsWrong

NUMBER, TITLE = "DocumentNumber", "DocumentTitle"
LONGEST = 10_000
"""Characters that a value may have; Bitrix24 names no limit, a page of text is 3,000."""
LONGEST_NAME = 255
LONGEST_ADDRESS = 2_000
_ELSEWHERE = re.compile(r"\A\W*(?:this|source|document)\.\S|\{[^{}]+\}", re.IGNORECASE)
"""A chain to another field, such as `this.SOURCE.TITLE`, or a placeholder in braces."""
_MARKUP = re.compile(
    r"</?(?:b|i|u|s|p|br|ul|ol|li|div|span|strong|em|a|font)\b[^<>]*>", re.IGNORECASE
)
"""A value that has such a tag is printed with its formatting (docs: HTML in values)."""
_RATE = re.compile(r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%?")
_CONTROLS = {
    "date": "date",
    "money": "amount",
    "image": "picture",
    "stamp": "picture",
    "phone": "phone",
    "name": "name",
    "taxrate": "rate",
    "address": "lines",
    "text": "lines",
}


@dataclass(frozen=True)
class FormField:
    """One field. `control`: text, lines, name, phone, date, amount, rate, select, picture, rows.

    `value` is what Bitrix24 computes, as it is shown. Of `rows`, a column of a table, it is "":
    each row has its own.
    """

    code: str
    title: str
    group: str
    control: str
    value: str
    source: str = ""
    pattern: str = ""
    unit: str = ""
    required: bool = False
    choices: list[list[str]] = field(default_factory=list)
    hidden: bool = False
    """The person may not read in Bitrix24 what would stand here."""
    chain: list[str] = field(default_factory=list)
    """The steps to where the value comes from, without `this` and `SOURCE`."""
    hide_row: bool = False
    """Empty, its line of the table is left out."""
    unknown: bool = False
    """The template names it, and Bitrix24 knows nothing of it."""
    markup: bool = False
    stamp: bool = False
    """A stamp or signature: printed only while stamps are on."""

    @property
    def editable(self) -> bool:
        return not self.hidden


@dataclass(frozen=True)
class Reading:
    """What was typed: the values as Bitrix24 wants them, and a sentence for each bad input."""

    values: dict[str, str]
    problems: dict[str, str]


def build(fields: Iterable[DocumentField], hidden: frozenset[str] = frozenset()) -> list[FormField]:
    """The form's fields, in the portal's order. `hidden` holds heads of chains not to be shown."""
    return [_field(f, _is_hidden(f, hidden)) for f in fields if f.code]


def computed(found: Iterable[DocumentField]) -> dict[str, str]:
    """What Bitrix24 would print without overrides, by code, as `build` shows it.

    Of a choice only what is chosen is told, so it stands for both.
    """
    plain = [f if f.is_select else replace(f, value=f.default) for f in found]
    return {f.code: lines(f.value) for f in build(plain)}


def as_shown(f: FormField, text: str) -> str:
    """A text as Bitrix24 would show it once it is printed: a day in its pattern, two places."""
    moment = patterns.read_date(text, f.pattern) if f.control == "date" else None
    if moment:
        return patterns.show_date(moment, f.pattern)
    amount = _amount(f, text) if f.control == "amount" else None
    return _two_places(str(amount)) if amount is not None else lines(text)


def renewed(
    was: Iterable[FormField], found: list[FormField], sent: Collection[str]
) -> list[FormField]:
    """The fields after a dry run. Those in `sent` came back as they were sent, so what Bitrix24
    computes for them stays as it was known."""
    known = {f.code: f for f in was}
    return [_as_known(f, known[f.code]) if f.code in sent and f.code in known else f for f in found]


def _as_known(f: FormField, known: FormField) -> FormField:
    """With the value it had, and the control that it is typed in at this moment."""
    if "select" in {f.control, known.control} and f.control != known.control:
        return f
    return replace(f, value=known.value, control=known.control, markup=known.markup)


def from_rows(rows: list[dict[str, Any]]) -> list[FormField]:
    return [FormField(**row) for row in rows]


def to_rows(fields: list[FormField]) -> list[dict[str, Any]]:
    return [asdict(f) for f in fields]


def _field(found: DocumentField, hidden: bool) -> FormField:
    control = _control(found)
    value = "" if hidden else _shown(found, control)
    return FormField(
        code=found.code,
        title=found.title or found.code,
        group=found.group[-1] if found.group else _("Other"),
        control=control,
        value=value,
        source=" › ".join(found.group[1:]),
        pattern=str(found.format.get("format") or "d.m.Y") if control == "date" else "",
        unit=str(found.format.get("currencyId") or "") if control == "amount" else "",
        required=found.required,
        choices=[] if hidden else [[c.value, c.title] for c in found.choices],
        hidden=hidden,
        chain=[step for step in found.chain if step not in {"this", "SOURCE"}],
        hide_row=found.hide_row,
        unknown=not (found.title or found.chain or found.group),
        markup=control in {"text", "lines"} and has_markup(value),
        stamp=found.type == "stamp",
    )


def has_markup(text: str) -> bool:
    """Whether Bitrix24 takes the text for HTML, and prints its formatting instead of its tags."""
    return bool(_MARKUP.search(text))


def _control(found: DocumentField) -> str:
    if found.is_select:
        return "select"
    if found.is_array:
        return "rows"
    control = _CONTROLS.get(found.type, "text")
    if control == "amount" and as_bool(found.format.get("words")):
        return "text"  # the amount in words
    is_long = "\n" in _text(found.value) or has_markup(_text(found.value))
    return "lines" if control == "text" and is_long else control


def _shown(found: DocumentField, control: str) -> str:
    if control == "select":
        return next((c.value for c in found.choices if c.selected), "")
    if control == "rows":
        return ""
    value = _text(found.value)
    if control == "date":
        return _day(value, str(found.format.get("format") or "d.m.Y"))
    return _two_places(value) if control == "amount" else value


def _day(value: str, pattern: str) -> str:
    moment = patterns.read_date(value, pattern)
    return patterns.show_date(moment, pattern) if moment else value


def _two_places(value: str) -> str:
    """A bare number as an amount ("40883.0" is 40883.00); what is formatted already stays."""
    try:
        number = Decimal(value)
        return f"{number:.2f}" if abs(number.adjusted()) < 40 else value
    except InvalidOperation:
        return value


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _is_hidden(found: DocumentField, heads: frozenset[str]) -> bool:
    """A choice has no chain: its code is the path to what can be chosen."""
    path = [part for part in found.chain if part not in {"this", "SOURCE"}] or found.code.split(".")
    if path[0] == "MY_COMPANY":
        return False
    return any(part in heads or ("CLIENT" in heads and part.startswith("CLIENT_")) for part in path)


def path_of(f: FormField) -> list[str]:
    """The provider path of a field; a choice has no chain, its code is the path."""
    return f.code.split(".") if f.control == "select" else f.chain


def text_of(f: FormField, typed: Mapping[str, str]) -> str:
    """What will stand in the field: what was typed, else what Bitrix24 computes."""
    return lines(typed.get(f.code, f.value))


def is_changed(f: FormField, typed: Mapping[str, str]) -> bool:
    return f.editable and text_of(f, typed) != lines(f.value)


def drafted(fields: Iterable[FormField], typed: Mapping[str, str]) -> dict[str, str]:
    """Of what was typed only what differs from what was shown, untouched: that is what is kept."""
    return {f.code: typed[f.code] for f in fields if f.code in typed and is_changed(f, typed)}


def read(fields: Iterable[FormField], typed: Mapping[str, str]) -> Reading:
    """What the person made different from what was shown. `typed` has the inputs by code."""
    reading = Reading({}, {})
    for f in fields:
        text = text_of(f, typed)
        wrong = problem(f, text)
        if wrong:
            reading.problems[f.code] = wrong
        elif is_changed(f, typed):
            reading.values[f.code] = sent(f, text)
    return reading


def changed(fields: Iterable[FormField], typed: Mapping[str, str]) -> dict[str, str]:
    """The values of `read`. Raises `FieldsWrong` with a sentence for each bad input."""
    reading = read(fields, typed)
    if reading.problems:
        raise FieldsWrong(reading.problems)
    return reading.values


def lines(text: str) -> str:
    """Browsers send CR LF; a stored value may have any of the three."""
    return re.sub(r"\r\n?", "\n", text).strip()


def problem(f: FormField, text: str) -> str:
    """Why a text cannot be sent as the field's value, as a sentence; "" where it can."""
    if not f.editable:
        return ""
    if f.required and not text:
        return _("Bitrix24 needs a value here.")
    if text == lines(f.value) or not text:
        return ""
    limit = LONGEST_NAME if f.code in {NUMBER, TITLE} else LONGEST
    if len(text) > limit:
        return _("%(length)d characters are too many: %(limit)d fit.") % {
            "length": len(text),
            "limit": limit,
        }
    return _wrong_kind(f, text) or _reaches_elsewhere(text)


def _wrong_kind(f: FormField, text: str) -> str:
    if f.control == "date" and patterns.read_date(text, f.pattern) is None:
        return _("This is not a date. Type it like %(example)s.") % {
            "example": patterns.example(f.pattern)
        }
    if f.control == "amount" and _amount(f, text) is None:
        return _("This is not an amount. Type a number like 1200.50.")
    if f.control == "rate" and not _is_rate(text):
        return _("This is not a tax rate. Type a percentage like 19, or words without a number.")
    if f.control == "select" and text not in [choice[0] for choice in f.choices]:
        return _("Choose one of the list.")
    if f.control == "picture" and not is_picture_address(text):
        return _("This is not the address of a picture. Type it whole, like https://…/logo.png.")
    return ""


def _amount(f: FormField, text: str) -> Decimal | None:
    return patterns.read_amount(text, f"{f.unit} {f.value}")


def _is_rate(text: str) -> bool:
    """A percentage up to 100, or words such as "tax exempt"."""
    match = _RATE.fullmatch(text)
    if match:
        return Decimal(match["number"].replace(",", ".")) <= 100
    return not any(char.isdigit() for char in text)


def is_picture_address(text: str) -> bool:
    """Bitrix24 fetches pictures itself: a whole http(s) address, or a path in its upload folder."""
    if len(text) > LONGEST_ADDRESS or any(c.isspace() or c in '<>"\\{}|^`' for c in text):
        return False
    if text.startswith("/upload/"):
        return ".." not in text
    try:
        parse_origin("/".join(text.split("/", 3)[:3]))
    except AddressError:
        return False
    return True


def _reaches_elsewhere(text: str) -> str:
    """Bitrix24 follows chains and placeholders inside values: they would print other fields."""
    if _ELSEWHERE.search(text):
        return _("A text in braces or starting with “this.” would print another field. Change it.")
    return ""


def sent(f: FormField, text: str) -> str:
    """A text as Bitrix24 wants it: a day in ISO 8601, an amount as a bare number."""
    if not text:
        return ""
    if f.control == "date":
        moment = patterns.read_date(text, f.pattern)
        return patterns.write_iso(moment, f.pattern) if moment else text
    if f.control == "amount":
        amount = _amount(f, text)
        return str(amount) if amount is not None else text
    if f.control == "rate" and (match := _RATE.fullmatch(text)):
        return match["number"].replace(",", ".")
    return text
