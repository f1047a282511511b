"""The session without a cookie: how long it lives, how it is renewed, what it opens."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from b24app.models import DownloadTicket, FrameSession, Portal
from b24app.portals.farewell import leave
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, CLARA, DMITRI, TAB, Frame
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application


@pytest.fixture
def dmitri(sandbox: Sandbox, docket: Application) -> Frame:
    """Dmitri has Docket in a portal of his own, and the tab of a deal open there."""
    lindner = sandbox.portal_two
    app = people.install(sandbox, lindner)
    return people.open_tab(sandbox, lindner, app, DMITRI, next(iter(lindner.deals)))


def renew(sandbox: Sandbox, app: Application, frame: Frame, user_id: int, **headers: str) -> Any:
    """What the page's script does when its token has ended: new keys, same placement."""
    nordwerk = sandbox.portal_one
    address, fields = applications.launch_fields(
        sandbox.state, nordwerk, app, nordwerk.users[user_id], TAB, {"ID": "501"}
    )
    for name in ("APPLICATION_TOKEN", "APPLICATION_SCOPE", "SERVER_ENDPOINT"):
        fields.pop(name)
    base = frame.base.removesuffix("deal/")
    return frame.client.post(
        f"{base}session/?{urlsplit(address).query}",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": settings.BASE_URL} | headers,
    )


def test_s16_an_altered_token_is_no_token(boris: Frame) -> None:
    good = boris.token
    for token in ("", "x", good[:-1], good[1:], good.replace(":", "", 1), f"{good}x", "é"):
        boris.token = token
        assert boris.get("").status_code == 401
        assert boris.post("new/").status_code == 401
    boris.token = good
    assert boris.get("").status_code == 200


def test_s16_a_token_in_the_address_or_a_cookie_opens_nothing(boris: Frame) -> None:
    client = Client()
    client.cookies["frame-token"] = boris.token
    answer = client.get(f"{boris.base}?{urlencode({'token': boris.token})}")
    assert "data-bounce" in text(answer)
    assert "Office refit" not in text(answer)


def test_s16_after_an_hour_of_silence_the_token_has_ended(boris: Frame, later: Later) -> None:
    later(minutes=61)
    answer = boris.get("")
    assert answer.status_code == 401
    assert "This tab was open for long" in text(answer)
    assert "X-Frame-Token" not in answer.headers


def test_s16_who_works_on_gets_new_tokens_until_the_day_is_over(boris: Frame, later: Later) -> None:
    later(minutes=20)
    assert "X-Frame-Token" not in boris.get("new/").headers
    first = boris.token
    later(minutes=15)
    assert boris.get("new/").headers["X-Frame-Token"] != first
    for _ in range(13):
        later(minutes=50)
        assert boris.get("new/").status_code == 200
    later(minutes=50)
    assert boris.get("new/").status_code == 401


def test_s24_a_token_of_one_portal_opens_nothing_of_another(boris: Frame, dmitri: Frame) -> None:
    assert dmitri.page.status_code == 200
    for path in ("", "new/", "documents/101/", f"new/{OFFER}/"):
        assert boris.get(f"{dmitri.base}{path}").status_code == 404
        assert dmitri.get(f"{boris.base}{path}").status_code == 404
    assert boris.get("/p/nobody/deal/").status_code == 404


def test_s16_sessions_end_when_docket_leaves(boris: Frame, portal: Portal) -> None:
    leave(portal)
    assert boris.get("").status_code == 401
    assert FrameSession.objects.count() == 0


def test_s18_reload_and_back_get_a_page_without_data_for_this_portal_only(
    sandbox: Sandbox, boris: Frame
) -> None:
    for path in ("", "new/", "documents/101/", "forms/00000000-0000-0000-0000-000000000000/"):
        answer = Client().get(f"{boris.base}{path}")
        assert answer.status_code == 200
        page = text(answer)
        assert "data-bounce" in page
        assert "frame-token" not in page
        assert sandbox.portal_one.origin in page
        assert sandbox.portal_two.origin not in page
        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {sandbox.portal_one.origin}")
        assert not answer.cookies
    assert Client().get("/p/nobody/deal/").status_code == 404
    assert list(sandbox.state.record) == []


