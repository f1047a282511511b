"""Starting a sandbox: one process, four origins on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.sandbox.app import SandboxApp
from tests.sandbox.conversions import Conversions
from tests.sandbox.delivered import Delivered
from tests.sandbox.delivery import Delivery
from tests.sandbox.state import MarketApplication, Options, State
from tests.sandbox.world import Portal

LISTEN = "127.0.0.1"
NAME = "localhost"


class QuietHandler(WSGIRequestHandler):
    """Requests are in the sandbox's own record; tokens shall not be in a log."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        logging.getLogger("tests.sandbox").debug("%s: %s", type, self.path.partition("?")[0])

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.log("request", str(code))


class Sandbox:
    """A running sandbox. Use it as a context manager, or call `stop`."""

    def __init__(
        self,
        port: int = 0,
        *,
        listen: str = LISTEN,
        market: MarketApplication | None = None,
        tls: tuple[str, str] | None = None,
        second_auth_port: int = 0,
        **options: Any,
    ) -> None:
        """Listens on `port` and the two after it, or on free ports.

        The second authorization server, for regions such as "ru", listens on `second_auth_port`,
        or on a free port.

        `tls` are files with a certificate chain for `localhost` and its key, PEM both; with them
        all origins are https. `options` are those of `Options`.

        Raises:
            OSError: a port is taken.
        """
        self._app: Callable[..., Iterable[bytes]] | None = None
        self._servers: list[BaseWSGIServer] = []
        try:
            for number in (
                *((port + index if port else 0) for index in range(3)),
                second_auth_port,
            ):
                self._servers.append(
                    make_server(
                        listen,
                        number,
                        self._call,
                        threaded=True,
                        request_handler=QuietHandler,
                        ssl_context=tls,
                    )
                )
        except BaseException:
            for server in self._servers:
                server.server_close()
            raise
        scheme = "https" if tls else "http"
        one, two, auth, tech = (f"{scheme}://{NAME}:{server.port}" for server in self._servers)
        self.state = State(one, two, auth, Options(**options), market, tech)
        self.state.delivery = Delivery(self.state)
        self.conversions = Conversions(self.state)
        self.app = self._app = SandboxApp(self.state)
        self._threads: list[threading.Thread] = []

    @classmethod
    def start(cls, port: int = 0, **options: Any) -> Sandbox:
        """Makes a sandbox and serves it from threads of its own."""
        sandbox = cls(port, **options)
        assert sandbox.state.delivery is not None
        sandbox.state.delivery.start()
        if sandbox.state.options.background_conversions:
            sandbox.conversions.start()
        for server in sandbox._servers:
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
            )
            thread.start()
            sandbox._threads.append(thread)
        return sandbox

    def _call(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert self._app is not None
        return self._app(environ, start_response)

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join(5)
        self.conversions.stop()
        if self.state.delivery is not None:
            self.state.delivery.stop()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Origin of portal one."""
        return self.portal_one.origin

    @property
    def auth_url(self) -> str:
        """Origin of the authorization server."""
        return self.state.auth_origin

    @property
    def second_auth_url(self) -> str:
        """Origin of the authorization server for regions such as "ru"."""
        return self.state.tech_origin

    @property
    def portal_one(self) -> Portal:
        """Anna's, Boris's and Clara's."""
        return next(iter(self.state.portals.values()))

    @property
    def portal_two(self) -> Portal:
        """Dmitri's."""
        return list(self.state.portals.values())[1]

    def reset(self) -> None:
        """Back to the seed."""
        self.state.reset()

    def drain(self, timeout: float = 10.0) -> bool:
        """Waits until no event is on its way any more."""
        assert self.state.delivery is not None
        return self.state.delivery.drain(timeout)

    def delivered(
        self,
        event: str,
        where: Callable[[Delivered], bool] | None = None,
        timeout: float = 10.0,
    ) -> Delivered:
        """The first attempt to deliver this event, waiting until it was made."""
        assert self.state.delivery is not None
        return self.state.delivery.wait_for(event, where, timeout)
