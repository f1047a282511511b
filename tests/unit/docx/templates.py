"""Templates with mistakes in them, written with python-docx as Word would store them."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image

from b24app.docx.lint import Known, Vocabulary

FIELDS = {
    "DocumentNumber": Known(),
    "DocumentTitle": Known(),
    "DocumentCreateTime": Known("date"),
    "Title": Known(),
    "ContactFormattedName": Known("name"),
    "RequisiteRqVatId": Known(),
    "TotalSum": Known("money"),
    "MyCompanyTitle": Known(),
    "MyCompanyUfLogo": Known("image"),
    "MyCompanyPhone": Known("phone"),
    "ProductsIndex": Known(is_array=True),
    "ProductsProductName": Known(is_array=True),
    "ProductsProductPriceSum": Known("money", is_array=True),
}
LACKING = frozenset({"RequisiteVatId", "ProductsProductNmae"})
WORDS = Vocabulary(FIELDS, LACKING)


def saved(document: DocumentObject) -> bytes:
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def written(*paragraphs: str) -> bytes:
    """A body of these paragraphs, each a run."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def in_runs(*pieces: str) -> bytes:
    """One paragraph whose text Word has cut into these runs."""
    document = Document()
    paragraph = document.add_paragraph()
    for number, piece in enumerate(pieces):
        paragraph.add_run(piece).bold = bool(number % 2)
    return saved(document)


def _picture(size: int) -> BytesIO:
    """A picture that does not shrink: noise, so many bytes or more."""
    side = max(8, int((size / 3) ** 0.5) + 1)
    noise = random.Random(7).randbytes(side * side * 3)
    result = BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(result, "PNG")
    result.seek(0)
    return result


@cache
def ten_mistakes() -> bytes:
    """Each of the ten in a place of its own; see test_lint for where."""
    document = Document()
    section = document.sections[0]
    header = section.header.paragraphs[0]
    shape = header.add_run().add_picture(_picture(100), Cm(3), Cm(1))
    inline = (
        shape._inline
        if hasattr(shape, "_inline")
        else header.runs[0]._r.find(f".//{qn('wp:inline')}")
    )
    inline.docPr.set("descr", "{MyCompanyUfLogo}")
    extent = inline.find(qn("wp:extent"))
    inline.remove(extent)  # 1: a picture without a size
    section.footer.paragraphs[0].text = "{MyCompanyTitle} · DocumentNumber}"  # 2: never opened
    document.add_paragraph("{DocumentTitle} no. {DocumentNumber}")
    parties = document.add_paragraph("VAT ID ")
    for piece in ("{Requi", "siteVat", "Id}"):  # 3: unknown, and cut into runs
        parties.add_run(piece).italic = True
    document.add_paragraph("Dear {ContactFormattedName~Format=#NAME#},")
    document.add_paragraph("Item: {ProductsProductName}")  # 4: a column outside of a row
    table = document.add_table(2, 2)
    table.rows[0].cells[0].text = "Item"
    table.rows[1].cells[0].text = "{ProductsIndex} {ProductsProductNmae}"  # 5: unknown, in a row
    table.rows[1].cells[1].text = "{ProductsProductPriceSum~WZ=Y}"
    document.add_paragraph("In all {TotalSum and not a cent more.")  # 6: never closed
    document.add_paragraph("On {DocumentCreateTime~d.m.Y} {TotalSum~Wordz=Y}")  # 7: no modifier
    document.add_paragraph("{Taxes.BLOCK_END}")  # 8: an end without a start
    document.add_paragraph("{Products.BLOCK_START}")  # 9: a start without an end
    document.add_paragraph("{ProductsProductName}")
    plain = document.add_paragraph()
    plain.add_run().add_picture(_picture(2_300_000), Cm(12))  # 10: too big, without braces
    return saved(document)
