"""What the check page shows: the findings, and each field with its input in exactly one place."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.documents import checks, fields, generate, sources
from b24app.documents import facts as found_facts
from b24app.documents.checks import Check, Subject
from b24app.documents.fields import FormField
from b24app.models import FrameSession, Intent
from b24app.web import field_pictures

OLD = timedelta(seconds=60)
"""A page that shows older facts looks again by itself."""
ABOVE = {"required", "choose"}
"""Findings that hold the input of their field."""
PRODUCTS, PICTURES = "products", "pictures"


@dataclass(frozen=True)
class Shown:
    """A field on the page. `place`: here, or above (its input is in a finding)."""

    field: FormField
    value: str
    changed: bool
    problem: str
    blank: bool
    place: str
    door: str
    savable: bool
    picture: str
    check: Check | None = None

    @property
    def lines(self) -> int:
        return min(8, max(2, self.value.count("\n") + 1))

    @property
    def print(self) -> str:
        """Changes when the page would show the field otherwise; not with each signed address."""
        f = self.field
        state = (f.value, f.choices, self.value, self.changed, self.problem, self.place, self.door)
        return f"{zlib.crc32(repr((state, self.blank, self.savable)).encode()):x}"


@dataclass
class Group:
    """Fields under one heading. `key` names it in the page."""

    key: str
    name: str
    shown: list[Shown] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return sum(one.changed for one in self.shown)

    @property
    def blank(self) -> int:
        return sum(one.blank for one in self.shown)

    @property
    def open(self) -> bool:
        """Our own company's data is folded while nothing in it needs a look."""
        own = all(fields.path_of(one.field)[:1] == ["MY_COMPANY"] for one in self.shown)
        busy = self.changed or self.blank or any(one.problem for one in self.shown)
        return not own or bool(busy)


def subject_of(intent: Intent, typed: Mapping[str, str]) -> Subject:
    form = fields.from_rows(intent.form["fields"])
    return Subject(
        fields=form,
        typed=typed,
        reading=fields.read(form, typed),
        facts=found_facts.from_row(intent.form.get("facts")),
        stamps=stamps_of(intent, typed),
        template=intent.template_name,
        updating=intent.kind == Intent.Kind.UPDATE,
    )


def stamps_of(intent: Intent, typed: Mapping[str, str]) -> bool:
    chosen = generate.STAMPS in typed
    return generate.wants_stamps(intent, typed) if chosen else bool(intent.form["stamps"])


def context(
    session: FrameSession,
    intent: Intent,
    typed: Mapping[str, str],
    held: str = "",
    subject: Subject | None = None,
) -> dict[str, Any]:
    """Everything the page's templates read. `held`: where the focus is, "above:CODE" or
    "here:CODE": that input stays where it is."""
    subject = subject or subject_of(intent, typed)
    found = checks.run(subject)
    # Where each field has its place in a table of its own, no finding holds its input.
    above = set() if subject.in_table else _above(found, held)
    chosen = {f.code: subject.text(f) for f in subject.fields if f.control == "select"}
    item = (intent.entity_type_id, intent.entity_id)
    shown = [
        _shown(session, intent, subject, f, above, sources.door(f, subject.facts, chosen, item))
        for f in subject.fields
    ]
    by_code = {one.field.code: one for one in shown}
    kept = [*found, *_pinned(found, above, by_code)]
    kept.sort(key=lambda check: checks.LEVELS.index(check.level))
    number = by_code.get(fields.NUMBER)
    return {
        "intent": intent,
        "stamps": subject.stamps,
        "facts": subject.facts,
        "findings": [
            Finding(check, by_code.get(check.field), check.name in above) for check in kept
        ],
        "tally": _tally(found),
        "blocking": checks.blocking(found),
        "blocking_title": _title(checks.blocking(found), by_code),
        "groups": _groups(shown),
        "columns": [one for one in shown if one.field.control == "rows"],
        "pictures": [one for one in shown if one.field.control == "picture"],
        "total_fields": len(shown),
        "changed": sum(one.changed for one in shown),
        "blank": sum(one.blank for one in shown),
        "number": number.value if number else "",
        "number_typed": bool(number and number.changed),
        "item_path": sources.card(*item),
        "total_differs": any(check.code == "total" for check in found),
        "is_old": _is_old(subject.facts.read_at),
    }


