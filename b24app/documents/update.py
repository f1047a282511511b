"""A safe update: for each field what is printed, what the CRM says now, and what will be written.

Bitrix24 fills everything anew that nobody has overridden. So what is to stay as printed is sent
with each update, from our own snapshot: an override that equals the CRM is not kept by Bitrix24,
and the field would follow the CRM from then on (docs/adr/0022).

`form["update"]` of an intent holds, besides version, time, file and author of what is printed,
the texts by field code: `printed`; `crm`, what Bitrix24 would compute; `now`, what it would print
if nothing were sent; `old`, those of the version to be restored. And `rows`, `rows_now`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils import timezone

from b24app import docx
from b24app.bitrix.client import Batch
from b24app.bitrix.crm import product_rows
from b24app.bitrix.documentgenerator import (
    Document,
    DocumentField,
    ListedDocument,
    document_fields,
    list_documents_by_id,
)
from b24app.documents import content, fields, snapshots, story
from b24app.documents.errors import ChangedMeanwhile, FieldsWrong, NoSuchDocument, NoSuchVersion
from b24app.documents.fields import FormField
from b24app.models import FrameSession, Intent, Snapshot, SnapshotFile
from b24app.portals.clients import acting

PRINTED, CRM, OLD, OTHER = "printed", "crm", "old", "other"
REST = "rest"
"""The input that says what becomes of all that nobody has chosen for."""
CHOICE = "choice:"
"""Before a field's code: the input with the choice for that field."""
STAY = frozenset({fields.NUMBER, fields.TITLE})
"""Kept by Bitrix24 with the document itself."""
SEPARATOR = ", "
"""Between the parts of an address, as Bitrix24 tells it."""
MOST_PARTS = 20
_WITH_ROWS = ("PRODUCTS", "TAXES", "TOTAL", "OPPORTUNITY")
"""Beginnings of the chains of what is counted from the product rows."""

Texts: TypeAlias = "dict[str, str]"


@dataclass(frozen=True)
class Line:
    """One field in three columns. `text`: what will be written.

    `old`: of the version to restore, None without one. `fixed`: why there is no choice: "" (there
    is one), rows, picture, or text (it would be read as a reference to another field).
    """

    field: FormField
    printed: str
    crm: str
    old: str | None
    choice: str
    text: str
    fixed: str

    @property
    def differs(self) -> bool:
        if self.field.control == "picture":
            return self.printed != self.crm
        kept = [self.crm, *([] if self.old is None else [self.old])]
        return any(_on_one_line(text) != _on_one_line(self.printed) for text in kept)

    @property
    def written(self) -> bool:
        """Whether the new version will print something else here."""
        return _on_one_line(self.text) != _on_one_line(self.printed)


def _on_one_line(text: str) -> str:
    """An address with commas and the same with line breaks say the same."""
    return ", ".join(part.strip() for part in text.split("\n"))


@dataclass(frozen=True)
class RowChange:
    """A product row that is printed otherwise than the CRM has it; None where it is not at all."""

    name: str
    was: Mapping[str, Any] | None
    now: Mapping[str, Any] | None

    @property
    def was_sum(self) -> Decimal | None:
        return _sum(self.was)

    @property
    def now_sum(self) -> Decimal | None:
        return _sum(self.now)


@dataclass(frozen=True)
class Otherwise:
    """A value of which Bitrix24 made something else than was written."""

    title: str
    wanted: str
    got: str


def is_safe(intent: Intent) -> bool:
    """Whether the form has the three columns."""
    return intent.kind == Intent.Kind.UPDATE and "update" in intent.form


# Building


def printed_now(
    session: FrameSession, document_id: int, version: snapshots.Version
) -> Snapshot | None:
    """The snapshot of the version that Bitrix24 has now, if it was read."""
    found = snapshots.newest(session.portal, document_id)
    if found is None or not snapshots.is_same((found.updated_at, found.file_id), version):
        return None
    return found if found.content.get("fields") is not None else None


def version(session: FrameSession, document_id: int, number: int) -> Snapshot:
    """A version of a document of this session's object, to be restored. Raises `NoSuchVersion`."""
    found = Snapshot.objects.filter(
        portal=session.portal,
        document_id=document_id,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
        version=number,
    ).first()
    if found is None or found.content.get("fields") is None:
        raise NoSuchVersion
    return found


