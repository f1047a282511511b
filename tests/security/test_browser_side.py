"""B. Session, frame, browser: what the server does for it (S15 to S22).

What only a browser can show is in tests/browser/test_security.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from b24app.models import FrameSession, InboundEvent, Portal, SecurityEvent
from b24app.portals.farewell import leave
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import Launch
from tests.security.evidence import refusal
from tests.security.test_who_may_what import Visits, expected

ROOT = Path(__file__).resolve().parents[2]
EVIL = "https://evil.example"


@pytest.fixture
def document_id(boris: Frame) -> int:
    return made(open_form(boris, OFFER).send())


@pytest.fixture
def everywhere(boris: Frame, dmitri: Frame, document_id: int) -> Visits:
    """Boris in his own portal, Dmitri at the addresses of Boris's."""
    return Visits({"boris": boris, "dmitri": dmitri}, boris.base.split("/")[2], document_id)


def answers(everywhere: Visits) -> Iterator[tuple[str, str, Any]]:
    """What Boris, Dmitri and nobody get at each address."""
    for name, method in expected():
        for person in ("nobody", "dmitri", "boris"):
            yield f"{name} {method} {person}", person, everywhere.visit(name, method, person)


def test_s15_s17_s21_every_answer_has_its_headers_and_no_cookie(everywhere: Visits) -> None:
    for where, _, answer in answers(everywhere):
        assert not answer.cookies, where
        headers = answer.headers
        assert not [name for name in headers if name.lower().startswith("access-control")], where
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["Referrer-Policy"] == "same-origin", where
        assert headers["Cache-Control"] == "no-store", where
        assert "unsafe-eval" not in headers["Content-Security-Policy"], where
        script = re.search(r"script-src ([^;]+)", headers["Content-Security-Policy"])
        assert script is None or script[1] == "'self'", where


def test_s18_only_the_verified_portal_may_frame_a_page(
    sandbox: Sandbox, everywhere: Visits
) -> None:
    origins = {
        "boris": sandbox.portal_one.origin,
        "dmitri": sandbox.portal_two.origin,
        "nobody": "'none'",
    }
    for where, person, answer in answers(everywhere):
        policy = answer.headers["Content-Security-Policy"]
        ancestors = policy.rpartition("frame-ancestors ")[2]
        allowed = {origins[person], "'none'"}
        assert ancestors in allowed, where
        assert ("X-Frame-Options" in answer.headers) == (ancestors == "'none'"), where


def test_s16_a_missing_session_is_401_and_says_to_reopen(
    sandbox: Sandbox, boris: Frame, everywhere: Visits
) -> None:
    sandbox.state.record.clear()
    boris.token = ""
    for name, method in expected():
        status = everywhere.visit(name, method, "boris").status_code
        assert status == expected()[name, method][0], name
    answer = boris.get("")
    assert answer.status_code == 401
    assert "This tab was open for long" in text(answer)
    assert list(sandbox.state.record) == []


def test_s16_a_session_id_is_no_token(boris: Frame) -> None:
    """The id stands, signed for another purpose, in the addresses of pictures."""
    from django.core import signing

    session = FrameSession.objects.get(person__user_id=BORIS)
    for forged in (
        session.pk.hex,
        signing.dumps({"s": session.pk.hex, "t": 2**40}, salt="docket.picture"),
        signing.dumps({"s": session.pk.hex, "t": 2**40}),
    ):
        boris.token = forged
        assert boris.get("").status_code == 401


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def test_s17_cross_site_requests_without_our_header_do_nothing(
    sandbox: Sandbox, everywhere: Visits
) -> None:
    """A form or fetch of a foreign page: it can bring everything but the frame token."""
    sandbox.state.record.clear()
    sessions, events = FrameSession.objects.count(), InboundEvent.objects.count()
    for name, method in product({name for name, _ in expected()}, METHODS):
        answer = foreign(everywhere.path(name), method)
        assert answer.status_code < 500, (name, method)
        assert not [one for one in answer.headers if one.lower().startswith("access-control")]
        if answer.status_code < 300 and name != "healthz" and method != "OPTIONS":
            assert "data-bounce" in text(answer) or not answer.content, (name, method)
            assert method != "POST", name
    assert (FrameSession.objects.count(), InboundEvent.objects.count()) == (sessions, events)
    assert list(sandbox.state.record) == []


