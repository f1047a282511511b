"""Deals, rows, bindings and people, read from the documentation's samples."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from b24app.bitrix import crm, setup
from b24app.bitrix.errors import UnexpectedAnswer
from b24app.bitrix.protocol import Answer, Command, Kind
from tests.unit.bitrix import samples


def _read(command: Command[Any], result: object) -> Any:
    return command.read(Answer(result))


def test_boriss_deal() -> None:
    command = crm.get_item(crm.DEAL, 501)
    assert command.method == "crm.item.get"
    assert command.params == {"entityTypeId": 2, "id": 501, "useOriginalUfNames": "Y"}
    deal = _read(command, {"item": samples.DEAL})
    assert (deal.id, deal.category_id, deal.stage_id) == (501, 0, "NEW")
    assert (deal.opportunity, deal.currency_id) == (Decimal("999.9"), "EUR")
    assert (deal.company_id, deal.contact_id, deal.my_company_id) == (12, None, None)
    assert deal.contact_ids == (31, 32)
    assert deal.assigned_by_id == 7


def test_any_item_keeps_its_fields() -> None:
    item = _read(crm.get_item(2, 501), {"item": samples.DEAL})
    assert (item.id, item.entity_type_id) == (501, 2)
    assert item.fields["ufCrm_1720019876534"] == "321"


def test_an_item_names_the_items_it_is_linked_to() -> None:
    row = {
        "id": 51,
        "title": "First instalment",
        "categoryId": 1,
        "companyId": 22,
        "contactId": 33,
        "contactIds": [33, 34],
        "mycompanyId": 0,
        "parentId2": 503,
        "parentId183": "7",
        "leadId": 0,
        "quoteId": None,
    }
    invoice = _read(crm.get_item(crm.SMART_INVOICE, 51), {"item": row})
    assert (invoice.entity_type_id, invoice.category_id) == (31, 1)
    assert invoice.links == ((4, 22), (3, 33), (3, 34), (2, 503), (183, 7))


def test_own_fields_have_names_and_titles() -> None:
    command = crm.item_fields(crm.DEAL)
    assert command.method == "crm.item.fields"
    assert command.params == {"entityTypeId": 2, "useOriginalUfNames": "Y"}
    told = {
        "id": {"title": "ID", "upperName": "ID"},
        "UF_CRM_2_1721": {"title": "Warranty", "upperName": "UF_CRM_2_1721", "isDynamic": True},
        "UF_CRM_1722": {"title": None},
    }
    found = _read(command, {"fields": told})
    assert found == {"ID": "ID", "UF_CRM_2_1721": "Warranty", "UF_CRM_1722": "UF_CRM_1722"}


def test_a_contact_has_a_name_and_little_else() -> None:
    row = {"id": "30", "name": "Malte", "lastName": "Siems", "companyId": None}
    contact = _read(crm.get_item(crm.CONTACT, 30), {"item": row})
    assert (contact.title, contact.opportunity, contact.currency_id) == ("Malte Siems", None, "")
    assert (contact.category_id, contact.links) == (0, ())


def test_a_changed_item_is_answered() -> None:
    command = crm.update_item(2, 501, {"title": "Pumps"})
    assert command.kind is Kind.SET
    assert command.params == {
        "entityTypeId": 2,
        "id": 501,
        "fields": {"title": "Pumps"},
        "useOriginalUfNames": "Y",
    }
    assert _read(command, {"item": {**samples.DEAL, "title": "Pumps"}}).title == "Pumps"


def test_an_amount_can_be_typed_by_hand() -> None:
    row = {**samples.DEAL, "opportunity": "12.5", "isManualOpportunity": "Y"}
    item = _read(crm.get_item(2, 501), {"item": row})
    assert (item.opportunity, item.is_amount_typed) == (Decimal("12.5"), True)
    item = _read(crm.get_item(2, 501), {"item": row | {"isManualOpportunity": "N"}})
    assert not item.is_amount_typed


def test_the_rows_of_a_deal() -> None:
    command = crm.product_rows(crm.DEAL, 501)
    assert command.params["filter"] == {"=ownerType": "D", "=ownerId": 501}
    [row] = _read(command, {"productRows": [samples.PRODUCT_ROW]}).items
    assert (row.product_name, row.price, row.quantity) == (
        "Pump P3",
        Decimal(90000),
        Decimal("1.5"),
    )
    assert (row.tax_rate, row.tax_included) == (None, True)


@pytest.mark.parametrize(
    ("entity_type_id", "code"),
    [(1, "L"), (2, "D"), (3, "C"), (4, "CO"), (7, "Q"), (31, "SI"), (128, "T80"), (1032, "T408")],
)
def test_short_codes(entity_type_id: int, code: str) -> None:
    assert crm.short_code(entity_type_id) == code


def test_an_unknown_type_has_no_code() -> None:
    with pytest.raises(ValueError, match="type"):
        crm.short_code(99)


def test_a_placement_is_bound_with_its_languages() -> None:
    command = setup.placement_bind(
        "CRM_DEAL_DETAIL_TAB",
        "https://docket.example/p/1/deal/",
        languages={"en": {"TITLE": "Documents"}},
    )
    assert command.kind is Kind.SET
    assert command.params == {
        "PLACEMENT": "CRM_DEAL_DETAIL_TAB",
        "HANDLER": "https://docket.example/p/1/deal/",
        "LANG_ALL": {"en": {"TITLE": "Documents"}},
    }
    assert _read(command, True) is True


def test_what_is_bound() -> None:
    rows = [
        {
            "placement": "CRM_DEAL_DETAIL_TAB",
            "userId": 0,
            "handler": "https://docket.example/p/1/deal/",
            "options": [],
            "title": "Documents",
            "description": "",
            "langAll": [],
        }
    ]
    [bound] = _read(setup.placement_get(), rows)
    assert bound.handler == "https://docket.example/p/1/deal/"
    assert _read(setup.placement_get(), []) == ()
    assert _read(setup.placement_unbind("CRM_DEAL_DETAIL_TAB"), {"count": 2}) == 2


def test_events_are_bound_in_someones_name() -> None:
    command = setup.event_bind("ONAPPUNINSTALL", "https://docket.example/e/", user_id=1)
    assert command.params["auth_type"] == 1
    rows = [{"event": "OnAppUninstall", "handler": "https://d/", "auth_type": "0", "offline": 0}]
    [bound] = _read(setup.event_get(), rows)
    assert (bound.event, bound.user_id, bound.offline) == ("ONAPPUNINSTALL", 0, False)
    unbind = setup.event_unbind("ONAPPUNINSTALL", "https://d/")
    assert _read(unbind, {"count": 1}) == 1


def test_the_application_in_the_portal() -> None:
    row = {
        "ID": 5,
        "CODE": "local.1",
        "VERSION": 4,
        "STATUS": "L",
        "INSTALLED": True,
        "PAYMENT_EXPIRED": "N",
        "DAYS": None,
        "LANGUAGE_ID": "de",
    }
    app = _read(setup.app_info(), row)
    assert (app.installed, app.payment_expired, app.status) == (True, False, "L")


def test_anna_is_an_administrator() -> None:
    anna = _read(setup.profile(), {"ID": "1", "ADMIN": True, "NAME": "Anna", "LAST_NAME": ""})
    assert anna == setup.Person(1, "Anna", "", is_admin=True)
    with pytest.raises(UnexpectedAnswer):
        _read(setup.profile(), [])


def test_rights_are_asked_for() -> None:
    assert setup.user_access(["U7", "D3"]).params == {"ACCESS": ["U7", "D3"]}
    assert _read(setup.user_access(["U7"]), False) is False
    assert _read(setup.user_admin(), True) is True
    assert _read(setup.scope(), ["crm", "placement"]) == {"crm", "placement"}


def test_the_connection_is_checked_by_an_event_and_a_clock() -> None:
    command = setup.event_test("1779000000000-0123456789ab")
    assert command.params == {"probe": "1779000000000-0123456789ab"}
    assert _read(command, 1) is True
    told = _read(setup.server_time(), "2024-08-05T09:02:13+00:00")
    assert told == datetime(2024, 8, 5, 9, 2, 13, tzinfo=UTC)
    with pytest.raises(UnexpectedAnswer):
        _read(setup.server_time(), "2024-08-05T09:02:13")
