"""A business letter in Word's format, written with python-docx: the paper all templates share."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from tests.sandbox.seeds import stationery
from tests.sandbox.seeds.paper import (
    BLACK,
    GREY,
    LEFT,
    LINE,
    NAVY,
    RIGHT,
    SHADE,
    border,
    drop_first_paragraph,
    gap,
    grid,
    line_below,
    picture,
    shade,
    write,
)

RECIPIENT = (
    "{ClientName}",
    "{ContactFormattedName}",
    "{RequisiteRegisteredAddressText~Separator=2}",
)


class Letter:
    """One template being written, from top to bottom."""

    def __init__(self, title: str) -> None:
        self.document = Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = "Nordwerk"
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(2.5), Cm(2)
        section.top_margin, section.bottom_margin = Cm(3.4), Cm(3)
        section.header_distance, section.footer_distance = Cm(1.2), Cm(0.9)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(9.5), BLACK
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.15
        stationery.head(section.header)
        stationery.foot(section.footer)

    def text(self, text: str, *, after: float = 6, bold: bool = False) -> Paragraph:
        """A paragraph of body text."""
        paragraph = write(self.document.add_paragraph(), text, bold=bold)
        paragraph.paragraph_format.space_after = Pt(after)
        return paragraph

    def title(self, text: str, below: str) -> None:
        """The subject and the line under it."""
        heading = write(self.document.add_paragraph(), text, size=17, bold=True, color=NAVY)
        heading.paragraph_format.space_before = Pt(12)
        heading.paragraph_format.space_after = Pt(1)
        line = write(self.document.add_paragraph(), below, size=10.5, color=GREY)
        line.paragraph_format.space_after = Pt(12)

    def section(self, text: str) -> None:
        """A numbered heading of a contract."""
        paragraph = write(self.document.add_paragraph(), text, size=10.5, bold=True, color=NAVY)
        paragraph.paragraph_format.space_before = Pt(9)
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.keep_with_next = True

    def address_window(
        self, facts: Sequence[tuple[str, str]], lines: Sequence[str] = RECIPIENT
    ) -> None:
        """Who gets the letter, as it shows in an envelope's window; facts beside it."""
        table = grid(self.document, [Cm(8.9), Cm(7.6)], 1)
        window, beside = table.rows[0].cells
        sender = "{MyCompanyTitle} · {MyCompanyAddress}"
        line_below(write(window.paragraphs[0], sender, size=6.5, color=GREY))
        for line in lines:
            write(window.add_paragraph(), line, size=10.5).paragraph_format.space_after = Pt(0)
        inner = grid(beside, [Cm(2.4), Cm(5.2)], len(facts))
        for row, (name, value) in zip(inner.rows, facts, strict=True):
            write(row.cells[0].paragraphs[0], name, size=8.5, color=GREY, after=2)
            write(row.cells[1].paragraphs[0], value, size=8.5, after=2)
        drop_first_paragraph(beside)

    def products(self, columns: Sequence[tuple[str, str, float, bool]]) -> None:
        """The table of products: (heading, placeholder, width in cm, whether to the right)."""
        table = grid(self.document, [Cm(width) for _, _, width, _ in columns], 2, padding=3.5)
        head, item = table.rows
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, (heading, _, _, right) in zip(head.cells, columns, strict=True):
            first = write(cell.paragraphs[0], heading, size=8.5, bold=True, color=NAVY, after=0)
            first.alignment = RIGHT if right else LEFT
            border(cell, "bottom", LINE, 8)
            shade(cell, SHADE)
        for cell, (_, placeholder, _, right) in zip(item.cells, columns, strict=True):
            first = write(cell.paragraphs[0], placeholder, size=9, after=0)
            first.alignment = RIGHT if right else LEFT
            border(cell, "bottom", LINE, 4)

    def totals(self, rows: Sequence[tuple[str, str]]) -> None:
        """Sums below the products, the last one the largest."""
        gap(self.document, 4)
        table = grid(self.document, [Cm(9.1), Cm(4.2), Cm(3.2)], len(rows), padding=2.5)
        for number, (row, (name, value)) in enumerate(zip(table.rows, rows, strict=True), 1):
            last = number == len(rows)
            row.cells[0].paragraphs[0].paragraph_format.space_after = Pt(0)
            for cell, text in zip(row.cells[1:], (name, value), strict=True):
                size = 11 if last else 9
                paragraph = write(cell.paragraphs[0], text, size=size, bold=last, after=0)
                if last:
                    border(cell, "top", "16324F", 10)
                    paragraph.runs[0].font.color.rgb = NAVY
            row.cells[2].paragraphs[0].alignment = RIGHT
        gap(self.document, 10)

    def signatures(self, client: str, own: str) -> None:
        """Two lines to sign on, ours with stamp and signature above it."""
        table = grid(self.document, [Cm(7.4), Cm(1.7), Cm(7.4)], 2)
        above, below = table.rows
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        place = "{MyCompanyRequisiteRqCompanyName}, {DocumentCreateTime}"
        for cell, text in ((above.cells[0], "Place, date"), (above.cells[2], place)):
            first = write(cell.paragraphs[0], text, size=8.5, color=GREY, after=0)
            first.paragraph_format.keep_with_next = True
        gap(above.cells[0], 58)  # Room to sign, stamp or not.
        pictures = above.cells[2].add_paragraph()
        picture(pictures, "{MyCompanyUfStamp}", Cm(2.9), Cm(2.9))
        picture(pictures, "{MyCompanyUfDirectorSign}", Cm(3.9), Cm(1.3))
        for cell, text in ((below.cells[0], client), (below.cells[2], own)):
            border(cell, "top", "5F6B76", 6)
            write(cell.paragraphs[0], text, size=8.5, color=GREY)

    def saved(self) -> bytes:
        """The .docx."""
        result = BytesIO()
        self.document.save(result)
        return result.getvalue()
