"""What an installation sets up and asks: placements, events, who is calling, what we may do.

Pages: api-reference/widgets/placement-*, api-reference/events/event-*, api-reference/common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from b24app.bitrix.normalise import (
    as_bool,
    as_id,
    as_int,
    as_key,
    as_list,
    as_map,
    as_moment,
    as_text,
)
from b24app.bitrix.protocol import Answer, Command, Kind

ALREADY_BOUND: Final = frozenset({"ERROR_CORE", "ERROR_HANDLER_ALREADY_EXIST"})
"""Codes of `Refused` that may mean "bound already", and other things: read back what is bound."""
NO_SUCH_PLACEMENT: Final = "ERROR_PLACEMENT_NOT_FOUND"
"""Code of `Refused` where the portal does not know the place, or the scope for it is missing."""


@dataclass(frozen=True, slots=True)
class BoundPlacement:
    """``user_id``: 0 for everyone."""

    placement: str
    handler: str
    title: str
    user_id: int


@dataclass(frozen=True, slots=True)
class BoundEvent:
    """``event``: upper case. ``user_id``: whose token the event brings, 0 the one who caused it."""

    event: str
    handler: str
    user_id: int
    offline: bool


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """Our application in a portal. ``status``: L local, F free, D demo, T trial, P paid."""

    id: int
    code: str
    version: int
    status: str
    installed: bool
    payment_expired: bool
    language: str


@dataclass(frozen=True, slots=True)
class Person:
    """The user whose token made the call."""

    id: int
    name: str
    last_name: str
    is_admin: bool


def placement_bind(
    placement: str,
    handler: str,
    *,
    title: str = "",
    languages: Mapping[str, Mapping[str, str]] | None = None,
) -> Command[bool]:
    """Shows ``handler`` (a public https address) at a placement.

    ``languages``: by language ``{"TITLE", "DESCRIPTION", "GROUP_NAME"}``; with it ``title`` is
    ignored by the portal. Binding the same again is `Refused` with a code of `ALREADY_BOUND`.
    Administrators only.

    Page: api-reference/widgets/placement-bind.
    """
    params: dict[str, object] = {"PLACEMENT": placement, "HANDLER": handler}
    if title:
        params["TITLE"] = title
    if languages:
        params["LANG_ALL"] = {language: dict(texts) for language, texts in languages.items()}
    return Command("placement.bind", params, Kind.SET, _yes)


def placement_unbind(placement: str, handler: str | None = None) -> Command[int]:
    """Removes a handler, or all of ours, from a placement. The count is not the handlers' number.

    Page: api-reference/widgets/placement-unbind.
    """
    params: dict[str, object] = {"PLACEMENT": placement}
    if handler is not None:
        params["HANDLER"] = handler
    return Command("placement.unbind", params, Kind.SET, _count)


def placement_get() -> Command[tuple[BoundPlacement, ...]]:
    """What the application has bound. Page: api-reference/widgets/placement-get."""
    return Command("placement.get", {}, Kind.READ, _placements)


def placement_list() -> Command[frozenset[str]]:
    """The places this portal has for us. Page: api-reference/widgets/placement-list."""
    return Command("placement.list", {}, Kind.READ, _texts)


def event_bind(event: str, handler: str, *, user_id: int | None = None) -> Command[bool]:
    """Sends events to ``handler``. ``user_id``: whose token they bring, None the causing user's.

    Page: api-reference/events/event-bind.
    """
    params: dict[str, object] = {"event": event, "handler": handler}
    if user_id is not None:
        params["auth_type"] = user_id
    return Command("event.bind", params, Kind.SET, _yes)


def event_unbind(event: str, handler: str, *, user_id: int | None = None) -> Command[int]:
    """Stops sending; the answer is the number of handlers removed.

    Page: api-reference/events/event-unbind.
    """
    params: dict[str, object] = {"event": event, "handler": handler}
    if user_id is not None:
        params["auth_type"] = user_id
    return Command("event.unbind", params, Kind.SET, _count)


def event_get() -> Command[tuple[BoundEvent, ...]]:
    """What the application listens to. Page: api-reference/events/event-get."""
    return Command("event.get", {}, Kind.READ, _events)


def event_test(probe: str) -> Command[bool]:
    """Has the portal send ONAPPTEST to whoever of us listens; ``probe`` comes back in it.

    Page: api-reference/events/test-handler.
    """
    return Command("event.test", {"probe": probe}, Kind.SET, _yes)


def server_time() -> Command[datetime]:
    """The portal's clock, aware. Page: api-reference/common/system/server-time."""
    return Command("server.time", {}, Kind.READ, lambda answer: as_moment(answer.result))


