"""Anna sets up numerators: what she sees, what the portal holds afterwards."""

from __future__ import annotations

import re
from typing import Any

import pytest

from b24app.models import Portal
from tests.integration.pages import text
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.generator.numerators import SEQUENT
from tests.sandbox.seeds.numerators import ACTS, DEFAULT, OFFERS
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Numerator, Region

CRM, OWN = "crm.documentgenerator.numerator.", "documentgenerator.numerator."
PATH = "console/numerators/"
CONTRACT_OF_2027: dict[str, str] = {
    "name": "Contracts of the service company",
    "template": "{PREFIX}-{YEAR}-{NUMBER}",
    "prefix": "SV",
    "start": "100",
    "step": "10",
    "length": "5",
    "pad": "0",
    "periodic_by": "month",
    "timezone": "Europe/Berlin",
    "direct": "on",
    "random_length": "5",
}
OFFERS_FORM = {
    **CONTRACT_OF_2027,
    "name": "Offers",
    "template": "{YEAR}-{NUMBER}",
    "start": "1",
    "step": "1",
    "length": "3",
    "periodic_by": "year",
    "direct": "",
}


def named(sandbox: Sandbox, name: str) -> list[Numerator]:
    return [one for one in sandbox.portal_one.numerators.values() if one.name == name]


def sent(sandbox: Sandbox, method: str) -> int:
    return len(sandbox.state.record.rest(method))


def test_the_list_says_who_uses_what(console: Frame) -> None:
    page = text(console.get(PATH))
    for name in ("Offers", "Contracts", "Invoices", "Acts", "Portal default"):
        assert name in page
    assert "{YEAR}-{NUMBER}" in page
    assert "every year, 2 templates" in page
    assert "Docket lacks the right “documentgenerator”" in page


def test_one_numerator_shows_its_next_five_and_spends_none(
    console: Frame, sandbox: Sandbox
) -> None:
    before = dict(sandbox.portal_one.numerators[OFFERS].sequences)
    page = text(console.get(f"{PATH}{OFFERS}/"))
    year = sandbox.state.now().year
    shown = [f"<li>{year}-0{number}</li>" for number in range(48, 53)]
    assert all(one in page for one in shown), page
    assert "what Bitrix24 shows as next" in page
    assert "for Nordwerk Innenausbau GmbH" in page
    assert f"{year + 1}-001" in page
    assert f"from 1 January {year + 1}, 00:00 in Europe/Berlin" in page
    assert "used by Offer" in page
    assert sandbox.portal_one.numerators[OFFERS].sequences == before


def test_a_numerator_without_documents_starts_its_preview_honestly(console: Frame) -> None:
    page = text(console.get(f"{PATH}{DEFAULT}/"))
    assert "Bitrix24 tells no application where a sequence stands" in page


