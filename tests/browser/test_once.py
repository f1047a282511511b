"""One click or many, answers lost, conversions failed: one document, and a person who knows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
ADD = "crm.documentgenerator.document.add"
LOOKING = "Docket is finding out whether the document was made"


def made(stand: Stand) -> object:
    """How many documents the portal made since the record was cleared."""
    return stand.control("requests", method=ADD)["executed"]


def test_a_double_click_makes_one_document(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(510)
    steps.pick(frame)
    frame.get_by_label(steps.NAME).fill("Clicked twice")
    stand.control("clear-requests")
    stand.control("fault", method=ADD, kind="slow", seconds=0.7)
    frame.get_by_role("button", name="Generate").dblclick()
    expect(frame.get_by_role("heading", name="Clicked twice")).to_be_visible()
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name="Clicked twice")).to_have_count(1)
    assert made(stand) == 1


def test_two_tabs_make_one_document(desk: MakeDesk, stand: Stand) -> None:
    tabs = [desk("Boris"), desk("Boris")]
    for tab in tabs:
        steps.pick(tab.open_tab(512))
        tab.frame.get_by_label(steps.NAME).fill("From two tabs")
    stand.control("clear-requests")
    stand.control("fault", method=ADD, kind="slow", seconds=0.7)
    for tab in tabs:
        tab.frame.get_by_role("button", name="Generate").click(no_wait_after=True)
    for tab in tabs:
        expect(tab.frame.get_by_role("heading", name="From two tabs")).to_be_visible()
    assert made(stand) == 1
    assert len({tab.inside.url for tab in tabs}) == 1


def test_a_lost_answer_is_found_out_and_the_document_appears(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(513)
    steps.pick(frame)
    frame.get_by_label(steps.NAME).fill("Lost and found")
    stand.control("clear-requests")
    stand.control("fault", method=ADD, kind="cut", after=True)
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name=LOOKING)).to_be_visible()
    frame.get_by_role("link", name="Back to documents").first.click()
    expect(frame.get_by_text("Finding out", exact=True)).to_be_visible()
    boris.page.evaluate("history.back()")
    expect(frame.get_by_role("heading", name=LOOKING)).to_be_visible()
    found = frame.get_by_role("heading", name="Lost and found")
    expect(found).to_be_visible(timeout=20_000)
    assert made(stand) == 1


def test_a_call_that_never_arrived_can_be_sent_again(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(513)
    steps.pick(frame, "Invoice")
    frame.get_by_label(steps.NAME).fill("Second attempt")
    stand.control("clear-requests")
    stand.control("fault", method=ADD, kind="cut")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name=LOOKING)).to_be_visible()
    missing = frame.get_by_role("heading", name="The document was not made")
    expect(missing).to_be_visible(timeout=30_000)
    expect(frame.get_by_label(steps.NAME)).to_have_value("Second attempt")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Second attempt")).to_be_visible()
    assert stand.control("requests", method=ADD)["count"] == 2
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name="Second attempt")).to_have_count(1)


def test_a_failed_conversion_says_so_and_can_be_tried_again(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(510)
    steps.pick(frame, "Invoice")
    stand.control(
        "options", conversion_fails=True, conversion_error_message="The picture is damaged."
    )
    steps.generate(frame, "Hard to print")
    failed = frame.get_by_role("heading", name="Bitrix24 could not make the PDF")
    expect(failed).to_be_visible(timeout=steps.PDF_PATIENCE)
    expect(frame.get_by_text("The document and its number are safe")).to_be_visible()
    steps.back_to_list(frame)
    expect(frame.locator("article", has_text="Hard to print")).to_contain_text("PDF failed")
    frame.get_by_role("link", name="Hard to print").click()
    stand.control("options", conversion_fails=False)
    frame.get_by_role("button", name="Try again").click()
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)


def test_a_template_that_was_just_deleted(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("404")
    frame = boris.open_tab(510)
    frame.get_by_role("link", name="New document").click()
    expect(frame.get_by_role("link", name="Act of acceptance")).to_have_count(0)  # Projects only
    frame.get_by_role("link", name="Framework agreement").wait_for()
    stand.control("delete-template", template=43)
    frame.get_by_role("link", name="Framework agreement").click()
    expect(frame.get_by_role("alert")).to_contain_text("This template is not offered any more")
    frame.get_by_role("link", name="Back to documents").click()
    expect(frame.get_by_role("heading", name="Documents", level=1)).to_be_visible()
