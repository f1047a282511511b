"""What getfields answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.generator import documents
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.world import Portal
from tests.unit.sandbox.paper import (
    ANNA,
    BORIS,
    CLARA,
    DEAL,
    NOW,
    TOM,
    add_template,
    nordwerk,
    page,
    user,
)

MONEY = "Bitrix\\Crm\\Integration\\DocumentGenerator\\Value\\Money"
ADDRESS = "Bitrix\\Crm\\Integration\\DocumentGenerator\\Value\\Address"


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def fields(
    portal: Portal,
    *placeholders: str,
    values: dict[str, Any] | None = None,
    deal: str = "501",
    who: int = ANNA,
) -> dict[str, Any]:
    template = add_template(portal, page(*placeholders))
    template.numerator_id = 2
    return documents.fields_of_template(
        portal, template, DEAL, deal, user(portal, who), values or {}, NOW
    )


def test_only_what_the_template_uses_and_number_and_name(portal: Portal) -> None:
    found = fields(portal, "{Title} {TotalSum}")

    assert list(found) == ["Title", "TotalSum", "DocumentNumber", "DocumentTitle"]
    assert found["Title"] == {
        "title": "Name",
        "value": "Office refit, phase 2",
        "group": ["Document", "Deal"],
        "chain": "this.SOURCE.TITLE",
        "default": "Office refit, phase 2",
    }
    assert found["TotalSum"] == {
        "title": "Total amount",
        "value": 48650.77,
        "type": MONEY,
        "format": {"currencyId": "EUR", "withZeros": True},
        "group": ["Document", "Totals"],
        "chain": "this.SOURCE.TOTAL_SUM",
        "default": 48650.77,
    }
    assert found["DocumentNumber"]["required"] == "Y"
    assert found["DocumentTitle"]["chain"] == [{}, "getTitle"]


def test_the_number_is_a_preview_and_the_name_follows_it(portal: Portal) -> None:
    for _ in range(2):
        found = fields(portal, "{Title}")
        assert found["DocumentNumber"]["value"] == "2026-048"
        assert found["DocumentTitle"]["value"] == "Letter 2026-048"


def test_substitutions_show_in_value_and_default_of_a_template(portal: Portal) -> None:
    found = fields(portal, "{Title}", values={"Title": "Phase 3", "DocumentNumber": "2026-001"})

    assert found["Title"]["value"] == found["Title"]["default"] == "Phase 3"
    assert found["DocumentNumber"]["value"] == "2026-001"
    assert found["DocumentTitle"]["value"] == "Letter 2026-001"


def test_columns_tell_where_their_values_come_from(portal: Portal) -> None:
    found = fields(portal, "{ProductsProductName} {TaxesTaxValue} {ProductsIndex}")

    assert found["ProductsProductName"]["value"] == "PRODUCTS.PRODUCT.NAME"
    assert found["ProductsProductName"]["options"] == {"isArray": True}
    assert found["ProductsIndex"]["value"] == "PRODUCTS.INDEX"
    assert found["TaxesTaxValue"]["hideRow"] == "Y"


def test_addresses_dates_and_missing_things(portal: Portal) -> None:
    found = fields(
        portal,
        "{RequisiteRegisteredAddressText}{RequisiteDeliveryAddressText}{BeginDate}{Nonsense}",
    )

    assert found["RequisiteRegisteredAddressText"]["type"] == ADDRESS
    assert found["RequisiteRegisteredAddressText"]["value"] == (
        "Neuer Wall 48, 20354 Hamburg, Germany"
    )
    assert found["RequisiteDeliveryAddressText"]["value"] is None
    assert found["BeginDate"]["type"] == "DATE"
    assert found["BeginDate"]["format"] == {"format": "d.m.Y"}
    assert found["Nonsense"] == {"value": "", "default": ""}


def test_two_own_companies_are_a_choice_only_where_the_template_uses_one(portal: Portal) -> None:
    assert "MY_COMPANY" not in fields(portal, "{Title}")

    found = fields(portal, "{MyCompanyTitle}")
    assert found["MY_COMPANY"] == {
        "title": "My Company",
        "value": [
            {"value": "4", "title": "Nordwerk Innenausbau GmbH", "selected": True},
            {"value": "6", "title": "Nordwerk Service GmbH", "selected": False},
        ],
        "group": ["Document", "My Company"],
    }


def test_choosing_the_other_company_changes_fields_choices_and_number(portal: Portal) -> None:
    codes = "{MyCompanyTitle}{MyCompanyBankDetailRqIban}{MyCompanyUfDirectorSign}"
    before = fields(portal, codes)
    after = fields(portal, codes, values={"MY_COMPANY": 6})

    assert set(before["MY_COMPANY.BANK_DETAIL"]["value"]) == {"411", "412"}
    assert before["MyCompanyUfDirectorSign"]["value"] is None
    assert "MY_COMPANY.BANK_DETAIL" not in after
    assert after["MyCompanyTitle"]["value"] == "Nordwerk Service GmbH"
    assert after["MyCompanyUfDirectorSign"]["value"].endswith("service-director.png")
    assert [one["selected"] for one in after["MY_COMPANY"]["value"]] == [False, True]
    assert (before["DocumentNumber"]["value"], after["DocumentNumber"]["value"]) == (
        "2026-048",
        "2026-011",
    )


def test_details_to_choose_from_come_keyed_by_id(portal: Portal) -> None:
    found = fields(portal, "{RequisiteRqCompanyFullName}", deal="502")

    assert found["REQUISITE"]["value"] == {
        "210": {"value": 210, "title": "Hansa Logistik AG", "selected": True},
        "211": {"value": 211, "title": "Hansa Logistik, branch Hamburg", "selected": False},
    }
    other = fields(portal, "{RequisiteRqCompanyFullName}", deal="502", values={"REQUISITE": "211"})
    assert other["RequisiteRqCompanyFullName"]["value"].endswith("Hamburg")


def test_a_deal_with_two_contacts_lets_choose(portal: Portal) -> None:
    found = fields(portal, "{ContactFormattedName}", values={"CONTACT": 31})

    assert found["ContactFormattedName"]["value"] == "Jens Petersen"
    assert [one["title"] for one in found["CONTACT"]["value"]] == ["Katrin Vogt", "Jens Petersen"]


def test_who_may_not_read_clients_finds_them_empty(portal: Portal) -> None:
    codes = "{ClientName}{CompanyTitle}{ContactFormattedName}{RequisiteRqVatId}{MyCompanyTitle}"
    found = fields(portal, codes, who=TOM)

    for code in ("ClientName", "CompanyTitle", "ContactFormattedName", "RequisiteRqVatId"):
        assert found[code]["value"] is None
    assert "CONTACT" not in found
    assert found["MyCompanyTitle"]["value"] == "Nordwerk Innenausbau GmbH"


def test_clara_gets_no_fields_of_a_deal_that_is_not_hers(portal: Portal) -> None:
    with pytest.raises(GeneratorError) as refused:
        fields(portal, "{Title}", who=CLARA)

    assert refused.value.code == "DOCGEN_ACCESS_ERROR"
    assert fields(portal, "{Title}", who=CLARA, deal="508")["Title"]["value"].startswith("Pop-up")


def test_without_a_deal_the_fields_are_known_and_empty(portal: Portal) -> None:
    found = fields(portal, "{Title}{TotalSum}{MyCompanyTitle}", deal="", who=BORIS)

    assert (found["Title"]["value"], found["TotalSum"]["value"]) == (None, None)
    assert found["MyCompanyTitle"]["value"] == "Nordwerk Innenausbau GmbH"


def test_an_existing_document_shows_its_override_beside_what_the_deal_says(portal: Portal) -> None:
    template = add_template(portal, page("{Title} {BeginDate}"))
    anna = user(portal, ANNA)
    sent = {"Title": "Phase 3", "BeginDate": "2026-07-01T00:00:00+02:00"}
    document = documents.make(portal, template.id, DEAL, "501", anna, sent, {}, False, NOW)

    found = documents.fields_of_document(portal, document, anna, {}, NOW)
    tried = documents.fields_of_document(portal, document, anna, {"Title": None}, NOW)

    assert (found["Title"]["value"], found["Title"]["default"]) == (
        "Phase 3",
        "Office refit, phase 2",
    )
    assert found["BeginDate"]["value"] == "2026-07-01T00:00:00+02:00"
    assert found["BeginDate"]["default"] == "01.06.2026"
    assert tried["Title"]["value"] == "Office refit, phase 2"
    assert document.values["Title"] == "Phase 3"
