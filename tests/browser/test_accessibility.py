"""Every screen, light and dark, narrow and wide: axe finds nothing, nothing overflows."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
WIDTHS = (480, 1100)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCHEMES = {"light": RULES, "dark": {"runOnly": ["color-contrast"]}}
"""In the dark only colours differ."""
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)
)"""


@pytest.fixture
def alone(desk: MakeDesk) -> Desk:
    """Boris before a page of the portal that holds nothing but our frame."""
    return desk("Boris")


def show(desk: Desk, deal_id: int) -> FrameLocator:
    desk.page.goto(f"{desk.ports.portal_one}/_frame/?deal={deal_id}")
    return desk.ready()


def look_at(desk: Desk, screen: str) -> None:
    """Judges what the frame shows now, in each scheme and width."""
    found = []
    for width in WIDTHS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in SCHEMES.items():
            desk.page.emulate_media(color_scheme=scheme)
            desk.inside.evaluate(SETTLED)
            result = Axe().run(desk.inside, options=rules)
            for violation in result.response["violations"]:
                places = [node["html"][:160] for node in violation["nodes"]]
                found.append(f"{screen}, {width}, {scheme}: {violation['id']} at {places}")
        if desk.inside.evaluate(OVERFLOWS):
            found.append(f"{screen}, {width}: wider than its frame")
    assert found == []


def test_the_screens_of_a_new_document(alone: Desk, stand: Stand) -> None:
    alone.expect_complaint("422")
    frame = show(alone, 509)
    expect(frame.get_by_role("link", name="New document").first).to_be_visible()
    look_at(alone, "list or empty")
    frame.get_by_role("link", name="New document").first.click()
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_be_visible()
    look_at(alone, "templates")
    frame.get_by_role("searchbox").fill("nothing like it")
    expect(frame.get_by_text("No template is called")).to_be_visible()
    look_at(alone, "no template found")
    frame.get_by_role("searchbox").fill("")
    frame.get_by_role("link", name="Offer", exact=True).click()
    expect(frame.get_by_role("button", name="Generate")).to_be_visible()
    frame.get_by_label(steps.NAME).fill("A changed name")
    look_at(alone, "check")
    frame.get_by_label("Generation date").fill("whenever")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Before you generate")).to_be_visible()
    look_at(alone, "check with a problem")
    frame.get_by_label("Generation date").fill("24.12.2026")
    stand.control("options", conversion_delay=600)
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="A changed name")).to_be_visible()
    look_at(alone, "being made")
    steps.back_to_list(frame)
    look_at(alone, "list with a document being made")


def test_the_screens_of_a_document(alone: Desk) -> None:
    frame = show(alone, 503)
    expect(frame.get_by_role("link", name="Older")).to_be_visible()
    look_at(alone, "list")
    frame.get_by_role("link", name=re.compile("^Offer ")).first.click()
    expect(frame.get_by_role("link", name="Edit")).to_be_visible()
    frame.get_by_role("button", name="Delete", exact=True).click()
    expect(frame.get_by_role("button", name="Keep it")).to_be_visible()
    frame.get_by_role("switch", name="Public link").check()
    expect(frame.get_by_label("Address of the link")).to_be_visible()
    look_at(alone, "document with link and question")
    frame.get_by_role("switch", name="Public link").uncheck()
    expect(frame.get_by_text("its address is gone")).to_be_visible()
    frame.get_by_role("link", name="Edit").click()
    expect(frame.get_by_role("button", name=re.compile("^(Save|Write version)"))).to_be_visible()
    look_at(alone, "edit")


def test_the_screens_of_trouble(alone: Desk, desk: MakeDesk) -> None:
    alone.expect_complaint("ERR_INTERNET_DISCONNECTED|htmx:|40[349]")
    frame = show(alone, 505)
    frame.get_by_role("link", name=re.compile("^Advance invoice")).click()
    expect(frame.get_by_role("heading", name="Bitrix24 could not make the PDF")).to_be_visible()
    look_at(alone, "failed")
    alone.context.set_offline(True)
    frame.get_by_role("link", name="Edit").click()
    expect(frame.get_by_role("heading", name="The network is away")).to_be_visible()
    look_at(alone, "offline")
    alone.context.set_offline(False)
    frame = show(alone, 99999)
    expect(frame.get_by_role("alert")).to_be_visible()
    clara = desk("Clara")
    clara.expect_complaint("403")
    show(clara, 503)
    expect(clara.frame.get_by_role("heading", name="You cannot see")).to_be_visible()
    look_at(clara, "not her deal")


def test_the_pages_of_the_application(desk: MakeDesk, stand: Stand) -> None:
    for name in ("Anna", "Boris"):
        person = desk(name)
        person.page.goto(f"{person.ports.portal_one}/marketplace/")
        person.page.get_by_role("link", name="Open", exact=True).click()
        expect(person.frame.get_by_role("heading", name="Docket", level=1)).to_be_visible()
        look_at(person, f"application, {name}")


def test_the_finding_out_page(alone: Desk, stand: Stand) -> None:
    frame = show(alone, 509)
    frame.get_by_role("link", name="New document").first.click()
    frame.get_by_role("link", name="Invoice", exact=True).click()
    stand.control("fault", method="crm.documentgenerator.document.add", kind="cut", after=True)
    frame.get_by_role("button", name="Generate").click()
    heading = frame.get_by_role("heading", name="Docket is finding out")
    expect(heading).to_be_visible()
    result = Axe().run(alone.inside, options=RULES)
    assert result.response["violations"] == []
    expect(heading).to_have_count(0, timeout=20_000)
