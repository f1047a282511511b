"""What became of a document whose answer was lost: looked for by its marker, never made again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from b24app.bitrix.documentgenerator import ListedDocument
from b24app.bitrix.errors import BitrixError, OperationTimeLimit
from b24app.documents import trace
from b24app.documents.errors import NotAmongThem
from b24app.documents.generate import BEGINS_WITHIN, made
from b24app.documents.trace import Seen
from b24app.models import FrameSession, Intent
from b24app.portals.clients import acting, upkeep
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=15)
"""Between two looks; also the time one worker has for a look before another may take it."""
RARELY = timedelta(hours=1)
"""Between two looks at a portal that has not answered for long."""
SENDING_LIFE = timedelta(seconds=135)
"""The lease of a row SENDING: it has begun its call after a minute or never does, and the call
itself takes 65 s at most. Whoever is still there then is a process that died."""


def due() -> list[Any]:
    """Ids of the intents to be looked after now."""
    return [pk for pk, _ in coming(timezone.now())]


def coming(until: datetime) -> list[tuple[Any, datetime]]:
    """Intents to be looked after until then, each with its moment."""
    rows = _open().filter(settle_at__lte=until)
    return [(pk, at) for pk, at in rows.values_list("pk", "settle_at") if at]


def portal_of(intent_id: Any) -> int | None:
    """The portal of an intent that is still to be settled."""
    return _open().filter(pk=intent_id).values_list("portal_id", flat=True).first()


def settle(intent_id: Any) -> bool:
    """One look for one intent. Finds it: MADE. Not there after the quiet period: MISSING.

    Answers whether this call looked: False when it is settled, not due, or somebody else's.
    """
    intent = _claim(intent_id)
    if intent is None:
        return False
    try:
        seen = trace.look(upkeep(intent.portal, intent.user_id), intent)
    except (BitrixError, Disconnected) as error:
        log.info("intent %s not settled yet: %s", intent.pk, type(error).__name__)
        _wait_longer(intent, error)
    else:
        _conclude(intent, seen)
    return True


def _open() -> QuerySet[Intent]:
    return Intent.objects.filter(state__in=Intent.UNDER_WAY)


def _claim(intent_id: Any) -> Intent | None:
    """Takes the look for `AGAIN`; a row SENDING past its lease becomes UNKNOWN.

    No call of its process begins after `BEGINS_WITHIN`: the quiet period counts from there.
    """
    now = timezone.now()
    if not _open().filter(pk=intent_id, settle_at__lte=now).update(settle_at=now + AGAIN):
        return None
    intent = Intent.objects.select_related("portal").get(pk=intent_id)
    if intent.state == Intent.State.SENDING and intent.sent_at:
        orphan = Intent.objects.filter(
            pk=intent_id, state=Intent.State.SENDING, sent_at__lt=now - SENDING_LIFE
        )
        if orphan.update(state=Intent.State.UNKNOWN, lost_at=intent.sent_at + BEGINS_WITHIN):
            intent.refresh_from_db()
    return intent if intent.state in Intent.UNDER_WAY else None


def _wait_longer(intent: Intent, error: Exception) -> None:
    """Nobody answered: the longer that has been so, the longer until the next look.

    A method that has used up its operating time is asked again when the portal says so.
    """
    now = timezone.now()
    wait = min(max(AGAIN, (now - (intent.lost_at or now)) / 12), RARELY)
    if isinstance(error, OperationTimeLimit) and error.resets_at:
        wait = min(max(wait, error.resets_at - now), RARELY)
    _open().filter(pk=intent.pk).update(settle_at=now + wait)


def _conclude(intent: Intent, seen: Seen) -> None:
    if seen.ours is not None:
        made(intent, seen.ours)
    elif intent.state == Intent.State.UNKNOWN and _is_quiet_over(intent):
        _conclude_without_marker(intent, seen.lookalikes)


def _is_quiet_over(intent: Intent) -> bool:
    quiet = timedelta(seconds=settings.QUIET_SECONDS)
    return timezone.now() > (intent.lost_at or timezone.now()) + quiet


def _conclude_without_marker(intent: Intent, lookalikes: list[ListedDocument]) -> None:
    """One that fits, where the portal is known to give no markers back, is ours; else in doubt."""
    unmarked = intent.kind != Intent.Kind.ATTACH and intent.portal.keeps_markers is False
    if len(lookalikes) == 1 and unmarked:
        made(intent, lookalikes[0])
        return
    state = Intent.State.CHECK if lookalikes else Intent.State.MISSING
    same = Intent.objects.filter(pk=intent.pk, state=Intent.State.UNKNOWN, lost_at=intent.lost_at)
    same.update(state=state, settle_at=None)


def next_look(intent_id: Any) -> datetime | None:
    """When an intent is due again; None when it is settled."""
    return _open().filter(pk=intent_id).values_list("settle_at", flat=True).first()


def look_at_once(portal_id: int) -> list[Any]:
    """The portal answers again, so all its open intents are due now; answers their ids."""
    rows = _open().filter(portal_id=portal_id, state=Intent.State.UNKNOWN)
    rows.update(settle_at=timezone.now())
    return list(rows.values_list("pk", flat=True))


# In doubt, a person decides.


def choices(session: FrameSession, intent: Intent) -> list[ListedDocument]:
    """The documents one of which may be the intent's, newest first, as the person may see them.

    Empty once that has settled itself: the document was found by its marker after all, or those
    that were there have been deleted. Raises `BitrixError`.
    """
    seen = trace.look(acting(session), intent)
    if seen.ours is not None:
        made(intent, seen.ours)
    elif not seen.lookalikes:
        _none_of_them(intent)
    return [] if seen.ours is not None else seen.lookalikes


def choose(session: FrameSession, intent: Intent, document_id: str | None) -> None:
    """What the person says: the one of this id, or None: it was not made. Raises `NotAmongThem`."""
    if document_id is None:
        _none_of_them(intent)
        return
    chosen = next((one for one in choices(session, intent) if str(one.id) == document_id), None)
    if chosen is None:
        raise NotAmongThem
    made(intent, chosen)


def _none_of_them(intent: Intent) -> None:
    in_doubt = Intent.objects.filter(pk=intent.pk, state=Intent.State.CHECK)
    in_doubt.update(state=Intent.State.MISSING)
    intent.refresh_from_db()
