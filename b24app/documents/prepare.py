"""A form is opened: the fields are read, and an intent row is kept with what was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from b24app.bitrix.client import Batch
from b24app.bitrix.crm import CrmItem
from b24app.bitrix.documentgenerator import Document, ListedDocument, get_document
from b24app.bitrix.errors import AccessDenied, BitrixError, NotFound, Refused
from b24app.documents import catalogue, dry_run, facts, fields, offers, snapshots, update
from b24app.documents.actions import listed, of_this_deal, record_of
from b24app.documents.errors import NoSuchDocument, NoSuchForm, NotEditable, TemplateNotOffered
from b24app.documents.offers import Offer
from b24app.documents.rights import read_deal
from b24app.models import FrameSession, Intent, Snapshot
from b24app.portals import preferences
from b24app.portals.clients import acting
from b24app.portals.errors import Disconnected


def pick_list(session: FrameSession) -> tuple[CrmItem, list[Offer]]:
    """The item, and the templates that are offered for it to this person."""
    deal = read_deal(session)
    catalogue.renew(session.portal)
    return deal, offers.offered(session, deal.category_id)


def start_making(session: FrameSession, template_id: int) -> Intent:
    """A new form for a template, checked already. Raises `TemplateNotOffered`, `DealForbidden`,
    `BitrixError`."""
    deal, offered = pick_list(session)
    template = next((o.template for o in offered if o.template.id == template_id), None)
    if template is None:
        raise TemplateNotOffered
    intent = _intent(session, Intent.Kind.MAKE, template.id, template.name, None)
    try:
        look = dry_run.first_look(session, intent)
    except Refused as error:
        if _still_offered(session, template.id, deal):
            raise
        raise TemplateNotOffered from error
    intent.form = {
        **_looked(look),
        "stamps": look.has_stamps and preferences.stamps_of(session.portal, template.with_stamps),
        "stamps_why": "" if look.has_stamps else "no_place",
    }
    intent.save()
    return intent


def look_again(session: FrameSession, intent: Intent, typed: Mapping[str, str]) -> bool:
    """A dry run of an open form: see `dry_run.again`.

    Raises `TemplateNotOffered` where the template is gone meanwhile.
    """
    try:
        return dry_run.again(session, intent, typed)
    except Refused as error:
        if intent.kind == Intent.Kind.UPDATE or isinstance(error, AccessDenied):
            raise
        deal = read_deal(session)
        if _still_offered(session, intent.template_id, deal):
            raise
        raise TemplateNotOffered from error


def _still_offered(session: FrameSession, template_id: int, deal: CrmItem) -> bool:
    """Whether a template that Bitrix24 refused is in the list at all, read anew."""
    catalogue.refresh(session.portal)
    offered = offers.offered(session, deal.category_id)
    return any(o.template.id == template_id for o in offered)


def start_updating(session: FrameSession, document_id: int, restore: int | None = None) -> Intent:
    """A form for a document that exists, in three columns where we have what is printed.

    `restore`: the version whose values are prepared to be written. Raises `NoSuchDocument`,
    `NoSuchVersion`, `BitrixError`.
    """
    batch = acting(session).batch({"document": get_document(document_id)})
    document = _existing(session, batch, document_id)
    _require_editable(session, document)
    names = {t.id: t.name for t in catalogue.kept(session.portal)}
    template_id = document.template_id or 0
    name = names.get(template_id, "")
    intent = _intent(session, Intent.Kind.UPDATE, template_id, name, document_id)
    old = update.version(session, document_id, restore) if restore is not None else None
    look = dry_run.first_look(session, intent)
    intent.form = {
        **_looked(look),
        "stamps": document.stamps_enabled,
        "stamps_why": _stamps_why(document),
        "title": document.title,
    }
    printed = update.printed_now(session, document_id, snapshots.version_of(document))
    if printed is None:
        intent.form = intent.form | {"unread": True, "restore": restore}
        snapshots.heard_of(session.portal, document_id, session.entity_type_id)
    else:
        _in_columns(session, intent, look, printed, old)
    intent.save()
    return intent


def _in_columns(
    session: FrameSession,
    intent: Intent,
    look: dry_run.Look,
    printed: Snapshot,
    old: Snapshot | None,
) -> None:
    """Where other choices are to be restored, what hangs on them is looked at a second time."""
    told = update.columns(printed, look.found, look.rows, old)
    form = update.as_printed(look.fields, told)
    chosen = update.selects(told, form, {})
    if chosen:
        look = dry_run.first_look(session, intent, chosen)
        now = {code: told["now"][code] for code in chosen if code in told["now"]}
        told = update.columns(printed, look.found, look.rows, old)
        told["now"] |= now
        form = update.as_printed(look.fields, told)
    shown: dict[str, Any] = {"update": told, "rows_shown": look.rows}
    if old is not None and not intent.form["stamps_why"]:
        shown["stamps"] = bool(old.content["document"]["stamps"])
    intent.form = intent.form | _looked(look) | shown | {"fields": fields.to_rows(form)}


def look_at_columns(session: FrameSession, intent: Intent, typed: Mapping[str, str]) -> None:
    """Looks again after another choice was made: what hangs on it may differ now."""
    intent.typed = dict(typed)
    form = intent.form
    told = form["update"]
    shown = fields.from_rows(form["fields"])
    chosen = update.selects(told, shown, typed)
    look = dry_run.first_look(session, intent, chosen)
    fresh = update.renewed(told, look.found, look.rows, chosen)
    printed = fields.to_rows(update.as_printed(look.fields, fresh))
    intent.form = (
        form | _looked(look) | {"fields": printed, "update": fresh, "rows_shown": look.rows}
    )
    same = Intent.objects.filter(pk=intent.pk, state__in=Intent.SENDABLE)
    same.update(form_sealed=intent.form_sealed, typed_sealed=intent.typed_sealed)


def _looked(look: dry_run.Look) -> dict[str, Any]:
    """What of a look is kept with the form."""
    return {
        "fields": fields.to_rows(look.fields),
        "facts": facts.to_row(look.facts),
        "proof": look.proof,
    }


def _existing(session: FrameSession, batch: Batch, document_id: int) -> Document | ListedDocument:
    """The document of this deal, as the list has it where its conversion fails document.get."""
    failure = batch.failed("document")
    document: Document | ListedDocument | None
    if isinstance(failure, Refused) and not isinstance(failure, AccessDenied | NotFound):
        document = listed(session, document_id)
    elif isinstance(failure, Refused):
        document = None
    else:
        document = batch["document"]
    if document is None or not of_this_deal(session, document):
        raise NoSuchDocument from failure
    return document


def _require_editable(session: FrameSession, document: Document | ListedDocument) -> None:
    """Bitrix24 makes a document anew from its template: an attached file has none, and a deleted
    template cannot be used any more. Raises `NotEditable`."""
    record = record_of(session, document.id)
    if record is not None and record.attached:
        raise NotEditable
    try:
        catalogue.renew(session.portal)
    except (BitrixError, Disconnected):
        return  # the portal itself will say no
    if document.template_id not in {t.id for t in catalogue.kept(session.portal)}:
        raise NotEditable


def _stamps_why(document: Document | ListedDocument) -> str:
    """Why the stamp cannot be chosen; "" where it can, or where nobody said."""
    if isinstance(document, ListedDocument) or document.change_stamps_enabled is not False:
        return ""
    return document.change_stamps_reason or "no_place"


def find(
    session: FrameSession,
    intent_id: str,
    kinds: Sequence[str] = (Intent.Kind.MAKE, Intent.Kind.UPDATE),
) -> Intent:
    """The person's own form of this deal. Raises `NoSuchForm`."""
    intent = Intent.objects.filter(
        pk=intent_id,
        kind__in=kinds,
        portal=session.portal,
        user_id=session.person.user_id,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    ).first()
    if intent is None:
        raise NoSuchForm
    return intent


def _intent(
    session: FrameSession,
    kind: Intent.Kind,
    template_id: int,
    template_name: str,
    document_id: int | None,
) -> Intent:
    """A form about to be opened, not kept yet."""
    return Intent(
        portal=session.portal,
        kind=kind,
        user_id=session.person.user_id,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
        template_id=template_id,
        template_name=template_name,
        document_id=document_id,
    )
