"""Anna sets up a numerator and audits her portal's numbers, in a real browser."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import FrameLocator, expect

from tests.browser.conftest import MakeDesk
from tests.browser.desk import READY, Desk
from tests.browser.test_accessibility import look_at
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("DOCKET_LOOK", "")
"""A folder for pictures of what the story shows, to be looked at by a person."""
MAKE = "Contracts of the shop"


def open_numerators(desk: Desk, path: str = "") -> FrameLocator:
    desk.open_console()
    desk.inside.evaluate(
        "path => { window.oldPage = true;"
        " location.assign(document.documentElement.dataset.base + path) }",
        f"console/numerators/{path}",
    )
    desk.inside.wait_for_function(READY)
    expect(desk.frame.get_by_role("heading", level=2).first).to_be_visible()
    return desk.frame


def look(desk: Desk, name: str) -> None:
    """The screen is judged; and kept as pictures where somebody wants to see it."""
    look_at(desk, name)
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        for width in (480, 1100):
            desk.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            desk.page.set_viewport_size({"width": width, "height": 1900})
            desk.page.wait_for_load_state("networkidle")
            name = re.sub("[^a-z]+", "-", name.lower())
            desk.page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png")
    desk.page.emulate_media(color_scheme="light")
    desk.page.set_viewport_size({"width": 1180, "height": 900})


def test_anna_sets_up_numbers(desk: MakeDesk, stand: Stand) -> None:
    anna = desk("Anna")
    anna.expect_complaint("422|409")
    frame = open_numerators(anna)
    expect(frame.get_by_role("link", name=re.compile("^Offers"))).to_be_visible()
    look(anna, "numerators")
    frame.get_by_role("link", name=re.compile("^Offers")).click()
    following = frame.locator("#next li")
    expect(following).to_have_count(5)
    expect(following.first).to_have_text(re.compile(r"^20\d\d-\d{3}$"))
    look(anna, "one numerator")
    frame.get_by_label("Step").fill("5")
    frame.get_by_label("First number").fill("500")
    expect(frame.get_by_text("does not touch a sequence that runs")).to_be_visible()
    frame.get_by_label("Pattern").press("End")
    frame.get_by_role("button", name="{PREFIX}", exact=True).click()
    expect(frame.get_by_label("Pattern")).to_have_value("{YEAR}-{NUMBER}{PREFIX}")
    expect(frame.get_by_text("once what is typed can be read")).to_be_visible()
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_text("say what stands for it")).to_be_visible()
    look(anna, "a problem")
    frame.get_by_label("Prefix", exact=True).fill("-N")
    expect(following.first).to_have_text(re.compile("-N$"))
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Saved")).to_be_visible()
    expect(frame.get_by_label("Step")).to_have_value("5")

    frame.get_by_role("link", name="New").click()
    expect(frame.get_by_role("heading", name="New numerator")).to_be_visible()
    frame.get_by_label("Name").fill(MAKE)
    frame.get_by_label("Starts again").select_option("every month")
    expect(frame.get_by_text("The first of next month:")).to_be_visible()
    look(anna, "a new numerator")
    frame.get_by_role("button", name="Make").click()
    expect(frame.get_by_role("heading", name=MAKE)).to_be_visible()
    frame.get_by_role("button", name="Delete", exact=True).click()
    expect(frame.get_by_text("No template uses it.")).to_be_visible()
    look(anna, "before deleting")
    frame.get_by_role("button", name="Delete it").click()
    expect(frame.get_by_text("The numerator is deleted.")).to_be_visible()
    expect(frame.get_by_role("link", name=re.compile(f"^{MAKE}"))).to_have_count(0)

    frame.get_by_role("link", name="Regions and roles").click()
    expect(frame.get_by_role("heading", name="Regions")).to_be_visible()
    look(anna, "regions")


def acts_with_a_gap_and_a_double(stand: Stand) -> str:
    """Made elsewhere: three acts, the second of them deleted; a fourth with a number typed."""
    hook = stand.control("webhook", user=1)["url"]

    def call(method: str, **params: object) -> Any:
        address = f"{hook}crm.documentgenerator.document.{method}.json"
        return requests.post(address, json=params, timeout=20).json()["result"]

    def act(**values: str) -> dict[str, Any]:
        made = call("add", templateId=42, entityTypeId=2, entityId=501, values=values)
        document: dict[str, Any] = made["document"]
        return document

    first, second, _ = act(), act(), act()
    call("delete", id=second["id"])
    act(DocumentNumber=first["number"])
    return str(second["number"]).removeprefix("ACT-")


def test_anna_audits_her_portal(desk: MakeDesk, stand: Stand) -> None:
    missing = acts_with_a_gap_and_a_double(stand)
    anna = desk("Anna")
    frame = open_numerators(anna)
    frame.get_by_role("button", name=re.compile("^Read (all documents|again)")).click()
    expect(frame.get_by_role("button", name="Read again")).to_be_visible(timeout=30_000)
    expect(frame.locator("#audit .finding").first).to_be_visible()
    expect(frame.get_by_text(f"{missing} is missing.")).to_be_visible()
    expect(frame.get_by_text("One of them was typed by hand.")).to_be_visible()
    look(anna, "audit")
    frame.locator("#audit").get_by_role("link", name="Acts", exact=True).click()
    expect(frame.locator("#edit")).to_be_visible()
    expect(frame.get_by_text(f"{missing} is missing.")).to_be_visible()
