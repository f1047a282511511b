"""The check page in a real browser: what is found, what stays, what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL, MANUAL = 502, 504
"""A deal whose amount is what its rows make, and one whose amount was typed by hand."""
PAUSE = 900
"""Milliseconds after which a person has paused."""
CHANGED = re.compile(r"\bchanged\b")


@pytest.fixture(autouse=True)
def calm(stand: Stand) -> Iterator[None]:
    yield
    stand.control("clear-faults")


def open_check(desk: Desk, deal: int = DEAL, template: str = "Offer") -> FrameLocator:
    frame = desk.open_tab(deal)
    steps.pick(frame, template)
    expect(frame.locator("#run")).to_have_count(1)
    desk.inside.wait_for_function(
        "() => window.typing && document.querySelector('link[href*=\"css/screens\"]')"
    )
    return frame


def pause(desk: Desk) -> None:
    """Until the answer to what was typed last is in the page."""
    desk.page.wait_for_timeout(PAUSE)
    expect(desk.frame.locator("#check.htmx-request")).to_have_count(0)


def batches(stand: Stand) -> int:
    return int(stand.control("requests", method="batch")["count"])


def row(frame: FrameLocator, code: str) -> Locator:
    return frame.locator(f"#f-{code}")


def test_2_values_that_follow_a_choice_come_in_and_what_was_typed_stays(boris: Desk) -> None:
    frame = open_check(boris)
    client = frame.get_by_label("Client", exact=True)
    client.fill("Typed with care")
    before = frame.locator("#next .num").text_content()
    frame.get_by_role("radio", name="Nordwerk Service GmbH").check()
    expect(frame.locator("#i-MyCompanyTitle")).to_have_value("Nordwerk Service GmbH")
    expect(client).to_have_value("Typed with care")
    expect(frame.locator("#next .num")).not_to_have_text(before or "")
    expect(frame.get_by_role("radio", name="Nordwerk Service GmbH")).to_be_focused()
    expect(frame.locator("#finding-MY_COMPANY")).to_have_class(re.compile("t-ok"))


def test_2_a_change_is_marked_and_taken_back(boris: Desk) -> None:
    frame = open_check(boris)
    start = frame.get_by_label("Start date", exact=True)
    shown = start.input_value()
    start.fill("24.12.2026")
    expect(row(frame, "BeginDate")).to_have_class(CHANGED)
    expect(row(frame, "BeginDate").locator("del")).to_have_text(shown)
    expect(start).to_be_focused()
    frame.get_by_role("radio", name="Changed 1").check(force=True)
    expect(frame.get_by_label("End date", exact=True)).to_be_hidden()
    frame.get_by_role("radio", name="All").check(force=True)
    row(frame, "BeginDate").get_by_role("button", name="Undo").click()
    expect(start).to_have_value(shown)
    expect(start).to_be_focused()
    expect(frame.locator("#n-changed")).to_have_text("0")


def test_2_typed_text_outlives_reload(boris: Desk) -> None:
    frame = open_check(boris)
    frame.get_by_label("Client", exact=True).fill("Typed with care")
    pause(boris)
    boris.reload()
    expect(boris.frame.get_by_label("Client", exact=True)).to_have_value("Typed with care")


def test_2_a_text_for_every_row_comes_with_a_warning(boris: Desk) -> None:
    frame = open_check(boris)
    expect(frame.get_by_role("table")).to_contain_text("Reception desk, oak, curved")
    frame.get_by_text("Print one text in every row").click()
    expect(frame.get_by_text("is printed in every row of the table")).to_be_visible()
    column = frame.locator('#fields .tech input[name^="f-ProductsProduct"]').first
    column.fill("as agreed")
    expect(frame.locator("#findings")).to_contain_text("“as agreed” will stand in every row")


def test_2_pictures_are_shown(boris: Desk) -> None:
    frame = open_check(boris)
    picture = frame.locator(".tile img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    boris.inside.wait_for_function("() => document.querySelector('.tile img').naturalWidth > 10")


def test_3_a_pause_in_typing_costs_one_request_and_the_caret_stays(
    boris: Desk, stand: Stand
) -> None:
    frame = open_check(boris)
    client = frame.get_by_label("Client", exact=True)
    client.click()
    stand.control("clear-requests")
    boris.page.keyboard.press("Home")
    boris.page.keyboard.type("Messrs ", delay=40)
    pause(boris)
    assert batches(stand) == 1
    assert stand.control("requests", method="crm.documentgenerator.document.add")["count"] == 0
    expect(client).to_be_focused()
    assert client.evaluate("input => input.selectionStart") == len("Messrs ")
    boris.page.keyboard.type("and ", delay=40)
    pause(boris)
    assert batches(stand) == 2
    assert client.input_value().startswith("Messrs and ")


def test_3_an_empty_name_stops_and_is_mended_where_it_is_asked(boris: Desk, stand: Stand) -> None:
    frame = open_check(boris)
    frame.get_by_label(steps.NAME).fill("")
    go = frame.get_by_role("button", name="Generate")
    expect(go).to_have_attribute("aria-disabled", "true")
    expect(frame.locator("#why-not")).to_contain_text("Give the document a name first.")
    frame.get_by_role("searchbox", name="Search fields and values").focus()
    frame.locator("#run").evaluate(
        "run => run.closest('form').dispatchEvent(new Event('recheckNow'))"
    )
    asked = frame.locator("#finding-DocumentTitle").get_by_label(steps.NAME)
    expect(asked).to_be_visible()
    expect(row(frame, "DocumentTitle")).to_contain_text("Asked above")
    stand.control("clear-requests")
    go.dispatch_event("click")
    assert stand.control("requests", method="crm.documentgenerator.document.add")["count"] == 0
    frame.locator("#why-not").get_by_role("link", name="Go there").click()
    expect(asked).to_be_focused()
    boris.page.keyboard.type("Offer by hand", delay=20)
    expect(go).not_to_have_attribute("aria-disabled", "true")
    expect(asked).to_be_focused()
    expect(asked).to_have_value("Offer by hand")
    expect(frame.locator("#finding-DocumentTitle")).to_have_class(re.compile("t-ok"))


def test_3_ten_blocked_attempts_leave_the_numerator_where_it_was(boris: Desk) -> None:
    frame = open_check(boris)
    number = frame.locator("#next .num").text_content() or ""
    frame.get_by_label("Generation date").fill("soon")
    go = frame.get_by_role("button", name="Generate")
    expect(go).to_have_attribute("aria-disabled", "true")
    for _ in range(10):
        go.dispatch_event("click")
    expect(frame.locator("#finding-DocumentCreateTime")).to_contain_text("This is not a date")
    frame = open_check(boris)
    expect(frame.locator("#next .num")).to_have_text(number)


def test_4_a_value_is_saved_to_the_deal_and_the_card_reads_it_again(boris: Desk) -> None:
    frame = open_check(boris, 511)
    boris.inside.evaluate("() => { bridge.reloadCard = () => { window.reloaded = true } }")
    frame.locator("#i-Title").fill("Facade lettering")
    frame.get_by_role("button", name="Save to the deal too").click()
    expect(frame.locator("#finding-saved")).to_contain_text("saved in the CRM")
    expect(frame.locator("#f-Title")).not_to_have_class(CHANGED)
    expect(frame.locator("#i-Title")).to_have_value("Facade lettering")
    boris.inside.wait_for_function("() => window.reloaded")


def test_4_the_amount_of_the_deal_is_put_right(boris: Desk) -> None:
    frame = open_check(boris, MANUAL)
    finding = frame.locator("#finding-total")
    expect(finding).to_contain_text("Somebody typed the amount by hand.")
    finding.get_by_role("button", name=re.compile("^Set it to")).click()
    expect(finding).to_have_count(0)
    expect(frame.locator("#finding-saved")).to_be_visible()


def test_4_coming_back_from_a_card_looks_again(boris: Desk, stand: Stand) -> None:
    frame = open_check(boris)
    boris.inside.evaluate(
        "() => { bridge.openPath = path => new Promise(done => "
        "{ window.opened = path; window.closeCard = done }) }"
    )
    row(frame, "Title").get_by_role("link", name="Open where Name comes from").click()
    assert boris.inside.evaluate("window.opened") == f"/crm/deal/details/{DEAL}/"
    stand.control("clear-requests")
    boris.inside.evaluate("window.closeCard({ result: 'close' })")
    pause(boris)
    assert batches(stand) == 1


def test_9_a_slow_portal_shows_progress_at_once_and_words_after_two_seconds(
    boris: Desk, stand: Stand
) -> None:
    # htmx writes each look that a newer one has replaced into the console.
    boris.expect_complaint("htmx:(afterRequest|sendAbort)")
    frame = open_check(boris)
    stand.control("fault", method="batch", kind="slow", seconds=4)
    client = frame.get_by_label("Client", exact=True)
    client.press_sequentially("Slow ", delay=20)
    expect(frame.get_by_text("Checking", exact=True)).to_be_visible()
    expect(frame.get_by_text("Bitrix24 takes its time")).to_be_hidden()
    expect(frame.get_by_text("Bitrix24 takes its time")).to_be_visible(timeout=4000)
    frame.locator("#i-Title").fill("Typed meanwhile")
    pause(boris)
    expect(frame.locator("#i-Title")).to_have_value("Typed meanwhile")
    expect(client).to_have_value(re.compile("Slow"))


def test_9_a_portal_that_is_gone_is_said_and_nothing_is_lost(boris: Desk, stand: Stand) -> None:
    frame = open_check(boris)
    stand.control("fault", method="batch", kind="html", status=502, times=-1)
    client = frame.get_by_label("Client", exact=True)
    client.fill("Typed with care")
    failure = frame.locator("#finding-failure")
    expect(failure).to_contain_text("Not checked just now.", timeout=20_000)
    expect(client).to_have_value("Typed with care")
    stand.control("clear-faults")
    failure.get_by_role("button", name="Check again").click()
    expect(failure).to_have_count(0)
    expect(client).to_have_value("Typed with care")