@dataclass(frozen=True)
class Finding:
    """A check with the field it is about, and whether it holds that field's input."""

    check: Check
    shown: Shown | None
    holds: bool


def _above(found: Iterable[Check], held: str) -> set[str]:
    """The fields whose input stands in a finding; the one with the focus stays where it is."""
    above = {check.field for check in found if check.code in ABOVE and check.field}
    place, _colon, code = held.partition(":")
    if place == "above":
        above.add(code)
    elif place == "here":
        above.discard(code)
    return above


def _pinned(found: Iterable[Check], above: set[str], by_code: Mapping[str, Shown]) -> list[Check]:
    """A finding that is settled stays while its input has the focus."""
    holding = {check.field for check in found if check.code in ABOVE}
    return [
        Check("stop", "required", code, data={"title": by_code[code].field.title, "settled": True})
        for code in above - holding
        if code in by_code
    ]


def _title(check: Check | None, by_code: Mapping[str, Shown]) -> str:
    return by_code[check.field].field.title if check and check.field in by_code else ""


def _tally(found: Iterable[Check]) -> dict[str, int]:
    open_ = [check for check in found if not check.data.get("settled")]
    return {level: sum(check.level == level for check in open_) for level in checks.LEVELS}


def _shown(
    session: FrameSession,
    intent: Intent,
    subject: Subject,
    f: FormField,
    above: set[str],
    door: str,
) -> Shown:
    value = subject.typed.get(f.code, f.value)
    changed = fields.is_changed(f, subject.typed)
    picture = f.control == "picture" and not f.hidden
    return Shown(
        field=f,
        value=value,
        changed=changed,
        problem=subject.reading.problems.get(f.code, ""),
        blank=checks.is_blank(f, subject.text(f)) or (f.required and not subject.text(f)),
        place="above" if f.code in above else "here",
        door=door,
        savable=changed and bool(sources.writable(f)) and f.code in subject.reading.values,
        picture=field_pictures.address(session, intent, f, value) if picture else "",
    )


def _groups(shown: list[Shown]) -> list[Group]:
    """The fields by group: the document's own first, then as the template uses them.

    In a group the selects lead, for the rest depends on them. Pictures and the columns of tables
    have groups of their own.
    """
    groups: dict[str, Group] = {}
    own = next((one.field.group for one in shown if one.field.code == fields.NUMBER), "")
    plain = [one for one in shown if one.field.control not in {"rows", "picture"}]
    for one in sorted(plain, key=lambda one: one.field.group != own):
        name = one.field.group
        group = groups.setdefault(name, Group(f"g{len(groups)}", name))
        group.shown.append(one)
    for group in groups.values():
        group.shown.sort(key=lambda one: one.field.control != "select")
    return list(groups.values())


def _is_old(read_at: str) -> bool:
    return not read_at or datetime.fromisoformat(read_at) < timezone.now() - OLD


def saved_words(state: str, title: str) -> tuple[str, str]:
    """Tone and sentence for what became of a value that was to go to the CRM too."""
    name = title or _("The amount")
    if state == "saved":
        return "t-ok", _("%(name)s: saved in the CRM.") % {"name": name}
    if state == "kept":
        return "t-warn", _(
            "%(name)s: Bitrix24 took the change but still shows another value. Look into the card."
        ) % {"name": name}
    return "t-warn", _(
        "%(name)s: Bitrix24 did not answer, so it is not known whether it was saved. "
        "Nothing was sent twice; look into the card."
    ) % {"name": name}
