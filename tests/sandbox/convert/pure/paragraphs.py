"""Word paragraphs as flowing text and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml.ns import qn
from docx.shared import Emu
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Image, PageBreak, Paragraph, Spacer, Table

from tests.sandbox.convert.pure.looks import Look, Looks

Numbers = Callable[[str], str]
"""What a field such as PAGE or NUMPAGES prints."""
PLACES = {TA_CENTER: "CENTER", TA_RIGHT: "RIGHT"}


def flow(paragraph: WordParagraph, looks: Looks, width: float, numbers: Numbers) -> list[Flowable]:
    """The paragraph's text, then its pictures, in a column so many points wide."""
    style = looks.paragraph(paragraph)
    flowables: list[Flowable] = []
    if _breaks_page(paragraph):
        flowables.append(PageBreak())
    pictures = _pictures(paragraph, width)
    text = "".join(_markup(paragraph, looks, numbers))
    if text.strip():
        bullet = _bullet(paragraph, style)
        flowables.append(Paragraph(text, style, bulletText=bullet))
    elif not pictures:
        flowables.append(Spacer(1, style.leading + style.spaceAfter))
    if pictures:
        flowables.append(_row(pictures, style))
    return flowables


def _breaks_page(paragraph: WordParagraph) -> bool:
    breaks = paragraph._p.iter(qn("w:br"))
    return any(one.get(qn("w:type")) == "page" for one in breaks) or bool(
        paragraph.paragraph_format.page_break_before
    )


def _bullet(paragraph: WordParagraph, style: ParagraphStyle) -> str | None:
    properties = paragraph._p.pPr
    listed = properties is not None and properties.find(qn("w:numPr")) is not None
    if not listed and not (paragraph._p.style or "").startswith("ListBullet"):
        return None
    style.leftIndent = max(style.leftIndent, 14)
    style.bulletIndent = style.leftIndent - 12
    style.firstLineIndent = 0
    return "•"


def _markup(paragraph: WordParagraph, looks: Looks, numbers: Numbers) -> Iterator[str]:
    instruction = ""
    skipping = False
    for element in paragraph._p.iter(qn("w:r")):
        run = Run(element, paragraph)
        for child in element:
            if child.tag == qn("w:instrText"):
                instruction += child.text or ""
            elif child.tag == qn("w:fldChar"):
                kind = child.get(qn("w:fldCharType"))
                if kind == "separate":
                    yield _styled(escape(numbers(instruction.strip())), looks.run(run, paragraph))
                    skipping = True
                elif kind == "end":
                    skipping, instruction = False, ""
            elif not skipping and (text := _text(child)):
                yield _styled(text, looks.run(run, paragraph))


def _text(child: Any) -> str:
    if child.tag == qn("w:t"):
        return escape(child.text or "")
    if child.tag == qn("w:br") and child.get(qn("w:type")) != "page":
        return "<br/>"
    return "\u00a0\u00a0\u00a0 " if child.tag == qn("w:tab") else ""


def _styled(text: str, look: Look) -> str:
    if look.capitals and not text.startswith("<"):
        text = text.upper()
    for switch, tag in ((look.bold, "b"), (look.italic, "i"), (look.underline, "u")):
        if switch:
            text = f"<{tag}>{text}</{tag}>"
    color = f' color="{look.color}"' if look.color else ""
    return f'<font size="{look.size:g}"{color}>{text}</font>'


def _pictures(paragraph: WordParagraph, width: float) -> list[Image]:
    found = []
    for drawing in paragraph._p.iter(qn("w:drawing")):
        blip = next(drawing.iter(qn("a:blip")), None)
        extent = next(drawing.iter(qn("wp:extent")), None)
        relation = blip.get(qn("r:embed")) if blip is not None else None
        if extent is None or relation not in paragraph.part.rels:
            continue
        body = paragraph.part.rels[relation].target_part.blob
        wide, high = Emu(int(extent.get("cx"))).pt, Emu(int(extent.get("cy"))).pt
        shrink = min(1.0, width / wide) if wide else 1.0
        found.append(Image(BytesIO(body), wide * shrink, high * shrink, mask="auto"))
    return found


def _row(pictures: list[Image], style: ParagraphStyle) -> Flowable:
    place = PLACES.get(style.alignment, "LEFT")
    if len(pictures) == 1:
        pictures[0].hAlign = place
        return pictures[0]
    cell = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    widths = [picture.drawWidth + 6 for picture in pictures]
    return Table([pictures], colWidths=widths, hAlign=place, style=cell)
