"""Public links in a browser: each thing that can be pressed, and what it leaves on the screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from playwright.sync_api import FrameLocator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at, show
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser


def switch_on(frame: FrameLocator) -> str:
    """Presses the switch; answers the address."""
    frame.get_by_role("switch", name="Public link").click()
    url = frame.get_by_label("Address of the link", exact=True)
    expect(url).to_be_visible()
    return url.input_value()


def open_application(anna: Desk) -> FrameLocator:
    """Where the portal's settings are."""
    frame = anna.open_console()
    frame.get_by_role("link", name="Settings", exact=True).click()
    expect(frame.get_by_label("New links end")).to_be_visible()
    return frame


def tomorrow() -> str:
    """As the application counts days."""
    return (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def opens(address: str) -> bool:
    return requests.get(address, timeout=10).status_code == 200


def test_the_life_of_a_link(boris: Desk) -> None:
    boris.expect_complaint("422")
    frame = boris.open_tab(501)
    steps.make(frame, "Offer under guard")
    ends, day = (
        frame.get_by_label("It ends", exact=True),
        frame.get_by_label("The day on which it ends"),
    )
    expect(day).to_be_hidden()
    ends.select_option("date")
    expect(day).to_be_visible()
    frame.get_by_role("switch", name="Public link").click()
    expect(frame.get_by_text("Choose the day on which the link ends.")).to_be_visible()
    expect(ends).to_have_value("date")
    day.fill(tomorrow())
    old = switch_on(frame)
    expect(frame.get_by_text("Docket ends the link for you; last checked")).to_be_visible()
    assert opens(old)
    # another end
    frame.get_by_label("Another end").select_option("90")
    frame.get_by_role("button", name="Change").click()
    expect(frame.get_by_text("Saved")).to_be_visible()
    expect(frame.get_by_text("tomorrow")).to_be_hidden()
    # another address, after a question in its place
    frame.get_by_role("button", name="Make a new address").click()
    keep = frame.get_by_role("button", name="Keep this one")
    expect(keep).to_be_focused()
    keep.click()
    expect(frame.get_by_label("Address of the link", exact=True)).to_have_value(old)
    frame.get_by_role("button", name="Make a new address").click()
    expect(frame.get_by_text("stops working at once")).to_be_visible()
    frame.get_by_role("button", name="Make a new address").click()
    expect(frame.get_by_text("This is the new address.")).to_be_visible()
    new = frame.get_by_label("Address of the link", exact=True).input_value()
    assert (opens(old), opens(new)) == (False, True)
    frame.get_by_role("button", name="Copy", exact=True).click()
    expect(frame.get_by_text("Copied.").first).to_be_visible()
    boris.reload()
    expect(frame.get_by_label("Address of the link", exact=True)).to_have_value(new)
    frame.get_by_role("switch", name="Public link").click()
    expect(frame.get_by_text("its address is gone")).to_be_visible()
    assert not opens(new)


def test_the_list_keeps_lets_end_and_closes_all_doors(boris: Desk) -> None:
    frame = boris.open_tab(512)
    addresses = []
    for title in ("First shared", "Second shared"):
        steps.make(frame, title)
        frame.get_by_label("It ends", exact=True).select_option("date")
        frame.get_by_label("The day on which it ends").fill(tomorrow())
        addresses.append(switch_on(frame))
        steps.back_to_list(frame)
    first = frame.get_by_role("listitem").filter(has_text="The link of First shared ends tomorrow")
    second = frame.get_by_role("listitem").filter(has_text="Second shared ends tomorrow")
    expect(second).to_be_visible()
    first.get_by_role("button", name="Keep 30 days more").click()
    expect(first).to_have_count(0)
    second.get_by_role("button", name="Let it end").click()
    expect(second).to_have_count(0)
    row = frame.locator("article").filter(has_text="Second shared")
    expect(row.get_by_text("Shared until")).to_be_visible()
    row.get_by_role("button", name="Copy link").click()
    expect(row.get_by_text("Copied.")).to_be_visible()
    frame.get_by_role("button", name="Switch all links off").click()
    frame.get_by_role("button", name="Keep them").click()
    expect(frame.get_by_text("2 public links are on")).to_be_visible()
    frame.get_by_role("button", name="Switch all links off").click()
    expect(frame.get_by_text("2 addresses stop working at once")).to_be_visible()
    frame.get_by_role("button", name="Switch all links off").click()
    expect(frame.get_by_text("All public links are off.")).to_be_visible()
    expect(frame.get_by_text("Shared until")).to_have_count(0)
    assert not any(map(opens, addresses))


def test_a_lost_answer_is_found_out(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(501)
    steps.make(frame, "Offer in doubt")
    switch = "crm.documentgenerator.document.enablepublicurl"
    stand.control("fault", method=switch, kind="cut", after=True, times=3)
    stand.control("fault", method="batch", kind="cut", times=3)
    frame.get_by_role("switch", name="Public link").click()
    expect(frame.get_by_text("Finding out")).to_be_visible()
    expect(frame.get_by_text("Docket looks whether the link is on")).to_be_visible()
    stand.control("clear-faults")
    expect(frame.get_by_label("Address of the link", exact=True)).to_be_visible(timeout=120_000)


def test_the_administrator_says_when_links_end(desk: MakeDesk, stand: Stand) -> None:
    anna = desk("Anna")
    frame = open_application(anna)
    card = frame.get_by_role("region", name="Public links")
    card.get_by_label("New links end").select_option("30")
    card.get_by_label("Switch links off when their deal is won or lost").check()
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Saved")).to_be_visible()
    tab = anna.open_tab(501)
    steps.make(tab, "Offer of Anna")
    expect(tab.get_by_label("It ends", exact=True)).to_have_value("30")
    frame = open_application(anna)
    expect(frame.get_by_label("New links end")).to_have_value("30")
    frame.get_by_label("New links end").select_option("never")
    frame.get_by_label("Switch links off when their deal is won or lost").uncheck()
    frame.get_by_role("region", name="Public links").get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Saved")).to_be_visible()


def test_screens_of_links(desk: MakeDesk, stand: Stand) -> None:
    boris = desk("Boris")
    frame = show(boris, 501)
    steps.make(frame, "Offer for axe")
    look_at(boris, "link off")
    frame.get_by_label("It ends", exact=True).select_option("date")
    frame.get_by_label("The day on which it ends").fill(tomorrow())
    switch_on(frame)
    look_at(boris, "link on")
    frame.get_by_role("button", name="Make a new address").click()
    expect(frame.get_by_role("button", name="Keep this one")).to_be_focused()
    look_at(boris, "new address")
    steps.back_to_list(frame)
    frame.get_by_role("button", name="Switch all links off").click()
    expect(frame.get_by_role("button", name="Keep them")).to_be_visible()
    look_at(boris, "list with links")
