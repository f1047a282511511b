"""Field values that know how they are shown in a form and printed in a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from tests.sandbox.generator.grammar import modifiers, pattern_of, switch
from tests.sandbox.generator.locale import Locale, number
from tests.sandbox.generator.words import in_words

Scalar = str | int | float | None

NAMESPACE = "Bitrix\\Crm\\Integration\\DocumentGenerator\\Value\\"
MONEY, ADDRESS, TAX_RATE = NAMESPACE + "Money", NAMESPACE + "Address", NAMESPACE + "TaxRate"
DATE_TIME = "Bitrix\\DocumentGenerator\\Value\\DateTime"
"""How quotes call what is DATE elsewhere."""
DATE, NAME, PHONE, IMAGE, STAMP = "DATE", "NAME", "PHONE", "IMAGE", "STAMP"
TEXT = "TEXT"


def _title(text: str) -> str:
    """Each word with one capital; what follows an apostrophe is still the same word."""
    return WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": _title,
}


class Value(Protocol):
    def plain(self) -> Scalar:
        """What getfields shows."""

    def text(self, modifier: str) -> str:
        """What is printed for `{Code~modifier}`."""


@dataclass(frozen=True)
class Text:
    content: str | int

    def plain(self) -> Scalar:
        return self.content

    def text(self, modifier: str) -> str:
        content = str(self.content)
        case = CASES.get(modifiers(modifier).get("letterCase", ""))
        return case(content) if case else content


@dataclass(frozen=True)
class Quantity:
    amount: Decimal

    def plain(self) -> Scalar:
        return number(self.amount)

    def text(self, modifier: str) -> str:
        return number(self.amount)


@dataclass(frozen=True)
class Date:
    moment: datetime
    locale: Locale
    pattern: str = ""

    def plain(self) -> Scalar:
        return self.text("")

    def text(self, modifier: str) -> str:
        return self.locale.date(self.moment, pattern_of(modifier) or self.pattern)


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str
    locale: Locale
    sign: bool = True
    zeros: bool = True
    words: bool = False

    def plain(self) -> Scalar:
        # A portal gives the bare number here: the value object is unwrapped, not formatted.
        return float(self.amount)

    def text(self, modifier: str) -> str:
        given = modifiers(modifier)
        currency = given.get("CurId") or self.currency
        sign = not switch(given, "NS", not self.sign)
        if switch(given, "W", self.words):
            return in_words(self.amount, currency if sign else "")
        zeros = switch(given, "WZ", self.zeros)
        return self.locale.money(self.amount, currency, sign=sign, zeros=zeros)


@dataclass(frozen=True)
class TaxRate:
    rate: Decimal | None
    percent: bool = True

    def plain(self) -> Scalar:
        return self.text("")

    def text(self, modifier: str) -> str:
        if self.rate is None:
            return "Tax exempt"
        percent = "%" if switch(modifiers(modifier), "WP", self.percent) else ""
        return f"{number(self.rate)}{percent}"


@dataclass(frozen=True)
class PersonName:
    parts: dict[str, str]
    pattern: str = "#NAME# #LAST_NAME#"

    def plain(self) -> Scalar:
        return self.text("")

    def text(self, modifier: str) -> str:
        # Case=… declines Russian names only.
        text = modifiers(modifier).get("Format") or self.pattern
        for part in ("TITLE", "NAME", "SECOND_NAME", "LAST_NAME"):
            value = self.parts.get(part) or ""
            text = text.replace(f"#{part}_SHORT#", f"{value[:1]}." if value else "")
            text = text.replace(f"#{part}#", value)
        return " ".join(text.split())


@dataclass(frozen=True)
class Multiple:
    """Several values in one field: all the phones of a company, a list that was sent."""

    values: tuple[Value, ...]
    first: bool = False
    """Whether only the first is printed unless the modifier says otherwise."""

    def plain(self) -> Scalar:
        return self.text("")

    def text(self, modifier: str) -> str:
        given = modifiers(modifier)
        inner = ",".join(
            part for part in modifier.split(",") if not part.strip().startswith(("mfirst", "msep"))
        )
        texts = list(filter(None, (value.text(inner) for value in self.values)))
        if switch(given, "mfirst", self.first):
            texts = texts[:1]
        return ("\n" if given.get("mseparator") == "2" else ", ").join(texts)


@dataclass(frozen=True)
class Picture:
    path: str
    body: bytes = field(repr=False)
    """Empty where the portal could not fetch what the address names."""

    def plain(self) -> Scalar:
        return self.path

    def text(self, modifier: str) -> str:
        return ""


def parsed_moment(raw: Any) -> datetime | None:
    """An ISO 8601 text as a moment, None if it is none."""
    try:
        return datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
