"""What can be said of a template without asking anybody: its bindings, its users, its form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.console import bindings, template_form, template_users
from b24app.console.bindings import Binding, Kind
from b24app.console.template_files import MOST_PARAGRAPHS, _changes
from b24app.console.template_form import Known, Typed
from b24app.console.template_list import Wanted, fits
from b24app.documents.errors import FieldsWrong

PIPELINES = {2: {0: "Projects", 1: "Retail"}, 31: {1: "General"}}
OFFER = DocumentTemplate(
    id=39,
    name="Offer for works",
    region="de",
    active=True,
    is_deleted=False,
    with_stamps=False,
    numerator_id=3,
    sort=100,
    entity_types=("2_category_0", "1"),
    users=("UA",),
    update_time=None,
)
KNOWN = Known(
    {3: "Offers"},
    ["de", "uk"],
    [Kind(2, "Deals", [Binding("2_category_0", "Deals, Projects", "Projects", 2)])],
)
FORM = Typed(name="Offer", numerator="3", region="de", bindings=("2_category_0",))


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("2_category_0",), "Deals: Projects"),
        (("2_category_0", "2_category_1"), "Deals"),
        (("2",), "Deals"),
        (("31_1",), "Invoices"),
        (("2_category_7", "1"), "Deals: pipeline 7; Leads"),
        (("177_3",), "Smart process 177: pipeline 3"),
        (("3", "Bitrix\\Own"), "Contacts; Bitrix\\Own"),
        ((), ""),
    ],
)
def test_where_a_template_is_offered(codes: tuple[str, ...], said: str) -> None:
    assert bindings.offered_in(replace(OFFER, entity_types=codes), PIPELINES) == said


@given(st.text(max_size=40))
def test_any_binding_has_a_name(code: str) -> None:
    assert bindings.name_of(code, PIPELINES) or not code
    assert isinstance(bindings.offered_in(replace(OFFER, entity_types=(code,)), {}), str)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("UA", "Everybody"),
        ("U7", "Boris Keller"),
        ("U8", "Person 8"),
        ("D5", "Department 5"),
        ("DR5", "Department 5 and below"),
        ("SG3", "Workgroup 3"),
        ("SG3_K", "SG3_K"),
        ("CHAT5", "CHAT5"),
        ("<b>", "<b>"),
    ],
)
def test_who_a_code_means(code: str, said: str) -> None:
    assert template_users.label(code, {7: "Boris Keller"}) == said


def test_codes_typed_in_a_line() -> None:
    assert template_users.split(" u7, DR5;sg3_k\nU7 ") == ["U7", "DR5", "SG3_K"]


@given(st.text(max_size=30))
def test_only_codes_of_bitrix24_pass(text: str) -> None:
    """Nothing but letters, digits and one underscore is ever sent as a code."""
    if template_users.VALID.fullmatch(text):
        assert text.replace("_", "").isascii()
        assert text.replace("_", "").isalnum()


def test_users_are_always_told() -> None:
    assert template_form.checked(FORM, KNOWN).users == ("UA",)
    some = replace(FORM, everybody=False, codes=("U7",), more="d5")
    assert template_form.checked(some, KNOWN).users == ("U7", "D5")
    with pytest.raises(FieldsWrong) as caught:
        template_form.checked(replace(FORM, everybody=False), KNOWN)
    assert set(caught.value.problems) == {"users"}


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(FieldsWrong) as caught:
        template_form.checked(Typed(everybody=False, sort="many"), KNOWN, file="None chosen.")
    assert set(caught.value.problems) == {
        *("name", "numerator", "region", "bindings", "users", "sort", "file")
    }


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=8))
def test_any_post_is_a_form_that_is_kept_and_read_again(post: dict[str, str]) -> None:
    form = template_form.typed(post)
    assert Typed.of_kept(form.kept()) == form


def test_a_template_becomes_a_form_and_the_same_values_again() -> None:
    some = replace(OFFER, entity_types=("2_category_0",), users=("U7", "SG4_E"))
    values = template_form.checked(template_form.of_template(some), KNOWN)
    assert (values.name, values.numerator_id, values.sort) == ("Offer for works", 3, 100)
    assert (values.users, values.entity_types) == (some.users, some.entity_types)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), True),
        (Wanted(words="WORKS off"), True),
        (Wanted(words="works invoice"), False),
        (Wanted(kind="1"), True),
        (Wanted(kind="31"), False),
        (Wanted(pipeline="2_category_0"), True),
        (Wanted(pipeline="2_category_1"), False),
        (Wanted(region="uk"), False),
        (Wanted(state="on"), True),
        (Wanted(state="off"), False),
    ],
)
def test_what_fits_a_search(wanted: Wanted, found: bool) -> None:
    assert fits(OFFER, wanted) is found


@given(
    st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12)
)
def test_changes_lead_from_one_text_to_the_other(left: list[str], right: list[str]) -> None:
    """What is not named as changed is the same on both sides."""
    changes = list(_changes(left, right))
    gone = [one for before, _after in changes for _kind, one in before]
    came = [one for _before, after in changes for _kind, one in after]
    assert len(left) - len(gone) == len(right) - len(came)
    assert (changes == []) is (left == right)
    assert len(left) <= MOST_PARAGRAPHS
