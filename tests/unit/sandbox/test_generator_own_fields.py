"""What an application describes itself: the parameter `fields` of document.add."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document as WordDocument
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Cm

from tests.sandbox.generator import documents
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.seeds import pictures
from tests.sandbox.world import Document, Portal
from tests.unit.sandbox.paper import (
    BORIS,
    DEAL,
    NOW,
    add_template,
    lines,
    nordwerk,
    page,
    user,
    written,
)

ARRAY = "Bitrix\\DocumentGenerator\\DataProvider\\ArrayDataProvider"
HASH = "Bitrix\\DocumentGenerator\\DataProvider\\HashDataProvider"


def list_of(name: str) -> dict[str, Any]:
    return {"PROVIDER": ARRAY, "OPTIONS": {"ITEM_NAME": name, "ITEM_PROVIDER": HASH}}


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def make(
    portal: Portal,
    body: bytes,
    values: dict[str, Any],
    fields: dict[str, Any],
    *,
    stamps: bool = True,
) -> Document:
    template = add_template(portal, body)
    boris = user(portal, BORIS)
    return documents.make(portal, template.id, DEAL, "501", boris, values, fields, stamps, NOW)


def text(portal: Portal, document: Document) -> list[str]:
    return lines(portal.files[document.file_id or 0].body)


def printed(portal: Portal, *args: Any, **known: Any) -> list[str]:
    return text(portal, make(portal, *args, **known))


def test_dates_and_names_take_their_type_and_pattern_from_the_description(portal: Portal) -> None:
    values = {
        "SomeDate": "2026-03-18T00:00:00+01:00",
        "SomeName": {"NAME": "Katrin", "LAST_NAME": "Vogt", "GENDER": "F"},
        "Plain": "2026-03-18T00:00:00+01:00",
    }
    fields = {
        "SomeDate": {"TYPE": "DATE", "FORMAT": {"format": "d.m.Y H:i"}},
        "SomeName": {"TYPE": "NAME", "FORMAT": {"format": "#NAME# #LAST_NAME#"}},
    }
    body = page("{SomeDate}", "{SomeDate~j F Y}", "{SomeName}", "{Plain}")

    assert printed(portal, body, values, fields) == [
        "18.03.2026 00:00",
        "18 März 2026",
        "Katrin Vogt",
        "2026-03-18T00:00:00+01:00",
    ]


def test_a_date_that_is_none_is_printed_as_it_is(portal: Portal) -> None:
    assert printed(portal, page("{D}"), {"D": "soon"}, {"D": {"TYPE": "DATE"}}) == ["soon"]


def test_a_description_stands_for_the_whole_field(portal: Portal) -> None:
    fields = {
        "Title": {"TITLE": "Subject"},
        "Comments": {"VALUE": "this.SOURCE.TITLE"},
        "BeginDate": {"VALUE": "2026-07-01T00:00:00+02:00", "TYPE": "DATE"},
        "SOURCE": {"VALUE": "ignored"},
        "DOCUMENT": "ignored",
    }
    body = page("[{Title}] [{Comments}] [{BeginDate}] [{ClientName}]")

    # The deal's name is gone with its description; nothing but the new one counts.
    assert printed(portal, body, {}, fields) == [
        "[] [Office refit, phase 2] [01.07.2026] [Lindner & Vogt GmbH]"
    ]
    assert printed(portal, body, {"Title": "Phase 3"}, fields)[0].startswith("[Phase 3]")


def test_the_document_s_name_is_none_of_the_fields_to_describe(portal: Portal) -> None:
    fields = {"DocumentTitle": {"title": "Name", "VALUE": "Test via fields"}}
    document = make(portal, page("{DocumentTitle}"), {"DocumentNumber": "2026-001"}, fields)

    assert (document.title, document.number) == ("Letter 2026-001", "2026-001")
    assert text(portal, document) == ["Test via fields"]


def test_a_required_field_without_a_value_stops_the_document(portal: Portal) -> None:
    with pytest.raises(GeneratorError, match="required placeholder Purpose"):
        make(portal, page("{Purpose}"), {}, {"Purpose": {"REQUIRED": "Y"}})


def test_an_empty_field_takes_its_row_or_paragraph_along(portal: Portal) -> None:
    def body(document: DocumentObject) -> None:
        document.add_paragraph("Note: {Note}")
        cells = document.add_table(2, 2)
        cells.rows[0].cells[0].text, cells.rows[0].cells[1].text = "Note", "{Note}"
        cells.rows[1].cells[0].text, cells.rows[1].cells[1].text = "Deal", "{Title}"
        document.add_paragraph("End")

    fields = {"Note": {"HIDE_ROW": "Y"}}

    assert printed(portal, written(body), {}, fields) == ["Deal|Office refit, phase 2", "End"]
    assert printed(portal, written(body), {"Note": "x"}, fields) == [
        *("Note: x", "Note|x", "Deal|Office refit, phase 2", "End")
    ]


def with_drawing(placeholder: str, table: bool = False) -> bytes:
    def body(document: DocumentObject) -> None:
        place = document.add_table(1, 2).rows[0].cells[0] if table else document
        run = place.add_paragraph("{TableItemName}" if table else "").add_run()
        shape = run.add_picture(BytesIO(pictures.signature(1)), Cm(3), Cm(3))
        shape._inline.docPr.set("descr", placeholder)

    return written(body)


def images(portal: Portal, document: Document) -> list[bytes]:
    body = WordDocument(BytesIO(portal.files[document.file_id or 0].body))
    blips = body.element.body.iter(qn("a:blip"))
    return [body.part.rels[one.get(qn("r:embed"))].target_part.blob for one in blips]


def test_pictures_and_stamps_come_by_their_address(portal: Portal) -> None:
    address = f"{portal.origin}/upload/crm/nordwerk-stamp.png"
    stamp = portal.pictures["/upload/crm/nordwerk-stamp.png"][1]
    body, sent, fields = with_drawing("{Seal}"), {"Seal": address}, {"Seal": {"TYPE": "STAMP"}}

    assert images(portal, make(portal, body, sent, fields)) == [stamp]
    assert images(portal, make(portal, body, sent, fields, stamps=False)) == []
    foreign = {"Seal": "https://elsewhere.example/seal.png"}
    assert images(portal, make(portal, body, foreign, fields)) == []
    # Without its type the address is text, and text is no picture.
    assert images(portal, make(portal, body, sent, {})) == []


def table(*cells: str) -> bytes:
    def body(document: DocumentObject) -> None:
        row = document.add_table(1, len(cells)).rows[0]
        for cell, content in zip(row.cells, cells, strict=True):
            cell.text = content

    return written(body)


ITEMS = {
    "Table": [{"Name": "Item 1", "Price": "$111.23"}, {"Name": "Item 2", "Price": "$222.34"}],
    "TableItemName": "Table.Item.Name",
    "TableItemPrice": "Table.Item.Price",
    "TableIndex": "Table.INDEX",
}


def test_a_table_of_one_s_own_repeats_its_row(portal: Portal) -> None:
    body = table("{TableIndex}", "{TableItemName}", "{TableItemPrice}", "{Title}")
    document = make(portal, body, ITEMS, {"Table": list_of("Item")})

    assert text(portal, document) == [
        "1|Item 1|$111.23|Office refit, phase 2",
        "2|Item 2|$222.34|Office refit, phase 2",
    ]
    # The rows are not kept with the document, the ways to them are.
    assert "Table" not in document.values
    assert document.values["TableItemName"] == "Table.Item.Name"


def test_a_table_s_pictures_are_one_a_row(portal: Portal) -> None:
    names = ("nordwerk-logo", "service-logo")
    addresses = [f"{portal.origin}/upload/crm/{name}.png" for name in names]
    values = {
        "Table": [{"Name": "x", "Image": address} for address in addresses],
        "TableItemName": "Table.Item.Name",
        "TableItemImage": "Table.Item.Image",
    }
    fields = {"Table": list_of("Item"), "TableItemImage": {"TYPE": "IMAGE"}}
    document = make(portal, with_drawing("{TableItemImage}", table=True), values, fields)

    assert images(portal, document) == [
        portal.pictures[f"/upload/crm/{name}.png"][1] for name in names
    ]


def test_without_a_provider_the_paths_stand_in_one_row(portal: Portal) -> None:
    assert printed(portal, table("{TableItemName}", "{TableIndex}"), ITEMS, {}) == [
        "Table.Item.Name|Table.INDEX"
    ]


def test_a_path_that_misses_the_item_s_name_is_printed(portal: Portal) -> None:
    assert printed(portal, table("{TableItemName}"), ITEMS, {"Table": list_of("Row")}) == [
        "Table.Item.Name",
        "Table.Item.Name",
    ]


@pytest.mark.parametrize("fields", [{"Gone": list_of("Item")}, {"Table": {"PROVIDER": "No\\Such"}}])
def test_a_provider_that_finds_nothing_stops_the_document_and_costs_its_number(
    portal: Portal, fields: dict[str, Any]
) -> None:
    before = portal.numerators[1].sequences.get("COMPANY_ID_4", 1)
    with pytest.raises(GeneratorError, match="Cant resolve provider"):
        make(portal, table("{TableItemName}"), ITEMS, fields)

    assert portal.numerators[1].sequences["COMPANY_ID_4"] == before + 1


def events() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two events, each with a table of speakers of its own, as the documentation has them."""
    values: dict[str, Any] = {
        "Events": [
            {"Title": "Automation", "SpeakerName": "{Event1SpeakersSpeakerName}"},
            {"Title": "Documents", "SpeakerName": "{Event2SpeakersSpeakerName}"},
        ],
        "EventsEventTitle": "Events.Event.Title",
        "EventsEventSpeakerName": "Events.Event.SpeakerName",
        "Event1Speakers": [{"Name": "John Smith"}, {"Name": "Michael Johnson"}],
        "Event1SpeakersSpeakerName": "Event1Speakers.Speaker.Name",
        "Event2Speakers": [{"Name": "David Brown"}],
        "Event2SpeakersSpeakerName": "Event2Speakers.Speaker.Name",
    }
    fields = {
        "Events": list_of("Event"),
        "Event1Speakers": list_of("Speaker"),
        "Event2Speakers": list_of("Speaker"),
    }
    return values, fields


