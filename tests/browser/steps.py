"""What people do in the Documents tab, as steps that several stories begin with."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser.desk import Desk

PDF_PATIENCE = 30_000
"""Milliseconds for conversion, worker and page together."""
NAME = "Document name"


def pick(frame: FrameLocator, template: str = "Offer") -> None:
    """From the list to the check page of a template."""
    frame.get_by_role("link", name="New document").click()
    frame.get_by_role("link", name=template, exact=True).click()
    expect(frame.get_by_role("heading", name=template, exact=True)).to_be_visible()
    expect(frame.get_by_role("button", name="Generate")).to_be_visible()


def name_it(desk: Desk, title: str) -> None:
    """Types the document's name, and waits for the look that follows the pause in typing."""
    with desk.page.expect_response(lambda answer: answer.url.endswith("/check/")):
        desk.frame.get_by_label(NAME).fill(title)


def generate(frame: FrameLocator, title: str) -> None:
    """From the check page to the new document's page."""
    frame.get_by_label(NAME).fill(title)
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name=title)).to_be_visible()


def make(frame: FrameLocator, title: str, template: str = "Offer") -> None:
    """The whole way, from the list to a document whose PDF is there."""
    pick(frame, template)
    generate(frame, title)
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=PDF_PATIENCE)


def open_document(frame: FrameLocator, title: str) -> None:
    """From the list to a document's page."""
    frame.get_by_role("link", name=title, exact=True).click()
    expect(frame.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()


def back_to_list(frame: FrameLocator) -> None:
    frame.get_by_role("link", name="Back to documents").click()
    expect(frame.get_by_role("heading", name="Documents", exact=False, level=1)).to_be_visible()


def open_edit(frame: FrameLocator) -> Locator:
    """From a document's page to its form with all fields in sight; answers the writing button."""
    frame.get_by_role("link", name="Edit").click()
    write = frame.get_by_role("button", name=re.compile("^(Save|Write version)"))
    expect(write).to_be_visible()
    # Where the newest version was read already, what does not differ is folded.
    folded = frame.locator(".group.all > summary")
    if folded.count():
        folded.click()
    return write
