"""The deal's tab: who sees what, and what it costs."""

from __future__ import annotations

import re

import pytest

from b24app.models import TemplateCatalogue
from tests import people
from tests.integration.pages import OFFER, text
from tests.people import BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

TAB_BATCH = ["crm.item.get", "crm.documentgenerator.document.list", "profile"]
TITLES = re.compile(r'<article class="doc" id="doc-(\d+)"')


def requests_of(sandbox: Sandbox) -> list[str]:
    """REST requests to the portal, a batch as one."""
    return [one.rest_method for one in sandbox.state.record.rest()]


def titles(answer: object) -> list[int]:
    return [int(found) for found in TITLES.findall(text(answer))]


def test_boris_opens_the_tab_of_his_deal(sandbox: Sandbox, docket: Application) -> None:
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert frame.page.status_code == 200
    assert "No documents in this deal yet" in frame.page.content.decode()
    assert frame.token
    assert not frame.page.cookies


def test_opening_cold_costs_two_requests_and_warm_one(
    sandbox: Sandbox, docket: Application
) -> None:
    people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert requests_of(sandbox) == ["batch", "batch"]
    assert len(sandbox.state.record.at("/rest/app.info")) == 1
    assert sandbox.state.record.executed("crm.documentgenerator.template.list") == 4
    sandbox.state.record.clear()
    people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    assert requests_of(sandbox) == ["batch"]
    (batch,) = sandbox.state.record.rest("batch")
    assert batch.user_id == BORIS
    assert batch.commands == TAB_BATCH[:2]


def test_going_on_in_an_open_tab_asks_nobody_who_it_is(sandbox: Sandbox, boris: Frame) -> None:
    assert boris.get("").status_code == 200
    assert [one.path for one in sandbox.state.record] == ["/rest/batch"]


def test_requests_carry_no_cookie_and_a_name(sandbox: Sandbox, boris: Frame) -> None:
    boris.get("")
    assert not any(one.cookies for one in sandbox.state.record)
    assert {one.user_agent for one in sandbox.state.record} == {"Docket/0.1"}


def test_fifty_five_documents_newest_first_in_two_pages(
    sandbox: Sandbox, docket: Application
) -> None:
    """Made by others, listed by the portal: 55 in deal 503."""
    known = [d for d in sandbox.portal_one.documents.values() if d.entity_id == "503"]
    wanted = sorted((d.id for d in known), reverse=True)
    assert len(wanted) == 55
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 503)
    page = text(frame.page)
    assert titles(frame.page) == wanted[:50]
    assert "1 to 50 of 55, newest first" in page
    second = frame.get("?start=50")
    assert titles(second) == wanted[50:]
    assert "51 to 55 of 55" in text(second)
    for nonsense in ("x", "-1", "9" * 30, "1e3", ""):
        assert titles(frame.get(f"?start={nonsense}")) == wanted[:50]
    newest = sandbox.portal_one.documents[wanted[0]]
    assert newest.number in page
    assert newest.title in page
    assert "made in Bitrix24" in page


def test_a_portal_that_is_down_is_said_to_be_down(sandbox: Sandbox, docket: Application) -> None:
    sandbox.state.faults.add(Fault("batch", "html", status=502, times=-1))
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert frame.page.status_code == 503
    assert "Bitrix24 is not answering" in text(frame.page)
    assert "Try again" in text(frame.page)
    sandbox.state.faults.clear()
    assert frame.get("?now").status_code == 200


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("QUERY_LIMIT_EXCEEDED", 503, "Bitrix24 is busy"),
        ("OPERATION_TIME_LIMIT", 429, "Bitrix24 is busy"),
        ("OVERLOAD_LIMIT", 503, "Bitrix24 is busy"),
        ("PORTAL_DELETED", 403, "This portal is closed"),
        ("APPLICATION_NOT_FOUND", 401, "Docket is not installed in this portal"),
        ("insufficient_scope", 403, "Docket lacks a right in this portal"),
        ("user_access_error", 403, "You may not use this application"),
        ("ACCESS_DENIED", 401, "The portal’s plan has ended"),
    ],
)
def test_r11_every_refusal_of_the_portal_has_a_sentence(
    sandbox: Sandbox, boris: Frame, code: str, status: int, words: str
) -> None:
    sandbox.state.faults.add(
        Fault("batch", "error", status=status, code=code, message="Sätze des Portals", times=-1)
    )
    answer = boris.get("")
    assert words in text(answer)
    assert 400 <= answer.status_code < 600
    assert answer.status_code != 500


def test_documents_are_shown_even_where_templates_cannot_be_read(
    sandbox: Sandbox, docket: Application
) -> None:
    for _ in range(4):
        sandbox.state.faults.add(
            Fault("crm.documentgenerator.template.list", "error", status=400, code="0", times=-1)
        )
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 503)
    assert frame.page.status_code == 200
    assert len(titles(frame.page)) == 50
    assert "The list of templates could not be read" in text(frame.page)
    assert not TemplateCatalogue.objects.exists()


def test_s35_what_people_typed_into_bitrix24_is_shown_as_text(
    sandbox: Sandbox, docket: Application
) -> None:
    nordwerk = sandbox.portal_one
    attack = "<script>alert(1)</script>\"' onload=x {{ 7|add:7 }}"
    newest = max(nordwerk.documents.values(), key=lambda d: (d.entity_id == "503", d.id))
    newest.title = newest.number = nordwerk.templates[OFFER].name = attack
    nordwerk.users[BORIS].name = attack
    frame = people.open_tab(sandbox, nordwerk, docket, BORIS, 503)
    for answer in (frame.page, frame.get("new/")):
        assert attack in text(answer)
        assert b"<script>alert" not in answer.content
