"""Text of paragraphs: placeholders that Word has split, and putting values in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tests.sandbox.generator.docx import markup
from tests.sandbox.generator.grammar import PLACEHOLDER, is_block_mark
from tests.sandbox.generator.texts import Texts

PARAGRAPH, RUN, TEXT, BREAK = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:br")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold; such letters of a value are dropped."""


def texts(root: BaseOxmlElement) -> Iterator[str]:
    """The text of each text element."""
    return (node.text or "" for node in root.iter(TEXT))


def join_split_placeholders(root: BaseOxmlElement) -> None:
    """Moves every placeholder that stands in several runs into the run it begins in."""
    for paragraph in root.iter(PARAGRAPH):
        nodes = [node for node in paragraph.iter(TEXT) if _paragraph_of(node) is paragraph]
        whole = "".join(node.text or "" for node in nodes)
        if "{" not in whole:
            continue
        for match in reversed(list(PLACEHOLDER.finditer(whole))):
            _move_to_first(nodes, match.start(), match.end())


def _paragraph_of(node: BaseOxmlElement) -> BaseOxmlElement | None:
    # A text box is a paragraph within a paragraph.
    return next(node.iterancestors(PARAGRAPH), None)


def _move_to_first(nodes: list[BaseOxmlElement], start: int, end: int) -> None:
    position, first = 0, None
    moved = ""
    for node in nodes:
        text = node.text or ""
        low, high = max(start - position, 0), min(end - position, len(text))
        position += len(text)
        if low >= high:
            continue
        if first is None:
            first, kept = node, (text[:low], text[high:])
            moved = text[low:high]
            continue
        moved += text[low:high]
        _write(node, text[:low] + text[high:])
    if first is not None:
        _write(first, kept[0] + moved + kept[1])


def fill(root: BaseOxmlElement, values: Texts, row: int | None = None) -> None:
    """Replaces all placeholders; columns print their value of `row`."""
    for node in list(root.iter(TEXT)):
        text = node.text or ""
        if "{" in text and PLACEHOLDER.search(text):
            _fill_node(node, text, values, row)


def _fill_node(node: BaseOxmlElement, text: str, values: Texts, row: int | None) -> None:
    pieces: list[markup.Piece] = []
    position = 0
    for match in PLACEHOLDER.finditer(text):
        pieces.append(markup.Piece(text[position : match.start()]))
        position = match.end()
        code = match["code"]
        if not is_block_mark(code) and not values.is_picture(code):
            printed = values.text(code, match["modifier"] or "", row)
            pieces.extend(markup.pieces(printed))
    pieces.append(markup.Piece(text[position:]))
    if all(piece.plain for piece in pieces):
        _write(node, "".join(piece.text for piece in pieces))
    else:
        _write_styled(node, pieces)


def _write(node: BaseOxmlElement, text: str) -> None:
    node.text = UNPRINTABLE.sub("", text)
    if text != text.strip():
        node.set(SPACE, "preserve")


def _write_styled(node: BaseOxmlElement, pieces: list[markup.Piece]) -> None:
    """Puts several runs in place of the run that holds `node`: breaks, bold, italic."""
    run = node.getparent()
    if run is None or run.tag != RUN:
        _write(node, " ".join(piece.text for piece in pieces))
        return
    following = list(node.itersiblings())
    last = run
    for piece in filter(None, pieces):
        fresh = _run_like(run, piece)
        last.addnext(fresh)
        last = fresh
    tail = _run_like(run, None)
    for element in following:
        tail.append(element)
    if following:
        last.addnext(tail)
    run.remove(node)


def _run_like(run: BaseOxmlElement, piece: markup.Piece | None) -> BaseOxmlElement:
    fresh = OxmlElement("w:r")
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        fresh.append(deepcopy(properties))
    if piece is None:
        return fresh
    for name in piece.styles:
        _switch_on(fresh, name)
    if piece.line_break:
        fresh.append(OxmlElement("w:br"))
    else:
        text = OxmlElement("w:t")
        _write(text, piece.text)
        fresh.append(text)
    return fresh


def _switch_on(run: BaseOxmlElement, name: str) -> None:
    properties = run.get_or_add_rPr()
    for old in properties.findall(qn(name)):
        properties.remove(old)
    element = OxmlElement(name)
    if name == "w:u":
        element.set(qn("w:val"), "single")
    properties.append(element)
