"""A template tried against an object of the CRM: what would be printed. Nothing is made."""

from __future__ import annotations

from dataclasses import dataclass

from b24app.bitrix.crm import get_item
from b24app.bitrix.documentgenerator import DocumentTemplate, get_template, template_fields
from b24app.console import kinds
from b24app.documents import fields
from b24app.documents.fields import FormField
from b24app.models import FrameSession
from b24app.portals.clients import acting


@dataclass(frozen=True)
class Tried:
    """`empty`: the fields that would print nothing; `groups`: all others by their group."""

    item_title: str
    empty: list[FormField]
    groups: list[tuple[str, list[FormField]]]


def template(session: FrameSession, template_id: int) -> tuple[DocumentTemplate, tuple[int, ...]]:
    """The template, and the kinds of objects it may be tried with. Raises `BitrixError`."""
    found = acting(session).run(get_template(template_id))
    return found, kinds.of(found.entity_types) or kinds.USUAL


def against(session: FrameSession, template_id: int, kind: int, item_id: int) -> Tried:
    """Reads the object and the template's fields for it, with the person's own token.

    Both only read: no number is used. Raises `AccessDenied` or `NotFound` for an object that he may
    not read or that is not there, `BitrixError`.
    """
    batch = acting(session).batch(
        {"item": get_item(kind, item_id), "fields": template_fields(template_id, kind, item_id)}
    )
    title = batch["item"].title
    found = fields.build(batch["fields"])
    empty = [f for f in found if _is_empty(f)]
    groups: dict[str, list[FormField]] = {}
    for f in found:
        if not _is_empty(f):
            groups.setdefault(f.group, []).append(f)
    return Tried(title, empty, list(groups.items()))


def _is_empty(f: FormField) -> bool:
    """A column of a table has its values row by row; they are not told."""
    return f.control != "rows" and not f.value.strip()
