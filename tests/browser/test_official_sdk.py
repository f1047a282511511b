"""Bitrix24's own browser client, as published, in the sandbox's deal card: can it tell?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser import framed_application, sdk_application
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, PlacementBinding

pytestmark = pytest.mark.browser
PUBLISHED = "ae9f7186ad7b36a9e138e346d03d90dac5b3ce35679c0836ea11f4c04346d1ec"
TAB, CARD = "CRM_DEAL_DETAIL_TAB", "/crm/deal/details/501/"
SAFELY = {"isSafely": True}
"""What the client says where the portal kept silent for 900 ms."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with framed_application.served(sdk_application.application) as origin:
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
    """Installed, with a tab in the deal's card."""
    app = applications.register(
        portal.state,
        portal.portal_one,
        name="Official",
        handler_url=f"{origin}/handler",
        install_url=f"{origin}/install",
    )
    app.installed = True
    binding = PlacementBinding(app.client_id, TAB, f"{origin}/tab", title="Official")
    portal.portal_one.placements.append(binding)
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


def ready(page: Page, path: str) -> Frame:
    """The newest frame, once the client has shaken hands in it."""
    content = page.locator("iframe.app-frame").last.content_frame
    expect(content.locator("#path")).to_have_text(path)
    expect(content.locator("#state")).to_have_text("ready")
    return next(
        frame for frame in reversed(page.frames) if frame.url.partition("?")[0].endswith(path)
    )


def sign_in(page: Page, sandbox: Sandbox, name: str, path: str) -> None:
    page.goto(f"{sandbox.url}/auth/?backurl={path}")
    page.get_by_role("button", name=name).click()


def opened(page: Page, sandbox: Sandbox, name: str = "Boris Hartmann") -> Frame:
    """The tab of Boris's deal."""
    sign_in(page, sandbox, name, CARD)
    page.get_by_role("tab", name="Official").click()
    return ready(page, "/tab")


def call(frame: Frame, method: str, **params: Any) -> Any:
    """`result` of a call that the client takes for a success; code and status of an error."""
    return frame.evaluate(
        """([method, params]) => b24.actions.v2.call.make({ method, params }).then(
          (answer) => answer.isSuccess && answer.getData().result,
          (error) => [error.code, error.status])""",
        [method, params],
    )


def test_the_file_is_the_published_one() -> None:
    assert hashlib.sha256(sdk_application.FILE.read_bytes()).hexdigest() == PUBLISHED