def test_the_next_numbers_follow_what_is_typed(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.record.clear()
    typed = {**OFFERS_FORM, "template": "A-{NUMBER}", "step": "5", "length": "6", "next": "48"}
    page = text(console.post(f"{PATH}preview/", typed, target="next"))
    assert "<li>A-000048</li><li>A-000053</li>" in page
    assert sandbox.state.record.rest() == []
    typed |= {"start": "7", "was_start": "1"}
    page = text(console.post(f"{PATH}preview/", typed, target="next"))
    assert "does not touch a sequence that runs" in page
    assert "A-000007" in page, "the first of next year"
    typed["step"] = "-1"
    page = text(console.post(f"{PATH}preview/", typed, target="next"))
    assert "once what is typed can be read" in page


@pytest.mark.parametrize("number", ["x", "-5", "9" * 30, "²"])
def test_a_made_up_standing_is_not_believed(console: Frame, number: str) -> None:
    page = text(console.post(f"{PATH}preview/", {**OFFERS_FORM, "next": number}))
    assert "-001</li>" in page


def test_anna_makes_a_numerator_with_every_setting(console: Frame, sandbox: Sandbox) -> None:
    assert "New numerator" in text(console.get(f"{PATH}new/"))
    page = text(console.follow(console.post(f"{PATH}new/", CONTRACT_OF_2027)))
    assert "Made" in page
    assert "used by no template" in page
    (made,) = named(sandbox, CONTRACT_OF_2027["name"])
    assert made.template == "{PREFIX}-{YEAR}-{NUMBER}"
    assert made.settings[SEQUENT] == {
        "start": 100,
        "step": 10,
        "length": 5,
        "padString": "0",
        "periodicBy": "month",
        "timezone": "Europe/Berlin",
        "isDirectNumeration": True,
    }
    assert {"prefix": "SV"} in made.settings.values()


def test_anna_changes_all_of_it(console: Frame, sandbox: Sandbox) -> None:
    changed = {**CONTRACT_OF_2027, "name": "Offers", "template": "{PREFIX}{NUMBER}-{RANDOM}"}
    page = text(console.post(f"{PATH}{OFFERS}/", changed))
    assert "Saved" in page
    stored = sandbox.portal_one.numerators[OFFERS]
    assert stored.template == "{PREFIX}{NUMBER}-{RANDOM}"
    assert stored.settings[SEQUENT]["isDirectNumeration"] is True
    off = {**changed, "direct": "", "periodic_by": ""}
    assert "Saved" in text(console.post(f"{PATH}{OFFERS}/", off))
    assert stored.settings[SEQUENT]["isDirectNumeration"] is False
    assert not stored.settings[SEQUENT]["periodicBy"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Give it a name."),
        ({"template": "INV"}, "every document would get the same number"),
        ({"template": "{NUMBER"}, "A brace is open or closed once too often."),
        ({"template": "{NUMER}-{NUMBER}"}, "does not know one of the words"),
        ({"start": "one"}, "from 0 on"),
        ({"step": "0"}, "from 1 to 1,000,000"),
        ({"length": "900"}, "from 0 to 40"),
        ({"pad": "00"}, "One character."),
        ({"timezone": "Mars/Base"}, "does not know this time zone"),
        ({"template": "{PREFIX}{NUMBER}", "prefix": ""}, "say what stands for it"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    console: Frame, sandbox: Sandbox, typed: dict[str, str], sentence: str
) -> None:
    answer = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "prefix": "kept", **typed})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert sent(sandbox, f"{CRM}update") == 0


def test_a_change_that_is_not_taken_over_is_told(console: Frame, sandbox: Sandbox) -> None:
    """A portal of an old build answers success, and has dropped what it does not know."""
    sandbox.state.options.numerators_know_padding = False
    answer = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "5", "length": "9"})
    assert answer.status_code == 409
    assert "has not taken over everything" in text(answer)
    assert "It stands otherwise there: Digits." in text(answer)
    assert 'name="length" value="9"' in text(answer), "what was typed stays"


def test_what_only_the_portal_may_change_says_so(
    wide: Application, console: Frame, sandbox: Sandbox
) -> None:
    sandbox.state.options.numerators_of_documentation = True
    answer = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "5"})
    assert answer.status_code == 409
    assert "Only Bitrix24 itself can change this numerator." in text(answer)
    assert 'name="step" value="5"' in text(answer)
    answer = console.post(f"{PATH}{OFFERS}/delete/")
    assert (answer.status_code, OFFERS in sandbox.portal_one.numerators) == (409, True)


