"""What is sent as `values`: what is kept, what is printed, what it changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.generator import documents
from tests.sandbox.generator.overrides import as_text
from tests.sandbox.world import Document, Portal
from tests.unit.sandbox.paper import (
    ANNA,
    BORIS,
    DEAL,
    NOW,
    add_template,
    lines,
    nordwerk,
    page,
    user,
)

CODES = ["Title", "TotalSum", "BeginDate", "Comments", "RequisiteRqInn", "Whatever"]
COMPUTED = {
    "Title": "Office refit, phase 2",
    "TotalSum": 48650.77,
    "BeginDate": "01.06.2026",
    "Comments": "Works in two stages, floor by floor; the office stays open.",
    "RequisiteRqInn": None,
    "Whatever": "",
    "ProductsProductName": "PRODUCTS.PRODUCT.NAME",
}
"""What getfields shows of deal 501; nobody knows `Whatever`, and the client has no INN."""
SENT = st.sampled_from(
    [
        *(None, "", "Phase 3", 0, 48650.77, "48650.77", "€48,650.77", "01.06.2026", True, False),
        *("2026-06-01T00:00:00+02:00", "Office refit, phase 2", [], ["a", "b"], {"NAME": "K"}),
        "PRODUCTS.PRODUCT.NAME",
    ]
)
CHANGES = st.lists(st.dictionaries(st.sampled_from([*COMPUTED]), SENT, max_size=4), max_size=6)


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def letter(portal: Portal, *paragraphs: str, **values: Any) -> Document:
    template = add_template(portal, page(*paragraphs))
    boris = user(portal, BORIS)
    return documents.make(portal, template.id, DEAL, "501", boris, values, {}, False, NOW)


def again(portal: Portal, document: Document, values: dict[str, Any]) -> None:
    later = NOW + timedelta(hours=1)
    documents.regenerate(portal, document, user(portal, BORIS), values, False, later)


def text(portal: Portal, document: Document) -> list[str]:
    return lines(portal.files[document.file_id or 0].body)


def overrides_of(document: Document) -> dict[str, Any]:
    service = ("productsTableVariant", "_creationMethod", "stampsEnabled")
    return {code: raw for code, raw in document.values.items() if code not in service}


@given(CHANGES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sent_the_stored_values_are_those_that_say_something_new(
    changes: list[dict[str, Any]],
) -> None:
    portal = nordwerk()
    document = letter(portal, *(f"{{{code}}}" for code in COMPUTED))
    model: dict[str, Any] = {}
    for change in changes:
        again(portal, document, change)
        for code, raw in change.items():
            model[code] = raw
            if raw is None or as_text(raw) == as_text(COMPUTED[code]):
                del model[code]
        assert overrides_of(document) == model


def test_numbers_and_switches_are_compared_as_php_compares_texts() -> None:
    values = [None, False, True, 12.0, 48650.77, 7, [], {"a": 1}, "x"]

    assert [as_text(one) for one in values] == [
        *("", "", "1", "12", "48650.77", "7", "Array", "Array", "x")
    ]


def test_an_omitted_key_stays_and_an_empty_text_is_a_blank(portal: Portal) -> None:
    document = letter(portal, "[{Title}] [{Comments}]", Title="Phase 3", Comments="")
    again(portal, document, {"Unknown": "kept"})

    assert text(portal, document) == ["[Phase 3] []"]
    assert overrides_of(document) == {"Title": "Phase 3", "Comments": "", "Unknown": "kept"}


def test_what_repeats_the_crm_goes_on_following_it(portal: Portal) -> None:
    document = letter(portal, "{Title}", Title="Office refit, phase 2")
    portal.deals[501].title = "Office refit, phase 3"
    again(portal, document, {})

    assert text(portal, document) == ["Office refit, phase 3"]


def test_null_brings_the_crm_s_value_back(portal: Portal) -> None:
    document = letter(portal, "{Title}", Title="Phase 3")
    again(portal, document, {"Title": None})

    assert text(portal, document) == ["Office refit, phase 2"]
    assert overrides_of(document) == {}


def test_a_value_may_be_the_path_of_another_field(portal: Portal) -> None:
    document = letter(portal, "{Comments}", Comments="this.SOURCE.TITLE")

    assert text(portal, document) == ["Office refit, phase 2"]
    assert overrides_of(document) == {"Comments": "this.SOURCE.TITLE"}


def test_a_list_is_printed_with_commas_and_an_object_not_at_all(portal: Portal) -> None:
    document = letter(portal, "[{Title}] [{Comments}]", Title=["a", "b"], Comments={"x": 1})

    assert text(portal, document) == ["[a, b] []"]
    shown = documents.fields_of_document(portal, document, user(portal, ANNA), {}, NOW)
    assert (shown["Title"]["value"], shown["Comments"]["value"]) == ("", "")


def test_amounts_and_dates_that_are_sent_are_printed_as_such(portal: Portal) -> None:
    document = letter(
        portal,
        "{TotalSum} {TotalSum~NS=Y,WZ=N} {BeginDate} {BeginDate~F Y} {TotalSumWords}",
        TotalSum="1200",
        BeginDate="2026-07-01T00:00:00+02:00",
        TotalSumWords=1200,
    )

    assert text(portal, document) == [
        "€1,200.00 1,200 01.07.2026 Juli 2026 One thousand two hundred euros 00 cents"
    ]


def test_the_generator_s_own_keys_are_no_fields(portal: Portal) -> None:
    document = letter(portal, "x", stampsEnabled=True, _creationMethod="mine")
    again(portal, document, {"stampsEnabled": True, "productsTableVariant": "nonsense"})

    assert document.values == {
        "productsTableVariant": "",
        "_creationMethod": "rest",
        "stampsEnabled": False,
    }


def test_the_other_own_company_changes_what_follows_from_it_and_the_sequence(
    portal: Portal,
) -> None:
    template = add_template(
        portal, page("{MyCompanyTitle}, {MyCompanyBankDetailRqIban}, {DocumentNumber}")
    )
    template.numerator_id = 2
    boris = user(portal, BORIS)

    def made(**values: Any) -> Document:
        return documents.make(portal, template.id, DEAL, "501", boris, values, {}, False, NOW)

    other = made(MY_COMPANY=6)

    assert text(portal, other) == ["Nordwerk Service GmbH, DE90 2919 0330 0044 8120 01, 2026-011"]
    assert overrides_of(other) == {"MY_COMPANY": 6}
    assert made().number == "2026-048"
    assert made(MY_COMPANY="6").number == "2026-012"
    # Made anew with the first company the document changes, but keeps its number.
    again(portal, other, {"MY_COMPANY": 4})
    assert text(portal, other)[0].startswith("Nordwerk Innenausbau GmbH, DE21")
    assert (other.number, overrides_of(other)) == ("2026-011", {})


def test_details_banks_and_contacts_can_be_chosen(portal: Portal) -> None:
    body = "{MyCompanyBankDetailRqBankName}; {RequisiteRqDirector}; {ContactFormattedName}"
    chosen = {"MY_COMPANY.BANK_DETAIL": "412", "REQUISITE": 211, "CONTACT": 31}
    portal.deals[502].contact_ids = [30, 31]
    template = add_template(portal, page(body))

    def printed(values: dict[str, Any]) -> str:
        boris = user(portal, BORIS)
        made = documents.make(portal, template.id, DEAL, "502", boris, values, {}, False, NOW)
        assert overrides_of(made) == values
        return text(portal, made)[0]

    assert printed({}) == "Sparkasse Bremen; Olaf Brinkmann; Dr. Katrin Vogt"
    assert printed(chosen) == "Commerzbank Bremen; Britta Claussen; Jens Petersen"


def test_a_choice_nobody_offers_changes_nothing(portal: Portal) -> None:
    document = letter(portal, "{MyCompanyTitle}", MY_COMPANY=999, REQUISITE="x")

    assert text(portal, document) == ["Nordwerk Innenausbau GmbH"]


def test_markup_in_a_value_is_rendered_and_codes_in_it_are_not_read_again(portal: Portal) -> None:
    document = letter(portal, "{Comments}", Comments="<b>{Title}</b> &lt;b&gt;")

    assert text(portal, document) == ["{Title} <b>"]
