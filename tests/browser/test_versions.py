"""Versions in a real browser: an edit made elsewhere appears, two are compared, all is readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at, show
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
EDITOR = "/bitrix/components/bitrix/crm.document.view/edit.php?documentId="


def number_of(desk: Desk) -> int:
    found = re.search(r"/documents/(\d+)/", str(desk.inside.evaluate("location.pathname")))
    assert found
    return int(found[1])


def edit_natively(stand: Stand, document_id: int, **values: str) -> None:
    """Anna changes it in Bitrix24's own editor."""
    with requests.Session() as browser:
        browser.trust_env = False
        browser.post(f"{stand.ports.portal_one}/auth/", data={"user": "1"}, timeout=10)
        fields = {f"values[{code}]": value for code, value in values.items()}
        path = f"{stand.ports.portal_one}{EDITOR}{document_id}"
        assert browser.post(path, fields, timeout=20).status_code == 200


def open_versions(frame: FrameLocator) -> None:
    frame.get_by_role("link", name=re.compile("^Version")).first.click()
    expect(frame.get_by_role("heading", name="Versions", exact=True)).to_be_visible()


def test_an_edit_made_in_bitrix24_appears_and_is_compared(
    boris: Desk, stand: Stand, tmp_path: Path
) -> None:
    frame = show(boris, 511)
    steps.make(frame, "Offer with versions")
    document_id = number_of(boris)
    open_versions(frame)
    expect(frame.locator("#version-1")).to_contain_text("Boris Hartmann, in Docket")
    edit_natively(stand, document_id, Title="A title by Anna")
    boris.page.wait_for_timeout(1500)
    frame = show(boris, 511)
    # Until its PDF is there the list is written anew by itself, and a click may go to a row that
    # is just being replaced.
    row = frame.locator(f"#doc-{document_id}")
    expect(row.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    steps.open_document(frame, "Offer with versions")
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    open_versions(frame)
    expect(frame.locator("#version-2")).to_contain_text("Anna Weiss, outside Docket")
    expect(frame.locator("#version-2 .tag")).to_have_text(["Name"])
    difference = frame.locator("#diff tbody tr")
    expect(difference).to_have_count(1)
    expect(difference.locator("ins")).to_have_text("A title by Anna")
    boris.page.wait_for_timeout(500)
    edit_natively(stand, document_id, Title="Another title by Anna")
    expect(frame.locator("#version-2")).to_be_visible()
    boris.page.wait_for_timeout(1500)
    boris.inside.evaluate("location.reload()")
    expect(frame.locator("#version-3, #unread").first).to_be_visible()
    expect(frame.locator("#version-3")).to_be_visible(timeout=steps.PDF_PATIENCE)
    check_pairs(boris, frame)
    with boris.page.expect_download() as download:
        frame.locator("#version-1").get_by_role("button", name="DOCX").click()
    kept = tmp_path / "old.docx"
    download.value.save_as(kept)
    assert kept.read_bytes().startswith(b"PK")


def check_pairs(desk: Desk, frame: FrameLocator) -> None:
    """Two are ticked; a third takes the place of one of them; reload and Back keep the choice."""
    expect(frame.get_by_role("heading", name="Version 2 to version 3")).to_be_visible()
    frame.get_by_role("checkbox", name="Version 1").check()
    expect(frame.get_by_role("heading", name="Version 1 to version 3")).to_be_visible()
    expect(frame.get_by_role("checkbox", name="Version 1")).to_be_focused()
    expect(frame.get_by_role("checkbox", name="Version 2")).not_to_be_checked()
    assert desk.inside.evaluate("location.search") == "?v=3&v=1"
    desk.inside.evaluate("location.reload()")
    expect(frame.get_by_role("heading", name="Version 1 to version 3")).to_be_visible()
    frame.get_by_role("checkbox", name="Version 3").uncheck()
    expect(frame.get_by_text("Tick a second version")).to_be_visible()
    desk.inside.evaluate("history.back()")
    expect(frame.get_by_role("heading", name="Version 1 to version 3")).to_be_visible()


def test_the_screens_of_versions(boris: Desk, desk: MakeDesk, stand: Stand) -> None:
    frame = show(boris, 512)
    steps.make(frame, "Offer with a story")
    document_id = number_of(boris)
    frame.get_by_role("switch", name="Public link").check()
    expect(frame.get_by_label("Address of the link")).to_be_visible()
    boris.page.wait_for_timeout(1200)
    edit_natively(
        stand,
        document_id,
        Title="A much longer title than this deal has ever had, with <b>signs</b> in it",
        RequisiteDeliveryAddressText="Gate 4\nNeuer Wall 48",
        ClientName="W" * 80,
    )
    boris.page.wait_for_timeout(2500)
    open_versions(frame)
    expect(frame.locator("#version-2")).to_be_visible(timeout=steps.PDF_PATIENCE)
    look_at(boris, "versions")
    frame.get_by_role("link", name="The story").click()
    expect(frame.get_by_role("heading", name="The story of a document")).to_be_visible()
    expect(frame.locator("#story tbody tr")).to_have_count(3)
    look_at(boris, "story")
    frame.get_by_label("to", exact=True).fill("2020-01-01")
    frame.get_by_role("button", name="Show").click()
    expect(frame.get_by_text("Nothing is known of this time")).to_be_visible()
    look_at(boris, "empty story")
    boris.inside.evaluate("window.print = () => { document.title = 'printed' }")
    frame.get_by_role("button", name="Print").click()
    assert boris.inside.evaluate("document.title") == "printed"
    anna = desk("Anna")
    anna.expect_complaint("422")
    frame = anna.open_console()
    frame.get_by_role("link", name="Settings", exact=True).click()
    frame.get_by_label("Keep old values").fill("forever")
    frame.locator("#kept").get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Type a whole number of days").first).to_be_visible()
    look_at(anna, "settings with a mistake")
    frame.get_by_label("Keep old values").fill("365")
    frame.locator("#kept").get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Saved", exact=True)).to_be_visible()
    with anna.page.expect_download() as download:
        frame.get_by_role("button", name="All stories as CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
