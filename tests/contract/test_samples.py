"""Answers have the shape that the official pages show.

By itself this asks the sandbox. By hand it asks a real portal, as an administrator and with the
scopes crm, documentgenerator, placement, user and catalog:

    SANDBOX_CONTRACT_ENDPOINT=https://portal.example/rest/ SANDBOX_CONTRACT_TOKEN=… \\
    SANDBOX_CONTRACT_DEAL=123 python -m pytest tests/contract/test_samples.py

or with the address of an incoming webhook and no token. Numerators, a template and, where a deal
is named, documents of this deal are made and deleted again; everything else is only read. What
would leave traces (places, events, inventory) is asked of the sandbox alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.contract import place as places
from tests.contract.place import Place
from tests.contract.recipes import ANYWHERE, DG
from tests.contract.sandbox_recipes import ANNA, HANDLER, IN_THE_SANDBOX
from tests.contract.shapes import Sample, sample_names, type_name
from tests.sandbox.rest.methods import METHODS
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

SCOPES = ["crm", "placement", "user", "documentgenerator", "catalog"]
BORISS_DEAL = 501


@pytest.fixture
def app(sandbox: Sandbox) -> Application:
    return sandbox.state.register_application(
        sandbox.portal_one, name="Contract", handler_url=HANDLER, scopes=SCOPES
    )


@pytest.fixture
def here(sandbox: Sandbox, app: Application, http: requests.Session) -> Place:
    """Anna in the sandbox."""
    portal = sandbox.portal_one
    token = sandbox.state.issue_tokens(portal, app, ANNA).access

    def converted() -> None:
        sandbox.state.clock.move(60)

    return Place(f"{portal.origin}/rest/", token, BORISS_DEAL, http, converted)


@pytest.fixture
def place(http: requests.Session, request: pytest.FixtureRequest) -> Iterator[Place]:
    """The real portal, if one is named, else the sandbox."""
    found = places.named_in_environment(http) or request.getfixturevalue("here")
    yield found
    found.clean_up()


@pytest.mark.parametrize("name", sorted(ANYWHERE))
def test_an_answer_has_the_shape_of_its_page(place: Place, name: str) -> None:
    assert Sample.named(name).differences(ANYWHERE[name](place)) == []


@pytest.mark.parametrize("name", sorted(IN_THE_SANDBOX))
def test_what_would_leave_traces_has_the_shape_of_its_page(here: Place, name: str) -> None:
    assert Sample.named(name).differences(IN_THE_SANDBOX[name](here)) == []


def test_nothing_is_left_behind(sandbox: Sandbox, here: Place) -> None:
    def contents() -> list[Any]:
        portal = sandbox.portal_one
        return [list(portal.numerators), list(portal.templates), list(portal.documents)]

    before = contents()
    assert here.document
    here.clean_up()
    # A template that had documents stays, marked as deleted.
    after = contents()
    assert [after[0], after[2]] == [before[0], before[2]]
    assert all(sandbox.portal_one.templates[one].is_deleted for one in {*after[1]} - {*before[1]})


def test_the_portals_seeded_templates_and_documents(sandbox: Sandbox, here: Place) -> None:
    """Everything the seed has, not only what a test makes of an empty page."""
    templates = here.answer(f"{DG}template.list", select=["*", "users", "entityTypeId"])
    assert Sample.named(f"{DG}template.list").differences(templates) == []
    documents = here.answer(f"{DG}document.list")
    assert Sample.named(f"{DG}document.list").differences(documents) == []
    shape = Sample.named(f"{DG}template.getfields")
    for number in templates["result"]["templates"]:
        fields = here.answer(f"{DG}template.getfields", id=number, entityTypeId=2, entityId=501)
        assert shape.differences(fields) == [], number


def test_whose_token_it_is(sandbox: Sandbox, here: Place) -> None:
    url = f"{sandbox.auth_url}/rest/app.info"
    answer = here.http.post(url, data={"auth": here.token}, timeout=10).json()
    assert Sample.named("app.info.authorization").differences(answer) == []


def test_a_webhooks_application(sandbox: Sandbox, here: Place) -> None:
    portal = sandbox.portal_one
    here.endpoint = sandbox.state.add_webhook(portal, portal.users[ANNA], SCOPES)
    here.token = ""
    assert Sample.named("app.info.webhook").differences(here.answer("app.info")) == []


@pytest.mark.parametrize("grant", ["authorization_code", "refresh_token"])
def test_tokens(sandbox: Sandbox, app: Application, here: Place, grant: str) -> None:
    from tests.sandbox.state import AuthorizationCode

    state, portal = sandbox.state, sandbox.portal_one
    later = state.now() + timedelta(seconds=30)
    state.codes["c0de"] = AuthorizationCode(app.client_id, portal.member_id, ANNA, later)
    form = {
        "grant_type": grant,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code": "c0de",
        "refresh_token": state.issue_tokens(portal, app, ANNA).refresh,
    }
    answer = here.http.get(f"{sandbox.auth_url}/oauth/token/", params=form, timeout=10).json()
    name = "oauth.token.code" if grant == "authorization_code" else "oauth.token"
    assert Sample.named(name).differences(answer) == []
    assert answer["domain"] == urlsplit(sandbox.auth_url).netloc


@pytest.mark.parametrize("method", ["get", "list", "clear", "error"])
def test_offline_events(sandbox: Sandbox, here: Place, method: str) -> None:
    portal = sandbox.portal_one
    here.answer("event.bind", event="ONCRMDEALUPDATE", event_type="offline")
    hook = sandbox.state.add_webhook(portal, portal.users[ANNA], SCOPES)
    Place(hook, "", BORISS_DEAL, here.http).answer(
        "crm.item.update", entityTypeId=2, id=BORISS_DEAL, fields={"comments": "Changed"}
    )
    params: dict[str, Any] = {}
    if method in ("clear", "error"):
        taken = here.answer("event.offline.get", clear=0)["result"]
        messages = [one["MESSAGE_ID"] for one in taken["events"]]
        params = {"process_id": taken["process_id"], "message_id": messages}
    answer = here.answer(f"event.offline.{method}", **params)
    assert Sample.named(f"event.offline.{method}").differences(answer) == []


NOT_JSON = ("download", "getPdf", "getImage")
ELSEWHERE = {
    *("app.info.authorization", "app.info.webhook", "oauth.token", "oauth.token.code"),
    *(f"event.offline.{method}" for method in ("get", "list", "clear", "error")),
}


def test_every_sample_is_asked_for_and_names_its_page() -> None:
    assert set(sample_names()) == {*ANYWHERE, *IN_THE_SANDBOX, *ELSEWHERE}
    for name in sample_names():
        assert Sample.named(name).page.endswith(".md"), name


def test_every_method_has_a_sample() -> None:
    known = {name.lower() for name in sample_names()}
    missing = {
        method.name
        for method in METHODS.values()
        if method.name.lower() not in known and not method.name.endswith(NOT_JSON)
    }
    # Its page shows the event and not the answer.
    assert missing == {"event.test"}


def test_a_difference_is_seen() -> None:
    sample = Sample(
        page="x.md",
        answer={"id": "7", "rows": [{"a": 1, "b": None}], "by": {"41": {"x": ""}}, "more": True},
        optional=["more", "uf*"],
        other_types={"rows.*.b": ["string"], "uf*": ["number"]},
        keyed=["by"],
    )
    right = {"id": "8", "rows": [{"a": 2.5, "b": "t"}], "by": {"1": {"x": "y"}}, "ufX": 1}
    assert sample.differences(right) == []
    wrong = {"id": 8, "rows": [{"a": True}], "by": {"1": {"x": 1}}, "extra": 0, "ufX": ""}
    assert sample.differences(wrong) == [
        "id: number instead of string",
        "rows.0.a: boolean instead of number",
        "rows.0.b: missing",
        "by.1.x: number instead of string",
        "extra: not in the sample",
        "ufX: string instead of number",
    ]
    assert sample.differences(right | {"rows": []}) == ["rows: empty"]
    values: list[Any] = [None, True, 0, 0.5, "", [], {}]
    assert [type_name(one) for one in values] == [
        "null",
        "boolean",
        "number",
        "number",
        "string",
        "list",
        "object",
    ]
