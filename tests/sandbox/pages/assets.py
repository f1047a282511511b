"""Files of the pages themselves, and pictures uploaded to the portal."""

from __future__ import annotations

from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Portal

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def static_file(request: Request, state: State, portal: Portal | None, name: str) -> Response:
    """A style sheet, script or picture of the pages."""
    path = STATIC / name
    if path.parent != STATIC or path.suffix not in TYPES or not path.is_file():
        raise NotFound
    response = Response(path.read_bytes(), content_type=TYPES[path.suffix])
    response.headers["Cache-Control"] = "no-cache"
    return response


def picture(request: Request, state: State, portal: Portal | None, path: str) -> Response:
    """A picture of the portal: logo, stamp, signature."""
    kept = portal.pictures.get(f"/upload/{path}") if portal else None
    if kept is None:
        raise NotFound
    content_type, body = kept
    return Response(body, content_type=content_type, headers={"X-Content-Type-Options": "nosniff"})


RULES = [
    Rule("/_static/<name>", static_file),
    Rule("/upload/<path:path>", picture),
]
