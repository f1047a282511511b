"""The authorization server: whose token is it, and tokens for codes and for older tokens.

Secrets go to the one server named in the settings, in POST bodies, and nowhere else: what a request
names as ``SERVER_ENDPOINT`` is never used.

Pages: settings/oauth/index, settings/oauth/auto-renewal, settings/oauth/error-codes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from b24app.bitrix.egress import Egress
from b24app.bitrix.errors import BitrixError, UnexpectedAnswer
from b24app.bitrix.normalise import as_bool, as_id, as_int, as_map, as_moment_or_none, as_text
from b24app.bitrix.origin import AddressError, parse_endpoint, parse_origin
from b24app.bitrix.protocol import Kind, read_json
from b24app.bitrix.retry import Repeater
from b24app.bitrix.secret import Secret, reveal

T = TypeVar("T")

_MEMBER_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LONGEST_TOKEN: Final = 512
_LONGEST_LIFE: Final = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class AppInfo:
    """What the server says about an access token: the only proof of who is calling.

    ``client_id``: the application it was issued to; compare it with ours. ``member_id``,
    ``portal_origin``: the portal. ``user_id``: the user in that portal. ``expires``: aware, None
    where the server did not say.
    """

    client_id: str
    member_id: str
    user_id: int
    portal_origin: str
    scopes: frozenset[str]
    installed: bool
    status: str
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A new pair. The old refresh token counts as used up: store this one before anything else.

    ``expires_in``: seconds the access token lives. ``user_id``: whose it is, None where the server
    did not say (the documentation's sample lacks it): `AuthorizationServer.app_info` tells.
    """

    access: Secret
    refresh: Secret
    expires_in: int
    member_id: str
    portal_origin: str
    user_id: int | None
    scopes: frozenset[str]


class AuthorizationServer:
    """One authorization server. ``origin``: from the settings, ``https://host``."""

    def __init__(self, egress: Egress, origin: str, *, repeater: Repeater | None = None) -> None:
        self._egress = egress
        self._origin = parse_origin(origin)
        self._repeater = repeater or Repeater()

    def app_info(self, access_token: Secret | str, *, timeout: float | None = None) -> AppInfo:
        """Whose token this is. ``timeout``: seconds for one try, None for the egress's own.

        `TokenExpired` and `TokenInvalid` mean it proves nothing; `NotReached` and `AnswerLost` that
        the question is open, which must not count as a yes.

        The server's own ``app.info``, not the portal's of the same name.
        """
        form = {"auth": reveal(access_token)}
        told = self._post(Kind.READ, "/rest/app.info", form, "app.info", timeout)
        return _read(_app_info, told, "app.info")

    def exchange(self, client_id: str, client_secret: Secret | str, code: str) -> TokenPair:
        """Tokens for the code of a finished authorization; it lives 30 seconds and works once.

        Raises `GrantInvalid` for a code that is used or too old, `WrongClient`, `PaymentRequired`.
        """
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "client_id": client_id,
                "client_secret": reveal(client_secret),
                "code": code,
            },
            "authorization_code",
        )

    def refresh(
        self, client_id: str, client_secret: Secret | str, refresh_token: Secret | str
    ) -> TokenPair:
        """A new pair for a refresh token, which may work only once.

        After an `AnswerLost` the token may be used up: the next try tells by `GrantInvalid`. Never
        call it from two places at once for one chain.
        """
        return self._tokens(
            {
                "grant_type": "refresh_token",
                "client_id": client_id,
                "client_secret": reveal(client_secret),
                "refresh_token": reveal(refresh_token),
            },
            "refresh_token",
        )

    def _tokens(self, form: Mapping[str, str], method: str) -> TokenPair:
        return _read(_token_pair, self._post(Kind.CREATE, "/oauth/token/", form, method), method)

    def _post(
        self,
        kind: Kind,
        path: str,
        form: Mapping[str, str],
        method: str,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        def once() -> dict[str, Any]:
            try:
                reply = self._egress.send(
                    "POST",
                    f"{self._origin}{path}",
                    origin=self._origin,
                    form=form,
                    timeout=timeout,
                )
            except BitrixError as error:
                error.method = method
                raise
            return read_json(reply.status, reply.headers, reply.body, method=method)

        return self._repeater.call(kind, once)


def authorize_url(portal_origin: str, client_id: str, state: str) -> str:
    """Where the browser goes to authorise the application anew, in a window of its own.

    The portal sends it back to the address in the application's card, with ``code`` and ``state``.
    """
    query = urlencode({"client_id": client_id, "state": state})
    return f"{parse_origin(portal_origin)}/oauth/authorize/?{query}"


def _read(read: Callable[[dict[str, Any]], T], document: dict[str, Any], method: str) -> T:
    try:
        return read(document)
    except UnexpectedAnswer as wrong:
        wrong.method = method
        raise
    except (KeyError, TypeError, AddressError):
        pass
    raise UnexpectedAnswer("the authorization server answers in another shape", method=method)


def _app_info(document: dict[str, Any]) -> AppInfo:
    result = as_map(document["result"])
    install = as_map(result["install"])
    return AppInfo(
        client_id=_filled(result["client_id"]),
        member_id=_member_id(install["member_id"]),
        user_id=_user_id(result["user_id"]),
        portal_origin=parse_endpoint(as_text(install["client_endpoint"])),
        scopes=_scopes(result.get("scope")),
        installed=as_bool(install["installed"]),
        status=as_text(install.get("status")),
        expires=as_moment_or_none(result.get("expires")),
    )


def _token_pair(document: dict[str, Any]) -> TokenPair:
    return TokenPair(
        access=_token(document["access_token"]),
        refresh=_token(document["refresh_token"]),
        expires_in=min(max(as_int(document["expires_in"]), 0), _LONGEST_LIFE),
        member_id=_member_id(document["member_id"]),
        portal_origin=parse_endpoint(as_text(document["client_endpoint"])),
        user_id=as_id(document.get("user_id")),
        scopes=_scopes(document.get("scope")),
    )


def _token(value: object) -> Secret:
    text = _filled(value)
    if len(text) > _LONGEST_TOKEN:
        raise UnexpectedAnswer("the token is too long")
    return Secret(text)


def _filled(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise UnexpectedAnswer("a text is missing")


def _member_id(value: object) -> str:
    text = as_text(value)
    if not _MEMBER_ID.fullmatch(text):
        raise UnexpectedAnswer("not a member_id")
    return text


def _user_id(value: object) -> int:
    number = as_int(value)
    if number <= 0:
        raise UnexpectedAnswer("not a user")
    return number


def _scopes(value: object) -> frozenset[str]:
    return frozenset(part for part in as_text(value).split(",") if part)
