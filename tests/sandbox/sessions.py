"""Who is signed in to a portal with a browser."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from tests.sandbox.world import Portal, User

if TYPE_CHECKING:
    from tests.sandbox.state import State


class Sessions:
    """Browser sessions of all portals.

    Cookies do not know ports, so each portal's cookie carries the portal's code in its name.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._sessions: dict[str, tuple[str, int]] = {}
        """Cookie value to (portal code, user id)."""

    @staticmethod
    def cookie_name(portal: Portal) -> str:
        return f"PORTAL_SID_{portal.code.upper()}"

    def open(self, portal: Portal, user_id: int) -> str:
        """Signs a user in and gives the cookie's value."""
        cookie = secrets.token_hex(16)
        self._sessions[cookie] = (portal.code, user_id)
        return cookie

    def sign_in(self, response: Response, portal: Portal, user_id: int) -> None:
        """Signs a user in and hands the browser its cookie."""
        response.set_cookie(
            self.cookie_name(portal), self.open(portal, user_id), httponly=True, samesite="Lax"
        )

    def sign_out(self, request: Request, response: Response, portal: Portal) -> None:
        self._sessions.pop(request.cookies.get(self.cookie_name(portal), ""), None)
        response.delete_cookie(self.cookie_name(portal), httponly=True, samesite="Lax")

    def signed_in(self, request: Request) -> User | None:
        """The user whose session cookie for this request's portal came along, if any."""
        portal = self._state.portal_of(request.host)
        if portal is None:
            return None
        code, user_id = self._sessions.get(
            request.cookies.get(self.cookie_name(portal), ""), ("", 0)
        )
        return portal.users.get(user_id) if code == portal.code else None

    def clear(self) -> None:
        self._sessions = {}
