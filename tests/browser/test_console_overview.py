"""The administrators' pages about the whole portal: overview, access, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
SECRECY = 44


@pytest.fixture
def anna(desk: MakeDesk) -> Desk:
    return desk("Anna")


@pytest.fixture
def secrecy(stand: Stand) -> Iterator[None]:
    """Whatever a story does to it, the agreement is Anna's alone again afterwards."""
    yield
    stand.control("template", template=SECRECY, users=["U1"])


def test_anna_sees_what_needs_her(anna: Desk, boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(501)
    steps.make(frame, "Offer for the overview")
    stand.control("options", conversion_fails=True)
    for deal in (501, 502):
        frame = boris.open_tab(deal)
        steps.pick(frame, "Invoice")
        frame.get_by_role("button", name="Generate").click()
        failed = frame.get_by_role("heading", name="Bitrix24 could not make the PDF")
        expect(failed).to_be_visible()

    frame = anna.open_console()
    expect(frame.get_by_role("heading", name="Docket", level=1)).to_be_visible()
    needs = frame.get_by_role("region", name="Needs you")
    expect(needs.get_by_text(re.compile("conversions? failed."))).to_be_visible()
    expect(frame.get_by_role("img", name=re.compile("^Documents a day, "))).to_be_visible()
    needs.get_by_text("Show them").first.click()
    expect(needs.get_by_role("button", name=re.compile("Invoice")).first).to_be_visible()
    look_at(anna, "overview")
    anna.reload()
    expect(frame.get_by_role("region", name="Needs you")).to_be_visible()
    look_at(anna, "overview after a reload")


def test_anna_finds_out_why_boris_is_not_offered_a_template(anna: Desk, secrecy: None) -> None:
    anna.expect_complaint("422")
    frame = anna.open_console()
    frame.get_by_role("link", name="Access", exact=True).click()
    frame.get_by_role("button", name="Find out").click()
    expect(frame.get_by_text("Choose a person.")).to_be_visible()
    look_at(anna, "access, nothing chosen")
    frame.get_by_label("or the number of another user").fill("7")
    frame.get_by_label("Template", exact=True).select_option("Non-disclosure agreement")
    frame.get_by_label("Deal", exact=True).fill("501")
    frame.get_by_label("Deal", exact=True).press("Enter")
    expect(frame.get_by_role("heading", name="is open to others, but not to")).to_be_visible()
    look_at(anna, "access, a cause")
    frame.get_by_role("button", name=re.compile("^Open it to ")).click()
    expect(frame.get_by_text("The template is open to")).to_be_visible()
    expect(frame.get_by_text("It is open to this person")).to_be_visible()
    look_at(anna, "access, mended")
    frame.get_by_label("Template", exact=True).select_option("Any")
    frame.get_by_role("button", name="Find out").click()
    frame.get_by_text("not offered there").click()
    look_at(anna, "access, a deal alone")


def test_anna_checks_the_connection_and_reads_the_log(anna: Desk) -> None:
    frame = anna.open_console()
    frame.get_by_role("link", name="Settings", exact=True).click()
    frame.get_by_role("button", name="Check the connection").click()
    expect(frame.get_by_text("Connected both ways")).to_be_visible()
    stamps = frame.get_by_role("region", name="Stamps and signatures")
    stamps.get_by_label("New documents begin").select_option("with stamps")
    stamps.get_by_role("button", name="Save").click()
    expect(stamps.get_by_text("Saved")).to_be_visible()
    stamps.get_by_label("New documents begin").select_option("as their template says")
    stamps.get_by_role("button", name="Save").click()
    log = frame.get_by_role("region", name="Activity")
    log.get_by_label("Method or reason").fill("event.test")
    expect(log.get_by_role("row")).to_have_count(2)
    expect(log.get_by_role("cell", name="Anna Weiss")).to_be_visible()
    look_at(anna, "settings")
    log.get_by_text("Refused by Docket").click()
    expect(log.get_by_text("Nothing like this is kept.")).to_be_visible()
    look_at(anna, "refusals")
