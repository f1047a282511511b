"""What a stored event sets in motion."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from b24app import memory
from b24app.bitrix import setup
from b24app.bitrix.documentgenerator import ListedDocument, list_documents_by_id
from b24app.bitrix.errors import (
    ApplicationGone,
    BitrixError,
    PaymentRequired,
    PortalGone,
    Refused,
    TokenInvalid,
    UserNotAllowed,
    WrongClient,
)
from b24app.bitrix.protocol import Page
from b24app.documents import capture, history, snapshots
from b24app.models import InboundEvent, IssuedDocument, Portal
from b24app.portals import farewell, journal
from b24app.portals.clients import in_background, speaking
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=5)
"""How long events wait after one that its portal did not answer."""
SKEW = timedelta(minutes=5)
"""How far the portal's clock may be behind ours."""


SOON = 10
"""Seconds after which a deletion that was announced has happened."""
LARGEST_TYPE = 2**31 - 1
DELETED = "ONCRMDOCUMENTGENERATORDOCUMENTDELETE"


def handle(event_id: int) -> None:
    """Acts on one event; a repeated call does nothing more."""
    event = InboundEvent.objects.select_related("portal").filter(pk=event_id).first()
    if event is None or event.handled_at or _pausing(event):
        return
    begun = timezone.now()
    act = HANDLERS.get(event.name)
    if act:
        try:
            act(event)
        except (BitrixError, Disconnected) as error:
            log.info("event %s left for the next round: %s", event.pk, type(error).__name__)
            memory.keep(_pause_key(event), True, PAUSE.total_seconds())
            return
    _done(event, begun)


def _pausing(event: InboundEvent) -> bool:
    """Whether the portal has just failed to answer: its older events wait then, all together."""
    old = event.received_at < timezone.now() - PAUSE / 5
    return old and bool(memory.recall(_pause_key(event)))


def _pause_key(event: InboundEvent) -> str:
    return f"inbox-pause:{event.portal_id}"


def _done(event: InboundEvent, begun: datetime) -> None:
    """Marks the event, and those that said the same before it was looked at: one look is enough.

    Not save(): a portal that is erased takes its events with it.
    """
    same = Q(
        portal_id=event.portal_id,
        name=event.name,
        document_id=event.document_id,
        data__clean=event.data.get("clean", ""),
        received_at__lte=begun,
    )
    waiting = InboundEvent.objects.filter(Q(pk=event.pk) | same, handled_at=None)
    waiting.update(handled_at=timezone.now())


def document_changed(event: InboundEvent) -> None:
    """A document was made or changed, perhaps elsewhere: its version is read.

    The PDF of one of ours is made anew, so it is waited for again.
    """
    record = _record(event)
    if record is None:
        _look_again(event)
        return
    page = _listed(record)
    if not page.items:
        history.gone(record.portal, record.document_id)
        return
    capture.changed_elsewhere(record, page.items[0])
    snapshots.seen(record.portal, page.items)


def document_deleted(event: InboundEvent) -> None:
    """The event comes just before the deletion; the row goes when Bitrix24 confirms it."""
    record = _record(event)
    if record is None:
        _look_again(event, wait=SOON)
        return
    page = _listed(record)
    if not page.items:
        history.gone(record.portal, record.document_id)
    else:
        record.look_at = timezone.now()
        record.save(update_fields=["look_at"])
        snapshots.heard_of(record.portal, record.document_id, record.entity_type_id, wait=SOON)


def _look_again(event: InboundEvent, wait: float = 0) -> None:
    """About a document that we have not made: the worker looks whether there is such a one.

    What type of CRM object it belongs to the event says; of one that we know, our own records.
    A flood about unknown ones is cut off: the timer finds those that are there.
    """
    if event.document_id is None:
        return
    known = snapshots.newest(event.portal, event.document_id)
    kind = known.entity_type_id if known else int(event.data.get("type") or 0)
    worth = known or (event.name != DELETED and not snapshots.is_crowded(event.portal))
    if worth and 0 < kind <= LARGEST_TYPE:
        snapshots.heard_of(event.portal, event.document_id, kind, wait=wait)


def application_uninstalled(event: InboundEvent) -> None:
    """A portal that says goodbye is asked whether it is true: employees can forge the event."""
    portal = event.portal
    if portal.installed_at and event.data["ts"] < (portal.installed_at - SKEW).timestamp():
        return  # of an installation before this one
    with_data = event.data["clean"] == "1"
    there = _still_there(portal)
    if there:
        journal.refused("uninstall", "the application is still there", None, portal)
    elif there is None:
        journal.refused("uninstall", "no token tells whether it is true", None, portal)
        farewell.doubt(portal, with_data=with_data)
    else:
        _go(portal, with_data=with_data)


def _still_there(portal: Portal) -> bool | None:
    """Whether any token we hold still opens the application: one may have died with its user.

    None when none of them tells. Raises `BitrixError` when nobody answers.
    """
    for chain in portal.chains.filter(dead=False):
        try:
            speaking(portal, chain).run(setup.app_info())
        except (ApplicationGone, PortalGone):
            return False
        except (TokenInvalid, WrongClient) as error:
            if error.code.upper() == "NOT_INSTALLED":
                return False
            continue
        except (Refused, UserNotAllowed, PaymentRequired):
            return True
        return True
    return None


def _go(portal: Portal, *, with_data: bool) -> None:
    if with_data:
        farewell.erase(portal)
    else:
        farewell.leave(portal)


def _listed(record: IssuedDocument) -> Page[ListedDocument]:
    command = list_documents_by_id([record.document_id], entity_type_id=record.entity_type_id)
    return in_background(record.portal).run(command)


def _record(event: InboundEvent) -> IssuedDocument | None:
    return IssuedDocument.objects.filter(
        portal=event.portal, document_id=event.document_id or 0
    ).first()


HANDLERS: dict[str, Callable[[InboundEvent], None]] = {
    "ONCRMDOCUMENTGENERATORDOCUMENTADD": document_changed,
    "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE": document_changed,
    DELETED: document_deleted,
    "ONAPPUNINSTALL": application_uninstalled,
}
