"""Making documents and making them anew."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.generator import documents
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.sent_files import template_file
from tests.sandbox.world import Document, Portal
from tests.unit.sandbox.paper import (
    ANNA,
    BORIS,
    CLARA,
    DEAL,
    NOW,
    TOM,
    add_template,
    lines,
    nordwerk,
    page,
    user,
    written,
)

OFFER, SECRECY = 39, 44
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def make(
    portal: Portal,
    values: dict[str, Any] | None = None,
    *,
    template: int = OFFER,
    deal: str = "501",
    who: int = BORIS,
    kind: int = DEAL,
    **known: Any,
) -> Document:
    sent, stamps = known.pop("fields", {}), known.pop("stamps", False)
    return documents.make(
        portal, template, kind, deal, user(portal, who), values or {}, sent, stamps, NOW, **known
    )


def again(portal: Portal, document: Document, values: dict[str, Any], who: int = BORIS) -> None:
    documents.regenerate(portal, document, user(portal, who), values, True, LATER)


def printed(portal: Portal, document: Document) -> list[str]:
    assert document.file_id is not None
    return lines(portal.files[document.file_id].body)


def test_boris_makes_the_offer(portal: Portal) -> None:
    offer = make(portal)

    assert (offer.number, offer.title) == ("2026-048", "Offer 2026-048")
    assert (offer.created_by, offer.entity_id, offer.template_id) == (BORIS, "501", OFFER)
    assert offer.values == {
        "productsTableVariant": "",
        "_creationMethod": "rest",
        "stampsEnabled": False,
    }
    assert offer.converting_since == NOW
    assert portal.documents[offer.id] is offer
    assert "1|Acoustic partition, glazed, 2.70 m|14 pcs|1,180.00|16,520.00" in printed(
        portal, offer
    )
    assert "|Total|€48,650.77" in printed(portal, offer)


def test_the_same_call_twice_makes_two_documents(portal: Portal) -> None:
    assert [make(portal).number for _ in range(2)] == ["2026-048", "2026-049"]


def test_a_number_that_is_given_spends_none(portal: Portal) -> None:
    given = make(portal, {"DocumentNumber": "X-7"})

    assert (given.number, given.title) == ("X-7", "Offer X-7")
    assert given.values["DocumentNumber"] == "X-7"
    assert make(portal).number == "2026-048"


def test_a_number_is_lost_when_the_file_turns_out_damaged(portal: Portal) -> None:
    broken = add_template(portal, b"damaged")
    broken.numerator_id = 2

    with pytest.raises(GeneratorError):
        make(portal, template=broken.id)

    assert make(portal).number == "2026-049"


def test_an_empty_name_is_refused_after_the_number_is_spent(portal: Portal) -> None:
    before = len(portal.documents)
    with pytest.raises(GeneratorError, match="required placeholder DocumentTitle"):
        make(portal, {"DocumentTitle": ""})

    assert len(portal.documents) == before
    assert make(portal).number == "2026-049"


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        ({"template": 999}, "0", "Template not found"),
        ({"template": SECRECY}, "0", "You do not have permissions to create document"),
        ({"kind": 177}, "0", "No provider for entityTypeId"),
        ({"deal": "0"}, "0", 'Empty required parameter "value"'),
        ({"deal": ""}, "0", 'Empty required parameter "value"'),
        ({"who": CLARA}, "DOCGEN_ACCESS_ERROR", "Access denied"),
        ({"deal": "²"}, "DOCGEN_ACCESS_ERROR", "Access denied"),
        ({"deal": "9" * 5000}, "DOCGEN_ACCESS_ERROR", "Access denied"),
        ({"deal": "9999"}, "DOCGEN_ACCESS_ERROR", "Access denied"),
        ({"document_limit": 10}, "DOCGEN_LIMIT_ERROR", "Maximum count of documents"),
    ],
)
def test_refusals(portal: Portal, call: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(GeneratorError) as refused:
        make(portal, **call)

    assert (refused.value.code, refused.value.status) == (code, 400)
    assert refused.value.message.startswith(message)
    assert make(portal).number == "2026-048"


def test_a_deleted_template_makes_nothing_and_changes_nothing(portal: Portal) -> None:
    offer = make(portal)
    portal.templates[OFFER].is_deleted = True

    with pytest.raises(GeneratorError, match="Cannot create document on deleted template"):
        make(portal)
    with pytest.raises(GeneratorError, match="Cant process document on deleted template"):
        again(portal, offer, {})


def test_neither_pipeline_nor_active_is_asked(portal: Portal) -> None:
    portal.templates[43].active = False

    assert make(portal, template=43).template_id == 43


def test_anna_makes_a_document_of_a_deal_that_does_not_exist(portal: Portal) -> None:
    ghost = make(portal, deal="9999", who=ANNA)

    assert ghost.number == "2026-048"
    assert "Dear ," in printed(portal, ghost)


def test_a_weaker_reader_gets_blanks(portal: Portal) -> None:
    assert "Dear ," in printed(portal, make(portal, who=TOM))


def test_a_deleted_numerator_falls_back_to_the_portal_s_own(portal: Portal) -> None:
    del portal.numerators[2]

    assert make(portal).number == "1"


def test_only_what_differs_is_stored(portal: Portal) -> None:
    offer = make(
        portal,
        {
            "Title": "Office refit, phase 2",
            "TotalSum": 48650.77,
            "UfCrmPaymentTerms": "In advance",
            "UfCrmDeliveryNote": "",
            "BeginDate": None,
            "MY_COMPANY": "4",
            "CONTACT": 31,
            "Whatever": "kept",
            "ProductsProductName": "PRODUCTS.PRODUCT.NAME",
        },
    )

    assert {code: raw for code, raw in offer.values.items() if code[0] not in "p_s"} == {
        "UfCrmPaymentTerms": "In advance",
        "UfCrmDeliveryNote": "",
        "CONTACT": 31,
        "Whatever": "kept",
    }
    assert {"Payment: In advance", "On site: ", "Dear Jens Petersen,"} <= set(
        printed(portal, offer)
    )


def test_update_merges_over_what_is_stored(portal: Portal) -> None:
    offer = make(portal, {"UfCrmPaymentTerms": "In advance", "Title": "Phase 2a"})
    first_file = offer.file_id
    portal.deals[501].rows.pop()

    again(portal, offer, {"UfCrmPaymentTerms": None, "stampsEnabled": False})

    assert offer.values["Title"] == "Phase 2a"
    assert "UfCrmPaymentTerms" not in offer.values
    assert offer.values["stampsEnabled"] is offer.stamps_enabled is True
    assert (offer.updated_by, offer.updated_time, offer.created_time) == (BORIS, LATER, NOW)
    assert offer.file_id != first_file
    text = printed(portal, offer)
    assert "Payment: 30 % on order, 70 % on acceptance, 14 days net." in text
    assert "Phase 2a" in text
    assert "|Total|€42,236.67" in text


def test_a_new_number_on_update_leaves_the_name(portal: Portal) -> None:
    offer = make(portal)
    again(portal, offer, {"DocumentNumber": "2026-048a"})

    assert (offer.number, offer.title) == ("2026-048a", "Offer 2026-048")
    assert make(portal).number == "2026-049"
    again(portal, offer, {"DocumentTitle": "Offer, corrected"})
    assert (offer.number, offer.title) == ("2026-048a", "Offer, corrected")


def test_update_drops_pdf_and_picture_and_queues_again(portal: Portal) -> None:
    offer = portal.documents[101]
    pdf = offer.pdf_id
    assert pdf in portal.files

    again(portal, offer, {})

    assert (offer.pdf_id, offer.image_id, offer.converting_since) == (None, None, LATER)
    assert pdf not in portal.files


def test_clara_cannot_change_the_document_of_another_s_deal(portal: Portal) -> None:
    with pytest.raises(GeneratorError) as refused:
        again(portal, make(portal), {}, who=CLARA)

    assert refused.value.code == "DOCGEN_ACCESS_ERROR"


@pytest.mark.parametrize(
    ("users", "boris", "clara"),
    [
        (["UA"], True, True),
        (["U7"], True, False),
        (["D5"], True, False),
        (["D1"], False, False),
        (["DR1"], True, True),
        (["DR8", "SG4_K"], False, True),
        ([], False, False),
    ],
)
def test_access_codes_of_a_template(
    portal: Portal, users: list[str], boris: bool, clara: bool
) -> None:
    template = portal.templates[OFFER]
    template.users = users

    assert documents.may_use_template(portal, user(portal, BORIS), template) is boris
    assert documents.may_use_template(portal, user(portal, CLARA), template) is clara
    assert documents.may_use_template(portal, user(portal, ANNA), template)


def test_an_application_describes_its_own_fields(portal: Portal) -> None:
    body = page("{When} {Who} {Chained}")
    template = add_template(portal, body)
    letter = make(
        portal,
        {
            "When": "2026-03-18T00:00:00+01:00",
            "Who": {"NAME": "Katrin", "LAST_NAME": "Vogt"},
        },
        template=template.id,
        fields={
            "When": {"TYPE": "DATE", "FORMAT": {"format": "j.n.y"}},
            "Who": {"TYPE": "NAME", "FORMAT": {"format": "#LAST_NAME# #NAME_SHORT#"}},
            "Chained": {"VALUE": "this.SOURCE.TITLE"},
            "SOURCE": {"VALUE": "ignored"},
        },
    )

    assert printed(portal, letter) == ["18.3.26 Vogt K. Office refit, phase 2"]
    # Descriptions are not stored: made anew, the document has lost them.
    again(portal, letter, {})
    assert printed(portal, letter) == ["2026-03-18T00:00:00+01:00  "]


def test_an_application_brings_its_own_table(portal: Portal) -> None:
    def table(document: Any) -> None:
        cells = document.add_table(1, 3).rows[0].cells
        for cell, text in zip(cells, ["{TableIndex}", "{TableItemName}", "{Title}"], strict=True):
            cell.text = text

    template = add_template(portal, written(table))
    provider = "Bitrix\\DocumentGenerator\\DataProvider\\ArrayDataProvider"
    letter = make(
        portal,
        {
            "Table": [{"Name": "A"}, {"Name": "B"}],
            "TableItemName": "Table.Item.Name",
            "TableIndex": "Table.INDEX",
        },
        template=template.id,
        fields={"Table": {"PROVIDER": provider, "OPTIONS": {"ITEM_NAME": "Item"}}},
    )

    assert printed(portal, letter) == [
        "1|A|Office refit, phase 2",
        "2|B|Office refit, phase 2",
    ]


def test_what_stamps_can_be_switched(portal: Portal) -> None:
    fieldset = documents.fieldset_of(portal, make(portal), user(portal, BORIS), NOW)
    assert fieldset.stamps() == (True, "", "")
    assert fieldset.products() == {"currencyId": "EUR", "totalSum": "48650.77", "totalRows": 4}

    without = make(portal, template=41)
    can, reason, _ = documents.fieldset_of(portal, without, user(portal, BORIS), NOW).stamps()
    assert (can, bool(reason)) == (False, True)

    portal.companies[4].stamp = ""
    can, reason, url = documents.fieldset_of(
        portal, make(portal), user(portal, BORIS), NOW
    ).stamps()
    assert not can
    assert "<a href" in reason
    assert url.startswith("/crm/company/details/4/")


def test_a_template_s_file_may_have_two_mebibytes_and_no_more() -> None:
    def sent(size: int) -> bytes:
        return template_file(["offer.docx", b64encode(b"x" * size).decode()])

    assert len(sent(2 * 1024 * 1024)) == 2 * 1024 * 1024
    with pytest.raises(RestError) as refused:
        sent(2 * 1024 * 1024 + 1)
    assert (refused.value.code, refused.value.message) == ("0", "Could not save file")
