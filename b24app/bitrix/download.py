"""Files behind Bitrix24's links for machines (``downloadUrlMachine`` and its kin).

Such a link carries an access token, so it is a `Secret`, is never shown or stored, and lives as
long as its token: on `TokenExpired` ask for a fresh one with ``document.get``.
"""

import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from b24app.bitrix.egress import Egress, Reply
from b24app.bitrix.errors import BitrixError, ForbiddenAddress, UnexpectedAnswer
from b24app.bitrix.protocol import read_json
from b24app.bitrix.secret import Secret

_PATH: Final = re.compile(
    r"/rest/(?:crm\.)?documentgenerator\.(?:document|template)\.[A-Za-z]{1,40}(?:\.json)?"
)
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:\"/\\|?*]"
)
_LONGEST_NAME: Final = 150
_JSON: Final = "application/json"
METHOD: Final = "download"
_WEBP: Final = "image/webp"
_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"RIFF": _WEBP,
}
"""How the files begin that Bitrix24 takes for pictures; SVG may hold scripts and is none."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file: its media type, its bytes, the portal's name for it ("" where it gave none)."""

    content_type: str
    body: bytes = field(repr=False)
    filename: str


def download(
    egress: Egress, origin: str, url: Secret, *, types: frozenset[str], limit: int
) -> Download:
    """Fetches the file once. ``types``: media types accepted; ``limit``: bytes.

    Only links of this portal's document generator are followed, redirects are not. Raises
    `TokenExpired` for a link that has outlived its token, `AccessDenied` for a broken signature,
    `UnexpectedAnswer` for another type or more bytes than ``limit``.

    Page: settings/how-to-call-rest-api/general-principles, for the headers.
    """
    path = url.reveal().removeprefix(origin).partition("?")[0]
    if not _PATH.fullmatch(path):
        raise ForbiddenAddress("not a link to a document", method=METHOD)
    headers = {"Accept": "*/*", "Accept-Language": "en", "Referer": f"{origin}/"}
    try:
        reply = egress.send("GET", url, origin=origin, headers=headers, max_bytes=limit)
    except BitrixError as error:
        error.method = METHOD
        raise
    if reply.status != 200 or reply.content_type == _JSON:
        read_json(reply.status, reply.headers, reply.body, method=METHOD)
    if reply.status != 200 or reply.content_type not in types:
        raise UnexpectedAnswer("another type of file", status=reply.status, method=METHOD)
    return Download(reply.content_type, reply.body, file_name(reply))


def picture(egress: Egress, origin: str, path: str, *, limit: int) -> Download:
    """A picture of the portal's upload folder, fetched without any token. ``limit``: bytes.

    What it is says its first bytes. Raises `UnexpectedAnswer` for anything else than a picture.
    """
    if not path.startswith("/upload/"):
        raise ForbiddenAddress("not in the upload folder", method=METHOD)
    headers = {"Accept": "image/*", "Accept-Language": "en", "Referer": f"{origin}/"}
    try:
        reply = egress.send(
            "GET", f"{origin}{path}", origin=origin, headers=headers, max_bytes=limit
        )
    except BitrixError as error:
        error.method = METHOD
        raise
    kind = next((kind for start, kind in _PICTURES.items() if reply.body.startswith(start)), "")
    if kind == _WEBP and reply.body[8:12] != b"WEBP":
        kind = ""
    if reply.status != 200 or not kind or not reply.content_type.startswith("image/"):
        raise UnexpectedAnswer("not a picture", status=reply.status, method=METHOD)
    return Download(kind, reply.body, "")


def file_name(reply: Reply) -> str:
    """The name in ``Content-Disposition``, made harmless: no path, no control characters."""
    header = Message()
    header["Content-Disposition"] = reply.headers.get("Content-Disposition", "")
    name = header.get_filename() or ""
    return harmless(name)


def harmless(name: str) -> str:
    """A file name without path, control characters, or what a file system treats specially."""
    return _UNSAFE.sub("_", name).strip(" .")[-_LONGEST_NAME:]
