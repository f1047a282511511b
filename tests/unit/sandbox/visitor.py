"""A browser in a sandbox portal, without scripts: Werkzeug's test client with its cookies."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from werkzeug.test import Client, TestResponse

from tests.sandbox import applications
from tests.sandbox.app import SandboxApp
from tests.sandbox.state import State
from tests.sandbox.world import Application, PlacementBinding, Portal

ANNA, BORIS, CLARA = 1, 7, 12
TAB = "CRM_DEAL_DETAIL_TAB"
BUTTON = "CRM_DEAL_DOCUMENTGENERATOR_BUTTON"
CALLS = "/bitrix/components/bitrix/app.layout/lazyload.ajax.php"


class Visitor:
    """Somebody with a browser; signed in if `user_id` is given."""

    def __init__(self, state: State, portal: Portal, user_id: int | None = None) -> None:
        self.portal = portal
        self.client = Client(SandboxApp(state))
        if user_id is not None:
            self.post("/auth/", {"user": user_id})

    def get(self, path: str, **arguments: Any) -> TestResponse:
        return self.client.get(path, base_url=self.portal.origin, **arguments)

    def post(self, path: str, data: dict[str, Any] | None = None, **arguments: Any) -> TestResponse:
        return self.client.post(path, base_url=self.portal.origin, data=data or {}, **arguments)

    def call(self, action: str, app: Application, **values: str) -> TestResponse:
        """What `frame.js` sends, from the deal's page."""
        headers = {"Referer": f"{self.portal.origin}/crm/deal/details/501/?tab=2"}
        data = {"action": action, "app": app.client_id, **values}
        return self.post(CALLS, data, headers=headers)


def in_attribute(page: TestResponse, name: str) -> list[Any]:
    """The JSON values of a data attribute, in the page's order."""
    found = re.findall(rf'{name}="([^"]*)"', page.text)
    return [json.loads(html.unescape(one)) for one in found]


def add_application(state: State, portal: Portal, *, installed: bool = True) -> Application:
    """Anna registers Docket; installed, it has the tab and the button."""
    app = applications.register(
        state,
        portal,
        name="Docket",
        handler_url="http://127.0.0.1:8800/p/key/",
        install_url="http://127.0.0.1:8800/p/key/install/",
    )
    if installed:
        app.installed = True
        portal.placements += [
            PlacementBinding(app.client_id, TAB, f"{app.handler_url}deal/", title="Documents"),
            PlacementBinding(app.client_id, BUTTON, f"{app.handler_url}new/", title="Docket"),
        ]
    return app
