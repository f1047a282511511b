"""Events of the portal: what is believed of them, what is stored, what they set in motion."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from b24app import tasks
from b24app.documents import capture, readiness
from b24app.models import (
    CaptureOrder,
    FrameSession,
    HistoryEntry,
    InboundEvent,
    IssuedDocument,
    Portal,
    PortalPause,
    TokenChain,
)
from b24app.portals import install
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, Frame
from tests.sandbox import applications
from tests.sandbox.faults import Fault
from tests.sandbox.generator import documents as generator
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

FORM = "application/x-www-form-urlencoded"
UPDATE = "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE"
DELETE = "ONCRMDOCUMENTGENERATORDOCUMENTDELETE"
Pdf = IssuedDocument.Pdf


def form_of(sandbox: Sandbox, app: Application, name: str = UPDATE, **more: str) -> dict[str, str]:
    """An event as the portal would send it."""
    return {
        "event": name,
        "event_handler_id": "7",
        "data[FIELDS][ID]": "163",
        "data[FIELDS][ENTITY_TYPE_ID]": "2",
        "data[FIELDS][ENTITY_ID]": "501",
        "ts": "1795000000",
        "auth[domain]": sandbox.portal_one.origin.partition("://")[2],
        "auth[member_id]": sandbox.portal_one.member_id,
        "auth[application_token]": app.application_token,
    } | more


def post(portal: Portal, body: str | bytes | dict[str, str], content_type: str = FORM) -> Any:
    content = urlencode(body) if isinstance(body, dict) else body
    return Client(enforce_csrf_checks=True).post(
        f"/p/{portal.key}/events/", content, content_type=content_type
    )


def deliver(sandbox: Sandbox, portal: Portal, name: str) -> None:
    """Hands on what the sandbox has sent for this event, and lets the worker act on it."""
    attempt = sandbox.delivered(name)
    assert attempt.handler == install.address(portal, "events/")
    assert post(portal, attempt.body).status_code == 200
    work()


def work() -> None:
    for event_id in InboundEvent.objects.filter(handled_at=None).values_list("pk", flat=True):
        tasks.handle_event.call_local(event_id)


# What is let in


def test_an_event_is_answered_at_once_and_stored_once(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    form = form_of(sandbox, docket)
    for _ in range(3):
        answer = post(portal, form)
        assert (answer.status_code, answer.content) == (200, b"ok")
    event = InboundEvent.objects.get()
    assert (event.name, event.document_id, event.handled_at) == (UPDATE, 163, None)
    assert list(sandbox.state.record) == []
    assert post(portal, form | {"ts": "1795000001"}).status_code == 200
    assert InboundEvent.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"auth[application_token]": "0" * 32},
        {"auth[application_token]": ""},
        {"auth[application_token]": "é"},
        {"auth[member_id]": "f" * 32},
        {"auth[member_id]": ""},
        {"event": ""},
        {"event": "ON" * 60},
        {"data[FIELDS][ID][x][y][z][a][b]": "1"},
        {"data[FIELDS]": "text"},
        {"auth[application_token][]": "x"},
    ],
)
def test_a_forged_or_damaged_event_is_refused(
    sandbox: Sandbox, docket: Application, portal: Portal, changed: dict[str, str]
) -> None:
    assert post(portal, form_of(sandbox, docket) | changed).status_code == 403
    assert not InboundEvent.objects.exists()
    assert list(sandbox.state.record) == []


def test_an_event_without_its_token_is_refused(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    form = form_of(sandbox, docket)
    del form["auth[application_token]"]
    assert post(portal, form).status_code == 403


def test_an_unknown_key_or_another_portals_event_is_refused(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    form = form_of(sandbox, docket)
    stranger = Portal(key="nobody")
    assert post(stranger, form).status_code == 403
    lindner = people.install(sandbox, sandbox.portal_two)
    theirs = Portal.objects.exclude(pk=portal.pk).get()
    assert post(theirs, form).status_code == 403
    mixed = form | {"auth[application_token]": lindner.application_token}
    assert post(portal, mixed).status_code == 403
    assert not InboundEvent.objects.exists()


def test_odd_bodies_are_refused(sandbox: Sandbox, docket: Application, portal: Portal) -> None:
    form = form_of(sandbox, docket)
    assert post(portal, form | {"data[x]": "y" * 70_000}).status_code == 413
    assert post(portal, b"\xff\xfe\x00").status_code == 403
    assert post(portal, json.dumps(form), "application/json").status_code == 403
    assert post(portal, b"").status_code == 403
    assert post(portal, "&".join(f"a{n}=1" for n in range(600))).status_code == 403
    assert Client().get(f"/p/{portal.key}/events/").status_code == 405
    assert not InboundEvent.objects.exists()


def test_tokens_of_an_event_are_not_kept(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    before = list(TokenChain.objects.values())
    tokens = {"auth[access_token]": "a" * 70, "auth[refresh_token]": "r" * 70}
    endpoints = {
        "auth[client_endpoint]": "https://evil.example/rest/",
        "auth[server_endpoint]": "https://evil.example/rest/",
    }
    form = form_of(sandbox, docket, "ONAPPINSTALL") | tokens | endpoints
    assert post(portal, form).status_code == 200
    work()
    assert list(TokenChain.objects.values()) == before
    portal.refresh_from_db()
    assert portal.address == sandbox.portal_one.origin
    assert "a" * 70 not in str(InboundEvent.objects.values())


# What follows


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame) -> int:
    """Boris's offer, its PDF made and taken."""
    document_id = made(open_form(boris, OFFER).send())
    IssuedDocument.objects.update(look_at=timezone.now())
    readiness.look(Portal.objects.get().pk)
    assert IssuedDocument.objects.get().pdf == Pdf.READY
    assert sandbox.drain()
    assert sandbox.state.delivery is not None
    sandbox.state.delivery.clear()
    return document_id