def columns(
    snapshot: Snapshot,
    found: Sequence[DocumentField],
    rows: list[dict[str, Any]] | None,
    old: Snapshot | None = None,
) -> dict[str, Any]:
    """What `form["update"]` holds."""
    kept = snapshot.content
    return {
        "version": snapshot.version,
        "at": snapshot.updated_at.astimezone(UTC).isoformat(),
        "file": snapshot.file_id,
        "late": story.is_read_late(snapshot),
        "restore": old.version if old else None,
        "printed": _laid_out(snapshot),
        "old": _laid_out(old) if old else {},
        "rows": kept["rows"],
        "old_rows": old.content["rows"] if old else None,
        **_computed(found, rows),
    }


def _computed(found: Sequence[DocumentField], rows: list[dict[str, Any]] | None) -> dict[str, Any]:
    now = {f.code: fields.lines(f.value) for f in fields.build(found)}
    crm = fields.computed(found)
    return {
        "crm": crm | {code: now[code] for code in STAY & now.keys()},
        "now": now,
        "rows_now": rows,
    }


def renewed(
    told: Mapping[str, Any],
    found: Sequence[DocumentField],
    rows: list[dict[str, Any]] | None,
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    """The columns after another look. `chosen` was tried out, so Bitrix24 has it not yet."""
    fresh = {**told, **_computed(found, rows)}
    fresh["now"] |= {code: told["now"].get(code, "") for code in chosen}
    return fresh


def _laid_out(snapshot: Snapshot) -> Texts:
    """The texts of a version with the line breaks that they have in its file.

    Of an address Bitrix24 tells one line, whatever the template makes of it; sent back like that it
    would be printed in one line.
    """
    texts = texts_of(snapshot.content)
    long = {
        field["code"]
        for field in snapshot.content["fields"]
        if field["control"] == "lines" and SEPARATOR in texts[field["code"]]
    }
    page = _text_of_file(snapshot) if long else ""
    return texts | {code: _as_on_page(texts[code], page) for code in long}


def _text_of_file(snapshot: Snapshot) -> str:
    """What stands in the version's .docx; "" where it is not kept."""
    file = snapshot.files.filter(kind=SnapshotFile.Kind.DOCX).first() if snapshot.pk else None
    try:
        return docx.text(file.body) if file else ""
    except docx.NotAccepted:
        return ""


def _as_on_page(text: str, page: str) -> str:
    parts = text.split(SEPARATOR)
    if len(parts) > MOST_PARTS:
        return text
    found = re.search(r"(?:, |\n)".join(re.escape(part) for part in parts), page)
    return found[0] if found else text


def texts_of(kept: Mapping[str, Any]) -> Texts:
    """The texts of a snapshot's content; of choices the id. Columns of tables have none."""
    told = [field for field in kept.get("fields") or [] if field["control"] != "rows"]
    return {
        field["code"]: fields.lines(
            (field["value"] if field["control"] == "select" else field["shown"]) or ""
        )
        for field in told
    }


def as_printed(form: Iterable[FormField], told: Mapping[str, Any]) -> list[FormField]:
    """The fields with what is printed in them, so that only what is typed counts as changed."""
    printed = told["printed"]
    return [
        f if f.control in {"rows", "picture"} else replace(f, value=printed.get(f.code, f.value))
        for f in form
    ]


def selects(told: Mapping[str, Any], form: Iterable[FormField], typed: Mapping[str, str]) -> Texts:
    """The choices that will be other ones than Bitrix24 has: what hangs on them follows."""
    return {
        one.field.code: one.text
        for one in lines(told, form, typed)
        if one.field.control == "select" and one.text != told["now"].get(one.field.code, one.text)
    }


# The choices


def lines(
    told: Mapping[str, Any], form: Iterable[FormField], typed: Mapping[str, str]
) -> list[Line]:
    """Each field with what will be written, by what was chosen and typed."""
    rows_differ = told["rows"] is None or told["rows"] != told["rows_now"]
    found: list[Line] = []
    moved: list[list[str]] = []
    # Choices first: what hangs on one that is changed follows it.
    for f in sorted(form, key=lambda f: f.control != "select"):
        if f.control == "rows":
            continue
        line = _line(told, f, typed, rows_differ=rows_differ, moved=moved)
        if f.control == "select" and line.text != line.printed:
            moved.append(f.code.split("."))
        found.append(line)
    places = {f.code: place for place, f in enumerate(form)}
    return sorted(found, key=lambda line: places[line.field.code])


def _line(
    told: Mapping[str, Any],
    f: FormField,
    typed: Mapping[str, str],
    *,
    rows_differ: bool,
    moved: list[list[str]],
) -> Line:
    printed = told["printed"].get(f.code, told["now"].get(f.code, ""))
    crm = told["crm"].get(f.code, "")
    old = told["old"].get(f.code) if told["restore"] else None
    if f.control == "picture":
        printed, crm, old = printed.partition("?")[0], f.value.partition("?")[0], None
    line = Line(f, printed, crm, old, PRINTED, printed, "")
    fixed = _fixed(line, rows_differ=rows_differ)
    choice = CRM if fixed else _choice(line, typed, told, moved)
    if f.control == "picture" and fields.is_changed(f, typed):
        choice = OTHER
    other = fields.text_of(f, typed)
    text = {PRINTED: printed, CRM: crm, OLD: old or "", OTHER: other}[choice]
    return replace(line, choice=choice, text=text, fixed=fixed)


def _choice(
    line: Line, typed: Mapping[str, str], told: Mapping[str, Any], moved: list[list[str]]
) -> str:
    asked = typed.get(CHOICE + line.field.code)
    has_old = line.old not in {None, line.printed}  # else nobody is asked to tell them apart
    if asked in {PRINTED, CRM, OTHER} or (asked == OLD and has_old):
        return asked
    if asked is None and fields.is_changed(line.field, typed):
        return OTHER
    rest = typed.get(REST) or (OLD if told["restore"] else PRINTED)
    if rest == OLD and line.old is not None:
        return OLD if has_old else PRINTED
    path = fields.path_of(line.field)
    follows = any(path[: len(code)] == code for code in moved) and line.field.code not in STAY
    return CRM if rest == CRM or follows else PRINTED


def _fixed(line: Line, *, rows_differ: bool) -> str:
    if not line.differs:
        return ""
    if line.field.control == "picture":
        return "picture"
    if rows_differ and (line.field.chain or [""])[0].startswith(_WITH_ROWS):
        return "rows"
    kept = [line.printed, *([line.old] if line.old is not None else [])]
    # With no value of its own every text counts as typed.
    blank = replace(line.field, value="", required=False)
    return "text" if any(fields.problem(blank, text) for text in kept) else ""


def row_changes(told: Mapping[str, Any]) -> list[RowChange]:
    """The product rows that the new version will print otherwise, in the CRM's order."""
    was = told["old_rows"] if told["restore"] else told["rows"]
    if was is None or told["rows_now"] is None:
        return []
    left = {row["id"]: row for row in was}
    now = [(row, left.pop(row["id"], None)) for row in told["rows_now"]]
    changed = [RowChange(row["name"], before, row) for row, before in now if row != before]
    return [*changed, *(RowChange(row["name"], row, None) for row in left.values())]


def _sum(row: Mapping[str, Any] | None) -> Decimal | None:
    return Decimal(row["price"] or 0) * Decimal(row["quantity"] or 0) if row else None


# Writing


def values(
    session: FrameSession, intent: Intent, typed: Mapping[str, str]
) -> dict[str, str | None]:
    """What is to be sent, by what Bitrix24 says at this moment; None takes an override away.

    Keeps with the form what the new version is to print. Raises `FieldsWrong`, `BitrixError`, and
    `ChangedMeanwhile` where the form was built on what is no more so; it is renewed then.
    """
    form = intent.form
    shown = fields.from_rows(form["fields"])
    told = form["update"]
    problems = fields.read(shown, typed_of(lines(told, shown, typed))).problems
    if problems:
        raise FieldsWrong(problems)
    chosen = selects(told, shown, typed)
    batch = _read(session, intent, chosen)
    document = _listed(batch, intent)
    if _has_moved(told, document):
        _rebuild(session, intent, document, batch)
        raise ChangedMeanwhile(document.updated_by)
    told = renewed(told, batch["fields"], content.of_rows(batch["rows"]), chosen)
    form["update"] = told
    rows_moved = told["rows_now"] != form.get("rows_shown", told["rows_now"])
    form["rows_shown"] = told["rows_now"]
    found = lines(told, shown, typed)
    form["written"] = {
        line.field.code: line.text for line in found if line.field.control != "picture"
    }
    intent.form = form
    intent.save(update_fields=["form_sealed"])
    if rows_moved:
        raise ChangedMeanwhile(rows=True)
    return _sent(told, found, chosen)


def drafted(intent: Intent, typed: Mapping[str, str]) -> Texts:
    """Of what a page sent the choices, and what differs from what was shown: the form may be
    renewed with other values, and what nobody touched is not to count as typed then."""
    form = fields.from_rows(intent.form["fields"])
    chosen = {name: text for name, text in typed.items() if name.startswith(CHOICE)}
    more = {name: typed[name] for name in (REST, "stamps") if name in typed}
    return fields.drafted(form, typed) | chosen | more


def typed_of(found: Iterable[Line]) -> Texts:
    """Of the lines those that a person typed."""
    return {line.field.code: line.text for line in found if line.choice == OTHER}


def _sent(
    told: Mapping[str, Any], found: Iterable[Line], chosen: Mapping[str, str]
) -> dict[str, str | None]:
    sent: dict[str, str | None] = dict(chosen)
    for line in found:
        code, f = line.field.code, line.field
        if code in sent or (f.control == "picture" and line.choice != OTHER):
            continue
        now = told["now"].get(code, "")
        typed = line.choice == OTHER
        if _says(line.text, now, exactly=typed or now != line.crm):
            continue  # Bitrix24 prints that anyway
        follows = _says(line.text, line.crm, exactly=typed)
        sent[code] = None if follows else fields.sent(f, line.text)
    return sent


def _says(text: str, other: str, *, exactly: bool) -> bool:
    return text == other if exactly else _on_one_line(text) == _on_one_line(other)


def _read(session: FrameSession, intent: Intent, chosen: Mapping[str, str]) -> Batch:
    """List last: a version that is still the newest after its fields were read is theirs."""
    id_ = intent.document_id or 0
    return acting(session).batch(
        {
            "fields": document_fields(id_, chosen),
            "rows": product_rows(intent.entity_type_id, intent.entity_id),
            "list": list_documents_by_id([id_], entity_type_id=intent.entity_type_id),
        }
    )


def _listed(batch: Batch, intent: Intent) -> ListedDocument:
    found = [one for one in batch["list"].items if one.entity_id == intent.entity_id]
    if not found:
        raise NoSuchDocument
    document: ListedDocument = found[0]
    return document


def _has_moved(told: Mapping[str, Any], document: ListedDocument) -> bool:
    at, file_id = snapshots.version_of(document)
    return (told["at"], told["file"]) != (at.astimezone(UTC).isoformat(), file_id)


def _rebuild(session: FrameSession, intent: Intent, document: ListedDocument, batch: Batch) -> None:
    """The form anew, on the version that is there now.

    Where the worker has not read it yet, what was read with it a moment ago is as good.
    """
    form = intent.form
    told = form["update"]
    known = printed_now(session, document.id, snapshots.version_of(document))
    if known is None:
        snapshots.seen(session.portal, [document])
        known = _provisional(intent, document, batch, told["version"] + 1)
    old = version(session, document.id, told["restore"]) if told["restore"] else None
    rows = content.of_rows(batch["rows"])
    form["update"] = columns(known, batch["fields"], rows, old)
    form["fields"] = fields.to_rows(as_printed(fields.build(batch["fields"]), form["update"]))
    form["rows_shown"] = rows
    form["title"] = document.title
    form["stamps"] = document.stamps_enabled
    intent.form = form
    intent.save(update_fields=["form_sealed"])


def _provisional(intent: Intent, document: ListedDocument, batch: Batch, number: int) -> Snapshot:
    """As the worker will write it, not kept."""
    snapshot = Snapshot(
        portal=intent.portal,
        document_id=document.id,
        version=number,
        updated_at=document.update_time,
        file_id=document.file_id,
        captured_at=timezone.now(),
    )
    snapshot.content = content.of(document, batch["fields"], batch["rows"])
    return snapshot


# Afterwards


def note_made(intent: Intent, document: Document | ListedDocument) -> None:
    """Notes which version the form became, to be compared once the worker has read it."""
    if is_safe(intent):
        at = document.update_time.astimezone(UTC).isoformat()
        intent.form = intent.form | {"made_at": at}
        intent.save(update_fields=["form_sealed"])


def otherwise(session: FrameSession, document_id: int) -> list[Otherwise]:
    """What Bitrix24 made something else of, in the newest version, if we wrote that one."""
    intent = (
        Intent.objects.filter(
            portal=session.portal,
            kind=Intent.Kind.UPDATE,
            document_id=document_id,
            state=Intent.State.MADE,
        )
        .order_by("-sent_at")
        .first()
    )
    snapshot = snapshots.newest(session.portal, document_id)
    if intent is None or snapshot is None or not snapshot.here:
        return []
    form = intent.form
    if form.get("made_at") != snapshot.updated_at.astimezone(UTC).isoformat():
        return []
    got = texts_of(snapshot.content)
    shown = {f.code: f for f in fields.from_rows(form["fields"])}
    return [
        Otherwise(shown[code].title, wanted, got[code])
        for code, wanted in form.get("written", {}).items()
        if code in got
        and code in shown
        and _on_one_line(fields.as_shown(shown[code], wanted)) != _on_one_line(got[code])
    ]
