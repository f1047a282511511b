"""Whose token is it? Only the authorization server's answer counts, never what a request says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from b24app import memory
from b24app.bitrix.errors import (
    ApplicationGone,
    BitrixError,
    GrantInvalid,
    Refused,
    TokenExpired,
    TokenInvalid,
    WrongClient,
)
from b24app.bitrix.oauth import AppInfo
from b24app.bitrix.origin import parse_origin
from b24app.bitrix.retry import Policy, Repeater
from b24app.bitrix.secret import Secret
from b24app.portals.egress import authorization_server
from b24app.portals.errors import EntryRefused, VerifierSilent
from b24app.sealing import fingerprint

log = logging.getLogger(__name__)

PROOF_SECONDS = 300
"""How long one answer of app.info is believed, if the token lives so long."""
PATIENCE = 8.0
"""Seconds that the server may take; it is asked again only while these have not passed."""
REFUSALS = (TokenExpired, TokenInvalid, GrantInvalid, WrongClient, ApplicationGone, Refused)
"""The server knows of no such token, or of none of a living installation."""


def prove(
    access_token: Secret | str, named_server: str | None, *, afresh: bool = False
) -> tuple[AppInfo, str]:
    """What app.info says of the token, and the origin of the server that said it.

    `named_server` is the SERVER_ENDPOINT of a request: it only chooses among the allowed servers.
    `afresh`: what the server said a moment ago does not do.
    Raises `EntryRefused` (no server knows the token) and `VerifierSilent`.
    """
    key = f"proof:{fingerprint(access_token)}"
    known: Mapping[str, Any] | None = memory.recall(key)
    if known and not afresh and _believed_for(known["info"]) > 0:
        return known["info"], known["server"]
    repeater = Repeater(Policy(attempts=2, patience=PATIENCE))
    for server in _servers(named_server):
        try:
            info = authorization_server(server, repeater).app_info(access_token, timeout=PATIENCE)
        except REFUSALS as error:
            log.info("token not proven: %s", error.code)
            continue
        except BitrixError as error:
            log.warning("authorization server gives no answer: %s", type(error).__name__)
            raise VerifierSilent from error
        memory.keep(key, {"info": info, "server": server}, _believed_for(info))
        return info, server
    raise EntryRefused("token unknown to the authorization server")


def _believed_for(info: AppInfo) -> float:
    """Seconds; 0 is not kept at all."""
    if info.expires is None:
        return PROOF_SECONDS
    return max(0.0, min(PROOF_SECONDS, (info.expires - timezone.now()).total_seconds()))


def _servers(named: str | None) -> list[str]:
    """The named server alone if it is allowed, else all that are."""
    try:
        origin = parse_origin(named) if named else ""
    except ValueError:
        origin = ""
    allowed: list[str] = settings.AUTH_SERVERS
    return [origin] if origin in allowed else allowed
