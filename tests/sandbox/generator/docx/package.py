"""The .docx as a zip archive: opened and written the way Word writes it."""

from __future__ import annotations

import struct
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.document import Document as DocumentObject
from lxml import etree

from tests.sandbox.generator.errors import GeneratorError

BROKEN = "DOCUMENT_FILE_NOT_PROCESSABLE_ERROR"
NEW_YEAR_1980 = struct.pack("<HH", 0, (1 << 5) | 1)
"""Midnight, 1 January 1980, in a zip's own notation: how Word dates all members."""
LOCAL_TIME, CENTRAL_TIME, CENTRAL_LENGTHS, CENTRAL_SIZE = 10, 12, 28, 46


def opened(body: bytes) -> DocumentObject:
    """The document; raises `GeneratorError` for what is no .docx."""
    try:
        return Document(BytesIO(body))
    except (BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise GeneratorError(BROKEN) from error


def saved(document: DocumentObject) -> bytes:
    """The file. The same document gives the same bytes, whenever it is written."""
    result = BytesIO()
    document.save(result)
    return _undated(result)


def _undated(archive: BytesIO) -> bytes:
    content = bytearray(archive.getvalue())
    with ZipFile(archive) as members:
        position, known = members.start_dir, members.infolist()
    for member in known:
        _write(content, member.header_offset + LOCAL_TIME)
        _write(content, position + CENTRAL_TIME)
        lengths = struct.unpack_from("<HHH", content, position + CENTRAL_LENGTHS)
        position += CENTRAL_SIZE + sum(lengths)
    return bytes(content)


def _write(content: bytearray, position: int) -> None:
    content[position : position + len(NEW_YEAR_1980)] = NEW_YEAR_1980