def regenerate_elsewhere(sandbox: Sandbox, document_id: int) -> None:
    """Anna changes the document with Bitrix24's own button."""
    nordwerk = sandbox.portal_one
    document = nordwerk.documents[document_id]
    values = {"DocumentTitle": "Changed by Anna"}
    generator.regenerate(nordwerk, document, nordwerk.users[1], values, False, sandbox.state.now())
    sandbox.state.settle(nordwerk, document)
    fields = {"ID": document_id, "ENTITY_TYPE_ID": 2, "ENTITY_ID": "501"}
    sandbox.state.emit(nordwerk, UPDATE, {"FIELDS": fields}, 1)


def test_a_document_changed_elsewhere_is_waited_for_again(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    sandbox.state.options.conversion_delay = 30
    regenerate_elsewhere(sandbox, document_id)
    deliver(sandbox, portal, UPDATE)
    record = IssuedDocument.objects.get()
    assert (record.pdf, record.title) == (Pdf.CONVERTING, "Changed by Anna")
    assert record.picture == b""
    later(seconds=31)
    readiness.look(portal.pk)
    record.refresh_from_db()
    assert record.pdf == Pdf.READY
    assert record.picture


def test_an_event_that_comes_after_the_conversion_brings_the_new_picture(
    sandbox: Sandbox, portal: Portal, document_id: int
) -> None:
    old = IssuedDocument.objects.get().picture
    regenerate_elsewhere(sandbox, document_id)
    deliver(sandbox, portal, UPDATE)
    for portal_id in readiness.due_portals():
        readiness.look(portal_id)
    record = IssuedDocument.objects.get()
    assert record.pdf == Pdf.READY
    assert record.title == "Changed by Anna"
    assert record.picture != old


def test_a_document_deleted_elsewhere_is_forgotten(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    fields = {"ID": document_id, "ENTITY_TYPE_ID": 2, "ENTITY_ID": "501"}
    sandbox.state.emit(sandbox.portal_one, DELETE, {"FIELDS": fields}, 1)
    del sandbox.portal_one.documents[document_id]
    deliver(sandbox, portal, DELETE)
    assert not IssuedDocument.objects.exists()
    assert boris.get(f"documents/{document_id}/").status_code == 404


def test_s34_a_forged_deletion_deletes_nothing(
    sandbox: Sandbox, docket: Application, portal: Portal, document_id: int
) -> None:
    form = form_of(sandbox, docket, DELETE, **{"data[FIELDS][ID]": str(document_id)})
    assert post(portal, form).status_code == 200
    work()
    for portal_id in readiness.due_portals():
        readiness.look(portal_id)
    assert IssuedDocument.objects.get().pdf == Pdf.READY


def test_an_event_about_a_document_that_is_not_there_costs_one_look(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    for n in range(20):
        assert post(portal, form_of(sandbox, docket, ts=str(1795000000 + n))).status_code == 200
    work()
    assert not InboundEvent.objects.filter(handled_at=None).exists()
    assert list(sandbox.state.record) == []
    capture.capture(portal.pk)
    assert sandbox.state.record.executed("crm.documentgenerator.document.list") == 1
    assert not CaptureOrder.objects.exists()
    assert not HistoryEntry.objects.exists(), "nothing was known of it, so nothing is told"


def test_an_event_of_no_known_type_is_dropped(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    for kind in ("0", "", "x"):
        form = form_of(sandbox, docket, **{"data[FIELDS][ENTITY_TYPE_ID]": kind})
        assert post(portal, form).status_code == 200
    work()
    assert not CaptureOrder.objects.exists()


def test_an_event_waits_for_a_portal_that_is_silent(
    sandbox: Sandbox, docket: Application, portal: Portal, document_id: int
) -> None:
    regenerate_elsewhere(sandbox, document_id)
    sandbox.state.faults.add(
        Fault("crm.documentgenerator.document.list", "html", status=502, times=-1)
    )
    deliver(sandbox, portal, UPDATE)
    assert InboundEvent.objects.get().handled_at is None
    sandbox.state.faults.clear()
    PortalPause.objects.update(ask_at=timezone.now())
    tasks.knock.call_local(portal.pk)
    work()
    assert InboundEvent.objects.get().handled_at is not None


def test_the_sweep_picks_up_what_the_queue_lost(
    sandbox: Sandbox, docket: Application, portal: Portal, later: Later, monkeypatch: Any
) -> None:
    handled: list[int] = []
    monkeypatch.setattr(tasks, "handle_event", handled.append)
    assert post(portal, form_of(sandbox, docket)).status_code == 200
    tasks.sweep.call_local()
    later(seconds=31)
    tasks.sweep.call_local()
    assert InboundEvent.objects.get().pk in handled


# Goodbye


def goodbye(sandbox: Sandbox, app: Application, **more: str) -> dict[str, str]:
    now = str(int(timezone.now().timestamp()))
    form = form_of(sandbox, app, "ONAPPUNINSTALL", ts=now, **more)
    return {key: value for key, value in form.items() if "FIELDS" not in key}


def test_a_genuine_goodbye_ends_tokens_and_pages(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    applications.remove(sandbox.state, sandbox.portal_one, docket.client_id)
    deliver(sandbox, portal, "ONAPPUNINSTALL")
    portal.refresh_from_db()
    assert portal.state == Portal.State.LEAVING
    assert (TokenChain.objects.count(), FrameSession.objects.count()) == (0, 0)
    assert boris.get("").status_code == 401


def test_data_is_erased_where_the_administrator_wants_that(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    made(open_form(boris, OFFER).send())
    applications.remove(sandbox.state, sandbox.portal_one, docket.client_id, clean=True)
    deliver(sandbox, portal, "ONAPPUNINSTALL")
    assert not Portal.objects.exists()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("clean", ["0", "1"])
def test_a_forged_goodbye_changes_nothing(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal, clean: str
) -> None:
    assert post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": clean})).status_code == 200
    work()
    portal.refresh_from_db()
    assert portal.state == Portal.State.INSTALLED
    assert boris.get("").status_code == 200


@pytest.mark.parametrize("clean", ["0", "1"])
def test_a_forged_goodbye_changes_nothing_while_the_installer_is_gone(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal, clean: str
) -> None:
    """Anna has left the company, so her tokens are dead; Boris's still tell the truth."""
    TokenChain.objects.exclude(user_id=BORIS).update(dead=True)
    assert post(portal, goodbye(sandbox, docket, **{"data[CLEAN]": clean})).status_code == 200
    work()
    portal.refresh_from_db()
    assert portal.state == Portal.State.INSTALLED
    assert boris.get("").status_code == 200


def test_a_goodbye_is_not_believed_while_nobody_can_be_asked(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    sandbox.state.faults.add(Fault("app.info", "html", status=502, times=-1))
    assert post(portal, goodbye(sandbox, docket)).status_code == 200
    work()
    assert InboundEvent.objects.get().handled_at is None
    portal.refresh_from_db()
    assert portal.state == Portal.State.INSTALLED


def test_a_goodbye_of_an_older_installation_is_ignored(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    TokenChain.objects.update(dead=True)
    for ts in ("1700000000", "", "soon"):
        assert post(portal, goodbye(sandbox, docket) | {"ts": ts}).status_code == 200
    work()
    portal.refresh_from_db()
    assert portal.state == Portal.State.INSTALLED


def test_the_page_after_a_goodbye_says_what_to_do(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    address, fields = applications.launch_fields(
        sandbox.state,
        sandbox.portal_one,
        docket,
        sandbox.portal_one.users[BORIS],
        people.TAB,
        {"ID": "501"},
    )
    Portal.objects.update(state=Portal.State.LEAVING)
    frame = Frame(address, fields)
    assert frame.page.status_code == 409
    assert "Docket is not installed in this portal" in text(frame.page)
