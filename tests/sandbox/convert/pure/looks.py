"""How a paragraph or a run looks, once all styles it inherits from are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from tests.sandbox.convert.pure import fonts

ALIGNMENTS = {
    WD_ALIGN_PARAGRAPH.CENTER: TA_CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT: TA_RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY: TA_JUSTIFY,
}
USUAL_SIZE = 11.0
SINGLE = 1.17
"""Height of a line in sizes of its letters, as Word sets Arial."""


@dataclass(frozen=True)
class Look:
    """One run: size in points, colour as "#rrggbb" or ""."""

    size: float
    color: str
    bold: bool
    italic: bool
    underline: bool
    capitals: bool


class Looks:
    """Answers for one document; each style is asked once, for asking is slow."""

    def __init__(self, document: DocumentObject) -> None:
        self.styles = document.styles
        self.chains: dict[tuple[str | None, WD_STYLE_TYPE], list[Any]] = {}
        self.known: dict[tuple[str | None, WD_STYLE_TYPE, str, str], Any] = {}
        defaults = document.styles.element.find(qn("w:docDefaults"))
        self.size = _number(defaults, "w:sz", "w:val", USUAL_SIZE * 2) / 2
        self.after = _number(defaults, "w:spacing", "w:after", 0.0) / 20
        self.line = _number(defaults, "w:spacing", "w:line", 240.0) / 240

    def paragraph(self, paragraph: WordParagraph) -> ParagraphStyle:
        """The paragraph's style for reportlab."""
        size = self._largest(paragraph)
        after = self._format(paragraph, "space_after")
        return ParagraphStyle(
            "word",
            fontName=fonts.family(),
            fontSize=size,
            leading=self._leading(paragraph, size),
            spaceBefore=_points(self._format(paragraph, "space_before")),
            spaceAfter=self.after if after is None else _points(after),
            alignment=ALIGNMENTS.get(self._format(paragraph, "alignment"), TA_LEFT),
            leftIndent=_points(self._format(paragraph, "left_indent")),
            rightIndent=_points(self._format(paragraph, "right_indent")),
            firstLineIndent=_points(self._format(paragraph, "first_line_indent")),
            keepWithNext=self.keeps_with_next(paragraph),
            splitLongWords=True,
        )

    def keeps_with_next(self, paragraph: WordParagraph) -> bool:
        """Whether no page may end after this paragraph."""
        return bool(self._format(paragraph, "keep_with_next"))

    def run(self, run: Run, paragraph: WordParagraph) -> Look:
        """The look of some text."""
        size = self._font(run, paragraph, "size")
        color = self._font(run, paragraph, "color")
        return Look(
            size.pt if size is not None else self.size,
            f"#{color}" if color is not None else "",
            bool(self._font(run, paragraph, "bold")),
            bool(self._font(run, paragraph, "italic")),
            bool(self._font(run, paragraph, "underline")),
            bool(self._font(run, paragraph, "all_caps")),
        )

    def _largest(self, paragraph: WordParagraph) -> float:
        runs = [run for run in paragraph.runs if run.text.strip()]
        sizes = [self._font(run, paragraph, "size") for run in runs]
        if not sizes:
            sizes = [self._inherited(paragraph._p.style, WD_STYLE_TYPE.PARAGRAPH, "font", "size")]
        return float(max(size.pt if size is not None else self.size for size in sizes))

    def _leading(self, paragraph: WordParagraph, size: float) -> float:
        line = self._format(paragraph, "line_spacing")
        if isinstance(line, Length):
            rule = self._format(paragraph, "line_spacing_rule")
            exact = rule is WD_LINE_SPACING.EXACTLY
            return float(line.pt if exact else max(line.pt, size * SINGLE))
        return size * SINGLE * float(self.line if line is None else line)

    def _format(self, paragraph: WordParagraph, name: str) -> Any:
        own = getattr(paragraph.paragraph_format, name)
        if own is not None:
            return own
        kind = WD_STYLE_TYPE.PARAGRAPH
        return self._inherited(paragraph._p.style, kind, "paragraph_format", name)

    def _font(self, run: Run, paragraph: WordParagraph, name: str) -> Any:
        own = _of_font(run.font, name)
        if own is None:
            own = self._inherited(run._r.style, WD_STYLE_TYPE.CHARACTER, "font", name)
        if own is None:
            own = self._inherited(paragraph._p.style, WD_STYLE_TYPE.PARAGRAPH, "font", name)
        return own

    def _inherited(self, style_id: str | None, kind: WD_STYLE_TYPE, part: str, name: str) -> Any:
        key = (style_id, kind, part, name)
        if key not in self.known:
            parts = (getattr(style, part) for style in self._chain(style_id, kind))
            values = (
                _of_font(one, name) if part == "font" else getattr(one, name) for one in parts
            )
            self.known[key] = next((value for value in values if value is not None), None)
        return self.known[key]

    def _chain(self, style_id: str | None, kind: WD_STYLE_TYPE) -> list[Any]:
        key = (style_id, kind)
        if key not in self.chains:
            found: list[Any] = []
            style: Any = self.styles.get_by_id(style_id, kind)
            while style is not None:
                found.append(style)
                style = style.base_style
            self.chains[key] = found
        return self.chains[key]


def _of_font(font: Any, name: str) -> Any:
    if name != "color":
        return getattr(font, name)
    return font.color.rgb if font.color is not None else None


def _points(length: Length | None) -> float:
    return float(length.pt) if length is not None else 0.0


def _number(root: Any, tag: str, attribute: str, usual: float) -> float:
    element = None if root is None else root.find(f".//{qn(tag)}")
    value = None if element is None else element.get(qn(attribute))
    return float(value) if value is not None else usual
