"""What an audit has found, in sentences; each document it names is a door to its deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b24app.console.audit import Finding, Kind, Numbered
from b24app.console.gaps import Reasons
from b24app.documents.sources import card

TONES: Mapping[Kind, tuple[str, str]] = {
    Kind.DOUBLE: ("t-stop", "stop"),
    Kind.RESTART: ("t-warn", "warn"),
    Kind.GAP: ("t-warn", "warn"),
    Kind.ORDER: ("t-warn", "warn"),
    Kind.LATE: ("", "info"),
    Kind.COMPANIES: ("", "info"),
    Kind.RESET: ("", "info"),
}
WRONG = frozenset({Kind.DOUBLE, Kind.RESTART, Kind.GAP, Kind.ORDER})


@dataclass(frozen=True)
class Door:
    """A document's number, and the path of the card of what it belongs to."""

    text: str
    path: str


@dataclass(frozen=True)
class Line:
    """One finding. `why`: a sentence each."""

    tone: str
    mark: str
    title: str
    when: str
    why: list[str]
    doors: list[Door]


def line(finding: Finding, reasons: Reasons, companies: Mapping[int, str]) -> Line:
    """`companies`: the portal's own companies by id."""
    tone, mark = TONES[finding.kind]
    title, why = _SAYS[finding.kind](finding, reasons, companies)
    owner = companies.get(finding.company or 0, "") if len(companies) > 1 else ""
    return Line(
        tone=tone,
        mark=mark,
        title=title,
        when=", ".join(part for part in (_days(finding.documents), owner) if part),
        why=why,
        doors=[Door(one.text, card(*one.item)) for one in finding.documents],
    )


def _days(documents: Sequence[Numbered]) -> str:
    """The day of one document, or the days of the first and the last."""
    if not documents:
        return ""
    moments = sorted(one.at for one in documents)
    first, last = _day(moments[0]), _day(moments[-1])
    if first == last:
        return first
    return _("%(first)s and %(last)s") % {"first": first, "last": last}


def _day(moment: datetime) -> str:
    return str(formats.date_format(timezone.localtime(moment), "j F Y"))


def _gap(finding: Finding, reasons: Reasons, _companies: object) -> tuple[str, list[str]]:
    values = {"first": finding.first, "last": finding.last, "count": finding.count}
    if finding.count == 1:
        title = _("%(first)s is missing.") % values
    else:
        title = _("%(first)s to %(last)s are missing: %(count)s numbers.") % values
    why = [*_deleted(reasons), *_failed(reasons)] or [
        _(
            "Docket’s records do not know why. A document that was deleted, or that failed after "
            "its number was taken, leaves such a gap."
        )
    ]
    return title, why


def _deleted(reasons: Reasons) -> Iterable[str]:
    for one in reasons.deleted:
        values = {"number": one.text, "day": _day(one.at), "who": one.who}
        if not one.sure:
            yield (
                _("A document made in between was deleted by %(day)s; its number is not known.")
                % values
            )
        elif one.who:
            yield _("%(number)s was deleted on %(day)s by %(who)s.") % values
        else:
            yield _("%(number)s was deleted; Docket learnt of it on %(day)s.") % values


def _failed(reasons: Reasons) -> Iterable[str]:
    for one in reasons.failed:
        values = {"template": one.template, "day": _day(one.at)}
        if one.lost:
            yield (
                _(
                    "“%(template)s” was asked for on %(day)s; the answer was lost, and no document "
                    "came of it."
                )
                % values
            )
        else:
            yield (
                _(
                    "“%(template)s” was asked for on %(day)s and Bitrix24 refused it: a number may "
                    "have been used, and no document came of it."
                )
                % values
            )


def _double(finding: Finding, _reasons: object, _companies: object) -> tuple[str, list[str]]:
    values = {"number": finding.first, "count": finding.count}
    title = ngettext(
        "%(number)s exists %(count)s time.", "%(number)s exists %(count)s times.", finding.count
    )
    typed = [one for one in finding.documents if one.typed]
    if typed:
        return title % values, [_("One of them was typed by hand.")]
    return title % values, [
        _("All of them come from one sequence. Its numerator was changed or made anew in between.")
    ]


def _order(finding: Finding, _reasons: object, _companies: object) -> tuple[str, list[str]]:
    moments = [_day(one.at) for one in finding.documents]
    return _("%(number)s stands out of order.") % {"number": finding.first}, [
        _("It was made on %(day)s, the number beside it on %(other)s.")
        % {"day": moments[0], "other": moments[-1]}
    ]


def _restart(finding: Finding, _reasons: object, _companies: object) -> tuple[str, list[str]]:
    why = [_("No new period began then: its settings were changed, or it was made anew.")]
    if finding.count:
        twice = ngettext(
            "%(count)s number exists twice since.",
            "%(count)s numbers exist twice since.",
            finding.count,
        )
        why.append(twice % {"count": finding.count})
    return _("The sequence started again with %(number)s.") % {"number": finding.first}, why


def _late(finding: Finding, _reasons: object, _companies: object) -> tuple[str, list[str]]:
    values = {"period": finding.period, "first": finding.first, "last": finding.last}
    missing = (
        _("%(first)s is not there")
        if finding.first == finding.last
        else _("%(first)s to %(last)s are not there")
    )
    return _("%(period)s does not begin with its first number.") % values, [
        f"{missing % values}: "
        + _("deleted before Docket could know, or the first number was another one then.")
    ]


def _companies_say(
    finding: Finding, _reasons: object, companies: Mapping[int, str]
) -> tuple[str, list[str]]:
    names = {one.company: companies.get(one.company or 0, "") for one in finding.documents}
    listed = [name or _("the usual own company") for name in names.values()]
    return _twice(finding), [
        _("Normal: own companies with a sequence each: %(names)s.") % {"names": ", ".join(listed)}
    ]


def _reset(finding: Finding, _reasons: object, _companies: object) -> tuple[str, list[str]]:
    return _twice(finding), [
        _(
            "Normal: the sequence began again with a new period. With {YEAR} in the pattern the "
            "numbers would differ."
        )
    ]


def _twice(finding: Finding) -> str:
    if finding.count == 1:
        return _("%(number)s exists twice.") % {"number": finding.first}
    others = ngettext(
        "%(number)s and %(count)s other exist twice.",
        "%(number)s and %(count)s others exist twice.",
        finding.count - 1,
    )
    return others % {"number": finding.first, "count": finding.count - 1}


_SAYS = {
    Kind.GAP: _gap,
    Kind.DOUBLE: _double,
    Kind.ORDER: _order,
    Kind.RESTART: _restart,
    Kind.LATE: _late,
    Kind.COMPANIES: _companies_say,
    Kind.RESET: _reset,
}
