"""Public links and inventory documents in a browser: ticked, asked about, done, read back."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import READY, Desk
from tests.browser.test_accessibility import look_at

pytestmark = pytest.mark.browser
GO = """(path) => {
  window.oldPage = true
  location.assign(document.documentElement.dataset.base + path)
}"""


@pytest.fixture
def anna(desk: MakeDesk) -> Desk:
    return desk("Anna")


def open_console(anna: Desk, path: str) -> FrameLocator:
    """The application's own page, at one of the console's screens."""
    anna.page.goto(f"{anna.ports.portal_one}/marketplace/")
    anna.page.get_by_role("link", name="Open", exact=True).click()
    anna.inside.wait_for_function(READY)
    expect(anna.frame.get_by_role("heading", name="Docket", level=1)).to_be_visible()
    anna.inside.evaluate(GO, path)
    return anna.ready()


def share(anna: Desk, title: str) -> str:
    """Makes a document in deal 501 and switches its link on; answers the address."""
    frame = anna.open_tab(501)
    steps.make(frame, title)
    frame.get_by_role("switch", name="Public link").click()
    url = frame.get_by_label("Address of the link", exact=True)
    expect(url).to_be_visible()
    return url.input_value()


def opens(address: str) -> bool:
    return requests.get(address, timeout=10).status_code == 200


def test_links_are_found_and_switched_off_together(anna: Desk) -> None:
    addresses = [share(anna, "Console offer one"), share(anna, "Console offer two")]
    frame = open_console(anna, "console/links/")
    expect(frame.get_by_role("heading", name="Public links")).to_be_visible()
    frame.get_by_role("searchbox").fill("offer one")
    expect(frame.get_by_role("checkbox", name=re.compile("^Choose "))).to_have_count(1)
    frame.get_by_role("searchbox").fill("console offer")
    expect(frame.get_by_role("checkbox", name=re.compile("^Choose "))).to_have_count(2)
    expect(frame.get_by_role("searchbox")).to_be_focused()
    frame.get_by_role("checkbox", name="Choose Console offer one").check()
    expect(frame.get_by_role("button", name="Switch 1 link off")).to_be_visible()
    frame.get_by_role("checkbox", name="Choose Console offer two").check()
    frame.get_by_role("button", name="Change their end").click()
    frame.get_by_label("They end", exact=True).select_option("90")
    frame.get_by_role("button", name="Change the end of 2 links").click()
    expect(frame.get_by_text("2 links end")).to_be_visible()
    expect(frame.get_by_text("in 90 days")).to_have_count(2)
    look_at(anna, "links, ends changed")
    frame.get_by_role("link", name="Choose all shown").click()
    frame.get_by_role("button", name="Switch 2 links off").click()
    expect(frame.get_by_text("cannot be brought back")).to_be_visible()
    assert all(opens(one) for one in addresses)
    look_at(anna, "links, asked")
    frame.get_by_role("button", name="Switch 2 links off").click()
    expect(frame.get_by_text("2 links are off.")).to_be_visible()
    assert not any(opens(one) for one in addresses)
    share(anna, "Console offer left on")
    frame = open_console(anna, "console/links/")
    frame.get_by_role("button", name="Look for others").click()
    expect(frame.get_by_text(re.compile("found among"))).to_be_visible(timeout=30_000)
    look_at(anna, "links, looked for others")
    anna.reload()
    expect(anna.frame.get_by_role("heading", name="Public links")).to_be_visible()


def test_a_receipt_is_cancelled_and_processed_again(anna: Desk) -> None:
    frame = open_console(anna, "console/inventory/")
    expect(frame.get_by_role("heading", name="Inventory documents")).to_be_visible()
    look_at(anna, "inventory")
    frame.get_by_role("button", name="Cancel A-0002…").click()
    asked = frame.get_by_role("heading", name="Cancel A-0002? This moves stock back")
    expect(asked).to_be_visible()
    look_at(anna, "inventory, asked")
    frame.get_by_role("button", name="Leave it").click()
    expect(asked).to_have_count(0)
    frame.get_by_role("button", name="Cancel A-0002…").click()
    frame.get_by_role("button", name="Cancel A-0002 and move stock back").click()
    expect(frame.get_by_text("A-0002 is cancelled.")).to_be_visible()
    anna.reload()
    frame = anna.frame
    frame.get_by_role("button", name="Process A-0002 again…").click()
    frame.get_by_role("button", name="Process A-0002 again", exact=True).click()
    expect(frame.get_by_text("A-0002 is processed again.")).to_be_visible()
    frame.get_by_role("checkbox", name="Choose A-0002").check()
    expect(frame.get_by_role("button", name="Cancel 1 document…")).to_be_visible()
    expect(frame.get_by_role("checkbox", name="Choose R-0004")).not_to_be_checked()
    frame.get_by_role("checkbox", name="Choose R-0004").check()
    frame.get_by_role("button", name="Cancel 2 documents…").click()
    expect(frame.get_by_role("heading", name="Cancel 2 documents?")).to_be_visible()
    look_at(anna, "inventory, several asked")
    frame.get_by_role("button", name="Cancel 2 documents and move stock back").click()
    expect(frame.get_by_text("R-0004 is cancelled.")).to_be_visible()
    frame.get_by_role("radio", name="Cancelled 2").check()
    expect(frame.get_by_text("S-0001")).to_have_count(0)
    look_at(anna, "inventory, cancelled")
