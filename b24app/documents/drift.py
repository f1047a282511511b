"""Whether a document still says what the CRM says: what it printed, and what would be printed now.

Compared is what Bitrix24 computes (`default`), then and now, so a value that a person typed over it
counts only when the CRM's own value has changed since, and not when the CRM has caught up with it.
Left out is what changes without making a document wrong, and what this person may not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from b24app.bitrix.crm import ProductRow
from b24app.bitrix.documentgenerator import DocumentField, ListedDocument
from b24app.bitrix.protocol import PAGE_SIZE, Page
from b24app.documents import content, differences, fields
from b24app.documents.differences import Content, Difference
from b24app.documents.fields import FormField

VOLATILE = {
    # Step of a field's chain, or its code: why a change of it is no drift.
    "DOCUMENT": "the document's own: its number, its title, the moment it was made",
    "DocumentNumber": "given by a counter, kept for good",
    "DocumentTitle": "follows the number and the template's name",
    "DocumentCreateTime": "follows the clock",
    "PaymentQrCode": "drawn anew each time; what it encodes stands in other fields",
    "DATE_MODIFY": "changes whenever anybody touches the object",
    "UPDATED_TIME": "as above, in invoices and smart processes",
    "MODIFY_BY_ID": "who touched it last",
    "UPDATED_BY": "who touched it last",
    "LAST_ACTIVITY_TIME": "follows calls and letters",
    "LAST_COMMUNICATION_TIME": "follows calls and letters",
    "STAGE_ID": "a deal moves on; its documents are none the worse",
    "STAGE": "as above, by name",
    "STATUS_ID": "as above, of leads and quotes",
    "STATUS": "as above, by name",
    "MOVED_TIME": "when it came to its stage",
    "PROBABILITY": "follows the stage",
}
ROWS = "rows"
TOTAL = "TotalSum"
"""Told first: it is what the client pays."""
SHORT = 28
"""Characters that are shown of a value beside its name; a longer one is left to the comparison."""


@dataclass(frozen=True)
class Finding:
    """One thing that differs. `before` and `after` are "" where only its name is told."""

    title: str
    before: str
    after: str
    unit: str = ""
    """The currency of an amount."""
    own: bool = True
    """Of the object itself, not of its client, its company or another thing with own rights."""


def compare(
    printed: Content,
    document: ListedDocument,
    found: Sequence[DocumentField],
    rows: Page[ProductRow] | None,
) -> list[Finding]:
    """What differs between a version's content and the CRM now; the total first, rows last."""
    crm = content.of(document, [_computed(f) for f in found], rows)
    shown = {form.code: form for form in fields.build(found)}
    told = {field["code"]: field for field in printed.get("fields") or []}
    blank = _blank(shown, crm["fields"]) | _blank(shown, told.values())
    drifted = [
        (told[field["code"]], field)
        for field in crm["fields"]
        if field["code"] in told
        and not _is_left_out(shown[field["code"]], blank, printed)
        and _has_drifted(told[field["code"]], field)
    ]
    drifted.sort(key=lambda pair: (pair[1]["code"] != TOTAL, not shown[pair[1]["code"]].unit))
    findings = [_of_field(old, new, shown[new["code"]]) for old, new in drifted]
    return [*_once(findings), *_of_rows(printed, crm)]


def to_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    return [Finding(**row) for row in rows]


def without_foreign_values(findings: Iterable[Finding]) -> list[Finding]:
    """For who may not have the rights of the person who looked."""
    return [one if one.own else replace(one, before="", after="") for one in findings]


def is_comparable(codes: Iterable[str]) -> bool:
    """Whether there is more than number and title: uploaded documents have no more, nor have those
    of deleted templates."""
    return any(code not in VOLATILE for code in codes)


def prints_rows(printed: Content) -> bool:
    return any(field["control"] == ROWS for field in printed.get("fields") or [])