def app_info() -> Command[InstalledApp]:
    """The application in this portal; no proof of anything: see ``oauth`` for that.

    Page: api-reference/common/system/app-info.
    """
    return Command("app.info", {}, Kind.READ, _app)


def profile() -> Command[Person]:
    """Who is calling. Page: api-reference/common/users/profile."""
    return Command("profile", {}, Kind.READ, _person)


def user_admin() -> Command[bool]:
    """Whether the caller may manage applications. Page: api-reference/common/users/user-admin."""
    return Command("user.admin", {}, Kind.READ, _flag)


def user_access(codes: Sequence[str]) -> Command[bool]:
    """Whether the caller has one of the access codes; always True for administrators.

    Documented for ``U``, ``G`` and ``AU`` only; ``UA`` is for you to test.

    Page: api-reference/common/users/user-access.
    """
    return Command("user.access", {"ACCESS": list(codes)}, Kind.READ, _flag)


def scope() -> Command[frozenset[str]]:
    """The permissions of the application's token. Page: api-reference/common/system/scope."""
    return Command("scope", {}, Kind.READ, _texts)


def _yes(answer: Answer) -> bool:
    return as_bool(answer.result)


_flag = _yes


def _count(answer: Answer) -> int:
    return as_int(as_map(answer.result)["count"])


def _texts(answer: Answer) -> frozenset[str]:
    return frozenset(as_text(one) for one in as_list(answer.result))


def _placements(answer: Answer) -> tuple[BoundPlacement, ...]:
    return tuple(_placement(as_map(row)) for row in as_list(answer.result))


def _placement(row: Mapping[str, Any]) -> BoundPlacement:
    return BoundPlacement(
        placement=as_text(row["placement"]),
        handler=as_text(row["handler"]),
        title=as_text(row.get("title")),
        user_id=as_id(row.get("userId")) or 0,
    )


def _events(answer: Answer) -> tuple[BoundEvent, ...]:
    return tuple(_event(as_map(row)) for row in as_list(answer.result))


def _event(row: Mapping[str, Any]) -> BoundEvent:
    return BoundEvent(
        event=as_text(row["event"]).upper(),
        handler=as_text(row["handler"]),
        user_id=as_id(row.get("auth_type")) or 0,
        offline=as_bool(row.get("offline")),
    )


def _app(answer: Answer) -> InstalledApp:
    row = as_map(answer.result)
    return InstalledApp(
        id=as_key(row["ID"]),
        code=as_text(row["CODE"]),
        version=as_id(row.get("VERSION")) or 0,
        status=as_text(row.get("STATUS")),
        installed=as_bool(row["INSTALLED"]),
        payment_expired=as_bool(row.get("PAYMENT_EXPIRED")),
        language=as_text(row.get("LANGUAGE_ID")),
    )


def _person(answer: Answer) -> Person:
    """A dismissed user's profile is an empty object, and so no `Person`."""
    row = as_map(answer.result)
    return Person(
        id=as_key(row["ID"]),
        name=as_text(row.get("NAME")),
        last_name=as_text(row.get("LAST_NAME")),
        is_admin=as_bool(row.get("ADMIN")),
    )
