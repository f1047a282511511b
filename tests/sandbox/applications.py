"""Applications of a portal: registering, opening, finishing the installation, removing.

https://apidocs.bitrix24.com/settings/app-installation/index.html
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.sandbox.world import Application, PlacementBinding, Portal, User

if TYPE_CHECKING:
    from tests.sandbox.state import State

DEFAULT_PLACEMENT = "DEFAULT"


def register(
    state: State,
    portal: Portal,
    *,
    name: str,
    handler_url: str,
    install_url: str = "",
    scopes: Sequence[str] = ("crm", "placement"),
    created_by: int = 1,
    menu_only_admins: bool = False,
    api_only: bool = False,
) -> Application:
    """Saves a local application, as its form in the portal does.

    Without an install address it is installed at once. So is one that uses only the API: its
    install address is sent ONAPPINSTALL by the portal.
    """
    app = Application(
        client_id=f"local.{secrets.token_hex(7)}.{secrets.randbelow(10**8):08d}",
        client_secret=secrets.token_hex(25),
        name=name,
        handler_url=handler_url,
        install_url=install_url,
        scopes=list(scopes),
        created_by=created_by,
        menu_only_admins=menu_only_admins,
        application_token=secrets.token_hex(16),
        installed=api_only or not install_url,
    )
    with state.lock:
        portal.applications[app.client_id] = app
        if api_only and install_url and state.delivery is not None:
            data = _installation(portal, app)
            state.delivery.post_to(portal, app, install_url, "ONAPPINSTALL", data)
    return app


def _installation(portal: Portal, app: Application) -> dict[str, str]:
    return {
        "VERSION": str(app.version),
        "ACTIVE": "Y",
        "INSTALLED": "Y",
        "LANGUAGE_ID": portal.language,
    }


def install_from_market(state: State, portal: Portal, created_by: int = 1) -> Application:
    """Starts the installation of the Market's application in this portal.

    Raises:
        LookupError: the sandbox has no Market application.
    """
    if state.market is None:
        raise LookupError("The sandbox has no Market application; see /_sandbox/market.")
    app = Application(
        client_id=state.market.client_id,
        client_secret=state.market.client_secret,
        name=state.market.name,
        handler_url=state.market.handler_url,
        install_url=state.market.install_url,
        scopes=list(state.market.scopes),
        status="F",
        created_by=created_by,
        application_token=secrets.token_hex(16),
        installed=not state.market.install_url,
    )
    with state.lock:
        portal.applications.setdefault(app.client_id, app)
        return portal.applications[app.client_id]


def finish_installation(state: State, portal: Portal, client_id: str, user_id: int = 1) -> bool:
    """What `BX24.installFinish()` does: the application becomes usable, ONAPPINSTALL goes out.

    Works once; False for an application that is installed already.

    Raises:
        KeyError: no such application in this portal.
    """
    with state.lock:
        app = portal.applications[client_id]
        if app.installed:
            return False
        app.installed = True
        if state.delivery is not None:
            data = _installation(portal, app)
            state.delivery.emit(portal, "ONAPPINSTALL", data, user_id, only=app, refresh=True)
    return True


def remove(state: State, portal: Portal, client_id: str, *, clean: bool = False) -> None:
    """Deletes an application: its tokens, handlers and placements die, ONAPPUNINSTALL goes out.

    Raises:
        KeyError: no such application in this portal.
    """
    with state.lock:
        app = portal.applications[client_id]
        if state.delivery is not None:
            data = {"LANGUAGE_ID": portal.language, "CLEAN": "1" if clean else "0"}
            state.delivery.emit(portal, "ONAPPUNINSTALL", data, None, only=app)
        del portal.applications[client_id]
        portal.placements = [one for one in portal.placements if one.client_id != client_id]
        portal.event_bindings = [one for one in portal.event_bindings if one.client_id != client_id]
        for token in state.tokens.values():
            if token.client_id == client_id and token.member_id == portal.member_id:
                token.revoked = True


def handler_of(
    portal: Portal, app: Application, placement: str, binding: PlacementBinding | None
) -> str:
    """The address a placement opens.

    Raises:
        LookupError: the application is not bound there.
    """
    if placement == DEFAULT_PLACEMENT:
        return app.install_url if app.install_url and not app.installed else app.handler_url
    for one in [binding] if binding else portal.placements:
        if one.client_id == app.client_id and one.placement == placement:
            return one.handler
    raise LookupError(f"{app.name} is not bound to {placement}")


def launch_fields(
    state: State,
    portal: Portal,
    app: Application,
    user: User,
    placement: str = DEFAULT_PLACEMENT,
    options: dict[str, Any] | None = None,
    binding: PlacementBinding | None = None,
) -> tuple[str, dict[str, str]]:
    """Address and form fields of the POST with which the user's browser opens the application.

    `options` become PLACEMENT_OPTIONS; without any the field is left out. Each call makes a new
    APP_SID and new tokens.

    Raises:
        LookupError: the application is not bound to the placement.
    """
    handler = handler_of(portal, app, placement, binding)
    address = urlsplit(portal.origin)
    query = urlencode(
        {
            "DOMAIN": address.netloc,
            "PROTOCOL": "1" if address.scheme == "https" else "0",
            "LANG": portal.language,
            "APP_SID": secrets.token_hex(16),
        }
    )
    token = state.issue_tokens(portal, app, user.id)
    fields = {
        "AUTH_ID": token.access,
        "AUTH_EXPIRES": str(state.options.access_lifetime),
        "REFRESH_ID": token.refresh,
        "SERVER_ENDPOINT": state.server_endpoint_of(portal),
        "APPLICATION_TOKEN": app.application_token,
        "APPLICATION_SCOPE": ",".join(app.scopes),
        "member_id": portal.member_id,
        "status": app.status,
        "PLACEMENT": placement,
    }
    if options:
        # PHP writes slashes escaped.
        fields["PLACEMENT_OPTIONS"] = json.dumps(options, separators=(",", ":")).replace("/", "\\/")
    return f"{handler}{'&' if '?' in handler else '?'}{query}", fields
