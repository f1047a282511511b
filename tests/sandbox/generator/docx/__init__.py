"""A .docx as a template: which placeholders it has, and filling it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from docx.document import Document as DocumentObject
from docx.opc.part import XmlPart

from tests.sandbox.generator.docx import drawings, package, paragraphs, repeats
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.grammar import PLACEHOLDER
from tests.sandbox.generator.texts import Texts

FILLED = ("/word/document", "/word/header", "/word/footer")


@lru_cache(maxsize=64)
def _codes(body: bytes) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in _parts(package.opened(body)):
        paragraphs.join_split_placeholders(part.element)
        for text in (*paragraphs.texts(part.element), *drawings.alternative_texts(part.element)):
            found.update((match["code"], None) for match in PLACEHOLDER.finditer(text))
    return tuple(found)


def placeholders(body: bytes) -> list[str]:
    """The codes used in body, headers, footers and drawings, in order, each once.

    A file that is no .docx has none.
    """
    try:
        return list(_codes(body))
    except GeneratorError:
        return []


def fill(body: bytes, texts: Texts) -> bytes:
    """The file with every placeholder replaced; raises `GeneratorError` if it is no .docx."""
    document = package.opened(body)
    for part in _parts(document):
        paragraphs.join_split_placeholders(part.element)
        repeats.repeat(part, texts)
        drawings.fill(part, part.element, texts)
        paragraphs.fill(part.element, texts)
        drawings.number_anew(part.element)
    return package.saved(document)


def _parts(document: DocumentObject) -> Iterator[XmlPart]:
    """The body first, then headers and footers, as they are stored."""
    parts = [
        part
        for part in document.part.package.iter_parts()
        if isinstance(part, XmlPart) and str(part.partname).startswith(FILLED)
    ]
    yield from sorted(parts, key=lambda part: (part is not document.part, str(part.partname)))
