"""Numerators: nested answers, one flat one, and an update that is no patch."""

from __future__ import annotations

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

NUMERATOR = "crm.documentgenerator.numerator."
SEQUENT = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator"


def test_the_answer_of_update_is_flat(anna: Caller) -> None:
    made = anna.call(f"{NUMERATOR}add", fields={"name": "Offers", "template": "{NUMBER}"})
    number = made["numerator"]["id"]
    assert isinstance(number, int)
    assert made["numerator"]["settings"][SEQUENT]["start"] == 1
    got = anna.call(f"{NUMERATOR}get", id=number)["numerator"]
    assert got["id"] == str(number)

    changed = anna.call(
        f"{NUMERATOR}update",
        id=number,
        fields={
            "name": "Offers 2",
            "template": "A-{NUMBER}",
            "settings": {SEQUENT: {"start": 100}},
        },
    )
    assert (changed["id"], changed["name"], changed["code"]) == (str(number), "Offers 2", None)
    assert changed["settings"][SEQUENT]["start"] == 100
    assert changed["settings"][SEQUENT]["step"] == 1


def test_update_without_a_name_changes_nothing_and_says_so_to_nobody(anna: Caller) -> None:
    fields = {"name": "Acts", "template": "{NUMBER}"}
    number = anna.call(f"{NUMERATOR}add", fields=fields)["numerator"]["id"]
    answer = anna.call(f"{NUMERATOR}update", id=number, fields={"template": "B-{NUMBER}"})
    assert answer["template"] == "{NUMBER}"


def test_the_text_false_is_true(anna: Caller) -> None:
    settings = {SEQUENT: {"isDirectNumeration": "false"}}
    made = anna.call(
        f"{NUMERATOR}add", fields={"name": "N", "template": "{NUMBER}", "settings": settings}
    )
    assert made["numerator"]["settings"][SEQUENT]["isDirectNumeration"] is True


def test_the_list_counts_its_page_only(anna: Caller, sandbox: Sandbox) -> None:
    for index in range(60):
        anna.call(f"{NUMERATOR}add", fields={"name": f"N{index}", "template": "{NUMBER}"})
    first = anna.answer(f"{NUMERATOR}list")
    assert (len(first["result"]["numerators"]), first["total"]) == (50, 50)
    assert "next" not in first
    assert "code" not in first["result"]["numerators"][0]
    rest = anna.answer(f"{NUMERATOR}list", start=50)
    assert rest["total"] == len(sandbox.portal_one.numerators) - 50


def test_errors(anna: Caller, boris: Caller) -> None:
    assert anna.refused(f"{NUMERATOR}get") == (400, "100")
    assert anna.refused(f"{NUMERATOR}get", id=9999) == (400, "100")
    assert anna.refused(f"{NUMERATOR}add", fields={"name": "x"}) == (400, "0")
    assert anna.refused(f"{NUMERATOR}add", fields="x") == (400, "100")
    assert boris.refused(f"{NUMERATOR}list") == (400, "0")


def test_the_other_prefix_refuses_what_the_crm_made(anna: Caller) -> None:
    anna.token.scopes.append("documentgenerator")
    fields = {"name": "X", "template": "{NUMBER}"}
    crm = anna.call(f"{NUMERATOR}add", fields=fields)["numerator"]["id"]
    own = anna.call("documentgenerator.numerator.add", fields=fields)["numerator"]["id"]
    refusal = anna.refused("documentgenerator.numerator.update", id=crm, fields=fields)
    assert refusal == (400, "DOCGEN_ACCESS_ERROR")
    assert anna.call("documentgenerator.numerator.delete", id=own) is None
    assert anna.call(f"{NUMERATOR}delete", id=crm) is None
