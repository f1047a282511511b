"""Letterhead and foot of every page: who sends it, bank, tax, page numbers."""

from __future__ import annotations

from docx.section import _Footer, _Header
from docx.shared import Cm, Pt

from tests.sandbox.seeds.paper import (
    GREY,
    LINE,
    RIGHT,
    border,
    drop_first_paragraph,
    grid,
    page_number,
    picture,
    write,
)


def head(header: _Header) -> None:
    """The logo, and the company beside it."""
    table = grid(header, [Cm(8.5), Cm(8)], 1)
    left, right = table.rows[0].cells
    picture(left.paragraphs[0], "{MyCompanyUfLogo}", Cm(5.6), Cm(1.45))
    lines = ["{MyCompanyTitle}", "{MyCompanyAddress}", "{MyCompanyEmail}"]
    for number, line in enumerate(lines):
        paragraph = right.paragraphs[0] if number == 0 else right.add_paragraph()
        write(paragraph, line, size=8, bold=number == 0, color=GREY, after=0)
        paragraph.alignment = RIGHT
    drop_first_paragraph(header)


def foot(footer: _Footer) -> None:
    """Three columns in small letters and the page's number."""
    table = grid(footer, [Cm(5.9), Cm(5.4), Cm(5.2)], 1)
    columns = [
        ["{MyCompanyRequisiteRqCompanyFullName}", "Director: {MyCompanyRequisiteRqDirector}"],
        ["{MyCompanyBankDetailRqBankName}", "{MyCompanyBankDetailRqIban}"],
        ["VAT ID {MyCompanyRequisiteRqVatId}", "{MyCompanyPhone} · {MyCompanyWeb}"],
    ]
    for cell, lines in zip(table.rows[0].cells, columns, strict=True):
        border(cell, "top", LINE, 6)
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            if number == 0:
                paragraph.paragraph_format.space_before = Pt(4)
            write(paragraph, line, size=7, color=GREY, after=0)
    last = write(footer.add_paragraph(), "Page ", size=7, color=GREY)
    page_number(last, "PAGE")
    write(last, " of ", size=7, color=GREY)
    page_number(last, "NUMPAGES")
    last.alignment = RIGHT
    drop_first_paragraph(footer)
