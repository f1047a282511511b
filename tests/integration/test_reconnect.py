"""A portal whose installation tokens have died is connected again by its administrator."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.test import Client

from b24app.models import Portal, ReconnectState, TokenChain
from b24app.portals.clients import installation
from b24app.portals.errors import Disconnected
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import text
from tests.people import ANNA, BORIS, DMITRI, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.sandbox.world import Portal as SandboxPortal

REFUSED = "Docket was not connected again"


@pytest.fixture
def start(sandbox: Sandbox, docket: Application) -> Frame:
    """Anna has opened the application; her installation's tokens have died."""
    TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION).update(dead=True)
    frame = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    sandbox.state.record.clear()
    return frame


def consent_address(frame: Frame) -> str:
    answer = frame.post("reconnect/", target="install")
    assert answer.status_code == 200, text(answer)
    address: str = json.loads(answer.content)["address"]
    return address


def consent(sandbox: Sandbox, portal: SandboxPortal, user_id: int, address: str) -> str:
    """The user's browser follows the address; answers where the portal sends it back to."""
    sessions = sandbox.state.sessions
    cookies = {sessions.cookie_name(portal): sessions.open(portal, user_id)}
    answer = requests.get(address, cookies=cookies, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_back(path: str) -> Any:
    return Client().get(path)


def disconnected(portal: Portal) -> bool:
    try:
        installation(portal)
    except Disconnected:
        return True
    return False


def test_anna_sees_it_and_connects_the_portal_again(
    sandbox: Sandbox, portal: Portal, start: Frame
) -> None:
    assert "Background work is disconnected" in text(start.page)
    address = consent_address(start)
    assert address.startswith(f"{sandbox.portal_one.origin}/oauth/authorize/?")
    assert "redirect_uri" not in address
    answer = come_back(consent(sandbox, sandbox.portal_one, ANNA, address))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert not disconnected(portal)
    (exchange,) = sandbox.state.record.at("/oauth/token/")
    assert (exchange.origin, exchange.method) == (sandbox.auth_url, "POST")
    chains = TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION)
    assert [(chain.user_id, chain.dead) for chain in chains] == [(ANNA, False)]
    page = text(start.get(""))
    assert "Background work is connected" in page


def test_the_state_is_kept_hashed(sandbox: Sandbox, start: Frame) -> None:
    state = parse_qs(urlsplit(consent_address(start)).query)["state"][0]
    assert len(state) >= 40
    assert state not in str(ReconnectState.objects.values())


def test_boris_cannot_begin(sandbox: Sandbox, docket: Application, boris: Frame) -> None:
    base = boris.base.removesuffix("deal/")
    answer = boris.post(f"{base}reconnect/")
    assert answer.status_code == 403
    assert "Only an administrator can do this" in text(answer)
    assert not ReconnectState.objects.exists()


@pytest.mark.parametrize("changed", [{"state": "x" * 43}, {"state": ""}, {"state": "é"}])
def test_a_state_that_is_not_ours_is_refused(
    sandbox: Sandbox, portal: Portal, start: Frame, changed: dict[str, str]
) -> None:
    path = consent(sandbox, sandbox.portal_one, ANNA, consent_address(start))
    url = urlsplit(path)
    query = {key: values[0] for key, values in parse_qs(url.query).items()}
    answer = come_back(f"{url.path}?{urlencode(query | changed)}")
    assert answer.status_code == 403
    assert REFUSED in text(answer)
    assert disconnected(portal)
    assert sandbox.state.record.at("/oauth/token/") == []


def test_a_state_works_once(sandbox: Sandbox, portal: Portal, start: Frame) -> None:
    path = consent(sandbox, sandbox.portal_one, ANNA, consent_address(start))
    assert come_back(path).status_code == 200
    before = TokenChain.objects.values().get(purpose=TokenChain.Purpose.INSTALLATION)
    assert come_back(path).status_code == 403
    assert TokenChain.objects.values().get(purpose=TokenChain.Purpose.INSTALLATION) == before


def test_a_state_ends_after_ten_minutes(
    sandbox: Sandbox, portal: Portal, start: Frame, later: Later
) -> None:
    address = consent_address(start)
    later(minutes=11)
    assert come_back(consent(sandbox, sandbox.portal_one, ANNA, address)).status_code == 403
    assert disconnected(portal)


def test_a_code_that_is_too_old_is_refused(
    sandbox: Sandbox, portal: Portal, start: Frame, later: Later
) -> None:
    path = consent(sandbox, sandbox.portal_one, ANNA, consent_address(start))
    later(seconds=31)
    answer = come_back(path)
    assert answer.status_code == 403
    assert disconnected(portal)


def test_the_consent_of_another_user_is_refused(
    sandbox: Sandbox, portal: Portal, start: Frame
) -> None:
    """Anna's link, opened by Boris in his own browser."""
    path = consent(sandbox, sandbox.portal_one, BORIS, consent_address(start))
    answer = come_back(path)
    assert answer.status_code == 403
    assert disconnected(portal)


def test_the_consent_of_another_portal_is_refused(
    sandbox: Sandbox, portal: Portal, start: Frame
) -> None:
    """Dmitri puts a code of his own portal beside Anna's state."""
    lindner = sandbox.portal_two
    app = people.install(sandbox, lindner)
    theirs = people.open_application(sandbox, lindner, app, DMITRI)
    code = parse_qs(urlsplit(consent(sandbox, lindner, DMITRI, consent_address(theirs))).query)
    path = consent(sandbox, sandbox.portal_one, ANNA, consent_address(start))
    url = urlsplit(path)
    query = {key: values[0] for key, values in parse_qs(url.query).items()}
    answer = come_back(f"{url.path}?{urlencode(query | {'code': code['code'][0]})}")
    assert answer.status_code == 403
    assert disconnected(portal)


def test_a_silent_authorization_server_is_said_to_be_silent(
    sandbox: Sandbox, portal: Portal, start: Frame, request: Any
) -> None:
    path = consent(sandbox, sandbox.portal_one, ANNA, consent_address(start))
    request.getfixturevalue("authorization_server_down")
    answer = come_back(path)
    assert answer.status_code == 503
    assert disconnected(portal)
