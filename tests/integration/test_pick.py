"""The first beat: which templates, what is known of each, and how fresh the list is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from b24app import tasks
from b24app.documents import catalogue
from b24app.models import FrameSession, Intent, IssuedDocument, Portal, TemplateCatalogue
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import (
    ACT,
    CONTRACT,
    FRAMEWORK,
    INVOICE,
    OFFER,
    SECRECY,
    made,
    open_form,
    text,
)
from tests.people import ANNA, BORIS, CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

LIST = "crm.documentgenerator.template.list"


def executed(sandbox: Sandbox) -> int:
    """How often pages of templates were asked for."""
    return sandbox.state.record.executed(LIST)


def recent(answer: object) -> list[int]:
    """Templates under "You used last", in order."""
    part = text(answer).partition('aria-labelledby="all"')[0]
    return [int(found) for found in re.findall(r'/deal/new/(\d+)/"', part)]


def card(answer: object, template_id: int) -> str:
    """What the page says of one template."""
    found = re.search(
        rf'<li class="pick">(?:(?!<li class="pick">).)*?/new/{template_id}/".*?</li>',
        text(answer),
        re.S,
    )
    assert found, template_id
    return found[0]


def missing(answer: object) -> str:
    """The lines about templates that are not offered, as one text."""
    part = text(answer).partition('id="missing"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def follow(frame: Frame, portal: Portal) -> FrameSession:
    return FrameSession.objects.filter(portal=portal).latest("created_at")


def offered(answer: object) -> set[int]:
    return {int(found) for found in re.findall(r'/deal/new/(\d+)/"', text(answer))}


def test_templates_follow_the_pipeline_and_the_person(
    sandbox: Sandbox, docket: Application
) -> None:
    """The contract and the act are for projects, the framework for retail, secrecy for Anna."""
    nordwerk = sandbox.portal_one
    retail = next(d.id for d in nordwerk.deals.values() if d.category_id == 1)
    boris = people.open_tab(sandbox, nordwerk, docket, BORIS, 501)
    anna = people.open_tab(sandbox, nordwerk, docket, ANNA, 501)
    assert {OFFER, CONTRACT, INVOICE} <= offered(boris.get("new/"))
    assert not {FRAMEWORK, SECRECY} & offered(boris.get("new/"))
    assert SECRECY in offered(anna.get("new/"))
    in_retail = people.open_tab(sandbox, nordwerk, docket, BORIS, retail)
    found = offered(in_retail.get("new/"))
    assert {OFFER, FRAMEWORK} <= found
    assert not {CONTRACT, ACT, SECRECY} & found


def test_a_template_for_a_department_is_asked_for_at_bitrix24(
    sandbox: Sandbox, docket: Application
) -> None:
    """The act is for departments 5 and 9 and for Anna; only Bitrix24 knows who is in them."""
    clara_deal = next(d for d in sandbox.portal_one.deals.values() if d.assigned_by_id == CLARA)
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, clara_deal.id)
    sandbox.state.record.clear()
    frame.get("new/")
    assert sandbox.state.record.executed("user.access") > 0
    assert {one.user_id for one in sandbox.state.record.rest()} == {CLARA}
    sandbox.state.record.clear()
    frame.get("new/")
    assert sandbox.state.record.executed("user.access") == 0


def test_switched_off_and_deleted_templates_are_not_offered(
    sandbox: Sandbox, docket: Application
) -> None:
    sandbox.portal_one.templates[OFFER].active = False
    sandbox.portal_one.templates[INVOICE].is_deleted = True
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert not {OFFER, INVOICE} & offered(frame.get("new/"))
    answer = frame.get(f"new/{OFFER}/")
    assert answer.status_code == 404
    assert "This template is not offered any more" in text(answer)


def test_s26_a_template_that_is_not_for_this_deal_cannot_be_picked_by_its_address(
    sandbox: Sandbox, boris: Frame
) -> None:
    for template_id in (FRAMEWORK, SECRECY, 4711, 10**25):
        assert boris.get(f"new/{template_id}/").status_code == 404
    assert sandbox.state.record.executed("crm.documentgenerator.template.getfields") == 0


def test_templates_are_found_by_name(boris: Frame) -> None:
    assert offered(boris.get("new/?q=oFF", target="templates")) == {OFFER}
    nothing = boris.get("new/?q=<b>nothing", target="templates")
    assert "No template is called “<b>nothing”" in text(nothing)
    assert b"<b>nothing" not in nothing.content


def test_refresh_reads_the_templates_again(sandbox: Sandbox, boris: Frame) -> None:
    sandbox.portal_one.templates[OFFER].name = "Proposal"
    assert "Proposal" not in text(boris.get("new/"))
    sandbox.state.record.clear()
    answer = boris.post("new/refresh/", target="age")
    assert answer.headers["HX-Trigger"] == "templates-read"
    assert "List of today" in text(answer)
    assert "Proposal" in text(boris.get("new/?q=prop", target="templates"))
    assert sandbox.state.record.executed("crm.documentgenerator.template.list") == 4


def test_opening_the_page_costs_one_request_and_searching_none(
    sandbox: Sandbox, boris: Frame
) -> None:
    boris.get("new/")  # asks once for the access codes of templates
    sandbox.state.record.clear()
    boris.get("new/")
    (batch,) = sandbox.state.record.rest()
    assert batch.user_id == BORIS
    assert batch.commands == [
        "crm.item.get",
        "crm.documentgenerator.document.list",
        "crm.category.list",
    ]
    sandbox.state.record.clear()
    assert OFFER in offered(boris.get("new/?q=off", target="templates"))
    assert list(sandbox.state.record) == []


def test_what_this_person_used_last_comes_first(
    sandbox: Sandbox, boris: Frame, anna: Frame, later: Later
) -> None:
    assert recent(boris.get("new/")) == []
    made(open_form(boris, CONTRACT).send())
    later(minutes=1)
    made(open_form(anna, INVOICE).send())
    made(open_form(boris, OFFER).send())
    assert recent(boris.get("new/")) == [OFFER, CONTRACT]
    assert recent(anna.get("new/")) == [INVOICE]
    page = boris.get("new/")
    assert "1 in this deal already" in card(page, OFFER)
    assert "1 in this deal already" in card(page, INVOICE)  # Anna's
    assert "today" in card(page, OFFER)


def test_documents_made_elsewhere_are_counted_too(sandbox: Sandbox, docket: Application) -> None:
    """Deal 503 has 55: more than a page, so that nothing is claimed; the others are counted."""
    crowded = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 503)
    assert "in this deal already" not in text(crowded.get("new/"))


def test_the_first_page_of_the_last_document_is_shown_to_who_may_see_it(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    """One picture in deal 501 by Boris: in that deal for all, in other deals for him alone."""
    document_id = made(open_form(boris, OFFER).send())
    boris.get(f"documents/{document_id}/")
    record = IssuedDocument.objects.get(document_id=document_id)
    record.picture = b"\xff\xd8\xff picture"
    record.save()
    elsewhere = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    assert "/picture/" in card(boris.get("new/"), OFFER)
    assert "/picture/" in card(elsewhere.get("new/"), OFFER)
    anna_here = people.open_tab(sandbox, sandbox.portal_one, docket, ANNA, 501)
    anna_there = people.open_tab(sandbox, sandbox.portal_one, docket, ANNA, 502)
    assert "/picture/" in card(anna_here.get("new/"), OFFER)
    assert "/picture/" not in card(anna_there.get("new/"), OFFER)
    Intent.objects.update(user_id=ANNA)  # as if somebody else had changed Boris's document since
    assert "/picture/" not in card(anna_there.get("new/"), OFFER)
    clara_deal = next(d for d in sandbox.portal_one.deals.values() if d.assigned_by_id == CLARA)
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, clara_deal.id)
    assert "/picture/" not in text(clara.get("new/"))


def test_why_an_expected_template_is_not_here(sandbox: Sandbox, docket: Application) -> None:
    sandbox.portal_one.templates[INVOICE].active = False
    boris = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    lines = missing(boris.get("new/"))
    framework = sandbox.portal_one.templates[FRAMEWORK].name
    assert f"{framework} is not here: it is bound to the pipeline Retail" in lines
    assert "not to Projects." in lines
    invoice = sandbox.portal_one.templates[INVOICE].name
    assert f"{invoice} is not here: it is switched off in Bitrix24." in lines
    assert "1 more and why" in lines


def test_s24_templates_for_others_are_named_to_administrators_only(
    sandbox: Sandbox, docket: Application
) -> None:
    """Secrecy is Anna's own; this one is Clara's, and another is for leads."""
    nordwerk = sandbox.portal_one
    nordwerk.templates[SECRECY].users = [f"U{CLARA}"]
    nordwerk.templates[CONTRACT].entity_type_ids = ["1"]
    names = [nordwerk.templates[one].name for one in (SECRECY, CONTRACT)]
    boris = people.open_tab(sandbox, nordwerk, docket, BORIS, 501)
    page = text(boris.get("new/"))
    assert not [name for name in names if name in page]
    anna = people.open_tab(sandbox, nordwerk, docket, ANNA, 501)
    lines = missing(anna.get("new/"))
    assert f"{names[0]} is not here: it is open to others only, not to you." in lines
    assert f"{names[1]} is not here: it is bound to other kinds of objects." in lines


def test_a_template_that_is_switched_off_and_not_open_is_not_named(
    sandbox: Sandbox, docket: Application
) -> None:
    template = sandbox.portal_one.templates[SECRECY]
    template.active = False
    boris = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert template.name not in text(boris.get("new/"))


def test_where_pipelines_cannot_be_read_the_reason_stands_without_names(
    sandbox: Sandbox, boris: Frame
) -> None:
    sandbox.state.faults.add(
        Fault("crm.category.list", "error", status=403, code="ACCESS_DENIED", times=-1)
    )
    lines = missing(boris.get("new/"))
    assert "it is bound to another pipeline." in lines
    assert "Retail" not in lines


def test_regions_are_a_filter(sandbox: Sandbox, docket: Application) -> None:
    nordwerk = sandbox.portal_one
    nordwerk.templates[OFFER].region = "uk"
    boris = people.open_tab(sandbox, nordwerk, docket, BORIS, 501)
    page = boris.get("new/?region=uk")
    assert offered(page) == {OFFER}
    assert re.search(r'value="uk" checked', text(page))
    assert offered(boris.get("new/?region=uk&q=nothing", target="templates")) == set()
    assert len(offered(boris.get("new/?region=<x>", target="templates"))) > 1
    assert not {OFFER} & offered(boris.get("new/?region=de", target="templates"))


def test_an_old_list_is_shown_at_once_and_read_again_by_the_worker(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks, "read_catalogue_soon", asked.append)
    boris.get("")
    assert asked == []
    later(minutes=11)
    sandbox.portal_one.templates[OFFER].name = "Proposal"
    boris.get("")
    page = boris.get("new/")
    assert executed(sandbox) == 0
    assert asked == [portal.pk]
    assert "being read again" in text(page)
    assert "Proposal" not in text(page)
    waiting = boris.get("new/age/", target="age")
    assert "every 2s" in text(waiting)
    assert "HX-Trigger" not in waiting.headers
    tasks.refresh_catalogue.call_local(portal.pk)
    done = boris.get("new/age/", target="age")
    assert "every 2s" not in text(done)
    assert done.headers["HX-Trigger"] == "templates-read"
    assert "Proposal" in text(boris.get("new/", target="templates"))


def test_a_reading_that_is_lost_is_asked_for_again(
    boris: Frame, portal: Portal, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks, "read_catalogue_soon", asked.append)
    later(minutes=11)
    boris.get("")
    later(seconds=61)
    assert "being read again" not in text(boris.get("new/age/", target="age"))
    boris.get("")
    assert asked == [portal.pk, portal.pk]


def test_the_worker_reads_it_before_it_is_old_where_somebody_has_a_page_open(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later
) -> None:
    assert catalogue.due() == []
    later(minutes=8, seconds=30)
    FrameSession.objects.update(ends_at=timezone.now() + timedelta(minutes=30))
    assert catalogue.due() == [portal.pk]
    assert catalogue.due() == []  # it counts as being read
    tasks.refresh_catalogue.call_local(portal.pk)
    assert executed(sandbox) == 4
    later(minutes=8, seconds=30)
    FrameSession.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    assert catalogue.due() == []


def test_the_worker_leaves_a_portal_that_fails_in_peace_for_a_while(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later
) -> None:
    later(minutes=8, seconds=30)
    FrameSession.objects.update(ends_at=timezone.now() + timedelta(hours=1))
    sandbox.state.faults.add(Fault("batch", "html", status=502, times=-1))
    assert catalogue.due() == [portal.pk]
    tasks.refresh_catalogue.call_local(portal.pk)
    assert catalogue.due() == []
    later(minutes=4)
    assert catalogue.due() == [portal.pk]


def test_a_refresh_that_fails_says_so_and_keeps_the_list(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    kept = TemplateCatalogue.objects.get().templates
    sandbox.state.faults.add(
        Fault(LIST, "error", status=400, code="0", message="Interna", times=-1)
    )
    assert "did not give a newer list than that of" in text(boris.post("new/refresh/"))
    assert OFFER in offered(boris.get("new/"))
    assert TemplateCatalogue.objects.get().templates == kept
    sandbox.state.faults.clear()
    assert "did not give" not in text(boris.post("new/refresh/"))
