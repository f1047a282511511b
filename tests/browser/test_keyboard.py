"""The main job without a mouse; focus is never lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
FOCUSED = "element => element === document.activeElement && document.hasFocus()"
ENOUGH = 90
"""Presses of Tab after which anybody would give up."""


def tab_to(desk: Desk, wanted: Locator) -> None:
    """Presses Tab until the element has the focus."""
    for _ in range(ENOUGH):
        if wanted.evaluate(FOCUSED):
            return
        desk.page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {wanted}")


def press(desk: Desk, wanted: Locator, key: str = "Enter") -> None:
    tab_to(desk, wanted)
    desk.page.keyboard.press(key)


def test_boris_makes_and_shares_a_document_by_keyboard(desk: MakeDesk) -> None:
    """As a new user would on a narrow, dark screen."""
    narrow = {"width": 480, "height": 800}
    boris = desk("Boris", viewport=narrow, color_scheme="dark")
    frame = boris.open_tab(514)
    press(boris, frame.get_by_role("link", name="New document"))
    expect(frame.get_by_role("heading", name="New document")).to_be_focused()
    tab_to(boris, frame.get_by_role("searchbox", name="Search templates"))
    boris.page.keyboard.type("offer")
    expect(frame.get_by_role("link", name="Invoice", exact=True)).to_have_count(0)
    press(boris, frame.get_by_role("link", name="Offer", exact=True))
    expect(frame.get_by_role("heading", name="Offer", exact=True)).to_be_focused()

    tab_to(boris, frame.get_by_label(steps.NAME))
    boris.page.keyboard.press("Control+A")
    boris.page.keyboard.type("Made by keyboard")
    press(boris, frame.get_by_role("switch", name="Stamp and signature"), "Space")
    press(boris, frame.get_by_role("button", name="Generate"))
    title = frame.get_by_role("heading", name="Made by keyboard")
    expect(title).to_be_focused()
    expect(frame.get_by_text("stamp on")).to_be_visible()
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    expect(title).to_be_focused()  # the page was written anew when the PDF came

    with boris.context.expect_page() as opened:
        press(boris, frame.get_by_role("button", name="Open PDF"))
    opened.value.close()
    switch = frame.get_by_role("switch", name="Public link")
    press(boris, switch, "Space")
    expect(frame.get_by_label("Address of the link")).to_be_visible()
    expect(switch).to_be_focused()
    press(boris, frame.get_by_role("button", name="Copy", exact=True))
    expect(frame.locator("#copied")).to_be_visible()


def test_errors_and_undo_by_keyboard(boris: Desk) -> None:
    boris.expect_complaint("422")
    frame = boris.open_tab(514)
    steps.pick(frame)
    date = frame.get_by_label("Generation date")
    shown = date.input_value()
    date.press("Control+A")
    boris.page.keyboard.type("soon")
    boris.page.keyboard.press("Enter")  # sends the form, as in any form
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()
    go = frame.get_by_role("button", name="Generate")
    expect(go).to_have_attribute("aria-disabled", "true")
    press(boris, go)  # nothing is sent; the reason stands beside it
    expect(frame.locator("#why-not")).to_contain_text("Correct first: Generation date.")
    press(boris, frame.locator("#finding-DocumentCreateTime").get_by_role("link", name="Go there"))
    expect(date).to_be_focused()
    press(boris, frame.locator(".f", has=date).get_by_role("button", name="Undo"))
    expect(date).to_be_focused()
    expect(date).to_have_value(shown)


def test_an_opening_tab_takes_the_focus_from_nobody(desk: MakeDesk) -> None:
    boris = desk("Boris")
    boris.page.goto(f"{boris.ports.portal_one}/crm/deal/details/514/")
    tab = boris.page.get_by_role("tab", name="Documents")
    tab.focus()
    tab.press("Enter")
    expect(boris.frame.get_by_role("link", name="New document")).to_be_visible()
    expect(tab).to_be_focused()
    boris.reload()
    expect(boris.frame.get_by_role("link", name="New document")).to_be_visible()
    expect(tab).to_be_focused()
