"""The one parser of addresses: whatever names a portal goes through here first."""

import ipaddress
import re
from typing import Final

_ORIGIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?",
    re.ASCII,
)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_DEFAULT_PORT: Final = {"https": "443", "http": "80"}
_REST: Final = "/rest/"


class AddressError(ValueError):
    """Not an address as we accept it. Says nothing of the text, which came from outside."""


def parse_origin(text: str) -> str:
    """The canonical form of ``scheme://host[:port]``: lower case, no default port.

    Refused (`AddressError`): user names, paths (a last ``/`` too), queries, fragments, blanks,
    anything not ASCII (an IDN comes as ``xn--…``), a trailing dot, IPv6, IPv4 in other than the
    plain form, ports outside 1–65535. Whether we talk to such a host is the egress's question.
    """
    match = _ORIGIN.fullmatch(text.lower()) if text.isascii() else None
    if match is None or not _is_host(match["host"]):
        raise AddressError("not an address of the form https://host")
    scheme, host, port = match["scheme"], match["host"], match["port"]
    if port is None or port == _DEFAULT_PORT[scheme]:
        return f"{scheme}://{host}"
    if int(port) > 65535:
        raise AddressError("no such port")
    return f"{scheme}://{host}:{port}"


def parse_endpoint(text: str) -> str:
    """The origin of a ``client_endpoint``: an origin followed by exactly ``/rest/``."""
    if not text.endswith(_REST):
        raise AddressError("not an address of the form https://host/rest/")
    return parse_origin(text[: -len(_REST)])


def _is_host(host: str) -> bool:
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return False
    if not labels[-1].isdigit() and not labels[-1].startswith("0x"):
        return True
    # Ends in a number: resolvers read 127.1 or 2130706433 as addresses. Only the plain form passes.
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False
