"""Anna adds a template, changes it, gives it another file, goes back, and takes it out of use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.browser.conftest import MakeDesk
from tests.browser.desk import READY, Desk
from tests.browser.test_accessibility import look_at
from tests.demo.stand import Stand
from tests.unit.docx import files

pytestmark = pytest.mark.browser
ADD = "crm.documentgenerator.template.add"
PAPERS = {
    "Site_survey": "Survey for {ContactFormattedName}",
    "Second": "By {MyCompany}",
    "Typo": "Survey for {ContactFormatedName}",
}
GO = "window.oldPage = true; location.assign(document.documentElement.dataset.base + %r)"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    for name, words in PAPERS.items():
        body = files.packed({files.BODY: files.text(words)})
        (tmp_path / f"{name}.docx").write_bytes(body)
    (tmp_path / "Macro.docx").write_bytes(files.packed({"word/vbaProject.bin": b"x"}))
    return tmp_path


def open_templates(desk: Desk) -> FrameLocator:
    desk.open_console()
    desk.inside.evaluate(GO % "console/templates/")
    desk.inside.wait_for_function(READY)
    expect(desk.frame.get_by_role("heading", name="Templates", level=2)).to_be_visible()
    return desk.frame


def drop(frame: FrameLocator, file: Path) -> None:
    """As a file manager's drag does it: the input lies over the whole of the dashed place."""
    frame.locator("#t-file").set_input_files(file)


def test_the_life_of_a_template(desk: MakeDesk, papers: Path) -> None:
    anna = desk("Anna")
    anna.expect_complaint("422")
    frame = open_templates(anna)
    look_at(anna, "templates")
    frame.get_by_role("searchbox").press_sequentially("frame")
    expect(frame.get_by_text(re.compile(r"^1 of \d+ shown$"))).to_be_visible()
    expect(frame.get_by_role("searchbox")).to_be_focused()
    frame.get_by_role("searchbox").fill("")
    frame.get_by_label("Object", exact=True).select_option("Invoices")
    expect(frame.get_by_role("link", name="Invoice by instalments", exact=True)).to_be_visible()
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_have_count(0)
    frame.get_by_role("link", name="Add a template").click()
    look_at(anna, "an empty form")
    drop(frame, papers / "Macro.docx")
    expect(frame.get_by_text("Macro.docx, 1 KB")).to_be_visible()
    expect(frame.locator("#chosen")).to_contain_text("Docket does not pass this file on")
    frame.get_by_text("Only these").click()
    frame.get_by_role("checkbox", name="Anna").check()
    frame.get_by_label("More access codes").fill("DR5")
    frame.get_by_role("button", name="Add template").click()
    expect(frame.get_by_text("macros or controls")).to_be_visible()
    expect(frame.get_by_text("offered nowhere")).to_be_visible()
    expect(frame.get_by_label("More access codes")).to_have_value("DR5")
    look_at(anna, "what is wrong")
    frame.get_by_label("Deals, Projects").check()
    drop(frame, papers / "Typo.docx")
    mistakes = frame.get_by_role("list", name="Findings in the file")
    expect(mistakes).to_contain_text("ContactFormatedName")
    expect(mistakes.get_by_label("Nearest:")).to_have_value("{ContactFormattedName}")
    look_at(anna, "what is wrong with the chosen file")
    drop(frame, papers / "Site_survey.docx")
    expect(frame.locator("#chosen")).to_contain_text("1 placeholder found, 1 known.")
    frame.get_by_label("Name", exact=True).fill("")
    frame.get_by_role("button", name="Add template").click()
    expect(frame.get_by_role("heading", name="Site survey", level=2)).to_be_visible()
    expect(frame.get_by_role("checkbox", name="Department 5 and below")).to_be_checked()
    frame.get_by_label("Name", exact=True).fill("Site survey, measured")
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Saved", exact=True)).to_be_focused()
    drop(frame, papers / "Second.docx")
    frame.get_by_role("button", name="Replace the file").click()
    expect(frame.get_by_text("the one before is kept")).to_be_visible()
    frame.get_by_role("button", name="Compare").click()
    expect(frame.get_by_role("heading", name="What is different")).to_be_visible()
    expect(frame.locator("#compared ins")).to_have_text(["By {MyCompany}"])
    look_at(anna, "one template")
    with anna.page.expect_download() as download:
        frame.get_by_role("button", name="Download", exact=True).click()
    assert download.value.path().read_bytes() == (papers / "Second.docx").read_bytes()
    frame.get_by_role("button", name="Go back to it").click()
    expect(frame.get_by_role("button", name="Go back to it")).to_have_count(2)
    frame.get_by_role("button", name="Delete", exact=True).click()
    expect(frame.get_by_text("No document is made from it")).to_be_visible()
    look_at(anna, "before it is deleted")
    frame.get_by_role("button", name="Delete it").click()
    expect(frame.get_by_text("“Site survey, measured” is deleted.")).to_be_visible()


def test_a_lost_answer_is_found_and_a_switch_holds(
    desk: MakeDesk, stand: Stand, papers: Path
) -> None:
    anna = desk("Anna")
    frame = open_templates(anna)
    frame.get_by_role("link", name="Add a template").click()
    drop(frame, papers / "Site_survey.docx")
    frame.get_by_label("Deals, Retail").check()
    stand.control("fault", method=ADD, kind="cut", after=True)
    frame.get_by_role("button", name="Add template").click()
    expect(frame.get_by_role("heading", name="Site survey", level=2)).to_be_visible()
    anna.reload()
    expect(frame.get_by_role("heading", name="Site survey", level=2)).to_be_visible()
    frame.get_by_role("link", name="Back to templates").click()
    expect(frame.get_by_role("link", name="Site survey", exact=True)).to_have_count(1)
    frame.get_by_role("button", name="Switch Site survey off").click()
    expect(frame.get_by_text("Site survey is off")).to_be_visible()
    expect(frame.get_by_role("button", name="Switch Site survey on")).to_be_visible()
    frame.get_by_role("link", name="Site survey", exact=True).click()
    frame.get_by_role("button", name="Delete", exact=True).click()
    frame.get_by_role("button", name="Delete it").click()
    expect(frame.get_by_text("“Site survey” is deleted.")).to_be_visible()
