"""The pictures of a form: fetched by us, from the portal's own upload folder only."""

from __future__ import annotations

from b24app.bitrix.download import Download
from b24app.documents import fields
from b24app.documents.errors import FileNotThere
from b24app.models import FrameSession, Intent
from b24app.portals.clients import acting

LIMIT = 2 * 1024 * 1024
FOLDER = "/upload/"


def path_of(origin: str, address: str) -> str:
    """The path below the portal's upload folder that a value names; "" for any other address."""
    path = address.strip().removeprefix(origin)
    known = path.startswith(FOLDER) and fields.is_picture_address(path) and "?" not in path
    return path if known else ""


def fetch(session: FrameSession, intent: Intent, code: str) -> Download:
    """The picture that a field of the form would print. Raises `FileNotThere`, `BitrixError`."""
    form = fields.from_rows(intent.form["fields"])
    found = next((f for f in form if f.code == code and f.control == "picture"), None)
    if found is None or found.hidden:
        raise FileNotThere
    path = path_of(session.portal.address, fields.text_of(found, intent.typed))
    if not path:
        raise FileNotThere
    return acting(session).picture(path, limit=LIMIT)
