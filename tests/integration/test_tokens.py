"""Tokens end and are renewed: once, whoever meets them; and what is said when they have died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from b24app import tasks
from b24app.bitrix import setup
from b24app.bitrix.errors import BitrixError, NotReached, TokenInvalid
from b24app.documents import catalogue
from b24app.models import Intent, Portal, TokenChain
from b24app.portals.clients import installation, speaking
from b24app.portals.errors import Disconnected
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.integration.together import together
from tests.people import ANNA, BORIS, Frame
from tests.sandbox import oauth
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

TOKEN = "/oauth/token/"
Purpose = TokenChain.Purpose


def chain_of(user_id: int, purpose: str = Purpose.FRAME) -> TokenChain:
    return TokenChain.objects.get(user_id=user_id, purpose=purpose)


def refreshes(sandbox: Sandbox) -> int:
    return len(sandbox.state.record.at(TOKEN))


def test_an_expired_token_is_renewed_and_the_call_goes_on(sandbox: Sandbox, boris: Frame) -> None:
    before = chain_of(BORIS)
    sandbox.state.expire_access(BORIS)
    assert boris.get("").status_code == 200
    assert refreshes(sandbox) == 1
    after = chain_of(BORIS)
    assert after.generation == before.generation + 1
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert after.refreshing_until is None
    assert boris.get("").status_code == 200
    assert refreshes(sandbox) == 1


def test_s43_secrets_go_to_the_authorization_server_only_and_in_the_body(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    sandbox.state.expire_access(BORIS)
    boris.get("")
    (call,) = sandbox.state.record.at(TOKEN)
    assert (call.origin, call.method) == (sandbox.auth_url, "POST")
    for one in sandbox.state.record:
        assert docket.client_secret not in str(one.params)


def test_generate_with_an_expired_token_makes_one_document(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.expire_access(BORIS)
    document_id = made(form.send())
    mine = [d.id for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]
    assert mine == [document_id]


@pytest.mark.django_db(transaction=True)
def test_r01_sixteen_callers_meet_one_expired_token_and_one_refreshes(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    sandbox.state.expire_access(BORIS)
    sandbox.state.record.clear()

    def call() -> bool:
        return speaking(portal, chain_of(BORIS)).run(setup.user_admin())

    assert together(*[call] * 16) == [False] * 16
    assert refreshes(sandbox) == 1
    assert chain_of(BORIS).generation == 2


def test_r02_a_pair_that_the_frame_brought_meanwhile_is_used(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    """Another worker, or a new launch, was quicker: nothing is refreshed."""
    held = chain_of(BORIS)
    sandbox.state.expire_access(BORIS)
    fresh = sandbox.state.issue_tokens(sandbox.portal_one, docket, BORIS)
    newer = chain_of(BORIS)
    newer.put(fresh.access, fresh.refresh, timezone.now())
    newer.save()
    assert speaking(portal, held).run(setup.user_admin()) is False
    assert refreshes(sandbox) == 0


def test_a_persons_dead_tokens_let_the_page_renew_itself(sandbox: Sandbox, boris: Frame) -> None:
    sandbox.state.expire_access(BORIS)
    sandbox.state.expire_refresh(BORIS)
    assert boris.get("").status_code == 401
    assert chain_of(BORIS).dead
    sandbox.state.record.clear()
    assert boris.get("").status_code == 401
    assert list(sandbox.state.record) == []  # a dead chain is not tried again


def test_dead_tokens_at_generate_keep_the_form(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.expire_access(BORIS)
    sandbox.state.expire_refresh(BORIS)
    assert form.send({"Title": "Typed with care"}).status_code == 401
    assert not [d for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]


def test_r02_the_installations_dead_tokens_disconnect_the_background_only(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal, later: Later
) -> None:
    sandbox.state.expire_access(ANNA)
    sandbox.state.expire_refresh(ANNA)
    with pytest.raises(TokenInvalid):
        installation(portal).run(setup.user_admin())
    assert chain_of(ANNA, Purpose.INSTALLATION).dead
    with pytest.raises(Disconnected):
        installation(portal)
    assert boris.get("").status_code == 200
    later(minutes=11)
    tasks.refresh_catalogue.call_local(portal.pk)  # fails quietly
    assert catalogue.kept(portal)
    assert "Bitrix24 did not give a newer list" in text(boris.get("new/age/"))
    assert "being read again" in text(boris.get("new/"))
    page = text(boris.get(f"new/{OFFER}/"))
    assert "Docket is no longer connected to this portal" in page
    assert "press Reconnect" in page


def test_r02_a_new_launch_brings_a_dead_chain_back_to_life(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    sandbox.state.expire_access(BORIS)
    sandbox.state.expire_refresh(BORIS)
    boris.get("")
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert frame.page.status_code == 200
    assert not chain_of(BORIS).dead
    assert boris.get("").status_code == 200  # the older page uses the same chain


def test_the_installation_survives_what_pages_do_with_their_tokens(
    sandbox: Sandbox, docket: Application, anna: Frame, portal: Portal
) -> None:
    """Anna's page dies with its token; the background of her portal does not."""
    TokenChain.objects.filter(user_id=ANNA, purpose=Purpose.FRAME).update(dead=True)
    assert anna.get("").status_code == 401
    assert installation(portal).run(setup.user_admin()) is True


