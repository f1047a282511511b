"""The sandbox's frame, spoken to by a page that knows nothing of the application or an SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser import framed_application
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, PlacementBinding

pytestmark = pytest.mark.browser
ANNA, BORIS = 1, 7
TAB, BUTTON = "CRM_DEAL_DETAIL_TAB", "CRM_DEAL_DOCUMENTGENERATOR_BUTTON"
CARD = "/crm/deal/details/501/"


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with framed_application.served() as origin:
        yield origin


@pytest.fixture(scope="module")
def served_sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def portal(served_sandbox: Sandbox) -> Sandbox:
    served_sandbox.reset()
    return served_sandbox


@pytest.fixture
def app(portal: Sandbox, origin: str) -> Application:
    """An installed application in both places of the deal's card."""
    app = applications.register(
        portal.state,
        portal.portal_one,
        name="Framed",
        handler_url=f"{origin}/handler",
        install_url=f"{origin}/install",
    )
    app.installed = True
    portal.portal_one.placements += [
        PlacementBinding(app.client_id, TAB, f"{origin}/tab", title="Documents"),
        PlacementBinding(app.client_id, BUTTON, f"{origin}/button", title="Framed"),
    ]
    return app


@pytest.fixture
def page(browser: Browser, portal: Sandbox) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, sandbox: Sandbox, name: str, path: str) -> None:
    page.goto(f"{sandbox.url}/auth/?backurl={path}")
    page.get_by_role("button", name=name).click()


def framed(page: Page, path: str) -> Frame:
    """The application's frame, once it has loaded this path."""
    newest = page.locator("iframe.app-frame").last.content_frame
    newest.get_by_text(path, exact=True).wait_for()
    for frame in page.frames:
        if frame.url.partition("?")[0].endswith(path):
            return frame
    raise AssertionError(path)


def ask(frame: Frame, command: str, params: Any = None, **how: Any) -> Any:
    """What the portal answers; "silence" if it does not."""
    return frame.evaluate("([c, p, h]) => ask(c, p ?? undefined, h)", [command, params, how])


def open_tab(page: Page, sandbox: Sandbox) -> Frame:
    sign_in(page, sandbox, "Boris Hartmann", f"{CARD}?tab=documents")
    return framed(page, "/tab")


def test_boris_opens_the_tab_and_it_learns_where_it_is(
    page: Page, portal: Sandbox, app: Application
) -> None:
    sign_in(page, portal, "Boris Hartmann", CARD)
    assert page.locator("iframe").count() == 0
    page.get_by_role("tab", name="Documents").click()
    frame = framed(page, "/tab")
    init = ask(frame, "getInitData")
    assert init["DOMAIN"] == portal.url.removeprefix("http://")
    here = page.url.removeprefix(portal.url)
    assert init["PLACEMENT_OPTIONS"] == {"ID": "501", "URI": here}
    assert init["USER_OPTIONS"] == []
    assert init["INSTALL"] is False
    assert portal.state.tokens[init["AUTH_ID"]].user_id == BORIS
    assert (init["FIRST_RUN"], ask(frame, "getInitData")["FIRST_RUN"]) == (True, False)
    box = page.locator("iframe.app-frame")
    allowed = "geolocation *; microphone *; camera *; autoplay *;"
    assert box.get_attribute("allow") == allowed
    assert box.get_attribute("sandbox") is None


def test_the_frame_grows_and_shrinks(page: Page, portal: Sandbox, app: Application) -> None:
    frame = open_tab(page, portal)
    for height in (1500, 180):
        size = ask(frame, "resizeWindow", {"width": "100%", "height": height})
        assert size["height"] == height
        assert frame.evaluate("innerHeight") == height


