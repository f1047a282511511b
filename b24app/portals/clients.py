"""REST clients that speak for somebody: the acting person, or the installation."""

from __future__ import annotations

from b24app.bitrix import setup
from b24app.bitrix.client import PortalClient
from b24app.bitrix.errors import BitrixError, NotReached, TokenInvalid
from b24app.bitrix.retry import Policy, Repeater
from b24app.bitrix.secret import Secret
from b24app.models import FrameSession, Portal, TokenChain
from b24app.portals.breaker import Breaker
from b24app.portals.egress import egress
from b24app.portals.errors import Disconnected
from b24app.portals.journal import observer
from b24app.portals.tokens import ChainAccess, LaunchAccess, installation_chain


def acting(session: FrameSession, *, until: float | None = None) -> PortalClient:
    """Speaks with the token of the person in front of the page.

    `until`: a unix time after which no request begins any more.
    """
    gate = Breaker(session.portal, insists=session.insists)
    return speaking(session.portal, session.chain, gate, until=until)


def installation(portal: Portal, *, gate: Breaker | None = None) -> PortalClient:
    """Speaks with the installation's token, for upkeep only. Raises `Disconnected`."""
    chain = installation_chain(portal)
    if chain is None:
        raise Disconnected
    return speaking(portal, chain, gate)


def lent(session: FrameSession) -> PortalClient:
    """The installation's client for what a person asks and may not ask himself.

    Raises `Disconnected`.
    """
    return installation(session.portal, gate=Breaker(session.portal, insists=session.insists))


def in_background(portal: Portal) -> PortalClient:
    """The installation's client for the worker, who stands behind people. Raises `Disconnected`."""
    return installation(portal, gate=Breaker(portal, background=True))


def speaking(
    portal: Portal,
    chain: TokenChain,
    gate: Breaker | None = None,
    *,
    until: float | None = None,
) -> PortalClient:
    return PortalClient(
        egress(),
        portal.address,
        ChainAccess(chain),
        repeater=Repeater(until=until),
        observer=observer(portal, chain.user_id),
        gate=gate or Breaker(portal),
    )


def on_behalf(portal: Portal, user_id: int) -> PortalClient:
    """Speaks with that person's own token while nobody is in front of a page.

    The installer's pair renews itself in the chain of the installation. Raises `Disconnected`.
    """
    own = portal.chains.filter(user_id=user_id, dead=False)
    lasting = own.filter(purpose=TokenChain.Purpose.INSTALLATION).first()
    chain = lasting or own.first()
    if chain is None:
        raise Disconnected
    return speaking(portal, chain, Breaker(portal, background=True))


def upkeep(portal: Portal, user_id: int) -> PortalClient:
    """For the worker: the installation's client, or that person's own where there is none.

    Raises `Disconnected` when both have died.
    """
    chain = installation_chain(portal) or portal.chains.filter(user_id=user_id, dead=False).first()
    if chain is None:
        raise Disconnected
    return speaking(portal, chain, Breaker(portal, background=True))


def as_person(portal: Portal, user_id: int | None) -> PortalClient:
    """That person's own client, or the installation's where his token has died or he has none.

    For background work that reads what he did himself. Raises `Disconnected` when both have died.
    """
    try:
        if user_id:
            return on_behalf(portal, user_id)
    except Disconnected:
        pass
    return in_background(portal)


def knock(portal: Portal) -> bool:
    """Whether a portal that was silent answers again. Shows no token: any answer will do."""
    client = PortalClient(
        egress(),
        portal.address,
        LaunchAccess(Secret("")),
        repeater=Repeater(Policy(attempts=1)),
        gate=Breaker(portal, background=True),
    )
    try:
        client.run(setup.profile())
    except NotReached:
        return False
    except TokenInvalid:
        return True
    except BitrixError as error:
        return bool(error.code)
    return True
