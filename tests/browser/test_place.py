"""The frame in its place: height, the bar in sight, the Document button's panel, rights."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import FRAME, Desk

pytestmark = pytest.mark.browser
IN_LIST = "Bank branch, counter area"
"""A deal that no other story opens."""
PLACES = {"lead": "CRM_LEAD_DETAIL_TAB", "invoice": "CRM_SMART_INVOICE_DETAIL_TAB"}
FITS = """() => {
  const { bottom } = document.querySelector('[data-b24-fit]').getBoundingClientRect()
  return Math.ceil(bottom + scrollY) === innerHeight
}"""


def height(desk: Desk) -> int:
    """Of the frame in the portal's page, once it is that of its content."""
    desk.inside.wait_for_function(FITS)
    box = desk.page.locator(FRAME).bounding_box()
    assert box is not None
    return round(box["height"])


def in_sight(desk: Desk, locator: Locator) -> bool:
    """Whether all of an element of the frame is within the window."""
    box, size = locator.bounding_box(), desk.page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("width", [480, 760, 1180])
def test_the_frame_is_as_high_as_its_content(desk: MakeDesk, width: int) -> None:
    boris = desk("Boris", viewport={"width": width, "height": 700})
    frame = boris.open_tab(506)
    expect(frame.get_by_role("link", name="New document")).to_be_visible()
    low = height(boris)
    steps.pick(frame)
    boris.inside.wait_for_function(FITS)
    high = height(boris)
    assert high > low + 500
    for group in frame.locator(".group > summary").all():
        group.click()
    boris.page.wait_for_function(
        f"document.querySelector('{FRAME}').offsetHeight < {high} - 300", timeout=5000
    )
    assert height(boris) < high
    steps_back(boris)
    boris.page.wait_for_function(f"document.querySelector('{FRAME}').offsetHeight <= {low}")
    assert height(boris) == low
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not boris.inside.evaluate(overflow)


def steps_back(desk: Desk) -> None:
    desk.frame.get_by_role("link", name="Back to the templates").click()
    steps.back_to_list(desk.frame)


def test_the_bar_stays_in_sight_while_the_portal_scrolls(boris: Desk) -> None:
    frame = boris.open_tab(506)
    steps.pick(frame)
    bar = frame.locator(".bar")
    bottom = boris.page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert bottom > 1000
    for place in (0, bottom // 2, bottom, bottom // 3, 0):
        boris.page.evaluate("y => window.scrollTo(0, y)", place)
        expect(bar).to_be_in_viewport(ratio=0.9)
        wait_in_sight(boris, bar)


def wait_in_sight(desk: Desk, locator: Locator) -> None:
    for _ in range(50):
        if in_sight(desk, locator):
            return
        desk.inside.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("the bar is out of sight")


def test_the_document_button_opens_docket_over_the_card(boris: Desk) -> None:
    boris.page.goto(f"{boris.ports.portal_one}/crm/deal/details/514/")
    boris.page.locator("summary", has_text="Document").click()
    boris.page.get_by_role("button", name="Documents in Docket").click()
    frame = boris.page.locator("dialog").locator(FRAME).content_frame
    boris.ready()
    steps.pick(frame)
    assert in_sight(boris, frame.locator(".bar"))
    steps.generate(frame, "Made over the card")
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name="Made over the card")).to_be_visible()
    boris.page.get_by_role("button", name="Close").click()
    expect(boris.page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("width", [1180, 480])
def test_the_menu_of_a_row_opens_docket_over_the_list(desk: MakeDesk, width: int) -> None:
    """In a panel the frame cannot be as high as its content: it scrolls, and the bar stays."""
    boris = desk("Boris", viewport={"width": width, "height": 700})
    boris.page.goto(f"{boris.ports.portal_one}/crm/deal/list/")
    row = boris.page.locator("tr", has=boris.page.get_by_role("link", name=IN_LIST, exact=True))
    row.locator("summary").click()
    row.get_by_role("button", name="Documents in Docket").click()
    frame = boris.page.locator("dialog").locator(FRAME).content_frame
    steps.pick(frame)
    assert boris.inside.evaluate("document.documentElement.scrollHeight > innerHeight")
    assert in_sight(boris, frame.locator(".bar"))
    boris.inside.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    wait_in_sight(boris, frame.locator(".bar"))
    title = f"Made from the list at {width}"
    steps.generate(frame, title)
    steps.back_to_list(frame)
    expect(frame.get_by_role("link", name=title)).to_be_visible()
    boris.page.get_by_role("button", name="Close").click()
    expect(boris.page.locator("dialog")).to_have_count(0)
    expect(row).to_be_visible()


@pytest.mark.parametrize(
    ("folder", "item_id", "noun", "template"),
    [
        ("/crm/lead/", 701, "lead", "Reply to an enquiry"),
        ("/crm/type/31/", 51, "invoice", "Invoice by instalments"),
    ],
)
def test_leads_and_invoices_have_the_same_tab(
    desk: MakeDesk, folder: str, item_id: int, noun: str, template: str
) -> None:
    boris = desk("Boris")
    boris.page.goto(f"{boris.ports.portal_one}{folder}")
    boris.page.locator(f'a[href="{folder}details/{item_id}/"]').last.click()
    boris.page.get_by_role("tab", name="Documents").click()
    frame = boris.frame
    expect(frame.get_by_text(re.compile(f"No documents .* this {noun} yet"))).to_be_visible()
    steps.pick(frame, template)
    steps.generate(frame, f"Letter about {item_id}")
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)
    steps.back_to_list(frame)
    expect(frame.locator("article")).to_contain_text("Ready")
    boris.inside.evaluate("location.reload()")
    expect(frame.get_by_role("link", name=f"Letter about {item_id}")).to_be_visible()

    clara = desk("Clara")
    clara.expect_complaint("403")
    clara.page.goto(f"{clara.ports.portal_one}/_frame/?placement={PLACES[noun]}&id={item_id}")
    forbidden = f"You cannot see the documents of this {noun}"
    expect(clara.frame.get_by_role("heading", name=forbidden)).to_be_visible()
    expect(clara.frame.get_by_text(f"Letter about {item_id}")).to_have_count(0)