def test_the_portal_is_silent_where_a_real_one_is(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    assert ask(frame, "setTitle", {"title": "Mine"}) == "silence"
    assert ask(frame, "noSuchCommand") == "silence"
    assert ask(frame, "placementBindEvent", {"event": "x"}) == "silence"
    assert ask(frame, "getInitData", **{"as": "0" * 32}) == "silence"
    expect(page.locator("#pagetitle")).to_have_text(portal.portal_one.deals[501].title)
    assert ask(frame, "getInterface", asObject=True) == {"command": ["reloadData"], "event": []}


def test_a_handler_that_moves_to_another_host_loses_the_bridge(
    page: Page, portal: Sandbox, app: Application, origin: str
) -> None:
    frame = open_tab(page, portal)
    other_name = origin.replace("127.0.0.1", "localhost")
    frame.evaluate("address => { location = address }", f"{other_name}/moved")
    assert ask(framed(page, "/moved"), "getInitData") == "silence"


def test_a_switch_makes_the_portal_never_answer(
    page: Page, portal: Sandbox, app: Application
) -> None:
    portal.state.options.frame_silent = True
    assert ask(open_tab(page, portal), "getInitData") == "silence"


def test_a_refreshed_pair_is_known_to_the_portal(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    before = ask(frame, "getInitData")["AUTH_ID"]
    pair = ask(frame, "refreshAuth", patience=5000)
    assert pair["AUTH_ID"] != before
    assert portal.state.tokens[pair["AUTH_ID"]].refresh == pair["REFRESH_ID"]
    assert ask(frame, "getInitData")["AUTH_ID"] == pair["AUTH_ID"]


def test_reload_data_shows_what_has_changed_and_keeps_the_frame(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    portal.portal_one.deals[501].title = "Office refit, phase 3"
    assert ask(frame, "reloadData", {}) is None
    expect(page.locator("#pagetitle")).to_have_text("Office refit, phase 3")
    assert ask(frame, "getInitData") != "silence"


def test_open_path_is_answered_when_the_panel_closes(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    company = portal.portal_one.deals[501].company_id
    path = f"/crm/type/0/details/0/../../../../..{f'/crm/company/details/{company}/'}?IFRAME=Y"
    frame.evaluate("p => { window.answer = ask('openPath', {path: p}, {patience: 20000}) }", path)
    panel = page.frame_locator("dialog.panel iframe")
    expect(panel.locator("#pagetitle")).to_have_text(
        portal.portal_one.companies[company or 0].title
    )
    assert frame.evaluate("Promise.race([answer, 'not yet'])") == "not yet"
    page.locator(".panel-close").click()
    assert frame.evaluate("answer") == {"result": "close"}
    refused = {"result": "error", "errorCode": "PATH_NOT_AVAILABLE"}
    for wrong in ("https://elsewhere.example/", "//elsewhere.example/", "crm/deal/"):
        assert ask(frame, "openPath", {"path": wrong}) == refused


def test_open_application_runs_in_a_panel_and_is_answered_when_it_closes(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    params = {"step": "check", "bx24_width": 700, "bx24_title": "Wide"}
    frame.evaluate("p => { window.answer = ask('openApplication', p, {patience: 20000}) }", params)
    inner = framed(page, "/handler")
    init = ask(inner, "getInitData")
    assert init["PLACEMENT"] == "DEFAULT"
    assert init["PLACEMENT_OPTIONS"]["step"] == "check"
    assert "bx24_width" not in init["PLACEMENT_OPTIONS"]
    expect(page.locator(".panel-head h2")).to_have_text("Wide")
    assert ask(inner, "resizeWindow", {"width": 300, "height": 300}) == "silence"
    assert ask(frame, "getInitData") != "silence"
    ask(frame, "closeApplication")
    assert frame.evaluate("answer") is None
    expect(page.locator("dialog.panel")).to_have_count(0)


def test_the_document_button_opens_the_application_over_the_card(
    page: Page, portal: Sandbox, app: Application
) -> None:
    sign_in(page, portal, "Boris Hartmann", CARD)
    page.locator("summary", has_text="Document").click()
    page.get_by_role("button", name="Framed").click()
    frame = framed(page, "/button")
    options = frame.locator("#options").inner_text()
    assert re.search(r'"ENTITY_ID":"501"', options)
    assert ask(frame, "resizeWindow", {"width": "100%", "height": 100}) == "silence"


def test_anna_finishes_the_installation_and_is_in_the_application(
    page: Page, portal: Sandbox, app: Application
) -> None:
    app.installed = False
    path = f"/marketplace/app/{app.client_id}/"
    sign_in(page, portal, "Anna Weiss", path)
    installer = framed(page, "/install")
    init = ask(installer, "getInitData")
    assert (init["INSTALL"], init["IS_ADMIN"]) == (True, True)
    assert ask(installer, "setTitle", {"title": "a: b"}) == {"title": "a: b"}
    expect(page.locator("#pagetitle")).to_have_text("a: b")
    installer.evaluate("void ask('setInstallFinish', {})")
    page.wait_for_url(f"**{path}?install_finished=Y")
    assert ask(framed(page, "/handler"), "getInitData")["INSTALL"] is False
    assert app.installed


def test_a_page_in_the_frame_can_have_people_chosen(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = open_tab(page, portal)
    frame.evaluate("void (window.answer = ask('selectUser', {mult: false}, {patience: 20000}))")
    page.get_by_label("Clara Sommer").check()
    page.get_by_role("button", name="Select").click()
    assert frame.evaluate("answer")["id"] == "12"
