"""What lint found, in a person's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from b24app import docx
from b24app.console import lint, lint_all
from b24app.console.lint import Linted
from b24app.documents import attach
from b24app.docx.lint import LIMIT, Code, Finding, Level, Place
from b24app.docx.paragraphs import Part

TONES = {
    Level.STOP: ("t-stop", "stop"),
    Level.WARN: ("t-warn", "warn"),
    Level.UNSURE: ("", "info"),
}
HEADS: dict[Code, Promise] = {
    Code.TOO_BIG: lazy("Too big for Bitrix24"),
    Code.UNSAFE: lazy("Docket does not pass this file on"),
    Code.NO_PLACEHOLDER: lazy("No placeholder at all"),
    Code.UNKNOWN: lazy("Unknown:"),
    Code.PERHAPS_UNKNOWN: lazy("Perhaps unknown:"),
    Code.NEVER_CLOSED: lazy("Brace never closed:"),
    Code.NEVER_OPENED: lazy("Brace never opened:"),
    Code.NO_END: lazy("Block without an end:"),
    Code.NO_START: lazy("Block without a start:"),
    Code.OUTSIDE_ROW: lazy("Table field outside a table:"),
    Code.NO_MODIFIER: lazy("No such modifier:"),
    Code.OTHER_MODIFIER: lazy("Modifier of another kind of field:"),
    Code.UNSURE_MODIFIER: lazy("Modifier that is not documented:"),
    Code.NO_SIZE: lazy("Picture without a size:"),
    Code.PICTURE_AS_TEXT: lazy("Picture field written as text:"),
    Code.NOT_FILLED: lazy("Where Bitrix24 fills in nothing:"),
    Code.ODD: lazy("In braces, but no placeholder:"),
}
MEANINGS: dict[Code, Promise] = {
    Code.NO_PLACEHOLDER: lazy("Every document made from it says the same."),
    Code.UNKNOWN: lazy("Prints nothing, unless an application or a robot fills it."),
    Code.OUTSIDE_ROW: lazy(
        "It is not repeated for each row there: only the first one prints. Put it into a table row."
    ),
    Code.UNSURE_MODIFIER: lazy("Bitrix24 may understand it. Try the template to see what prints."),
    Code.NO_SIZE: lazy("Word names no width and height for it, so nobody knows how big it prints."),
    Code.PICTURE_AS_TEXT: lazy(
        "Prints nothing. Insert any picture in Word, and write this into its alternative text."
    ),
    Code.NOT_FILLED: lazy(
        "Placeholders in footnotes and endnotes print as they stand. Move it into the text."
    ),
}
UNJUDGED: dict[str, Promise] = {
    lint.NO_KIND: lazy(
        "The template is bound to nothing that Docket knows, so names were only compared with "
        "those that every portal has."
    ),
    lint.NOT_TOLD: lazy(
        "Bitrix24 did not tell of this template’s fields, so names were only compared with those "
        "that every portal has."
    ),
    lint.NO_FILE: lazy("Bitrix24 gave no file for this template."),
    lint.TOO_LARGE: lazy("The file that Bitrix24 gave is no Word file, or bigger than 10 MB."),
    lint.ONLY_A_FILE: lazy(
        "Only Bitrix24 knows all fields for certain, and it tells once the file is a template. "
        "Until then names are compared with those that every portal has, with own fields and with "
        "what your templates use already."
    ),
    lint_all.GONE: lazy("Bitrix24 did not give this template when its turn came."),
}


@dataclass(frozen=True)
class Told:
    """One finding as it is shown. `nearest`: what was meant, ready to be copied, or ""."""

    tone: str
    mark: str
    head: str
    text: str
    where: str
    quote: str
    meaning: str
    nearest: str


@dataclass(frozen=True)
class Shown:
    """A lint as it is shown. `counts`: of stops, warnings and what nobody can tell."""

    findings: list[Told]
    stops: int
    warnings: int
    unsure: int
    refused: str
    unjudged: list[str]
    found: int
    known: int
    split: int

    @property
    def is_clean(self) -> bool:
        return not (self.findings or self.refused)


def shown(linted: Linted) -> Shown:
    report = linted.report
    findings = report.findings if report else ()
    levels = [one.level for one in findings]
    return Shown(
        [told(one) for one in findings],
        levels.count(Level.STOP),
        levels.count(Level.WARN),
        levels.count(Level.UNSURE),
        attach.refusal(linted.refused) if linted.refused else "",
        [str(UNJUDGED[code]) for code in linted.unjudged if code in UNJUDGED],
        len(report.codes) if report else 0,
        report.known if report else 0,
        report.split if report else 0,
    )


def told(finding: Finding) -> Told:
    tone, mark = TONES[finding.level]
    place = finding.place
    head, meaning, nearest = str(HEADS[finding.code]), _meaning(finding), finding.nearest
    if finding.code not in MODIFIERS and nearest:
        nearest = f"{{{nearest}}}"
    where = _where(place) if place else ""
    quote = place.text if place and place.text != finding.text else ""
    return Told(tone, mark, head, finding.text, where, quote, meaning, nearest)


MODIFIERS = frozenset({Code.NO_MODIFIER, Code.OTHER_MODIFIER, Code.UNSURE_MODIFIER})


def _meaning(finding: Finding) -> str:
    special = {
        Code.TOO_BIG: _too_big,
        Code.UNSAFE: lambda one: attach.refusal(docx.Reason(one.detail)),
        Code.PERHAPS_UNKNOWN: _perhaps,
        Code.NEVER_CLOSED: lambda one: (
            _("Prints as it stands. Add } after %(word)s.") % {"word": one.text.strip("{")}
            if one.text.strip("{")
            else _("Prints as it stands. Take it out, or close it.")
        ),
        Code.NEVER_OPENED: lambda one: (
            _("Prints as it stands. Add { before %(word)s.") % {"word": one.text.strip("}")}
            if one.text.strip("}")
            else _("Prints as it stands. Take it out, or open it.")
        ),
        Code.NO_END: lambda one: (
            _("Nothing is repeated. Put %(mark)s below it, into the same cell or part.")
            % {"mark": f"{{{one.detail}.BLOCK_END}}"}
        ),
        Code.NO_START: lambda one: (
            _("Nothing is repeated. Put %(mark)s above it, into the same cell or part.")
            % {"mark": f"{{{one.detail}.BLOCK_START}}"}
        ),
        Code.NO_MODIFIER: lambda one: (
            _("Bitrix24 knows no modifier %(name)s and leaves it out of account.")
            % {"name": one.detail}
        ),
        Code.OTHER_MODIFIER: lambda one: (
            _("%(name)s does nothing for a field of this kind.") % {"name": one.detail}
        ),
        Code.ODD: _odd,
    }.get(finding.code)
    return special(finding) if special else str(MEANINGS[finding.code])


def _too_big(finding: Finding) -> str:
    return _(
        "It has %(size)s. A portal takes %(limit)s, unless it was set up for more. Make its "
        "pictures smaller in Word."
    ) % {"size": filesizeformat(finding.detail), "limit": filesizeformat(LIMIT)}


def _perhaps(finding: Finding) -> str:
    if finding.nearest:
        return _("Docket knows no field of this name, but one that looks like it.")
    if finding.level == Level.WARN:
        return _("There is no own field of this name.")
    return _("No template of yours uses this field yet, so Docket cannot tell whether it is there.")


def _odd(finding: Finding) -> str:
    if finding.nearest:
        return _("A placeholder has no spaces in it.")
    return _("No document says whether Bitrix24 prints it as it stands or leaves it out.")


def _where(place: Place) -> str:
    words = {"paragraph": place.paragraph, "table": place.table, "row": place.row}
    in_row = bool(place.row)
    return {
        Part.BODY: _("paragraph %(paragraph)d, table %(table)d, row %(row)d")
        if in_row
        else _("paragraph %(paragraph)d"),
        Part.HEADER: _("page header, row %(row)d") if in_row else _("page header"),
        Part.FOOTER: _("page footer, row %(row)d") if in_row else _("page footer"),
        Part.FOOTNOTES: _("footnote"),
        Part.ENDNOTES: _("endnote"),
    }[place.part] % words