def test_a_page_outside_of_the_portal_says_where_to_open_it(boris: Frame) -> None:
    answer = Client().post(f"{boris.base}new/")
    assert answer.status_code == 403
    assert "Open this page from Bitrix24" in text(answer)


def test_the_page_renews_its_session_and_goes_on(
    sandbox: Sandbox, docket: Application, boris: Frame, later: Later
) -> None:
    later(hours=13)
    assert boris.get("").status_code == 401
    answer = renew(sandbox, docket, boris, BORIS)
    assert answer.status_code == 200
    assert not answer.cookies
    boris.token = json.loads(answer.content)["token"]
    assert "No documents in this deal yet" in text(boris.get(""))


def test_s17_a_renewal_from_a_foreign_page_is_refused(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    for origin in ("https://evil.example", sandbox.portal_two.origin, "null"):
        assert renew(sandbox, docket, boris, BORIS, Origin=origin).status_code == 403
    assert FrameSession.objects.filter(person__user_id=BORIS).count() == 1


def test_a_form_of_before_the_renewal_can_still_be_sent(
    sandbox: Sandbox, docket: Application, boris: Frame, later: Later
) -> None:
    form = open_form(boris, OFFER)
    later(hours=13)
    assert form.send({"Title": "Refit"}).status_code == 401
    boris.token = json.loads(renew(sandbox, docket, boris, BORIS).content)["token"]
    assert sandbox.portal_one.documents[made(form.send({"Title": "Refit"}))].title


def test_s24_one_form_is_not_anothers(
    sandbox: Sandbox, docket: Application, boris: Frame, anna: Frame
) -> None:
    form = open_form(boris, OFFER)
    answer = anna.get(form.path)
    assert answer.status_code == 404
    assert "This form is not kept any more" in text(answer)
    other_deal = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    assert other_deal.get(form.path).status_code == 404


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame) -> int:
    return made(open_form(boris, OFFER).send())


def address_of(frame: Frame, document_id: int, kind: str = "pdf") -> str:
    answer = frame.post(f"documents/{document_id}/{kind}-ticket/")
    assert answer.status_code == 200, text(answer)
    address: str = json.loads(answer.content)["address"]
    return address


def test_s29_a_download_link_works_once(boris: Frame, document_id: int) -> None:
    address = address_of(boris, document_id)
    assert boris.token not in address
    first = Client().get(address)
    assert first.content.startswith(b"%PDF")
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in first.headers["Content-Security-Policy"]
    again = Client().get(address)
    assert again.status_code == 410
    assert "This file cannot be opened now" in text(again)


def test_s29_the_docx_comes_as_an_attachment(boris: Frame, document_id: int) -> None:
    answer = Client().get(address_of(boris, document_id, "docx"))
    assert answer.content.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "Offer" in answer.headers["Content-Disposition"]


def test_s29_a_download_link_dies_after_a_minute(
    boris: Frame, document_id: int, later: Later
) -> None:
    address = address_of(boris, document_id)
    later(seconds=61)
    assert Client().get(address).status_code == 410


def test_s29_a_download_link_dies_with_its_session(
    boris: Frame, document_id: int, portal: Portal
) -> None:
    address = address_of(boris, document_id)
    leave(portal)
    assert Client().get(address).status_code == 410
    assert DownloadTicket.objects.count() == 0


def test_s24_s29_nobody_else_gets_a_link_to_the_file(
    sandbox: Sandbox, docket: Application, dmitri: Frame, document_id: int
) -> None:
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    other_deal = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    for frame in (dmitri, clara, other_deal):
        answer = frame.post(f"documents/{document_id}/pdf-ticket/")
        assert answer.status_code in {401, 403, 404}, text(answer)
    assert DownloadTicket.objects.count() == 0


def test_a_kind_of_file_that_does_not_exist_is_not_found(boris: Frame, document_id: int) -> None:
    assert boris.post(f"documents/{document_id}/exe-ticket/").status_code == 410


def test_s29_links_with_tokens_never_reach_a_page(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    pages = [boris.get(""), boris.get(f"documents/{document_id}/")]
    for page in map(text, pages):
        assert "auth=" not in page
        assert not any(token in page for token in sandbox.state.tokens)
        assert not re.search(r"/rest/", page)
