"""A dry run: everything Bitrix24 knows about a document that is not made, in one batch.

The person's own token asks. Where the portal lets it read no template fields, the installation's
asks the whole batch, for somebody whom Bitrix24 let read the item a moment ago; what leads to a
linked item that he may not read is hidden (docs/adr/0011).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from b24app.bitrix.client import Batch, PortalClient
from b24app.bitrix.crm import COMPANY, CONTACT, DEAL, LEAD, QUOTE, get_item, product_rows
from b24app.bitrix.documentgenerator import (
    DocumentField,
    document_fields,
    documents_numbered,
    list_documents,
    template_fields,
)
from b24app.bitrix.encoding import Reference, fits_in_batch
from b24app.bitrix.errors import Refused
from b24app.bitrix.protocol import Command
from b24app.documents import content, facts, fields, rights
from b24app.documents.facts import Facts
from b24app.documents.fields import FormField
from b24app.models import FrameSession, Intent, Person
from b24app.portals.clients import acting, lent

HEADS = {
    COMPANY: frozenset({"COMPANY", "REQUISITE", "BANK_DETAIL", "CLIENT"}),
    CONTACT: frozenset({"CONTACT", "REQUISITE", "BANK_DETAIL", "CLIENT"}),
    LEAD: frozenset({"LEAD"}),
    DEAL: frozenset({"DEAL"}),
    QUOTE: frozenset({"QUOTE"}),
}
"""Heads of chains that lead to data of a linked item; besides them, ``PARENT_`` with its type."""
PROVEN = timedelta(minutes=10)
"""How long it is believed which linked objects a person may read: as long as for the item."""
_NUMBERED = {
    Intent.Kind.MAKE: Reference("$result[fields][templateFields][DocumentNumber][value]"),
    Intent.Kind.UPDATE: Reference("$result[fields][documentFields][DocumentNumber][value]"),
}


@dataclass(frozen=True)
class Look:
    """What a dry run brought. `proof`: which linked objects were read, when, and what is hidden."""

    fields: list[FormField]
    facts: Facts
    proof: dict[str, Any]
    has_stamps: bool
    found: Sequence[DocumentField] = ()
    """The fields as Bitrix24 told them."""
    rows: list[dict[str, Any]] | None = None
    """The product rows as a snapshot keeps them; None where they could not be read."""


def first_look(
    session: FrameSession, intent: Intent, values: Mapping[str, str] | None = None
) -> Look:
    """For a form that is opened. Raises `BitrixError`, `DealForbidden`, `Disconnected`."""
    return _look(session, intent, values or {}, Facts(), {})


def again(session: FrameSession, intent: Intent, typed: Mapping[str, str]) -> bool:
    """Looks again with what was typed, and keeps both; False when a newer look has overtaken this.

    What was typed is kept before anybody is asked, whatever the answer. Raises like `first_look`.
    """
    form = intent.form
    shown = fields.from_rows(form["fields"])
    turn = _keep_draft(intent, fields.drafted(shown, typed) | _switches(typed))
    values = fields.read(shown, typed).values
    look = _look(session, intent, values, facts.from_row(form.get("facts")), form.get("proof", {}))
    form["fields"] = fields.to_rows(fields.renewed(shown, look.fields, values))
    form |= {"facts": facts.to_row(look.facts), "proof": look.proof}
    intent.form = form
    newest = Intent.objects.filter(pk=intent.pk, turn=turn, state__in=Intent.SENDABLE)
    return bool(newest.update(form_sealed=intent.form_sealed))


def _switches(typed: Mapping[str, str]) -> dict[str, str]:
    return {"stamps": typed["stamps"]} if "stamps" in typed else {}


def _keep_draft(intent: Intent, draft: dict[str, str]) -> int:
    """Keeps what was typed, and takes a turn: only the newest look is kept at its end."""
    intent.typed = draft
    sendable = Intent.objects.filter(pk=intent.pk, state__in=Intent.SENDABLE)
    sendable.update(typed_sealed=intent.typed_sealed, turn=F("turn") + 1)
    intent.refresh_from_db(fields=["turn"])
    return intent.turn


def _look(
    session: FrameSession,
    intent: Intent,
    values: Mapping[str, str],
    was: Facts,
    proof: dict[str, Any],
) -> Look:
    commands = _commands(intent, values, was)
    batch, own = _ask(session, intent, commands)
    if own:
        rights.conclude(session, batch.failed("item"))
    found: Sequence[DocumentField] = batch["fields"]
    known = facts.gather(
        batch,
        was,
        now=timezone.now(),
        template_id=intent.template_id,
        document_id=intent.document_id,
    )
    if not own:
        # Not shown before it is known what the person may read: what links to it may be new.
        proof = _proven(session, batch["item"].links, proof)
    hidden = frozenset() if own else frozenset(proof["hidden"])
    stamps = any(f.type == "stamp" for f in found)
    rows = None if batch.failed("rows") else content.of_rows(batch["rows"])
    return Look(fields.build(found, hidden), known, {} if own else proof, stamps, found, rows)


def _commands(intent: Intent, values: Mapping[str, str], was: Facts) -> dict[str, Command[Any]]:
    kind, id_ = intent.entity_type_id, intent.entity_id
    asked: Command[Any]
    if intent.kind == Intent.Kind.UPDATE:
        asked = document_fields(intent.document_id or 0, values)
    else:
        asked = template_fields(intent.template_id, kind, id_, values)
    # The number is looked for as it comes out, with all that was chosen and typed.
    number = _NUMBERED[Intent.Kind(intent.kind)] if fits_in_batch(asked.params) else was.number
    commands: dict[str, Command[Any]] = {
        "fields": asked,
        "item": get_item(kind, id_),
        "rows": product_rows(kind, id_),
        "others": list_documents(entity_type_id=kind, entity_id=id_),
    }
    return commands | ({"number": documents_numbered(number)} if number else {})


def _ask(
    session: FrameSession, intent: Intent, commands: Mapping[str, Command[Any]]
) -> tuple[Batch, bool]:
    """The batch, and whether the person's own token asked it."""
    if intent.kind == Intent.Kind.UPDATE or not session.person.templates_refused:
        batch = acting(session).batch(commands)
        refused = isinstance(batch.failed("fields"), Refused)
        if intent.kind == Intent.Kind.UPDATE or not refused:
            return batch, True
    rights.require_readable(session)
    client: PortalClient = lent(session)
    batch = client.batch(commands)
    if not batch.failed("fields"):
        _remember_refusal(session)
    return batch, False


