"""Documents that no longer match what they were made of: who is told, what it costs."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from b24app.documents import capture, history
from b24app.models import DriftReport, Portal, PublicLink, Snapshot
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
from tests.integration.test_places import INVOICE as INVOICE_CARD
from tests.integration.test_places import LEAD, Opening
from tests.people import ANNA, BORIS, CLARA, Frame
from tests.sandbox import changes
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Deal

GETFIELDS = "crm.documentgenerator.document.getfields"
BADGE = "Differs from deal"
ASKS = re.compile(r'id="attention"[^>]* hx-get="([^"]+)" hx-trigger="load"')
DELIVERY = 11
"""The type of a delivery address."""


@pytest.fixture
def document_id(boris: Frame, portal: Portal) -> int:
    """Boris's offer in deal 501, its version read."""
    return new(boris, portal, OFFER)


@pytest.fixture
def deal(sandbox: Sandbox) -> Deal:
    return sandbox.portal_one.deals[501]


def new(frame: Frame, portal: Portal, template: int, **typed: str) -> int:
    document_id = made(open_form(frame, template).send(typed))
    capture.capture(portal.pk)
    return document_id


def look(frame: Frame) -> str:
    """What the page gets that asks once it is shown; "" where there is nothing to swap."""
    answer = frame.get("drift/")
    assert answer.status_code in {200, 204}
    return text(answer)


def findings(document_id: int) -> dict[str, tuple[str, str]]:
    row = DriftReport.objects.get(snapshot__document_id=document_id)
    assert row.found == len(row.findings)
    return {one["title"]: (one["before"], one["after"]) for one in row.findings}


def open_again(sandbox: Sandbox, docket: Application, user_id: int, deal_id: int = 501) -> Frame:
    return people.open_tab(sandbox, sandbox.portal_one, docket, user_id, deal_id)


# What is found


@pytest.mark.parametrize("template", [OFFER, CONTRACT, INVOICE, ACT, SECRECY])
def test_a_fresh_document_raises_no_alarm_then_or_later(
    sandbox: Sandbox,
    docket: Application,
    anna: Frame,
    deal: Deal,
    portal: Portal,
    later: Later,
    template: int,
) -> None:
    document_id = new(anna, portal, template)
    assert BADGE not in look(anna)
    later(days=3)
    deal.stage_id, deal.probability = "WON", 100
    deal.updated_time = sandbox.state.clock.now()
    assert BADGE not in look(open_again(sandbox, docket, ANNA))
    assert findings(document_id) == {}


def test_nor_does_one_of_the_other_pipeline(
    sandbox: Sandbox, docket: Application, deal: Deal, portal: Portal
) -> None:
    deal.category_id = 1
    frame = open_again(sandbox, docket, ANNA)
    document_id = new(frame, portal, FRAMEWORK)
    assert BADGE not in look(frame)
    assert findings(document_id) == {}


@pytest.mark.parametrize("opening", [LEAD, INVOICE_CARD], ids=["lead", "invoice"])
def test_leads_and_invoices_are_looked_at_alike(
    sandbox: Sandbox, docket: Application, portal: Portal, opening: Opening
) -> None:
    frame = opening.open(sandbox, docket, BORIS)
    document_id = new(frame, portal, opening.template)
    assert f"Differs from {opening.noun}" not in look(frame)
    assert findings(document_id) == {}
    sales = sandbox.portal_one
    item = sales.sale_items[opening.kind][opening.item_id]
    if item.company_id:
        sales.companies[item.company_id].title = "Renamed"
    item.title = "Another title"
    item.opportunity = Decimal(7)
    page = look(frame)
    assert findings(document_id)
    assert f"Differs from {opening.noun}" in page
    assert f"no longer matches the {opening.noun}." in page
    assert f"Checked against the {opening.noun} today" in page


def test_each_seeded_change_is_named(
    sandbox: Sandbox, boris: Frame, deal: Deal, document_id: int
) -> None:
    portal = sandbox.portal_one
    deal.rows[1].quantity = Decimal(150)
    deal.rows[0].price = Decimal(1500)
    removed = deal.rows.pop()
    began, deal.begin_date = deal.begin_date, date(2027, 1, 11)
    deal.user_fields["UF_CRM_PAYMENT_TERMS"] = "Prepaid."
    deal.title = "Office refit, phase 3"
    portal.contacts[30].last_name = "Vogt-Lindner"
    portal.companies[4].logo = "/upload/crm/other.png"
    page = look(boris)
    found = findings(document_id)
    assert next(iter(found)) == "Total amount"
    assert found["Row 2, quantity"] == ("210 m²", "150 m²")
    assert found["Row 1, price"] == ("1404.2", "1500")
    assert any(title.endswith("is gone") for title in found), removed.name
    assert found["Start date"] == (f"{began:%d.%m.%Y}", "11.01.2027")
    assert found["Name"] == ("Office refit, phase 2", "Office refit, phase 3")
    assert {"Payment terms", "My Company: Logo", "Contact: Full name"} <= set(found)
    assert BADGE in page
    assert "no longer matches the deal." in page
    assert "48,650.77 EUR" in page
    assert f'href="{boris.base}documents/{document_id}/edit/"' in page


