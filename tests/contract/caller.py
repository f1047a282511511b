"""A person calling the sandbox's REST over real HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Portal, Token

Json = dict[str, Any]


class Caller:
    """One user of the application, with a token of his own."""

    def __init__(
        self,
        sandbox: Sandbox,
        portal: Portal,
        app: Application,
        user_id: int,
        http: requests.Session,
    ) -> None:
        self.sandbox = sandbox
        self.portal = portal
        self.app = app
        self.user_id = user_id
        self.http = http
        self.token: Token = sandbox.state.issue_tokens(portal, app, user_id)

    def send(self, method: str, params: Mapping[str, Any] | None = None) -> requests.Response:
        """One call with a JSON body and the token in it."""
        body = dict(params or {}) | {"auth": self.token.access}
        return self.http.post(f"{self.portal.origin}/rest/{method}", json=body, timeout=10)

    def call(self, method: str, **params: Any) -> Any:
        """The `result` of a call that must succeed."""
        return self.answer(method, **params)["result"]

    def answer(self, method: str, **params: Any) -> Json:
        """The whole answer of a call that must succeed."""
        response = self.send(method, params)
        assert response.status_code == 200, response.text
        content: Json = response.json()
        assert "error" not in content, content
        return content

    def refused(self, method: str, **params: Any) -> tuple[int, str | int]:
        """HTTP status and `error` of a call that must fail."""
        response = self.send(method, params)
        content = response.json()
        assert "error" in content, content
        assert "time" not in content
        return response.status_code, content["error"]

    def batch(self, commands: Mapping[str, str], halt: int = 0) -> Json:
        result: Json = self.call("batch", cmd=dict(commands), halt=halt)
        return result

    def add_document(self, template_id: int, deal_id: int = 501, **params: Any) -> Json:
        result: Json = self.call(
            "crm.documentgenerator.document.add",
            templateId=template_id,
            entityTypeId=2,
            entityId=deal_id,
            **params,
        )
        document: Json = result["document"]
        return document
