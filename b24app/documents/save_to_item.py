"""A typed value goes to the CRM item too, with the person's own token, and is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from b24app.bitrix.crm import CrmItem, get_item, update_item
from b24app.bitrix.errors import AnswerLost
from b24app.documents import facts, fields, rights, sources
from b24app.models import FrameSession, Intent
from b24app.portals.clients import acting


@dataclass(frozen=True)
class Saved:
    """What became of it. `state`: saved; kept (Bitrix24 answered, the item has another value); or
    unknown (the answer was lost, and the item could not be read)."""

    state: str
    code: str
    title: str


def field(
    session: FrameSession, intent: Intent, code: str, typed: Mapping[str, str]
) -> Saved | None:
    """Writes one typed value to the item; None where that value cannot go there.

    Raises the `BitrixError` of a write that certainly did nothing, `DealForbidden`.
    """
    form = fields.from_rows(intent.form["fields"])
    found = next((f for f in form if f.code == code), None)
    name = sources.writable(found) if found else ""
    values = fields.read(form, typed).values
    if found is None or not name or code not in values:
        return None
    return Saved(_write(session, name, values[code]), code, found.title)


def amount(session: FrameSession, intent: Intent, total: str) -> Saved | None:
    """Sets the item's amount to what its product rows make; None where that is not `total` now."""
    known = facts.from_row(intent.form.get("facts"))
    if not known.products.lines or str(known.products.total) != total:
        return None
    return Saved(_write(session, sources.AMOUNT, total), "", "")


def _write(session: FrameSession, name: str, value: str) -> str:
    rights.require_readable(session)
    item = (session.entity_type_id, session.entity_id)
    try:
        saved: CrmItem = acting(session).run(update_item(*item, {name: value}))
    except AnswerLost:
        try:
            saved = acting(session).run(get_item(*item))
        except AnswerLost:
            return "unknown"
    return "saved" if _same(saved.fields.get(name), value) else "kept"


def _same(found: object, wanted: str) -> bool:
    """Whether the item holds the value: a day comes back as a moment, an amount as a number."""
    text = "" if found is None else str(found).replace("\r\n", "\n").strip()
    if text == wanted or (len(wanted) == 10 and text[:10] == wanted):
        return True
    try:
        return Decimal(text) == Decimal(wanted)
    except InvalidOperation:
        return False
