from __future__ import annotations

import pytest

from tests.sandbox.world import Portal
from tests.unit.sandbox.visitor import Visitor


@pytest.mark.parametrize(
    ("name", "kind"),
    [("portal.css", "text/css"), ("frame.js", "text/javascript"), ("icons.svg", "image/svg+xml")],
)
def test_styles_scripts_and_icons_are_served(stranger: Visitor, name: str, kind: str) -> None:
    answer = stranger.get(f"/_static/{name}")
    assert answer.status_code == 200
    assert answer.content_type.startswith(kind)


@pytest.mark.parametrize("name", ["../markup.py", "..%2Fmarkup.py", "nothing.css", "__init__.py"])
def test_nothing_else_is(stranger: Visitor, name: str) -> None:
    assert stranger.get(f"/_static/{name}").status_code == 404


def test_pictures_of_the_portal_are_served(portal: Portal, stranger: Visitor) -> None:
    portal.pictures["/upload/crm/stamp.png"] = ("image/png", b"\x89PNG")
    answer = stranger.get("/upload/crm/stamp.png")
    assert (answer.content_type, answer.data) == ("image/png", b"\x89PNG")
    assert stranger.get("/upload/crm/other.png").status_code == 404


def test_pages_are_not_cached(boris: Visitor) -> None:
    assert boris.get("/crm/deal/").headers["Cache-Control"] == "no-store"
