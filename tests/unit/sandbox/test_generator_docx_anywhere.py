"""Word cuts what is typed into runs as it likes, and puts it into boxes, tables and headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.generator import docx
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.generator.fields import compute
from tests.sandbox.generator.texts import Texts
from tests.unit.sandbox.paper import (
    ANNA,
    DEAL,
    NOW,
    add_template,
    lines,
    nordwerk,
    page,
    user,
    written,
)

VALUES = {
    "{Title}": "Office refit, phase 2",
    "{TotalBeforeTax~NS=Y,WZ=N}": "40,883",
    "{DocumentCreateTime~Y-m-d}": "2026-05-12",
    "{ContactFormattedName~Format=#LAST_NAME#}": "Vogt",
    "{MyCompanyAddress~Separator=1}": "Hafenstraße 12, 28217 Bremen, Germany",
    "{ProductsProductName~index=1}": "Raised floor, 600 × 600",
    "{No.Such_code-here}": "",
    "{not a code}": "{not a code}",
    "{": "{",
    "}": "}",
    "Grüße & mehr": "Grüße & mehr",
    " ": " ",
    "a": "a",
}
TYPED = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6)
LOOKS = [None, "bold", "italic", "underline"]


@cache
def texts() -> Texts:
    portal = nordwerk()
    template = add_template(portal, page(*VALUES))
    return compute(
        portal,
        template,
        DEAL,
        "501",
        user(portal, ANNA),
        {},
        {},
        number="1",
        created=NOW,
        now=NOW,
        stamps_enabled=False,
    ).texts()


def text_box(document: DocumentObject) -> Paragraph:
    """An empty paragraph in a box that hangs in a paragraph, as Word writes it."""
    outer = document.add_paragraph("Beside: ")
    run = parse_xml(
        f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape>"
        "<v:textbox><w:txbxContent><w:p/></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    outer._p.append(run)
    return Paragraph(next(run.iter(qn("w:p"))), outer._parent)


def nested_cell(document: DocumentObject) -> Paragraph:
    outer = document.add_table(1, 1).rows[0].cells[0]
    return outer.add_table(1, 1).rows[0].cells[0].paragraphs[0]


PLACES: dict[str, Callable[[DocumentObject], Paragraph]] = {
    "body": lambda document: document.add_paragraph(),
    "cell": lambda document: document.add_table(1, 1).rows[0].cells[0].paragraphs[0],
    "nested cell": nested_cell,
    "header": lambda document: document.sections[0].header.paragraphs[0],
    "first header": lambda document: document.sections[0].first_page_header.paragraphs[0],
    "footer": lambda document: document.sections[0].footer.paragraphs[0],
    "text box": text_box,
}


def cut(paragraph: Paragraph, content: str, places: list[int], looks: list[str | None]) -> None:
    """Writes the text as runs that end at these places."""
    ends = sorted({place % (len(content) + 1) for place in places} | {len(content)})
    start = 0
    for position, end in enumerate(ends):
        run = paragraph.add_run(content[start:end])
        look = looks[position % len(looks)]
        if look:
            setattr(run, look, True)
        start = end


def everything(body: bytes) -> str:
    """All text of body, headers and footers."""
    found = []
    with ZipFile(BytesIO(body)) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith(("word/document", "word/header", "word/footer")):
                root = parse_xml(archive.read(name))
                found += [node.text or "" for node in root.iter(qn("w:t"))]
    return "".join(found)


@given(
    TYPED,
    st.lists(st.integers(0, 300), max_size=12),
    st.lists(st.sampled_from(LOOKS), min_size=1, max_size=5),
    st.sampled_from(sorted(PLACES)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_wherever_runs_are_cut_the_same_is_printed(
    typed: list[str], places: list[int], looks: list[str | None], where: str
) -> None:
    content = ";".join(typed)
    body = written(lambda document: cut(PLACES[where](document), content, places, looks))
    whole = written(lambda document: PLACES[where](document).add_run(content))

    assert docx.placeholders(body) == docx.placeholders(whole)
    result = everything(docx.fill(body, texts()))
    assert result == everything(docx.fill(whole, texts()))
    if "{;" not in content and "{" not in typed:
        assert result.removeprefix("Beside: ") == ";".join(VALUES[one] for one in typed)


@given(st.lists(st.integers(0, 60), max_size=8), st.lists(st.integers(0, 60), max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_and_blocks_are_found_wherever_they_are_cut(
    first: list[int], second: list[int]
) -> None:
    def write(document: DocumentObject) -> None:
        for content in (
            "{Products.BLOCK_START}",
            "- {ProductsProductName}",
            "{Products.BLOCK_END}",
        ):
            cut(document.add_paragraph(), content, first, [None])
        row = document.add_table(1, 2).rows[0]
        cut(row.cells[0].paragraphs[0], "{ProductsIndex}", second, ["bold"])
        cut(row.cells[1].paragraphs[0], "{ProductsProductQuantity} {Title}", second, [None])

    assert lines(docx.fill(written(write), texts())) == [
        "- Acoustic partition, glazed, 2.70 m",
        "- Raised floor, 600 × 600",
        "- LED panel, 4000 K, dimmable",
        "- Installation, waste disposal",
        "1|14 Office refit, phase 2",
        "2|210 Office refit, phase 2",
        "3|46 Office refit, phase 2",
        "4|1 Office refit, phase 2",
    ]


@given(st.text(max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_value_leaves_a_file_that_can_be_read(value: str) -> None:
    portal = nordwerk()
    template = add_template(portal, page("[{Comments}]"))
    found = compute(
        portal,
        template,
        DEAL,
        "501",
        user(portal, ANNA),
        {"Comments": value},
        {},
        number="1",
        created=NOW,
        now=NOW,
        stamps_enabled=False,
    ).texts()

    Document(BytesIO(docx.fill(template.body, found)))


def test_a_block_can_stand_in_one_paragraph_or_show_one_item() -> None:
    body = page(
        "{Products.BLOCK_START}{ProductsIndex}: {ProductsProductQuantity}{Products.BLOCK_END}",
        "{Products.BLOCK_START~index=2}",
        "only {ProductsProductName}",
        "{Products.BLOCK_END}",
        "{Products.BLOCK_START~index=9}",
        "nothing",
        "{Products.BLOCK_END}",
    )

    assert lines(docx.fill(body, texts())) == [
        *("1: 14", "2: 210", "3: 46", "4: 1"),
        "only LED panel, 4000 K, dimmable",
    ]


def test_a_block_s_end_is_looked_for_among_twenty_paragraphs() -> None:
    def block(paragraphs: int) -> list[str]:
        inside = ["{ProductsIndex}"] * paragraphs
        body = page("{Products.BLOCK_START}", *inside, "{Products.BLOCK_END}")
        return lines(docx.fill(body, texts()))

    assert len(block(19)) == 4 * 19
    # Out of reach nothing is repeated: the first item stands in each place.
    assert [line for line in block(25) if line] == ["1"] * 25


def test_outside_of_rows_a_column_shows_its_first_item_or_all() -> None:
    body = page(
        "{ProductsProductQuantity}",
        "{ProductsProductQuantity~index=3}/{ProductsProductQuantity~index=9}/",
        "{ProductsProductQuantity~all} / {ProductsProductPriceRaw~mseparator=2,all,WZ=Y}",
    )

    assert lines(docx.fill(body, texts())) == [
        "14",
        "1//",
        "14, 210, 46, 1 / 1,180.00\n64.50\n118.00\n5,390.00",
    ]


def renamed(body: bytes, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> bytes:
    """The file with some of its members changed or gone."""
    result = BytesIO()
    with ZipFile(BytesIO(body)) as old, ZipFile(result, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            kept = change(name, old.read(name))
            if kept:
                new.writestr(*kept)
    return result.getvalue()


def damaged(kind: str) -> bytes:
    body = page("{Title}")
    changes: dict[str, Any] = {
        "no document": lambda name, data: None if name == "word/document.xml" else (name, data),
        "no types": lambda name, data: None if name == "[Content_Types].xml" else (name, data),
        "no relations": lambda name, data: None if name == "_rels/.rels" else (name, data),
        "half a document": lambda name, data: (
            name,
            data[: len(data) // 2] if name == "word/document.xml" else data,
        ),
        "another kind": lambda name, data: (name, data.replace(b"wordprocessingml", b"sheet")),
    }
    if kind in changes:
        return renamed(body, changes[kind])
    return {
        "empty": b"",
        "text": b"no zip at all",
        "cut": body[: len(body) // 2],
        "zip of nothing": renamed(body, lambda name, data: None),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        *("no document", "no types", "no relations", "half a document", "another kind"),
        *("empty", "text", "cut", "zip of nothing"),
    ],
)
def test_a_damaged_template_is_not_processable(kind: str) -> None:
    with pytest.raises(GeneratorError) as refused:
        docx.fill(damaged(kind), texts())

    assert refused.value.message == "DOCUMENT_FILE_NOT_PROCESSABLE_ERROR"
    assert refused.value.code == "0"
    assert docx.placeholders(damaged(kind)) == []


def test_the_same_file_filled_again_is_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    body = nordwerk().templates[39].body
    first = docx.fill(body, texts())
    monkeypatch.setattr("zipfile.time.localtime", lambda *_: (2031, 5, 6, 7, 8, 10, 0, 0, 0))

    assert docx.fill(body, texts()) == first
    with ZipFile(BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
