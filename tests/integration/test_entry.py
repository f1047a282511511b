"""The portal's form arrives in our frame: what is believed, what is refused, what it costs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from b24app.models import FrameSession, Portal
from tests import people
from tests.integration.pages import text
from tests.people import ANNA, BORIS, TAB, Frame
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

STRANGER = "This page was not opened by Bitrix24"


@pytest.fixture
def launch(sandbox: Sandbox, docket: Application) -> tuple[str, dict[str, str]]:
    """The address and the fields of Boris's launch of deal 501, not posted yet."""
    return launch_of(sandbox, docket, BORIS, {"ID": "501"})


def launch_of(
    sandbox: Sandbox, app: Application, user_id: int, options: dict[str, Any] | None
) -> tuple[str, dict[str, str]]:
    nordwerk = sandbox.portal_one
    user = nordwerk.users[user_id]
    return applications.launch_fields(sandbox.state, nordwerk, app, user, TAB, options)


def refused(frame: Frame, status: int = 403) -> None:
    assert frame.page.status_code == status, text(frame.page)
    assert STRANGER in text(frame.page)
    assert not frame.token
    assert "frame-ancestors 'none'" in frame.page.headers["Content-Security-Policy"]
    assert not FrameSession.objects.filter(person__user_id=BORIS).exists()


def test_s15_boris_is_let_in_and_no_cookie_is_set(launch: tuple[str, dict[str, str]]) -> None:
    frame = Frame(*launch)
    assert frame.page.status_code == 200
    assert not frame.page.cookies
    assert "Set-Cookie" not in frame.page.headers


def test_s18_s21_the_page_may_be_framed_by_exactly_this_portal(
    sandbox: Sandbox, launch: tuple[str, dict[str, str]]
) -> None:
    frame = Frame(*launch)
    policy = frame.page.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {sandbox.portal_one.origin}")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in frame.page.headers
    assert frame.page.headers["Cache-Control"] == "no-store"
    assert frame.page.headers["Referrer-Policy"] == "same-origin"


def test_no_secret_of_the_launch_reaches_the_page(launch: tuple[str, dict[str, str]]) -> None:
    address, fields = launch
    page = Frame(address, fields).page.content.decode()
    for name in ("AUTH_ID", "REFRESH_ID", "APPLICATION_TOKEN"):
        assert fields[name] not in page


def test_whose_token_it_is_is_asked_once(
    sandbox: Sandbox, launch: tuple[str, dict[str, str]]
) -> None:
    Frame(*launch)
    Frame(*launch)
    asked = sandbox.state.record.at("/rest/app.info")
    assert [one.origin for one in asked] == [sandbox.auth_url]
    assert asked[0].method == "POST"


def test_s22_a_proof_does_not_outlive_its_token(
    sandbox: Sandbox, docket: Application, later: Any
) -> None:
    sandbox.state.options.access_lifetime = 60
    launch = launch_of(sandbox, docket, BORIS, {"ID": "501"})
    assert Frame(*launch).page.status_code == 200
    later(seconds=61)
    FrameSession.objects.all().delete()
    refused(Frame(*launch))


def test_get_without_a_session_is_an_empty_page_without_data(
    sandbox: Sandbox, launch: tuple[str, dict[str, str]]
) -> None:
    address, fields = launch
    url = urlsplit(address)
    answer = Client().get(f"{url.path}?{url.query}&{urlencode(fields)}")
    assert answer.status_code == 200
    assert "data-bounce" in text(answer)
    assert "Office refit" not in text(answer)
    assert (
        f"frame-ancestors {sandbox.portal_one.origin}"
        in (answer.headers["Content-Security-Policy"])
    )
    assert FrameSession.objects.filter(person__user_id=BORIS).count() == 0


def test_an_unknown_key_is_refused(
    sandbox: Sandbox, launch: tuple[str, dict[str, str]], portal: Portal
) -> None:
    address, fields = launch
    refused(Frame(address.replace(portal.key, "k" * 22), fields))
    assert list(sandbox.state.record) == []


def test_s17_a_launch_from_a_foreign_page_is_refused(launch: tuple[str, dict[str, str]]) -> None:
    address, fields = launch
    refused(Frame(address, fields, Origin="https://evil.example"))
    refused(Frame(address, fields, Origin="null"))


@pytest.mark.parametrize(
    "options",
    [{"ID": "0"}, {"ID": ""}, {"ID": "new"}, {"ID": "-7"}, {"ID": ["501"]}, {"X": 1}, None],
)
def test_a_tab_without_a_saved_deal_says_so(
    sandbox: Sandbox, docket: Application, options: dict[str, Any] | None
) -> None:
    frame = Frame(*launch_of(sandbox, docket, BORIS, options))
    assert frame.page.status_code == 409
    assert "This deal is not saved yet" in text(frame.page)
    assert sandbox.state.record.executed("crm.documentgenerator.document.list") == 0


def test_the_document_button_names_the_deal_in_another_way(
    sandbox: Sandbox, docket: Application
) -> None:
    nordwerk = sandbox.portal_one
    frame = Frame(
        *applications.launch_fields(
            sandbox.state,
            nordwerk,
            docket,
            nordwerk.users[BORIS],
            "CRM_DEAL_DOCUMENTGENERATOR_BUTTON",
            {"ENTITY_ID": "501"},
        )
    )
    assert frame.page.status_code == 200
    assert FrameSession.objects.get(person__user_id=BORIS).entity_id == 501


def test_a_deal_that_is_not_there_is_like_one_that_may_not_be_read(
    sandbox: Sandbox, docket: Application
) -> None:
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 999999)
    assert frame.page.status_code == 403
    assert "You cannot see the documents of this deal" in text(frame.page)


def test_a_portal_that_is_not_installed_yet_says_so(sandbox: Sandbox, db: None) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    address, fields = applications.launch_fields(
        sandbox.state, sandbox.portal_one, app, sandbox.portal_one.users[ANNA]
    )
    frame = Frame(address.replace("/install/", "/deal/"), fields)
    assert frame.page.status_code == 409
    assert "Docket is not installed in this portal" in text(frame.page)


def test_a_renamed_portal_is_known_by_its_new_address(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    nordwerk = sandbox.portal_one
    new = nordwerk.origin.replace("localhost", "127.0.0.1")
    old, nordwerk.origin = nordwerk.origin, new
    frame = Frame(*launch_of(sandbox, docket, BORIS, {"ID": "501"}))
    nordwerk.origin = old
    portal.refresh_from_db()
    assert portal.address == new
    assert frame.page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {new}")


def test_a_long_language_and_placement_are_kept(sandbox: Sandbox, docket: Application) -> None:
    address, fields = launch_of(sandbox, docket, BORIS, {"ID": "501", "ENTITY_TYPE_ID": "2"})
    frame = Frame(address.replace("LANG=en", "LANG=zh-Hant-TW"), fields | {"PLACEMENT": "P" * 100})
    assert frame.page.status_code == 200
    FrameSession.objects.get(person__user_id=BORIS).full_clean(exclude=["held_codes"])
