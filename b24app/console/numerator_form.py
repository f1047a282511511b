"""The form of a numerator: what may be typed, each problem as a code beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from b24app.console.numbering import PERIODS, WORDS, ZONES, Plan

LONGEST: Final = 255
_WHOLE: Final = re.compile("[0-9]{1,12}", re.ASCII)
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_LIMITS: Final = {
    "start": (0, 10**12 - 1),
    "step": (1, 10**6),
    "length": (0, 40),
    "random_length": (1, 40),
}
"""What each number may be, at least and at most."""
FIELDS: Final = (
    *("name", "template", "start", "step", "length", "pad"),
    *("periodic_by", "timezone", "direct", "prefix", "random_length"),
)


def typed(plan: Plan) -> dict[str, str]:
    """A plan as its form shows it."""
    values = {name: str(getattr(plan, name)) for name in FIELDS if name != "direct"}
    return values | {"direct": "on" if plan.direct else ""}


def read(form: Mapping[str, str]) -> tuple[Plan, dict[str, str]]:
    """The plan that a form asks for, and what is wrong with it: field to the code of a problem.

    What is wrong has its usual value in the plan, so that the rest can be shown.
    """
    problems: dict[str, str] = {}
    numbers = {name: _number(form, name, problems) for name in _LIMITS}
    template = form.get("template", "").strip()[: LONGEST + 1]
    plan = Plan(
        name=form.get("name", "").strip()[: LONGEST + 1],
        template=template,
        **numbers,
        pad=form.get("pad", "")[:11] or "0",
        periodic_by=_one_of(form, "periodic_by", PERIODS, problems),
        timezone=_one_of(form, "timezone", ("", *ZONES), problems),
        direct=form.get("direct") == "on",
        prefix=form.get("prefix", "").strip()[:65],
    )
    return plan, problems | _text_problems(plan)


def _number(form: Mapping[str, str], name: str, problems: dict[str, str]) -> int:
    low, high = _LIMITS[name]
    usual = getattr(Plan("", ""), name)
    text = form.get(name, "").strip()
    if not text and name in {"length", "random_length"}:
        return int(usual)
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        problems[name] = "number"
        return int(usual)
    return int(text)


def _one_of(
    form: Mapping[str, str], name: str, allowed: tuple[str, ...], problems: dict[str, str]
) -> str:
    value = form.get(name, "")
    if value in allowed:
        return value
    problems[name] = "unknown"
    return ""


def _text_problems(plan: Plan) -> dict[str, str]:
    problems = {
        name: "empty" for name in ("name", "template") if not getattr(plan, name)
    } | {
        name: "long" for name in ("name", "template") if len(getattr(plan, name)) > LONGEST
    }  # fmt: skip
    if "template" not in problems:
        problem = _pattern_problem(plan.template)
        problems |= {"template": problem} if problem else {}
    if len(plan.pad) > 1:
        problems["pad"] = "one"
    if "{PREFIX}" in plan.template and not plan.prefix:
        problems["prefix"] = "empty"
    if len(plan.prefix) > 64:
        problems["prefix"] = "long"
    return problems


def _pattern_problem(template: str) -> str:
    if template.count("{") != template.count("}"):
        return "braces"
    for word in _BRACES.findall(template):
        if word not in WORDS and not word.startswith("USER_DEFINED:"):
            return "word"
    if "{NUMBER}" not in template and "{RANDOM}" not in template:
        return "same"
    return ""
