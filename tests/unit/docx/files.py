"""Files as a hostile or careless person might attach them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from io import BytesIO

from docx import Document

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@cache
def real() -> bytes:
    """What a Word library writes: headings, a table, a picture-less theme."""
    document = Document()
    document.add_heading("Site survey")
    document.add_table(3, 3)
    document.add_paragraph("Measured on site, signed by both.")
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def types(main: str = MAIN, more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{BODY}" ContentType="{main}"/>{more}</Types>'
    )


def relation(kind: str, target: str, mode: str = "External") -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{KINDS}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def text(words: str = "Hello") -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p>'
        "</w:body></w:document>"
    )


def packed(
    parts: Mapping[str, str | bytes] | None = None, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A small .docx, with parts added or replaced."""
    result = BytesIO()
    every: dict[str, str | bytes] = {
        TYPES: types(),
        "_rels/.rels": relation("officeDocument", BODY, "Internal"),
        BODY: text(),
        **(parts or {}),
    }
    with zipfile.ZipFile(result, "w", method) as archive:
        for name, content in every.items():
            archive.writestr(name, content)
    return result.getvalue()


def bomb(unpacked_bytes: int) -> bytes:
    """A picture of zeros: a thousand times smaller than it unpacks to."""
    return packed({"word/media/image1.bin": bytes(unpacked_bytes)})


def liar(unpacked_bytes: int) -> bytes:
    """The same, but its directory says that it is small."""
    body = bytearray(bomb(unpacked_bytes))
    said, small = struct.pack("<L", unpacked_bytes), struct.pack("<L", 1000)
    start = 0
    while (found := body.find(said, start)) >= 0:
        body[found : found + 4] = small
        start = found + 4
    return bytes(body)


def overlapping(count: int) -> bytes:
    """Many entries of one directory that share the same packed bytes."""
    name, content = b"word/media/%05d.bin", bytes(1024 * 1024)
    squeezed = zlib.compress(content, 9)[2:-4]
    crc = zlib.crc32(content)
    first = name % 0
    header = struct.pack(
        *("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(squeezed), len(content)),
        *(len(first), 0),
    )
    body = header + first + squeezed
    row = struct.Struct("<4s6H3L5H2L")
    directory = b"".join(
        row.pack(
            *(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(squeezed), len(content)),
            *(len(first), 0, 0, 0, 0, 0, 0),
        )
        + first
        for _ in range(count)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def crowded(count: int) -> bytes:
    """So many empty parts."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for number in range(count):
            archive.writestr(f"w/{number}", b"")
    return result.getvalue()


def squeezed_xml(content: bytes) -> bytes:
    return packed({BODY: content})
