"""Whether a file is a Word document without anything that acts when somebody opens it.

See docs/adr/0013. Accepted: text, tables, pictures inside, links that a person clicks. Not
accepted: macros, controls, embedded files and objects, anything fetched from elsewhere.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from b24app.docx import markup
from b24app.docx.archive import Entry, entries, unpacked
from b24app.docx.refusal import LARGEST, NotAccepted, Reason

_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES: Final = "[Content_Types].xml"
_XML_NAME: Final = re.compile(r".*\.(xml|rels|vml)", re.IGNORECASE)
_ACTIVE: Final = re.compile(r"macroenabled|vba|activex", re.IGNORECASE)
_FOREIGN: Final = re.compile(r"oleobject|embeddings?/|\.package|/package$", re.IGNORECASE)
_INNER_TYPES: Final = ("oleobject", "package", "control", "activexcontrolbinary", "afchunk")
_LINK: Final = re.compile(r"(https?|mailto|tel):|#", re.IGNORECASE)
_FILES: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"#!",
)
"""First bytes of archives, old Office files and programs."""


def check(body: bytes) -> None:
    """Returns for a file that is accepted; raises `NotAccepted` for any other."""
    if len(body) > LARGEST:
        raise NotAccepted(Reason.TOO_BIG)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        # An old .doc, or a .docx behind a password: both stand in such a container.
        raise NotAccepted(Reason.ENCRYPTED if _is_encrypted(body) else Reason.NOT_WORD)
    parts = entries(body)
    by_name = {entry.name: entry for entry in parts}
    if _TYPES not in by_name:
        raise NotAccepted(Reason.NOT_WORD)
    for entry in parts:
        _check_name(entry.name)
    budget = markup.Budget()
    _check_types(body, by_name[_TYPES], budget)
    for entry in parts:
        if entry.name != _TYPES:
            _check_part(body, entry, budget)


def _is_encrypted(body: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in body


def _check_name(name: str) -> None:
    if _ACTIVE.search(name):
        raise NotAccepted(Reason.MACRO)
    if _FOREIGN.search(name):
        raise NotAccepted(Reason.EMBEDDED)


def _check_types(body: bytes, entry: Entry, budget: markup.Budget) -> None:
    """The main part must say that it is a document; no part may say that it acts."""
    found: set[str] = set()

    def look(name: str, attributes: markup.Attributes) -> None:
        kind = attributes.get("ContentType", "")
        if _ACTIVE.search(kind):
            raise NotAccepted(Reason.MACRO)
        if name == "Override":
            found.add(kind.lower())

    markup.read(unpacked(body, entry), budget, look)
    if _MAIN.lower() not in found:
        raise NotAccepted(Reason.TEMPLATE_OR_OTHER)


def _check_part(body: bytes, entry: Entry, budget: markup.Budget) -> None:
    chunks = unpacked(body, entry)
    first = next(chunks, b"")
    if first.startswith(_FILES):
        raise NotAccepted(Reason.EMBEDDED)
    rest = chain([first], chunks)
    if entry.name.lower().endswith(".rels"):
        markup.read(rest, budget, _check_relationship)
    elif _XML_NAME.fullmatch(entry.name) or _looks_like_xml(first):
        markup.read(rest, budget)
    else:
        _drain(rest)


def _looks_like_xml(first: bytes) -> bool:
    return first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<!"))


def _check_relationship(name: str, attributes: markup.Attributes) -> None:
    if name != "Relationship":
        return
    kind = attributes.get("Type", "").rstrip("/").rpartition("/")[2].lower()
    target = attributes.get("Target", "").strip()
    if _ACTIVE.search(kind):
        raise NotAccepted(Reason.MACRO)
    if kind in _INNER_TYPES:
        raise NotAccepted(Reason.EMBEDDED)
    if attributes.get("TargetMode", "").strip().lower() == "external":
        # A link is followed by nobody but who clicks it.
        if kind != "hyperlink" or not _LINK.match(target):
            raise NotAccepted(Reason.EXTERNAL)
    elif ":" in target or "\\" in target or target.startswith("//"):
        raise NotAccepted(Reason.EXTERNAL)


def _drain(chunks: Iterator[bytes]) -> None:
    """To the end: only then it is known that the part is no bigger than it claims."""
    for _ in chunks:
        pass
