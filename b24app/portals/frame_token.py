"""The frame token: what a page shows us on each request instead of a cookie.

It names a `FrameSession` row and when it was given; it is signed, lives an hour from each renewal,
and never longer than the row. See facts in docs/bitrix24.md, "Session without cookies".
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone

from b24app.models import FrameSession, Person, Portal, TokenChain
from b24app.portals.errors import SessionOver

LIFE = 60 * 60
ABSOLUTE = timedelta(hours=12)
BROKEN = (signing.BadSignature, AttributeError, KeyError, TypeError, ValueError)
"""What reading a token raises that is not one of ours, or one of another release."""
_SALT = "docket.frame"


def start(
    portal: Portal,
    person: Person,
    chain: TokenChain,
    placement: str,
    entity: tuple[int, int],
    language: str,
) -> FrameSession:
    """A session for one page: one portal, one person, one placement, one CRM object.

    `entity`: entity type id and id, (0, 0) for none.
    """
    entity_type_id, entity_id = entity
    return FrameSession.objects.create(
        portal=portal,
        person=person,
        chain=chain,
        placement=placement,
        entity_type_id=entity_type_id,
        entity_id=entity_id,
        language=language,
        ends_at=timezone.now() + ABSOLUTE,
    )


def issue(session: FrameSession) -> str:
    """A token for the session, fresh for an hour."""
    return signing.dumps({"s": session.pk.hex, "t": int(time.time())}, salt=_SALT)


def read(token: str) -> tuple[FrameSession, bool]:
    """The session behind a token, and whether the token is past half its life.

    Raises `SessionOver` for anything that is not a living token of a living portal.
    """
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=LIFE)
        rows = FrameSession.objects.select_related("portal", "person", "chain__portal")
        session = rows.get(pk=UUID(hex=content["s"]), ends_at__gt=timezone.now())
        issued_at = float(content["t"])
    except (*BROKEN, FrameSession.DoesNotExist):
        raise SessionOver from None
    if session.portal.state in {Portal.State.DOUBTED, Portal.State.LEAVING, Portal.State.GONE}:
        raise SessionOver
    return session, issued_at < time.time() - LIFE / 2
