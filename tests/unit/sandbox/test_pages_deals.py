from __future__ import annotations

from decimal import Decimal

from tests.sandbox.state import State
from tests.sandbox.world import Portal
from tests.unit.sandbox.visitor import CLARA, Visitor, add_application, in_attribute

CARD = "/crm/deal/details/501/"


def test_boris_sees_his_deal_on_the_board_and_opens_its_card(
    portal: Portal, boris: Visitor
) -> None:
    deal = portal.deals[501]
    assert deal.title in boris.get("/crm/deal/").text
    card = boris.get(CARD).text
    company = portal.companies[deal.company_id or 0]
    for text in (deal.title, f"{deal.opportunity:,.2f}", company.title.replace("&", "&amp;")):
        assert text in card
    for row in deal.rows:
        assert row.name in card


def test_the_board_keeps_the_pipelines_apart(portal: Portal, anna: Visitor) -> None:
    for category in portal.categories.values():
        page = anna.get(f"/crm/deal/?category={category.id}").text
        for deal in portal.deals.values():
            is_here = f'href="/crm/deal/details/{deal.id}/"' in page
            assert is_here == (deal.category_id == category.id)


def test_clara_finds_only_her_own_deals_and_is_refused_the_others(
    portal: Portal, clara: Visitor
) -> None:
    pages = "".join(clara.get(f"/crm/deal/?category={one}").text for one in portal.categories)
    for deal in portal.deals.values():
        is_hers = deal.assigned_by_id == CLARA
        assert (f'href="/crm/deal/details/{deal.id}/"' in pages) == is_hers
    answer = clara.get(CARD)
    assert answer.status_code == 403
    assert "Access denied" in answer.text
    assert portal.deals[501].title not in answer.text


def test_a_deal_that_is_not_there_is_said_to_be_missing(boris: Visitor) -> None:
    assert boris.get("/crm/deal/details/99999/").status_code == 404


def test_boris_changes_the_amount_by_hand(portal: Portal, boris: Visitor) -> None:
    deal = portal.deals[501]
    before = deal.updated_time
    form = {"title": "New <name>", "opportunity": "1,250.5", "begin_date": "2026-05-12"}
    assert boris.post(CARD, form).status_code == 303
    assert (deal.title, deal.opportunity) == ("New <name>", Decimal("1250.50"))
    assert deal.is_manual_opportunity
    assert str(deal.begin_date) == "2026-05-12"
    assert deal.close_date is None
    assert deal.updated_time != before
    assert "New &lt;name&gt;" in boris.get(CARD).text


def test_nonsense_is_not_saved(portal: Portal, boris: Visitor) -> None:
    amount = portal.deals[501].opportunity
    for wrong in ({"opportunity": "much"}, {"opportunity": "NaN"}, {"begin_date": "soon"}):
        assert boris.post(CARD, wrong).status_code == 400
    assert boris.post(CARD, {"stage_id": "NOWHERE"}).status_code == 400
    assert portal.deals[501].opportunity == amount


def test_clara_cannot_change_what_she_cannot_read(portal: Portal, clara: Visitor) -> None:
    title = portal.deals[501].title
    assert clara.post(CARD, {"title": "Mine now"}).status_code == 403
    assert portal.deals[501].title == title


def test_a_click_on_a_stage_moves_the_deal(portal: Portal, boris: Visitor) -> None:
    stage = list(portal.categories[portal.deals[501].category_id].stages)[-1]
    assert boris.post(CARD, {"stage_id": stage}).status_code == 303
    assert portal.deals[501].stage_id == stage


def test_the_applications_tab_waits_until_it_is_shown(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    page = boris.get(CARD)
    assert ">Documents</a>" in page.text
    (launch,) = in_attribute(page, "data-launch")
    assert launch["options"] == {"ID": "501"}
    assert launch["app"] == app.client_id
    assert not state.tokens


def test_a_link_can_open_the_tab_by_title_number_or_key(
    state: State, portal: Portal, boris: Visitor
) -> None:
    add_application(state, portal)
    (launch,) = in_attribute(boris.get(CARD), "data-launch")
    for wish in ("documents", "1", launch["binding"]):
        page = boris.get(f"{CARD}?tab={wish}").text
        assert f'id="tab-{launch["binding"]}"' in page
        shown = page.split('aria-selected="true"')[0].rsplit("<a ", 1)[1]
        assert launch["binding"] in shown


def test_the_document_menu_offers_the_extension(
    state: State, portal: Portal, boris: Visitor
) -> None:
    add_application(state, portal)
    (popup,) = in_attribute(boris.get(CARD), "data-popup")
    assert popup["options"] == {"ENTITY_ID": "501"}


def test_an_application_that_is_not_installed_shows_nothing_in_the_card(
    state: State, portal: Portal, boris: Visitor
) -> None:
    add_application(state, portal).installed = False
    page = boris.get(CARD)
    assert not in_attribute(page, "data-launch")
    assert not in_attribute(page, "data-popup")
