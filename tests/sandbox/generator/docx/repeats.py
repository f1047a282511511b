"""What stands once in a template and many times in a document: table rows and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tests.sandbox.generator.docx import drawings, paragraphs
from tests.sandbox.generator.grammar import BLOCK_END, BLOCK_START, PLACEHOLDER, modifiers
from tests.sandbox.generator.ids import DIGITS
from tests.sandbox.generator.texts import Texts

REACH = 20
"""Bitrix24 looks for a block's end among so many elements after its start."""
ROW, PARAGRAPH = qn("w:tr"), qn("w:p")
NO_ROW = 10**9
"""A row that no list has: its columns print nothing."""


def repeat(part: XmlPart, texts: Texts) -> None:
    """Repeats blocks and rows for each item of their list and takes empty rows out.

    List by list: what the rows of one list say may hold placeholders of the lists after it.
    """
    for list_name, length in texts.lists().items():
        _repeat_blocks(part, texts, list_name, range(length))
        # From the end: the rows of a table within a cell come before the row around it.
        for row in reversed(list(part.element.iter(ROW))):
            if row.getparent() is not None and _list_of(row, texts) == list_name:
                _multiply(part, [row], texts, range(length))
    _take_out_empty(part, texts)
    for row in part.element.iter(ROW):
        if _list_of(row, texts):
            paragraphs.fill(row, texts, NO_ROW)


def _take_out_empty(part: XmlPart, texts: Texts) -> None:
    """Rows with a field that hides them when it is empty; outside of tables the paragraph."""
    for row in list(part.element.iter(ROW)):
        if row.getparent() is not None and _is_hidden(row, texts, None):
            row.getparent().remove(row)
    for paragraph in list(part.element.iter(PARAGRAPH)):
        in_table = next(paragraph.iterancestors(ROW), None) is not None
        if not in_table and _is_hidden(paragraph, texts, None):
            _take_out(paragraph)


def _take_out(paragraph: BaseOxmlElement) -> None:
    parent = paragraph.getparent()
    if len(parent.findall(PARAGRAPH)) > 1:
        parent.remove(paragraph)
        return
    # Word wants a paragraph in every header, text box and body.
    for child in list(paragraph):
        if child.tag != qn("w:pPr"):
            paragraph.remove(child)


def _list_of(element: BaseOxmlElement, texts: Texts) -> str:
    return next(filter(None, (texts.list_of(*one) for one in _placeholders(element))), "")


def _is_hidden(element: BaseOxmlElement, texts: Texts, row: int | None) -> bool:
    return any(texts.hides_row(code, row) for code, _ in _placeholders(element))


def _placeholders(element: BaseOxmlElement) -> Iterator[tuple[str, str]]:
    for text in (*paragraphs.texts(element), *drawings.alternative_texts(element)):
        for match in PLACEHOLDER.finditer(text):
            yield match["code"], match["modifier"] or ""


def _multiply(part: XmlPart, elements: list[BaseOxmlElement], texts: Texts, items: range) -> None:
    last = elements[-1]
    for index in items:
        if any(_is_hidden(element, texts, index) for element in elements):
            continue
        for element in elements:
            copy = deepcopy(element)
            last.addnext(copy)
            last = copy
            drawings.fill(part, copy, texts, index)
            paragraphs.fill(copy, texts, index)
            paragraphs.join_split_placeholders(copy)
    for element in elements:
        element.getparent().remove(element)


def _repeat_blocks(part: XmlPart, texts: Texts, list_name: str, items: range) -> None:
    for paragraph in list(part.element.iter(PARAGRAPH)):
        mark = _mark(paragraph, BLOCK_START)
        if mark is None or paragraph.getparent() is None:
            continue
        name, modifier = mark
        if texts.is_list(list_name, name):
            _repeat_block(part, paragraph, name, texts, _chosen(items, modifier))


def _repeat_block(
    part: XmlPart, start: BaseOxmlElement, name: str, texts: Texts, items: range
) -> None:
    if _ends(start, name):
        # Both marks in one paragraph: that paragraph is the block.
        _multiply(part, [start], texts, items)
        return
    inside, end = _block(start, name)
    if end is None:
        return
    if inside:
        _multiply(part, inside, texts, items)
    for mark in (start, end):
        mark.getparent().remove(mark)


def _chosen(items: range, modifier: str) -> range:
    """All items, or with `index=N` only that one."""
    index = modifiers(modifier).get("index", "")
    if not DIGITS.fullmatch(index):
        return items
    return range(int(index), int(index) + 1) if int(index) in items else range(0)


def _mark(element: BaseOxmlElement, kind: str) -> tuple[str, str] | None:
    """The list's name and the modifier in `{Products.BLOCK_START}`, None without such a mark."""
    for code, modifier in _placeholders(element):
        name, dot, word = code.rpartition(".")
        if dot and word == kind:
            return name, modifier
    return None


def _ends(element: BaseOxmlElement, name: str) -> bool:
    mark = _mark(element, BLOCK_END)
    return mark is not None and mark[0] == name


def _block(
    start: BaseOxmlElement, name: str
) -> tuple[list[BaseOxmlElement], BaseOxmlElement | None]:
    inside: list[BaseOxmlElement] = []
    for sibling in start.itersiblings():
        if len(inside) == REACH:
            break
        if _ends(sibling, name):
            return inside, sibling
        inside.append(sibling)
    return [], None
