"""Picking a template, and attaching a file that is ready."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.demo.stand import Stand
from tests.unit.docx import files

pytestmark = pytest.mark.browser
UPLOAD = "crm.documentgenerator.document.upload"
NAME, NUMBER = "Site survey, signed", "SV-7"


def test_what_was_used_last_comes_first_and_a_search_keeps_the_focus(desk: MakeDesk) -> None:
    boris = desk("Boris")
    steps.make(boris.open_tab(501), "Refit, first offer")
    frame = boris.open_tab(501)
    frame.get_by_role("link", name="New document").click()
    recent = frame.get_by_role("region", name="You used last")
    expect(recent.get_by_role("link", name="Offer", exact=True)).to_be_visible()
    frame.get_by_role("button", name="Refresh").click()
    search = frame.get_by_role("searchbox")
    search.press_sequentially("contr")
    expect(frame.get_by_role("link", name="Contract for works")).to_be_visible()
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_be_hidden()
    expect(search).to_be_focused()
    frame.get_by_role("link", name="Contract for works").click()
    expect(frame.get_by_role("button", name="Generate")).to_be_visible()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "Survey.docx").write_bytes(files.real())
    (tmp_path / "Macro.docx").write_bytes(files.packed({"word/vbaProject.bin": b"x"}))
    (tmp_path / "Big.docx").write_bytes(bytes(11 * 1024 * 1024))
    return tmp_path


def attach(frame: FrameLocator, file: Path) -> None:
    frame.get_by_role("link", name="Attach a file").click()
    frame.get_by_label("Word file").set_input_files(file)
    frame.get_by_label("Document name").fill(NAME)
    frame.get_by_label("Number", exact=True).fill(NUMBER)


def test_a_file_is_attached_after_what_was_wrong_is_corrected(desk: MakeDesk, papers: Path) -> None:
    boris = desk("Boris")
    boris.expect_complaint("422")
    frame = boris.open_tab(509)
    attach(frame, papers / "Big.docx")
    expect(frame.get_by_text("so it was taken out again").first).to_be_visible()
    frame.get_by_label("Word file").set_input_files(papers / "Macro.docx")
    frame.get_by_role("button", name="Attach").click()
    expect(frame.get_by_text("macros or controls. Save it")).to_be_visible()
    expect(frame.get_by_label("Document name")).to_have_value(NAME)
    frame.get_by_label("Word file").set_input_files(papers / "Survey.docx")
    frame.get_by_role("button", name="Attach").click()
    expect(frame.get_by_role("heading", name=NAME)).to_be_visible()
    expect(frame.get_by_role("link", name="Edit")).to_have_count(0)
    steps.back_to_list(frame)
    expect(frame.get_by_text("attached file")).to_be_visible()


def test_a_lost_answer_of_an_upload_is_found_and_nothing_is_sent_twice(
    desk: MakeDesk, stand: Stand, papers: Path
) -> None:
    frame = desk("Boris").open_tab(510)
    attach(frame, papers / "Survey.docx")
    stand.control("fault", method=UPLOAD, kind="cut", after=True)
    frame.get_by_role("button", name="Attach").click()
    expect(frame.get_by_text("finding out whether the file was attached")).to_be_visible()
    expect(frame.get_by_role("heading", name=NAME)).to_be_visible(timeout=60_000)
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name=NAME, exact=True)).to_have_count(1)