def _computed(found: DocumentField) -> DocumentField:
    """The field as if nobody had typed over it. A choice tells only what is chosen."""
    return found if found.is_select else replace(found, value=found.default)


def _blank(shown: Mapping[str, FormField], told: Iterable[Mapping[str, Any]]) -> set[str]:
    """Linked things of which nothing at all is told: most likely this person may not read them."""
    known: dict[str, bool] = {}
    for field in told:
        form = shown.get(field["code"])
        head = _head(form) if form else ""
        if head and field["control"] not in {"select", ROWS}:
            known[head] = known.get(head, False) or bool(field["default"])
    return {head for head, is_known in known.items() if not is_known}


def _head(form: FormField) -> str:
    """The linked thing a value comes from; "" for the object's own."""
    path = fields.path_of(form)
    if path and path[0].startswith("CLIENT_"):
        return "CLIENT"
    return path[0] if len(path) > 1 else ""


def _is_left_out(form: FormField, blank: set[str], printed: Content) -> bool:
    steps = {form.code, *fields.path_of(form)[:1], *fields.path_of(form)[-1:]}
    is_unprinted = form.stamp and not printed.get("document", {}).get("stamps")
    return (
        form.control == ROWS
        or is_unprinted
        or bool(steps & VOLATILE.keys())
        or _head(form) in blank
    )


def _has_drifted(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    key = "value" if new["control"] == "select" else "default"
    if old["control"] == "select" or new["control"] == "select":
        # A choice is there only where there is more than one to choose from.
        return bool(old["control"] == new["control"] and old[key] != new[key])
    is_amount = new["control"] == "amount"
    sides = old["default"], new["default"], old["value"]
    then, now, typed = (_plain(side, is_amount) for side in sides)
    return now not in {then, typed}


def _plain(value: str | None, is_amount: bool) -> str:
    """For comparing: an amount without its noughts, a text without its line ends."""
    text = " ".join((value or "").split())
    if not is_amount:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number.normalize():f}" if abs(number.adjusted()) < 40 else text


def _of_field(old: Mapping[str, Any], new: Mapping[str, Any], form: FormField) -> Finding:
    own = len(fields.path_of(form)) == 1 and not _head(form)
    title = form.title if own or not form.source else f"{form.source}: {form.title}"
    if new["control"] == "picture":
        return Finding(title, "", "", own=own)
    return Finding(title, *_short(old["shown"] or "", new["shown"] or ""), form.unit, own)


def _short(before: str, after: str) -> tuple[str, str]:
    is_short = max(len(before), len(after)) <= SHORT and "\n" not in before + after
    return (before, after) if is_short else ("", "")


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same amount under two names is one change."""
    known = set()
    for one in findings:
        pair = (one.before, one.after, one.unit)
        if not one.unit or pair not in known:
            yield one
        known.add(pair)


def _of_rows(printed: Content, crm: Content) -> list[Finding]:
    """Where Bitrix24 told all of them, and the document has a table of them."""
    was, now = printed.get("rows"), crm.get("rows")
    if was is None or now is None or not prints_rows(printed):
        return []
    if max(len(was), len(now)) >= PAGE_SIZE:
        return []  # not all of them are known: the totals tell
    sides = {"rows": was}, {"rows": _paired(was, now)}
    return [_of_difference(one) for one in differences.between(*sides)]


def _of_difference(one: Difference) -> Finding:
    return Finding(one.title, *_short(one.was, one.became))


def _paired(
    was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The rows of now with the ids of those they were: who writes all rows anew changes the ids."""
    ids = {row["id"] for row in now}
    free = [row for row in was if row["id"] not in ids]
    known = {row["id"] for row in was}
    paired: list[Mapping[str, Any]] = []
    for row in now:
        same = [one for one in free if one["name"] == row["name"]]
        if row["id"] not in known and same:
            free.remove(same[0])
            row = {**row, "id": same[0]["id"]}
        paired.append(row)
    return paired
