"""What we know of a document's public link, and who may change it now: our row, never the portal.

Whoever switches a link claims its row first and writes there what he wants, so that a process that
dies leaves a link with an end, or one that the worker switches off (`link_guard`).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.documentgenerator import Document, ListedDocument
from b24app.bitrix.errors import BitrixError
from b24app.documents import history
from b24app.documents.errors import LinkBusy
from b24app.models import IssuedDocument, Portal, PublicLink

LEASE = timedelta(minutes=3)
"""Longer than switching and reading back may take, repetitions included."""
SOON = timedelta(seconds=10)
"""Until the worker looks what came of a lost answer."""
State, Reason = PublicLink.State, PublicLink.Reason
_KEPT = ("user_id", "on_at", "sent_at", "sent_by", "sent_document_at")
_END = ("ends_at", "let_end", "decided_closed")


@dataclass(frozen=True)
class About:
    """The document a link is of, as our record or Bitrix24's list names it."""

    document_id: int
    entity_type_id: int
    entity_id: int
    title: str

    @classmethod
    def of(cls, found: IssuedDocument | ListedDocument | Document) -> About:
        document_id = found.document_id if isinstance(found, IssuedDocument) else found.id
        return cls(document_id, found.entity_type_id, found.entity_id, found.title[:500])

    @classmethod
    def of_link(cls, link: PublicLink) -> About:
        return cls(link.document_id, link.entity_type_id, link.entity_id, link.title)


@dataclass
class Claim:
    """A row that only its claimer may switch until the lease ends. `before`: as it was."""

    link: PublicLink
    before: PublicLink
    until: datetime


def of(portal: Portal, document_id: int) -> PublicLink | None:
    return PublicLink.objects.filter(portal=portal, document_id=document_id).first()


def free(now: datetime) -> Q:
    """Rows that nobody is switching."""
    return Q(busy_until=None) | Q(busy_until__lt=now)


@transaction.atomic
def claim(portal: Portal, about: About, **wish: Any) -> Claim:
    """Takes the link to switch it, and writes down what is wanted. Raises `LinkBusy`."""
    PublicLink.objects.get_or_create(
        portal=portal,
        document_id=about.document_id,
        defaults={
            "entity_type_id": about.entity_type_id,
            "entity_id": about.entity_id,
            "title": about.title,
        },
    )
    rows = PublicLink.objects.select_for_update().select_related("portal")
    link = rows.get(portal=portal, document_id=about.document_id)
    now = timezone.now()
    if link.busy_until and link.busy_until > now:
        raise LinkBusy
    before = copy.copy(link)
    until = link.busy_until = link.due_at = now + LEASE
    for name, value in wish.items():
        setattr(link, name, value)
    link.save()
    return Claim(link, before, until)


def give_back(held: Claim) -> None:
    """Certainly nothing was done: the row is again as it was."""
    before = held.before
    _write(held, {f.attname: getattr(before, f.attname) for f in before._meta.concrete_fields[1:]})
    held.link = before


def leave_open(held: Claim, error: BitrixError) -> PublicLink:
    """Nobody knows what came of it: the worker finds out, or goes on with what was wanted."""
    link = held.link
    link.due_at = timezone.now() + SOON
    _note_error(link, error)
    _write(held, _values(link, "due_at", "tried_at", "error_code", "error_text"))
    return link


def switched_on(
    held: Claim, address: str, document: Document | None, *, new_end: bool = False
) -> PublicLink:
    """It is on, at this address. `document`: as it was read afterwards, if it could be.

    Where it was on already, what was known of it holds; its end too, unless `new_end`.
    """
    link, before = held.link, held.before
    same = before.state == State.ON and before.address == address
    for name in _KEPT if same else ():
        setattr(link, name, getattr(before, name))
    for name in _END if same and not before.ending and not new_end else ():
        setattr(link, name, getattr(before, name))
    _on(link, address, document)
    link.checked_at = timezone.now()
    if not same:
        link.on_at = link.sent_at = timezone.now()
        link.sent_by, link.sent_document_at = link.user_id, link.document_at
        history.note(link.portal, link.document_id, history.Kind.LINK_ON, link.user_id)
    _write(held, _all(link))
    return link


def switched_off(held: Claim, reason: str, user_id: int | None) -> PublicLink:
    """It is off: its address leads nowhere any more. `user_id`: None for ourselves."""
    link = held.link
    if held.before.state == State.ON or link.ending:
        history.note(link.portal, link.document_id, history.Kind.LINK_OFF, user_id)
    _off(link, reason, user_id)
    _write(held, _all(link))
    return link


