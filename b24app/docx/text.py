"""The text of a .docx as it is read on the page: line breaks kept, paragraphs apart."""

import re
from typing import Final

from b24app.docx import markup
from b24app.docx.archive import entries, unpacked

PARAGRAPH: Final = "\x1e"
_PARTS: Final = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml", re.IGNORECASE)


def text(body: bytes) -> str:
    """The texts of body, headers and footers, each paragraph after `PARAGRAPH`.

    Raises `NotAccepted` for what is no .docx, or costs too much to read.
    """
    budget = markup.Budget()
    pieces: list[str] = []
    inside = False

    def look(name: str, attributes: markup.Attributes) -> None:
        nonlocal inside
        inside = name == "t"
        if name == "p":
            pieces.append(PARAGRAPH)
        elif name in {"br", "cr"}:
            pieces.append("\n")

    def said(characters: str) -> None:
        if inside:
            pieces.append(characters)

    for entry in entries(body):
        if _PARTS.fullmatch(entry.name):
            markup.read(unpacked(body, entry), budget, look, said)
    return "".join(pieces)
