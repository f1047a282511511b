"""Values that were sent instead of the computed ones: what they mean and which are kept."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.sandbox.generator.field import Field
from tests.sandbox.generator.locale import Locale
from tests.sandbox.generator.providers.pictures import picture
from tests.sandbox.generator.values import (
    DATE,
    DATE_TIME,
    IMAGE,
    MONEY,
    NAME,
    STAMP,
    TAX_RATE,
    Date,
    Money,
    Multiple,
    PersonName,
    TaxRate,
    Text,
    Value,
    parsed_moment,
)
from tests.sandbox.world import Portal

SERVICE = ("productsTableVariant", "_creationMethod", "stampsEnabled")
"""Keys of `values` that steer the generator and are no fields."""


def merged(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored with what is sent over it; null takes an override away."""
    both = {**stored, **sent}
    return {code: value for code, value in both.items() if value is not None}


def prepared(raw: Any, field: Field, portal: Portal, locale: Locale, currency: str) -> Value | None:
    """A sent value as a value of the field's type; text that does not fit stays text."""
    if isinstance(raw, list):
        values = [_single(one, field, portal, locale, currency) for one in raw if one]
        found = tuple(value for value in values if value is not None)
        return Multiple(found, first=bool(field.format.get("mfirst"))) if found else None
    return _single(raw, field, portal, locale, currency)


def _single(raw: Any, field: Field, portal: Portal, locale: Locale, currency: str) -> Value | None:
    if isinstance(raw, (bool, list)) or raw is None:
        return None
    if field.type == NAME and isinstance(raw, dict):
        parts = {key: str(value) for key, value in raw.items() if value}
        return PersonName(parts, field.format.get("format") or "#NAME# #LAST_NAME#")
    if isinstance(raw, dict):
        return None
    if field.type in (IMAGE, STAMP):
        return picture(portal, str(raw).strip())
    return _typed(raw, field, locale, currency) or Text(raw if isinstance(raw, int) else str(raw))


def _typed(raw: Any, field: Field, locale: Locale, currency: str) -> Value | None:
    if field.type in (DATE, DATE_TIME) and (moment := parsed_moment(raw)):
        return Date(moment, locale, field.format.get("format") or locale.date_pattern)
    if field.type in (MONEY, TAX_RATE) and (amount := _decimal(raw)) is not None:
        if field.type == TAX_RATE:
            return TaxRate(amount)
        form = field.format
        return Money(
            amount,
            form.get("currencyId") or currency,
            locale,
            sign=not form.get("noSign"),
            zeros=bool(form.get("withZeros", not form.get("words"))),
            words=bool(form.get("words")),
        )
    return None


def _decimal(raw: Any) -> Decimal | None:
    try:
        amount = Decimal(str(raw))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def same(raw: Any, computed: Field) -> bool:
    """Whether a sent value says nothing new; such a field goes on following the CRM.

    Compared is what getfields shows, as text: the bare number of an amount, a date in its pattern,
    "" where nothing was found. The same day in another notation is an override.
    """
    return as_text(raw) == as_text(computed.plain())


def as_text(raw: Any) -> str:
    """A value as PHP turns it into text."""
    if raw is None or raw is False:
        return ""
    if raw is True:
        return "1"
    if isinstance(raw, (list, dict)):
        return "Array"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)