def foreign(path: str, method: str) -> Any:
    headers = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", "Cookie": "frame-token=x"}
    kind = "application/x-www-form-urlencoded"
    browser = Client(enforce_csrf_checks=True)
    return browser.generic(method, path, "on=1", kind, headers=headers)


def test_s17_login_by_a_foreign_page(sandbox: Sandbox, launch: Launch) -> None:
    """An attacker's own valid launch, posted by his page into the victim's browser."""
    for origin in (EVIL, "null", sandbox.portal_two.origin):
        with refusal(sandbox, kind="entry", asked=["/rest/app.info"]):
            assert Frame(*launch, Origin=origin).page.status_code == 403
        from django.core.cache import cache

        cache.clear()


def test_s17_a_form_without_a_session_is_noted(sandbox: Sandbox, boris: Frame) -> None:
    with refusal(sandbox, kind="session"):
        answer = Client().post(f"{boris.base}new/", {"f-Title": "x"}, headers={"Origin": EVIL})
    assert answer.status_code == 403


def test_s19_no_markup_of_ours_needs_inline_script_or_eval() -> None:
    """What the policy would block is not written in the first place."""
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:|hx-headers=.js:"
        r"|\sstyle=|hx-trigger=\"[^\"]*\[",
        re.I,
    )
    pages = list((ROOT / "templates").rglob("*.html"))
    assert len(pages) > 20
    assert {p.name: found[0] for p in pages if (found := forbidden.search(p.read_text()))} == {}
    config = re.search(r'name="htmx-config" content=\'([^\']+)', (pages_text()))
    assert config is not None
    for setting in ('"allowEval":false', '"allowScriptTags":false', '"selfRequestsOnly":true'):
        assert setting in config[1]
    scripts = [path.read_text() for path in (ROOT / "static" / "js").glob("*.js")]
    assert not [s for s in scripts if re.search(r"\beval\(|new Function|innerHTML|outerHTML =", s)]


def pages_text() -> str:
    return (ROOT / "templates" / "embedded.html").read_text()


def test_s21_no_history_cache_and_no_secret_in_an_address(boris: Frame, document_id: int) -> None:
    assert '"historyCacheSize":0' in pages_text()
    for path in ("", "new/", f"documents/{document_id}/"):
        page = text(boris.get(path))
        addresses = re.findall(r'(?:href|src|action|hx-get|hx-post|data-ticket)="([^"]*)"', page)
        assert addresses
        assert not [one for one in addresses if boris.token in one or "auth" in one.lower()]


def test_s21_transport_is_strict_in_production(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    answer = Client().get("/healthz", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert Client().get("/p/x/deal/").headers["Location"].startswith("https://")


def test_s22_a_replayed_launch_opens_only_the_same_view(sandbox: Sandbox, launch: Launch) -> None:
    first, second = Frame(*launch), Frame(*launch)
    assert first.token != second.token
    found = FrameSession.objects.filter(person__user_id=BORIS)
    assert {(one.entity_id, one.person_id) for one in found} == {(501, found[0].person_id)}


def test_s22_a_replay_after_expiry(sandbox: Sandbox, launch: Launch, later: Later) -> None:
    assert Frame(*launch).page.status_code == 200
    later(minutes=61)
    with refusal(sandbox, kind="entry", asked=["/rest/app.info"]):
        assert Frame(*launch).page.status_code == 403


def test_s22_a_replay_after_the_end_of_the_installation(
    sandbox: Sandbox, docket: Application, launch: Launch, portal: Portal
) -> None:
    assert Frame(*launch).page.status_code == 200
    sandbox.state.remove_application(sandbox.portal_one, docket.client_id)
    leave(portal)
    assert Frame(*launch).page.status_code >= 400
    assert FrameSession.objects.count() == 0
    assert Portal.objects.get().state == Portal.State.LEAVING


def test_s22_another_placement_of_a_replay_needs_the_same_rights(
    sandbox: Sandbox, docket: Application
) -> None:
    """Clara changes the deal in a launch of her own that she replays."""
    from tests.people import CLARA
    from tests.security.conftest import launch_of

    address, fields = launch_of(sandbox, docket, CLARA, {"ID": "504"})
    frame = Frame(address, fields | {"PLACEMENT_OPTIONS": '{"ID":"501"}'})
    assert frame.page.status_code == 403
    assert "Office refit" not in text(frame.page)
    assert SecurityEvent.objects.filter(kind="deal").count() == 1
