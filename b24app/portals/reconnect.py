"""The authorization-code flow: how a portal whose installation tokens have died is connected again.

Documentation: settings/oauth/index.md. The return address is the one in the application's card,
never sent in the request; the code lives 30 seconds.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from b24app.bitrix.errors import BitrixError, GrantInvalid, WrongClient
from b24app.bitrix.oauth import authorize_url
from b24app.models import FrameSession, Portal, ReconnectState, TokenChain
from b24app.portals import tokens
from b24app.portals.egress import authorization_server
from b24app.portals.errors import ConsentRefused, VerifierSilent
from b24app.portals.people import require_administrator
from b24app.portals.proof import prove
from b24app.sealing import fingerprint

LIFE = timedelta(minutes=10)


def begin(session: FrameSession) -> str:
    """The address of the portal's consent page, to be opened in a tab of its own.

    Raises `NotAdministrator`.
    """
    require_administrator(session)
    state = secrets.token_urlsafe(32)
    ReconnectState.objects.create(
        token_hash=fingerprint(state),
        portal=session.portal,
        user_id=session.person.user_id,
        ends_at=timezone.now() + LIFE,
    )
    return authorize_url(session.portal.address, session.portal.client_id, state)


def complete(portal: Portal | None, state: str, code: str) -> Portal:
    """Exchanges the code that came back; answers the portal that is connected again.

    Raises `ConsentRefused` for a state that is not ours, used, late, or for an answer that names
    another portal, application or user; `VerifierSilent` when the server does not answer.
    """
    row = _take(portal, state)
    found = row.portal
    server = authorization_server(found.auth_server)
    try:
        pair = server.exchange(found.client_id, found.client_secret, code)
    except (GrantInvalid, WrongClient) as error:
        raise ConsentRefused("code is used, too old, or another application's") from error
    except BitrixError as error:
        raise VerifierSilent from error
    info, _ = prove(pair.access, found.auth_server)
    named = (info.client_id, info.member_id, info.user_id)
    if named != (found.client_id, found.member_id, row.user_id):
        raise ConsentRefused("code of another portal, application or user")
    tokens.keep(
        found,
        info.user_id,
        TokenChain.Purpose.INSTALLATION,
        pair.access,
        pair.refresh,
        timezone.now() + timedelta(seconds=pair.expires_in),
    )
    return found


def _take(portal: Portal | None, state: str) -> ReconnectState:
    """The kept state, marked as used; only one caller gets it."""
    now = timezone.now()
    rows = ReconnectState.objects.filter(
        token_hash=fingerprint(state), used_at=None, ends_at__gt=now
    )
    row = rows.select_related("portal").first()
    if row is None or (portal is not None and row.portal_id != portal.pk):
        raise ConsentRefused("state is not ours")
    if not rows.update(used_at=now):
        raise ConsentRefused("state used already")
    return row
