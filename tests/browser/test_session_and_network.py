"""A tab that was open for long, a network that goes away: the page says so and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL = 509
END = "from b24app.models import FrameSession as F; F.objects.update(ends_at='2020-01-01T00:00Z')"
ADD = "crm.documentgenerator.document.add"


def end_sessions(stand: Stand) -> None:
    """As if every tab had been open for twelve hours."""
    stand.manage("shell", "--no-imports", "-c", END)


def test_an_old_tab_unlocks_itself_and_does_what_was_clicked(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("401")
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    steps.name_it(boris, "After the weekend")
    end_sessions(stand)
    stand.control("clear-requests")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="After the weekend")).to_be_visible()
    assert stand.control("requests", method=ADD)["count"] == 1
    assert "/deal/documents/" in boris.inside.url


def test_a_file_of_an_old_tab_is_opened_by_the_same_click(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("401")
    frame = boris.open_tab(503)
    save = frame.get_by_role("button", name="DOCX").first
    expect(save).to_be_visible()
    end_sessions(stand)
    with boris.page.expect_download():
        save.click()


def test_back_in_an_old_tab(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("401|htmx:historyCacheMissLoadError")
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    end_sessions(stand)
    boris.page.evaluate("history.back()")
    expect(frame.get_by_role("heading", name="New document")).to_be_visible()


def test_a_portal_that_hands_out_no_key(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("401")
    stand.control("options", frame_silent=["refreshAuth"])
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    steps.name_it(boris, "Still here")
    end_sessions(stand)
    frame.get_by_role("button", name="Generate").click()
    locked = frame.get_by_role("heading", name="This tab was locked")
    expect(locked).to_be_visible(timeout=12_000)
    expect(locked).to_be_in_viewport()
    expect(frame.get_by_label(steps.NAME)).to_have_value("Still here")
    expect(frame.get_by_role("button", name="Generate")).to_be_enabled()


def test_a_reload_in_a_portal_that_hands_out_no_key(boris: Desk, stand: Stand) -> None:
    stand.control("options", frame_silent=True)
    frame = boris.open_tab(DEAL)
    expect(frame.get_by_role("link", name="New document").first).to_be_visible()
    boris.reload()
    words = frame.get_by_role("heading", name="Bitrix24 does not say who you are")
    expect(words).to_be_visible()
    expect(frame.get_by_role("button", name="Try again")).to_be_visible()


@pytest.fixture
def known(stand: Stand) -> Iterator[Callable[[str], None]]:
    """Lets Docket take the portal for installed, or for one that is not."""

    def take_for(state: str) -> None:
        words = f"from b24app.models import Portal as P; P.objects.update(state='{state}')"
        stand.manage("shell", "--no-imports", "-c", words)

    yield take_for
    take_for("installed")


def test_a_refused_renewal_says_why(
    boris: Desk, stand: Stand, known: Callable[[str], None]
) -> None:
    boris.expect_complaint("40[139]")
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    steps.name_it(boris, "Typed before")
    end_sessions(stand)
    known("registered")
    frame.get_by_role("button", name="Generate").click()
    refused = frame.locator("#trouble").get_by_role("alert")
    expect(refused).to_be_in_viewport()
    expect(refused.get_by_role("heading")).not_to_be_empty()
    expect(frame.get_by_label(steps.NAME)).to_have_value("Typed before")
    known("installed")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Typed before")).to_be_visible()


def test_the_network_goes_away_and_comes_back(boris: Desk) -> None:
    boris.expect_complaint("ERR_INTERNET_DISCONNECTED|htmx:")
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    steps.name_it(boris, "Sent on the second try")
    boris.context.set_offline(True)
    frame.get_by_role("button", name="Generate").click()
    away = frame.get_by_role("heading", name="The network is away")
    expect(away).to_be_in_viewport()
    expect(frame.get_by_label(steps.NAME)).to_have_value("Sent on the second try")
    boris.context.set_offline(False)
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Sent on the second try")).to_be_visible()
    expect(away).to_have_count(0)


def test_files_and_switches_without_a_network(boris: Desk) -> None:
    boris.expect_complaint("ERR_INTERNET_DISCONNECTED|htmx:")
    frame = boris.open_tab(504)
    steps.open_document(frame, frame.locator("article h3").last.inner_text())
    boris.context.set_offline(True)
    frame.get_by_role("button", name="Download DOCX").click()
    away = frame.get_by_role("heading", name="The network is away")
    expect(away).to_be_in_viewport()
    switch = frame.get_by_role("switch", name="Public link")
    switch.click()
    expect(switch).not_to_be_checked()
    boris.page.evaluate("history.back()")
    expect(away).to_be_visible()
    boris.context.set_offline(False)
    boris.page.evaluate("history.forward()")
    with boris.page.expect_download():
        frame.get_by_role("button", name="Download DOCX").click()
    expect(away).to_have_count(0)


def test_the_page_of_a_proxy_is_never_shown(boris: Desk) -> None:
    boris.expect_complaint("502")
    frame = boris.open_tab(DEAL)
    steps.pick(frame)
    steps.name_it(boris, "Through the proxy")

    def bad_gateway(route: Route) -> None:
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>nginx")

    boris.context.route("**/deal/forms/**", bad_gateway)
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="The network is away")).to_be_in_viewport()
    expect(frame.get_by_text("nginx")).to_have_count(0)
    boris.context.unroute("**/deal/forms/**")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name="Through the proxy")).to_be_visible()
