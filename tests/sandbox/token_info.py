"""`app.info` of the authorization server: whose token this is.

Another answer than the portal's method of the same name.
https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from tests.sandbox.oauth import OAuthError, answer, installed
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Token

TOKEN_LIKE = re.compile(r"[0-9a-f]{70}")


def app_info(request: Request, state: State, portal: None) -> Response:
    """`/rest/app.info` of the authorization server: whose token this is.

    Another answer than the portal's method of the same name.
    """
    access = request.values.get("auth") or request.values.get("access_token", "")
    with state.lock:
        found = state.tokens.get(access)
        try:
            return answer(_token_info(request, state, access, found))
        except OAuthError as error:
            return answer(
                {"error": error.code, "error_description": error.description}, error.status
            )


def _token_info(request: Request, state: State, access: str, found: Token | None) -> dict[str, Any]:
    portals = state.portals_served_by(request.host)
    if found is None or found.member_id not in portals:
        raise _unknown(access)
    if found.revoked:
        raise OAuthError("NOT_INSTALLED", "Application not installed", 401)
    if found.expires <= state.now():
        raise OAuthError("expired_token", "The access token provided has expired", 401)
    portal, app = installed(portals, found.member_id, found.client_id)
    now = state.now()
    return {
        "result": {
            "client_id": found.client_id,
            "scope": ",".join(found.scopes),
            "expires": found.expires.isoformat(timespec="seconds"),
            "install": {
                "installed": app.installed,
                "version": app.version,
                "status": app.status,
                "scope": ",".join(app.scopes),
                "domain": urlsplit(portal.origin).netloc,
                "uri": portal.origin,
                "client_endpoint": f"{portal.origin}/rest/",
                "member_id": portal.member_id,
                "member_type": "",
            },
            "user_id": found.user_id,
        },
        "time": {
            "start": int(now.timestamp()),
            "finish": now.timestamp(),
            "duration": 0.001,
            "processing": 0,
            "date_start": now.isoformat(timespec="seconds"),
            "date_finish": now.isoformat(timespec="seconds"),
        },
    }


def _unknown(access: str) -> OAuthError:
    """A text that could be a token has another code than one that could not.

    So the official client says, which has seen real servers.
    """
    if TOKEN_LIKE.fullmatch(access):
        return OAuthError("invalid_client", "The client credentials are invalid")
    return OAuthError("NO_AUTH_FOUND", "Wrong authorization data", 401)


RULES = [
    Rule(path, app_info, ("GET", "POST"))
    for path in ("/rest/app.info", "/rest/app.info/", "/rest/app.info.json")
]
