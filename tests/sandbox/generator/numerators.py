"""Document numbers: what a numerator gives next, and giving it.

https://apidocs.bitrix24.com/api-reference/document-generator/numerators/index.html
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.sandbox.world import Numerator

GENERATOR = "Bitrix_Main_Numerator_Generator_"
SEQUENT = GENERATOR + "SequentNumberGenerator"
RANDOM = GENERATOR + "RandomNumberGenerator"
PREFIX = GENERATOR + "PrefixNumberGenerator"

DEFAULT_SEQUENT: dict[str, Any] = {
    "start": 1,
    "step": 1,
    "length": 0,
    "padString": "0",
    "periodicBy": "",
    "timezone": "",
    "isDirectNumeration": False,
}
PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass
class NumberContext:
    """What a document's number may depend on besides its numerator."""

    my_company_id: int | None
    client_id: int | None
    entity_id: str


def preview(numerator: Numerator, context: NumberContext, now: datetime) -> str:
    """The number a document made now would get; nothing is spent."""
    return _fill(numerator, context, now, _next(numerator, context, now))


def take(numerator: Numerator, context: NumberContext, now: datetime) -> str:
    """Gives the next number away; it never comes back, whatever becomes of the document.

    What comes after it is settled now: a step changed later shows one number later.
    """
    number = _next(numerator, context, now)
    if "{NUMBER}" in numerator.template:
        sequence = _sequence(numerator, context)
        numerator.sequences[sequence] = number + int(sequent_settings(numerator)["step"])
        numerator.last_given[sequence] = now
    return _fill(numerator, context, now, number)


def sequent_settings(numerator: Numerator) -> dict[str, Any]:
    """The settings of `{NUMBER}`, with today's defaults for what is not stored."""
    return DEFAULT_SEQUENT | numerator.settings.get(SEQUENT, {})


def _sequence(numerator: Numerator, context: NumberContext) -> str:
    # Every own company counts for itself unless the numeration is direct.
    if sequent_settings(numerator)["isDirectNumeration"]:
        return ""
    return f"COMPANY_ID_{context.my_company_id or ''}"


def _period(numerator: Numerator, moment: datetime) -> str:
    settings = sequent_settings(numerator)
    pattern = PERIODS.get(settings["periodicBy"] or "", "")
    return moment.astimezone(_zone(settings["timezone"])).strftime(pattern)


def _zone(name: str | None) -> tzinfo:
    """The zone of the period's border; Bitrix24 counts in UTC where none is set."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _next(numerator: Numerator, context: NumberContext, now: datetime) -> int:
    sequence = _sequence(numerator, context)
    last = numerator.last_given.get(sequence)
    if sequence not in numerator.sequences or (
        last is not None and _period(numerator, last) != _period(numerator, now)
    ):
        return int(sequent_settings(numerator)["start"])
    return numerator.sequences[sequence]


def _fill(numerator: Numerator, context: NumberContext, now: datetime, number: int) -> str:
    settings = sequent_settings(numerator)
    length, pad = int(settings["length"] or 0), str(settings["padString"] or "0")
    local = now.astimezone(_zone(settings["timezone"]))
    words = {
        "NUMBER": _pad(str(number), length, pad),
        "DAY": local.strftime("%d"),
        "MONTH": local.strftime("%m"),
        "YEAR": local.strftime("%Y"),
        "RANDOM": _random(numerator),
        "PREFIX": str(numerator.settings.get(PREFIX, {}).get("prefix", "")),
        "CLIENT_ID": str(context.client_id or ""),
        "SELF_ID": context.entity_id,
        "SELF_COMPANY_ID": str(context.my_company_id or ""),
    }
    text = numerator.template
    for word, value in words.items():
        text = text.replace("{" + word + "}", value)
    return text


def _pad(number: str, length: int, pad: str) -> str:
    missing = max(0, length - len(number))
    return (pad * missing)[:missing] + number


def _random(numerator: Numerator) -> str:
    length = int(numerator.settings.get(RANDOM, {}).get("length", 5))
    return "".join(random.choices(string.ascii_uppercase + string.digits, k=length))
