"""F8: what a template's mistakes are told as, and where."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b24app.docx import NotAccepted
from b24app.docx.lint import MOST, Code, Finding, Known, Level, Report, Vocabulary, lint
from b24app.docx.paragraphs import Part
from tests.sandbox.seeds import agreements, trade
from tests.unit.docx import files, templates
from tests.unit.docx.templates import FIELDS, WORDS, in_runs, written

BODY, HEADER, FOOTER = Part.BODY, Part.HEADER, Part.FOOTER


def told(*paragraphs: str, words: Vocabulary = WORDS) -> list[tuple[Code, str]]:
    """Code and text of each finding, for a body of these paragraphs."""
    return [(one.code, one.text) for one in lint(written(*paragraphs), words).findings]


def spot(finding: Finding) -> tuple[Code, Part | None, int, int, str]:
    place = finding.place
    if place is None:
        return (finding.code, None, 0, 0, finding.text)
    return (finding.code, place.part, place.paragraph, place.row, finding.text)


def test_ten_mistakes_are_ten_findings_in_their_places() -> None:
    report = lint(templates.ten_mistakes(), WORDS)
    assert sorted(map(spot, report.findings), key=str) == sorted(
        [
            (Code.TOO_BIG, None, 0, 0, ""),
            (Code.UNKNOWN, BODY, 2, 0, "{RequisiteVatId}"),
            (Code.OUTSIDE_ROW, BODY, 4, 0, "{ProductsProductName}"),
            (Code.UNKNOWN, BODY, 7, 2, "{ProductsProductNmae}"),
            (Code.NEVER_CLOSED, BODY, 9, 0, "{TotalSum"),
            (Code.NO_MODIFIER, BODY, 10, 0, "{TotalSum~Wordz=Y}"),
            (Code.NO_START, BODY, 11, 0, "{Taxes.BLOCK_END}"),
            (Code.NO_END, BODY, 12, 0, "{Products.BLOCK_START}"),
            (Code.NO_SIZE, HEADER, 1, 0, "{MyCompanyUfLogo}"),
            (Code.NEVER_OPENED, FOOTER, 1, 0, "DocumentNumber}"),
        ],
        key=str,
    )
    assert [one.level for one in report.findings] == sorted(one.level for one in report.findings)
    nearest = {one.text: one.nearest for one in report.findings}
    assert nearest["{RequisiteVatId}"] == "RequisiteRqVatId"
    assert nearest["{ProductsProductNmae}"] == "ProductsProductName"
    unknown = next(one for one in report.findings if one.text == "{RequisiteVatId}")
    assert unknown.place is not None
    assert unknown.place.text == "VAT ID {RequisiteVatId}"
    assert report.split == 1


@pytest.mark.parametrize(
    "body", [trade.offer(), agreements.contract(), trade.invoice(), trade.act()]
)
def test_the_sample_templates_have_no_mistakes_of_form(body: bytes) -> None:
    """Their names are judged in tests/integration, by what the portal says of them."""
    report = lint(body, Vocabulary({}))
    wrong = [one for one in report.findings if one.code != Code.PERHAPS_UNKNOWN]
    assert wrong == []
    assert report.codes


def test_a_file_without_placeholders_prints_the_same_each_time() -> None:
    assert told("Dear Sir or Madam,") == [(Code.NO_PLACEHOLDER, "")]
    assert told("Dear {ContactFormattedName},") == []


def test_a_field_nobody_knows_is_certain_only_when_bitrix24_said_so() -> None:
    (found,) = lint(written("{RequisiteVatId}"), WORDS).findings
    assert (found.code, found.level, found.nearest) == (
        Code.UNKNOWN,
        Level.STOP,
        "RequisiteRqVatId",
    )
    (found,) = lint(written("{TotalSumm}"), WORDS).findings
    assert (found.code, found.level) == (Code.PERHAPS_UNKNOWN, Level.WARN)
    (found,) = lint(written("{UfCrmWarranty}"), WORDS).findings
    assert (found.code, found.level, found.nearest) == (Code.PERHAPS_UNKNOWN, Level.UNSURE, "")
    (found,) = lint(written("{UfCrmWarranty}"), Vocabulary(FIELDS, has_own=True)).findings
    assert (found.code, found.level) == (Code.PERHAPS_UNKNOWN, Level.WARN)


def test_of_a_field_nobody_has_told_the_kind_of_any_documented_modifier_is_fine() -> None:
    words = Vocabulary({"UfCrmDay": Known(None)})
    for text in ("{UfCrmDay~d.m.Y}", "{UfCrmDay~WZ=Y}", "{UfCrmDay~letterCase=upper}"):
        assert told(text, words=words) == []
    assert told("{UfCrmDay~Wordz=Y}", words=words) == [(Code.NO_MODIFIER, "{UfCrmDay~Wordz=Y}")]


def test_columns_are_repeated_in_rows_and_blocks_only() -> None:
    column = "{ProductsProductName}"
    block = ("{Products.BLOCK_START}", column, "{Products.BLOCK_END}")
    assert told(column) == [(Code.OUTSIDE_ROW, column)]
    assert told(*block) == []
    assert told(*block, column) == [(Code.OUTSIDE_ROW, column)]
    assert told("{ProductsProductName~index=1} {ProductsProductName~all}") == []
    other = Vocabulary({**FIELDS, "TaxesTaxTitle": Known(is_array=True)})
    assert told("{Products.BLOCK_START}", "{TaxesTaxTitle}", "{Products.BLOCK_END}", words=other)


def test_a_block_within_a_cell_ends_there() -> None:
    document = templates.Document()
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text = "{Products.BLOCK_START}"
    table.rows[0].cells[1].text = "{Products.BLOCK_END}"
    document.add_paragraph("{Title}")
    found = lint(templates.saved(document), WORDS).findings
    assert {one.code for one in found} == {Code.NO_END, Code.NO_START}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{TotalSum~WZ=Y,NS=Y}", None),
        ("{TotalSum~CurId=EUR}", None),
        ("{TotalSum~wz=Y}", Code.UNSURE_MODIFIER),
        ("{TotalSum~Zeros=Y}", Code.NO_MODIFIER),
        ("{TotalSum~Separator=1}", Code.OTHER_MODIFIER),
        ("{DocumentCreateTime~j F Y}", None),
        ("{DocumentCreateTime~format=d.m.Y}", None),
        ("{DocumentCreateTime~d.m.Y, H:i}", None),
        ("{DocumentCreateTime~WZ=Y}", Code.OTHER_MODIFIER),
        ("{DocumentCreateTime~--}", Code.NO_MODIFIER),
        ("{ContactFormattedName~Format=#LAST_NAME# #NAME#,Case=1}", None),
        ("{Title~letterCase=upper}", None),
        ("{Title~letterCase=huge}", Code.NO_MODIFIER),
        ("{MyCompanyPhone~mfirst=y}", None),
        ("{MyCompanyPhone~Format=1}", Code.UNSURE_MODIFIER),
    ],
)
def test_modifiers_are_judged_by_what_is_documented(text: str, code: Code | None) -> None:
    assert [one for one, _ in told(text)] == ([code] if code else [])


def test_what_no_document_tells_is_unsure() -> None:
    (found,) = lint(written("{Title} {see annex 2}"), WORDS).findings
    assert (found.code, found.level, found.text) == (Code.ODD, Level.UNSURE, "{see annex 2}")
    (found,) = lint(written("{ Title }"), WORDS).findings[1:]
    assert (found.code, found.level, found.nearest) == (Code.ODD, Level.WARN, "Title")


def test_a_picture_as_text_prints_nothing() -> None:
    assert told("{MyCompanyUfLogo}") == [(Code.PICTURE_AS_TEXT, "{MyCompanyUfLogo}")]


def test_footnotes_are_not_filled() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = (
        f'<w:footnotes xmlns:w="{space}"><w:p><w:r><w:t>{{Title}}</w:t></w:r></w:p></w:footnotes>'
    )
    body = files.packed({files.BODY: files.text("{Title}"), "word/footnotes.xml": note})
    (found,) = lint(body, WORDS).findings
    assert spot(found) == (Code.NOT_FILLED, Part.FOOTNOTES, 1, 0, "{Title}")


def test_what_word_writes_twice_is_told_once() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    again = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>{Title</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f'<w:document xmlns:w="{space}" xmlns:mc="{again}"><w:body><w:p><w:r>'
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent><w:t>around {Title}</w:t></w:r></w:p></w:body></w:document>"
    )
    (found,) = lint(files.packed({files.BODY: body}), WORDS).findings
    assert spot(found) == (Code.NEVER_CLOSED, BODY, 2, 0, "{Title")


def test_what_acts_when_opened_is_told_and_read_all_the_same() -> None:
    body = files.packed({files.BODY: files.text("{Title}"), "word/vbaProject.bin": b"macro"})
    (found,) = lint(body, WORDS).findings
    assert (found.code, found.detail) == (Code.UNSAFE, "macro")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{Title}",
        files.packed({files.BODY: "<w:document"}),
        files.packed({files.BODY: '<!DOCTYPE a [<!ENTITY b "{Title}">]><a>&b;</a>'}),
        files.overlapping(900),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(NotAccepted):
        lint(body, WORDS)


def test_a_file_made_to_cost_much_costs_little() -> None:
    runs = "<w:r><w:t>{Requi</w:t></w:r><w:r><w:t>siteVat%d} {Tit</w:t></w:r>"
    many = "".join(runs % number for number in range(60_000))
    begun = time.process_time()
    report = lint(
        files.packed({files.BODY: files.text("</w:t></w:r>" + many + "<w:r><w:t>")}), WORDS
    )
    assert time.process_time() - begun < 10
    assert len(report.findings) == MOST


words = st.sampled_from(
    [
        "{Title}",
        "{TotalSum~WZ=Y}",
        "{ContactFormattedName}",
        " and ",
        "{RequisiteVatId}",
        "{Tot",
        "}",
    ]
)


def signature(report: Report) -> list[tuple[str, str, str]]:
    return [(one.code, one.text, one.place.text if one.place else "") for one in report.findings]


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=5), st.lists(st.integers(1, 120), max_size=12))
def test_how_word_cuts_a_text_into_runs_changes_nothing(
    pieces: list[str], places: list[int]
) -> None:
    text = "".join(pieces)
    cuts = [0, *sorted({place for place in places if place < len(text)}), len(text)]
    runs = [text[start:end] for start, end in pairwise(cuts)]
    assert "".join(runs) == text
    whole, cut = lint(in_runs(text), WORDS), lint(in_runs(*runs), WORDS)
    assert signature(cut) == signature(whole)
    assert (cut.codes, cut.known) == (whole.codes, whole.known)
    assert whole.split == 0


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("{}~.,= \n\tabTitleBLOCK_START"), max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    report = lint(in_runs(text), WORDS)
    assert all(one.place is None or one.place.paragraph >= 1 for one in report.findings)
