"""Reload, Back, Forward and plain links inside the frame: the page comes back, nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Request, expect

from tests.browser import steps
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser
MANY, FAILED, OWN = 503, 505, 508
Walk = Callable[[FrameLocator], None]


def to_the_list(frame: FrameLocator) -> None:
    expect(frame.get_by_role("heading", name=re.compile(r"^Documents \d+$"))).to_be_visible()


def to_the_second_page(frame: FrameLocator) -> None:
    frame.get_by_role("link", name="Older").click()
    expect(frame.get_by_text("51 to")).to_be_visible()


def to_the_templates(frame: FrameLocator) -> None:
    frame.get_by_role("link", name="New document").click()
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_be_visible()


def to_the_form(frame: FrameLocator) -> None:
    steps.pick(frame)


def to_a_document(frame: FrameLocator) -> None:
    frame.get_by_role("link", name=re.compile("^Offer ")).first.click()
    expect(frame.get_by_role("link", name="Edit")).to_be_visible()


def to_its_form(frame: FrameLocator) -> None:
    to_a_document(frame)
    frame.get_by_role("link", name="Edit").click()
    expect(frame.get_by_role("button", name=re.compile("^(Save|Write version)"))).to_be_visible()


SCREENS: dict[Walk, str] = {
    to_the_list: "Documents",
    to_the_second_page: "Documents",
    to_the_templates: "New document",
    to_the_form: "Offer",
    to_a_document: "Offer ",
    to_its_form: "Offer ",
}


@pytest.mark.parametrize("walk", SCREENS, ids=lambda walk: walk.__name__)
def test_a_reload_brings_every_screen_back(boris: Desk, walk: Walk) -> None:
    frame = boris.open_tab(MANY)
    to_the_list(frame)
    walk(frame)
    # Beside these the worker may write something: a version's number, a PDF that is ready.
    names = frame.locator("main :is(h1, h2, h3, label)")
    before = names.all_inner_texts()
    sent = requests_of(boris)
    address = boris.inside.url
    boris.reload()
    expect(frame.get_by_role("heading", level=1)).to_contain_text(SCREENS[walk])
    expect(names).to_have_count(len(before))
    assert names.all_inner_texts() == before
    assert boris.inside.url == address
    assert [r.url.partition("?")[0] for r in sent if r.method == "POST"] == [session(boris)]


def test_a_failed_document_comes_back_failed(boris: Desk) -> None:
    frame = boris.open_tab(FAILED)
    frame.get_by_role("link", name=re.compile("^Advance invoice")).click()
    failed = frame.get_by_role("heading", name="Bitrix24 could not make the PDF")
    expect(failed).to_be_visible()
    boris.reload()
    expect(failed).to_be_visible()


def test_back_and_forward_lead_through_the_screens(boris: Desk) -> None:
    frame = boris.open_tab(MANY)
    to_the_list(frame)
    to_a_document(frame)
    steps.back_to_list(frame)
    to_the_templates(frame)
    sent = requests_of(boris)
    back, forward = "history.back()", "history.forward()"
    for step, screen in [
        (back, "Documents"),
        (back, "Offer "),
        (back, "Documents"),
        (forward, "Offer "),
        (forward, "Documents"),
        (forward, "New document"),
    ]:
        boris.page.evaluate(step)
        expect(frame.get_by_role("heading", level=1)).to_contain_text(screen)
        expect(frame.locator("main")).to_have_count(1)
    assert [r for r in sent if r.method == "POST"] == []
    assert boris.page.url.endswith(f"/crm/deal/details/{MANY}/?tab=documents")


def test_back_to_the_first_page_after_a_reload_posts_no_old_launch(boris: Desk) -> None:
    frame = boris.open_tab(MANY)
    to_the_list(frame)
    to_the_templates(frame)
    boris.reload()
    expect(frame.get_by_role("heading", name="New document")).to_be_visible()
    sent = requests_of(boris)
    boris.page.evaluate("history.back()")
    to_the_list(frame)
    assert {r.url.partition("?")[0] for r in sent if r.method == "POST"} <= {session(boris)}


def test_a_plain_link_leads_over_the_bounce_page(boris: Desk) -> None:
    frame = boris.open_tab(MANY)
    to_the_list(frame)
    boris.inside.evaluate("location.assign(location.pathname + 'new/')")
    expect(frame.get_by_role("link", name="Offer", exact=True)).to_be_visible()
    to_the_form(boris.open_tab(MANY))


def test_what_was_typed_outlives_reload_and_back(boris: Desk) -> None:
    frame = boris.open_tab(OWN)
    steps.pick(frame)
    title = frame.get_by_label(steps.NAME)
    title.fill("Typed with care")
    frame.get_by_role("button", name="Type one").click()
    frame.get_by_label("Number", exact=True).fill("X-7")
    boris.reload()
    expect(title).to_have_value("Typed with care")
    expect(frame.locator(".f", has=title)).to_have_class(re.compile("changed"))
    expect(frame.get_by_label("Number", exact=True)).to_have_value("X-7")

    title.fill("Typed with more care")
    frame.get_by_role("link", name="Back to the templates").click()
    expect(frame.get_by_role("heading", name="New document")).to_be_visible()
    boris.page.evaluate("history.back()")
    expect(title).to_have_value("Typed with more care")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Typed with more care")).to_be_visible()
    expect(frame.get_by_text("X-7").first).to_be_visible()


def test_the_session_is_in_no_address_no_cookie_and_no_storage(boris: Desk) -> None:
    """With third-party cookies blocked and storage refused, as it is in this browser."""
    sent = requests_of(boris)
    frame = boris.open_tab(OWN)
    steps.pick(frame)
    boris.reload()
    expect(frame.get_by_role("button", name="Generate")).to_be_visible()
    boris.inside.evaluate("document.cookie = 'mine=1; SameSite=None; Secure'")
    assert boris.inside.evaluate("document.cookie") == ""

    headers = [request.all_headers() for request in sent]
    tokens = {h["authorization"].removeprefix("Frame ") for h in headers if "authorization" in h}
    assert len(tokens) >= 2
    everywhere = [request.url for request in sent] + [h.get("referer", "") for h in headers]
    everywhere += [boris.inside.url, boris.inside.content()]
    everywhere += [boris.inside.evaluate("JSON.stringify([history.state, window.name])")]
    assert [text for text in everywhere for token in tokens if token in text] == []
    assert [h for h in headers if "cookie" in h] == []
    answers = [answer for request in sent if (answer := request.response())]
    assert [a.url for a in answers if "set-cookie" in a.all_headers()] == []


def requests_of(desk: Desk) -> list[Request]:
    """A list that fills with what the frame asks of the application from now on."""
    sent: list[Request] = []

    def listen(request: Request) -> None:
        if request.url.startswith(desk.ports.app_url):
            sent.append(request)

    desk.context.on("request", listen)
    return sent


def session(desk: Desk) -> str:
    """Where a page gets its new session from."""
    found = re.match(r"(.*/p/[^/]+/)", desk.inside.url)
    assert found
    return f"{found[1]}session/"
