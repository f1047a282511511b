"""From .docx to PDF to picture, with LibreOffice where it is installed, else in Python.

`SANDBOX_CONVERTER` decides once per process: "pure" (quick, the same everywhere), "office", or
"auto", which is the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from tests.sandbox.convert import office, picture
from tests.sandbox.convert.errors import ConversionError

__all__ = ["ConversionError", "to_jpeg", "to_pdf"]


def to_pdf(docx: bytes, converter: str | None = None) -> bytes:
    """The document as PDF; raises `ConversionError`. `converter` as in `SANDBOX_CONVERTER`."""
    return _converter(converter or os.environ.get("SANDBOX_CONVERTER", "auto"))(docx)


def to_jpeg(pdf: bytes) -> bytes:
    """The first page as a JPEG; raises `ConversionError`."""
    return picture.first_page(pdf)


@cache
def _converter(name: str) -> Callable[[bytes], bytes]:
    from tests.sandbox.convert import pure

    if name == "office" or (name == "auto" and office.installed()):
        return office.to_pdf
    return pure.to_pdf
