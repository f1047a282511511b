"""S39: what is refused of attached files, why, and at what cost."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from b24app import docx
from b24app.docx import Reason
from tests.unit.docx import files

MEBI = 1024 * 1024
SECONDS, MEBIBYTES = 1.0, 100.0


def reason(body: bytes) -> Reason | None:
    """Why a file is refused, None when it is not."""
    try:
        docx.check(body)
    except docx.NotAccepted as refused:
        return refused.reason
    return None


def test_what_word_libraries_write_is_accepted() -> None:
    assert reason(files.real()) is None
    assert reason(files.packed()) is None
    assert reason(files.packed(method=zipfile.ZIP_STORED)) is None


def test_a_container_written_as_a_stream_is_accepted() -> None:
    """Sizes after the bytes, as writers that cannot seek do it."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    source = zipfile.ZipFile(BytesIO(files.real()))
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    assert reason(pipe.getvalue()) is None


def test_links_that_a_person_clicks_are_accepted() -> None:
    for target in ("https://nordwerk.example/?a=1&amp;b", "mailto:a@b.example", "#part", "tel:1"):
        assert reason(files.packed({files.RELATIONS: files.relation("hyperlink", target)})) is None


def test_s39_an_external_relationship_is_refused() -> None:
    elsewhere = [
        ("attachedTemplate", "https://evil.example/t.dotm"),
        ("image", "https://evil.example/pixel.png"),
        ("frame", "http://evil.example/"),
        ("subDocument", "\\\\evil.example\\share\\a.docx"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "ms-msdt:/id"),
    ]
    for kind, target in elsewhere:
        body = files.packed({files.RELATIONS: files.relation(kind, target)})
        assert reason(body) is Reason.EXTERNAL, (kind, target)
    for target in ("https://evil.example/x.png", "//evil.example/x.png"):
        body = files.packed({files.RELATIONS: files.relation("image", target, "Internal")})
        assert reason(body) is Reason.EXTERNAL
    prefixed = files.relation("image", "http://evil.example/").replace("<R", "<p:R")
    prefixed = prefixed.replace("</R", "</p:R").replace("xmlns=", "xmlns:p=")
    assert reason(files.packed({"word/_rels/header1.xml.RELS": prefixed})) is Reason.EXTERNAL


def test_s39_a_macro_is_refused() -> None:
    assert reason(files.packed({"word/vbaProject.bin": b"x"})) is Reason.MACRO
    assert reason(files.packed({"word/activeX/activeX1.xml": "<a/>"})) is Reason.MACRO
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    assert reason(files.packed({files.TYPES: files.types(kind)})) is Reason.MACRO
    renamed = (
        '<Override PartName="/word/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    )
    hidden = {files.TYPES: files.types(more=renamed), "word/a.bin": b"x"}
    assert reason(files.packed(hidden)) is Reason.MACRO


def test_s39_a_file_inside_is_refused() -> None:
    inner = files.packed()
    assert reason(files.packed({"word/media/image1.png": inner})) is Reason.EMBEDDED
    assert reason(files.packed({"word/embeddings/sheet.xlsx": b"x"})) is Reason.EMBEDDED
    assert reason(files.packed({"word/x.bin": b"MZ\x90\x00"})) is Reason.EMBEDDED
    assert reason(files.packed({"word/x.bin": b"\xd0\xcf\x11\xe0"})) is Reason.EMBEDDED
    chunk = files.relation("aFChunk", "part.html", "Internal")
    assert reason(files.packed({files.RELATIONS: chunk})) is Reason.EMBEDDED


def test_s39_a_document_type_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    external = '<!DOCTYPE a SYSTEM "https://evil.example/a.dtd"><a/>'
    for content in (bomb, external, f'<?xml version="1.0"?>\n{bomb}'):
        for part in (files.BODY, "word/styles.xml", files.RELATIONS, files.TYPES, "word/a.bin"):
            assert reason(files.packed({part: content})) is Reason.DOCTYPE, (part, content)
    for encoding in ("utf-16", "utf-16-be"):
        assert reason(files.packed({files.BODY: bomb.encode(encoding)})) is Reason.DAMAGED


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", Reason.NOT_WORD),
        (b"%PDF-1.7\n%%EOF", Reason.NOT_WORD),
        (b"<html>", Reason.NOT_WORD),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.NOT_WORD),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        (b"PK\x03\x04", Reason.DAMAGED),
        (b"PK\x05\x06" + bytes(18), Reason.NOT_WORD),
        (b"MZ" + files.packed(), Reason.NOT_WORD),
        (files.packed()[:-1], Reason.DAMAGED),
        (files.packed() + b"x", Reason.DAMAGED),
        (files.packed({files.BODY: "<a>"}), Reason.DAMAGED),
        (files.packed({"../evil.xml": "<a/>"}), Reason.DAMAGED),
        (files.packed({"/etc/evil.xml": "<a/>"}), Reason.DAMAGED),
        (files.packed({"WORD/Document.xml": "<a/>"}), Reason.DAMAGED),
        (files.packed({files.TYPES: files.types("application/xml")}), Reason.TEMPLATE_OR_OTHER),
        (
            files.packed(
                {
                    files.TYPES: files.types(
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                    )
                }
            ),
            Reason.TEMPLATE_OR_OTHER,
        ),
    ],
)
def test_s39_a_wrong_type_or_a_damaged_file_is_refused(body: bytes, why: Reason) -> None:
    assert reason(body) is why


