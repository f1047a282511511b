"""Who may see what we know of documents: whoever Bitrix24 lets read their deal, lead or invoice.

document.list does not ask for that right, and our own records cannot; so the item itself is read
with the person's token before either is shown, and again every ten minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from b24app.bitrix.crm import CrmItem, get_item
from b24app.bitrix.errors import BitrixError, NotFound, Refused
from b24app.documents.errors import DealForbidden, DealGone, NoDeal
from b24app.models import FrameSession
from b24app.portals.clients import acting

BELIEVED = timedelta(minutes=10)


def read_deal(session: FrameSession) -> CrmItem:
    """The session's item as this person may read it.

    Raises `NoDeal`, `DealForbidden`, `BitrixError`.
    """
    if not session.entity_id:
        raise NoDeal
    try:
        item = acting(session).run(get_item(session.entity_type_id, session.entity_id))
    except BitrixError as error:
        conclude(session, error)
        raise
    conclude(session, None)
    return item


def require_readable(session: FrameSession) -> None:
    """Raises like `read_deal`, unless Bitrix24 let this person read the item a moment ago."""
    known = session.item_read_at
    if known is None or known < timezone.now() - BELIEVED:
        read_deal(session)


def conclude(session: FrameSession, failure: BitrixError | None) -> None:
    """Notes what reading the item gave. Raises `DealForbidden` where Bitrix24 refused it."""
    if isinstance(failure, Refused):
        # Who never could read it is not told whether it is there.
        gone = isinstance(failure, NotFound) and session.item_read_at is not None
        _forget(session)
        raise (DealGone if gone else DealForbidden)(session.person.name) from failure
    if failure is not None:
        raise failure
    _note(session, timezone.now())


def _note(session: FrameSession, moment: datetime) -> None:
    session.item_read_at = moment
    # Not save(): the session may have ended meanwhile.
    FrameSession.objects.filter(pk=session.pk).update(item_read_at=moment)


def _forget(session: FrameSession) -> None:
    """A refusal holds for every page this person has open of the item."""
    session.item_read_at = None
    pages = FrameSession.objects.filter(portal=session.portal, person=session.person)
    pages.filter(entity_type_id=session.entity_type_id, entity_id=session.entity_id).update(
        item_read_at=None
    )