@contextmanager
def answers_lost() -> Iterator[None]:
    """The authorization server uses refresh tokens up, and its answers come in no shape."""
    answer = oauth.answer

    def lost(content: dict[str, Any], status: int = 200) -> Any:
        return answer({"odd": "shape"}) if "refresh_token" in content else answer(content, status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oauth, "answer", lost)
        yield


def test_r02_after_a_lost_refresh_the_next_click_leads_to_a_new_session(
    sandbox: Sandbox, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only trying again tells whether the pair was used up; nobody waits for that."""
    sandbox.state.expire_access(BORIS)
    with answers_lost():
        assert "Bitrix24 is not answering" in boris.get("").content.decode()
    assert refreshes(sandbox) == 1
    assert not chain_of(BORIS).dead
    slept: list[float] = []
    monkeypatch.setattr("b24app.portals.tokens.time.sleep", slept.append)
    assert boris.get("").status_code == 401
    assert chain_of(BORIS).dead
    assert slept == []


def test_r02_a_document_whose_token_could_not_be_renewed_was_certainly_not_made(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.expire_access(BORIS)
    with answers_lost():
        answer = form.send({"Title": "Typed with care"})
    assert "Bitrix24 is not answering" in text(answer)
    assert "What you typed is still here." in text(answer)
    assert Intent.objects.get().state == Intent.State.REFUSED


@pytest.mark.django_db(transaction=True)
def test_r02_who_waits_for_a_refresh_that_fails_is_told_so_at_once(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    sandbox.state.expire_access(BORIS)

    def call() -> str:
        try:
            speaking(portal, chain_of(BORIS)).run(setup.user_admin())
        except BitrixError as error:
            return type(error).__name__
        return "renewed"

    with answers_lost():
        results = together(*[call] * 6)
    assert set(results) <= {"NotReached", "TokenInvalid"}


def test_an_authorization_server_that_is_away_uses_nothing_up(
    sandbox: Sandbox, boris: Frame, portal: Portal, settings: Any, request: Any
) -> None:
    sandbox.state.expire_access(BORIS)
    servers = settings.AUTH_SERVERS
    request.getfixturevalue("authorization_server_down")
    with pytest.raises(NotReached):
        speaking(portal, chain_of(BORIS)).run(setup.user_admin())
    chain = chain_of(BORIS)
    assert (chain.dead, chain.refreshing_until, chain.generation) == (False, None, 1)
    settings.AUTH_SERVERS = servers
    assert boris.get("").status_code == 200


def test_r02_a_worker_that_died_while_refreshing_holds_nobody_up_for_long(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    sandbox.state.expire_access(BORIS)
    past = timezone.now()
    TokenChain.objects.filter(user_id=BORIS).update(refreshing_until=past)
    assert boris.get("").status_code == 200


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("payment_required", "The portal’s plan has ended"),
        ("not_installed", ""),
    ],
)
def test_r11_what_the_authorization_server_says_reaches_the_person(
    sandbox: Sandbox, boris: Frame, option: str, words: str
) -> None:
    sandbox.state.expire_access(BORIS)
    setattr(sandbox.state.options, option, True)
    answer = boris.get("")
    assert words in text(answer)
    assert answer.status_code == (402 if words else 401)


def test_s11_a_portal_that_was_moved_is_not_followed_with_a_token(
    sandbox: Sandbox, boris: Frame
) -> None:
    """Its old address answers 302: nothing is sent there until a launch has named the new one."""
    nordwerk = sandbox.portal_one
    old = nordwerk.origin
    sandbox.state.move_portal(nordwerk, sandbox.portal_two.origin.replace("localhost", "127.0.0.1"))
    sandbox.state.record.clear()
    answer = boris.get("")
    nordwerk.origin = old
    assert answer.status_code == 409
    assert "This portal has a new address" in text(answer)
    assert {one.origin for one in sandbox.state.record} <= {old}
