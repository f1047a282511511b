"""Connections that know where they lead and how long they may take.

Two things a `requests` session cannot do by itself:

* look at the address the socket is really connected to, after the name was resolved;
* tell an error before anything was sent (`NotReached`) from one after it.
"""

import functools
import http.client
import io
import ipaddress
import logging
import socket
import time
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from b24app.bitrix.errors import ForbiddenAddress, NotReached

_POOL: Final = 16
# urllib3 logs whole addresses, and a link for machines has a token in its query.
logging.getLogger("urllib3.connectionpool").addFilter(lambda record: False)
# Global by the registries, but a cloud machine's own control address.
_METADATA: Final = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the open internet.

    False for loopback, private, link-local, shared, multicast, reserved and metadata addresses, and
    for IPv6 forms that lead to such an IPv4 address.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour or address.teredo:
            return False
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and address not in _METADATA


class _TimedReader(io.RawIOBase):
    """Reads a socket until a moment, instead of granting each single read the full time."""

    def __init__(self, sock: Any, deadline: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer whose status line, headers and body share one deadline."""

    def __init__(self, sock: Any, *args: Any, deadline: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_TimedReader(sock, deadline))


class _Reaching(HTTPConnection):
    """Failures to connect become `NotReached`; the read timeout covers the whole answer."""

    def connect(self) -> None:
        try:
            super().connect()
            return
        except (OSError, HTTPError, UnicodeError):
            self.close()
        raise NotReached("no connection")

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        if isinstance(self.timeout, int | float):
            deadline = time.monotonic() + self.timeout
            self.response_class = functools.partial(  # type: ignore[assignment]
                _TimedResponse, deadline=deadline
            )
        return super().getresponse()


class _ReachingTLS(_Reaching, HTTPSConnection):
    """The same with TLS."""


class _PublicTLS(_ReachingTLS):
    """The same, refusing to talk to an address that is not public.

    The names' addresses are looked at before connecting, so that nothing inside is even touched;
    the peer is looked at after it, because the name may resolve otherwise the second time.
    """

    def _new_conn(self) -> socket.socket:
        for found in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            _require_public(str(found[4][0]))
        sock = super()._new_conn()
        try:
            _require_public(str(sock.getpeername()[0]))
        except BaseException:
            sock.close()
            raise
        return sock


def _require_public(address: str) -> None:
    if not is_public(address):
        raise ForbiddenAddress("the name leads to an address that is not public")


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Reaching


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _ReachingTLS


class _PublicTLSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicTLS


class DirectAdapter(HTTPAdapter):
    """For origins the operator has listed: http too, any address."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=_POOL)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}


class PublicAdapter(HTTPAdapter):
    """For all others: https, public addresses only."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=_POOL)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _PublicTLSPool}
