"""One REST call: who asks for what, and what the method gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tests.sandbox.rest.errors import wrong_authorization_type
from tests.sandbox.rest.params import Params
from tests.sandbox.state import State
from tests.sandbox.world import Application, Portal, Token, User


@dataclass(frozen=True)
class Caller:
    """On whose behalf a call is made."""

    user: User
    scopes: list[str]
    app: Application | None = None
    """None for a webhook."""
    token: Token | None = None
    webhook: str = ""
    """`<user id>/<secret>` of an incoming webhook."""
    in_header: bool = False
    """Whether the token came as `Authorization: Bearer`."""


@dataclass(frozen=True)
class Call:
    """A call of one method, on its own or inside a batch."""

    state: State
    portal: Portal
    caller: Caller
    method: str
    """In lower case."""
    params: Params

    @property
    def user(self) -> User:
        return self.caller.user

    @property
    def now(self) -> datetime:
        return self.state.now()

    @property
    def connector(self) -> str:
        """The source key that came along, where the plan has such."""
        on_plan = self.state.options.connectors_on_plan or self.portal.on_premises
        return self.params.text("auth_connector") if on_plan else ""

    def require_application(self) -> Application:
        """The application that calls.

        Raises:
            RestError: WRONG_AUTH_TYPE, it is a webhook.
        """
        if self.caller.app is None:
            raise wrong_authorization_type()
        return self.caller.app

    def of(self, method: str, params: Params) -> Call:
        """The same caller's call of another method."""
        return replace(self, method=method, params=params)


@dataclass(frozen=True)
class Answer:
    """A result with what stands beside it."""

    result: Any
    total: int | None = None
    next: int | None = None


Handler = Callable[[Call], Any]
"""Gives the result, an `Answer`, or a `Response` with a file; raises RestError."""


@dataclass(frozen=True)
class Method:
    """A REST method: its name as documented, the scopes of which one is needed, what it does."""

    name: str
    handler: Handler
    scopes: tuple[str, ...] = field(default=())
    """Empty for methods everybody may call."""
    listed: bool = True
    """Whether `methods` names it."""
