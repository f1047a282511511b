"""The POST with which the portal's page opens ours in its frame, as a value.

It comes through the user's browser, so nothing in it is proven: ask the authorization server whose
token ``auth_id`` is before believing anything else.

Pages: api-reference/widgets (the data of a widget), settings/app-installation.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from b24app.bitrix.crm import type_of_placement
from b24app.bitrix.origin import AddressError, parse_origin
from b24app.bitrix.secret import Secret

_QUERY: Final = ("DOMAIN", "PROTOCOL", "LANG", "APP_SID")
_BODY: Final = (
    "AUTH_ID",
    "AUTH_EXPIRES",
    "REFRESH_ID",
    "member_id",
    "status",
    "PLACEMENT",
    "PLACEMENT_OPTIONS",
    "SERVER_ENDPOINT",
    "APPLICATION_TOKEN",
    "APPLICATION_SCOPE",
)
_REQUIRED: Final = ("DOMAIN", "PROTOCOL", "APP_SID", "AUTH_ID", "member_id")
_LONGEST: Final[Mapping[str, int]] = {
    "DOMAIN": 260,
    "LANG": 10,
    "APP_SID": 64,
    "AUTH_ID": 512,
    "REFRESH_ID": 512,
    "PLACEMENT": 100,
    "PLACEMENT_OPTIONS": 8 * 1024,
    "APPLICATION_SCOPE": 4096,
}
_LONGEST_OTHER: Final = 255
_DEEPEST: Final = 5
_MEMBER_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PLAIN: Final = re.compile(r"[\x21-\x7e]*", re.ASCII)
_SECONDS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_FIRST_TOO_LARGE_TYPE: Final = 10**9
_ID: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class LaunchError(ValueError):
    """Not a launch. ``reason``: which key and what is wrong with it, never what it held."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch as it came, unproven.

    ``domain``: the portal's host, with its port where unusual. ``protocol``: ``https`` or ``http``.
    ``lang``: of the portal's pages. ``app_sid``: names this frame in messages. ``auth_expires``:
    seconds, 0 where not told. ``placement``: ``DEFAULT`` or a code. ``options``: of the placement.
    ``server_endpoint``: for comparison at most; never to be called. ``scopes``: may be empty.
    """

    domain: str
    protocol: str
    lang: str
    app_sid: str
    auth_id: Secret
    auth_expires: int
    refresh_id: Secret
    member_id: str
    status: str
    placement: str
    options: Mapping[str, object] = field(repr=False)
    server_endpoint: str | None
    application_token: Secret | None
    scopes: frozenset[str]

    @property
    def origin(self) -> str:
        """The address of the portal it claims to come from, canonical."""
        return parse_origin(f"{self.protocol}://{self.domain}")

    def entity(self) -> tuple[int, int]:
        """Type and id of the CRM item the frame was opened on, 0 for what is not told.

        The type is in the placement's code; other places may name it in ``ENTITY_TYPE_ID``. The id
        is ``ID``, else ``ENTITY_ID``; it is 0 too where the item is not saved yet.
        """
        told = _positive(self.options.get("ENTITY_TYPE_ID")) or 0
        entity_type_id = type_of_placement(self.placement) or told
        entity_id = _positive(self.options.get("ID")) or _positive(self.options.get("ENTITY_ID"))
        if not 0 < entity_type_id < _FIRST_TOO_LARGE_TYPE:
            return 0, 0
        return entity_type_id, entity_id or 0


def parse_launch(query: Mapping[str, Sequence[str]], body: Mapping[str, Sequence[str]]) -> Launch:
    """The launch in a request's query and form, each key with all its values.

    Raises `LaunchError` for a key that is missing, doubled (twice, or in query and body), too long
    or malformed. Keys we do not know are ignored.
    """
    given = _single(query, body)
    for key in _REQUIRED:
        if not given.get(key):
            raise LaunchError(f"{key} is missing")
    if not _MEMBER_ID.fullmatch(given["member_id"]):
        raise LaunchError("member_id is malformed")
    token = given.get("APPLICATION_TOKEN")
    launch = Launch(
        domain=given["DOMAIN"].lower(),
        protocol=_protocol(given["PROTOCOL"]),
        lang=given.get("LANG", ""),
        app_sid=given["APP_SID"],
        auth_id=Secret(given["AUTH_ID"]),
        auth_expires=_seconds(given.get("AUTH_EXPIRES", "")),
        refresh_id=Secret(given.get("REFRESH_ID", "")),
        member_id=given["member_id"],
        status=given.get("status", ""),
        placement=given.get("PLACEMENT") or "DEFAULT",
        options=_options(given.get("PLACEMENT_OPTIONS", "")),
        server_endpoint=given.get("SERVER_ENDPOINT") or None,
        application_token=Secret(token) if token else None,
        scopes=frozenset(filter(None, given.get("APPLICATION_SCOPE", "").split(","))),
    )
    _check_type(launch)
    try:
        _ = launch.origin
    except AddressError:
        raise LaunchError("DOMAIN is malformed") from None
    return launch


def _check_type(launch: Launch) -> None:
    """A type that is told twice must be the same: else one of the two was altered."""
    told = launch.options.get("ENTITY_TYPE_ID")
    known = type_of_placement(launch.placement)
    if told is None or known is None:
        return
    if _positive(told) != known:
        raise LaunchError("ENTITY_TYPE_ID is not that of the placement")


def _single(
    query: Mapping[str, Sequence[str]], body: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    given: dict[str, str] = {}
    for place, known, other in ((query, _QUERY, body), (body, _BODY, query)):
        for key in known:
            values = place.get(key, ())
            if len(values) > 1 or key in other:
                raise LaunchError(f"{key} comes twice or in the wrong place")
            if values:
                given[key] = _checked(key, values[0])
    return given


def _checked(key: str, value: str) -> str:
    if len(value) > _LONGEST.get(key, _LONGEST_OTHER):
        raise LaunchError(f"{key} is too long")
    if key != "PLACEMENT_OPTIONS" and not _PLAIN.fullmatch(value):
        raise LaunchError(f"{key} is malformed")
    return value


def _protocol(value: str) -> str:
    if value not in ("0", "1"):
        raise LaunchError("PROTOCOL is malformed")
    return "https" if value == "1" else "http"


def _seconds(value: str) -> int:
    if value and not _SECONDS.fullmatch(value):
        raise LaunchError("AUTH_EXPIRES is malformed")
    return int(value or "0")


def _options(text: str) -> dict[str, Any]:
    """Empty, ``[]`` and ``""`` (PHP's empty values) are no options."""
    if not text:
        return {}
    try:
        options = json.loads(text)
    except (ValueError, RecursionError):
        raise LaunchError("PLACEMENT_OPTIONS is not JSON") from None
    if options in ([], ""):
        return {}
    if not isinstance(options, dict):
        raise LaunchError("PLACEMENT_OPTIONS is not an object")
    if _depth(options) > _DEEPEST:
        raise LaunchError("PLACEMENT_OPTIONS is nested too deeply")
    return options


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0


def _positive(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return (int(text) or None) if _ID.fullmatch(text) else None
