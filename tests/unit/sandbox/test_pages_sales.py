"""Leads and invoices in the portal's pages, the list of deals, and applications in all of them."""

from __future__ import annotations

import pytest

from tests.sandbox.state import State
from tests.sandbox.world import LEAD, SMART_INVOICE, PlacementBinding, Portal
from tests.unit.sandbox.visitor import CLARA, Visitor, add_application, in_attribute

KINDS = [
    (LEAD, 701, "/crm/lead/", "CRM_LEAD_"),
    (SMART_INVOICE, 51, "/crm/type/31/", "CRM_SMART_INVOICE_"),
]


def bind(state: State, portal: Portal, placement: str) -> None:
    app = add_application(state, portal)
    portal.placements = [PlacementBinding(app.client_id, placement, f"{app.handler_url}deal/")]


@pytest.mark.parametrize(("kind", "item_id", "folder", "place"), KINDS)
def test_boris_goes_from_the_list_to_the_card(
    portal: Portal, boris: Visitor, kind: int, item_id: int, folder: str, place: str
) -> None:
    item = portal.sale_items[kind][item_id]
    address = f"{folder}details/{item_id}/"
    assert f'href="{address}"' in boris.get(folder).text
    card = boris.get(address).text
    assert item.title in card
    assert f"{item.opportunity:,.2f}" in card
    for row in item.rows:
        assert row.name in card
    for stage in portal.stages[kind].values():
        assert stage in card


@pytest.mark.parametrize(("kind", "item_id", "folder", "place"), KINDS)
def test_clara_finds_only_her_own_and_is_refused_the_others(
    portal: Portal, clara: Visitor, kind: int, item_id: int, folder: str, place: str
) -> None:
    page = clara.get(folder).text
    for item in portal.sale_items[kind].values():
        is_hers = item.assigned_by_id == CLARA
        assert (f'href="{folder}details/{item.id}/"' in page) == is_hers
    answer = clara.get(f"{folder}details/{item_id}/")
    assert answer.status_code == 403
    assert portal.sale_items[kind][item_id].title not in answer.text
    assert clara.get(f"{folder}details/99999/").status_code == 404


@pytest.mark.parametrize(("kind", "item_id", "folder", "place"), KINDS)
def test_the_applications_tab_is_told_the_objects_id(
    state: State, portal: Portal, boris: Visitor, kind: int, item_id: int, folder: str, place: str
) -> None:
    bind(state, portal, f"{place}DETAIL_TAB")
    (launch,) = in_attribute(boris.get(f"{folder}details/{item_id}/"), "data-launch")
    assert launch["placement"] == f"{place}DETAIL_TAB"
    assert launch["options"] == {"ID": str(item_id)}
    bind(state, portal, "CRM_DEAL_DETAIL_TAB")
    assert not in_attribute(boris.get(f"{folder}details/{item_id}/"), "data-launch")


@pytest.mark.parametrize(
    ("page", "place", "ids"),
    [
        ("/crm/deal/list/", "CRM_DEAL_LIST_MENU", None),
        ("/crm/lead/", "CRM_LEAD_LIST_MENU", {"701", "702", "703"}),
        ("/crm/type/31/", "CRM_SMART_INVOICE_LIST_MENU", {"51", "52", "53"}),
    ],
)
def test_each_row_has_a_menu_that_opens_the_application_for_it(
    state: State, portal: Portal, anna: Visitor, page: str, place: str, ids: set[str] | None
) -> None:
    bind(state, portal, place)
    launches = in_attribute(anna.get(page), "data-popup")
    assert {one["placement"] for one in launches} == {place}
    wanted = ids or {str(deal_id) for deal_id in portal.deals}
    assert {one["options"]["ID"] for one in launches} == wanted


def test_the_menu_of_a_row_opens_a_panel_that_may_not_resize_itself(
    state: State, portal: Portal, boris: Visitor
) -> None:
    bind(state, portal, "CRM_DEAL_LIST_MENU")
    [app] = portal.applications.values()
    (launch, *_) = in_attribute(boris.get("/crm/deal/list/"), "data-popup")
    opened = boris.call(
        "open",
        app,
        placement=launch["placement"],
        binding=launch["binding"],
        options='{"ID": "501"}',
        popup="1",
    ).json
    assert opened is not None
    assert opened["denied"] == ["setTitle", "resizeWindow"]
    assert opened["init"]["PLACEMENT"] == "CRM_DEAL_LIST_MENU"
    assert opened["commands"] == []


def test_a_click_on_a_stage_moves_the_invoice_and_the_event_names_the_type(
    state: State, portal: Portal, boris: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(state, "emit", lambda portal, event, data, user: told.append((event, data)))
    answer = boris.post("/crm/type/31/details/51/", {"stage_id": "DT31_1:P"})
    assert answer.status_code == 303
    assert portal.sale_items[SMART_INVOICE][51].stage_id == "DT31_1:P"
    assert told == [("ONCRMDYNAMICITEMUPDATE", {"FIELDS": {"ID": 51, "ENTITY_TYPE_ID": 31}})]
    assert boris.post("/crm/lead/details/701/", {"stage_id": "PROCESSED"}).status_code == 303
    assert told[1:] == [("ONCRMLEADUPDATE", {"FIELDS": {"ID": 701}})]
    assert boris.post("/crm/lead/details/701/", {"stage_id": "DT31_1:P"}).status_code == 400
