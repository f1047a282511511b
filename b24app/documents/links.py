"""What a person does with public links: on with an end, off, another address, another end.

Switching is setting: it is repeated, and then read back. Where nobody can read, the row stays
UNCLEAR or is to be ended, and the worker finds out (`link_guard`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from b24app.bitrix.client import PortalClient
from b24app.bitrix.crm import get_item, is_closed, tells_closed
from b24app.bitrix.documentgenerator import (
    Document,
    enable_public_url,
    get_document,
)
from b24app.bitrix.errors import AnswerLost, BitrixError, NotFound
from b24app.bitrix.protocol import Command
from b24app.documents import actions, link_state, rights
from b24app.documents.errors import NoSuchDocument
from b24app.documents.link_ends import usual_end
from b24app.documents.link_state import About, Claim, Reason, State
from b24app.models import FrameSession, Portal, PublicLink
from b24app.portals.clients import acting

MORE = 30
"""Days that "Keep 30 days more" gives."""


@dataclass(frozen=True)
class Truth:
    """What came of a switching. `lost`: its answer, where only reading told."""

    address: str | None
    document: Document | None
    lost: BitrixError | None


def require(session: FrameSession, document_id: int) -> About:
    """The document of this deal whose link is meant. Raises `NoSuchDocument`, `DealForbidden`."""
    return About.of(actions.require(session, document_id))


def known(session: FrameSession, document_id: int) -> PublicLink:
    """What our row says of a document of this deal; costs Bitrix24 nothing.

    Raises `NoSuchDocument`, `DealForbidden`, `BitrixError`.
    """
    rights.require_readable(session)
    rows = PublicLink.objects.filter(portal=session.portal, document_id=document_id)
    link = rows.filter(entity_type_id=session.entity_type_id, entity_id=session.entity_id).first()
    if link is None:
        raise NoSuchDocument
    return link


def of_deal(session: FrameSession) -> list[PublicLink]:
    """The links of this deal that are on, or perhaps on. Whoever calls has asked for the right."""
    rows = PublicLink.objects.filter(
        portal=session.portal,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
    )
    return list(rows.exclude(state=State.OFF).order_by("-document_id"))


def on_in(portal: Portal) -> int:
    """How many links of a portal are on, as far as we know."""
    return PublicLink.objects.filter(portal=portal).exclude(state=State.OFF).count()


def all_known(session: FrameSession) -> list[PublicLink]:
    """`of_deal`, for a page that has not asked for the right. Raises `DealForbidden`."""
    rights.require_readable(session)
    return of_deal(session)


def switch_on(session: FrameSession, document_id: int, ends_at: datetime | None) -> PublicLink:
    """On, with an end or None for never. A link that is on already keeps the end it has.

    Raises `NoSuchDocument`, `LinkBusy`, `BitrixError`.
    """
    about = require(session, document_id)
    return on(acting(session), session.portal, about, session.person.user_id, ends_at)


def on(
    client: PortalClient, portal: Portal, about: About, user_id: int, ends_at: datetime | None
) -> PublicLink:
    """`switch_on` for whoever speaks with `client`, such as the worker for a person.

    Raises `LinkBusy`, `BitrixError`.
    """
    held = link_state.claim(
        portal,
        about,
        state=State.UNCLEAR,
        user_id=user_id,
        ends_at=ends_at,
        let_end=False,
        decided_closed=None,
        ending="",
    )
    return _switch_on(client, held)


def switch_off(session: FrameSession, document_id: int) -> PublicLink:
    """Off: the address is gone. Raises `NoSuchDocument`, `LinkBusy`, `BitrixError`."""
    about = require(session, document_id)
    held = link_state.claim(session.portal, about, **wanted_off(session))
    return _switch_off(acting(session), held, session.person.user_id)


def rotate(session: FrameSession, document_id: int) -> PublicLink:
    """Off and on: another address with the same end; what was sent leads nowhere any more.

    A link that is off afterwards got no new address. Raises `NoSuchDocument`, `LinkBusy`,
    `BitrixError`.
    """
    about, user_id = require(session, document_id), session.person.user_id
    client = acting(session)
    held = link_state.claim(session.portal, about, **wanted_off(session))
    ends_at = held.before.ends_at if held.before.is_on else usual_end(session.portal)
    if ends_at is not None and ends_at <= timezone.now():
        ends_at = usual_end(session.portal)
    link = _switch_off(client, held, user_id)
    if link.is_on:
        return link
    try:
        return on(client, session.portal, about, user_id, ends_at)
    except BitrixError:
        return link_state.of(session.portal, document_id) or link


def change_end(session: FrameSession, document_id: int, ends_at: datetime | None) -> PublicLink:
    """Another end, for whoever may switch the link: that is asked by switching it on once more.

    A link that turns out to be off stays off. Raises `NoSuchDocument`, `LinkBusy`, `BitrixError`.
    """
    known(session, document_id)
    client, asked_at = acting(session), timezone.now()
    try:
        document = client.run(get_document(document_id))
    except NotFound as error:
        raise NoSuchDocument from error
    link = link_state.learn(session.portal, document, asked_at)
    if link is None or link.state != State.ON:
        return link or known(session, document_id)
    held = link_state.claim(
        session.portal, About.of(document), ends_at=ends_at, let_end=False, ending=""
    )
    return _switch_on(client, held, new_end=True)


def keep(session: FrameSession, document_id: int, days: int = MORE) -> PublicLink:
    """So many days more than it has; what should have ended already counts from now."""
    link = known(session, document_id)
    begin = max(link.ends_at or timezone.now(), timezone.now())
    return change_end(session, document_id, begin + timedelta(days=days))


def let_end(session: FrameSession, document_id: int) -> PublicLink:
    """The person has read that it ends soon: nobody is reminded any more."""
    link = known(session, document_id)
    PublicLink.objects.filter(pk=link.pk).update(let_end=True)
    link.let_end = True
    return link


def copied(session: FrameSession, document_id: int) -> None:
    """The address was copied, to be sent: with the version that it shows now."""
    link = known(session, document_id)
    rows = PublicLink.objects.filter(pk=link.pk, state=State.ON)
    rows.update(
        sent_at=timezone.now(),
        sent_by=session.person.user_id,
        sent_document_at=link.document_at,
    )


def wanted_off(session: FrameSession) -> dict[str, object]:
    return {"ending": Reason.PERSON, "off_by": session.person.user_id}


def _switch_on(client: PortalClient, held: Claim, *, new_end: bool = False) -> PublicLink:
    truth = _switched(client, held, on=True)
    if truth is None:
        return held.link
    if truth.address is not None:
        return link_state.switched_on(held, truth.address, truth.document, new_end=new_end)
    if held.before.is_on:
        return link_state.switched_off(held, Reason.ELSEWHERE, None)
    link_state.give_back(held)
    raise truth.lost or AnswerLost("the link did not go on")


def _switch_off(client: PortalClient, held: Claim, user_id: int) -> PublicLink:
    truth = _switched(client, held, on=False)
    if truth is None:
        return held.link
    if truth.address is None:
        return link_state.switched_off(held, Reason.PERSON, user_id)
    return link_state.leave_open(held, truth.lost or AnswerLost("the link is on again"))


def _switched(client: PortalClient, held: Claim, *, on: bool) -> Truth | None:
    """Switches, and reads what came of it. None where nobody could tell: it is left open.

    Raises `BitrixError` where certainly nothing was done, after giving the row back.
    """
    address, lost = None, None
    try:
        address = client.run(enable_public_url(held.link.document_id, on))
    except AnswerLost as error:
        lost = error
    except BitrixError:
        link_state.give_back(held)
        raise
    try:
        document = _read(client, held.link)
    except BitrixError:
        if lost is None:
            return Truth(address, None, None)
        link_state.leave_open(held, lost)
        return None
    return Truth(document.public_url, document, lost)


def _read(client: PortalClient, link: PublicLink) -> Document:
    """The document, and in the same request whether its deal is closed at this moment."""
    kind = link.entity_type_id
    asked: dict[str, Command[Any]] = {
        "document": get_document(link.document_id),
        "item": get_item(kind, link.entity_id),
    }
    batch = client.batch(asked)
    if batch.failed("item") is None and tells_closed(kind):
        link.decided_closed = is_closed(kind, batch["item"].fields)
    document: Document = batch["document"]
    return document
