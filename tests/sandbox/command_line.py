"""The sandbox's command line: every switch of `Options`, and what only a start can decide."""

from __future__ import annotations

import argparse
import signal
import threading
from dataclasses import Field, fields
from typing import Any

from tests.sandbox.options import Options
from tests.sandbox.orders import ACTIONS
from tests.sandbox.server import LISTEN, Sandbox
from tests.sandbox.state import MarketApplication

DEFAULTS = {"event_delay": 0.5, "background_conversions": True}
"""Where a sandbox that people click through differs from one that tests use."""
MARKET_SCOPES = ["crm", "placement", "user_brief"]


def _pair(text: str) -> tuple[str, str]:
    """`name=value`.

    Raises:
        argparse.ArgumentTypeError: there is no "=".
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} should be NAME=VALUE")
    return name, value


def _seconds(text: str) -> tuple[str, float]:
    name, value = _pair(text)
    return name, float(value)


def _code(text: str) -> int | str:
    return int(text) if text.isdigit() else text


KINDS: dict[str, dict[str, Any]] = {
    "bool": {"action": argparse.BooleanOptionalAction},
    "bool | Sequence[str]": {"action": argparse.BooleanOptionalAction},
    "int": {"type": int, "metavar": "N"},
    "int | None": {"type": int, "metavar": "N"},
    "int | str": {"type": _code, "metavar": "CODE"},
    "float": {"type": float, "metavar": "SECONDS"},
    "float | None": {"type": float, "metavar": "SECONDS"},
    "str": {"metavar": "TEXT"},
    "dict[str, float]": {"type": _seconds, "action": "append", "metavar": "METHOD=SECONDS"},
}
"""How a switch of each type stands on the command line."""


def _add_switch(group: argparse._ArgumentGroup, one: Field[Any]) -> None:
    kind = KINDS[str(one.type)]
    default = DEFAULTS.get(one.name, getattr(Options(), one.name))
    shown = f"{one.metadata['told']} (default: {default})".replace("%", "%%")
    group.add_argument(
        f"--{one.name.replace('_', '-')}", dest=one.name, default=None, help=shown, **kind
    )


def _orders() -> str:
    lines = [
        f"  {name:22}{(order.__doc__ or '').strip().partition(chr(10))[0]}"
        for name, order in sorted(ACTIONS.items())
    ]
    return "orders, as POST to /_sandbox/<order> with a JSON object:\n" + "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.sandbox",
        description="The sandbox portal, until Ctrl-C.",
        epilog=_orders(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--port", type=int, default=8801, help="this port and the next two")
    made.add_argument("--listen", default=LISTEN, help="address to listen on")
    made.add_argument(
        "--second-auth-port",
        type=int,
        default=0,
        metavar="N",
        help="port of the authorization server of regions such as ru (default: a free one)",
    )
    made.add_argument(
        "--region",
        type=_pair,
        action="append",
        default=[],
        metavar="PORTAL=REGION",
        help="such as lindner=ru: the portal uses the second authorization server",
    )
    made.add_argument(
        "--on-premises",
        action="append",
        default=[],
        metavar="PORTAL",
        help="a portal on a company's own server: no limits, no plans",
    )
    made.add_argument(
        "--refuse-local-handlers", action="store_true", help="same as --no-allow-local-handlers"
    )
    made.add_argument(
        "--tls", nargs=2, metavar=("CHAIN", "KEY"), help="PEM files: all origins are https"
    )
    made.add_argument(
        "--market-app",
        nargs=4,
        metavar=("CLIENT_ID", "CLIENT_SECRET", "HANDLER", "INSTALL"),
        help=f"an application of the Market, with scopes {', '.join(MARKET_SCOPES)}",
    )
    group = made.add_argument_group("switches, which POST /_sandbox/options changes later")
    for one in fields(Options):
        _add_switch(group, one)
    return made


def chosen(words: list[str] | None = None) -> argparse.Namespace:
    return parser().parse_args(words)


def options_of(said: argparse.Namespace) -> dict[str, Any]:
    """The switches that were set, and the defaults of a sandbox for people."""
    named = {one.name: getattr(said, one.name) for one in fields(Options)}
    known = DEFAULTS | {name: value for name, value in named.items() if value is not None}
    if said.refuse_local_handlers:
        known["allow_local_handlers"] = False
    if "method_seconds" in known:
        known["method_seconds"] = dict(known["method_seconds"])
    return known


def _market(words: list[str] | None) -> MarketApplication | None:
    if not words:
        return None
    client_id, secret, handler, install = words
    return MarketApplication(client_id, secret, "Docket", handler, install, MARKET_SCOPES)


def _set_portals(sandbox: Sandbox, said: argparse.Namespace) -> None:
    settings = sandbox.state.portal_settings
    for code, region in said.region:
        settings.setdefault(code, {})["region"] = region
    for code in said.on_premises:
        settings.setdefault(code, {})["on_premises"] = True
    sandbox.reset()


def run(said: argparse.Namespace) -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Sandbox.start(
        said.port,
        listen=said.listen,
        market=_market(said.market_app),
        tls=tuple(said.tls) if said.tls else None,
        second_auth_port=said.second_auth_port,
        **options_of(said),
    ) as sandbox:
        _set_portals(sandbox, said)
        for portal in sandbox.state.portals.values():
            print(f"{portal.title}: {portal.origin}/", flush=True)
        print(f"Authorization server: {sandbox.auth_url}/", flush=True)
        print(f"Authorization server of ru, by, kz …: {sandbox.second_auth_url}/", flush=True)
        stopped.wait()
    return 0
