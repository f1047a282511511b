"""A small web server that keeps what is posted to it: an application's event handler."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.sandbox.phpform import nested
from tests.sandbox.server import QuietHandler


class Inbox:
    """Answers 200 to everything, after `pause` seconds; `posts` are the forms, nested."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.content_types: list[str] = []
        self.pause = 0.0
        self._server = make_server("127.0.0.1", 0, self._app, request_handler=QuietHandler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.port}/events/"

    def _app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        time.sleep(self.pause)
        self.posts.append(nested(request.form.items(multi=True)))
        self.content_types.append(request.mimetype)
        return Response("ok")(environ, start_response)

    def __enter__(self) -> Inbox:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
