"""The authorization server, and the portal's page that sends people to it and back.

https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import escape
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.sandbox.router import Rule
from tests.sandbox.state import REFRESH_DAYS, AuthorizationCode, State
from tests.sandbox.world import Application, Portal, Token

Portals = Mapping[str, Portal]
"""Those an authorization server knows, by member id."""


class OAuthError(Exception):
    """A refusal of the authorization server: code, text, HTTP status."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


def authorize(request: Request, state: State, portal: Portal | None) -> Response:
    """`/oauth/authorize/` of a portal: back to the application with a code of 30 seconds.

    Failures are shown to the person; the application hears nothing of them.
    """
    assert portal is not None
    user = state.sessions.signed_in(request)
    if user is None:
        return redirect(f"/auth/?backurl={quote(request.full_path, safe='')}", Response=Response)
    app = portal.applications.get(request.args.get("client_id", ""))
    if app is None or not app.installed:
        return _refusal("The application is not installed in this Bitrix24.")
    if not user.uses_application:
        return _refusal("You do not have access to this application.")
    code = secrets.token_hex(16)
    with state.lock:
        state.codes[code] = AuthorizationCode(
            app.client_id,
            portal.member_id,
            user.id,
            state.now() + timedelta(seconds=state.options.code_lifetime),
        )
    query = urlencode(
        {
            "code": code,
            "state": request.args.get("state", ""),
            "domain": urlsplit(portal.origin).netloc,
            "member_id": portal.member_id,
            "scope": ",".join(app.scopes),
            "server_domain": urlsplit(state.auth_origin_of(portal)).netloc,
        }
    )
    target = app.handler_url
    return redirect(f"{target}{'&' if '?' in target else '?'}{query}", Response=Response)


def _refusal(text: str) -> Response:
    page = f"<!doctype html><title>Error</title><h1>Error</h1><p>{escape(text)}</p>"
    return Response(page, 403, mimetype="text/html")


def token(request: Request, state: State, portal: None) -> Response:
    """`/oauth/token/`: a code or a refresh token for a new pair. GET, or POST of a form."""
    params = request.values.to_dict()
    try:
        with state.lock:
            grant = _GRANTS.get(params.get("grant_type", ""), _unknown_grant)
            pair = grant(state, state.portals_served_by(request.host), params)
            return answer(_described(state, pair))
    except OAuthError as error:
        return answer({"error": error.code, "error_description": error.description}, error.status)


def answer(content: dict[str, Any], status: int = 200) -> Response:
    return Response(
        json.dumps(content),
        status,
        {"Cache-Control": "no-store"},
        mimetype="application/json",
    )


def _described(state: State, pair: Token) -> dict[str, Any]:
    portal = state.portal_by_member(pair.member_id)
    assert portal is not None
    return {
        "access_token": pair.access,
        "client_endpoint": f"{portal.origin}/rest/",
        "domain": urlsplit(state.auth_origin_of(portal)).netloc,
        "expires": int(pair.expires.timestamp()),
        "expires_in": state.options.access_lifetime,
        "member_id": pair.member_id,
        "refresh_token": pair.refresh,
        "scope": ",".join(pair.scopes),
        "server_endpoint": state.server_endpoint_of(portal),
        "status": portal.applications[pair.client_id].status,
        "user_id": pair.user_id,
    }


def _unknown_grant(state: State, portals: Portals, params: Mapping[str, str]) -> Token:
    raise OAuthError("invalid_request", "Invalid grant_type parameter or parameter missing")


def _secret_of(state: State, portals: Portals, client_id: str) -> str | None:
    if state.market is not None and state.market.client_id == client_id:
        return state.market.client_secret
    for portal in portals.values():
        if client_id in portal.applications:
            return portal.applications[client_id].client_secret
    return None


def wrong_client() -> OAuthError:
    """The one refusal with HTTP 200, by what the official client says it has seen."""
    return OAuthError("wrong_client", "Wrong client", 200)


def _check_client(state: State, portals: Portals, params: Mapping[str, str]) -> str:
    client_id = params.get("client_id", "")
    secret = _secret_of(state, portals, client_id)
    if secret is None:
        raise wrong_client()
    if not hmac.compare_digest(secret.encode(), params.get("client_secret", "").encode()):
        raise OAuthError("invalid_client", "The client credentials are invalid")
    if state.options.payment_required:
        raise OAuthError("PAYMENT_REQUIRED", "Payment required", 401)
    if state.options.not_installed:
        raise OAuthError("NOT_INSTALLED", "Application not installed", 401)
    return client_id


def installed(portals: Portals, member_id: str, client_id: str) -> tuple[Portal, Application]:
    """Raises:
    OAuthError: NOT_INSTALLED.
    """
    portal = portals.get(member_id)
    app = portal.applications.get(client_id) if portal is not None else None
    if portal is None or app is None:
        raise OAuthError("NOT_INSTALLED", "Application not installed", 401)
    return portal, app


def _check_scope(app: Application, params: Mapping[str, str]) -> None:
    """Raises:
    OAuthError: invalid_scope, more is asked for than the application's card says.
    """
    asked = {one.strip() for one in params.get("scope", "").split(",") if one.strip()}
    if not asked <= set(app.scopes):
        raise OAuthError("invalid_scope", "The request requires higher privileges")


def _by_code(state: State, portals: Portals, params: Mapping[str, str]) -> Token:
    client_id = _check_client(state, portals, params)
    granted = state.codes.pop(params.get("code", ""), None)
    if granted is None or granted.expires <= state.now() or granted.member_id not in portals:
        raise OAuthError("invalid_grant", "Authorization code is invalid or has expired")
    if granted.client_id != client_id:
        raise wrong_client()
    portal, app = installed(portals, granted.member_id, client_id)
    _check_scope(app, params)
    return state.issue_tokens(portal, app, granted.user_id)


def _by_refresh(state: State, portals: Portals, params: Mapping[str, str]) -> Token:
    client_id = _check_client(state, portals, params)
    if not params.get("refresh_token"):
        raise OAuthError("invalid_request", 'No "refresh_token" parameter found')
    old = state.token_by_refresh(params["refresh_token"])
    if old is None or old.member_id not in portals:
        raise OAuthError("invalid_grant", "Invalid refresh token")
    if old.client_id != client_id:
        raise wrong_client()
    portal, app = installed(portals, old.member_id, client_id)
    _check_scope(app, params)
    made = old.expires - timedelta(seconds=state.options.access_lifetime)
    too_old = made + timedelta(days=REFRESH_DAYS) <= state.now()
    if old.revoked or old.refresh_spent or too_old:
        raise OAuthError("invalid_grant", "Invalid refresh token")
    old.refresh_spent = state.options.strict_rotation
    return state.issue_tokens(portal, app, old.user_id)


_GRANTS = {"authorization_code": _by_code, "refresh_token": _by_refresh}


PORTAL_RULES = [Rule("/oauth/authorize/", authorize, ("GET", "POST"))]

AUTH_RULES = [
    Rule("/oauth/token/", token, ("GET", "POST")),
    Rule("/oauth/token", token, ("GET", "POST")),
]