def test_the_generators_own_numerators(wide: Application, console: Frame, sandbox: Sandbox) -> None:
    """With its scope: listed, made, changed and deleted by the generator's own methods."""
    sandbox.state.options.numerators_of_documentation = True
    page = text(console.get(f"{PATH}new/"))
    assert "the generator’s own" in page
    assert "lacks the right" not in page
    console.follow(console.post(f"{PATH}new/", {**CONTRACT_OF_2027, "kind": "own"}))
    assert (sent(sandbox, f"{OWN}add"), sent(sandbox, f"{OWN}get")) == (1, 1)
    (made,) = named(sandbox, CONTRACT_OF_2027["name"])
    page = text(console.post(f"{PATH}{made.id}/", {**CONTRACT_OF_2027, "step": "2"}))
    assert "Saved" in page
    assert made.settings[SEQUENT]["step"] == 2
    assert sent(sandbox, f"{OWN}update") == 1
    assert sent(sandbox, f"{CRM}update") == 0
    console.post(f"{PATH}{made.id}/delete/")
    assert sent(sandbox, f"{OWN}delete") == 1
    assert named(sandbox, CONTRACT_OF_2027["name"]) == []


def test_one_of_the_crm_is_changed_by_the_crms_methods(
    wide: Application, console: Frame, sandbox: Sandbox
) -> None:
    """The generator's own refuse what they did not make; nothing is changed by that."""
    assert "Saved" in text(console.post(f"{PATH}{ACTS}/", {**OFFERS_FORM, "name": "Acts 2"}))
    assert (sent(sandbox, f"{OWN}update"), sent(sandbox, f"{CRM}update")) == (1, 1)
    assert sandbox.portal_one.numerators[ACTS].name == "Acts 2"


def test_deleting_says_what_follows_first(console: Frame, sandbox: Sandbox) -> None:
    page = text(console.get(f"{PATH}{OFFERS}/delete/?ask", target="delete"))
    assert "Offer" in page
    assert "Their next documents take the portal’s own numerator" in page
    assert OFFERS in sandbox.portal_one.numerators
    page = text(console.follow(console.post(f"{PATH}{OFFERS}/delete/")))
    assert "The numerator is deleted." in page
    assert OFFERS not in sandbox.portal_one.numerators
    answer = console.get(f"{PATH}{OFFERS}/")
    assert answer.status_code == 404
    assert "is not there any more" in text(answer)


def test_a_lost_answer_makes_no_second_numerator(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault(f"{CRM}add", "cut", after=True))
    page = text(console.follow(console.post(f"{PATH}new/", CONTRACT_OF_2027)))
    assert "the answer was lost, and Docket found it" in page
    assert len(named(sandbox, CONTRACT_OF_2027["name"])) == 1


def test_a_numerator_that_never_came_is_said_so_and_may_be_made_again(
    console: Frame, sandbox: Sandbox
) -> None:
    sandbox.state.faults.add(Fault(f"{CRM}add", "cut"))
    answer = console.post(f"{PATH}new/", CONTRACT_OF_2027)
    assert answer.status_code == 409
    assert "the numerator is not there" in text(answer)
    assert f'value="{CONTRACT_OF_2027["name"]}"' in text(answer)
    console.post(f"{PATH}new/", CONTRACT_OF_2027)
    answer = console.post(f"{PATH}new/", CONTRACT_OF_2027)
    assert "perhaps of the last press" in text(answer)
    assert len(named(sandbox, CONTRACT_OF_2027["name"])) == 1


def test_a_lost_change_is_read_back(console: Frame, sandbox: Sandbox) -> None:
    fault = Fault(f"{CRM}update", "html", status=502, after=True, times=9)
    sandbox.state.faults.add(fault)
    assert "Saved" in text(console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "5"}))
    sandbox.state.faults.clear()
    sandbox.state.faults.add(Fault(f"{CRM}update", "html", status=502, times=9))
    answer = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "7"})
    assert answer.status_code == 409
    assert "the old settings are still there" in text(answer)
    sandbox.state.faults.clear()
    sandbox.state.faults.add(Fault(f"{CRM}delete", "html", status=502, times=9))
    answer = console.post(f"{PATH}{OFFERS}/delete/")
    assert "the numerator is still there" in text(answer)


