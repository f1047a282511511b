"""From the deal to the client's copy of the link, when nothing is wrong: counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL = 505
BORIS = 7
ADD = "crm.documentgenerator.document.add"
OPENING = "crm.item.get+crm.documentgenerator.document.list"
SWITCH = "crm.documentgenerator.document.enablepublicurl"


class Hand:
    """A hand that counts."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, wanted: Locator) -> None:
        wanted.click()
        self.clicks += 1


def asked_by(stand: Stand, user: int) -> list[str]:
    """The REST requests with this person's token; a batch is one, with what is in it."""
    found = stand.control("requests")["requests"]
    mine = [one for one in found if one["rest_method"] and one["user_id"] == user]
    return ["+".join(one["commands"]) or one["rest_method"] for one in mine]


def test_three_clicks_from_the_deal_to_the_clients_copy(
    boris: Desk, stand: Stand, desk: MakeDesk
) -> None:
    steps.make(boris.open_tab(DEAL), "Made some days ago")
    boris.context.grant_permissions(["clipboard-read"], origin=boris.ports.portal_one)
    stand.control("clear-requests")

    hand = Hand()
    frame: FrameLocator = boris.open_tab(DEAL)
    hand.click(frame.get_by_role("link", name="Another Offer"))
    hand.click(frame.get_by_role("button", name="Generate"))
    hand.click(frame.get_by_role("button", name="Switch on and copy"))
    expect(frame.locator("#copied")).to_be_visible()

    assert hand.clicks == 3
    address = boris.page.evaluate("navigator.clipboard.readText()")
    assert address == frame.get_by_label("Address of the link", exact=True).input_value()
    client = desk()
    client.page.goto(address)
    expect(client.page.get_by_role("heading", name="Offer", exact=False)).to_be_visible()

    asked = asked_by(stand, BORIS)
    # What the worker still had to read of the first document may come before the tab's opening.
    asked = asked[asked.index(OPENING) :]
    before = asked[: asked.index(ADD)]
    assert len(before) <= 5, "the tab, whether it matches, the deal, what is open to him, the look"
    assert asked.count(ADD) == asked.count(SWITCH) == 1
    # Those of the worker that fall into this time are among them: the PDF, the version, its file.
    assert len(asked) <= 12, asked
