"""Boris and his documents: everything he can click in the Documents tab, in a real browser."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Response, expect
from pypdf import PdfReader

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
EMPTY, MADE = 502, 504
"""A deal without documents, and one with a single offer made long ago."""


@pytest.fixture
def offer(boris: Desk) -> Desk:
    """Boris at the page of a document that exists."""
    frame = boris.open_tab(MADE)
    frame.get_by_role("link", name=re.compile("^Offer ")).last.click()
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible()
    return boris


def test_boris_makes_his_first_document_in_a_deal(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(EMPTY)
    expect(frame.get_by_text("No documents in this deal yet")).to_be_visible()
    frame.get_by_role("link", name="New document").click()
    search = frame.get_by_role("searchbox", name="Search templates")
    search.fill("act")
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_have_count(0)
    search.fill("offer")
    frame.get_by_role("link", name="Offer", exact=True).click()

    title = frame.get_by_label(steps.NAME)
    shown = title.input_value()
    title.fill("Offer for the reception")
    row = frame.locator(".f", has=title)
    expect(row).to_have_class(re.compile("changed"))
    row.get_by_role("button", name="Undo").click()
    expect(title).to_have_value(shown)
    expect(row).not_to_have_class(re.compile("changed"))
    title.fill("Offer for the reception")

    number = frame.get_by_label("Number", exact=True)
    expect(number).not_to_be_editable()
    frame.get_by_role("button", name="Type one").click()
    number.fill("R-1")

    stand.control("clear-requests")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Offer for the reception")).to_be_visible()
    expect(frame.get_by_text("You can close this")).to_be_visible()
    assert stand.control("requests", method="crm.documentgenerator.document.add")["count"] == 1

    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    picture = frame.get_by_role("img", name="First page of Offer for the reception")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    steps.back_to_list(frame)
    row = frame.locator("article", has_text="Offer for the reception")
    expect(row).to_contain_text("R-1")
    expect(row).to_contain_text("Ready")
    expect(row).to_contain_text("Boris Hartmann")


def test_the_fields_can_be_searched_by_name_and_by_value(boris: Desk) -> None:
    frame = boris.open_tab(EMPTY)
    steps.pick(frame)
    search = frame.get_by_role("searchbox", name="Search fields and values")
    search.fill("document name")
    expect(frame.get_by_label(steps.NAME)).to_be_visible()
    expect(frame.get_by_label("Number", exact=True)).to_be_hidden()
    frame.get_by_label(steps.NAME).fill("Something else")
    search.fill("something ELSE")
    expect(frame.get_by_label(steps.NAME)).to_be_visible()
    search.fill("")
    expect(frame.get_by_label("Number", exact=True)).to_be_visible()


def test_a_field_that_cannot_be_right_is_shown_and_the_rest_is_kept(boris: Desk) -> None:
    boris.expect_complaint("422")
    frame = boris.open_tab(EMPTY)
    steps.pick(frame)
    date = frame.get_by_label("Generation date")
    date.fill("tomorrow")
    frame.get_by_label(steps.NAME).fill("Kept name")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Before you generate")).to_be_focused()
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_have_value("tomorrow")
    expect(frame.get_by_label(steps.NAME)).to_have_value("Kept name")


def test_the_stamp_cannot_be_switched_where_the_template_has_no_place(boris: Desk) -> None:
    frame = boris.open_tab(EMPTY)
    steps.pick(frame, "Invoice")
    stamps = frame.get_by_role("switch", name="Stamp and signature")
    expect(stamps).to_have_attribute("aria-disabled", "true")
    before = stamps.is_checked()
    stamps.press("Space")
    assert stamps.is_checked() == before


def test_the_pdf_opens_in_a_tab_of_its_own_once(offer: Desk) -> None:
    answers: list[Response] = []
    offer.context.on("response", lambda answer: answers.append(answer))
    with offer.context.expect_page() as opened:
        offer.frame.get_by_role("button", name="Open PDF").click()
    tab = opened.value
    tab.wait_for_url("**/f/*/")
    address = tab.url
    [first] = [answer for answer in answers if answer.url == address]
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"].startswith("inline")
    assert tab.evaluate("window.opener") is None

    second = offer.context.request.get(address)
    assert second.status == 410
    assert "This file cannot be opened now" in second.text()


def test_what_the_tab_shows_is_the_pdf_itself(offer: Desk) -> None:
    with offer.page.expect_response("**/pdf-ticket/") as asked:
        offer.inside.evaluate("window.open = () => null")  # the address stays unused
        offer.frame.get_by_role("button", name="Open PDF").click()
    address = f"{offer.ports.app_url}{asked.value.json()['address']}"
    expect(offer.frame.get_by_text("Your browser keeps new tabs closed")).to_be_visible()
    pdf = PdfReader(io.BytesIO(offer.context.request.get(address).body()))
    assert "Nordwerk" in pdf.pages[0].extract_text()


def test_the_docx_is_saved_and_the_page_stays(offer: Desk) -> None:
    with offer.page.expect_download() as saved:
        offer.frame.get_by_role("button", name="Download DOCX").click()
    download = saved.value
    assert re.fullmatch(r"Offer \d{4}-\d+\.docx", download.suggested_filename)
    text = "\n".join(p.text for p in Document(str(download.path())).paragraphs)
    assert "{" not in text
    expect(offer.frame.get_by_role("button", name="Open PDF")).to_be_visible()


def test_the_public_link_is_copied_opened_by_a_stranger_and_gone_again(
    offer: Desk, desk: MakeDesk
) -> None:
    frame = offer.frame
    switch = frame.get_by_role("switch", name="Public link")
    expect(switch).not_to_be_checked()
    switch.check()
    address = frame.get_by_label("Address of the link").input_value()
    expect(frame.get_by_role("switch", name="Public link")).to_be_focused()

    offer.context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=offer.ports.portal_one
    )
    copy = frame.get_by_role("button", name="Copy", exact=True)
    copy.click()
    expect(frame.locator("#copied")).to_be_visible()
    expect(copy).to_be_focused()
    assert offer.page.evaluate("navigator.clipboard.readText()") == address
    assert "clipboard" not in (offer.page.locator("iframe").last.get_attribute("allow") or "")

    stranger = desk()
    stranger.page.goto(address)
    expect(stranger.page.get_by_role("heading", name=re.compile("^Offer "))).to_be_visible()

    frame.get_by_role("switch", name="Public link").uncheck()
    expect(frame.get_by_text("its address is gone")).to_be_visible()
    stranger.expect_complaint("404")
    gone = stranger.page.goto(address)
    assert gone is not None
    assert gone.status == 404


def test_edit_saves_the_same_document(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(507)
    steps.make(frame, "Offer, first version")
    page = boris.inside.url
    write = steps.open_edit(frame)
    title = frame.get_by_label(steps.NAME)
    expect(title).to_have_value("Offer, first version")
    title.fill("Offer, second version")
    stand.control("clear-requests")
    write.click()
    expect(frame.get_by_role("heading", name="Offer, second version")).to_be_visible()
    assert boris.inside.url == page
    assert stand.control("requests", method="crm.documentgenerator.document.update")["count"] == 1
    assert stand.control("requests", method="crm.documentgenerator.document.add")["count"] == 0
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    steps.back_to_list(frame)
    expect(frame.locator("article")).to_have_count(1)


def test_delete_asks_once_and_can_be_thought_better_of(boris: Desk) -> None:
    frame = boris.open_tab(511)
    steps.pick(frame)
    steps.generate(frame, "Not for long")
    frame.get_by_role("button", name="Delete", exact=True).click()
    expect(frame.get_by_text("go for good")).to_be_visible()
    keep = frame.get_by_role("button", name="Keep it")
    expect(keep).to_be_focused()
    keep.click()
    delete = frame.get_by_role("button", name="Delete", exact=True)
    expect(delete).to_be_focused()
    delete.click()
    frame.get_by_role("button", name="Delete it").click()
    expect(frame.get_by_text("No documents in this deal yet")).to_be_visible()
    expect(frame.get_by_role("link", name="Not for long")).to_have_count(0)
