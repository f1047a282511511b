"""The sandbox's own API, its record, and the launch of an application."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox


def order(sandbox: Sandbox, action: str, **body: Any) -> dict[str, Any]:
    answer = requests.post(f"{sandbox.auth_url}/_sandbox/{action}", json=body, timeout=10)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def test_from_a_form_to_an_opened_tab(sandbox: Sandbox, http: requests.Session) -> None:
    app = order(
        sandbox,
        "register",
        name="Docket",
        handler_url="http://127.0.0.1:9/p/x/",
        install_url="http://127.0.0.1:9/install/",
        scopes=["crm", "placement"],
    )
    assert app["client_id"].startswith("local.")
    first = order(sandbox, "launch", user=1)
    assert first["url"].startswith("http://127.0.0.1:9/install/?DOMAIN=localhost%3A")
    assert first["fields"]["PLACEMENT"] == "DEFAULT"
    assert "PLACEMENT_OPTIONS" not in first["fields"]

    bind = {
        "auth": first["fields"]["AUTH_ID"],
        "PLACEMENT": "CRM_DEAL_DETAIL_TAB",
        "HANDLER": "http://127.0.0.1:9/p/x/deal/?own=1",
    }
    assert http.post(f"{sandbox.url}/rest/placement.bind", data=bind, timeout=10).ok
    assert order(sandbox, "finish-installation") == {"finished": True}

    tab = order(
        sandbox,
        "launch",
        user=7,
        placement="CRM_DEAL_DETAIL_TAB",
        options={"ID": "501", "URI": "/crm/deal/details/501/"},
    )
    query = parse_qs(urlsplit(tab["url"]).query)
    assert set(query) == {"own", "DOMAIN", "PROTOCOL", "LANG", "APP_SID"}
    assert query["PROTOCOL"] == ["0"]
    fields = tab["fields"]
    assert set(fields) == {
        *("AUTH_ID", "AUTH_EXPIRES", "REFRESH_ID", "SERVER_ENDPOINT", "APPLICATION_TOKEN"),
        *("APPLICATION_SCOPE", "member_id", "status", "PLACEMENT", "PLACEMENT_OPTIONS"),
    }
    assert json.loads(fields["PLACEMENT_OPTIONS"])["ID"] == "501"
    assert fields["APPLICATION_TOKEN"] == app["application_token"]
    assert fields["SERVER_ENDPOINT"] == f"{sandbox.auth_url}/rest/"
    assert order(sandbox, "launch", user=1)["url"].startswith("http://127.0.0.1:9/p/x/")


def test_the_record_counts_and_keeps_no_token(sandbox: Sandbox, boris: Caller) -> None:
    boris.call("profile")
    boris.call("profile")
    boris.call("user.admin")
    found = order(sandbox, "requests", method="PROFILE")
    assert found["count"] == 2
    assert boris.token.access not in json.dumps(order(sandbox, "requests"))
    assert found["requests"][0]["user_id"] == 7
    assert found["requests"][0]["token"] == found["requests"][1]["token"] != ""
    order(sandbox, "clear-requests")
    assert order(sandbox, "requests")["count"] == 0


def test_faults_time_and_expiry_by_order(sandbox: Sandbox, boris: Caller) -> None:
    order(sandbox, "fault", method="profile", kind="502")
    assert boris.send("profile").status_code == 502
    order(sandbox, "clock", seconds=4000)
    assert boris.refused("profile") == (401, "expired_token")
    assert order(sandbox, "expire", kind="refresh", user=7)["count"] == 1
    assert sandbox.state.tokens[boris.token.access].refresh_spent
    assert order(sandbox, "options", language="de")["language"] == "de"


def test_people_deals_and_templates_change_by_order(
    sandbox: Sandbox, boris: Caller, offer: int
) -> None:
    assert order(sandbox, "user", user=7, templates_modify="X")["templates_modify"] == "X"
    assert boris.call("crm.documentgenerator.template.list")["templates"]
    order(sandbox, "deal", deal=501, title="New roof", opportunity="12.50")
    item = boris.call("crm.item.get", entityTypeId=2, id=501)["item"]
    assert (item["title"], item["opportunity"]) == ("New roof", 12.5)
    order(sandbox, "delete-template", template=offer)
    assert str(offer) not in boris.call("crm.documentgenerator.template.list")["templates"]
    order(sandbox, "delete-deal", deal=501)
    assert boris.refused("crm.item.get", entityTypeId=2, id=501) == (400, "NOT_FOUND")
    order(sandbox, "reset")
    assert 501 in sandbox.portal_one.deals


def test_tokens_webhooks_the_market_and_removal_by_order(
    sandbox: Sandbox, http: requests.Session
) -> None:
    order(
        sandbox,
        "market",
        client_id="app.docket",
        client_secret="secret",
        name="Docket",
        handler_url="http://127.0.0.1:9/",
        install_url="http://127.0.0.1:9/install/",
        scopes=["crm"],
    )
    app = order(sandbox, "install-market", portal="lindner")
    assert (app["client_id"], app["status"], app["installed"]) == ("app.docket", "F", False)
    pair = order(sandbox, "tokens", portal="lindner", user=1)
    url = f"{sandbox.portal_two.origin}/rest/profile"
    assert http.post(url, data={"auth": pair["access_token"]}, timeout=10).ok
    order(sandbox, "remove-application", portal="lindner", clean=True)
    gone = http.post(url, data={"auth": pair["access_token"]}, timeout=10).json()
    assert gone["error"] == "APPLICATION_NOT_FOUND"
    hook = order(sandbox, "webhook", user=7, scopes=["crm"])["url"]
    assert http.get(f"{hook}profile", timeout=10).json()["result"]["ID"] == "7"


def test_mistakes_are_told(sandbox: Sandbox) -> None:
    for action, body in (("nothing", {}), ("fault", {}), ("user", {"user": 7, "wings": 2})):
        answer = requests.post(f"{sandbox.url}/_sandbox/{action}", json=body, timeout=10)
        assert answer.status_code in (400, 404)
        assert answer.json()["error"]


def test_a_portal_that_moved_answers_302_at_its_old_address(
    sandbox: Sandbox, boris: Caller, http: requests.Session
) -> None:
    old = boris.portal.origin
    new = old.replace("localhost", "127.0.0.1")
    order(sandbox, "move", origin=new)
    answer = http.post(
        f"{old}/rest/profile",
        data={"auth": boris.token.access},
        allow_redirects=False,
        timeout=10,
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{new}/rest/profile")
    assert boris.call("profile")["ID"] == "7"


def test_a_deal_is_changed_by_its_owner(sandbox: Sandbox, boris: Caller, clara: Caller) -> None:
    change = {"entityTypeId": 2, "id": 501, "fields": {"title": "Larger roof", "unknown": 1}}
    assert boris.call("crm.item.update", **change)["item"]["title"] == "Larger roof"
    assert clara.refused("crm.item.update", **change) == (400, "ACCESS_DENIED")
    wrong = change | {"fields": {"begindate": "soon"}}
    assert boris.refused("crm.item.update", **wrong) == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")


def test_people(anna: Caller, boris: Caller) -> None:
    assert anna.call("user.admin") is True
    assert anna.call("user.access", ACCESS=["U99"]) is True
    assert boris.call("user.access", ACCESS=["U7"]) is True
    assert boris.call("user.access", ACCESS=["U1", "D1"]) is False
    assert "EMAIL" not in boris.call("user.current")
    found = boris.answer("user.get", FILTER={"ID": [1, 7]})
    assert [one["ID"] for one in found["result"]] == ["1", "7"]
    assert found["total"] == 2
    assert boris.call("app.info")["INSTALLED"] is True
    assert set(boris.call("scope")) == {"crm", "placement", "user_brief"}
