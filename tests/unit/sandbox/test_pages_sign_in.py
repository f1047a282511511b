from __future__ import annotations

from tests.sandbox.state import State
from tests.unit.sandbox.visitor import BORIS, Visitor


def test_a_stranger_is_asked_who_he_is_and_comes_back_to_where_he_wanted(
    stranger: Visitor,
) -> None:
    answer = stranger.get("/crm/deal/details/501/?tab=documents")
    assert answer.status_code == 302
    page = stranger.get(answer.location)
    assert "Anna Weiss" in page.text
    assert "Boris Hartmann" in page.text
    assert 'value="/crm/deal/details/501/?tab=documents"' in page.text

    answer = stranger.post("/auth/", {"user": BORIS, "backurl": "/crm/deal/details/501/"})
    assert answer.status_code == 303
    assert answer.location.endswith("/crm/deal/details/501/")
    assert stranger.get("/crm/deal/details/501/").status_code == 200


def test_the_session_cookie_is_lax_and_not_for_scripts(stranger: Visitor) -> None:
    cookies = stranger.post("/auth/", {"user": BORIS}).headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookies[-1]
    assert "SameSite=Lax" in cookies[-1]


def test_one_is_not_sent_to_foreign_places_after_signing_in(stranger: Visitor) -> None:
    for foreign in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
        answer = stranger.post("/auth/", {"user": BORIS, "backurl": foreign})
        assert "evil" not in answer.location


def test_boris_hands_the_browser_to_clara_and_she_signs_out(boris: Visitor) -> None:
    boris.post("/auth/", {"user": 12, "backurl": "/crm/deal/"})
    assert "Clara Sommer" in boris.get("/crm/deal/").text
    boris.post("/auth/logout/")
    assert boris.get("/crm/deal/").status_code == 302


def test_a_session_of_one_portal_opens_nothing_in_the_other(state: State, boris: Visitor) -> None:
    other = state.portals["lindner"]
    assert "Dmitri" in boris.client.get("/auth/", base_url=other.origin).text
    assert boris.client.get("/crm/deal/", base_url=other.origin).status_code == 302


def test_an_unknown_user_cannot_be_chosen(stranger: Visitor) -> None:
    assert stranger.post("/auth/", {"user": 4711}).status_code == 404
