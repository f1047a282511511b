"""F8 in a browser: a file is dropped, a placeholder copied, a template tried, all are checked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeDesk
from tests.browser.desk import READY, Desk
from tests.browser.test_accessibility import look_at
from tests.unit.docx import templates

pytestmark = pytest.mark.browser
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def console(desk: MakeDesk) -> Desk:
    """Anna has the console open."""
    anna = desk("Anna")
    anna.page.goto(f"{anna.ports.portal_one}/marketplace/")
    anna.page.get_by_role("link", name="Open", exact=True).click()
    expect(anna.frame.get_by_role("heading", name="Docket", level=1)).to_be_visible()
    return anna


def go(console: Desk, path: str) -> None:
    """Opens a page of the console by its address, as after a reload."""
    console.inside.evaluate(
        """path => { window.oldPage = true
          location.assign(location.pathname.match(/^[/]p[/][^/]+[/]/)[0] + path) }""",
        path,
    )
    console.inside.wait_for_function(READY)
    expect(console.frame.get_by_role("navigation", name="Console")).to_be_visible()


def picture(console: Desk, name: str) -> None:
    """For whoever wants to look: only where a folder is named."""
    folder = os.environ.get("DOCKET_LOOK")
    if not folder:
        return
    for width in (480, 1100):
        for scheme in ("light", "dark"):
            console.page.set_viewport_size({"width": width, "height": 1600})
            console.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            console.page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"))
    console.page.emulate_media(color_scheme="light")
    console.page.set_viewport_size({"width": 1180, "height": 900})


def test_anna_checks_a_file_and_finds_the_right_placeholder(console: Desk) -> None:
    frame = console.frame
    go(console, "console/templates/check/")
    expect(frame.get_by_role("heading", name="Check a file", level=1)).to_be_visible()
    picture(console, "check-empty")
    look_at(console, "nothing dropped yet")
    body = templates.ten_mistakes()
    chosen = {"name": "Rahmenvertrag_v4.docx", "mimeType": DOCX, "buffer": body}
    frame.get_by_label("Drop a .docx here, or choose a file").set_input_files([chosen])
    expect(frame.get_by_role("heading", name="Rahmenvertrag_v4.docx")).to_be_visible()
    expect(frame.get_by_text("Brace never closed:")).to_be_visible()
    expect(frame.get_by_label("Nearest:").first).to_have_value("{RequisiteRqVatId}")
    frame.get_by_role("button", name="Copy").first.click()
    expect(frame.get_by_text("Copied").first).to_be_visible()
    picture(console, "check-found")
    look_at(console, "findings")
    console.expect_complaint("422")
    broken = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b""}
    frame.get_by_label("Drop another .docx here, or choose a file").set_input_files([broken])
    expect(frame.get_by_role("alert")).to_contain_text("Choose a Word file")
    picture(console, "check-refused")
    look_at(console, "refused")


def test_anna_looks_for_a_field_and_copies_it(console: Desk) -> None:
    frame = console.frame
    go(console, "console/templates/fields/")
    expect(frame.get_by_role("heading", name="All fields", level=1)).to_be_visible()
    picture(console, "fields")
    look_at(console, "fields")
    frame.get_by_role("searchbox", name="Search fields").fill("warranty")
    copy = frame.get_by_role("button", name="Copy the placeholder of")
    expect(copy).to_have_count(1)
    copy.click()
    expect(frame.locator("#d-UfCrmWarranty")).to_be_visible()
    frame.get_by_label("Made for").select_option(label="Estimates")
    expect(frame.locator("#i-QuoteNumber")).to_be_attached()


def test_anna_tries_a_template(console: Desk) -> None:
    frame = console.frame
    go(console, "console/templates/39/try/")
    frame.get_by_label("Its number").fill("501")
    frame.get_by_role("button", name="Try it").click()
    expect(frame.get_by_role("heading", name="Office refit, phase 2")).to_be_visible()
    picture(console, "try")
    look_at(console, "tried")
    console.expect_complaint("422")
    frame.get_by_label("Its number").fill("none")
    frame.get_by_role("button", name="Try it").click()
    expect(frame.get_by_role("alert")).to_contain_text("Type the number")
    look_at(console, "not a number")


def test_anna_has_all_templates_checked(console: Desk) -> None:
    frame = console.frame
    go(console, "console/templates/lint-all/")
    picture(console, "all-before")
    frame.get_by_role("button", name="Check all").click()
    expect(frame.get_by_text("of 10 clean")).to_be_visible(timeout=60_000)
    expect(frame.get_by_text("You can leave this page")).to_have_count(0, timeout=60_000)
    picture(console, "all")
    look_at(console, "all templates")
    frame.locator("summary", has_text="Offer").first.click()
    frame.get_by_role("link", name="Its own page").first.click()
    expect(frame.get_by_role("heading", name="Check of the template")).to_be_visible()
    picture(console, "template")
    look_at(console, "one template")
