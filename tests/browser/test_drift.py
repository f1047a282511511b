"""Drift in a real browser: the deal changes, the list says so by itself, Update leads on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at, show
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL = 513
TITLE = "Offer that is overtaken"


def test_the_deal_changes_and_the_badge_says_it(boris: Desk, stand: Stand) -> None:
    stand.control("deal", deal=DEAL, title="Refit")
    frame = show(boris, DEAL)
    steps.make(frame, TITLE)
    expect(frame.get_by_role("link", name=re.compile("^Version 1"))).to_be_visible()
    frame = show(boris, DEAL)
    expect(frame.get_by_text("Checked against the deal today")).to_be_visible()
    expect(frame.get_by_text("Differs from deal")).to_have_count(0)
    stand.control("deal", deal=DEAL, title="Fit-out")
    frame = show(boris, DEAL)
    row = frame.locator("article.doc", has=frame.get_by_role("link", name=TITLE, exact=True))
    expect(row.get_by_text("Differs from deal")).to_be_visible()
    expect(row.locator(".more")).to_have_text("Name Refit → Fit-out")
    expect(frame.get_by_text(f"{TITLE} no longer matches the deal.")).to_be_visible()
    look_at(boris, "drift")
    frame.get_by_role("link", name="See and update").click()
    expect(frame.locator("#make")).to_be_visible()
    boris.inside.evaluate("history.back()")
    expect(row.get_by_text("Differs from deal")).to_be_visible()
