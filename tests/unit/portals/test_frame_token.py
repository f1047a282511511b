"""The frame token: signed, for one session, an hour at a time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b24app.models import FrameSession, Person, Portal, TokenChain
from b24app.portals import frame_token
from b24app.portals.errors import SessionOver


@pytest.fixture
def session(db: None) -> FrameSession:
    """Boris's page about deal 501."""
    now = timezone.now()
    portal = Portal.objects.create(
        address="https://nordwerk.example", state=Portal.State.INSTALLED, member_id="a" * 32
    )
    person = Person.objects.create(portal=portal, user_id=7, name="Boris", checked_at=now)
    chain = TokenChain.objects.create(
        portal=portal, user_id=7, purpose=TokenChain.Purpose.FRAME, expires_at=now
    )
    return frame_token.start(portal, person, chain, "CRM_DEAL_DETAIL_TAB", (2, 501), "en")


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So many seconds from now."""
    moment = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: moment)


def test_a_token_leads_to_its_session(session: FrameSession) -> None:
    found, ageing = frame_token.read(frame_token.issue(session))
    assert (found.pk, found.portal_id, found.person.user_id) == (session.pk, session.portal_id, 7)
    assert (found.entity_type_id, found.entity_id) == (2, 501)
    assert not ageing


def test_nothing_of_the_session_can_be_read_in_the_token(session: FrameSession) -> None:
    content = signing.loads(frame_token.issue(session), salt="docket.frame")
    assert set(content) == {"s", "t"}


@pytest.mark.parametrize(("minutes", "ageing"), [(29, False), (31, True), (59, True)])
def test_past_half_its_life_it_is_ageing(
    session: FrameSession, monkeypatch: pytest.MonkeyPatch, minutes: int, ageing: bool
) -> None:
    token = frame_token.issue(session)
    at(monkeypatch, minutes * 60)
    assert frame_token.read(token)[1] is ageing


def test_after_an_hour_it_has_ended(session: FrameSession, monkeypatch: pytest.MonkeyPatch) -> None:
    token = frame_token.issue(session)
    at(monkeypatch, 3601)
    with pytest.raises(SessionOver):
        frame_token.read(token)


def test_a_session_ends_however_young_its_token_is(session: FrameSession) -> None:
    FrameSession.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(SessionOver):
        frame_token.read(frame_token.issue(session))


@pytest.mark.parametrize("state", [Portal.State.LEAVING, Portal.State.GONE])
def test_a_portal_that_has_left_has_no_sessions(session: FrameSession, state: str) -> None:
    Portal.objects.update(state=state)
    with pytest.raises(SessionOver):
        frame_token.read(frame_token.issue(session))


def test_a_session_that_was_deleted_is_over(session: FrameSession) -> None:
    token = frame_token.issue(session)
    session.delete()
    with pytest.raises(SessionOver):
        frame_token.read(token)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(position=st.integers(0, 200), letter=st.characters(max_codepoint=0x2FF))
def test_an_altered_token_opens_nothing(session: FrameSession, position: int, letter: str) -> None:
    token = frame_token.issue(session)
    position %= len(token)
    altered = token[:position] + letter + token[position + 1 :]
    if altered == token:
        return
    with pytest.raises(SessionOver):
        frame_token.read(altered)


@pytest.mark.parametrize(
    "content", [{}, {"s": "x", "t": 0}, {"s": "0" * 32}, [], "text", 7, None, {"s": 5, "t": "x"}]
)
def test_another_content_under_our_signature_opens_nothing(
    session: FrameSession, content: object
) -> None:
    with pytest.raises(SessionOver):
        frame_token.read(signing.dumps(content, salt="docket.frame"))


def test_a_signature_for_another_purpose_opens_nothing(session: FrameSession) -> None:
    content = {"s": session.pk.hex, "t": int(time.time())}
    for salt in ("docket.picture", "docket", ""):
        with pytest.raises(SessionOver):
            frame_token.read(signing.dumps(content, salt=salt))
