"""An update in a real browser: three columns, one press for all, a value of one's own, restore."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.browser.test_accessibility import WIDTHS, look_at, show
from tests.browser.test_versions import number_of, open_versions
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
UPDATE = "crm.documentgenerator.document.update"
TERMS = "UF_CRM_PAYMENT_TERMS"


def see(desk: Desk, name: str) -> None:
    """Judged by axe in each width and scheme; as pictures too, where a folder is named."""
    look_at(desk, name)
    folder = os.environ.get("DOCKET_PICTURES")
    for width in WIDTHS if folder else ():
        for scheme in ("light", "dark"):
            desk.page.set_viewport_size({"width": width, "height": 1400})
            desk.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            desk.page.wait_for_timeout(300)
            desk.page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png")
    desk.page.set_viewport_size({"width": 1100, "height": 900})


def open_update(frame: FrameLocator, version: int) -> None:
    frame.get_by_role("link", name="Edit", exact=True).click()
    expect(frame.get_by_role("button", name=f"Write version {version}")).to_be_visible()


def test_an_update_writes_what_its_columns_say_and_is_taken_back(boris: Desk, stand: Stand) -> None:
    frame = show(boris, 508)
    steps.make(frame, "Offer to be updated")
    expect(frame.get_by_role("link", name="Version 1")).to_be_visible(timeout=steps.PDF_PATIENCE)
    boris.page.wait_for_timeout(1200)
    open_update(frame, 2)
    boris.expect_complaint("409")
    see(boris, "update-nothing")
    stand.control("deal", deal=508, title="A title by Anna", user_fields={TERMS: "Net, at once."})
    frame.get_by_role("link", name="Back to the document").click()
    open_update(frame, 2)
    name = frame.locator("#f-Title")
    bar = frame.locator("#writes")
    expect(name.get_by_label("Printed")).to_be_checked()
    expect(bar).to_contain_text("Writes the same values again")
    frame.get_by_label("Take all from the CRM").check()
    expect(name.get_by_label("From the CRM")).to_be_checked()
    expect(bar).to_contain_text("Writes 2 values")
    frame.get_by_label("Keep the rest as printed").check()
    expect(bar).to_contain_text("Writes the same values again")
    name.get_by_label("Own value", exact=True).check()
    name.get_by_label(re.compile(", own value$")).fill("A title of my own")
    expect(bar).to_contain_text("Writes 1 value;")
    see(boris, "update")
    boris.reload()
    expect(name.get_by_label("Own value", exact=True)).to_be_checked()
    expect(name.get_by_label(re.compile(", own value$"))).to_have_value("A title of my own")
    frame.get_by_role("button", name="Write version 2").click()
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    expect(frame.get_by_role("link", name="Version 2")).to_be_visible(timeout=steps.PDF_PATIENCE)
    expect(frame.locator("#otherwise")).to_have_count(0)
    boris.page.wait_for_timeout(1200)
    open_versions(frame)
    expect(frame.locator("#version-2 .tag")).to_have_text(["Name"])
    frame.get_by_role("link", name="Restore version 1").click()
    expect(frame.get_by_role("heading", name=re.compile("^Restore version 1"))).to_be_visible()
    expect(name.get_by_label("Version 1")).to_be_checked()
    stand.control("deal", deal=508, rows=[])
    frame.get_by_role("button", name="Write version 3").click()
    expect(frame.get_by_text("The product rows changed while you were here")).to_be_visible()
    see(boris, "restore-rows")
    assert number_of_updates(stand) == 1
    frame.get_by_role("button", name="Write version 3").click()
    expect(frame.get_by_role("link", name="Version 3")).to_be_visible(timeout=steps.PDF_PATIENCE)
    assert number_of(boris)
    assert number_of_updates(stand) == 2


def number_of_updates(stand: Stand) -> int:
    return int(stand.control("requests", method=UPDATE)["count"])
