"""What Docket knows of a deal's documents by itself, for the time a portal does not answer.

Only for who was let read the deal a short while ago: what Bitrix24 would say now cannot be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from b24app.documents import catalogue
from b24app.models import FrameSession, Intent, IssuedDocument
from b24app.portals import breaker

BELIEVED_IN_SILENCE = timedelta(minutes=20)
"""Twice as long as while the portal answers: rights do not change in a portal that is down."""
MOST = 50


@dataclass(frozen=True)
class Known:
    """One document as Docket knew it last."""

    record: IssuedDocument
    template: str


@dataclass(frozen=True)
class LastKnown:
    """`since`: the portal has not answered since then. `next_try`: when the worker asks again."""

    documents: list[Known]
    under_way: list[Intent]
    since: datetime
    next_try: datetime | None


def last_known(session: FrameSession) -> LastKnown | None:
    """None for whom it may not be shown: he has to wait for the portal."""
    if not session.entity_id or not _was_let_read(session):
        return None
    pause = breaker.of(session.portal)
    names = {t.id: t.name for t in catalogue.kept(session.portal)}
    about = {
        "portal": session.portal,
        "entity_type_id": session.entity_type_id,
        "entity_id": session.entity_id,
    }
    records = IssuedDocument.objects.filter(**about).order_by("-document_id")[:MOST]
    return LastKnown(
        documents=[Known(one, names.get(one.template_id, "")) for one in records],
        under_way=list(Intent.objects.filter(**about, state__in=Intent.UNDER_WAY)),
        since=pause.since if pause else timezone.now(),
        next_try=pause.ask_at if pause else None,
    )


def _was_let_read(session: FrameSession) -> bool:
    """By any page of this person's: after a refusal none of them counts."""
    recently = timezone.now() - BELIEVED_IN_SILENCE
    pages = FrameSession.objects.filter(
        portal=session.portal,
        person=session.person,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
        item_read_at__gt=recently,
    )
    return pages.exists()
