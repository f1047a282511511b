"""Everything the sandbox knows: its portals, its tokens, what it received, how it shall behave.

The HTTP side asks and changes this object; tests do so too, through `Sandbox.state` or through the
control API.
"""

from __future__ import annotations

import copy
import secrets
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from tests.sandbox import applications
from tests.sandbox.acting import Acting
from tests.sandbox.catalog import seed as inventory
from tests.sandbox.changes import set_fields
from tests.sandbox.clock import Clock
from tests.sandbox.faults import Faults
from tests.sandbox.generator import conversion
from tests.sandbox.limits import Limits
from tests.sandbox.options import REFRESH_DAYS, AuthorizationCode, MarketApplication, Options
from tests.sandbox.record import Record
from tests.sandbox.sessions import Sessions
from tests.sandbox.world import Application, Document, PlacementBinding, Portal, Token, User

if TYPE_CHECKING:
    from tests.sandbox.delivery import Delivery

__all__ = ["REFRESH_DAYS", "AuthorizationCode", "MarketApplication", "Options", "State"]


TECH_REGIONS = ("ru", "am", "az", "ge", "kz", "kg", "uz", "by")
"""Regions whose portals use the second authorization server."""


class State:
    """One sandbox: two portals and the authorization servers."""

    def __init__(
        self,
        origin_one: str,
        origin_two: str,
        auth_origin: str,
        options: Options | None = None,
        market: MarketApplication | None = None,
        tech_origin: str = "",
    ) -> None:
        self.origins = (origin_one, origin_two)
        self.auth_origin = auth_origin
        self.tech_origin = tech_origin or auth_origin
        """The authorization server of `TECH_REGIONS`."""
        self.options = options or Options()
        self.portal_settings: dict[str, dict[str, Any]] = {}
        """Code of a portal to what it has other than in the seed: region, on_premises …"""
        self.initial_options = copy.deepcopy(self.options)
        self.initial_market = market
        self.lock = threading.RLock()
        self.clock = Clock()
        self.record = Record()
        self.faults = Faults()
        self.limits = Limits(self.options)
        self.sessions = Sessions(self)
        self.acting = Acting()
        self.delivery: Delivery | None = None
        self.portals: dict[str, Portal] = {}
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.webhooks: dict[str, tuple[str, int, list[str]]] = {}
        """Secret of an incoming webhook to (portal code, user id, scopes)."""
        self.market: MarketApplication | None = market
        self.user_options: dict[tuple[str, str, int], dict[str, Any]] = {}
        """(portal code, client id, user id) to what the frame kept with `setUserOption`."""
        self.app_options: dict[tuple[str, str], dict[str, Any]] = {}
        self.moved: dict[str, str] = {}
        """Hosts where portals used to be, to the portals' codes."""
        self.storage: dict[str, Response] = {}
        """Files that were put elsewhere, by their key."""
        self.link_key = secrets.token_bytes(16)
        self.reset()

    def reset(self) -> None:
        """Back to the seed: portals, time, options; nobody signed in, nothing recorded."""
        from tests.sandbox import seed
        from tests.sandbox.rest.roles import standard_roles

        with self.lock:
            self.clock.reset()
            self.limits.clear()
            self.options.__dict__.update(vars(copy.deepcopy(self.initial_options)))
            self.portals = {
                portal.code: portal for portal in seed.seed(*self.origins, self.clock.now())
            }
            for portal in self.portals.values():
                inventory.fill(portal, self.clock.now())
                portal.roles = standard_roles()
            for code, settings in self.portal_settings.items():
                set_fields(self.portals[code], settings)
            self.tokens, self.codes, self.webhooks = {}, {}, {}
            self.storage = {}
            self.user_options, self.app_options, self.moved = {}, {}, {}
            self.market = self.initial_market
            self.sessions.clear()
            self.faults.clear()
            self.record.clear()
            if self.delivery is not None:
                self.delivery.clear()

    def now(self) -> datetime:
        return self.clock.now()

    def portal_of(self, host: str) -> Portal | None:
        """The portal that answers at this Host header (with port), None for any other host."""
        for portal in self.portals.values():
            if urlsplit(portal.origin).netloc == host:
                return portal
        return None

    def portal_by_member(self, member_id: str) -> Portal | None:
        for portal in self.portals.values():
            if portal.member_id == member_id:
                return portal
        return None

    def move_portal(self, portal: Portal, origin: str) -> None:
        """Gives the portal another address. The old one answers 302 to the same path there."""
        self.moved[urlsplit(portal.origin).netloc] = portal.code
        portal.origin = origin

    def auth_origin_of(self, portal: Portal) -> str:
        """The authorization server of the portal's region."""
        return self.tech_origin if portal.region in TECH_REGIONS else self.auth_origin

    def server_endpoint_of(self, portal: Portal) -> str:
        return f"{self.auth_origin_of(portal)}/rest/"

    def is_auth_host(self, host: str) -> bool:
        """Whether an authorization server answers at this Host header."""
        return host in (urlsplit(self.auth_origin).netloc, urlsplit(self.tech_origin).netloc)

    def portals_served_by(self, host: str) -> dict[str, Portal]:
        """The portals, by member id, whose authorization server answers at this Host header."""
        return {
            portal.member_id: portal
            for portal in self.portals.values()
            if urlsplit(self.auth_origin_of(portal)).netloc == host
        }

    def register_application(self, portal: Portal, **card: Any) -> Application:
        """Saves a local application; the arguments are those of `applications.register`."""
        return applications.register(self, portal, **card)

    def finish_installation(self, portal: Portal, client_id: str, user_id: int = 1) -> bool:
        """What `BX24.installFinish()` does; False if it was done before."""
        return applications.finish_installation(self, portal, client_id, user_id)

    def launch_fields(
        self,
        portal: Portal,
        app: Application,
        user: User,
        placement: str = applications.DEFAULT_PLACEMENT,
        options: dict[str, Any] | None = None,
        binding: PlacementBinding | None = None,
    ) -> tuple[str, dict[str, str]]:
        """Address and fields of the POST that opens the application in its frame."""
        return applications.launch_fields(self, portal, app, user, placement, options, binding)

    def remove_application(self, portal: Portal, client_id: str, *, clean: bool = False) -> None:
        """Deletes an application as the administrator does."""
        applications.remove(self, portal, client_id, clean=clean)

    def emit(self, portal: Portal, event: str, data: dict[str, Any], user_id: int | None) -> None:
        """Sends an event to all handlers bound to it, a moment later."""
        if self.delivery is not None:
            self.delivery.emit(portal, event, data, user_id)

    def settle(self, portal: Portal, document: Document) -> None:
        """Does a document's conversion if its time has come and nobody else does it."""
        if self.options.background_conversions:
            return
        conversion.settle(
            portal,
            document,
            self.now(),
            self.options.conversion_delay,
            self.options.conversion_failure,
        )

    def add_webhook(self, portal: Portal, user: User, scopes: list[str]) -> str:
        """Registers an incoming webhook and gives its address, with the slash at the end."""
        secret = secrets.token_hex(8)
        self.webhooks[secret] = (portal.code, user.id, scopes)
        return f"{portal.origin}/rest/{user.id}/{secret}/"

    def issue_tokens(self, portal: Portal, app: Application, user_id: int, depth: int = 0) -> Token:
        """A new pair for a user of an application; `depth` is how many events led to it."""
        with self.lock:
            token = Token(
                access=secrets.token_hex(35),
                refresh=secrets.token_hex(35),
                client_id=app.client_id,
                member_id=portal.member_id,
                user_id=user_id,
                scopes=list(app.scopes),
                expires=self.now() + timedelta(seconds=self.options.access_lifetime),
                depth=depth,
            )
            self.tokens[token.access] = token
            return token

    def token_by_refresh(self, refresh: str) -> Token | None:
        for token in self.tokens.values():
            if token.refresh == refresh:
                return token
        return None

    def expire_access(self, user_id: int | None = None) -> int:
        """Lets access tokens run out, those of one user or all. Gives their number."""
        with self.lock:
            chosen = self._tokens_of(user_id)
            for token in chosen:
                token.expires = self.now() - timedelta(seconds=1)
            return len(chosen)

    def expire_refresh(self, user_id: int | None = None) -> int:
        """Makes refresh tokens useless, those of one user or all. Gives their number."""
        with self.lock:
            chosen = self._tokens_of(user_id)
            for token in chosen:
                token.refresh_spent = True
            return len(chosen)

    def _tokens_of(self, user_id: int | None) -> list[Token]:
        return [one for one in self.tokens.values() if user_id in (None, one.user_id)]
