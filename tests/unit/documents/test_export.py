"""Tables in which no cell can do anything (S38), and which hold all that they were given."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import UTC, datetime

import pytest
from django.utils.http import content_disposition_header
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.download import harmless as harmless_name
from b24app.documents import export
from b24app.documents.story import Happening, Story

DANGEROUS = "=+-@＝＋－＠"
BLANK = " \t\u00a0\u2003\u200b\ufeff\u3000"


@pytest.mark.parametrize(
    "start", ["", *BLANK, "  ", "\n", "\r", "\r\n", "\u2028", "a\n", "a\r\n \u00a0"]
)
@pytest.mark.parametrize("sign", DANGEROUS)
def test_s38_no_line_of_a_cell_begins_a_formula(start: str, sign: str) -> None:
    cell = export.harmless(f"{start}{sign}HYPERLINK(1)")
    assert not begins_a_formula(cell)
    assert "HYPERLINK(1)" in cell


@pytest.mark.parametrize("start", ["\t", "\r"])
def test_s38_a_tab_or_return_does_not_come_first(start: str) -> None:
    assert export.harmless(f"{start}x").startswith("'")


@pytest.mark.parametrize("text", ["", "Offer 2026-048", "50 % + 50 %", "a = b", "Ä–ö", "1,200.50"])
def test_plain_texts_stay_as_they_are(text: str) -> None:
    assert export.harmless(text) == text


def begins_a_formula(cell: str) -> bool:
    """Judged by other means than the code: each line without its blanks of whatever kind."""
    if cell[:1] in {"\t", "\r"}:
        return True
    for line in cell.splitlines():
        bare = "".join(line).lstrip()
        while bare and (bare[0].isspace() or unicodedata.category(bare[0]) in {"Cf", "Zs", "Cc"}):
            bare = bare[1:]
        if bare[:1] and bare[0] in DANGEROUS:
            return True
    return False


cells = st.text(
    st.one_of(
        st.sampled_from(f"{DANGEROUS}{BLANK}\n\r\x0b\x0c\x85\u2028\"',;'ab\x00"),
        st.characters(codec="utf-8"),
    ),
    max_size=30,
)


@given(cells)
def test_s38_whatever_is_written_no_cell_begins_a_formula(text: str) -> None:
    assert not begins_a_formula(export.harmless(text))


def line(**changed: object) -> Happening:
    known = {"at": datetime(2026, 5, 12, tzinfo=UTC), "kind": "made", "document_id": 163,
             "title": "Offer", "number": "7", "who": "Boris", "where": "in Docket"}  # fmt: skip
    return Happening(**{**known, **changed})  # type: ignore[arg-type]


@given(cells, cells, cells)
def test_s38_a_table_is_read_back_as_it_was_written(title: str, number: str, who: str) -> None:
    told = Story([line(title=title, number=number, who=who)], cut=False)
    text = export.table(told).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 2
    assert len(rows[1]) == len(rows[0])
    assert not any(begins_a_formula(cell) for cell in rows[1])


@given(st.text(max_size=80))
def test_s38_a_file_name_breaks_no_header_and_no_path(name: str) -> None:
    header = content_disposition_header(True, f"{harmless_name(name)}.csv") or ""
    assert not set(header) & {"\r", "\n", "\x00"}
    assert "/" not in harmless_name(name)
    assert "\\" not in harmless_name(name)
