"""The form with which Bitrix24 tells of an event, as a value.

Anybody may send such a form. ``application_token`` proves the portal and not the sender; so an
event is a hint to read the object again, never a source of data.

Pages: api-reference/events/index, api-reference/crm/document-generator/documents/events.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from b24app.bitrix.secret import Secret

_MOST_PAIRS: Final = 200
_MOST_TEXT: Final = 64 * 1024
_DEEPEST: Final = 6
_LONGEST_VALUE: Final = 2048
_KEY: Final = re.compile(r"(?P<name>[A-Za-z0-9_]{1,64})(?P<path>(?:\[[^\[\]]{0,64}\])*)", re.ASCII)
_STEP: Final = re.compile(r"\[([^\[\]]*)\]")
_NAME: Final = re.compile(r"[A-Za-z0-9_:.]{1,100}", re.ASCII)
_MEMBER_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PLAIN: Final = re.compile(r"[\x21-\x7e]*", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class EventError(ValueError):
    """Not an event. ``reason``: which key and what is wrong with it, never what it held."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it came, unproven.

    ``name``: upper case. ``data``: everything under ``data``, nested; all values are text.
    ``fields``: ``data[FIELDS]``, empty for events of the application. ``ts``: unix time of sending,
    not of the change. The tokens are missing where no user caused the event.
    """

    name: str
    data: Mapping[str, object] = field(repr=False)
    fields: Mapping[str, object] = field(repr=False)
    member_id: str
    application_token: Secret
    domain: str
    ts: int
    handler_id: int | None
    access_token: Secret | None
    refresh_token: Secret | None
    expires_in: int | None
    user_id: int | None
    client_endpoint: str | None
    server_endpoint: str | None
    scopes: frozenset[str]
    status: str

    def field_id(self, name: str) -> int | None:
        """A positive id among the fields, such as ``ID`` or ``ENTITY_ID``, or None."""
        return _number_or_none(self.fields.get(name))


def parse_event(pairs: Sequence[tuple[str, str]]) -> Event:
    """The event in a form's pairs, in the order they came.

    Raises `EventError` for a missing or malformed event name, ``member_id`` or
    ``application_token``, a key given twice or both as a text and as a list, and for forms that are
    too long or too deep.
    """
    form = _nested(pairs)
    auth = _inner(form, "auth")
    data = _inner(form, "data")
    name, member_id = _text(form, "event"), _text(auth, "member_id")
    token = _text(auth, "application_token")
    if not _NAME.fullmatch(name):
        raise EventError("event is missing or malformed")
    if not _MEMBER_ID.fullmatch(member_id):
        raise EventError("member_id is missing or malformed")
    if not token:
        raise EventError("application_token is missing")
    return Event(
        name=name.upper(),
        data=data,
        fields=_inner(data, "FIELDS"),
        member_id=member_id,
        application_token=Secret(token),
        domain=_text(auth, "domain").lower(),
        ts=_number_or_none(form.get("ts")) or 0,
        handler_id=_number_or_none(form.get("event_handler_id")),
        access_token=_secret(auth, "access_token"),
        refresh_token=_secret(auth, "refresh_token"),
        expires_in=_number_or_none(auth.get("expires_in")),
        user_id=_number_or_none(auth.get("user_id")),
        client_endpoint=_text(auth, "client_endpoint") or None,
        server_endpoint=_text(auth, "server_endpoint") or None,
        scopes=frozenset(filter(None, _text(auth, "scope").split(","))),
        status=_text(auth, "status"),
    )


def _nested(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """``a[b][c]=1`` as ``{"a": {"b": {"c": "1"}}}``; ``a[]`` counts up from 0."""
    if len(pairs) > _MOST_PAIRS or sum(len(key) + len(value) for key, value in pairs) > _MOST_TEXT:
        raise EventError("the form is too long")
    root: dict[str, Any] = {}
    for key, value in pairs:
        steps = list(_steps(key))
        place = root
        for step in steps[:-1]:
            place = place.setdefault(step or str(len(place)), {})
            if not isinstance(place, dict):
                raise EventError("a key is both a text and a list")
        last = steps[-1] or str(len(place))
        if last in place:
            raise EventError("a key comes twice")
        place[last] = value
    return root


def _steps(key: str) -> Iterator[str]:
    match = _KEY.fullmatch(key)
    if match is None:
        raise EventError("a key is malformed")
    inner = _STEP.findall(match["path"])
    if len(inner) >= _DEEPEST:
        raise EventError("the form is nested too deeply")
    yield match["name"]
    yield from inner


def _inner(form: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A nested part; absent or an empty text (PHP's empty list) is an empty one."""
    part = form.get(key) or {}
    if not isinstance(part, dict):
        raise EventError(f"{key} is malformed")
    return part


def _text(form: Mapping[str, Any], key: str) -> str:
    value = form.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE or not _PLAIN.fullmatch(value):
        raise EventError(f"{key} is malformed")
    return value


def _secret(form: Mapping[str, Any], key: str) -> Secret | None:
    text = _text(form, key)
    return Secret(text) if text else None


def _number_or_none(value: object) -> int | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value) or None
    return None