def test_a_refusal_keeps_what_was_typed(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault(f"{CRM}update", "error", status=400, code="0", message="No."))
    answer = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "7"})
    assert answer.status_code == 409
    assert "Bitrix24 said no" in text(answer)
    assert 'name="step" value="7"' in text(answer)


def test_more_than_fifty_numerators(console: Frame, sandbox: Sandbox) -> None:
    for index in range(60):
        number = sandbox.portal_one.next_id("numerator")
        sandbox.portal_one.numerators[1000 + number] = Numerator(
            1000 + number, f"Shop {index}", "{NUMBER}", {}
        )
    page = text(console.get(PATH))
    assert all(f"Shop {index}<" in page for index in range(60))


def test_what_was_typed_is_put_back_only_into_the_same_form(
    console: Frame, sandbox: Sandbox
) -> None:
    """The page's script keeps it by the form's address."""
    before = form_address(text(console.get(f"{PATH}{OFFERS}/")))
    problem = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "0"})
    assert form_address(text(problem)) == before
    saved = console.post(f"{PATH}{OFFERS}/", {**OFFERS_FORM, "step": "5"})
    assert form_address(text(saved)) != before
    new = form_address(text(console.get(f"{PATH}new/")))
    console.post(f"{PATH}new/", CONTRACT_OF_2027)
    assert form_address(text(console.get(f"{PATH}new/"))) != new


def form_address(page: str) -> str:
    found = re.search(r'id="edit" method="post" action="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_numerator_that_cannot_be_read_hides_no_other(console: Frame, sandbox: Sandbox) -> None:
    sandbox.portal_one.numerators[OFFERS].settings[SEQUENT]["start"] = "many"
    assert "Contracts" in text(console.get(PATH))
    assert console.get(f"{PATH}{OFFERS}/").status_code == 503
    assert console.get(f"{PATH}{ACTS}/").status_code == 200


def test_a_hostile_name_stays_text(console: Frame, sandbox: Sandbox) -> None:
    sandbox.portal_one.numerators[OFFERS].name = "<script>alert(1)</script>"
    sandbox.portal_one.numerators[OFFERS].template = "<b>{NUMBER}"
    answer = console.get(f"{PATH}{OFFERS}/")
    assert b"<script>alert" not in answer.content
    assert b"<b>0" not in answer.content


def test_regions_and_who_uses_them(wide: Application, console: Frame, sandbox: Sandbox) -> None:
    console.get(PATH)
    phrases = {"TAX_INCLUDED": "inkl. MwSt."}
    austria = Region(7, "Austria", "de", "d.m.Y", "d.m.Y H:i", "#NAME#", phrases)
    sandbox.portal_one.regions[7] = austria
    page = text(console.get(f"{PATH}regions/"))
    assert page.index("Germany") < page.index("France"), "used ones first"
    assert "Austria" in page
    assert "used by" in page
    assert "Administrator" in page
    assert "makes and reads" in page
    part = text(console.get(f"{PATH}regions/7/", target="region-7"))
    assert "inkl. MwSt." in part
    assert console.get(f"{PATH}regions/99/").status_code == 404
    assert console.get(f"{PATH}regions/d.e/").status_code == 404


def test_without_the_scope_regions_say_what_to_do(console: Frame) -> None:
    page = text(console.get(f"{PATH}regions/"))
    assert "tick “documentgenerator”" in page


def test_a_plan_without_roles_shows_its_regions(
    wide: Application, console: Frame, sandbox: Sandbox
) -> None:
    sandbox.state.options.roles_on_plan = False
    page = text(console.get(f"{PATH}regions/"))
    assert "Bitrix24 does not show roles here" in page
    assert "Germany" in page


def test_boris_is_not_let_in(boris: Frame, portal: Portal) -> None:
    answer: Any = boris.get(f"/p/{portal.key}/{PATH}")
    assert answer.status_code == 403
