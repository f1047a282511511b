"""Addresses that applications give the portal to call."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from tests.sandbox.rest.errors import RestError
from tests.sandbox.state import State

LONGEST = 255


def required(params_value: str, name: str) -> str:
    """The value of a parameter that must not be empty.

    Raises:
        RestError: ERROR_ARGUMENT, naming the parameter.
    """
    if not params_value:
        raise RestError("ERROR_ARGUMENT", f"Argument '{name}' is null or empty", argument=name)
    return params_value


def check_handler(state: State, address: str) -> None:
    """Refuses what the portal could not or will not call.

    A real portal refuses `localhost` and addresses of local networks; the sandbox does where
    `Options.allow_local_handlers` is off.

    Raises:
        RestError: ERROR_UNSUPPORTED_PROTOCOL, ERROR_WRONG_HANDLER_URL.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise wrong_url(address) from None
    if parts.scheme not in ("http", "https"):
        if parts.scheme and host:
            raise RestError("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported event handler protocol")
        raise wrong_url(address)
    if not host or len(address) > LONGEST:
        raise wrong_url(address)
    if _is_local(host) and not state.options.allow_local_handlers:
        raise wrong_url(address)


def wrong_url(address: str) -> RestError:
    return RestError("ERROR_WRONG_HANDLER_URL", f"Wrong handler URL: {address[:LONGEST]}")


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))
