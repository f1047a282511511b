"""When a document no longer says what the CRM says, and when it does all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.crm import ProductRow
from b24app.bitrix.documentgenerator import DocumentField, ListedDocument
from b24app.bitrix.protocol import Page
from b24app.documents import content, drift

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
TEXT = st.text("aZ09.-,% \n\u00a0ä<&😀", max_size=40)


def field(code: str, default: str | None, value: str | None = None, **more: Any) -> DocumentField:
    """A field of the deal; `value`: what was typed over it, if anything."""
    given = {
        "code": code,
        "title": code,
        "value": default if value is None else value,
        "default": default,
        "type": "",
        "format": {},
        "options": {},
        "required": False,
        "hide_row": False,
        "group": ("Document", "Deal"),
        "chain": ("this", "SOURCE", code.upper()),
        "is_select": False,
        "choices": (),
        "is_array": False,
    }
    return DocumentField(**{**given, **more})


COLUMN = field("ProductsProductName", "PRODUCTS.PRODUCT.NAME", is_array=True)


def client(code: str, default: str | None) -> DocumentField:
    return field(code, default, chain=("this", "SOURCE", "COMPANY", code.upper()))


def row(id_: int, name: str = "Floor", quantity: str = "150", price: str = "76.76") -> ProductRow:
    return ProductRow(
        id_, None, name, Decimal(price), Decimal(quantity), None, None, Decimal(19), False, "m²", 0
    )


def rows(*found: ProductRow) -> Page[ProductRow]:
    return Page(list(found), len(found), None)


DOCUMENT = ListedDocument(
    id=1, title="Offer", number="1", template_id=39, entity_type_id=2, entity_id=501, values={},
    create_time=NOW, update_time=NOW, created_by=7, updated_by=7, stamps_enabled=False, file_id=1,
    pdf_id=2, image_id=3, download_machine=None, pdf_machine=None,
)  # fmt: skip


def told(
    then: list[DocumentField],
    now: list[DocumentField],
    rows_then: Page[ProductRow] | None = None,
    rows_now: Page[ProductRow] | None = None,
    document: ListedDocument = DOCUMENT,
) -> dict[str, tuple[str, str]]:
    printed = content.of(document, then, rows_then)
    found = drift.compare(printed, document, now, rows_now)
    return {one.title: (one.before, one.after) for one in found}


def test_a_value_that_changed_in_the_crm() -> None:
    assert told([field("Terms", "30 days")], [field("Terms", "14 days")]) == {
        "Terms": ("30 days", "14 days")
    }


def test_a_value_that_was_typed_over() -> None:
    typed = field("Terms", "30 days", "by hand")
    assert told([typed], [typed]) == {}
    changed = field("Terms", "14 days", "by hand")
    assert told([typed], [changed]) == {"Terms": ("by hand", "14 days")}
    caught_up = field("Terms", "by hand", "by hand")
    assert told([typed], [caught_up]) == {}


@pytest.mark.parametrize("code", [code for code in drift.VOLATILE if not code.isupper()])
def test_what_changes_by_itself_is_left_out_by_its_code(code: str) -> None:
    assert told([field(code, "1")], [field(code, "2")]) == {}


@pytest.mark.parametrize("step", [step for step in drift.VOLATILE if step.isupper()])
def test_and_by_its_chain(step: str) -> None:
    chain = ("this", step, "X") if step == "DOCUMENT" else ("this", "SOURCE", step)
    then, now = (field("Code", text, chain=chain) for text in "12")
    assert told([then], [now]) == {}


def test_amounts_are_compared_as_numbers_and_the_total_is_told_first() -> None:
    def amounts(total: str, tax: str) -> list[DocumentField]:
        more: dict[str, Any] = {"type": "money", "format": {"currencyId": "EUR"}}
        return [
            field("Tax", tax, **more),
            field("Terms", tax[:2]),
            field("TotalSum", total, **more),
        ]

    assert told(amounts("40883.0", "19.50"), amounts("40883", "19.5")) == {}
    found = told(amounts("40883.0", "19.50"), amounts("50000", "20"))
    assert list(found) == ["TotalSum", "Tax", "Terms"]
    assert found["TotalSum"] == ("40883.00", "50000.00")


def test_a_long_text_is_told_by_name_alone() -> None:
    assert told([field("Address", "A" * 60)], [field("Address", "B")]) == {"Address": ("", "")}


def test_a_client_of_whom_nothing_is_told_is_not_compared() -> None:
    known, hidden = [client("Name", "Lindner"), client("Phone", "1")], [
        client("Name", None), client("Phone", None)
    ]  # fmt: skip
    assert told(known, hidden) == {}
    assert told(hidden, known) == {}
    assert told(known, [client("Name", "Lindner"), client("Phone", None)]) == {
        "Deal: Phone": ("1", "")
    }


def test_a_field_that_the_template_has_no_more_or_has_anew_is_none_of_the_deals() -> None:
    assert told([field("Old", "1")], [field("New", "1")]) == {}


def test_pictures_by_address_and_stamps_only_where_they_are_printed() -> None:
    then = field("Logo", "https://a.example/logo.png?key=1", type="image")
    assert told([then], [replace(then, default="https://a.example/logo.png?key=2")]) == {}
    assert told([then], [replace(then, default="https://a.example/new.png")]) == {"Logo": ("", "")}
    stamp = replace(then, code="Stamp", title="Stamp", type="stamp")
    other = replace(stamp, default="https://a.example/new.png")
    assert told([stamp], [other]) == {}
    stamped = replace(DOCUMENT, stamps_enabled=True)
    assert told([stamp], [other], document=stamped) == {"Stamp": ("", "")}


def test_rows_one_by_one() -> None:
    then = rows(row(1), row(2, "Wall"), row(3, "Door"))
    now = rows(row(1, quantity="210"), row(2, "Wall", price="80"), row(4, "Lamp"))
    assert told([COLUMN], [COLUMN], then, now) == {
        "Row 1, quantity": ("150 m²", "210 m²"),
        "Row 2, price": ("76.76", "80"),
        "Row 3 is new": ("", "Lamp, 150 m² × 76.76"),
        "Row 3 is gone": ("Door, 150 m² × 76.76", ""),
    }


def test_rows_with_new_ids_are_told_by_their_names() -> None:
    then = rows(row(1), row(2, "Wall"))
    assert told([COLUMN], [COLUMN], then, rows(row(8), row(9, "Wall"))) == {}
    changed = rows(row(8), row(9, "Wall", quantity="7"))
    assert told([COLUMN], [COLUMN], then, changed) == {"Row 2, quantity": ("150 m²", "7 m²")}


def test_rows_are_not_compared_where_they_are_not_printed_or_not_all_known() -> None:
    then, now = rows(row(1)), rows(row(1, quantity="7"))
    assert told([field("Terms", "1")], [field("Terms", "1")], then, now) == {}
    assert told([COLUMN], [COLUMN], then, None) == {}
    assert told([COLUMN], [COLUMN], None, now) == {}
    many = rows(*(row(n) for n in range(50)))
    assert told([COLUMN], [COLUMN], then, many) == {}


@given(st.dictionaries(TEXT.filter(bool), st.tuples(TEXT | st.none(), TEXT | st.none())))
def test_nothing_has_drifted_while_the_crm_says_the_same(
    found: dict[str, tuple[str | None, str | None]],
) -> None:
    fields = [field(code, default, value) for code, (default, value) in found.items()]
    assert told([*fields, COLUMN], [*fields, COLUMN], rows(row(1)), rows(row(1))) == {}


@given(TEXT, TEXT, TEXT | st.none())
def test_a_change_is_told_unless_it_is_what_was_typed(
    then: str, now: str, typed: str | None
) -> None:
    def plain(text: str) -> str:
        return " ".join(text.split())

    found = told([field("Terms", then, typed)], [field("Terms", now, typed)])
    same = plain(now) in {plain(then), plain(then if typed is None else typed)}
    assert set(found) == (set() if same else {"Terms"})


@given(st.lists(st.tuples(TEXT, TEXT, st.booleans()), max_size=5))
def test_what_was_found_is_kept_as_it_was(parts: list[tuple[str, str, bool]]) -> None:
    found = [drift.Finding("Title", before, after, "EUR", own) for before, after, own in parts]
    assert drift.from_rows(drift.to_rows(found)) == found
    for one, shown in zip(found, drift.without_foreign_values(found), strict=True):
        assert (shown == one) if one.own else (shown.before, shown.after) == ("", "")