def test_the_client_takes_the_sandbox_for_a_portal(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    seen = frame.evaluate(
        """() => ({
          origin: b24.getTargetOrigin(), sid: b24.getAppSid(), lang: b24.getLang(),
          placement: b24.placement.placement, options: b24.placement.options,
          isDefault: b24.placement.isDefault, install: b24.isInstallMode,
          firstRun: b24.isFirstRun, admin: b24.auth.isAdmin, auth: b24.auth.getAuthData(),
          name: window.name,
        })"""
    )
    assert (seen["origin"], seen["lang"]) == (portal.url, "en")
    assert seen["name"].split("|")[-1] == seen["sid"]
    assert (seen["placement"], seen["options"]["ID"], seen["isDefault"]) == (TAB, "501", False)
    assert (seen["install"], seen["firstRun"], seen["admin"]) == (False, True, False)
    assert portal.state.tokens[seen["auth"]["access_token"]].user_id == 7
    assert seen["auth"]["expires_in"] == 3600
    assert seen["auth"]["member_id"] == portal.portal_one.member_id


def test_the_first_run_is_the_first_one_only(page: Page, portal: Sandbox, app: Application) -> None:
    assert opened(page, portal).evaluate("b24.isFirstRun") is True
    page.reload()
    page.get_by_role("tab", name="Official").click()
    assert ready(page, "/tab").evaluate("b24.isFirstRun") is False


def test_boris_calls_methods_and_hears_refusals(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    assert call(frame, "crm.item.get", entityTypeId=2, id=501)["item"]["id"] == 501
    assert call(frame, "profile")["ID"] == "7"
    assert call(frame, "crm.item.get", entityTypeId=2, id=999999) == ["NOT_FOUND", 400]
    # The client knows of the code "0" and puts its own name of the status in its place.
    template_list = call(frame, "crm.documentgenerator.template.list")
    assert template_list == ["ERR_BAD_REQUEST", 400]
    assert call(frame, "no.such.method") == ["ERROR_METHOD_NOT_FOUND", 404]
    old = frame.evaluate("b24.callMethod('crm.deal.get', {id: 501}).then((one) => one.getData())")
    assert old["result"]["ID"] == "501"
    assert old["time"]["duration"] >= 0


def test_lists_are_read_along_their_ids(page: Page, portal: Sandbox, app: Application) -> None:
    documents = portal.portal_one.documents
    assert len(documents) > 50
    options = {
        "method": "crm.documentgenerator.document.list",
        "idKey": "id",
        "customKeyForResult": "documents",
    }
    frame = opened(page, portal)
    rows = frame.evaluate(
        "(o) => b24.actions.v2.callList.make(o).then((all) => all.getData())", options
    )
    assert [int(row["id"]) for row in rows] == sorted(documents)
    pages = frame.evaluate(
        """async (o) => {
          const pages = [];
          for await (const rows of b24.actions.v2.fetchList.make(o)) pages.push(rows.length);
          return pages;
        }""",
        options,
    )
    assert pages == [50, len(documents) - 50]


def test_batches_answer_by_name_and_in_chunks(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    named = frame.evaluate(
        """async () => {
          const answer = await b24.actions.v2.batch.make({
            calls: {
              deal: { method: "crm.item.get", params: { entityTypeId: 2, id: 501 } },
              me: ["profile"],
              rows: ["crm.item.productrow.list",
                     { filter: { "=ownerType": "D", "=ownerId": "$result[deal][item][id]" } }],
            },
          });
          return [answer.isSuccess, answer.getData()];
        }"""
    )
    assert named[0] is True
    assert (named[1]["deal"]["item"]["id"], named[1]["me"]["ID"]) == (501, "7")
    rows = portal.portal_one.deals[501].rows
    assert [row["id"] for row in named[1]["rows"]["productRows"]] == [row.id for row in rows]
    many = frame.evaluate(
        """async () => {
          const calls = Array.from({ length: 60 }, () => ["profile", {}]);
          const answer = await b24.actions.v2.batchByChunk.make({ calls });
          return answer.getData().map((one) => one.ID);
        }"""
    )
    assert many == ["7"] * 60


def test_a_failed_command_of_a_batch_is_told(page: Page, portal: Sandbox, app: Application) -> None:
    told = opened(page, portal).evaluate(
        """async () => {
          const gone = ["crm.item.get", { entityTypeId: 2, id: 999999 }];
          const answer = await b24.actions.v2.batch.make(
            { calls: { gone, me: ["profile"] },
              options: { isHaltOnError: false, returnAjaxResult: true } });
          const data = answer.getData();
          return [data.me.isSuccess, data.gone.isSuccess, answer.getErrorMessages().length];
        }"""
    )
    assert told == [True, False, 1]


def test_an_expired_token_is_renewed_through_the_portal(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    before = frame.evaluate("b24.auth.getAuthData().access_token")
    portal.state.expire_access(7)
    portal.state.record.clear()
    assert call(frame, "profile")["ID"] == "7"
    assert [one.status for one in portal.state.record.rest("profile")] == [401, 200]
    after = frame.evaluate("b24.auth.getAuthData().access_token")
    assert after != before
    assert portal.state.tokens[after].user_id == 7


def test_the_frame_is_fitted_and_resized(page: Page, portal: Sandbox, app: Application) -> None:
    frame = opened(page, portal)
    frame.evaluate("document.getElementById('content').style.height = '1400px'")
    fitted = frame.evaluate("b24.parent.fitWindow()")
    assert fitted["height"] >= 1400
    assert frame.evaluate("innerHeight") == fitted["height"]
    assert frame.evaluate("b24.parent.resizeWindow(600, 350)") == {"width": 600, "height": 350}
    frame.evaluate("document.getElementById('content').style.height = '220px'")
    auto = "b24.parent.resizeWindowAuto(document.getElementById('content'))"
    assert frame.evaluate(auto)["height"] == 220
    assert frame.evaluate("b24.parent.scrollParentWindow(0)") == {"scroll": 0}


def test_the_portal_denies_a_title_in_a_tab_and_offers_one_command(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    assert frame.evaluate("b24.parent.setTitle('Mine')") == SAFELY
    expect(page.locator("#pagetitle")).to_have_text(portal.portal_one.deals[501].title)
    own = {"command": ["reloadData"], "event": []}
    assert frame.evaluate("b24.placement.getInterface()") == own
    portal.portal_one.deals[501].title = "Office refit, phase 4"
    frame.evaluate("b24.placement.call('reloadData')")
    expect(page.locator("#pagetitle")).to_have_text("Office refit, phase 4")


def test_options_are_kept_for_the_user_and_by_the_administrator(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal, "Anna Weiss")
    frame.evaluate("b24.options.userSet('view', 'wide')")
    frame.evaluate("b24.options.appSet('plan', {days: 14})")
    page.reload()
    page.get_by_role("tab", name="Official").click()
    again = ready(page, "/tab")
    assert again.evaluate("b24.options.userGet('view')") == "wide"
    assert again.evaluate("b24.options.appGet('plan')") == {"days": 14}


def test_boris_sets_no_options_of_the_application(
    page: Page, portal: Sandbox, app: Application
) -> None:
    opened(page, portal).evaluate("b24.options.appSet('plan', 'free')")
    assert portal.state.app_options == {}


def test_a_page_of_the_portal_opens_over_the_card(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    company = portal.portal_one.companies[portal.portal_one.deals[501].company_id or 0]
    path = f"/crm/company/details/{company.id}/"
    frame.evaluate(
        "(path) => { window.shut = b24.slider.openPath(b24.slider.getUrl(path), 950); }", path
    )
    panel = page.frame_locator("dialog.panel iframe")
    expect(panel.locator("#pagetitle")).to_have_text(company.title)
    assert frame.evaluate("Promise.race([window.shut, 'not yet'])") == "not yet"
    page.locator(".panel-close").click()
    assert frame.evaluate("window.shut") == {"isOpenAtNewWindow": False, "isClose": True}


def test_the_application_opens_itself_wide_and_closes_itself(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    frame.evaluate(
        """() => { window.shut = b24.slider.openSliderAppPage(
             { step: "check", bx24_width: 700, bx24_title: "Wide" }).then(() => "closed"); }"""
    )
    inner = ready(page, "/handler")
    assert inner.evaluate("b24.placement.options.step") == "check"
    assert inner.evaluate("b24.placement.isDefault") is True
    expect(page.locator(".panel-head h2")).to_have_text("Wide")
    assert inner.evaluate("b24.parent.resizeWindow(300, 300)") == SAFELY
    inner.evaluate("void b24.slider.closeSliderAppPage().catch(() => {})")
    expect(page.locator("dialog.panel")).to_have_count(0)
    assert frame.evaluate("window.shut") == "closed"


def test_people_and_deals_are_chosen_in_the_portals_dialogs(
    page: Page, portal: Sandbox, app: Application
) -> None:
    frame = opened(page, portal)
    frame.evaluate("void (window.chosen = b24.dialog.selectUsers())")
    page.get_by_label("Clara Sommer").check()
    page.get_by_label("Anna Weiss").check()
    page.get_by_role("button", name="Select").click()
    assert {one["id"] for one in frame.evaluate("chosen")} == {"1", "12"}


def test_anna_finishes_the_installation(page: Page, portal: Sandbox, app: Application) -> None:
    app.installed = False
    path = f"/marketplace/app/{app.client_id}/"
    sign_in(page, portal, "Anna Weiss", path)
    installer = ready(page, "/install")
    assert installer.evaluate("b24.isInstallMode") is True
    assert installer.evaluate("b24.parent.setTitle('Setting up: step 1')") == {
        "title": "Setting up: step 1"
    }
    expect(page.locator("#pagetitle")).to_have_text("Setting up: step 1")
    installer.evaluate("void b24.installFinish().catch(() => {})")
    page.wait_for_url(re.compile(f"{re.escape(path)}\\?install_finished=Y"))
    handler = ready(page, "/handler")
    assert app.installed
    again = "b24.installFinish().then(() => 'finished', (error) => error.code)"
    assert handler.evaluate(again) == "JSSDK_FRAME_INSTALL_ALREADY_FINISHED"
