"""What a hosts file does: three public names lead to the sandbox's ports on loopback.

The client always speaks https on port 443, and to one authorization server whose address is fixed
in it. So nothing in the client is replaced: neither a constant nor a method. Only the place where
urllib3 opens a connection is told where these names are; the client verifies the certificate.
"""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3.util.connection

from tests.sandbox.server import Sandbox

PORTAL_ONE, PORTAL_TWO = "nordwerk.example", "lindner.example"
AUTHORIZATION = "oauth.bitrix24.tech"
MOVED = "nordwerk-group.example"
"""Where portal one is found after it was renamed."""
NAMES = ("localhost", PORTAL_ONE, PORTAL_TWO, AUTHORIZATION, MOVED)

Address = tuple[str, int]


def lead(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, ports: tuple[int, int, int]) -> None:
    """Lets the sandbox answer by these names and leads them to its ports."""
    one, two, authorization = ports
    hosts = {PORTAL_ONE: one, MOVED: one, PORTAL_TWO: two, AUTHORIZATION: authorization}
    usual = urllib3.util.connection.create_connection

    def connect(address: Address, *args: Any, **options: Any) -> socket.socket:
        host, port = address
        if host in hosts:
            assert port == 443
            address = ("127.0.0.1", hosts[host])
        return usual(address, *args, **options)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    sandbox.state.origins = (f"https://{PORTAL_ONE}", f"https://{PORTAL_TWO}")
    sandbox.state.auth_origin = f"https://{AUTHORIZATION}"


def ports_of(sandbox: Sandbox) -> tuple[int, int, int]:
    """Where a sandbox listens: portal one, portal two, the authorization server."""
    origins = (sandbox.url, sandbox.portal_two.origin, sandbox.auth_url)
    one, two, authorization = (urlsplit(origin).port for origin in origins)
    assert one
    assert two
    assert authorization
    return one, two, authorization
