"""D. Events: what a forged, repeated or belated one can bring about (S31 to S34)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from b24app import tasks
from b24app.documents import housekeeping
from b24app.inbox import receive
from b24app.models import (
    InboundEvent,
    Intent,
    IssuedDocument,
    Portal,
    SecurityEvent,
    TokenChain,
)
from b24app.portals import farewell
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.integration.test_events import DELETE, UPDATE, form_of, goodbye, post, work
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.evidence import refusal, secrets_of

TOKEN = "auth[application_token]"


@pytest.mark.parametrize(
    "changed",
    [
        {"auth[member_id]": "f" * 32},
        {"auth[member_id]": ""},
        {TOKEN: "0" * 32},
        {TOKEN: ""},
        {TOKEN: None},
        {TOKEN: "é" * 16},
        {TOKEN: None, "auth[application_token][]": "x"},
        {"auth[application_token][0]": "x"},
        {"auth": "x"},
    ],
)
def test_s31_unknown_portal_or_wrong_token(
    sandbox: Sandbox, docket: Application, portal: Portal, changed: dict[str, str | None]
) -> None:
    form = {key: v for key, v in {**form_of(sandbox, docket), **changed}.items() if v is not None}
    with refusal(sandbox, kind="event"):
        assert post(portal, form).status_code == 403


def test_s31_a_token_is_compared_in_constant_time_and_kept_as_a_hash(
    sandbox: Sandbox, docket: Application, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []
    real = receive.compare_digest

    def watched(known: str, given: str) -> bool:
        compared.append((known, given))
        return real(known, given)

    monkeypatch.setattr(receive, "compare_digest", watched)
    assert post(portal, form_of(sandbox, docket)).status_code == 200
    assert post(portal, form_of(sandbox, docket) | {TOKEN: "0" * 32}).status_code == 403
    assert [len(known) for known, _ in compared] == [64, 64]
    assert docket.application_token not in portal.application_token_hash


def test_s31_a_portal_that_is_not_installed_has_no_token_to_match(
    sandbox: Sandbox, db: None
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    row = Portal.objects.get()
    row.member_id = sandbox.portal_one.member_id
    row.save()
    for token in (app.application_token, "", "0" * 64):
        with refusal(sandbox, kind="event"):
            assert post(row, form_of(sandbox, app) | {TOKEN: token}).status_code == 403


def test_s32_an_installation_event_sets_nothing(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    """With another application token it is refused, with the right one it is only a hint."""
    before = Portal.objects.values().get(), list(TokenChain.objects.values())
    brought = {
        "auth[access_token]": "a" * 70,
        "auth[refresh_token]": "r" * 70,
        "auth[client_endpoint]": "https://evil.example/rest/",
        "auth[server_endpoint]": "https://evil.example/rest/",
        "auth[domain]": "evil.example",
        "auth[user_id]": "7",
    }
    form = form_of(sandbox, docket, "ONAPPINSTALL") | brought
    with refusal(sandbox, kind="event"):
        assert post(portal, form | {TOKEN: "e" * 32}).status_code == 403
    assert post(portal, form).status_code == 200
    work()
    assert (Portal.objects.values().get(), list(TokenChain.objects.values())) == before
    assert list(sandbox.state.record) == []
    assert post(portal, form_of(sandbox, docket) | {TOKEN: "e" * 32}).status_code == 403


def test_s33_an_employee_forges_a_goodbye(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    """Boris can read the application token in his own browser."""
    made(open_form(boris, OFFER).send())
    assert post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": "1"})).status_code == 200
    work()
    assert Portal.objects.get().state == Portal.State.INSTALLED
    assert IssuedDocument.objects.count() == 1
    assert SecurityEvent.objects.filter(kind="uninstall", portal=portal).count() == 1
    assert boris.get("").status_code == 200


@pytest.fixture
def nobody_can_be_asked(sandbox: Sandbox, boris: Frame) -> None:
    """Every token that we hold is dead: for a day nobody had a page open, and Anna has left."""
    made(open_form(boris, OFFER).send())
    TokenChain.objects.update(dead=True)


@pytest.mark.parametrize("clean", ["0", "1"])
def test_s33_a_forged_goodbye_while_every_token_is_dead(
    sandbox: Sandbox,
    docket: Application,
    boris: Frame,
    portal: Portal,
    nobody_can_be_asked: None,
    clean: str,
) -> None:
    """It costs one renewal: whoever opens the tab next proves that the application is there."""
    assert post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": clean})).status_code == 200
    work()
    doubted = Portal.objects.get()
    assert doubted.state == Portal.State.DOUBTED
    assert (doubted.erase_at is not None) == (clean == "1")
    assert boris.get("").status_code == 401
    again = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert again.page.status_code == 200
    row = Portal.objects.get()
    assert (row.state, row.erase_at) == (Portal.State.INSTALLED, None)
    assert IssuedDocument.objects.count() == Intent.objects.count() == 1
    assert post(portal, form_of(sandbox, docket)).status_code == 200


def test_s33_s44_a_true_goodbye_that_nobody_could_confirm(
    sandbox: Sandbox,
    docket: Application,
    portal: Portal,
    nobody_can_be_asked: None,
    later: Later,
) -> None:
    sandbox.state.remove_application(sandbox.portal_one, docket.client_id, clean=True)
    post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": "1"}))
    work()
    housekeeping.tidy()
    assert Portal.objects.get().state == Portal.State.DOUBTED
    later(hours=21)
    housekeeping.tidy()
    assert not Portal.objects.exists()
    assert not IssuedDocument.objects.exists()


def test_s33_a_proof_of_before_the_goodbye_does_not_count(
    sandbox: Sandbox, docket: Application, portal: Portal, nobody_can_be_asked: None
) -> None:
    """What the authorization server said a minute ago is not believed any more."""
    from tests.security.conftest import launch_of

    launch = launch_of(sandbox, docket, BORIS, {"ID": "501"})
    assert Frame(*launch).page.status_code == 200
    TokenChain.objects.update(dead=True)
    sandbox.state.remove_application(sandbox.portal_one, docket.client_id)
    farewell.doubt(portal, with_data=True)
    with refusal(sandbox, kind="entry", asked=["/rest/app.info"]):
        assert Frame(*launch).page.status_code == 403
    assert Portal.objects.get().state == Portal.State.DOUBTED


def test_s33_a_goodbye_in_the_night_is_confirmed_by_the_authorization_server(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    """The access token has run out; the refresh tells that the application is gone."""
    sandbox.state.expire_access()
    sandbox.state.options.not_installed = True
    post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": "1"}))
    work()
    assert not Portal.objects.exists()


def test_s33_a_local_application_whose_card_was_deleted(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    """Then the authorization server does not even know our id: a doubt, no proof."""
    sandbox.state.expire_access()
    sandbox.state.remove_application(sandbox.portal_one, docket.client_id)
    post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": "1"}))
    work()
    assert Portal.objects.get().state == Portal.State.DOUBTED


def test_s33_a_goodbye_of_before_this_installation(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    TokenChain.objects.update(dead=True)
    assert post(portal, goodbye(sandbox, docket) | {"ts": "1700000000"}).status_code == 200
    work()
    assert Portal.objects.get().state == Portal.State.INSTALLED
    assert list(sandbox.state.record) == []


def test_s33_installing_again_ends_the_doubt(
    sandbox: Sandbox, docket: Application, portal: Portal, nobody_can_be_asked: None
) -> None:
    farewell.doubt(portal, with_data=True)
    docket.installed = False
    docket.application_token = "d" * 32
    frame = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    assert frame.page.status_code == 200
    for step in ("rights", "tab", "button", "events", "finish"):
        assert frame.post(f"{step}/", target="install").status_code == 200
    row = Portal.objects.get()
    assert (row.state, row.erase_at) == (Portal.State.INSTALLED, None)


def test_s34_twice_out_of_order_and_days_late(
    sandbox: Sandbox, docket: Application, portal: Portal, later: Later
) -> None:
    form = form_of(sandbox, docket)
    for ts in ("1795000001", "1795000000", "1795000001", "1695000000"):
        assert post(portal, form | {"ts": ts}).status_code == 200
    later(days=3)
    assert post(portal, form | {"ts": "1795000001"}).status_code == 200
    assert InboundEvent.objects.count() == 3


def test_s34_an_event_is_read_again_and_not_believed(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "True title"}))
    lie = {"data[FIELDS][ID]": str(document_id), "data[FIELDS][TITLE]": "Lie",
           "data[FIELDS][ENTITY_ID]": "999"}  # fmt: skip
    for name in (UPDATE, DELETE):
        assert post(portal, form_of(sandbox, docket, name) | lie).status_code == 200
    work()
    record = IssuedDocument.objects.get()
    assert (record.title, record.entity_id) == ("True title", 501)


def test_s34_many_at_once_are_answered_quickly_and_looked_at_once(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    """Each is a line of its own, for its moment differs; the document is read once for all."""
    document_id = made(open_form(boris, OFFER).send())
    form = form_of(sandbox, docket) | {"data[FIELDS][ID]": str(document_id)}
    sandbox.state.record.clear()
    times = []
    for n in range(150):
        begun = time.perf_counter()
        assert post(portal, form | {"ts": str(1795000000 + n)}).status_code == 200
        times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.1
    assert list(sandbox.state.record) == []
    assert InboundEvent.objects.count() == 150
    work()
    assert InboundEvent.objects.filter(handled_at=None).count() == 0
    assert sandbox.state.record.executed("crm.documentgenerator.document.list") == 1


def test_s34_r11_events_of_a_silent_portal_wait_together(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal, later: Later
) -> None:
    """No storm: one of them asks, the others wait five minutes."""
    ids = [made(open_form(boris, OFFER).send({"DocumentTitle": f"{n}"})) for n in range(4)]
    for number in ids:
        form = form_of(sandbox, docket) | {"data[FIELDS][ID]": str(number)}
        assert post(portal, form).status_code == 200
    sandbox.state.faults.add(
        Fault("crm.documentgenerator.document.list", "error", status=401,
              code="APPLICATION_NOT_FOUND", times=-1)
    )  # fmt: skip
    later(minutes=2)
    sandbox.state.record.clear()
    for _ in range(5):
        work()
    assert sandbox.state.record.count("crm.documentgenerator.document.list") == 1
    sandbox.state.faults.clear()
    from django.core.cache import cache

    cache.clear()  # five minutes later
    work()
    assert InboundEvent.objects.filter(handled_at=None).count() == 0


@pytest.mark.parametrize("size", [65 * 1024, 1024 * 1024, 3 * 1024 * 1024])
def test_s34_a_big_body_is_not_read(
    sandbox: Sandbox, docket: Application, portal: Portal, size: int
) -> None:
    with refusal(sandbox, kind="event"):
        answer = post(portal, form_of(sandbox, docket) | {"data[x]": "y" * size})
    assert answer.status_code == 413


def test_s34_a_length_that_is_no_number(portal: Portal) -> None:
    answer = Client().generic(
        "POST", f"/p/{portal.key}/events/", b"", headers={"Content-Length": "many"}
    )
    assert answer.status_code == 403


def test_s31_s42_no_secret_of_an_event_is_kept(
    sandbox: Sandbox, docket: Application, portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.security.evidence import dump

    caplog.set_level("DEBUG")
    tokens = {"auth[access_token]": "a" * 70, "auth[refresh_token]": "r" * 70}
    post(portal, form_of(sandbox, docket) | tokens)
    post(portal, form_of(sandbox, docket) | tokens | {TOKEN: "0" * 32})
    work()
    stored = dump()
    for secret in {*secrets_of(sandbox), "a" * 70, "r" * 70}:
        assert secret.encode() not in stored
        assert secret not in caplog.text


def test_s34_the_worker_is_told_of_each_event_once(
    sandbox: Sandbox, docket: Application, portal: Portal, monkeypatch: Any
) -> None:
    told: list[int] = []
    monkeypatch.setattr(tasks, "handle_soon", lambda event: told.append(event.pk))
    for _ in range(3):
        post(portal, form_of(sandbox, docket))
    assert told == [InboundEvent.objects.get().pk]


def test_s33_the_page_of_a_doubted_portal_says_that_it_is_being_unlocked(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    farewell.doubt(portal, with_data=False)
    answer = boris.get("")
    assert answer.status_code == 401
    assert "It is being unlocked" in text(answer)
