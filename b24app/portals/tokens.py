"""Token chains in use: reading a pair, and renewing it once for everybody who meets it expired."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from b24app.bitrix.errors import AnswerLost, BitrixError, GrantInvalid, NotReached, TokenInvalid
from b24app.bitrix.oauth import TokenPair
from b24app.bitrix.secret import Secret, reveal
from b24app.models import Portal, TokenChain
from b24app.portals import journal
from b24app.portals.egress import authorization_server

LEASE = timedelta(seconds=40)
"""Longer than a refresh may take: who holds the lease is the only one who refreshes."""
PATIENCE = 45.0
PAUSE = 0.1


def keep(
    portal: Portal,
    user_id: int,
    purpose: str,
    access: Secret | str,
    refresh: Secret | str,
    expires_at: datetime,
) -> TokenChain:
    """Puts a pair into the chain of that user and purpose, made if there is none."""
    chain, _ = TokenChain.objects.get_or_create(
        portal=portal, user_id=user_id, purpose=purpose, defaults={"expires_at": expires_at}
    )
    chain.put(access, refresh, expires_at)
    chain.save()
    return chain


def installation_chain(portal: Portal) -> TokenChain | None:
    """The living chain that background work for a portal uses, the newest if there are several."""
    chains = portal.chains.filter(purpose=TokenChain.Purpose.INSTALLATION, dead=False)
    return chains.order_by("-expires_at").first()


class LaunchAccess:
    """The access token of a launch, before there is a chain: used once, never renewed."""

    def __init__(self, access_token: Secret) -> None:
        self._token = access_token

    def token(self) -> str:
        return reveal(self._token)

    def renew(self, stale: str) -> str:
        raise TokenInvalid(code="launch_token")


class ChainAccess:
    """A chain as the REST client wants it: a token now, and a newer one when that has expired."""

    def __init__(self, chain: TokenChain) -> None:
        self.chain = chain

    def token(self) -> str:
        if self.chain.dead:
            raise TokenInvalid(code="chain_dead")
        return self.chain.access_token

    def renew(self, stale: str) -> str:
        """A token that is not `stale`. One caller refreshes, the others wait for what he gets.

        Raises `TokenInvalid` when the chain is dead, `NotReached` when no new pair could be had:
        the call that needed it was certainly not done.
        """
        give_up = time.monotonic() + PATIENCE
        waited = False
        while time.monotonic() < give_up:
            self.chain.refresh_from_db()
            if self.chain.dead:
                raise TokenInvalid(code="chain_dead")
            if self.chain.access_token != stale:
                return self.chain.access_token
            if waited and self.chain.refreshing_until is None:
                raise NotReached(code="refresh_failed")  # for the one who was waited for
            if _claim(self.chain):
                return _refresh(self.chain)
            waited = True
            time.sleep(PAUSE)
        raise NotReached(code="refresh_busy")


def _claim(chain: TokenChain) -> bool:
    now = timezone.now()
    free = Q(refreshing_until=None) | Q(refreshing_until__lt=now)
    rows = TokenChain.objects.filter(free, pk=chain.pk, generation=chain.generation)
    return rows.update(refreshing_until=now + LEASE) == 1


def _refresh(chain: TokenChain) -> str:
    same = TokenChain.objects.filter(pk=chain.pk, generation=chain.generation)
    try:
        pair = _ask(chain)
    except (GrantInvalid, TokenInvalid) as error:
        if not same.update(dead=True, refreshing_until=None):
            return _brought_meanwhile(chain)
        raise TokenInvalid(code=error.code, status=error.status) from None
    except BitrixError as error:
        # The next caller tries at once: where an answer was lost, only that tells whether the pair
        # was used up.
        same.update(refreshing_until=None)
        if isinstance(error, AnswerLost):
            raise NotReached(code="refresh_lost") from error
        raise
    if not _is_of(pair, chain):
        same.update(dead=True, refreshing_until=None)
        journal.refused("token", "a refresh brought the pair of somebody else", None, chain.portal)
        raise TokenInvalid(code="another_chain")
    chain.put(pair.access, pair.refresh, timezone.now() + timedelta(seconds=pair.expires_in))
    saved = same.update(
        generation=chain.generation,
        access_sealed=chain.access_sealed,
        refresh_sealed=chain.refresh_sealed,
        expires_at=chain.expires_at,
        refreshing_until=None,
    )
    return chain.access_token if saved else _brought_meanwhile(chain)


def _brought_meanwhile(chain: TokenChain) -> str:
    """The token of a newer pair: a frame was opened while this one was refreshed."""
    chain.refresh_from_db()
    if chain.dead:
        raise TokenInvalid(code="chain_dead")
    return chain.access_token


def _is_of(pair: TokenPair, chain: TokenChain) -> bool:
    """Whether the pair belongs to the chain: its refresh token came through a browser."""
    right_user = pair.user_id in {None, chain.user_id}
    return right_user and pair.member_id == chain.portal.member_id


def _ask(chain: TokenChain) -> TokenPair:
    refresh_token = chain.refresh_token
    if not refresh_token:  # the pair's refresh token belongs to the installation's chain
        raise TokenInvalid(code="no_refresh_token")
    portal = chain.portal
    server = authorization_server(portal.auth_server)
    return server.refresh(portal.client_id, portal.client_secret, refresh_token)
