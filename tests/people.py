"""Anna, Boris, Clara and Dmitri as the application meets them: their frames, opened by the sandbox.

A `Frame` does over Django's test client what the page's script does in a browser: it posts the
launch, keeps the frame token, and sends it with each request.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Portal

ANNA, BORIS, CLARA = 1, 7, 12
DMITRI = 1
TAB = "CRM_DEAL_DETAIL_TAB"
STEPS = ("rights", "tab", "button", "events", "finish")
"""Of the install page, in their order."""
TOKEN = re.compile(r'name="frame-token" content="([^"]+)"')


class Frame:
    """One page of the application in one user's browser."""

    def __init__(self, address: str, fields: dict[str, str], **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        url = urlsplit(address)
        self.base = url.path
        headers.setdefault("Origin", _origin(url.query))
        body = urlencode(fields)
        self.page: Any = self.client.post(
            f"{url.path}?{url.query}",
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        found = TOKEN.search(self.page.content.decode())
        self.token = found[1] if found else ""
        self.sid = parse_qs(url.query).get("APP_SID", [""])[0]

    def get(self, path: str, *, target: str = "page") -> Any:
        return self._keep(self.client.get(self._url(path), headers=self._headers(target)))

    def post(self, path: str, data: dict[str, str] | None = None, *, target: str = "page") -> Any:
        answer = self.client.post(
            self._url(path), data=data or {}, headers=self._headers(target), follow=False
        )
        return self._keep(answer)

    def follow(self, answer: HttpResponse) -> Any:
        """Goes where a redirect leads, as the browser does with the same headers."""
        while answer.status_code in {301, 302, 303}:
            answer = self.get(answer.headers["Location"])
        return answer

    def _url(self, path: str) -> str:
        return path if path.startswith("/") else f"{self.base}{path}"

    def _headers(self, target: str) -> dict[str, str]:
        return {
            "Authorization": f"Frame {self.token}",
            "HX-Request": "true",
            "HX-Target": target,
        }

    def _keep(self, answer: Any) -> Any:
        self.token = answer.headers.get("X-Frame-Token", self.token)
        return answer


def _origin(query: str) -> str:
    """The portal's page that posts the launch, as the browser names it."""
    told = parse_qs(query)
    scheme = "https" if told["PROTOCOL"] == ["1"] else "http"
    return f"{scheme}://{told['DOMAIN'][0]}"


def register(sandbox: Sandbox, portal: Portal) -> Application:
    """Anna registers the local application in her portal, and the operator tells Docket of it."""
    from b24app.portals import install, registration

    row = registration.reserve(portal.origin)
    app = applications.register(
        sandbox.state,
        portal,
        name="Docket",
        handler_url=install.address(row, ""),
        install_url=install.address(row, "install/"),
        scopes=("crm", "placement"),
    )
    registration.register(row, app.client_id, app.client_secret)
    return app


def open_application(sandbox: Sandbox, portal: Portal, app: Application, user_id: int) -> Frame:
    """Opens the application's own page: the install page while it is not installed."""
    return Frame(*applications.launch_fields(sandbox.state, portal, app, portal.users[user_id]))


def press_install(frame: Frame) -> list[int]:
    """Presses Install and follows the steps; answers their status codes."""
    answers = [frame.post(f"{step}/", target="install") for step in STEPS]
    assert "data-finish-install" in answers[-1].content.decode()
    return [answer.status_code for answer in answers]


def install(sandbox: Sandbox, portal: Portal) -> Application:
    """The whole installation by the portal's administrator, through the install page."""
    app = register(sandbox, portal)
    frame = open_application(sandbox, portal, app, ANNA)
    assert press_install(frame) == [200] * len(STEPS)
    applications.finish_installation(sandbox.state, portal, app.client_id)
    return app


def open_tab(
    sandbox: Sandbox, portal: Portal, app: Application, user_id: int, deal_id: int | str
) -> Frame:
    """Opens a deal's tab as the portal does."""
    options = {"ID": str(deal_id), "URI": f"/crm/deal/details/{deal_id}/?"}
    return open_place(sandbox, portal, app, user_id, TAB, options)


def open_place(
    sandbox: Sandbox,
    portal: Portal,
    app: Application,
    user_id: int,
    placement: str,
    options: dict[str, str],
) -> Frame:
    """Opens what the application has put into a place of the portal."""
    user = portal.users[user_id]
    return Frame(*applications.launch_fields(sandbox.state, portal, app, user, placement, options))
