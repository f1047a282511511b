"""Values as runs of text: line breaks are kept, what looks like HTML is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

HTML = re.compile(r"</?(?:b|strong|i|em|u|p|br|ul|ol|li|div|span|h[1-6])\b[^<>]*>", re.IGNORECASE)
STYLES = {"b": "w:b", "strong": "w:b", "i": "w:i", "em": "w:i", "u": "w:u"}
BLOCKS = ("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class Piece:
    """Some text in one style, or a line break."""

    text: str
    styles: tuple[str, ...] = ()
    line_break: bool = False

    @property
    def plain(self) -> bool:
        return not self.styles and not self.line_break

    def __bool__(self) -> bool:
        return bool(self.text) or self.line_break


def pieces(value: str) -> list[Piece]:
    """A value cut into pieces; HTML entities are decoded in plain text too."""
    if HTML.search(value):
        reader = _Reader()
        reader.feed(value)
        reader.close()
        return reader.finished()
    lines = unescape(value).replace("\r\n", "\n").split("\n")
    return _broken([Piece(line) for line in lines])


def _broken(lines: list[Piece]) -> list[Piece]:
    result = lines[:1]
    for line in lines[1:]:
        result += [Piece("", line_break=True), line]
    return result


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.styles: list[str] = []
        self.counters: list[int] = []
        self.done: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in STYLES:
            self.styles.append(STYLES[tag])
        elif tag == "br":
            self.done.append(Piece("", line_break=True))
        elif tag in ("ul", "ol"):
            self.counters.append(0 if tag == "ol" else -1)
        if tag in BLOCKS:
            self._new_line()
        if tag == "li":
            self.done.append(Piece(self._mark()))

    def handle_endtag(self, tag: str) -> None:
        if tag in STYLES and STYLES[tag] in self.styles:
            self.styles.remove(STYLES[tag])
        elif tag in ("ul", "ol") and self.counters:
            self.counters.pop()
        if tag in BLOCKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if text.strip() or (text and self.done and not self.done[-1].line_break):
            self.done.append(Piece(text, tuple(self.styles)))

    def finished(self) -> list[Piece]:
        while self.done and self.done[-1].line_break:
            self.done.pop()
        return self.done

    def _new_line(self) -> None:
        if self.done and not self.done[-1].line_break:
            self.done.append(Piece("", line_break=True))

    def _mark(self) -> str:
        if not self.counters or self.counters[-1] < 0:
            return "• "
        self.counters[-1] += 1
        return f"{self.counters[-1]}. "