def failed(held: Claim, error: BitrixError, again: timedelta) -> PublicLink:
    """The worker could not do what is to be done; it comes back after `again`."""
    link = held.link
    link.tries += 1
    link.due_at = timezone.now() + again
    _note_error(link, error)
    _write(held, _all(link))
    return link


def learn(portal: Portal, document: Document, asked_at: datetime) -> PublicLink | None:
    """What document.get told of the link, unless somebody is switching it or knows better.

    `asked_at`: when it was asked; what was read or switched after that is not overwritten.
    """
    link = of(portal, document.id)
    if link is None:
        if document.public_url is None:
            return None
        link = _new(portal, document)
    now = timezone.now()
    if (link.busy_until and link.busy_until > now) or (link.read_at and link.read_at > asked_at):
        return link
    expected = {"busy_until": link.busy_until, "read_at": link.read_at}
    kind = _take(link, document)
    rows = PublicLink.objects.filter(pk=link.pk, **expected)
    if rows.update(**_all(link)) and kind:
        user_id = link.user_id if kind == history.Kind.LINK_ON else link.off_by
        history.note(portal, document.id, kind, user_id)
    return link


def _new(portal: Portal, document: Document) -> PublicLink:
    about = About.of(document)
    defaults = {
        "entity_type_id": about.entity_type_id,
        "entity_id": about.entity_id,
        "title": about.title,
    }
    rows = PublicLink.objects
    return rows.get_or_create(portal=portal, document_id=about.document_id, defaults=defaults)[0]


def _take(link: PublicLink, document: Document) -> str:
    """Brings the row to what was read; answers what is news for the history, or ""."""
    address, known = document.public_url, link.state == State.ON
    if address is None:
        if not link.is_on:
            link.read_at = timezone.now()
            return ""
        wanted = link.ending == Reason.PERSON
        _off(link, link.ending or Reason.ELSEWHERE, link.off_by if wanted else None)
        return history.Kind.LINK_OFF
    unknown = link.state == State.OFF or (known and link.address != address)
    if unknown:
        _found(link)
    elif link.state == State.UNCLEAR and not link.ending:
        link.on_at = link.sent_at = timezone.now()
        link.sent_by, link.sent_document_at = link.user_id, document.update_time
    news = link.state == State.UNCLEAR or unknown
    _on(link, address, document)
    return history.Kind.LINK_ON if news else ""


def _found(link: PublicLink) -> None:
    """Switched on elsewhere: nobody has told us when it shall end, or who has which address."""
    link.user_id = link.ends_at = None
    link.sent_at = link.sent_by = link.sent_document_at = None
    link.decided_closed = None
    link.let_end, link.ending = False, ""
    link.on_at = timezone.now()


def _on(link: PublicLink, address: str, document: Document | None) -> None:
    now = timezone.now()
    if link.address != address:
        link.viewed_at = None
    link.state, link.address = State.ON, address
    link.busy_until, link.read_at = None, now
    link.look_at = now + timedelta(seconds=settings.LINK_READ_SECONDS)
    if document is not None:
        link.title = document.title[:500]
        link.document_at, link.viewed_at = document.update_time, document.public_viewed
    if not link.ending:
        link.due_at = link.ends_at
        link.tries, link.error_code, link.error_text = 0, "", ""
        link.off_reason, link.off_by, link.off_at = "", None, None


def _off(link: PublicLink, reason: str, user_id: int | None) -> None:
    now = timezone.now()
    link.state, link.address, link.ending = State.OFF, "", ""
    link.off_reason, link.off_by, link.off_at = reason, user_id, now
    link.busy_until = link.due_at = link.look_at = None
    link.tries, link.error_code, link.error_text = 0, "", ""
    link.read_at = now


def _note_error(link: PublicLink, error: BitrixError) -> None:
    link.busy_until, link.tried_at = None, timezone.now()
    link.error_code = (error.code or type(error).__name__)[:64]
    link.error_text = error.description[:500]


def _write(held: Claim, values: dict[str, Any]) -> None:
    """Unless the lease has lapsed and somebody else has the row: then he reads the truth."""
    mine = PublicLink.objects.filter(pk=held.before.pk, busy_until=held.until)
    mine.update(**values | {"busy_until": None})


def _values(link: PublicLink, *names: str) -> dict[str, Any]:
    return {name: getattr(link, name) for name in names}


def _all(link: PublicLink) -> dict[str, Any]:
    return _values(link, *(f.attname for f in link._meta.concrete_fields[1:]))