def test_rows_that_were_written_anew_under_other_ids_are_the_same_rows(
    boris: Frame, deal: Deal, document_id: int
) -> None:
    for number, row in enumerate(deal.rows):
        row.id = 9000 + number
    look(boris)
    assert findings(document_id) == {}


def test_a_row_more_is_named(boris: Frame, deal: Deal, document_id: int) -> None:
    row = type(deal.rows[0])(**{**vars(deal.rows[0]), "id": 9000, "name": "Skirting"})
    deal.rows.append(row)
    look(boris)
    assert f"Row {len(deal.rows)} is new" in findings(document_id)


def test_what_was_typed_over_counts_when_the_crm_has_changed_under_it(
    boris: Frame, deal: Deal, portal: Portal
) -> None:
    document_id = new(boris, portal, OFFER, UfCrmPaymentTerms="By hand.")
    look(boris)
    assert findings(document_id) == {}
    deal.user_fields["UF_CRM_PAYMENT_TERMS"] = "Prepaid."
    look(boris)
    assert findings(document_id) == {"Payment terms": ("By hand.", "Prepaid.")}
    deal.user_fields["UF_CRM_PAYMENT_TERMS"] = "By hand."
    look(boris)
    assert findings(document_id) == {}, "the CRM has caught up"


# Who is told, and when


def test_the_first_paint_does_not_wait_and_the_badge_comes_by_itself(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int
) -> None:
    deal.rows[1].quantity = Decimal(150)
    sandbox.state.record.clear()
    frame = open_again(sandbox, docket, BORIS)
    page = text(frame.page)
    asks = ASKS.search(page)
    assert asks
    assert BADGE not in page
    assert len(sandbox.state.record.rest()) == 1
    assert sandbox.state.record.executed(GETFIELDS) == 0
    answer = text(frame.get(asks[1]))
    assert len(sandbox.state.record.rest()) == 2, "one more"
    assert BADGE in answer
    assert re.search(rf'id="doc-{document_id}" hx-swap-oob="true"', answer)
    assert "Checked against the deal today" in answer


def test_for_a_while_the_answer_serves_everybody(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int, later: Later
) -> None:
    deal.rows[1].quantity = Decimal(150)
    look(boris)
    page = text(open_again(sandbox, docket, ANNA).page)
    assert BADGE in page
    assert "Checked against the deal today" in page
    assert not ASKS.search(page)
    deal.updated_time = sandbox.state.clock.now()
    assert ASKS.search(text(open_again(sandbox, docket, ANNA).page)), "the deal was changed"
    deal.updated_time = None
    later(minutes=3)
    assert ASKS.search(text(open_again(sandbox, docket, ANNA).page))


def test_a_reload_asks_at_once(boris: Frame, document_id: int) -> None:
    look(boris)
    assert not ASKS.search(text(boris.get("")))
    assert 'deal/?now"' in text(boris.get("")), "so does the button that reads the list again"
    assert ASKS.search(text(boris.get("?now")))


def test_when_it_matches_again_the_badge_goes(boris: Frame, deal: Deal, document_id: int) -> None:
    deal.rows[1].quantity = Decimal(150)
    assert BADGE in look(boris)
    deal.rows[1].quantity = Decimal(210)
    page = look(boris)
    assert f'id="doc-{document_id}" hx-swap-oob="true"' in page, "the row is told so"
    assert BADGE not in page
    assert re.search(r'id="attention"[^>]* hidden', page)


def test_clara_may_not_read_the_deal_and_gets_nothing(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int
) -> None:
    deal.rows[1].quantity = Decimal(150)
    look(boris)
    frame = open_again(sandbox, docket, CLARA)
    sandbox.state.record.clear()
    answer = frame.get("drift/")
    assert answer.status_code == 403
    assert BADGE not in text(frame.page) + text(answer)
    assert sandbox.state.record.executed(GETFIELDS) == 0


