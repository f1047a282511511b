from __future__ import annotations

from tests.sandbox.world import Portal
from tests.unit.sandbox.visitor import Visitor


def test_boris_corrects_phone_and_address_of_a_company(portal: Portal, boris: Visitor) -> None:
    company = portal.companies[portal.deals[501].company_id or 0]
    path = f"/crm/company/details/{company.id}/?IFRAME=Y"
    form = {
        "phone": "+49 40 1",
        "street": "Neue Straße 7",
        "postal_code": "20095",
        "city": "Hamburg",
    }
    answer = boris.post(path, form)
    assert answer.status_code == 303
    assert answer.location.endswith("IFRAME=Y")
    assert company.phone == "+49 40 1"
    assert company.address
    assert company.address.street == "Neue Straße 7"
    for requisite in company.requisites:
        assert requisite.registered_address
        assert requisite.registered_address.street == "Neue Straße 7"
    assert "Neue Straße 7, 20095 Hamburg" in boris.get(path).text


def test_in_a_panel_a_card_has_no_menu(portal: Portal, boris: Visitor) -> None:
    contact = portal.deals[501].contact_ids[0]
    path = f"/crm/contact/details/{contact}/"
    assert "Main menu" in boris.get(path).text
    assert "Main menu" not in boris.get(f"{path}?IFRAME=Y").text


def test_boris_gives_a_contact_a_new_phone(portal: Portal, boris: Visitor) -> None:
    contact = portal.contacts[portal.deals[501].contact_ids[0]]
    post = contact.post
    boris.post(f"/crm/contact/details/{contact.id}/", {"phone": "+49 40 2"})
    assert (contact.phone, contact.post) == ("+49 40 2", post)


def test_who_may_not_see_clients_sees_none(portal: Portal, boris: Visitor) -> None:
    portal.users[7].reads_clients = False
    company = portal.deals[501].company_id
    assert boris.get(f"/crm/company/details/{company}/").status_code == 403
    assert boris.get("/crm/contact/").status_code == 403
    assert portal.companies[company or 0].title not in boris.get("/crm/deal/details/501/").text


def test_a_missing_client_is_said_to_be_missing(boris: Visitor) -> None:
    assert boris.get("/crm/company/details/99999/").status_code == 404
