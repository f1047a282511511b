"""The client finds its way to a token, keeps it fresh, and follows a portal that moved."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from b24pysdk import Client
from b24pysdk.client import ClientV2
from b24pysdk.credentials import BitrixApp, BitrixToken
from b24pysdk.credentials.auth import RenewedOAuth
from b24pysdk.errors import (
    BitrixAPIApplicationNotFound,
    BitrixAPIExpiredToken,
    BitrixRequestError,
    BitrixResponseError,
)
from b24pysdk.errors.oauth import (
    BitrixOAuthInsufficientScope,
    BitrixOAuthInvalidClient,
    BitrixOAuthInvalidGrant,
    BitrixOAuthInvalidRequest,
    BitrixOAuthNoAuthFound,
    BitrixOAuthNotInstalled,
    BitrixOauthWrongClient,
)

from tests.contract.sdk import network
from tests.contract.sdk.conftest import HANDLER
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application


def authorization_code(sandbox: Sandbox, app: Application, user_id: int) -> str:
    """What comes back to the application when a signed-in person lets it in."""
    portal = sandbox.portal_one
    sessions = sandbox.state.sessions
    answer = requests.get(
        f"https://{network.PORTAL_ONE}/oauth/authorize/",
        params={"client_id": app.client_id, "state": "s1"},
        cookies={sessions.cookie_name(portal): sessions.open(portal, user_id)},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(HANDLER)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (query["state"], query["domain"]) == (["s1"], [network.PORTAL_ONE])
    return query["code"][0]


def test_boris_is_let_in_by_a_code_that_works_once(
    sandbox: Sandbox, app: Application, bitrix_app: BitrixApp
) -> None:
    code = authorization_code(sandbox, app, 7)
    oauth = bitrix_app.get_oauth_token(code)
    assert isinstance(oauth, RenewedOAuth)
    assert (oauth.user_id, oauth.portal_domain) == (7, network.PORTAL_ONE)
    assert oauth.domain == network.AUTHORIZATION
    assert oauth.scope == app.scopes
    assert oauth.oauth_token.expires is not None
    assert oauth.oauth_token.expires > datetime.now(UTC)
    boris = Client(BitrixToken.from_oauth(oauth, bitrix_app))
    assert boris.profile().value.bitrix_id == 7
    with pytest.raises(BitrixOAuthInvalidGrant):
        bitrix_app.get_oauth_token(code)


def test_a_wrong_secret_gets_nothing(sandbox: Sandbox, app: Application) -> None:
    code = authorization_code(sandbox, app, 7)
    with pytest.raises(BitrixOAuthInvalidClient) as refused:
        BitrixApp(client_id=app.client_id, client_secret="guessed").get_oauth_token(code)
    assert refused.value.status_code == refused.value.STATUS_CODE


@pytest.mark.parametrize(
    ("guess", "error"), [("0" * 70, BitrixOAuthInvalidClient), ("x", BitrixOAuthNoAuthFound)]
)
def test_nobody_is_told_about_an_invented_token(
    sandbox: Sandbox, bitrix_app: BitrixApp, guess: str, error: type[BitrixResponseError]
) -> None:
    with pytest.raises(error) as refused:
        bitrix_app.get_app_info(guess)
    assert refused.value.status_code == refused.value.STATUS_CODE


def test_a_refresh_without_a_token_is_no_request(sandbox: Sandbox, bitrix_app: BitrixApp) -> None:
    with pytest.raises(BitrixOAuthInvalidRequest):
        bitrix_app.refresh_oauth_token("")


def test_the_authorization_server_says_whose_token_it_is(
    sandbox: Sandbox, app: Application, boris: ClientV2
) -> None:
    info = boris.get_token().get_app_info().result
    assert (info.client_id, info.user_id, info.scope) == (app.client_id, 7, app.scopes)
    assert info.install.domain == network.PORTAL_ONE
    assert info.install.client_endpoint == f"https://{network.PORTAL_ONE}/rest/"
    assert info.install.member_id == sandbox.portal_one.member_id
    assert info.install.status.is_local
    assert info.install.installed is True


def test_an_expired_token_is_renewed_and_the_call_repeated(
    sandbox: Sandbox, boris: ClientV2
) -> None:
    token = boris.get_token()
    before = token.auth_token, token.refresh_token
    sandbox.state.expire_access(7)
    sandbox.state.record.clear()
    assert boris.profile().value.bitrix_id == 7
    assert [received.status for received in sandbox.state.record.rest("profile")] == [401, 200]
    after = token.auth_token, token.refresh_token
    assert not set(before) & set(after)
    assert sandbox.state.tokens[after[0]].refresh == after[1]


def test_an_authorization_servers_expired_token_is_renewed_too(
    sandbox: Sandbox, boris: ClientV2
) -> None:
    sandbox.state.expire_access(7)
    assert boris.get_token().get_app_info().result.user_id == 7


def test_a_used_refresh_token_is_dead(sandbox: Sandbox, boris: ClientV2) -> None:
    token = boris.get_token()
    assert token.refresh_oauth_token().user_id == 7
    with pytest.raises(BitrixOAuthInvalidGrant):
        token.refresh_oauth_token()
    sandbox.state.expire_access(7)
    with pytest.raises(BitrixOAuthInvalidGrant):
        boris.profile().result  # noqa: B018


def test_a_token_without_a_refresh_token_stays_expired(sandbox: Sandbox, boris: ClientV2) -> None:
    boris.get_token().refresh_token = None
    sandbox.state.expire_access(7)
    with pytest.raises(BitrixAPIExpiredToken):
        boris.profile().call()


def test_a_portal_that_moved_is_followed(sandbox: Sandbox, boris: ClientV2) -> None:
    sandbox.state.move_portal(sandbox.portal_one, f"https://{network.MOVED}")
    assert boris.profile().value.bitrix_id == 7
    assert boris.get_token().domain == network.MOVED
    assert boris.get_token().get_app_info().result.install.domain == network.MOVED


def test_a_deleted_application_is_told_so(
    sandbox: Sandbox, app: Application, boris: ClientV2
) -> None:
    sandbox.state.remove_application(sandbox.portal_one, app.client_id)
    with pytest.raises(BitrixAPIApplicationNotFound):
        boris.profile().call()
    with pytest.raises(BitrixOAuthNotInstalled):
        boris.get_token().get_app_info()
    with pytest.raises(BitrixOauthWrongClient) as refused:
        boris.get_token().refresh_oauth_token()
    assert refused.value.status_code == refused.value.STATUS_CODE == 200


def test_without_trust_there_is_no_connection(
    sandbox: Sandbox, boris: ClientV2, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(BitrixRequestError):
        boris.profile().call()


def test_a_scope_the_application_lacks(sandbox: Sandbox, boris: ClientV2, app: Application) -> None:
    for pair in sandbox.state.tokens.values():
        pair.scopes = ["placement"]
    with pytest.raises(Exception, match="higher privileges") as caught:
        boris.crm.deal.get(501).call()
    assert "InsufficientScope" in type(caught.value).__name__
    assert not isinstance(caught.value, BitrixOAuthInsufficientScope)
