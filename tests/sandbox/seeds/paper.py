"""Small tools for writing Word files with python-docx: text, tables without lines, drawings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO

from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer, _Header
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from PIL import Image

NAVY, GREY, BLACK = (
    RGBColor(0x16, 0x32, 0x4F),
    RGBColor(0x5F, 0x6B, 0x76),
    RGBColor(0x22, 0x22, 0x22),
)
LINE, SHADE = "C9D2DA", "EEF2F5"
COLUMN = Cm(16.5)
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT

Place = DocumentObject | _Cell | _Header | _Footer


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    color: RGBColor | None = None,
    after: float | None = None,
) -> Paragraph:
    """Adds text in one look; `\\n` breaks the line."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def gap(place: Place, height: float) -> None:
    """An empty line so many points high; Word joins tables that have nothing between them."""
    paragraph = place.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(height)


def grid(place: Place, widths: Sequence[Length], rows: int, padding: float = 0) -> Table:
    """A table without lines, of fixed columns; padding above and below text, in points."""
    if isinstance(place, _Header | _Footer):
        table = place.add_table(rows, len(widths), COLUMN)
    else:
        table = place.add_table(rows, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    margins = OxmlElement("w:tblCellMar")
    side = 3.0 if padding else 0.0
    for name, size in (("top", padding), ("left", side), ("bottom", padding), ("right", side)):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:w"), str(round(size * 20)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    _before(table._tbl.tblPr, margins, "w:tblLook")
    return table


def picture(paragraph: Paragraph, placeholder: str, width: Length, height: Length) -> None:
    """A drawing whose alternative text is a placeholder."""
    shape = paragraph.add_run().add_picture(BytesIO(_blank()), width, height)
    shape._inline.docPr.set("descr", placeholder)
    paragraph.add_run(" ")


def border(cell: _Cell, edge: str, color: str, eighths: int) -> None:
    """A line along one edge of a cell, its width in eighths of a point."""
    properties = cell._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        _before(properties, borders, "w:shd")
    element = OxmlElement(f"w:{edge}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", 0), ("color", color)):
        element.set(qn(f"w:{name}"), str(value))
    borders.append(element)


def shade(cell: _Cell, color: str) -> None:
    """A coloured ground."""
    element = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
        element.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(element)


def page_number(paragraph: Paragraph, instruction: str) -> None:
    """A field that prints PAGE or NUMPAGES."""
    for part in ("begin", instruction, "separate", "1", "end"):
        run = paragraph.add_run("1" if part == "1" else None)
        run.font.size, run.font.color.rgb = Pt(7), GREY
        if part == instruction:
            element = OxmlElement("w:instrText")
            element.text = f" {instruction} "
            run._r.append(element)
        elif part != "1":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), part)
            run._r.append(element)


@cache
def _blank() -> bytes:
    result = BytesIO()
    Image.new("RGBA", (60, 60), (201, 210, 218, 255)).save(result, "PNG")
    return result.getvalue()


def drop_first_paragraph(place: Place) -> None:
    """Word wants a paragraph after a table, not before it."""
    first = place.paragraphs[0]
    element = first._p
    element.getparent().remove(element)
    if isinstance(place, _Cell | _Header) and not isinstance(place, _Footer):
        gap(place, 2)


def line_below(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    element = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", LINE)):
        element.set(qn(f"w:{name}"), value)
    borders.append(element)
    properties = paragraph._p.get_or_add_pPr()
    _before(properties, borders, "w:shd", "w:spacing", "w:ind", "w:jc")


def _before(parent: object, element: object, *names: str) -> None:
    """Adds a child in front of the first of `names`: Word minds the order."""
    for name in names:
        found = parent.find(qn(name))  # type: ignore[attr-defined]
        if found is not None:
            found.addprevious(element)
            return
    parent.append(element)  # type: ignore[attr-defined]
