"""A small HTTP server on loopback that answers as it is told and remembers what it received."""

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        owner = self.server.owner
        owner.received.append(Received(self.command, self.path, dict(self.headers), body))
        reply = owner.replies.popleft() if owner.replies else answer(None)
        reply(self)

    do_GET = do_POST = _handle  # noqa: N815

    def send(self, status: int, content_type: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Silent."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: "Portal"

    def handle_error(self, request: object, client_address: object) -> None:
        """The client went away: what many tests are about."""


@dataclass
class Portal:
    """Something at an address. ``replies``: what it will say, in order; then null results."""

    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.owner = self
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def origin(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def answer(result: object, status: int = 200, **beside: object) -> Reply:
    """A success of the REST interface."""
    return document({"result": result, "time": {"duration": 0.1}, **beside}, status)


def refusal(code: object, status: int = 400, text: str = "") -> Reply:
    """An error of the REST interface."""
    return document({"error": code, "error_description": text}, status)


def document(content: object, status: int = 200, **headers: str) -> Reply:
    body = json.dumps(content).encode()
    return lambda handler: handler.send(status, "application/json; charset=utf-8", body, **headers)


def html(status: int) -> Reply:
    return lambda handler: handler.send(status, "text/html", b"<html>Bad gateway</html>")


def file(content: bytes, content_type: str, **headers: str) -> Reply:
    return lambda handler: handler.send(200, content_type, content, **headers)


def redirect(location: str, status: int = 302) -> Reply:
    return lambda handler: handler.send(status, "text/html", b"", Location=location)


def reset(handler: Handler) -> None:
    """The request is read, then the connection is torn down."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True


def silence(handler: Handler) -> None:
    """No answer until the test ends."""
    handler.server.owner.released.wait()
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """Headers, then one blank of the body at a time, never ending."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    _trickle(handler)


def drip_headers(handler: Handler) -> None:
    """A status line, then a header that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _trickle(handler)


def _trickle(handler: Handler) -> None:
    while not handler.server.owner.released.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()
    handler.close_connection = True
