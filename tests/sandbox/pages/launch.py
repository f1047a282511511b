"""Opening an application in a frame: what the page must know to do it.

Followed: api-reference/widgets/_includes/widget_data.md and the pages of the single placements in
the official REST documentation.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sandbox.applications import DEFAULT_PLACEMENT, launch_fields
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Application, PlacementBinding

OWN_COMMANDS = {"_DETAIL_TAB": ["reloadData"], "_DETAIL_ACTIVITY": ["reloadData"]}
"""End of a placement's code to the commands only it has."""


@dataclass(frozen=True)
class Launch:
    """An application to be opened: where and with which options."""

    app: Application
    placement: str = DEFAULT_PLACEMENT
    options: dict[str, Any] = field(default_factory=dict)
    binding: PlacementBinding | None = None
    popup: bool = False
    """Whether it opens in a panel over the page."""


def bindings(visit: Visit, placement: str) -> list[PlacementBinding]:
    """What installed applications have put into a place, as far as this user sees it."""
    if not visit.user.uses_application:
        return []
    return [
        one
        for one in visit.portal.placements
        if one.placement == placement
        and one.user_id in (0, visit.user.id)
        and visit.portal.applications[one.client_id].installed
    ]


def binding_key(binding: PlacementBinding) -> str:
    """A short name of a binding for addresses: the same after a restart."""
    text = "|".join((binding.client_id, binding.placement, binding.handler))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8]


def binding_title(visit: Visit, binding: PlacementBinding) -> str:
    """The name shown: by language where given, else the only one, else the application's."""
    own = binding.lang_all.get(visit.portal.language) or next(iter(binding.lang_all.values()), {})
    title = own.get("TITLE", "") if binding.lang_all else binding.title
    return title or visit.portal.applications[binding.client_id].name


def configuration(visit: Visit, launch: Launch) -> dict[str, Any]:
    """Everything `frame.js` needs to open the frame and to answer it."""
    app, portal = launch.app, visit.portal
    options = _with_uri(visit, launch.options)
    action, fields = launch_fields(
        visit.state, portal, app, visit.user, launch.placement, options, launch.binding
    )
    target = urlsplit(action)
    sid = parse_qs(target.query)["APP_SID"][-1]
    address = urlsplit(portal.origin)
    protocol = 1 if address.scheme == "https" else 0
    return {
        "name": f"{address.netloc}|{protocol}|{sid}",
        "sid": sid,
        "app": app.client_id,
        "title": app.name,
        "action": action,
        "origin": f"{target.scheme}://{target.netloc}",
        "fields": fields,
        "denied": _denied(launch),
        "commands": _own_commands(launch.placement),
        "popup": launch.popup,
        "silent": visit.state.options.frame_silent,
        "init": {
            "LANG": portal.language,
            "DOMAIN": address.netloc,
            "PROTOCOL": protocol,
            "PATH": "/rest",
            **{key: fields[key] for key in ("AUTH_ID", "AUTH_EXPIRES", "REFRESH_ID")},
            "MEMBER_ID": portal.member_id,
            **_person(visit, app),
            "INSTALL": launch.placement == DEFAULT_PLACEMENT and not app.installed,
            "PLACEMENT": launch.placement,
            "PLACEMENT_OPTIONS": options or "",
        },
    }


def _person(visit: Visit, app: Application) -> dict[str, Any]:
    """What the frame learns about its user; empty options are lists, as PHP writes them."""
    kept = visit.state.user_options.get((visit.portal.code, app.client_id, visit.user.id))
    shared = visit.state.app_options.get((visit.portal.code, app.client_id))
    return {
        "FIRST_RUN": (visit.user.id, app.version) not in app.opened_by,
        "IS_ADMIN": visit.user.is_admin,
        "USER_OPTIONS": kept or [],
        "APP_OPTIONS": shared or [],
    }


def _with_uri(visit: Visit, options: dict[str, Any]) -> dict[str, Any]:
    """The options with the address of the page around, if the browser told it."""
    referer = urlsplit(visit.request.headers.get("Referer", ""))
    if f"{referer.scheme}://{referer.netloc}" != visit.portal.origin or options.get("URI"):
        return options
    uri = referer.path + (f"?{referer.query}" if referer.query else "")
    return {**options, "URI": uri}


def _denied(launch: Launch) -> list[str]:
    """The commands that get no answer here."""
    denied = [] if launch.placement == DEFAULT_PLACEMENT else ["setTitle"]
    return [*denied, "resizeWindow"] if launch.popup else denied


def _own_commands(placement: str) -> list[str]:
    for ending, commands in OWN_COMMANDS.items():
        if placement.endswith(ending):
            return commands
    return []
