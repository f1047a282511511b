"""Docket is installed by hand: registered, opened, agreed to, and then it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.demo.stand import Stand, free_ports

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The demo's processes before anybody has installed anything."""
    with Stand(tmp_path_factory.mktemp("bare"), free_ports(), conversion_delay=0.5) as stand:
        yield stand


@pytest.fixture
def people(browser: Browser, bare: Stand) -> Iterator[dict[str, Desk]]:
    desks = {name: Desk(browser, bare.ports) for name in ("Anna", "Boris", "Dmitri")}
    for name, desk in desks.items():
        desk.sign_in(name, bare.ports.portal_two if name == "Dmitri" else bare.ports.portal_one)
    yield desks
    complaints = [text for desk in desks.values() for text in desk.complaints]
    for desk in desks.values():
        desk.close()
    assert complaints == []


def test_anna_registers_a_local_application_and_installs_it(
    people: dict[str, Desk], bare: Stand
) -> None:
    anna, boris = people["Anna"], people["Boris"]
    told = bare.manage("register_portal", bare.ports.portal_one)
    handler, install = re.findall(rf"{re.escape(bare.ports.app_url)}\S+", told)[:2]

    page = anna.page
    page.get_by_role("link", name="Developer resources").click()
    page.get_by_role("link", name="Add local application").click()
    page.get_by_label("Application name").fill("Docket")
    page.get_by_label("Your handler path").fill(handler)
    page.get_by_label("Initial installation path").fill(install)
    expect(page.get_by_role("checkbox", name="CRM crm")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Application placement")).to_be_checked()
    page.get_by_role("button", name="Register").click()
    client_id = page.get_by_label("Application ID").input_value()
    secret = page.get_by_label("Application key").input_value()
    words = ("register_portal", bare.ports.portal_one, "--client-id", client_id)
    bare.manage(*words, stdin=f"{secret}\n")

    boris.expect_complaint("40[39]")
    boris.page.goto(f"{bare.ports.portal_one}/marketplace/app/{client_id}/")
    expect(boris.page.get_by_text("Ask an administrator to finish it")).to_be_visible()

    page.get_by_role("link", name="Open application").click()
    frame = anna.frame
    expect(frame.get_by_role("heading", name="Install Docket in localhost")).to_be_visible()
    for added in ("A tab “Documents”", "An entry in the Document button", "Five event handlers"):
        expect(frame.get_by_text(added)).to_be_visible()
    anna.ready()
    frame.get_by_role("button", name="Install").click()
    page.wait_for_url("**/?install_finished=Y")
    expect(frame.get_by_role("heading", name="Docket", level=1)).to_be_visible()
    expect(frame.get_by_text("Complete", exact=True)).to_be_visible()
    expect(frame.get_by_text("5 of 5 event handlers")).to_be_visible()

    boris.open_tab(502)
    expect(boris.frame.get_by_text("No documents in this deal yet")).to_be_visible()
    boris.page.goto(f"{bare.ports.portal_one}/marketplace/app/{client_id}/")
    expect(boris.frame.get_by_text("Documents in deals, leads and invoices")).to_be_visible()
    expect(boris.frame.get_by_role("button", name="Repair")).to_have_count(0)

    frame.get_by_role("link", name="Settings", exact=True).click()
    frame.get_by_role("button", name="Repair").click()
    expect(frame.get_by_text("Docket has added what was missing.")).to_be_visible()
    expect(frame.get_by_text("Complete", exact=True)).to_be_visible()
    expect(frame.get_by_text("5 of 5 event handlers")).to_be_visible()


def test_dmitri_installs_it_from_the_market_of_his_portal(
    people: dict[str, Desk], bare: Stand
) -> None:
    """His portal stumbles at a step: Docket says so, and goes on when he says so."""
    dmitri = people["Dmitri"]
    page, frame = dmitri.page, dmitri.frame
    page.get_by_role("link", name="Applications").click()
    page.get_by_role("button", name="Install").click()
    install = frame.get_by_role("button", name="Install", exact=True)
    expect(install).to_be_visible()
    dmitri.ready()
    bare.control("fault", method="event.bind", kind="503", times=-1)
    install.click()
    expect(frame.get_by_role("alert")).to_contain_text("Bitrix24 is not answering")
    bare.control("clear-faults")
    frame.get_by_role("button", name="Go on installing").click()
    page.wait_for_url("**/?install_finished=Y")
    expect(frame.get_by_text("Complete", exact=True)).to_be_visible()

    page.goto(f"{dmitri.ports.portal_two}/crm/deal/details/7/?tab=documents")
    dmitri.ready()
    steps.pick(frame)
    expect(frame.get_by_label("Number", exact=True)).to_have_value("LV-1")
