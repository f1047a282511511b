"""The form of a document: which control a field gets, and what of it is sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.documentgenerator import DocumentField
from b24app.bitrix.documentgenerator.fields import Choice
from b24app.documents import fields
from b24app.documents.errors import FieldsWrong
from b24app.documents.fields import FormField


def found(code: str = "Title", **known: Any) -> DocumentField:
    """A field as getfields tells of it."""
    plain: dict[str, Any] = {
        "code": code,
        "title": code,
        "value": None,
        "default": None,
        "type": "",
        "format": {},
        "options": {},
        "required": False,
        "hide_row": False,
        "group": ("Document", "Deal"),
        "chain": ("this", "SOURCE", "TITLE"),
        "is_select": False,
        "choices": (),
        "is_array": False,
    }
    return DocumentField(**plain | known)


def shown(code: str = "Title", **known: Any) -> FormField:
    (field,) = fields.build([found(code, **known)])
    return field


def problems(form: list[FormField], typed: dict[str, str]) -> set[str]:
    with pytest.raises(FieldsWrong) as wrong:
        fields.changed(form, typed)
    return set(wrong.value.problems)


@pytest.mark.parametrize(
    ("known", "control"),
    [
        ({}, "text"),
        ({"type": "name"}, "name"),
        ({"type": "phone"}, "phone"),
        ({"type": "taxrate"}, "rate"),
        ({"type": "money", "format": {"words": True}}, "text"),
        ({"value": "<p>Two <b>words</b></p>"}, "lines"),
        ({"type": "date"}, "date"),
        ({"type": "money"}, "amount"),
        ({"type": "address"}, "lines"),
        ({"type": "text"}, "lines"),
        ({"value": "one\ntwo"}, "lines"),
        ({"type": "image"}, "picture"),
        ({"type": "stamp"}, "picture"),
        ({"is_array": True}, "rows"),
        ({"is_select": True, "choices": (Choice("1", "One", True),)}, "select"),
        ({"type": "something new"}, "text"),
    ],
)
def test_each_kind_of_field_has_its_control(known: dict[str, Any], control: str) -> None:
    assert shown(**known).control == control


def test_a_field_without_a_code_is_no_input() -> None:
    assert fields.build([found("")]) == []


def test_a_select_shows_what_is_chosen() -> None:
    choices = (Choice("4", "Nordwerk", False), Choice("5", "Innenausbau", True))
    field = shown("MY_COMPANY", is_select=True, choices=choices, chain=())
    assert (field.value, field.choices) == ("5", [["4", "Nordwerk"], ["5", "Innenausbau"]])


@given(st.text(max_size=60))
def test_what_was_shown_and_comes_back_is_not_sent(value: str) -> None:
    form = [shown(value=value), shown("Closedate", type="date", value=value)]
    as_browsers_send = {f.code: re.sub(r"\r\n?|\n", "\r\n", f.value) for f in form}
    assert fields.changed(form, as_browsers_send) == {}
    assert fields.changed(form, {}) == {}


@given(st.text(max_size=200))
def test_any_text_is_sent_as_typed_or_refused_with_a_sentence(text: str) -> None:
    form = [shown(value="was")]
    typed = re.sub(r"\r\n?", "\n", text).strip()
    if typed.startswith(("this.", "SOURCE.", "DOCUMENT.")) or re.search(r"\{[^{}]+\}", typed):
        assert problems(form, {"Title": text}) == {"Title"}
    else:
        assert fields.changed(form, {"Title": text}) == ({} if typed == "was" else {"Title": typed})


@pytest.mark.parametrize(
    "text",
    ["this.SOURCE.TITLE", "SOURCE.TITLE", "DOCUMENT.NUMBER", " this.X", "{Title}", "a {Title~x} b"],
)
def test_a_text_cannot_print_another_field(text: str) -> None:
    assert problems([shown(value="was")], {"Title": text}) == {"Title"}


def test_such_a_text_of_the_portal_itself_may_stay() -> None:
    assert fields.changed([shown(value="{braces}")], {"Title": "{braces}"}) == {}


def test_only_inputs_of_the_form_count() -> None:
    form = [
        shown(value="was"),
        shown("Logo", type="image", value="http://x"),
        shown("Rows", is_array=True),
    ]
    typed = {"Title": "is", "Unknown": "y", "stamps": "on"}
    assert fields.changed(form, typed) == {"Title": "is"}


def test_every_bad_input_is_named_at_once() -> None:
    form = [
        shown("DocumentTitle", value="Offer", required=True),
        shown("Closedate", type="date", value="01.02.2026"),
        shown("TotalSum", type="money", value="5", format={"currencyId": "EUR"}),
        shown(value="was"),
    ]
    typed = {"DocumentTitle": " ", "Closedate": "soon", "TotalSum": "much", "Title": "is"}
    assert problems(form, typed) == {"DocumentTitle", "Closedate", "TotalSum"}


def test_dates_and_amounts_are_sent_as_the_portal_wants_them() -> None:
    form = [
        shown("Closedate", type="date", value="2026-02-01", format={"format": "d.m.Y"}),
        shown("TotalSum", type="money", value="1200.0", format={"currencyId": "EUR"}),
    ]
    assert [field.value for field in form] == ["01.02.2026", "1200.00"]
    typed = {"Closedate": "24.12.2026", "TotalSum": "1.300,50 €"}
    assert fields.changed(form, typed) == {"Closedate": "2026-12-24", "TotalSum": "1300.50"}
    assert fields.changed(form, {"Closedate": "", "TotalSum": ""}) == {
        "Closedate": "",
        "TotalSum": "",
    }


CLIENT = frozenset({"COMPANY", "REQUISITE", "BANK_DETAIL", "CLIENT"})


@pytest.mark.parametrize(
    ("code", "chain", "hidden"),
    [
        ("CompanyTitle", "this.SOURCE.COMPANY.TITLE", True),
        ("ClientName", "this.SOURCE.CLIENT_NAME", True),
        ("ClientPhone", "this.SOURCE.CLIENT_PHONE", True),
        ("RequisiteRqVatId", "this.SOURCE.REQUISITE.RQ_VAT_ID", True),
        ("ContactCompanyTitle", "this.SOURCE.CONTACT.COMPANY.TITLE", True),
        ("COMPANY", "", True),
        ("COMPANY.REQUISITE", "", True),
        ("Title", "this.SOURCE.TITLE", False),
        ("MyCompanyTitle", "this.SOURCE.MY_COMPANY.TITLE", False),
        ("MyCompanyRequisiteRqVatId", "this.SOURCE.MY_COMPANY.REQUISITE.RQ_VAT_ID", False),
        ("MY_COMPANY.BANK_DETAIL", "", False),
        ("DocumentNumber", "this.DOCUMENT.DOCUMENT_NUMBER", False),
    ],
)
def test_what_leads_to_an_unreadable_client_is_hidden(code: str, chain: str, hidden: bool) -> None:
    path = tuple(chain.split(".")) if chain else ()
    choices = (Choice("1", "Lindner", True),) if not path else ()
    raw = found(code, value="Lindner", chain=path, is_select=not path, choices=choices)
    (field,) = fields.build([raw], CLIENT)
    assert field.hidden is hidden
    assert field.editable is not hidden
    assert ("Lindner" in str(fields.to_rows([field]))) is not hidden


def test_a_hidden_field_stops_nothing() -> None:
    raw = found("ClientName", value="X", chain=("this", "SOURCE", "CLIENT_NAME"), required=True)
    form = fields.build([raw], CLIENT)
    assert fields.changed(form, {"ClientName": "Y"}) == {}


@given(st.text(max_size=20), st.booleans())
def test_a_kept_form_is_the_same_form(value: str, required: bool) -> None:
    form = [shown(value=value, required=required), shown("Closedate", type="date", value=value)]
    assert fields.from_rows(fields.to_rows(form)) == form


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("19", "19"), ("19 %", "19"), ("7,7%", "7.7"), ("tax exempt", "tax exempt"), ("", "")],
)
def test_a_tax_rate_is_a_percentage_or_words(typed: str, sent: str) -> None:
    form = [shown("Rate", type="taxrate", value="5%")]
    assert fields.changed(form, {"Rate": typed}) == {"Rate": sent}


@pytest.mark.parametrize("typed", ["190", "19 and more", "-1", "1000%"])
def test_what_is_neither_is_said(typed: str) -> None:
    assert problems([shown("Rate", type="taxrate", value="5%")], {"Rate": typed}) == {"Rate"}


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://nordwerk.example/logo.png", True),
        ("http://nordwerk.example:8080/a/b.jpg?size=2", True),
        ("/upload/crm/logo.png", True),
        ("/upload/../etc/passwd", False),
        ("/rest/crm.item.get", False),
        ("logo.png", False),
        ("javascript:alert(1)", False),
        ("data:image/png;base64,AAAA", False),
        ("https://anna:secret@nordwerk.example/logo.png", False),
        ("https://nordwerk.example/a b.png", False),
        ("https://[::1", False),
        ("https://nordwerk.example/" + "x" * 2000, False),
    ],
)
def test_a_picture_is_the_address_of_one(address: str, good: bool) -> None:
    form = [shown("Logo", type="image", value="https://x.example/was.png")]
    reading = fields.read(form, {"Logo": address})
    assert (reading.values == {"Logo": address}) is good
    assert (set(reading.problems) == {"Logo"}) is not good


def test_a_column_shows_no_chain_and_takes_one_text_for_all_rows() -> None:
    form = [shown("Rows", is_array=True, value="PRODUCTS.PRODUCT.NAME")]
    assert form[0].value == ""
    assert fields.changed(form, {"Rows": ""}) == {}
    assert fields.changed(form, {"Rows": "as agreed"}) == {"Rows": "as agreed"}


def test_a_placeholder_that_nobody_knows_is_told_from_a_field_without_value() -> None:
    assert shown("Typo", title="", chain=(), group=()).unknown
    assert not shown("Empty", value=None).unknown


KINDS = ["", "date", "money", "image", "stamp", "phone", "name", "taxrate", "address", "text", "?"]
HOSTILE = st.text(max_size=80) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "this.SOURCE.X",
        "{Title}",
        "😀" * 9,
        "\x00",
        "x" * 100_000,
        "$result[a]",
    ]
)


@given(st.sampled_from(KINDS), HOSTILE, HOSTILE)
def test_whatever_is_typed_is_sent_kept_or_refused_and_never_breaks(
    kind: str, was: str, typed: str
) -> None:
    form = [shown(type=kind, value=was)]
    reading = fields.read(form, {"Title": typed})
    assert not set(reading.values) & set(reading.problems)
    if fields.is_changed(form[0], {"Title": typed}):
        assert set(reading.values) | set(reading.problems) == {"Title"}
        assert fields.drafted(form, {"Title": typed}) == {"Title": typed}
    else:
        assert reading.values == {}
        assert fields.drafted(form, {"Title": typed}) == {}


@given(HOSTILE, HOSTILE)
def test_after_a_dry_run_what_was_sent_is_still_a_change(was: str, now: str) -> None:
    """Bitrix24 answers a substituted value as if it had computed it."""
    before = [shown(value=was), shown("Stage", value=was)]
    after = fields.renewed(before, [shown(value=now), shown("Stage", value=now)], {"Title"})
    assert [f.value for f in after] == [before[0].value, shown(value=now).value]
