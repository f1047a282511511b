"""The same flow from elsewhere: leads, invoices, the Document button, the row menu of deals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from b24app.models import FrameSession, Intent, IssuedDocument
from tests import people
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, CLARA, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

REPLY, BILL, ESTIMATE = 45, 46, 47


@dataclass(frozen=True)
class Opening:
    """A place of the portal, what it is opened for, and the template that fits there."""

    placement: str
    options: dict[str, str]
    kind: int
    item_id: int
    noun: str
    template: int

    def open(self, sandbox: Sandbox, app: Application, user_id: int) -> Frame:
        portal = sandbox.portal_one
        return people.open_place(sandbox, portal, app, user_id, self.placement, self.options)


LEAD = Opening("CRM_LEAD_DETAIL_TAB", {"ID": "701"}, 1, 701, "lead", REPLY)
INVOICE = Opening("CRM_SMART_INVOICE_DETAIL_TAB", {"ID": "51"}, 31, 51, "invoice", BILL)
BUTTON = Opening("CRM_DEAL_DOCUMENTGENERATOR_BUTTON", {"ENTITY_ID": "501"}, 2, 501, "deal", OFFER)
ROW = Opening("CRM_DEAL_LIST_MENU", {"ID": "501", "URI": "/crm/deal/list/"}, 2, 501, "deal", OFFER)
OPENINGS = pytest.mark.parametrize(
    "opening", [LEAD, INVOICE, BUTTON, ROW], ids=lambda one: one.placement
)


@OPENINGS
def test_boris_makes_a_document(sandbox: Sandbox, docket: Application, opening: Opening) -> None:
    frame = opening.open(sandbox, docket, BORIS)
    assert frame.page.status_code == 200, text(frame.page)
    assert f"this {opening.noun}" in text(frame.page)
    form = open_form(frame, opening.template)
    number = made(form.send({"DocumentTitle": "For the client"}))
    document = sandbox.portal_one.documents[number]
    assert (document.entity_type_id, document.entity_id) == (opening.kind, str(opening.item_id))
    assert (document.title, document.template_id) == ("For the client", opening.template)
    assert document.created_by == BORIS
    record = IssuedDocument.objects.get()
    assert (record.entity_type_id, record.entity_id) == (opening.kind, opening.item_id)
    assert "For the client" in text(frame.get(""))
    assert "For the client" in text(frame.get(f"documents/{number}/"))


@OPENINGS
def test_opening_costs_one_request_warm(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    opening.open(sandbox, docket, BORIS)
    sandbox.state.record.clear()
    opening.open(sandbox, docket, BORIS)
    [batch] = sandbox.state.record.rest()
    assert batch.commands == ["crm.item.get", "crm.documentgenerator.document.list"]
    assert batch.user_id == BORIS


@OPENINGS
def test_only_templates_bound_to_the_type_are_offered(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    page = text(opening.open(sandbox, docket, BORIS).get("new/"))
    of_other_types = {OFFER, REPLY, BILL} - {opening.template}
    assert f"new/{opening.template}/" in page
    for template in of_other_types:
        assert f"new/{template}/" not in page
    assert f"All that fit this {opening.noun}" in page


@OPENINGS
def test_s25_clara_is_refused_and_learns_nothing(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    boris = opening.open(sandbox, docket, BORIS)
    number = made(open_form(boris, opening.template).send({"DocumentTitle": "Secret plan"}))
    clara = opening.open(sandbox, docket, CLARA)
    for answer in (
        clara.page,
        clara.get(""),
        clara.get("new/"),
        clara.get(f"documents/{number}/"),
        clara.get(f"documents/{number}/edit/"),
        clara.post(f"documents/{number}/link/", {"on": "1"}),
    ):
        assert answer.status_code in {403, 404}, text(answer)
        assert "Secret plan" not in text(answer)
    page = text(clara.page)
    assert f"You cannot see the documents of this {opening.noun}" in page
    assert "Clara Sommer" in page


def test_s26_a_document_of_the_invoice_is_not_found_from_the_lead(
    sandbox: Sandbox, docket: Application
) -> None:
    number = made(open_form(INVOICE.open(sandbox, docket, BORIS), BILL).send({}))
    lead = LEAD.open(sandbox, docket, BORIS)
    answer = lead.get(f"documents/{number}/")
    assert answer.status_code == 404
    assert "This document is not in the lead any more" in text(answer)
    assert lead.post(f"documents/{number}/delete/").status_code == 404
    assert number in sandbox.portal_one.documents


def test_s26_the_same_id_in_another_type_is_another_object(
    sandbox: Sandbox, docket: Application
) -> None:
    """Deal 51 does not exist, invoice 51 does: the type in the placement decides."""
    portal = sandbox.portal_one
    frame = people.open_tab(sandbox, portal, docket, BORIS, 51)
    assert frame.page.status_code == 403
    assert "this deal" in text(frame.page)


@pytest.mark.parametrize("opening", [LEAD, INVOICE], ids=lambda one: one.noun)
def test_s26_a_type_that_contradicts_the_place_is_no_launch(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    options = {**opening.options, "ENTITY_TYPE_ID": "2"}
    frame = people.open_place(
        sandbox, sandbox.portal_one, docket, BORIS, opening.placement, options
    )
    assert frame.page.status_code == 400
    assert not FrameSession.objects.filter(person__user_id=BORIS).exists()


@pytest.mark.parametrize("opening", [LEAD, INVOICE], ids=lambda one: one.noun)
def test_an_object_that_is_not_saved_yet_is_called_by_its_name(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    frame = people.open_place(
        sandbox, sandbox.portal_one, docket, BORIS, opening.placement, {"ID": "0"}
    )
    assert frame.page.status_code == 409
    assert f"This {opening.noun} is not saved yet" in text(frame.page)


@pytest.mark.parametrize("opening", [LEAD, INVOICE], ids=lambda one: one.noun)
def test_a_form_belongs_to_the_object_it_was_opened_for(
    sandbox: Sandbox, docket: Application, opening: Opening
) -> None:
    form = open_form(opening.open(sandbox, docket, BORIS), opening.template)
    elsewhere = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert elsewhere.post(form.path, form.inputs).status_code == 404
    assert Intent.objects.get().state == Intent.State.OPEN


def test_over_the_list_the_page_says_which_deal_it_is_about(
    sandbox: Sandbox, docket: Application
) -> None:
    title = sandbox.portal_one.deals[501].title
    assert title in text(ROW.open(sandbox, docket, BORIS).page)
    assert title not in text(BUTTON.open(sandbox, docket, BORIS).page)


QUOTE = Opening("CRM_QUOTE_DETAIL_TAB", {"ID": "71"}, 7, 71, "quote", ESTIMATE)
"""A type that no line of the places names yet: nothing below the places needs to change for it."""


@pytest.fixture
def quotes(sandbox: Sandbox, docket: Application) -> Application:
    """The line that the table of places lacks."""
    places = sandbox.portal_one.placements
    places.append(replace(places[0], placement=QUOTE.placement))
    return docket


def test_a_type_without_a_place_of_its_own_yet_works_all_the_same(
    sandbox: Sandbox, quotes: Application
) -> None:
    frame = QUOTE.open(sandbox, quotes, BORIS)
    assert "No documents here yet" in text(frame.page)
    number = made(open_form(frame, ESTIMATE).send({}))
    assert sandbox.portal_one.documents[number].entity_type_id == 7


@pytest.mark.parametrize(("reads_deals", "shown"), [("all", True), ("none", False)])
def test_s25_the_deal_behind_a_quote_is_shown_only_to_who_may_read_it(
    sandbox: Sandbox, quotes: Application, reads_deals: str, shown: bool
) -> None:
    """Boris may not read templates' fields, so the installation asks, which may read all deals."""
    portal = sandbox.portal_one
    boris = portal.users[BORIS]
    boris.reads_deals, boris.reads = reads_deals, {7: "all"}
    page = open_form(QUOTE.open(sandbox, quotes, BORIS), ESTIMATE).page
    assert (portal.deals[501].title in page) is shown
    assert ("You may not read this in Bitrix24" in page) is not shown
