"""Portals whose REST refuses everybody, by a switch.

https://apidocs.bitrix24.com/error-codes.html
"""

from __future__ import annotations

from tests.sandbox.rest.errors import RestError, generic
from tests.sandbox.state import State
from tests.sandbox.world import Portal

REFUSALS = {
    "plan": ("ACCESS_DENIED", "REST API is available only on commercial plans", 403, 401),
    "overload": ("OVERLOAD_LIMIT", "REST API is blocked due to overload", 503, 401),
    "deleted": ("PORTAL_DELETED", "Portal was deleted", 500, 403),
    "connection": ("CONNECTION_ERROR", "Error connecting to authorization server", 401, 401),
    "internal": ("INTERNAL_SERVER_ERROR", "Internal server error", 500, 500),
    "unexpected": (
        "ERROR_UNEXPECTED_ANSWER",
        "Server returned an unexpected response",
        500,
        500,
    ),
}
"""Word to code, text, HTTP status of the documentation and of the source."""
OF_PLANS = ("plan", "overload")
"""Refusals a portal on a company's own server does not know."""


def check_module(state: State, method: str) -> None:
    """Raises:
    RestError: "0", the method is of the generator and its module is not there.
    """
    of_generator = method.startswith(("crm.documentgenerator.", "documentgenerator."))
    if of_generator and not state.options.generator_installed:
        raise generic("Module documentgenerator is not installed")


def check_open(state: State, portal: Portal, scheme: str) -> None:
    """Raises:
    RestError: the switch `rest_refusal` or `https_required` is on.
    """
    if state.options.https_required and scheme != "https":
        raise RestError("INVALID_REQUEST", "Https required")
    word = state.options.rest_refusal
    if not word or (portal.on_premises and word in OF_PLANS):
        return
    code, text, status, source_status = REFUSALS[word]
    raise RestError(code, text, status, source_status=source_status)