def _remember_refusal(session: FrameSession) -> None:
    if not session.person.templates_refused:
        session.person.templates_refused = True
        Person.objects.filter(pk=session.person.pk).update(templates_refused=True)


def _proven(
    session: FrameSession, links: Sequence[tuple[int, int]], proof: dict[str, Any]
) -> dict[str, Any]:
    """Which heads are hidden, asked with the person's own token where that is not known."""
    wanted = [list(link) for link in links]
    now = timezone.now()
    if proof.get("links") == wanted and datetime.fromisoformat(proof["at"]) > now - PROVEN:
        return proof
    hidden = sorted(_unreadable(session, links))
    return {"links": wanted, "at": now.isoformat(), "hidden": hidden}


def _unreadable(session: FrameSession, links: Sequence[tuple[int, int]]) -> frozenset[str]:
    """Heads of the items linked to this one that the person's own token cannot read."""
    asked = {f"item{number}": link for number, link in enumerate(links[:50])}
    if not asked:
        return frozenset()
    batch = acting(session).batch({key: get_item(*link) for key, link in asked.items()})
    # More than one batch tells of are not looked at: then nothing of any of those is shown.
    heads: frozenset[str] = frozenset()
    for kind, _ in links[50:]:
        heads |= _heads(kind)
    for key, (kind, _) in asked.items():
        failure = batch.failed(key)
        if isinstance(failure, Refused):
            heads |= _heads(kind)
        elif failure is not None:
            raise failure
    return heads


def _heads(kind: int) -> frozenset[str]:
    return HEADS.get(kind, frozenset()) | {f"PARENT_{kind}"}
