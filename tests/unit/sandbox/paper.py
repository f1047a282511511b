"""Small portals and small Word files for the generator's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn

from tests.sandbox.seed import seed
from tests.sandbox.world import DocumentTemplate, Portal, User

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
ANNA, BORIS, CLARA, TOM = 1, 7, 12, 23
DEAL = 2


def nordwerk() -> Portal:
    """A fresh portal one on Tuesday, 12 May 2026."""
    return seed("http://localhost:8801", "http://localhost:8802", NOW)[0]


def written(write: Callable[[DocumentObject], Any]) -> bytes:
    """A .docx that `write` has filled."""
    document = Document()
    write(document)
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def page(*paragraphs: str) -> bytes:
    """A .docx of plain paragraphs."""
    return written(lambda document: [document.add_paragraph(text) for text in paragraphs])


def lines(body: bytes) -> list[str]:
    """The paragraphs of a .docx, tables included, in order; "|" parts the cells of a row."""
    root = Document(BytesIO(body)).element.body
    found = []
    for child in root:
        if child.tag == qn("w:p"):
            found.append(_text(child))
        for row in child.iter(qn("w:tr")):
            found.append("|".join(_text(cell) for cell in row.iter(qn("w:tc"))))
    return found


def _text(element: Any) -> str:
    parts = {qn("w:t"): lambda one: one.text or "", qn("w:br"): lambda one: "\n"}
    return "".join(parts[one.tag](one) for one in element.iter(*parts))


def add_template(portal: Portal, body: bytes, **known: Any) -> DocumentTemplate:
    """A template everyone may use, with the bare numerator."""
    template = DocumentTemplate(known.pop("id", 90), "Letter", "de", 1, body, **known)
    portal.templates[template.id] = template
    return template


def user(portal: Portal, number: int) -> User:
    return portal.users[number]
