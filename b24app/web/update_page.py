"""What the page of an update shows: the fields that differ in three columns, the rest folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from b24app.documents import differences, fields, update
from b24app.documents import facts as found_facts
from b24app.documents.checks import Subject
from b24app.documents.differences import Part
from b24app.documents.update import Line
from b24app.models import FrameSession, Intent, PublicLink
from b24app.web import check_page
from b24app.web.check_page import Group, Shown


@dataclass(frozen=True)
class Row:
    """A field in its columns. `printed`, `crm`: as a person reads them, in pieces.

    `kept`: the texts that may be written, by the choice that writes them.
    """

    line: Line
    item: Shown
    printed: list[Part]
    crm: list[Part]
    kept: dict[str, str]


def subject_of(intent: Intent, typed: Mapping[str, str]) -> Subject:
    """What is checked: the texts that will be written. Only what was typed can be wrong."""
    form = fields.from_rows(intent.form["fields"])
    found = update.lines(intent.form["update"], form, typed)
    return Subject(
        fields=form,
        typed=_texts(found, typed),
        reading=fields.read(form, update.typed_of(found)),
        facts=found_facts.from_row(intent.form.get("facts")),
        stamps=check_page.stamps_of(intent, typed),
        template=intent.template_name,
        updating=True,
        in_table=True,
    )


def context(session: FrameSession, intent: Intent, typed: Mapping[str, str]) -> dict[str, Any]:
    """Everything the page's templates read."""
    told = intent.form["update"]
    form = fields.from_rows(intent.form["fields"])
    found = update.lines(told, form, typed)
    shown = check_page.context(session, intent, typed, subject=subject_of(intent, typed))
    items = _items(shown)
    apart = {line.field.code for line in found if line.differs and line.field.code in items}
    rows = [_row(line, items[line.field.code], typed) for line in found if line.field.code in apart]
    changes = update.row_changes(told)
    return {
        **shown,
        **_counts(found, apart, intent, typed),
        "told": told,
        "at": datetime.fromisoformat(told["at"]),
        "rows_three": rows,
        "groups": _without(shown["groups"], apart),
        "pictures": [item for item in shown["pictures"] if item.field.code not in apart],
        "rest": typed.get(update.REST) or (update.OLD if told["restore"] else "keep"),
        "changes": changes,
        "rows_now": len(told["rows_now"] or []) + sum(one.now is None for one in changes),
        "next_version": told["version"] + 1,
        "shared": PublicLink.objects.filter(
            portal=intent.portal, document_id=intent.document_id or 0, state=PublicLink.State.ON
        ).exists(),
        "findings": [one for one in shown["findings"] if one.check.level in {"stop", "ask"}],
    }


def _counts(
    found: list[Line], apart: set[str], intent: Intent, typed: Mapping[str, str]
) -> dict[str, Any]:
    """How many values are written, and how many fields stay as printed."""
    written = [line for line in found if line.written]
    free = [line for line in found if line.differs and not line.fixed]
    chosen = sum(not line.fixed for line in written)
    stamps = check_page.stamps_of(intent, typed)
    return {
        "written": chosen,
        "stay": len(found) - len(written),
        "differing": len(apart),
        "total_fields": len(found),
        "total_other": len(found) - len(apart),
        "to_crm": sum(line.printed != line.crm for line in free),
        "to_old": sum(line.old not in {None, line.printed} for line in free),
        "untouched": len(found) - len([line for line in found if line.differs]),
        "stamps_turned": stamps != bool(intent.form["stamps"]),
    }


def _texts(found: list[Line], typed: Mapping[str, str]) -> dict[str, str]:
    """By code, as `typed` is: what will be written; what was typed, as it was typed."""
    texts = {line.field.code: line.text for line in found if line.field.control != "picture"}
    return texts | {code: typed[code] for code in update.typed_of(found) if code in typed}


def _items(shown: Mapping[str, Any]) -> dict[str, Shown]:
    plain = [item for group in shown["groups"] for item in group.shown]
    return {item.field.code: item for item in [*plain, *shown["pictures"]]}


def _row(line: Line, item: Shown, typed: Mapping[str, str]) -> Row:
    named = {choice[0]: choice[1] for choice in line.field.choices}
    texts = {update.PRINTED: line.printed, update.CRM: line.crm}
    if line.old is not None:
        texts[update.OLD] = line.old
    kept = {choice: named.get(text, text) for choice, text in texts.items()}
    printed, crm = differences.words(kept[update.PRINTED], kept[update.CRM])
    other = typed.get(line.field.code, line.text)
    return Row(line, replace(item, value=other, savable=False), printed, crm, kept)


def _without(groups: list[Group], apart: set[str]) -> list[Group]:
    left = [
        Group(
            group.key,
            group.name,
            [replace(i, savable=False) for i in group.shown if i.field.code not in apart],
        )
        for group in groups
    ]
    return [group for group in left if group.shown]
