"""What a fault does to an answer."""

from __future__ import annotations

import json
import socket
import time

from werkzeug.wrappers import Request, Response

from tests.sandbox.faults import Fault

BAD_GATEWAY = """<html>
<head><title>{status}</title></head>
<body><center><h1>{status}</h1></center><hr><center>nginx</center></body>
</html>
"""


def strike(fault: Fault, request: Request) -> Response | None:
    """The broken answer; None where the call only gets slower.

    Raises:
        ConnectionResetError: the connection is cut.
    """
    if fault.kind in ("slow", "timeout"):
        time.sleep(fault.seconds)
        if fault.kind == "slow":
            return None
    if fault.kind in ("cut", "timeout"):
        _cut(request)
    if fault.kind == "html":
        return page(fault.status)
    if fault.kind == "empty":
        return Response("", fault.status, mimetype="text/plain")
    content = {"error": fault.code, "error_description": fault.message}
    return Response(json.dumps(content), fault.status, mimetype="application/json")


def page(status: int) -> Response:
    """What stands in front of the portal says when the portal does not answer."""
    return Response(BAD_GATEWAY.format(status=status), status, mimetype="text/html")


def _cut(request: Request) -> None:
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("cut by a fault of the sandbox")
