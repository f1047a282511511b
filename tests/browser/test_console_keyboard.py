"""Anna goes through the console without a mouse, on a narrow, dark screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at
from tests.browser.test_keyboard import press, tab_to

pytestmark = pytest.mark.browser
NARROW = {"width": 480, "height": 800}
SECTIONS = ("Overview", "Templates", "Numerators", "Access", "Links", "Inventory", "Settings")


@pytest.fixture
def anna(desk: MakeDesk) -> Desk:
    return desk("Anna", viewport=NARROW, color_scheme="dark")


def go_to(desk: Desk, section: str) -> FrameLocator:
    here = desk.frame.get_by_role("navigation", name="Console").get_by_role("link", name=section)
    press(desk, here)
    expect(here).to_have_attribute("aria-current", "page")
    return desk.frame


def test_every_section_is_reached_and_fits(anna: Desk) -> None:
    anna.open_console()
    for section in SECTIONS:
        go_to(anna, section)
        look_at(anna, f"{section}, narrow and dark")


def test_anna_tries_a_template_and_finds_a_cause(anna: Desk) -> None:
    anna.open_console()
    frame = go_to(anna, "Templates")
    tab_to(anna, frame.get_by_role("searchbox"))
    anna.page.keyboard.type("offer")
    expect(frame.get_by_role("link", name="Invoice", exact=True)).to_have_count(0)
    press(anna, frame.get_by_role("link", name="Offer", exact=True))
    expect(frame.get_by_role("heading", name="Offer", exact=True, level=2)).to_be_visible()
    press(anna, frame.get_by_role("link", name="Try it"))
    tab_to(anna, frame.get_by_label("Its number"))
    anna.page.keyboard.type("501")
    press(anna, frame.get_by_role("button", name="Try it"))
    expect(frame.locator("#tried-h")).to_be_focused()

    go_to(anna, "Access")
    tab_to(anna, frame.get_by_label("or the number of another user"))
    anna.page.keyboard.type("7")
    tab_to(anna, frame.get_by_label("Deal", exact=True))
    anna.page.keyboard.type("501")
    press(anna, frame.get_by_role("button", name="Find out"))
    expect(frame.locator("#diagnosis-h")).to_be_visible()
    expect(frame.locator("#diagnosis")).to_contain_text("Docket has the rights it needs")


def test_anna_sees_the_next_numbers_while_she_edits(anna: Desk) -> None:
    anna.open_console()
    frame = go_to(anna, "Numerators")
    press(anna, frame.get_by_role("link", name="New", exact=True))
    name = frame.get_by_label("Name", exact=True)
    tab_to(anna, name)
    anna.page.keyboard.type("By keyboard")
    tab_to(anna, frame.get_by_label("Digits"))
    anna.page.keyboard.press("Control+A")
    anna.page.keyboard.type("4")
    expect(frame.locator("#next li").first).to_have_text(re.compile(r"0001"))
    press(anna, frame.get_by_role("button", name="Make", exact=True))
    expect(frame.get_by_role("heading", name="By keyboard")).to_be_visible()
    expect(frame.get_by_text("Made", exact=True)).to_be_visible()
