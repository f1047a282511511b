"""How a sandbox shall behave, and what it knows besides its portals.

Every field of `Options` is a switch: on the command line, in the control API, as an argument of
`Sandbox`, and as `sandbox.state.options.<name>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

REFRESH_DAYS = 180


def switch(default: Any, told: str) -> Any:
    """A field of `Options`: its default and what `--help` says of it."""
    return field(default=default, metadata={"told": told})


@dataclass
class Options:
    """How the sandbox shall behave. Durations are seconds of the sandbox's clock."""

    conversion_delay: float = switch(3.0, "how long PDF and picture take")
    conversion_fails: bool = switch(False, "conversions end with an error")
    conversion_error_code: int | str = switch(
        150, "its code: a number, or ERROR_NO_TRANSFORMER_MODULE"
    )
    conversion_error_message: str = switch(
        "Error while converting the document", "its text, as documents tell it"
    )
    background_conversions: bool = switch(
        False, "a thread converts in real time; else it happens when somebody asks"
    )
    document_limit: int | None = switch(None, "how many documents the plan allows")
    strict_rotation: bool = switch(True, "a refresh token dies at its first use")
    access_lifetime: int = switch(3600, "life of an access token")
    code_lifetime: int = switch(30, "life of an authorization code")
    payment_required: bool = switch(False, "the application's paid time is over")
    not_installed: bool = switch(False, "the authorization server knows no installation")
    language: str = switch("en", "language of error texts; nobody may match on them")
    rest_refusal: str = switch(
        "", "REST refuses everybody: plan, overload, deleted, connection, internal or unexpected"
    )
    statuses_of_source: bool = switch(
        False, "HTTP statuses of authorization errors as in the source, not the documentation"
    )
    https_required: bool = switch(False, "plain http is refused with INVALID_REQUEST")
    generator_installed: bool = switch(True, "the portal has the document generator's module")
    numerators_of_documentation: bool = switch(
        False, "crm.documentgenerator.numerator.* changes only what REST made"
    )
    numerators_know_padding: bool = switch(
        True, "numerators have length and padString; old builds do not, and say nothing"
    )
    roles_on_plan: bool = switch(True, "the plan has roles of the document generator")
    inventory_on_plan: bool = switch(True, "the plan has inventory management")
    offline_events_on_plan: bool = switch(True, "the plan has confirmed offline events")
    connectors_on_plan: bool = switch(True, "the plan has auth_connector")
    crm_mailbox: bool = switch(True, "a mailbox is connected to the CRM, to send e-mails from")
    rate_limit: bool = switch(False, "too many requests from one address are refused")
    rate_capacity: int = switch(50, "how many requests the leaky bucket holds")
    rate_drain: float = switch(2.0, "how many leave it each second")
    operating_time: bool = switch(True, "`time` tells operating and operating_reset_at")
    operating_limit: float | None = switch(
        None, "seconds one method may use in ten minutes, for each application (480 in the cloud)"
    )
    method_seconds: dict[str, float] = field(
        default_factory=dict,
        metadata={"told": "seconds methods shall seem to take, such as crm.item.list=20"},
    )
    request_limit: float | None = switch(
        None, "seconds after which a request is broken off (60 in the cloud)"
    )
    event_delay: float = switch(0.05, "how long an event waits before it leaves, in real time")
    event_slow_after: float = switch(
        5.0, "a handler that takes longer to answer, in real time, is called less often"
    )
    event_tokens: bool = switch(True, "events carry the token of the user who caused them")
    event_duplicates: bool = switch(False, "each event is sent twice")
    event_reversed: bool = switch(False, "the latest waiting event leaves first")
    event_lost: bool = switch(False, "events are lost on their way to the handlers")
    files_elsewhere: bool = switch(
        False, "links for machines answer 302 to another address, as with cloud storage"
    )
    allow_local_handlers: bool = switch(
        True, "handlers may be in the local network; a real portal refuses those"
    )
    frame_silent: bool | Sequence[str] = switch(
        False, "portal pages leave messages of frames unanswered; a list names those messages"
    )

    @property
    def conversion_failure(self) -> tuple[int | str, str] | None:
        """How conversions fail now, None while they succeed."""
        if not self.conversion_fails:
            return None
        return self.conversion_error_code, self.conversion_error_message


@dataclass
class AuthorizationCode:
    client_id: str
    member_id: str
    user_id: int
    expires: datetime


@dataclass
class MarketApplication:
    """An application of the Market: the same id and secret in every portal."""

    client_id: str
    client_secret: str
    name: str
    handler_url: str
    install_url: str
    scopes: list[str] = field(default_factory=list)
