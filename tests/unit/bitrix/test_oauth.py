"""The authorization server answers whose token it is, and gives new ones."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from b24app.bitrix import errors
from b24app.bitrix.egress import Egress
from b24app.bitrix.oauth import AuthorizationServer, authorize_url
from b24app.bitrix.retry import Repeater
from b24app.bitrix.secret import Secret
from tests.unit.bitrix import server
from tests.unit.bitrix.server import Portal

MEMBER = "a223c6b3710f85df22e9377d6c4f7553"
PAIR: dict[str, Any] = {
    "access_token": "new-access",
    "refresh_token": "new-refresh",
    "expires_in": 3600,
    "client_endpoint": "https://portal.example/rest/",
    "server_endpoint": "https://evil.example/rest/",
    "domain": "oauth.example",
    "member_id": MEMBER,
    "scope": "crm,placement",
    "status": "L",
    "user_id": 7,
}
INSTALL: dict[str, Any] = {
    "installed": True,
    "version": 1,
    "status": "L",
    "scope": "crm,placement",
    "domain": "portal.example",
    "client_endpoint": "https://portal.example/rest/",
    "member_id": MEMBER,
}
INFO: dict[str, Any] = {
    "client_id": "local.1",
    "scope": "crm,placement",
    "expires": "2026-03-18T12:00:00+00:00",
    "install": INSTALL,
    "user_id": 7,
}


@pytest.fixture
def authorization(egress: Egress, portal: Portal, repeater: Repeater) -> AuthorizationServer:
    return AuthorizationServer(egress, portal.origin, repeater=repeater)


def _form(portal: Portal) -> dict[str, list[str]]:
    return parse_qs(portal.received[-1].body.decode())


def test_a_token_is_shown_to_be_boriss(authorization: AuthorizationServer, portal: Portal) -> None:
    portal.will(server.answer(INFO))
    info = authorization.app_info(Secret("boris-token"))
    assert (info.client_id, info.member_id, info.user_id) == ("local.1", MEMBER, 7)
    assert info.portal_origin == "https://portal.example"
    assert info.scopes == {"crm", "placement"}
    assert info.installed is True
    assert info.expires == datetime(2026, 3, 18, 12, tzinfo=UTC)
    assert portal.received[0].path == "/rest/app.info"
    assert _form(portal) == {"auth": ["boris-token"]}


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        {**INFO, "client_id": ""},
        {**INFO, "user_id": 0},
        {**INFO, "install": []},
        {**INFO, "install": {**INSTALL, "member_id": "x"}},
        {**INFO, "install": {**INSTALL, "client_endpoint": "https://a@evil.example/rest/"}},
        {key: value for key, value in INFO.items() if key != "user_id"},
    ],
)
def test_half_a_proof_is_none(
    authorization: AuthorizationServer, portal: Portal, result: object
) -> None:
    portal.will(server.answer(result))
    with pytest.raises(errors.UnexpectedAnswer):
        authorization.app_info("boris-token")


def test_a_question_that_finds_no_answer_is_asked_again_then_stays_open(
    authorization: AuthorizationServer, portal: Portal
) -> None:
    portal.will(*[server.html(502)] * 3)
    with pytest.raises(errors.AnswerLost):
        authorization.app_info("boris-token")
    assert len(portal.received) == 3


def test_a_false_token_proves_nothing(authorization: AuthorizationServer, portal: Portal) -> None:
    portal.will(server.refusal("invalid_token", 401))
    with pytest.raises(errors.TokenInvalid):
        authorization.app_info("boris-token")


def test_a_code_becomes_a_pair(authorization: AuthorizationServer, portal: Portal) -> None:
    portal.will(server.document(PAIR))
    pair = authorization.exchange("local.1", Secret("s3cret"), "code")
    assert (pair.access.reveal(), pair.refresh.reveal()) == ("new-access", "new-refresh")
    assert (pair.member_id, pair.user_id, pair.expires_in) == (MEMBER, 7, 3600)
    assert pair.portal_origin == "https://portal.example"
    seen = portal.received[0]
    assert (seen.method, seen.path) == ("POST", "/oauth/token/")
    assert _form(portal) == {
        "grant_type": ["authorization_code"],
        "client_id": ["local.1"],
        "client_secret": ["s3cret"],
        "code": ["code"],
    }


def test_a_refresh_sends_its_secrets_in_the_body(
    authorization: AuthorizationServer, portal: Portal
) -> None:
    portal.will(server.document({key: PAIR[key] for key in PAIR if key != "user_id"}))
    pair = authorization.refresh("local.1", "s3cret", Secret("old"))
    assert pair.user_id is None
    assert portal.received[0].path == "/oauth/token/"
    assert _form(portal)["refresh_token"] == ["old"]
    assert "new-access" not in repr(pair)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (server.refusal("invalid_grant"), errors.GrantInvalid),
        (server.refusal("NOT_INSTALLED", 401), errors.GrantInvalid),
        (server.refusal("invalid_client", 401), errors.WrongClient),
        (server.refusal("PAYMENT_REQUIRED", 401), errors.PaymentRequired),
        (server.html(502), errors.AnswerLost),
        (server.reset, errors.AnswerLost),
        (server.document({**PAIR, "refresh_token": ""}), errors.UnexpectedAnswer),
        (server.document({**PAIR, "access_token": "t" * 9999}), errors.UnexpectedAnswer),
        (server.document({**PAIR, "client_endpoint": "/rest/"}), errors.UnexpectedAnswer),
        (server.redirect("https://evil.example/oauth/token/", 307), errors.PortalMoved),
    ],
)
def test_a_refresh_that_fails_is_not_repeated(
    authorization: AuthorizationServer, portal: Portal, reply: server.Reply, expected: type
) -> None:
    portal.will(reply)
    with pytest.raises(errors.BitrixError) as raised:
        authorization.refresh("local.1", "s3cret", "old")
    assert type(raised.value) is expected
    assert len(portal.received) == 1


def test_the_browser_is_sent_to_the_portal() -> None:
    url = authorize_url("https://portal.example", "local.1", "a b&c")
    assert url == "https://portal.example/oauth/authorize/?client_id=local.1&state=a+b%26c"
