"""Pages with header and footer, and what flows over them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx.document import Document as DocumentObject
from docx.section import Section, _Footer, _Header
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from tests.sandbox.convert.pure import paragraphs, tables
from tests.sandbox.convert.pure.looks import Looks
from tests.sandbox.convert.pure.paragraphs import Numbers

Container = DocumentObject | _Cell | _Header | _Footer


def render(document: DocumentObject) -> bytes:
    """The whole document as PDF; its first section's page is the page of all."""
    layout = _Layout(document)
    result = BytesIO()
    template = BaseDocTemplate(
        result,
        pagesize=(layout.width, layout.height),
        title=document.core_properties.title or "Document",
        author=document.core_properties.author or "",
        # No dates and no chance: the same document gives the same bytes.
        invariant=1,
    )
    frame = Frame(
        layout.left,
        layout.bottom,
        layout.column,
        layout.height - layout.top - layout.bottom,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    template.addPageTemplates(PageTemplate(frames=[frame]))
    story = _flow(document, layout.looks, layout.column, _no_number)
    template.build(story or [paragraphs.Spacer(1, 1)], canvasmaker=_canvas_maker(layout))
    return result.getvalue()


class _Layout:
    def __init__(self, document: DocumentObject) -> None:
        section = document.sections[0]
        self.section = section
        self.looks = Looks(document)
        self.width, self.height = _points(section.page_width), _points(section.page_height)
        self.left, self.right = _points(section.left_margin), _points(section.right_margin)
        self.column = self.width - self.left - self.right
        heads = [self.measure(one) for one in self._all(section, "header")]
        feet = [self.measure(one) for one in self._all(section, "footer")]
        # A tall header pushes the text down, as in Word.
        self.header_at, self.footer_at = (
            _points(section.header_distance),
            _points(section.footer_distance),
        )
        self.top = max(_points(section.top_margin), self.header_at + max(heads))
        self.bottom = max(_points(section.bottom_margin), self.footer_at + max(feet))

    def on_page(self, kind: str, page: int) -> Container:
        """Header or footer of a page."""
        if page == 1 and self.section.different_first_page_header_footer:
            return getattr(self.section, f"first_page_{kind}")  # type: ignore[no-any-return]
        return getattr(self.section, kind)  # type: ignore[no-any-return]

    def measure(self, container: Container) -> float:
        """Height in points."""
        return _height(_flow(container, self.looks, self.column, _no_number), self.column)

    def _all(self, section: Section, kind: str) -> list[Container]:
        found = [self.on_page(kind, 2)]
        if section.different_first_page_header_footer:
            found.append(self.on_page(kind, 1))
        return found


def _points(length: Any) -> float:
    return float(length.pt) if length is not None else 0.0


def _no_number(instruction: str) -> str:
    return ""


def _flow(container: Container, looks: Looks, width: float, numbers: Numbers) -> list[Flowable]:
    flowables: list[Flowable] = []
    for block in container.iter_inner_content():
        if isinstance(block, WordParagraph):
            flowables += paragraphs.flow(block, looks, width, numbers)
        elif isinstance(block, WordTable):
            table = tables.flow(
                block,
                width,
                lambda cell, room: _flow(cell, looks, room, numbers),
                looks.keeps_with_next,
            )
            flowables += [table] if table is not None else []
    return flowables


def _height(flowables: list[Flowable], width: float) -> float:
    total = 0.0
    for flowable in flowables:
        _, high = flowable.wrap(width, 10_000)
        total += high + flowable.getSpaceAfter() + flowable.getSpaceBefore()
    return total


def _canvas_maker(layout: _Layout) -> Callable[..., Canvas]:
    class NumberedCanvas(Canvas):
        """Draws headers and footers at the very end, when the number of pages is known."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, 1):
                self.__dict__.update(page)
                _decorate(self, layout, number, len(self.pages))
                Canvas.showPage(self)
            Canvas.save(self)

    return NumberedCanvas


def _decorate(canvas: Canvas, layout: _Layout, number: int, total: int) -> None:
    def numbers(instruction: str) -> str:
        word = instruction.split()[0].upper() if instruction else ""
        return {"PAGE": str(number), "NUMPAGES": str(total)}.get(word, "")

    header = _flow(layout.on_page("header", number), layout.looks, layout.column, numbers)
    footer = _flow(layout.on_page("footer", number), layout.looks, layout.column, numbers)
    _draw(canvas, header, layout, layout.height - layout.header_at)
    _draw(canvas, footer, layout, layout.footer_at + _height(footer, layout.column))


def _draw(canvas: Canvas, flowables: list[Flowable], layout: _Layout, top: float) -> None:
    high = top
    for flowable in flowables:
        _, used = flowable.wrapOn(canvas, layout.column, layout.height)
        high -= flowable.getSpaceBefore() + used
        flowable.drawOn(canvas, layout.left, high)
        high -= flowable.getSpaceAfter()
