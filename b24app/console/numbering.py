"""How a numerator writes numbers, and how a written number is read back.

Pure rules, by the documentation of numerators: words in braces, a sequence that may begin again
with each day, month or year, at midnight of its own time zone (UTC where none is set).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from b24app.bitrix.documentgenerator import Numerator
from b24app.bitrix.documentgenerator.numerators import PREFIX, RANDOM, SEQUENCE
from b24app.bitrix.normalise import as_bool, as_int, as_map, as_text

PERIODS: Final = ("year", "month", "day", "")
WORDS: Final = (
    "NUMBER",
    "PREFIX",
    "DAY",
    "MONTH",
    "YEAR",
    "RANDOM",
    "CLIENT_ID",
    "SELF_ID",
    "SELF_COMPANY_ID",
)
ZONES: Final = frozenset(available_timezones())
SHOWN: Final = 5
USUAL_RANDOM: Final = 5
_WORD: Final = re.compile(r"\{([A-Z_]+(?::[^{}]*)?)\}")
_MOST_WORDS: Final = 4
"""Of variable length in one pattern, and characters of a number, for it to be read: a pattern is a
portal's, and matching takes time with the power of these."""
_LONGEST_READ: Final = 64
_FIXED: Final = frozenset({"PREFIX", "YEAR", "MONTH", "DAY"})
_LONGEST_NUMBER: Final = 255
_MOST_DIGITS: Final = 18
_DIGITS: Final = "0123456789"
_UNKNOWN: Final = {
    "RANDOM": "X",
    "CLIENT_ID": "‹client›",
    "SELF_ID": "‹deal›",
    "SELF_COMPANY_ID": "‹own company›",
}
"""What stands for a word that depends on the document."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is set about a numerator.

    `length`, `pad`: digits are filled up on the left. `periodic_by`: when the sequence begins
    again, "" never. `timezone`: of that border, "" is UTC. `direct`: one sequence for all own
    companies. `random_length`, `prefix`: for the words of that name.
    """

    name: str
    template: str
    start: int = 1
    step: int = 1
    length: int = 0
    pad: str = "0"
    periodic_by: str = ""
    timezone: str = ""
    direct: bool = False
    prefix: str = ""
    random_length: int = USUAL_RANDOM

    @property
    def settings(self) -> dict[str, dict[str, object]]:
        """The blocks that Bitrix24 is sent, each complete: what is missing would be reset."""
        blocks: dict[str, dict[str, object]] = {
            SEQUENCE: {
                "start": self.start,
                "step": self.step,
                "length": self.length,
                "padString": self.pad,
                "periodicBy": self.periodic_by,
                "timezone": self.timezone,
                "isDirectNumeration": self.direct,
            }
        }
        if "{PREFIX}" in self.template:
            blocks[PREFIX] = {"prefix": self.prefix}
        if "{RANDOM}" in self.template:
            blocks[RANDOM] = {"length": self.random_length}
        return blocks


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written number says; a part that its pattern does not have is None."""

    value: int
    year: str | None = None
    month: str | None = None
    day: str | None = None


def plan_of(numerator: Numerator) -> Plan:
    """How a numerator is set up; what old builds do not store has its default.

    Raises `UnexpectedAnswer`.
    """
    sequence, prefix, random = (
        as_map(numerator.settings.get(block)) for block in (SEQUENCE, PREFIX, RANDOM)
    )
    return Plan(
        name=numerator.name,
        template=numerator.template,
        start=_int(sequence, "start", 1),
        step=_int(sequence, "step", 1),
        length=_int(sequence, "length", 0),
        pad=as_text(sequence.get("padString")) or "0",
        periodic_by=as_text(sequence.get("periodicBy")),
        timezone=as_text(sequence.get("timezone")),
        direct=as_bool(sequence.get("isDirectNumeration")),
        prefix=as_text(prefix.get("prefix")),
        random_length=_int(random, "length", USUAL_RANDOM),
    )


def _int(block: Mapping[str, Any], name: str, usual: int) -> int:
    value = block.get(name)
    return usual if value in (None, "") else as_int(value)


def zone_of(name: str) -> tzinfo:
    """The time zone of a border; UTC where none is set, or one that is not known here."""
    return ZoneInfo(name) if name in ZONES else UTC


def padded(plan: Plan, value: int) -> str:
    """The running number alone, as `{NUMBER}` prints it."""
    missing = min(max(0, plan.length - len(str(value))), _LONGEST_NUMBER)
    return (plan.pad * missing)[:missing] + str(value)


def written(plan: Plan, value: int, now: datetime) -> str:
    """A whole number; words that depend on the document are named in angles."""
    local = now.astimezone(zone_of(plan.timezone))
    words = {
        **_UNKNOWN,
        "RANDOM": _UNKNOWN["RANDOM"] * min(max(plan.random_length, 0), 40),
        "NUMBER": padded(plan, value),
        "PREFIX": plan.prefix,
        "DAY": f"{local:%d}",
        "MONTH": f"{local:%m}",
        "YEAR": f"{local:%Y}",
    }
    return _WORD.sub(lambda found: words.get(found[1], found[0]), plan.template)


def coming(plan: Plan, first: int, now: datetime) -> list[str]:
    """The next numbers, were all of them used now. `first`: where the sequence stands."""
    if "{NUMBER}" not in plan.template:
        return [written(plan, first, now)]
    return [written(plan, first + plan.step * index, now) for index in range(SHOWN)]


def border(plan: Plan, now: datetime) -> datetime | None:
    """When the sequence begins again next; None: never."""
    if plan.periodic_by not in {"day", "month", "year"}:
        return None
    zone = zone_of(plan.timezone)
    today = now.astimezone(zone).date()
    if plan.periodic_by == "day":
        then = today + timedelta(days=1)
    elif plan.periodic_by == "month":
        then = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        then = today.replace(year=today.year + 1, month=1, day=1)
    return datetime.combine(then, time(), zone)


def period(plan: Plan, at: datetime, reading: Reading | None = None) -> str:
    """The day, month or year whose sequence a number belongs to; "" where it never begins again.

    A document is saved a moment after its number was taken, so what the number says goes first.
    """
    if plan.periodic_by not in {"day", "month", "year"}:
        return ""
    local = at.astimezone(zone_of(plan.timezone))
    said = reading or Reading(0)
    parts = [said.year or f"{local:%Y}"]
    if plan.periodic_by in {"month", "day"}:
        parts.append(said.month or f"{local:%m}")
    if plan.periodic_by == "day":
        parts.append(said.day or f"{local:%d}")
    return "-".join(parts)


def reader(plan: Plan) -> Callable[[str], Reading | None]:
    """Reads numbers that this plan wrote. None: of another pattern, or typed by hand."""
    parts, seen, words = [], set[str](), 0
    for literal, word in _pieces(plan.template):
        parts.append(re.escape(literal))
        words += bool(word) and word not in _FIXED
        if word:
            parts.append(_expression(plan, word, first=word not in seen))
            seen.add(word)
    if "NUMBER" not in seen or words > _MOST_WORDS:
        return lambda text: None
    pattern = re.compile("".join(parts), re.DOTALL)

    def read(text: str) -> Reading | None:
        found = pattern.fullmatch(text) if len(text) <= _LONGEST_READ else None
        value = _value(plan, found["NUMBER"]) if found else None
        if found is None or value is None:
            return None
        said = found.groupdict()
        return Reading(value, said.get("YEAR"), said.get("MONTH"), said.get("DAY"))

    return read


def _pieces(template: str) -> list[tuple[str, str]]:
    """The pattern as pairs of plain text and the word that follows it, "" after the last one."""
    pieces, at = [], 0
    for found in _WORD.finditer(template):
        pieces.append((template[at : found.start()], found[1]))
        at = found.end()
    return [*pieces, (template[at:], "")]


def _expression(plan: Plan, word: str, *, first: bool) -> str:
    """What may stand for a word. A word that comes twice is believed the first time."""
    if word == "PREFIX":
        return re.escape(plan.prefix)
    plain = {
        "NUMBER": f"[{re.escape(plan.pad)}]*[0-9]+",
        "YEAR": "[0-9]{4}",
        "MONTH": "[0-9]{2}",
        "DAY": "[0-9]{2}",
        "RANDOM": "[A-Z0-9]+",
        "CLIENT_ID": "[0-9]*",
        "SELF_ID": "[0-9]*",
        "SELF_COMPANY_ID": "[0-9]*",
    }.get(word)
    if plain is None:
        return ".*?" if word.startswith("USER_DEFINED") else re.escape("{" + word + "}")
    return f"(?P<{word}>{plain})" if first else f"(?:{plain})"


def _value(plan: Plan, text: str) -> int | None:
    """The running number without what filled it up; of any length, for that may have changed."""
    digits = text[len(text.rstrip(_DIGITS)) :]
    if len(digits) > _MOST_DIGITS:
        return None
    ways = (int(digits[at:]) for at in range(len(digits)))
    return next((value for value in ways if padded(plan, value) == text), int(digits))


def differs(sent: Plan, stored: Plan) -> tuple[str, ...]:
    """The names of what Bitrix24 did not take over, in the order of `Plan`."""
    found = [
        name
        for name in (*_ALWAYS, *(("prefix",) if "{PREFIX}" in sent.template else ()))
        if getattr(sent, name) != getattr(stored, name)
    ]
    if "{RANDOM}" in sent.template and sent.random_length != stored.random_length:
        found.append("random_length")
    return tuple(found)


_ALWAYS: Final = (
    *("name", "template", "start", "step", "length"),
    *("pad", "periodic_by", "timezone", "direct"),
)
