"""A launch becomes a session, once the authorization server has confirmed whose it is."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from b24app.bitrix.launch import Launch
from b24app.bitrix.oauth import AppInfo
from b24app.models import FrameSession, Person, Portal, TokenChain
from b24app.portals import frame_token, tokens
from b24app.portals.errors import EntryRefused, NotInstalled
from b24app.portals.people import administrator, remember
from b24app.portals.proof import prove
from b24app.sealing import fingerprint

log = logging.getLogger(__name__)

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def open_frame(
    launch: Launch, key: str | None, origin: str | None, *, install: bool
) -> FrameSession:
    """Verifies a launch and starts its session.

    `key` is the portal's key in the address (None at the addresses of the Market application),
    `origin` the request's Origin header, `install` whether this is the install page.
    Raises `EntryRefused`, `VerifierSilent`, `NotInstalled`; at the install page `NotAdministrator`
    and `BitrixError` too. Nothing is written then.
    """
    portal = _expected(launch, key)
    if portal is not None:
        _check_before_asking(portal, launch, install=install)
    doubted = portal is not None and portal.state == Portal.State.DOUBTED
    info, server = prove(launch.auth_id, launch.server_endpoint, afresh=doubted)
    _check_proof(launch, info, origin)
    if portal is None:
        portal = _newcomer(info, install=install)
    _check_portal(portal, info)
    if not install:
        if doubted:
            portal.state, portal.erase_at = Portal.State.INSTALLED, None  # the goodbye was forged
        if portal.state != Portal.State.INSTALLED:
            raise NotInstalled
        return _start(portal, launch, info, server)
    profile = administrator(info.portal_origin, launch.auth_id)
    if portal.state in {Portal.State.DOUBTED, Portal.State.LEAVING, Portal.State.GONE}:
        # back: the token proves the application is there
        portal.state, portal.erase_at = Portal.State.REGISTERED, None
    session = _start(portal, launch, info, server)
    remember(session.person, profile)
    return session


def _expected(launch: Launch, key: str | None) -> Portal | None:
    if key is not None:
        portal = Portal.objects.filter(key=key).first()
        if portal is None:
            raise EntryRefused("no such key")
        return portal
    return Portal.objects.filter(member_id=launch.member_id).first()


def _check_before_asking(portal: Portal, launch: Launch, *, install: bool) -> None:
    """What can be refused without a request to anybody.

    A new installation brings a new application token, and the event of the old one's end may have
    been lost: at the install page the administrator's own token decides.
    """
    if portal.member_id and portal.member_id != launch.member_id:
        raise EntryRefused("another portal")
    known, given = portal.application_token_hash, launch.application_token
    installed = portal.state in {Portal.State.INSTALLED, Portal.State.DOUBTED} and not install
    if installed and known and given and not compare_digest(known, fingerprint(given)):
        raise EntryRefused("wrong application token")


def _check_proof(launch: Launch, info: AppInfo, origin: str | None) -> None:
    if info.member_id != launch.member_id:
        raise EntryRefused("token of another portal")
    if launch.origin != info.portal_origin:
        raise EntryRefused("domain is not the portal's")
    if origin is not None and origin != info.portal_origin:
        raise EntryRefused("posted from a foreign page")


def _newcomer(info: AppInfo, *, install: bool) -> Portal:
    """A portal that comes from the Market has no row before its first verified install page."""
    if not install or not settings.MARKET_CLIENT_ID:
        raise EntryRefused("unknown portal")
    if info.client_id != settings.MARKET_CLIENT_ID:
        raise EntryRefused("another application")
    return Portal(address=info.portal_origin, member_id=info.member_id)


def _check_portal(portal: Portal, info: AppInfo) -> None:
    if not portal.client_id or info.client_id != portal.client_id:
        raise EntryRefused("another application")
    if not portal.member_id and portal.address != info.portal_origin:
        raise EntryRefused("registered for another address")
    if Portal.objects.filter(address=info.portal_origin).exclude(pk=portal.pk).exists():
        raise EntryRefused("address belongs to another registration")


@transaction.atomic
def _start(portal: Portal, launch: Launch, info: AppInfo, server: str) -> FrameSession:
    portal.member_id = info.member_id
    portal.address = info.portal_origin  # a renamed portal keeps its member_id
    portal.auth_server = server
    portal.language = launch.lang or portal.language
    portal.save()
    expires_at = timezone.now() + timedelta(seconds=launch.auth_expires)
    chain = tokens.keep(
        portal,
        info.user_id,
        TokenChain.Purpose.FRAME,
        launch.auth_id,
        launch.refresh_id,
        expires_at,
    )
    person, _ = Person.objects.get_or_create(
        portal=portal, user_id=info.user_id, defaults={"checked_at": NEVER}
    )
    return frame_token.start(portal, person, chain, launch.placement, launch.entity(), launch.lang)
