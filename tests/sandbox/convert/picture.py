"""Pictures of PDF pages."""

from __future__ import annotations

import threading
from io import BytesIO

import pypdfium2 as pdfium

from tests.sandbox.convert.errors import ConversionError

DOTS_PER_INCH = 110
_lock = threading.Lock()  # PDFium must not be entered by two threads.


def first_page(pdf: bytes) -> bytes:
    """The first page as a JPEG of about 900 by 1300 points."""
    result = BytesIO()
    with _lock:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise ConversionError("The file is not a PDF") from error
        try:
            page = document[0]
            page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB").save(
                result, "JPEG", quality=85
            )
            page.close()
        finally:
            document.close()
    return result.getvalue()
