"""What a person sees of public links: on the page of a document, and in the list of a deal.

All of it from our own rows; whoever calls has asked for the right to read the deal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from b24app.documents import link_ends, link_state
from b24app.documents.link_state import State
from b24app.models import FrameSession, Person, Portal, PublicLink, Snapshot

Versions: TypeAlias = "list[tuple[datetime, int]]"
"""Update time and number, oldest first."""


@dataclass(frozen=True)
class Shown:
    """A version as the client sees or saw it. `number` is None where we have not read it."""

    number: int | None
    at: datetime


@dataclass(frozen=True)
class LinkPanel:
    """The panel of one document. `link` is None where nothing was ever switched on."""

    document_id: int
    link: PublicLink | None
    shows: Shown | None
    sent: Shown | None
    """What was sent, where that is another version than the link shows now."""
    sender: str
    """Who sent it; "" for whoever is looking."""
    opened_with: int | None
    """The number of the version that was there when the link was first opened."""
    who: str
    days: list[int]
    usual: str

    @property
    def is_on(self) -> bool:
        return bool(self.link and self.link.is_on)

    @property
    def is_unclear(self) -> bool:
        """The worker is finding out, or is switching it off after a lost answer."""
        return bool(self.link and self.link.state == State.UNCLEAR)

    @property
    def address(self) -> str:
        return self.link.address if self.link else ""


@dataclass(frozen=True)
class RowLink:
    """The link of one document in the list; `sent` and `shows` as in `LinkPanel`."""

    link: PublicLink
    sent: Shown | None
    shows: Shown | None


def panel(session: FrameSession, document_id: int) -> LinkPanel:
    """The panel from what we know; read the document or switch the link before."""
    link = link_state.of(session.portal, document_id)
    days, usual = link_ends.days_offered(session.portal)
    versions = _versions(session.portal, [document_id]).get(document_id, [])
    return LinkPanel(
        document_id=document_id,
        link=link,
        shows=_shown(versions, link.document_at) if link else None,
        sent=_sent(versions, link),
        opened_with=_opened_with(versions, link),
        who=_name(session.portal, link.user_id if link else None),
        sender=_sender(session, link),
        days=days,
        usual=usual,
    )


def by_document(portal: Portal, document_ids: Iterable[int]) -> dict[int, RowLink]:
    """The links that are on, or perhaps on, of the listed documents."""
    rows = PublicLink.objects.filter(portal=portal, document_id__in=list(document_ids))
    links = list(rows.exclude(state=State.OFF))
    versions = _versions(portal, [link.document_id for link in links]) if links else {}
    found = {}
    for link in links:
        known = versions.get(link.document_id, [])
        found[link.document_id] = RowLink(link, _sent(known, link), _shown(known, link.document_at))
    return found


def to_tell(links: Iterable[PublicLink]) -> list[PublicLink]:
    """Those about which a person has to know: they end soon, should have ended, or will not end."""
    return [
        link
        for link in links
        if link.is_overdue or link.is_unwatched or (link.is_soon and not link.let_end)
    ]


def _versions(portal: Portal, document_ids: list[int]) -> dict[int, Versions]:
    rows = Snapshot.objects.filter(portal=portal, document_id__in=document_ids)
    found: dict[int, Versions] = {}
    for document_id, at, number in rows.order_by("version").values_list(
        "document_id", "updated_at", "version"
    ):
        found.setdefault(document_id, []).append((at, number))
    return found


def _shown(versions: Versions, at: datetime | None) -> Shown | None:
    if at is None:
        return None
    numbers = [number for moment, number in versions if moment == at]
    return Shown(numbers[-1] if numbers else None, at)


def _sent(versions: Versions, link: PublicLink | None) -> Shown | None:
    """The version that was sent, if the document has been changed since."""
    if link is None or link.sent_document_at is None:
        return None
    newest = max([at for at, _ in versions] + [link.document_at or link.sent_document_at])
    return _shown(versions, link.sent_document_at) if newest > link.sent_document_at else None


def _opened_with(versions: Versions, link: PublicLink | None) -> int | None:
    if link is None or link.viewed_at is None:
        return None
    before = [number for at, number in versions if at <= link.viewed_at]
    return before[-1] if before else None


def _sender(session: FrameSession, link: PublicLink | None) -> str:
    sender = link.sent_by if link else None
    return "" if sender == session.person.user_id else _name(session.portal, sender)


def _name(portal: Portal, user_id: int | None) -> str:
    if user_id is None:
        return ""
    names = Person.objects.filter(portal=portal, user_id=user_id)
    return names.values_list("name", flat=True).first() or f"#{user_id}"
