"""A .docx as paragraphs: what stands in each, in which part and table row, and which pictures.

Word cuts a text into runs wherever it likes, so a paragraph's text is put together before anybody
looks for a placeholder in it.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from b24app.docx import markup
from b24app.docx.archive import entries, unpacked

_PART: Final = re.compile(
    r"word/(?P<part>document|header|footer|footnotes|endnotes)[0-9]*\.xml", re.IGNORECASE
)
_CELLS: Final = frozenset({"tc", "txbxContent"})
"""What holds paragraphs of its own inside another paragraph or row."""
_SIZED: Final = frozenset({"inline", "anchor"})
_BREAKS: Final = {"br": "\n", "cr": "\n", "tab": "\t"}


class Part(StrEnum):
    """Where in the file; Bitrix24 fills the first three."""

    BODY = "document"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTES = "footnotes"
    ENDNOTES = "endnotes"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing. ``texts``: its alternative texts with braces, best first; the first placeholder
    in them says what it shows. ``sized``: it says how wide and high it is.
    """

    texts: tuple[str, ...] = ()
    sized: bool = False


@dataclass(slots=True)
class Paragraph:
    """``file``: the part's own name; ``number``: counted from 1 in it; ``row``: of its table, from
    1, 0 outside of tables.

    ``cell``: tells the cell or text box it stands in from all others, 0 for none. ``cuts``: where
    in the text a new run begins.
    """

    part: Part
    file: str
    number: int
    table: int
    row: int
    cell: int
    text: str = ""
    cuts: list[int] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def paragraphs(body: bytes) -> list[Paragraph]:
    """The paragraphs of all parts that hold text, body first, each part in its order.

    Raises `NotAccepted` for what is no .docx, or costs too much to read.
    """
    budget = markup.Budget()
    found: list[Paragraph] = []
    for part, entry in sorted(
        (
            (_part(match), entry)
            for entry in entries(body)
            if (match := _PART.fullmatch(entry.name))
        ),
        key=lambda pair: (list(Part).index(pair[0]), pair[1].name),
    ):
        reader = _Reader(part, entry.name)
        markup.read(unpacked(body, entry), budget, reader.opened, reader.said, reader.closed)
        found += reader.found
    return found


def _part(match: re.Match[str]) -> Part:
    return Part(match["part"].lower())


@dataclass(slots=True)
class _Writing:
    """A paragraph that has not ended. Its text is put together at its end: files may be hostile."""

    paragraph: Paragraph
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)


class _Reader:
    """Follows the elements of one part."""

    def __init__(self, part: Part, file: str) -> None:
        self.part, self.file = part, file
        self.found: list[Paragraph] = []
        self._open: list[_Writing] = []
        self._tables: list[tuple[int, int]] = []
        """Number of each table around, and of its row so far."""
        self._cells: list[int] = []
        self._counted = {"tbl": 0, "cell": 0}
        self._skipped = 0
        """How deep in what Word writes a second time for programs that are old."""
        self._inside = False
        self._in_run = False
        self._drawings: list[Picture] = []

    def opened(self, name: str, attributes: markup.Attributes) -> None:
        if self._skipped or name == "Fallback":
            self._skipped += 1
            return
        self._inside = name == "t"
        if name == "p":
            self._begin()
        elif name == "r" and self._open:
            self._in_run = True
            self._open[-1].paragraph.cuts.append(self._open[-1].size)
        elif name in _BREAKS:
            # A paragraph's settings name its tab stops by the same word.
            if self._in_run and self._open:
                self._open[-1].add(_BREAKS[name])
        elif name in {"tbl", "tr"} or name in _CELLS:
            self._enter(name)
        else:
            self._draw(name, attributes)

    def closed(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._inside = False
        if name == "p" and self._open:
            ended = self._open.pop()
            ended.paragraph.text = "".join(ended.pieces)
        elif name == "tbl" and self._tables:
            self._tables.pop()
        elif name in _CELLS and self._cells:
            self._cells.pop()
        elif name == "r":
            self._in_run = False
        elif name in _SIZED and self._drawings:
            picture = self._drawings.pop()
            if self._open:
                self._open[-1].paragraph.pictures.append(picture)

    def said(self, characters: str) -> None:
        if self._inside and not self._skipped and self._open:
            self._open[-1].add(characters)

    def _begin(self) -> None:
        table, row = self._tables[-1] if self._tables else (0, 0)
        cell = self._cells[-1] if self._cells else 0
        paragraph = Paragraph(self.part, self.file, len(self.found) + 1, table, row, cell)
        self.found.append(paragraph)
        self._open.append(_Writing(paragraph))

    def _enter(self, name: str) -> None:
        if name == "tr":
            if self._tables:
                table, row = self._tables[-1]
                self._tables[-1] = (table, row + 1)
        elif name == "tbl":
            self._counted["tbl"] += 1
            self._tables.append((self._counted["tbl"], 0))
        else:
            self._counted["cell"] += 1
            self._cells.append(self._counted["cell"])

    def _draw(self, name: str, attributes: markup.Attributes) -> None:
        if name in _SIZED:
            self._drawings.append(Picture())
        elif not self._drawings:
            return
        elif name == "docPr":
            told = (attributes.get(key, "") for key in ("descr", "title", "name"))
            texts = tuple(text for text in told if "{" in text)
            self._drawings[-1] = replace(self._drawings[-1], texts=texts)
        elif name == "extent":
            sized = all(_positive(attributes.get(key, "")) for key in ("cx", "cy"))
            self._drawings[-1] = replace(self._drawings[-1], sized=sized)


def _positive(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12 and int(text) > 0
