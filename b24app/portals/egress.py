"""The one egress of this process, and the authorization servers behind it."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from b24app.bitrix.egress import Egress
from b24app.bitrix.oauth import AuthorizationServer
from b24app.bitrix.retry import Repeater


@cache
def egress() -> Egress:
    """Connections are pooled in it, so a process has one."""
    return Egress(settings.USER_AGENT, frozenset(settings.LISTED_ORIGINS))


def authorization_server(origin: str, repeater: Repeater | None = None) -> AuthorizationServer:
    """The server at an origin of `settings.AUTH_SERVERS`; any other is the first of them."""
    allowed = settings.AUTH_SERVERS
    named = origin if origin in allowed else allowed[0]
    return AuthorizationServer(egress(), named, repeater=repeater)
