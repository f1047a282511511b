"""PDF and picture come later, or do not come."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from PIL import Image
from pypdf import PdfReader

from tests.sandbox import convert
from tests.sandbox.generator import conversion, documents
from tests.sandbox.world import Document, Portal
from tests.unit.sandbox.paper import ANNA, BORIS, DEAL, NOW, nordwerk, page, user, written

FAILURE = (102, "The picture in the page header is damaged.")


@pytest.fixture(autouse=True)
def in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_CONVERTER", "pure")


@pytest.fixture
def portal() -> Portal:
    return nordwerk()


def make(portal: Portal, template: int = 39) -> Document:
    boris = user(portal, BORIS)
    return documents.make(portal, template, DEAL, "501", boris, {}, {}, True, NOW)


def settle(
    portal: Portal, document: Document, seconds: float, fails: tuple[int, str] | None = None
) -> None:
    conversion.settle(portal, document, NOW + timedelta(seconds=seconds), 3.0, fails)


def text_of(pdf: bytes) -> str:
    return "\n".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)


def test_a_real_pdf_and_picture_after_the_delay(portal: Portal) -> None:
    offer = make(portal)
    settle(portal, offer, 2.9)
    assert (offer.pdf_id, offer.image_id) == (None, None)

    settle(portal, offer, 3.0)

    assert offer.converting_since is None
    assert offer.pdf_id is not None
    assert offer.image_id is not None
    text = text_of(portal.files[offer.pdf_id].body)
    for expected in ("Offer 2026-048", "Dear Dr. Katrin Vogt", "€48,650.77", "Page 1 of 1"):
        assert expected in text
    image = Image.open(BytesIO(portal.files[offer.image_id].body))
    assert image.format == "JPEG"
    assert image.height > image.width > 600


def test_a_failed_job_says_why_once_and_the_next_get_tries_again(portal: Portal) -> None:
    offer = make(portal)
    settle(portal, offer, 3, FAILURE)
    assert offer.conversion_error == FAILURE

    reported = conversion.retry(offer, NOW + timedelta(seconds=4))
    joined = conversion.retry(offer, NOW + timedelta(seconds=5))

    assert (reported, joined) == (FAILURE, None)
    settle(portal, offer, 7)
    assert offer.pdf_id is not None
    assert offer.conversion_error is None


def test_after_five_failures_the_file_is_broken_for_good(portal: Portal) -> None:
    offer = make(portal)
    for attempt in range(1, 6):
        settle(portal, offer, 10 * attempt, FAILURE)
        reported = conversion.retry(offer, NOW + timedelta(seconds=10 * attempt))
        assert reported == FAILURE
    assert offer.converting_since is None

    settle(portal, offer, 100)
    assert conversion.retry(offer, NOW + timedelta(seconds=100)) == FAILURE
    assert offer.pdf_id is None

    documents.regenerate(portal, offer, user(portal, BORIS), {}, False, NOW)
    settle(portal, offer, 3)
    assert offer.pdf_id is not None


def test_a_file_that_is_no_document_fails_with_a_code(portal: Portal) -> None:
    offer = make(portal)
    portal.files[offer.file_id or 0].body = b"nothing"

    settle(portal, offer, 3)

    assert offer.conversion_error is not None
    assert offer.conversion_error[0] == 102


@pytest.mark.parametrize("template", [39, 40, 41, 42, 43])
def test_every_template_gives_a_pdf_of_one_page(portal: Portal, template: int) -> None:
    anna = user(portal, ANNA)
    document = documents.make(portal, template, DEAL, "501", anna, {}, {}, True, NOW)
    pdf = convert.to_pdf(portal.files[document.file_id or 0].body)

    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert document.number in text_of(pdf)


def test_long_tables_go_on_over_pages_with_their_heading(portal: Portal) -> None:
    deal = portal.deals[501]
    deal.rows = deal.rows * 20
    boris = user(portal, BORIS)
    document = documents.make(portal, 39, DEAL, "501", boris, {}, {}, False, NOW)
    reader = PdfReader(BytesIO(convert.to_pdf(portal.files[document.file_id or 0].body)))

    assert len(reader.pages) > 2
    assert "Quantity" in reader.pages[1].extract_text()
    assert f"Page 2 of {len(reader.pages)}" in reader.pages[1].extract_text()


def test_documents_made_before_have_their_files_when_somebody_opens_them(portal: Portal) -> None:
    known = [one for one in portal.documents.values() if one.entity_id == "503"]
    assert len(known) == 55
    first = known[0]
    portal.deals[503].title = "Renamed since"

    text = text_of(portal.files[first.pdf_id or 0].body)

    assert first.number in text
    assert "Shopfitting, 14 branches" in text


def test_only_what_is_no_document_cannot_be_converted() -> None:
    assert convert.to_pdf(page("Grüße, 5 €")).startswith(b"%PDF")
    with pytest.raises(convert.ConversionError):
        convert.to_pdf(b"not a document")
    with pytest.raises(convert.ConversionError):
        convert.to_jpeg(b"not a PDF")


def test_the_same_file_gives_the_same_pdf_and_picture_at_any_time(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make(portal)
    body = portal.files[offer.file_id or 0].body
    pdf = convert.to_pdf(body)
    image = convert.to_jpeg(pdf)
    monkeypatch.setattr("reportlab.rl_config.invariant", 0)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)

    assert convert.to_pdf(body) == pdf
    assert convert.to_jpeg(pdf) == image


@pytest.mark.parametrize(
    "odd",
    [
        '<w:p><w:r><w:t>plain</w:t></w:r><w:r><w:br w:type="page"/></w:r></w:p>',
        "<w:p/>",
        "<w:tbl><w:tblPr/><w:tblGrid/></w:tbl>",
        '<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="0"/></w:tblGrid><w:tr><w:tc><w:p/></w:tc>'
        "</w:tr></w:tbl>",
        '<w:p><w:r><w:rPr><w:color w:val="auto"/><w:sz w:val="1"/></w:rPr><w:t>&lt;b&gt;</w:t>'
        "</w:r></w:p>",
        '<w:p><w:pPr><w:ind w:left="90000"/></w:pPr><w:r><w:t>far right</w:t></w:r></w:p>',
    ],
)
def test_odd_documents_are_converted(odd: str) -> None:
    def write(document: DocumentObject) -> None:
        namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        document.add_paragraph("before")
        root = parse_xml(f"<w:x {namespace}>{odd}</w:x>")
        for element in list(root):
            document.element.body.insert(1, element)

    assert convert.to_pdf(written(write)).startswith(b"%PDF")


def test_each_get_after_a_failure_is_one_of_the_five_attempts(portal: Portal) -> None:
    offer = make(portal)
    portal.files[offer.file_id or 0].body = b"nothing"
    reports = []
    for second in range(0, 100, 10):
        settle(portal, offer, 3 + second)
        reports.append(conversion.retry(offer, NOW + timedelta(seconds=3 + second)))

    assert offer.conversion_attempts == conversion.MOST_ATTEMPTS == 5
    assert [report and report[0] for report in reports] == [102] * 10
    assert (offer.pdf_id, offer.converting_since) == (None, None)


def test_a_get_while_the_job_runs_costs_no_attempt(portal: Portal) -> None:
    offer = make(portal)
    for second in (0, 1, 2):
        assert conversion.retry(offer, NOW + timedelta(seconds=second)) is None

    settle(portal, offer, 3)
    assert (offer.conversion_attempts, offer.pdf_id is not None) == (1, True)
    assert conversion.retry(offer, NOW + timedelta(seconds=4)) is None
    assert offer.converting_since is None
