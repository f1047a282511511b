"""Events on their way to the handlers of applications.

They leave form-encoded, a moment after the change, from a thread of their own. Nobody tries again
when a handler does not answer. https://apidocs.bitrix24.com/api-reference/events/index.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests

from tests.sandbox import offline
from tests.sandbox.delivered import Delivered, Resting
from tests.sandbox.phpform import flat
from tests.sandbox.world import Application, EventBinding, Portal

if TYPE_CHECKING:
    from tests.sandbox.state import State

TIMEOUT = 5.0
DEEPEST = 7
"""So many events may lead to one another; what would follow is not told any more."""


class Delivery:
    """The queue of events and its thread."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._changed = threading.Condition()
        self._queue: list[Delivered] = []
        self._running = 0
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._resting = Resting()
        self.attempts: list[Delivered] = []
        """Everything sent since the last reset, in the order of sending."""

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="sandbox-events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(TIMEOUT + 1)

    def clear(self) -> None:
        """Forgets what waits and what was sent."""
        with self._changed:
            self._queue, self.attempts = [], []
            self._resting.clear()
            self._changed.notify_all()

    def emit(
        self,
        portal: Portal,
        event: str,
        data: dict[str, Any],
        user_id: int | None,
        *,
        only: Application | None = None,
        refresh: bool = False,
    ) -> None:
        """Queues an event for every handler bound to it.

        Handlers of applications that are not installed, or not paid for, do not hear it.
        `user_id` is who caused it; `refresh` adds a refresh token, as ONAPPINSTALL does.
        """
        if self._state.options.payment_required or self._state.acting.depth >= DEEPEST:
            return
        kept: list[Application] = []
        for binding in list(portal.event_bindings):
            app = portal.applications.get(binding.client_id)
            if app is None or binding.event != event.upper():
                continue
            if not app.installed or (only is not None and app is not only):
                continue
            if not binding.offline:
                self._send_to(portal, app, binding, data, user_id, refresh)
            elif offline.keep(self._state, portal, binding, data, user_id):
                kept.append(app)
        for app in kept:
            for notice in offline.handlers_to_notify(self._state, portal, app.client_id):
                self._send_to(portal, app, notice, {}, user_id, refresh=True)

    def _send_to(
        self,
        portal: Portal,
        app: Application,
        binding: EventBinding,
        data: dict[str, Any],
        user_id: int | None,
        refresh: bool,
    ) -> None:
        # The same told twice in one request is told once.
        if not self._state.acting.first_in_hit(
            f"{binding.id}|{binding.event}|{urlencode(flat(data))}"
        ):
            return
        caller = binding.auth_type or user_id
        if not self._state.options.event_tokens and not refresh:
            caller = None
        auth = self._auth(portal, app, caller, refresh)
        if self._state.options.event_lost:
            return
        for _ in range(2 if self._state.options.event_duplicates else 1):
            self._add(binding, binding.event, data, auth)

    def post_to(
        self, portal: Portal, app: Application, address: str, event: str, data: dict[str, Any]
    ) -> None:
        """Sends an event to an address nobody bound: ONAPPINSTALL of applications without pages."""
        binding = EventBinding(0, app.client_id, event, address)
        self._send_to(portal, app, binding, data, app.created_by, refresh=True)

    def _add(
        self, binding: EventBinding, event: str, data: dict[str, Any], auth: dict[str, Any]
    ) -> None:
        content = {
            "event": event,
            "event_handler_id": binding.id,
            "data": data,
            "ts": int(self._state.now().timestamp()),
            "auth": auth,
        }
        due = time.monotonic() + self._state.options.event_delay
        attempt = Delivered(event, binding.handler, data, auth, urlencode(flat(content)), due)
        with self._changed:
            if self._state.options.event_reversed:
                self._queue.insert(0, attempt)
            else:
                self._queue.append(attempt)
            self._changed.notify_all()

    def _auth(
        self, portal: Portal, app: Application, user_id: int | None, refresh: bool
    ) -> dict[str, Any]:
        domain = portal.origin.partition("://")[2]
        known = {
            "domain": domain,
            "client_endpoint": f"{portal.origin}/rest/",
            "server_endpoint": self._state.server_endpoint_of(portal),
            "member_id": portal.member_id,
            "application_token": app.application_token,
        }
        if user_id is None:
            return known
        token = self._state.issue_tokens(portal, app, user_id, self._state.acting.depth + 1)
        tokens = {
            "access_token": token.access,
            "expires": int(token.expires.timestamp()),
            "expires_in": self._state.options.access_lifetime,
            "scope": ",".join(token.scopes),
            "status": app.status,
            "user_id": user_id,
        }
        return tokens | ({"refresh_token": token.refresh} if refresh else {}) | known

    def drain(self, timeout: float = 10.0) -> bool:
        """Waits until nothing is on its way. False when it took longer than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._running, timeout)

    def wait_for(
        self, event: str, where: Callable[[Delivered], bool] | None = None, timeout: float = 10.0
    ) -> Delivered:
        """The first finished attempt to deliver this event, waiting for it if need be.

        Raises:
            TimeoutError: none within `timeout` seconds.
        """

        def found() -> Delivered | None:
            for one in self.attempts:
                if one.event == event.upper() and one.done.is_set() and (not where or where(one)):
                    return one
            return None

        with self._changed:
            if not self._changed.wait_for(lambda: found() is not None, timeout):
                raise TimeoutError(f"{event} was not delivered within {timeout} s")
            result = found()
        assert result is not None
        return result

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (attempt := self._next()) is not None:
                self._send(session, attempt)

    def _next(self) -> Delivered | None:
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                waiting = [self._resting.start(one) for one in self._queue] or [now + 3600]
                # In wrong order the latest leaves first, so all wait until it may.
                start = max(waiting) if self._state.options.event_reversed else min(waiting)
                if start <= now:
                    chosen = next(one for one in self._queue if self._resting.start(one) <= now)
                    self._queue.remove(chosen)
                    self._running += 1
                    self.attempts.append(chosen)
                    return chosen
                self._changed.wait(start - now)
            return None

    def _send(self, session: requests.Session, attempt: Delivered) -> None:
        began = time.monotonic()
        try:
            with session.post(
                attempt.handler,
                data=attempt.body,
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    "User-Agent": "Bitrix24 Webhook Engine",
                    "Connection": "close",
                },
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as answer:
                attempt.status = answer.status_code
        except requests.RequestException as error:
            attempt.failure = type(error).__name__
        finally:
            with self._changed:
                self._running -= 1
                took = time.monotonic() - began
                self._resting.note(attempt.handler, took, self._state.options.event_slow_after)
                attempt.done.set()
                self._changed.notify_all()
