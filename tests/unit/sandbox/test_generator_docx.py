"""Filling a Word file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Cm

from tests.sandbox.generator import documents, docx
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.fields import compute
from tests.sandbox.generator.texts import Texts
from tests.sandbox.seeds import pictures
from tests.sandbox.world import Portal, Region
from tests.unit.sandbox.paper import (
    ANNA,
    DEAL,
    NOW,
    add_template,
    lines,
    nordwerk,
    page,
    user,
    written,
)


def texts(
    body: bytes,
    values: dict[str, Any] | None = None,
    *,
    deal: str = "501",
    stamps: bool = False,
    portal: Portal | None = None,
) -> Texts:
    portal = portal or nordwerk()
    template = add_template(portal, body)
    return compute(
        portal,
        template,
        DEAL,
        deal,
        user(portal, ANNA),
        values or {},
        {},
        number="2026-048",
        created=NOW,
        now=NOW,
        stamps_enabled=stamps,
    ).texts()


def filled(body: bytes, values: dict[str, Any] | None = None, **known: Any) -> list[str]:
    return lines(docx.fill(body, texts(body, values, **known)))


def test_text_dates_and_money_are_filled_in() -> None:
    body = page("Offer {DocumentNumber} of {DocumentCreateTime}: {TotalSum}", "No such {Thing}.")

    assert filled(body) == ["Offer 2026-048 of 12.05.2026: €48,650.77", "No such ."]


def test_modifiers_change_how_things_are_written() -> None:
    body = page(
        "{DocumentCreateTime~j F Y}",
        "{TotalBeforeTax~NS=Y,WZ=N}",
        "{ContactFormattedName~Format=#LAST_NAME# #NAME_SHORT#}",
        "{Title~letterCase=upper}",
        "{MyCompanyAddress~Separator=1}",
        "{ProductsProductName~index=1} / {ProductsProductQuantity~all}",
        "{TaxesTaxRate~index=0,WP=Y}",
    )

    assert filled(body) == [
        "12 Mai 2026",
        "40,883",
        "Vogt K.",
        "OFFICE REFIT, PHASE 2",
        "Hafenstraße 12, 28217 Bremen, Germany",
        "Raised floor, 600 × 600 / 14, 210, 46, 1",
        "19%",
    ]


@pytest.mark.parametrize(
    ("placeholder", "printed"),
    [
        ("{BeginDate}", "01.06.2026"),
        ("{BeginDate~j F Y}", "1 Juni 2026"),
        ("{BeginDate~d.m.y H:i}", "01.06.26 00:00"),
        ("{BeginDate~format=Y-m-d}", "2026-06-01"),
        # A comma parts modifiers, so it cannot stand in a pattern.
        ("{BeginDate~j F, Y}", "1 Juni"),
        ("{TotalBeforeTax}", "€40,883.00"),
        ("{TotalBeforeTax~WZ=N}", "€40,883"),
        ("{TotalBeforeTax~NS=Y}", "40,883.00"),
        ("{TotalBeforeTax~CurId=USD}", "$40,883.00"),
        ("{TotalBeforeTax~W=Y}", "Forty thousand eight hundred eighty-three euros 00 cents"),
        ("{TotalBeforeTax~W=Y,NS=Y}", "Forty thousand eight hundred eighty-three"),
        ("{TotalSumWords~W=N}", "€48,650.77"),
        ("{TotalRowsWords}", "Four"),
        ("{ProductsProductPriceRaw}", "1,180"),
        ("{ProductsProductPriceRaw~WZ=Y}", "1,180.00"),
        ("{ProductsProductPriceRaw~NS=N}", "€1,180"),
        ("{ProductsProductTaxRateName}", "19%"),
        ("{ProductsProductTaxRateName~WP=N}", "19"),
        ("{TaxesTaxRate}", "19"),
        ("{TaxesTaxRate~WP=Y}", "19%"),
        ("{ContactFormattedName}", "Dr. Katrin Vogt"),
        ("{ContactFormattedName~Format=#NAME_SHORT# #LAST_NAME#,Case=1}", "K. Vogt"),
        ("{ContactLastName~Format=#TITLE# #LAST_NAME_SHORT#}", "Dr. V."),
        ("{CompanyAddress}", "Neuer Wall 48, 20354 Hamburg, Germany"),
        ("{CompanyAddress~Separator=2}", "Neuer Wall 48\n20354 Hamburg\nGermany"),
        ("{CompanyAddress~Format=2}", "Neuer Wall 48, HAMBURG, 20354, Germany"),
        ("{CompanyAddress~Format=3}", "Neuer Wall 48, Hamburg 20354, GERMANY"),
        ("{CompanyAddress~Format=4}", "Neuer Wall 48, Hamburg, Germany, 20354"),
        ("{CompanyAddress~Format=5}", "20354, Germany, Hamburg, Neuer Wall 48"),
        (
            "{RequisiteRegisteredAddressText~ShowType=Y}",
            "Legal address: Neuer Wall 48, 20354 Hamburg, Germany",
        ),
        ("{Title~letterCase=lower}", "office refit, phase 2"),
        ("{Title~letterCase=upper}", "OFFICE REFIT, PHASE 2"),
        ("{Title~letterCase=title}", "Office Refit, Phase 2"),
        ("{Title~nonsense=1}", "Office refit, phase 2"),
    ],
)
def test_every_modifier(placeholder: str, printed: str) -> None:
    assert filled(page(placeholder)) == [printed]


def test_an_address_is_written_as_the_template_s_region_does() -> None:
    portal = nordwerk()
    template = add_template(portal, page("{CompanyAddress}"))
    template.region = "uk"
    made = documents.make(portal, 90, DEAL, "501", user(portal, ANNA), {}, {}, False, NOW)

    assert lines(portal.files[made.file_id or 0].body) == ["Neuer Wall 48, HAMBURG, 20354, Germany"]


def test_a_region_of_one_s_own_brings_its_formats_and_phrases() -> None:
    portal = nordwerk()
    portal.regions[3] = Region(
        3,
        "Norway",
        "pl",
        "DD/MM-YYYY",
        format_name="#LAST_NAME#, #NAME#",
        phrases={"TAX_NOT_INCLUDED": "+ MVA"},
    )
    body = page("{BeginDate}", "{BeginDate~F}", "{AssignedFormattedName}", "{TaxesTaxTitle}")
    add_template(portal, body).region = "3"
    made = documents.make(portal, 90, DEAL, "501", user(portal, ANNA), {}, {}, False, NOW)

    assert lines(portal.files[made.file_id or 0].body) == [
        *("01/06-2026", "czerwca", "Hartmann, Boris", "+ MVA")
    ]


def test_a_placeholder_split_by_word_keeps_the_look_it_begins_in() -> None:
    def split(document: DocumentObject) -> None:
        paragraph = document.add_paragraph("Dear ")
        paragraph.add_run("{Contact").bold = True
        paragraph.add_run("Formatted")
        paragraph.add_run("Name}, total ")
        paragraph.add_run("{TotalSum}.")

    body = written(split)
    result = docx.fill(body, texts(body))

    assert docx.placeholders(body) == ["ContactFormattedName", "TotalSum"]
    runs = Document(BytesIO(result)).paragraphs[0].runs
    assert "".join(run.text for run in runs) == "Dear Dr. Katrin Vogt, total €48,650.77."
    assert [run.text for run in runs if run.bold] == ["Dr. Katrin Vogt"]


def test_headers_and_footers_are_filled_and_searched() -> None:
    def write(document: DocumentObject) -> None:
        document.add_paragraph("{Title}")
        document.sections[0].header.paragraphs[0].text = "{MyCompanyTitle}"
        document.sections[0].footer.paragraphs[0].text = "{MyCompanyBankDetailRqIban}"

    body = written(write)
    section = Document(BytesIO(docx.fill(body, texts(body)))).sections[0]

    assert docx.placeholders(body) == ["Title", "MyCompanyBankDetailRqIban", "MyCompanyTitle"]
    assert section.header.paragraphs[0].text == "Nordwerk Innenausbau GmbH"
    assert section.footer.paragraphs[0].text == "DE21 2905 0101 0081 4402 19"


def product_table(document: DocumentObject) -> None:
    table = document.add_table(3, 3)
    rows = [
        ("#", "Item", "Sum"),
        ("{ProductsIndex}", "{ProductsProductName}", "{ProductsProductPriceRawSum~WZ=Y}"),
        ("", "{TaxesTaxTitle} {TaxesTaxRate} %", "{TaxesTaxValue}"),
    ]
    for row, wanted in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, wanted, strict=True):
            cell.text = text


def test_rows_repeat_for_products_and_for_taxes() -> None:
    assert filled(written(product_table), deal="507") == [
        "#|Item|Sum",
        "1|Modular office, 4 × 6 m|18,333.00",
        "2|Specialist literature, fire safety|210.00",
        "3|Building permit fee, passed on|640.00",
        "|VAT 19 %|€3,483.27",
        "|VAT 7 %|€14.70",
    ]


def test_a_deal_without_products_leaves_only_the_heading() -> None:
    assert filled(written(product_table), deal="511") == ["#|Item|Sum"]


def test_a_scalar_for_a_column_stands_in_every_row() -> None:
    result = filled(written(product_table), {"ProductsProductName": "as agreed"}, deal="507")

    assert [line.split("|")[1] for line in result[1:4]] == ["as agreed"] * 3


def test_blocks_repeat_their_paragraphs() -> None:
    body = page(
        "Works:",
        "{Products.BLOCK_START}",
        "{ProductsIndex}. {ProductsProductName}",
        "for {ClientName}",
        "{Products.BLOCK_END}",
        "End",
    )

    assert filled(body, deal="514") == [
        "Works:",
        "1. Counter, solid surface",
        "for Brook & Partner Rechtsanwälte mbB",
        "End",
    ]


def test_lines_break_and_html_becomes_letters() -> None:
    body = page("{Comments}!")

    assert filled(body, {"Comments": "first\nsecond"}) == ["first\nsecond!"]
    html = "<p>By <b>Monday</b></p><ol><li>plan</li><li>build</li></ol>"
    assert filled(body, {"Comments": html}) == ["By Monday\n1. plan\n2. build!"]
    assert filled(body, {"Comments": "5 &lt; 7 &amp; so on"}) == ["5 < 7 & so on!"]
    assert filled(body, {"Comments": "a < b and {Title}"}) == ["a < b and {Title}!"]


def drawings(body: bytes) -> list[tuple[bytes, int, int]]:
    document = Document(BytesIO(body))
    found = []
    for drawing in document.element.body.iter(qn("w:drawing")):
        relation = next(drawing.iter(qn("a:blip"))).get(qn("r:embed"))
        extent = next(drawing.iter(qn("wp:extent")))
        image = document.part.rels[relation].target_part.blob
        found.append((image, int(extent.get("cx")), int(extent.get("cy"))))
    return found


def with_pictures(*placeholders: str) -> bytes:
    def write(document: DocumentObject) -> None:
        for placeholder in placeholders:
            run = document.add_paragraph().add_run()
            shape = run.add_picture(BytesIO(pictures.signature(1)), Cm(3), Cm(3))
            shape._inline.docPr.set("descr", placeholder)

    return written(write)


def test_a_drawing_shows_the_logo_in_its_own_shape() -> None:
    portal = nordwerk()
    body = with_pictures("{MyCompanyUfLogo}")

    [(image, wide, high)] = drawings(docx.fill(body, texts(body, portal=portal)))

    assert image == portal.pictures["/upload/crm/nordwerk-logo.png"][1]
    assert wide == Cm(3)
    assert high == pytest.approx(wide * 96 / 377, rel=0.01)


def test_stamps_are_there_when_on_and_gone_when_off() -> None:
    body = with_pictures("{MyCompanyUfStamp}", "{MyCompanyUfDirectorSign}", "Photo of our office")

    on = drawings(docx.fill(body, texts(body, stamps=True)))
    off = drawings(docx.fill(body, texts(body, stamps=False)))

    assert docx.placeholders(body) == ["MyCompanyUfStamp", "MyCompanyUfDirectorSign"]
    # The works company has a stamp and no signature; a picture of the template's own stays.
    assert [image for image, _, _ in on] == [
        nordwerk().pictures["/upload/crm/nordwerk-stamp.png"][1],
        pictures.signature(1),
    ]
    assert [image for image, _, _ in off] == [pictures.signature(1)]


@pytest.mark.parametrize("body", [b"", b"no zip at all", b"PK\x03\x04 broken"])
def test_a_damaged_file_cannot_be_filled(body: bytes) -> None:
    with pytest.raises(GeneratorError, match="NOT_PROCESSABLE"):
        docx.fill(body, texts(page("x")))

    assert docx.placeholders(body) == []


def test_every_template_of_the_portal_leaves_no_brace() -> None:
    portal = nordwerk()
    for template in portal.templates.values():
        for line in filled(template.body, stamps=True):
            assert "{" not in line
            assert "}" not in line
