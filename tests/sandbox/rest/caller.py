"""Finding out who calls: access token, webhook; and refusing.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/index.html
"""

from __future__ import annotations

from werkzeug.wrappers import Request

from tests.sandbox.rest.call import Caller, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.params import Params
from tests.sandbox.state import State
from tests.sandbox.world import Application, Portal, Token, User


def by_webhook(state: State, portal: Portal, user_id: int, secret: str) -> Caller:
    """The caller of `/rest/<user>/<secret>/<method>`.

    Raises:
        RestError: INVALID_CREDENTIALS.
    """
    code, owner, scopes = state.webhooks.get(secret, ("", 0, []))
    if code != portal.code or owner != user_id or user_id not in portal.users:
        raise RestError("INVALID_CREDENTIALS", "Invalid request credentials", 401)
    return Caller(portal.users[user_id], scopes, webhook=f"{user_id}/{secret}")


def by_token(request: Request, state: State, portal: Portal, params: Params) -> Caller:
    """The caller whose access token came along; takes the token out of the parameters.

    Raises:
        RestError: no token, a wrong or expired one, or one of somebody who may not.
    """
    sent = [params.pop(name, None) for name in ("auth", "access_token")]
    access = next((one for one in sent if isinstance(one, str) and one), "")
    scheme, _, header = request.headers.get("Authorization", "").partition(" ")
    in_header = not access and scheme.lower() == "bearer"
    token = _token(state, portal, header.strip() if in_header else access)
    app, user = _checked(portal, token)
    signed_in = state.sessions.signed_in(request)
    if signed_in is not None and signed_in.id != user.id:
        raise RestError("authorization_error", "Unable to authorize user", 401)
    return Caller(user, token.scopes, app, token, in_header=in_header)


def _token(state: State, portal: Portal, access: str) -> Token:
    if not access:
        raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
    token = state.tokens.get(access)
    if token is None or token.member_id != portal.member_id:
        raise RestError("invalid_token", "Unable to get application by token", 401)
    if token.expires <= state.now():
        raise RestError("expired_token", "The access token provided has expired.", 401)
    return token


def _checked(portal: Portal, token: Token) -> tuple[Application, User]:
    app = portal.applications.get(token.client_id)
    if app is None or token.revoked:
        raise RestError("APPLICATION_NOT_FOUND", "Application not found", 401)
    user = portal.users.get(token.user_id)
    if user is None:
        raise RestError("authorization_error", "Unable to authorize user", 401)
    if not user.uses_application:
        raise RestError(
            "user_access_error",
            "The user does not have access to the application.",
            403,
            source_status=401,
        )
    return app, user


def check_scope(caller: Caller, method: Method) -> None:
    """Raises:
    RestError: insufficient_scope.
    """
    if method.scopes and not set(method.scopes) & set(caller.scopes):
        whose = "webhook token" if caller.webhook else "access token"
        raise RestError(
            "insufficient_scope",
            f"The request requires higher privileges than provided by the {whose}",
            403,
            source_status=401,
        )


def check_intranet(caller: Caller, method: Method) -> None:
    """Extranet users have no business with CRM, generator and stores.

    Raises:
        RestError: allowed_only_intranet_user.
    """
    if caller.user.is_extranet and set(method.scopes) & {"crm", "documentgenerator", "catalog"}:
        raise RestError(
            "allowed_only_intranet_user", "Action is allowed only to intranet users", 403
        )
