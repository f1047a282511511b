"""The authorization server: codes, pairs, rotation."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox
from tests.sandbox.state import MarketApplication
from tests.sandbox.world import Application

Pair = dict[str, Any]


@pytest.fixture
def exchange(sandbox: Sandbox, app: Application, http: requests.Session) -> Any:
    """Asks the authorization server; gives status and content."""

    def ask(grant_type: str, **params: str) -> tuple[int, Pair]:
        known = {"client_id": app.client_id, "client_secret": app.client_secret}
        form = known | params | {"grant_type": grant_type}
        answer = http.post(f"{sandbox.auth_url}/oauth/token/", data=form, timeout=10)
        return answer.status_code, answer.json()

    return ask


def authorize(sandbox: Sandbox, app: Application, user_id: int) -> requests.Response:
    portal = sandbox.portal_one
    cookie = sandbox.state.sessions.open(portal, user_id)
    return requests.get(
        f"{portal.origin}/oauth/authorize/",
        params={"client_id": app.client_id, "state": "s-1"},
        cookies={sandbox.state.sessions.cookie_name(portal): cookie},
        allow_redirects=False,
        timeout=10,
    )


def test_the_old_refresh_token_dies(boris: Caller, exchange: Any) -> None:
    first = boris.token.refresh
    status, pair = exchange("refresh_token", refresh_token=first)
    assert status == 200
    assert pair["user_id"] == 7
    assert pair["client_endpoint"] == f"{boris.portal.origin}/rest/"
    assert urlsplit(boris.portal.origin).netloc != pair["domain"]
    assert exchange("refresh_token", refresh_token=first)[1]["error"] == "invalid_grant"
    assert exchange("refresh_token", refresh_token=pair["refresh_token"])[0] == 200


def test_without_strict_rotation_it_lives_on(
    sandbox: Sandbox, boris: Caller, exchange: Any
) -> None:
    sandbox.state.options.strict_rotation = False
    assert exchange("refresh_token", refresh_token=boris.token.refresh)[0] == 200
    assert exchange("refresh_token", refresh_token=boris.token.refresh)[0] == 200


def test_a_pair_lives_an_hour_and_half_a_year(
    sandbox: Sandbox, boris: Caller, exchange: Any
) -> None:
    sandbox.state.clock.move(3601)
    assert boris.refused("profile") == (401, "expired_token")
    sandbox.state.clock.move(181 * 24 * 3600)
    _, content = exchange("refresh_token", refresh_token=boris.token.refresh)
    assert content["error"] == "invalid_grant"


def test_the_whole_way_from_the_browser_to_a_pair(
    sandbox: Sandbox, app: Application, exchange: Any
) -> None:
    back = authorize(sandbox, app, 7)
    assert back.status_code == 302
    assert back.headers["Location"].startswith(app.handler_url)
    query = {k: v[0] for k, v in parse_qs(urlsplit(back.headers["Location"]).query).items()}
    assert set(query) == {"code", "state", "domain", "member_id", "scope", "server_domain"}
    assert query["state"] == "s-1"
    status, pair = exchange("authorization_code", code=query["code"])
    assert (status, pair["user_id"], pair["member_id"]) == (200, 7, sandbox.portal_one.member_id)
    assert exchange("authorization_code", code=query["code"])[1]["error"] == "invalid_grant"


def test_a_code_lives_thirty_seconds(sandbox: Sandbox, app: Application, exchange: Any) -> None:
    location = authorize(sandbox, app, 7).headers["Location"]
    sandbox.state.clock.move(31)
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert exchange("authorization_code", code=code)[1]["error"] == "invalid_grant"


def test_who_is_not_signed_in_signs_in_first(sandbox: Sandbox, app: Application) -> None:
    answer = requests.get(
        f"{sandbox.url}/oauth/authorize/",
        params={"client_id": app.client_id},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302
    assert "/auth/" in answer.headers["Location"]


def test_refusals_are_shown_and_not_redirected(sandbox: Sandbox, app: Application) -> None:
    app.installed = False
    assert authorize(sandbox, app, 7).status_code == 403
    app.installed = True
    sandbox.portal_one.users[7].uses_application = False
    assert authorize(sandbox, app, 7).status_code == 403


def test_wrong_secrets_foreign_tokens_and_unpaid_bills(
    sandbox: Sandbox, boris: Caller, exchange: Any
) -> None:
    refresh = boris.token.refresh
    _, wrong = exchange("refresh_token", refresh_token=refresh, client_secret="guessed")
    assert wrong["error"] == "invalid_client"
    _, odd = exchange("refresh_token", refresh_token=refresh, client_secret="geheim für alle")
    assert odd["error"] == "invalid_client"
    assert exchange("password")[1]["error"] == "invalid_request"
    other = sandbox.state.register_application(
        sandbox.portal_one, name="Other", handler_url="http://127.0.0.1:9/"
    )
    _, foreign = exchange(
        "refresh_token",
        refresh_token=refresh,
        client_id=other.client_id,
        client_secret=other.client_secret,
    )
    assert foreign["error"] == "wrong_client"
    sandbox.state.options.payment_required = True
    assert exchange("refresh_token", refresh_token=refresh)[1]["error"] == "PAYMENT_REQUIRED"
    sandbox.state.options.payment_required = False
    sandbox.state.expire_refresh(7)
    assert exchange("refresh_token", refresh_token=refresh)[1]["error"] == "invalid_grant"


def test_one_market_application_serves_both_portals(
    sandbox: Sandbox, http: requests.Session
) -> None:
    state = sandbox.state
    state.market = MarketApplication(
        "app.docket", "secret", "Docket", "http://127.0.0.1:9/", "", ["crm"]
    )
    from tests.sandbox.applications import install_from_market

    one = install_from_market(state, sandbox.portal_one)
    two = install_from_market(state, sandbox.portal_two)
    assert one.client_id == two.client_id
    assert one.application_token != two.application_token
    pair = state.issue_tokens(sandbox.portal_two, two, 1)
    form = {
        "grant_type": "refresh_token",
        "client_id": "app.docket",
        "client_secret": "secret",
        "refresh_token": pair.refresh,
    }
    url = f"{sandbox.auth_url}/oauth/token/"
    answer = http.get(url, params=form, timeout=10).json()
    assert answer["member_id"] == sandbox.portal_two.member_id
    state.remove_application(sandbox.portal_two, "app.docket")
    form["refresh_token"] = answer["refresh_token"]
    assert http.get(url, params=form, timeout=10).json()["error"] == "NOT_INSTALLED"
    assert "app.docket" in sandbox.portal_one.applications


def test_app_info_says_whose_token_it_is(
    sandbox: Sandbox, boris: Caller, http: requests.Session
) -> None:
    url = f"{sandbox.auth_url}/rest/app.info"
    by_form = http.post(url, data={"auth": boris.token.access}, timeout=10).json()["result"]
    by_query = http.get(url, params={"auth": boris.token.access}, timeout=10).json()["result"]
    assert by_form == by_query
    assert by_form["user_id"] == 7
    assert by_form["install"]["member_id"] == boris.portal.member_id
    assert by_form["install"]["domain"] == urlsplit(boris.portal.origin).netloc
    assert by_form["install"]["installed"] is True
    unknown = http.post(url, data={"auth": "guessed"}, timeout=10)
    assert (unknown.status_code, unknown.json()["error"]) == (401, "NO_AUTH_FOUND")
    invented = http.post(url, data={"auth": "0" * 70}, timeout=10)
    assert (invented.status_code, invented.json()["error"]) == (400, "invalid_client")
    sandbox.state.expire_access(7)
    late = http.post(url, data={"auth": boris.token.access}, timeout=10)
    assert (late.status_code, late.json()["error"]) == (401, "expired_token")