def event_block(document: DocumentObject) -> None:
    document.add_paragraph("{Events.BLOCK_START}")
    document.add_paragraph("{EventsEventTitle}:")
    rows = document.add_table(2, 1).rows
    rows[0].cells[0].text, rows[1].cells[0].text = "Speaker", "{EventsEventSpeakerName}"
    document.add_paragraph("{Events.BLOCK_END}")


def test_tables_within_a_block_have_rows_of_their_own(portal: Portal) -> None:
    values, fields = events()

    assert printed(portal, written(event_block), values, fields) == [
        *("Automation:", "Speaker", "John Smith", "Michael Johnson"),
        *("Documents:", "Speaker", "David Brown"),
    ]


def test_inner_lists_described_before_the_outer_one_stay_empty(portal: Portal) -> None:
    values, fields = events()
    turned = dict(reversed(fields.items()))

    assert printed(portal, written(event_block), values, turned) == [
        *("Automation:", "Speaker", "", "Documents:", "Speaker", "")
    ]


def pay_in_russia(portal: Portal) -> None:
    bank = portal.companies[4].requisites[0].bank_details[0]
    bank.account, bank.bik, bank.corr_account = "40702810", "044525225", "30101810"


def test_a_payment_code_wants_complete_bank_details(portal: Portal) -> None:
    body = with_drawing("{PaymentQrCode}")
    boris = user(portal, BORIS)

    without = make(portal, body, {}, {})
    assert images(portal, without) == []
    assert documents.fieldset_of(portal, without, boris, NOW).qr_code() == (
        *(False, False, "The company details are not enough for a QR code"),
    )

    pay_in_russia(portal)
    [code] = images(portal, drawn := make(portal, body, {}, {}))
    assert code.startswith(b"\x89PNG")
    assert documents.fieldset_of(portal, drawn, boris, NOW).qr_code() == (True, True, "")

    off = make(portal, body, {"PaymentQrCode": ""}, {})
    assert images(portal, off) == []
    assert documents.fieldset_of(portal, off, boris, NOW).qr_code() == (True, False, "")
    plain = make(portal, page("x"), {}, {})
    assert documents.fieldset_of(portal, plain, boris, NOW).qr_code()[2].startswith("The template")
