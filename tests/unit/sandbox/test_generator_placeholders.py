"""The commonest placeholders of deals, and those of the other types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import sandbox as coverage
from tests.sandbox.generator import documents
from tests.sandbox.generator.grammar import code_of
from tests.sandbox.generator.providers.empty import EMPTY, EMPTY_LISTS
from tests.sandbox.world import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    QUOTE,
    SMART_INVOICE,
    Portal,
    ProductRow,
)
from tests.unit.sandbox.paper import (
    ANNA,
    BORIS,
    CLARA,
    NOW,
    TOM,
    add_template,
    lines,
    nordwerk,
    page,
    user,
)

DETAILS = (
    "RqCompanyName RqCompanyFullName RqVatId RqInn RqKpp RqOgrn RqDirector RqAccountant "
    "RegisteredAddressText PrimaryAddressText DeliveryAddressText"
)
BANK = "RqBankName RqAccNum RqIban RqSwift RqBik RqCorAccNum"
PRODUCT = (
    "Name Description Section PreviewPicture DetailPicture Quantity MeasureName Price PriceSum "
    "PriceRaw PriceRawSum PriceExclusive PriceExclusiveSum PriceNetto PriceNettoSum PriceBrutto "
    "PriceBruttoSum DiscountRate DiscountSum DiscountTotal TaxRate TaxRateName TaxValue "
    "TaxValueSum TaxIncluded"
)
PREFIXED = {
    "": "DocumentNumber DocumentTitle DocumentCreateTime Id Title Stage Category Type Source "
    "Opportunity CurrencyName Comments BeginDate Closedate Probability UfCrmWarranty "
    "PaymentQrCode ProductsIndex",
    "Assigned": "FormattedName Name LastName Email WorkPosition WorkPhone",
    "Client": "Name Phone Email Web",
    "Company": "Title Phone Email Address",
    "Contact": "FormattedName Name LastName SecondName Phone Email",
    "Requisite": DETAILS,
    "BankDetail": BANK,
    "MyCompany": "Title Phone Email Web UfLogo UfStamp UfDirectorSign UfAccountantSign "
    "AssignedName AssignedLastName AssignedPersonalPhone AssignedEmail",
    "MyCompanyRequisite": f"{DETAILS} RqStamp RqSignature",
    "MyCompanyBankDetail": BANK,
    "ProductsProduct": PRODUCT,
    "TaxesTax": "Title Rate Value Netto Brutto",
    "Total": "Sum SumWords Raw BeforeTax BeforeTaxWords Tax TaxWords BeforeDiscount Discount "
    "Quantity QuantityWords Rows RowsWords RawBeforeDiscount",
    "ContactsContact": "FormattedName Phone",
}
DEAL_CODES = [prefix + word for prefix, words in PREFIXED.items() for word in words.split()]


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def complete(portal: Portal) -> Portal:
    """Everything a document may ask for is known of deal 501."""
    picture = "/upload/crm/nordwerk-logo.png"
    deal, own, client = portal.deals[501], portal.companies[4], portal.companies[20]
    deal.rows[0].description, deal.rows[0].section = "In an aluminium frame.", "Partitions"
    deal.rows[0].preview_picture = deal.rows[0].detail_picture = picture
    portal.contacts[30].second_name = "Maria"
    own.director_sign = own.accountant_sign = picture
    client.requisites[0].bank_details = list(own.requisites[0].bank_details)
    for details in (own.requisites[0], client.requisites[0]):
        details.inn, details.kpp, details.ogrn = "7700000000", "770001001", "1027700000000"
        details.accountant, details.delivery_address = "P. Lohmann", details.registered_address
        for bank in details.bank_details:
            bank.account, bank.bik, bank.corr_account = "40702", "044525", "30101"
    return portal


def described(
    portal: Portal, codes: list[str], kind: int = DEAL, item: str = "501", who: int = ANNA
) -> dict[str, Any]:
    template = add_template(portal, page(*(f"{{{code}}}" for code in codes)))
    return documents.fields_of_template(portal, template, kind, item, user(portal, who), {}, NOW)


def printed(
    portal: Portal, body: bytes, kind: int, item: str, who: int = ANNA, **values: Any
) -> list[str]:
    template = add_template(portal, body)
    made = documents.make(portal, template.id, kind, item, user(portal, who), values, {}, True, NOW)
    return lines(portal.files[made.file_id or 0].body)


def test_every_common_placeholder_of_a_deal_is_known_by_name_and_group(portal: Portal) -> None:
    found = described(portal, DEAL_CODES)

    for code in DEAL_CODES:
        assert found[code]["title"], code
        assert found[code]["group"][0] == "Document", code


def test_every_common_placeholder_of_a_complete_deal_has_a_value(portal: Portal) -> None:
    found = described(complete(portal), DEAL_CODES)

    empty = [code for code in DEAL_CODES if found[code]["value"] in (None, "")]
    assert empty == []
    pictures = [code for code in DEAL_CODES if found[code].get("type") in ("IMAGE", "STAMP")]
    assert len(pictures) == 9


def test_what_the_sandbox_never_fills_is_known_and_listed(portal: Portal) -> None:
    for kind, item in ((DEAL, "501"), (LEAD, "701"), (QUOTE, "71"), (SMART_INVOICE, "51")):
        codes = [code_of(path) for path, _, _ in [*EMPTY[kind], *EMPTY_LISTS]]
        found = described(portal, codes, kind, item)
        assert all(found[code]["title"] for code in codes)
        assert printed(portal, page(*(f"{{{code}}}" for code in codes)), kind, item) == [""] * len(
            codes
        )


def test_the_coverage_page_names_what_is_never_filled() -> None:
    page = Path(coverage.__path__[0], "coverage.md").read_text("utf-8")
    paths = [path for one in (*EMPTY.values(), EMPTY_LISTS) for path, _, _ in one]
    heads = {code_of(path.rpartition(".")[0] or path) for path in paths}

    assert [head for head in sorted(heads) if f"`{head}" not in page] == []


def test_a_lead_has_a_name_a_status_and_an_amount_that_is_no_money(portal: Portal) -> None:
    codes = ["Title", "Status", "Opportunity", "FullName", "Phone", "Address", "TotalSum"]
    found = described(portal, codes, LEAD, "701", BORIS)

    assert {code: found[code]["value"] for code in codes} == {
        "Title": "Enquiry: practice fit-out",
        "Status": "Unassigned",
        "Opportunity": "10245.9",
        "FullName": "Malte Siems",
        "Phone": "+49 421 2010 77",
        "Address": "Osterdeich 88, 28205 Bremen, Germany",
        "TotalSum": 10245.9,
    }
    assert "type" not in found["Opportunity"]
    assert found["Title"]["group"] == ["Document", "Lead"]
    assert found["Title"]["chain"] == "this.SOURCE.TITLE"


def test_a_lead_without_a_client_is_reached_itself(portal: Portal) -> None:
    alone = described(portal, ["ClientPhone", "ClientName"], LEAD, "702")
    known = described(portal, ["ClientPhone", "ClientName"], LEAD, "703")

    assert (alone["ClientPhone"]["value"], alone["ClientName"]["value"]) == (
        "+49 4731 7712",
        None,
    )
    assert known["ClientName"]["value"] == "Buchhandlung Sturm e. K."


def test_a_quote_knows_its_deal_and_calls_its_dates_otherwise(portal: Portal) -> None:
    codes = ["QuoteNumber", "Begindate", "Terms", "DealTitle", "DealStage", "TotalDiscount"]
    found = described(portal, codes, QUOTE, "71")

    assert found["DealTitle"]["value"] == "Office refit, phase 2"
    assert found["DealTitle"]["chain"] == "this.SOURCE.DEAL.TITLE"
    assert found["Begindate"]["type"] == "Bitrix\\DocumentGenerator\\Value\\DateTime"
    assert found["Begindate"]["value"] == "12.05.2026"
    assert found["Terms"]["type"] == "TEXT"
    assert found["TotalDiscount"]["value"] == 212.4
    assert described(portal, ["LeadTitle"], QUOTE, "72")["LeadTitle"]["value"] == "More shelves"


def test_a_smart_invoice_has_two_names_for_its_dates(portal: Portal) -> None:
    codes = ["AccountNumber", "Begindate", "DateBill", "Stage", "TotalSumWords"]
    found = described(portal, codes, SMART_INVOICE, "51")

    assert found["AccountNumber"]["value"] == "51"
    assert found["DateBill"]["value"] == found["Begindate"]["value"] == "08.05.2026"
    assert found["DateBill"]["options"] == {"copy": "BEGINDATE"}
    assert found["Stage"]["value"] == "Sent to customer"
    assert found["Stage"]["group"] == ["Document", "Invoice"]
    assert printed(portal, page("{TotalSumWords}"), SMART_INVOICE, "51") == [
        "Twenty thousand eight hundred ninety-six euros 40 cents"
    ]


def test_contacts_and_companies_speak_for_themselves(portal: Portal) -> None:
    person = described(portal, ["FormattedName", "Post", "CompaniesCompanyTitle"], CONTACT, "30")
    firm = described(portal, ["Title", "Web", "RequisiteRqVatId", "TotalSum"], COMPANY, "20")

    assert person["FormattedName"]["value"] == "Dr. Katrin Vogt"
    assert person["FormattedName"]["group"] == ["Document", "Contact"]
    assert person["CompaniesCompanyTitle"]["value"] == "COMPANIES.COMPANY.TITLE"
    assert firm["Title"]["chain"] == "this.SOURCE.TITLE"
    assert firm["RequisiteRqVatId"]["value"] == "DE 268 114 095"
    assert firm["TotalSum"] == {"value": "", "default": ""}
    assert printed(portal, page("{ContactsContactFormattedName~all}"), COMPANY, "20") == [
        "Dr. Katrin Vogt, Jens Petersen"
    ]


@pytest.mark.parametrize(
    ("template", "kind", "item", "expected"),
    [
        (45, LEAD, "701", "Dear Dr. Siems,"),
        (46, SMART_INVOICE, "51", "|Total|€20,896.40"),
        (47, QUOTE, "71", "Partitions, upper floor for Office refit, phase 2"),
        (48, CONTACT, "37", "Name: Dr. Imke Ahlers"),
        (48, COMPANY, "20", "Contacts: Dr. Katrin Vogt, Jens Petersen"),
    ],
)
def test_each_type_has_a_template_that_fits_it(
    portal: Portal, template: int, kind: int, item: str, expected: str
) -> None:
    bound = portal.templates[template].entity_type_ids
    assert any(one.split("_")[0] == str(kind) for one in bound)

    boris = user(portal, BORIS)
    made = documents.make(portal, template, kind, item, boris, {}, {}, False, NOW)

    assert expected in lines(portal.files[made.file_id or 0].body)
    assert (made.entity_type_id, made.entity_id) == (kind, item)


def test_who_may_read_what(portal: Portal) -> None:
    def reads(who: int, kind: int, item: str) -> bool:
        return documents.may_read_entity(portal, user(portal, who), kind, item)

    assert [reads(BORIS, kind, item) for kind, item in _one_of_each()] == [True] * 5
    # Clara reads what is hers, of any type; Tom no clients.
    assert [reads(CLARA, kind, item) for kind, item in _one_of_each()] == [
        *(False, False, False, True, True)
    ]
    assert reads(CLARA, LEAD, "703")
    assert reads(CLARA, SMART_INVOICE, "52")
    assert not reads(TOM, COMPANY, "20")
    assert not reads(BORIS, LEAD, "9999")
    portal.users[BORIS].reads = {LEAD: "none", QUOTE: "own"}
    assert not reads(BORIS, LEAD, "701")
    assert reads(BORIS, QUOTE, "71")
    assert not reads(BORIS, QUOTE, "72")


def _one_of_each() -> list[tuple[int, str]]:
    return [(LEAD, "701"), (QUOTE, "71"), (SMART_INVOICE, "51"), (CONTACT, "30"), (COMPANY, "20")]


def test_the_client_s_number_is_that_of_company_or_contact(portal: Portal) -> None:
    portal.numerators[1].template = "{CLIENT_ID}/{SELF_ID}/{SELF_COMPANY_ID}"

    def number(kind: int, item: str) -> Any:
        return described(portal, ["Id"], kind, item)["DocumentNumber"]["value"]

    assert number(DEAL, "501") == "20/501/4"
    assert number(QUOTE, "72") == "25/72/6"
    assert number(LEAD, "702") == "/702/4"
    assert number(CONTACT, "30") == "/30/4"


def test_goods_and_services_are_printed_alone_on_request(portal: Portal) -> None:
    codes = "{TotalRows}: {ProductsProductName~all}; {TotalBeforeTax}"
    template = add_template(portal, page(codes))

    def text(**values: str) -> str:
        boris = user(portal, BORIS)
        made = documents.make(portal, template.id, DEAL, "501", boris, values, {}, False, NOW)
        assert made.values["productsTableVariant"] == values.get(
            "productsTableVariant", template.products_table_variant
        )
        return lines(portal.files[made.file_id or 0].body)[0]

    assert text().startswith("4: ")
    assert text(productsTableVariant="service") == "1: Installation, waste disposal; €5,390.00"
    template.products_table_variant = "goods"
    assert text().startswith("3: Acoustic partition")
    assert text(productsTableVariant="service").startswith("1: ")


def test_a_deal_without_rows_knows_its_amount_and_nothing_else(portal: Portal) -> None:
    codes = ["TotalSum", "TotalRaw", "TotalRows", "TotalTax", "TotalBeforeTax", "TotalQuantity"]
    found = described(portal, codes, item="511")

    assert [found[code]["value"] for code in codes] == [2750.0, 2750.0, 0, None, None, None]


def test_custom_fields_with_several_values_print_all_of_them(portal: Portal) -> None:
    portal.user_field_labels["UF_CRM_FLOORS"] = "Floors"
    portal.deals[501].user_fields |= {
        "UF_CRM_FLOORS": ["2", "3"],
        "UF_CRM_WARRANTY": date(2031, 5, 1),
    }

    assert printed(
        portal,
        page(
            "{UfCrmFloors} / {UfCrmFloors~mfirst=y} / {UfCrmFloors~mseparator=2}",
            "{UfCrmWarranty~Y}",
        ),
        DEAL,
        "501",
    ) == ["2, 3 / 2 / 2\n3", "2031"]


def test_phones_print_the_first_unless_all_are_wanted(portal: Portal) -> None:
    portal.companies[20].other_phones = ["+49 172 1"]
    body = page("{ClientPhone} / {CompanyPhone~mfirst=n} / {CompanyPhone~mfirst=n,mseparator=2}")

    assert printed(portal, body, DEAL, "501") == [
        "+49 40 5560 120 / +49 40 5560 120, +49 172 1 / +49 40 5560 120\n+49 172 1"
    ]


def test_rows_without_tax_or_name_do_not_disturb(portal: Portal) -> None:
    portal.deals[501].rows = [
        ProductRow(1, 1, "", Decimal("10.00"), Decimal("0.5"), "", None, description="loose")
    ]
    body = page("{ProductsProductName}|{ProductsProductTaxRateName}|{TotalSum}|{TaxesTaxTitle}")

    assert printed(portal, body, DEAL, "501") == [""]
    assert printed(portal, page("{ProductsProductTaxRateName}|{TotalSum}"), DEAL, "501") == [
        "Tax exempt|€5.00"
    ]
