from __future__ import annotations

import pytest

from tests.sandbox.state import MarketApplication, State
from tests.sandbox.world import EventBinding, Portal
from tests.unit.sandbox.visitor import ANNA, Visitor, add_application, in_attribute

FORM = "/devops/edit/application/0/"
FILLED = {
    "name": "Docket",
    "handler_url": "http://127.0.0.1:8800/p/key/",
    "install_url": "http://127.0.0.1:8800/p/key/install/",
    "scopes": ["crm", "placement"],
}


def test_anna_registers_a_local_application_and_reads_its_keys(
    portal: Portal, anna: Visitor
) -> None:
    answer = anna.post(FORM, FILLED)
    assert answer.status_code == 303
    (app,) = portal.applications.values()
    assert app.scopes == ["crm", "placement"]
    assert not app.installed
    page = anna.get(answer.location).text
    assert f'value="{app.client_id}"' in page
    assert f'value="{app.client_secret}"' in page


def test_without_an_install_address_it_is_installed_at_once(portal: Portal, anna: Visitor) -> None:
    anna.post(FORM, FILLED | {"install_url": ""})
    (app,) = portal.applications.values()
    assert app.installed


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"handler_url": "javascript:alert(1)"},
        {"install_url": "ftp://x/"},
        {"scopes": ["no"]},
    ],
)
def test_a_wrong_form_comes_back_with_a_reason(
    portal: Portal, anna: Visitor, wrong: dict[str, object]
) -> None:
    answer = anna.post(FORM, FILLED | wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert not portal.applications


def test_boris_can_neither_register_nor_delete(
    state: State, portal: Portal, boris: Visitor
) -> None:
    assert boris.get(FORM).status_code == 403
    assert boris.post(FORM, FILLED).status_code == 403
    app = add_application(state, portal)
    assert boris.post(f"/marketplace/app/{app.client_id}/delete/").status_code == 403
    assert app.client_id in portal.applications
    assert app.client_secret not in boris.get("/marketplace/").text


def test_a_new_install_address_has_to_be_gone_through_again(
    state: State, portal: Portal, anna: Visitor
) -> None:
    app = add_application(state, portal)
    path = f"/devops/edit/application/{app.client_id}/"
    anna.post(path, FILLED | {"name": "Docket 2", "install_url": app.install_url})
    assert app.installed
    anna.post(path, FILLED | {"install_url": "http://127.0.0.1:8800/other/"})
    assert not app.installed


def test_until_it_is_installed_anna_gets_the_installer_and_boris_a_sentence(
    state: State, portal: Portal, anna: Visitor, boris: Visitor
) -> None:
    app = add_application(state, portal, installed=False)
    path = f"/marketplace/app/{app.client_id}/"
    (frame,) = in_attribute(anna.get(path), "data-layout")
    assert frame["action"].startswith(f"{app.install_url}?DOMAIN=")
    assert frame["init"]["INSTALL"] is True
    assert frame["fields"]["PLACEMENT"] == "DEFAULT"
    refused = boris.get(path)
    assert refused.status_code == 403
    assert "not fully installed" in refused.text


def test_installed_it_opens_its_handler_with_what_the_address_says(
    state: State, portal: Portal, boris: Visitor
) -> None:
    app = add_application(state, portal)
    page = boris.get(f"/marketplace/app/{app.client_id}/?install_finished=Y&deal=501")
    (frame,) = in_attribute(page, "data-layout")
    assert frame["action"].startswith(f"{app.handler_url}?DOMAIN=")
    assert frame["init"]["INSTALL"] is False
    assert frame["init"]["PLACEMENT_OPTIONS"] == {"deal": "501"}
    assert frame["denied"] == []


def test_deleting_takes_places_handlers_and_tokens_along(
    state: State, portal: Portal, anna: Visitor
) -> None:
    app = add_application(state, portal)
    portal.event_bindings.append(EventBinding(1, app.client_id, "ONAPPUNINSTALL", "http://x/"))
    token = state.issue_tokens(portal, app, ANNA)
    anna.post(f"/marketplace/app/{app.client_id}/delete/", {"clean": "Y"})
    assert not portal.applications
    assert not portal.placements
    assert not portal.event_bindings
    assert token.revoked


def test_anna_takes_the_application_of_the_market(
    state: State, portal: Portal, anna: Visitor, boris: Visitor
) -> None:
    assert anna.post("/marketplace/market/").status_code == 404
    state.market = MarketApplication(
        "app.1", "secret", "Docket", "http://127.0.0.1/h/", "http://127.0.0.1/i/", ["crm"]
    )
    assert boris.post("/marketplace/market/").status_code == 403
    assert "In the Market" in anna.get("/marketplace/").text
    answer = anna.post("/marketplace/market/")
    (frame,) = in_attribute(anna.get(answer.location), "data-layout")
    assert frame["action"].startswith("http://127.0.0.1/i/?")
    assert frame["fields"]["status"] == "F"
    assert "In the Market" not in anna.get("/marketplace/").text