def test_clara_sees_nothing_of_a_deal_that_she_may_not_read(desk: MakeDesk) -> None:
    clara = desk("Clara")
    clara.expect_complaint("403")
    clara.page.goto(f"{clara.ports.portal_one}/_frame/?deal=503")
    frame = clara.frame
    expect(frame.get_by_role("heading", name="You cannot see the documents")).to_be_visible()
    expect(frame.get_by_text("Clara Sommer")).to_be_visible()
    content = clara.inside.content()
    for secret in ("Shopfitting", "14 branches", "Offer 20", "Boris"):
        assert secret not in content
    for path in ("new/", "new/39/", "documents/57/", "documents/57/edit/"):
        clara.inside.evaluate("path => { location.href = location.pathname + path }", path)
        expect(frame.get_by_role("alert")).to_be_visible()
        expect(frame.get_by_role("link", name="Offer", exact=True)).to_have_count(0)
        assert "Shopfitting" not in clara.inside.content()
        clara.page.goto(f"{clara.ports.portal_one}/_frame/?deal=503")
        expect(frame.get_by_role("heading", name="You cannot see the documents")).to_be_visible()


@pytest.mark.parametrize("name", ["Anna", "Boris"])
def test_both_who_may_read_the_deal_can_do_everything(desk: MakeDesk, name: str) -> None:
    """Anna may modify templates, Boris may not."""
    person = desk(name)
    frame = person.open_tab(507)
    steps.make(frame, f"Act by {name}", "Act of acceptance")
    frame.get_by_role("switch", name="Public link").check()
    expect(frame.get_by_label("Address of the link")).to_be_visible()
    write = steps.open_edit(frame)
    frame.get_by_label(steps.NAME).fill(f"Act, changed by {name}")
    write.click()
    expect(frame.get_by_role("heading", name=f"Act, changed by {name}")).to_be_visible()
    frame.get_by_role("button", name="Delete", exact=True).click()
    frame.get_by_role("button", name="Delete it").click()
    expect(frame.get_by_role("link", name=f"Act, changed by {name}")).to_have_count(0)


def test_outside_of_the_portal_there_is_only_a_way_in(boris: Desk, desk: MakeDesk) -> None:
    frame = boris.open_tab(506)
    expect(frame.get_by_role("link", name="New document")).to_be_visible()
    stranger = desk()
    stranger.page.goto(boris.inside.url)
    expect(stranger.page.get_by_role("heading", name="Open this page from")).to_be_visible()
