"""Limits as a call meets them.

https://apidocs.bitrix24.com/limits.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tests.sandbox.rest.call import Call
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.timing import Stopwatch
from tests.sandbox.state import State
from tests.sandbox.world import Portal

T = TypeVar("T")


class BrokenOff(Exception):
    """The request took too long. What was done before stays done; nobody hears of it."""


def check_rate(state: State, portal: Portal, address: str) -> None:
    """Counts a request of an address; a batch is one.

    Raises:
        RestError: QUERY_LIMIT_EXCEEDED.
    """
    if not state.options.rate_limit or portal.on_premises:
        return
    if not state.limits.let_in(portal.code, address, state.now()):
        raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)


def metered(call: Call, whole: Stopwatch, own: Stopwatch, work: Callable[[], T]) -> T:
    """Does a call's work within its limits and counts the time.

    `whole` measures the HTTP request, `own` this call; outside a batch they are the same.

    Raises:
        RestError: OPERATION_TIME_LIMIT, the method has used too much before.
        BrokenOff: this call would make the request too long; it is not begun.
    """
    _check_operating(call)
    pretended = _pretended(call)
    longest = call.state.options.request_limit
    if longest is not None and whole.seconds + pretended > longest:
        raise BrokenOff
    before = whole.seconds
    for watch in {whole, own}:
        watch.pretend(pretended)
    try:
        return work()
    finally:
        _charge(call, whole.seconds - before)
        own.operating = _used(call)


def _pretended(call: Call) -> float:
    """What `method_seconds` says of the method, in whatever case."""
    for name, seconds in call.state.options.method_seconds.items():
        if name.lower() == call.method:
            return float(seconds)
    return 0.0


def _who(call: Call) -> str:
    return call.caller.app.client_id if call.caller.app else call.caller.webhook


def _used(call: Call) -> tuple[float, int]:
    return call.state.limits.operating(call.portal.code, _who(call), call.method, call.now)


def _check_operating(call: Call) -> None:
    limit = call.state.options.operating_limit
    if limit is None or call.portal.on_premises:
        return
    if _used(call)[0] > limit:
        raise RestError(
            "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429
        )


def _charge(call: Call, seconds: float) -> None:
    call.state.limits.charge(call.portal.code, _who(call), call.method, seconds, call.now)
