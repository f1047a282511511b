"""The flight check: what is found, how grave it is, and what keeps a document from being made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.crm import ProductRow
from b24app.documents import checks, facts, fields, product_table, sources
from b24app.documents.checks import Subject
from b24app.documents.facts import Facts, Other
from b24app.documents.fields import FormField

SEEN = "2026-05-12T10:00:00+00:00"


def field(code: str = "Title", value: str = "x", **known: Any) -> FormField:
    plain: dict[str, Any] = {"title": code, "group": "Deal", "control": "text", "chain": ["TITLE"]}
    return FormField(code=code, value=value, **plain | known)


def row(price: str, quantity: str = "1", rate: str | None = "19", **known: Any) -> ProductRow:
    plain: dict[str, Any] = {
        "price": Decimal(price) * (1 + Decimal(rate or 0) / 100),
        "tax_included": False,
        "price_exclusive": Decimal(price),
    }
    return ProductRow(
        id=1,
        product_id=None,
        product_name="Lamp",
        quantity=Decimal(quantity),
        discount_rate=None,
        discount_sum=None,
        tax_rate=Decimal(rate) if rate else None,
        measure_name="pcs",
        sort=10,
        **plain | known,
    )


def found(
    form: list[FormField],
    typed: dict[str, str] | None = None,
    known: Facts | None = None,
    **more: Any,
) -> dict[str, str]:
    """The findings: code and field, with their level."""
    return {f"{c.code} {c.field}".strip(): c.level for c in run(form, typed, known, **more)}


def run(
    form: list[FormField],
    typed: dict[str, str] | None = None,
    known: Facts | None = None,
    **more: Any,
) -> list[checks.Check]:
    reading = fields.read(form, typed or {})
    plain: dict[str, Any] = {"stamps": False}
    return checks.run(Subject(form, typed or {}, reading, known or Facts(), **plain | more))


def test_a_good_form_has_no_findings() -> None:
    assert found([field(), field("Phone", control="phone")]) == {}


def test_a_required_field_that_is_empty_stops_and_offers_a_name() -> None:
    form = [field("DocumentNumber", "2026-048"), field("DocumentTitle", "", required=True)]
    (check,) = run(form, template="Offer")
    assert (check.level, check.code, check.field) == ("stop", "required", "DocumentTitle")
    assert check.data["offered"] == "Offer 2026-048"
    assert checks.blocking([check]) is check
    assert found(form, {"DocumentTitle": "Offer"}) == {}


def test_a_bad_input_stops() -> None:
    form = [field("Closedate", "01.02.2026", control="date", pattern="d.m.Y")]
    assert found(form, {"Closedate": "soon"}) == {"wrong Closedate": "stop"}


OWN = field("MY_COMPANY", "4", control="select", choices=[["4", "A"], ["6", "B"]], chain=[])


def test_an_own_company_is_asked_for_unless_the_item_names_it() -> None:
    (check,) = run([OWN])
    assert (check.level, check.blocks, check.data["settled"]) == ("ask", False, False)
    (check,) = run([OWN], {"MY_COMPANY": "6"})
    assert check.data["settled"]
    assert found([OWN], known=Facts(my_company_id=4)) == {}
    assert found([OWN], updating=True) == {}


def test_a_choice_without_any_blocks() -> None:
    contact = field("CONTACT", "", control="select", choices=[["1", "A"], ["2", "B"]])
    (check,) = run([contact])
    assert (check.level, check.blocks) == ("ask", True)
    assert found([contact], {"CONTACT": "2"}) == {}
    chosen = field("CONTACT", "1", control="select", choices=[["1", "A"], ["2", "B"]])
    assert found([chosen]) == {}


def test_an_empty_stamp_counts_only_while_stamps_are_on() -> None:
    form = [
        field("Stamp", "", control="picture", stamp=True),
        field("Logo", "", control="picture"),
    ]
    assert found(form) == {"no_picture Logo": "warn"}
    assert found(form, stamps=True) == {"no_picture Logo": "warn", "no_stamp Stamp": "warn"}


def test_unknown_placeholders_are_named_together() -> None:
    form = [field("Typo", "", unknown=True), field("Tpyo", "", unknown=True)]
    (check,) = run(form)
    assert (check.level, check.data["codes"]) == ("warn", ["Typo", "Tpyo"])
    assert found(form, {"Typo": "x", "Tpyo": "y"}) == {}


def test_few_blanks_are_named_one_by_one_and_many_together() -> None:
    assert found([field("A", ""), field("B", "")]) == {"blank A": "warn", "blank B": "warn"}
    many = [field(str(n), "") for n in range(9)]
    assert found(many) == {"blanks": "warn"}


@pytest.mark.parametrize("known", [{"hidden": True}, {"hide_row": True}, {"control": "rows"}])
def test_some_fields_may_be_empty(known: dict[str, Any]) -> None:
    assert "blank Title" not in found([field(value="", **known)])


def test_a_text_for_every_row_is_warned_of() -> None:
    form = [field("Name", "", control="rows", chain=["PRODUCTS", "NAME"])]
    assert found(form, {"Name": "as agreed"}) == {"every_row Name": "warn"}


def seen(*rows: ProductRow, **known: Any) -> Facts:
    plain: dict[str, Any] = {"currency": "EUR", "read_at": SEEN}
    return Facts(**plain | {"products": product_table.table(rows)} | known)


def test_a_total_that_is_not_the_amount_is_told() -> None:
    known = seen(row("100", "3"), amount=Decimal("300.00"), amount_typed=True)
    (check,) = run([], known=known)
    assert (check.code, check.level) == ("total", "warn")
    assert (check.data["total"], check.data["typed"]) == (Decimal("357.00"), True)
    assert found([], known=seen(row("100", "3"), amount=Decimal("357.00"))) == {}
    assert found([], known=seen(row("100", "3"), amount=Decimal("357.01"))) == {}
    assert found([], known=seen(row("100", "3"), amount=None)) == {}


def test_no_rows_matter_where_the_template_prints_them() -> None:
    column = field("Name", "", control="rows", chain=["PRODUCTS", "PRODUCT", "NAME"])
    assert found([column], known=seen(amount=Decimal(5))) == {"no_rows": "warn"}
    assert found([], known=seen(amount=Decimal(5))) == {}


def test_a_long_table_is_not_counted() -> None:
    products = product_table.table([row("1")], complete=False)
    assert found([], known=seen(products=products, amount=Decimal(5))) == {}


def test_currencies_that_differ_are_told() -> None:
    form = [field("TotalSum", "5.00", control="amount", unit="USD")]
    assert found(form, known=seen()) == {"currency": "warn"}
    assert found(form, known=seen(currency="USD")) == {}


def test_a_number_in_use_is_told_and_another_one_is_not() -> None:
    form = [field("DocumentNumber", "7")]
    known = seen(number="7", number_taken=True)
    assert found(form, known=known) == {"number DocumentNumber": "warn"}
    assert found(form, {"DocumentNumber": "8"}, known) == {}
    unsure = seen(number="7", number_taken=True, unchecked=["number"])
    assert found(form, known=unsure) == {"unchecked": "info"}


def test_other_documents_inform_whoever_makes_a_new_one() -> None:
    known = seen(others=[Other(5, "Offer", "7")])
    assert found([], known=known) == {"others": "info"}
    assert found([], known=known, updating=True) == {}


def test_the_worst_comes_first() -> None:
    form = [field("A", ""), OWN, field("DocumentTitle", "", required=True), field(hidden=True)]
    assert [check.level for check in run(form)] == ["stop", "ask", "warn", "info"]


MONEY = st.decimals(min_value="0.01", max_value="99999", places=2)


@given(
    st.lists(st.tuples(MONEY, st.integers(1, 500), st.sampled_from(["19", "7", None])), max_size=9)
)
def test_a_table_adds_up(rows: list[tuple[Decimal, int, str | None]]) -> None:
    table = product_table.table(row(str(p), str(q), rate) for p, q, rate in rows)
    assert table.total == table.net + sum((tax for _, tax in table.taxes), Decimal(0))
    assert table.net == sum((p * q for p, q, _ in rows), Decimal(0))
    known = seen(products=table, amount=table.total)
    assert found([], known=known) == {}
    assert facts.from_row(facts.to_row(known)) == known


def test_tax_in_the_price_is_taken_out_of_it() -> None:
    table = product_table.table([row("100", "2", tax_included=True)])
    assert (table.net, table.taxes, table.total) == (
        Decimal("200.00"),
        [(Decimal(19), Decimal("38.00"))],
        Decimal("238.00"),
    )


@pytest.mark.parametrize(
    ("known", "path"),
    [
        ({"chain": ["TITLE"]}, "/crm/deal/details/501/"),
        ({"chain": ["COMPANY", "ADDRESS"]}, "/crm/company/details/20/"),
        ({"chain": ["CLIENT_PHONE"]}, "/crm/company/details/20/"),
        ({"chain": ["CONTACT", "NAME"]}, "/crm/contact/details/31/"),
        ({"chain": ["MY_COMPANY", "UF_LOGO"]}, "/crm/company/details/6/"),
        ({"chain": ["TOTAL_SUM"]}, ""),
        ({"chain": ["PRODUCTS", "NAME"]}, ""),
        ({"chain": [], "code": "Typo"}, ""),
        ({"chain": ["COMPANY", "TITLE"], "hidden": True}, ""),
    ],
)
def test_each_value_has_the_door_to_where_it_comes_from(known: dict[str, Any], path: str) -> None:
    links = Facts(links=[(4, 20), (3, 30), (3, 31)])
    chosen = {"MY_COMPANY": "6", "CONTACT": "31"}
    assert sources.door(field(**known), links, chosen, (2, 501)) == path


def test_another_contact_than_the_items_own_opens_no_card() -> None:
    links = Facts(links=[(3, 30)])
    f = field(chain=["CONTACT", "NAME"])
    assert sources.door(f, links, {"CONTACT": "99"}, (2, 501)) == "/crm/contact/details/30/"


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"chain": ["TITLE"]}, "title"),
        ({"chain": ["BEGIN_DATE"], "control": "date"}, "begindate"),
        ({"chain": ["UF_CRM_WARRANTY"]}, "UF_CRM_WARRANTY"),
        ({"chain": ["STAGE"]}, ""),
        ({"chain": ["COMPANY", "TITLE"]}, ""),
        ({"chain": ["TITLE"], "hidden": True}, ""),
        ({"chain": ["UF_CRM_X"], "control": "amount"}, ""),
    ],
)
def test_only_plain_fields_of_the_item_can_be_saved_to_it(known: dict[str, Any], name: str) -> None:
    assert sources.writable(field(**known)) == name