def test_s39_a_zip_that_is_no_office_file_is_refused() -> None:
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert reason(result.getvalue()) is Reason.NOT_WORD


def test_s39_a_flipped_byte_is_noticed() -> None:
    """Whatever byte is changed, the answer is a reason or an acceptance, never another failure."""
    body = files.packed()
    for place in range(0, len(body), 7):
        changed = bytearray(body)
        changed[place] ^= 0xFF
        reason(bytes(changed))
    inside = bytearray(files.packed(method=zipfile.ZIP_STORED))
    inside[inside.find(b"Hello")] ^= 0x01
    assert reason(bytes(inside)) is Reason.DAMAGED


NESTED = b"<a>" * 200_000 + b"</a>" * 200_000
CROWD = b"<a>" + b"<b/>" * (4 * MEBI) + b"</a>"
ONE_TAG = b"<a " + b" ".join(b'b%d=""' % number for number in range(1_500_000)) + b"/>"
LONG_TEXT = b"<a>" + b"x" * (15 * MEBI) + b"</a>"

COSTLY: dict[str, tuple[Callable[[], bytes], str]] = {
    "as big as may be": (lambda: files.bomb(39 * MEBI), "accepted"),
    "too big": (lambda: files.real() + bytes(11 * MEBI), Reason.TOO_BIG),
    "bomb": (lambda: files.bomb(900 * MEBI), Reason.UNPACKS_TOO_BIG),
    "just below the limit": (lambda: files.liar(39 * MEBI), Reason.UNPACKS_TOO_BIG),
    "bomb that lies": (lambda: files.liar(500 * MEBI), Reason.UNPACKS_TOO_BIG),
    "100,000 entries": (lambda: files.crowded(100_000), Reason.TOO_MANY_PARTS),
    "overlapping": (lambda: files.overlapping(900), Reason.UNPACKS_TOO_BIG),
    "overlapping a little": (lambda: files.overlapping(30), Reason.DAMAGED),
    "nested elements": (lambda: files.squeezed_xml(NESTED), Reason.TOO_COMPLEX),
    "many elements": (lambda: files.squeezed_xml(CROWD), Reason.TOO_COMPLEX),
    "one tag": (lambda: files.squeezed_xml(ONE_TAG), Reason.TOO_COMPLEX),
    "one text": (lambda: files.squeezed_xml(LONG_TEXT), Reason.TOO_COMPLEX),
    "much xml": (
        lambda: files.squeezed_xml(b"<a>" + b"<b>x</b>" * 3 * MEBI + b"</a>"),
        Reason.TOO_COMPLEX,
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_s39_what_is_made_to_cost_much_costs_little(name: str, tmp_path: Path) -> None:
    """Within one second of the processor and 100 MiB, the whole interpreter included."""
    make, why = COSTLY[name]
    path = tmp_path / "file.docx"
    path.write_bytes(make())
    told = subprocess.run(
        [sys.executable, "-m", "tests.unit.docx.measure", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    found, seconds, mebibytes = told.stdout.split()
    assert (found, float(seconds) < SECONDS, float(mebibytes) < MEBIBYTES) == (why, True, True), (
        told.stdout
    )