def test_who_may_not_change_documents_gets_what_others_found(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int, later: Later
) -> None:
    deal.rows[1].quantity = Decimal(150)
    sandbox.portal_one.contacts[30].last_name = "Seen by Boris"
    look(boris)
    sandbox.portal_one.users[ANNA].is_admin = False
    sandbox.portal_one.users[ANNA].documents_modify = False
    later(minutes=10)
    deal.rows[1].quantity = Decimal(99)
    frame = open_again(sandbox, docket, ANNA)
    for page in (text(frame.page), look(frame)):
        assert BADGE in page
        assert "150 m²" in page
        assert "Contact: Full name" in page
        assert "Seen by Boris" not in page, "she may have no right to clients"
    assert findings(document_id)["Row 2, quantity"] == ("210 m²", "150 m²")


def test_clients_that_somebody_may_not_read_are_no_drift(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int
) -> None:
    sandbox.portal_one.users[BORIS].reads_clients = False
    deal.rows[1].quantity = Decimal(150)
    look(boris)
    assert set(findings(document_id)) == {"Total amount", "Total before tax", "Row 2, quantity"}


def test_an_open_link_makes_it_louder(
    boris: Frame, deal: Deal, portal: Portal, document_id: int
) -> None:
    other = new(boris, portal, INVOICE)
    boris.post(f"documents/{document_id}/link/", {"on": "1"})
    assert PublicLink.objects.get().is_on
    deal.rows[1].quantity = Decimal(150)
    page = look(boris)
    assert page.index(f'id="drift-{document_id}"') < page.index(f'id="drift-{other}"')
    assert page.count("Its public link is on: the client can still read the old one.") == 1
    assert '<span class="chip t-stop">' in page
    assert '<span class="chip t-warn">' in page


# What is not compared


def test_a_version_that_nobody_has_read_yet_is_not_compared_with_an_older(
    sandbox: Sandbox, docket: Application, boris: Frame, deal: Deal, document_id: int, later: Later
) -> None:
    deal.rows[1].quantity = Decimal(150)
    look(boris)
    later(seconds=60)
    document = sandbox.portal_one.documents[document_id]
    document.updated_time = sandbox.state.clock.now()
    frame = open_again(sandbox, docket, BORIS)
    assert BADGE not in text(frame.page)
    assert BADGE not in look(frame)


def test_a_deleted_template_makes_no_noise(
    sandbox: Sandbox, boris: Frame, deal: Deal, document_id: int
) -> None:
    deal.rows[1].quantity = Decimal(150)
    assert BADGE in look(boris)
    changes.delete_template(sandbox.portal_one, OFFER)
    assert BADGE not in look(boris)
    assert not DriftReport.objects.exists()


def test_documents_that_nobody_has_read_cost_nothing(sandbox: Sandbox, docket: Application) -> None:
    frame = open_again(sandbox, docket, BORIS, 503)
    assert not ASKS.search(text(frame.page))
    sandbox.state.record.clear()
    assert look(frame) == ""
    assert not list(sandbox.state.record)


@pytest.mark.parametrize("kind", ["html", "reset"])
def test_a_portal_that_is_silent_leaves_the_list_as_it_is(
    sandbox: Sandbox, boris: Frame, document_id: int, kind: str
) -> None:
    sandbox.state.faults.add(Fault("batch", kind, status=502, times=-1))
    assert look(boris) == ""


# What it costs, and what is kept


def test_drift_over_fifty_documents_costs_one_request(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    frame = open_again(sandbox, docket, BORIS, 503)
    for _ in range(5):
        capture.capture(portal.pk)
    assert Snapshot.objects.count() >= 50
    sandbox.portal_one.deals[503].title = "Another name"
    sandbox.state.record.clear()
    look(frame)
    (batch,) = sandbox.state.record.rest()
    assert batch.user_id == BORIS
    assert sandbox.state.record.executed(GETFIELDS) == len(batch.commands) - 2 == 48
    assert DriftReport.objects.count() == 48
    look(frame)
    assert DriftReport.objects.count() == 50, "the rest came first the next time"


def test_what_is_kept_is_sealed_and_goes_with_its_version(
    boris: Frame, deal: Deal, portal: Portal, document_id: int
) -> None:
    deal.title = "Hidden words"
    look(boris)
    report = DriftReport.objects.get()
    assert b"Hidden words" not in bytes(report.findings_sealed)
    assert report.places() == {"findings_sealed": f"drift:{portal.pk}:{report.snapshot_id}"}
    history.gone(portal, document_id)
    assert not DriftReport.objects.exists()
    assert Snapshot.objects.exists()
