"""A .docx as PDF without any office program: good to read, not a copy of Word's layout.

It knows paragraphs, runs, tables, inline pictures, headers and footers, page numbers. It does not
know floating shapes (they stand where they are anchored), columns, tab stops and footnotes.
"""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile

from docx import Document
from lxml import etree
from reportlab.platypus.doctemplate import LayoutError

from tests.sandbox.convert.errors import ConversionError
from tests.sandbox.convert.pure import pages


def to_pdf(docx: bytes) -> bytes:
    """The document as PDF; raises `ConversionError` for what is no readable .docx."""
    try:
        document = Document(BytesIO(docx))
    except (BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise ConversionError("The file is not a .docx") from error
    try:
        return pages.render(document)
    except LayoutError as error:
        raise ConversionError("The document does not fit its page") from error
    except Exception as error:
        # Whatever Word allows and this does not: the queue goes on with the next document.
        raise ConversionError(f"The document cannot be drawn: {type(error).__name__}") from error
