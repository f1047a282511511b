"""The access doctor names the cause, and mends what an administrator may mend."""

from __future__ import annotations

import re
from typing import Any

import pytest

from b24app.models import TokenChain
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import ACT, CONTRACT, FRAMEWORK, OFFER, SECRECY, made, open_form, text
from tests.people import ANNA, BORIS, CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

PROJECTS, RETAIL_DEAL = 501, 503
MIRA = 22


@pytest.fixture
def ask(console: Frame, boris: Frame) -> Any:
    """`ask(BORIS, template=OFFER)`: what Anna reads. Boris has opened Docket a moment ago."""

    def find_out(person: int, template: int | str = "", deal: int | str = "") -> str:
        query = f"person={person}&template={template}&deal={deal}"
        answer = console.get(f"console/access/?{query}")
        assert answer.status_code == 200, text(answer)
        return text(answer)

    return find_out


def said(page: str) -> str:
    """The one sentence."""
    found = re.search(r'id="diagnosis-h">(.*?)</h2>', page, re.S)
    assert found, page
    return " ".join(found[1].split())


def ticks(page: str) -> dict[str, bool | None]:
    """The conditions as they are shown: met, not met, unknown."""
    marks = {"m-ready": True, "m-stop": False, "m-info": False, "m-unknown": None}
    rows = re.findall(r'<use href="#(m-\w+)"/></svg><span>(.*?)</span></li>', page, re.S)
    plain = [(mark, re.sub(r"<.*?>|\s+", " ", words)) for mark, words in rows]
    return {" ".join(w.split()).removesuffix(" · unknown"): marks[mark] for mark, w in plain}


def mend(console: Frame, what: str, template: int, deal: int | str = PROJECTS) -> str:
    data = {"person": str(BORIS), "template": str(template), "deal": str(deal), "what": what}
    answer = console.post("console/access/mend/", data)
    assert answer.status_code == 200, text(answer)
    return text(answer)


def test_nothing_stands_in_the_way_of_boris(ask: Any, boris: Frame) -> None:
    made(open_form(boris, OFFER).send())
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page) == "Nothing stands in the way of Boris Hartmann."
    told = ticks(page)
    assert told["May make and change documents"] is True
    assert told["It is open to this person"] is True
    assert [words for words, met in told.items() if met is False] == [
        "May not change templates; making documents needs no such right, Docket reads the fields"
        " for them"
    ]


# The causes, each by its name


def test_cause_inactive_and_anna_activates_it(ask: Any, console: Frame, sandbox: Sandbox) -> None:
    template = sandbox.portal_one.templates[OFFER]
    template.active = False
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page) == "“Offer” is inactive: nobody is offered it until it is active."
    assert "Activate the template" in page
    page = mend(console, "activate", OFFER)
    assert "The template is active now." in page
    assert template.active
    assert template.users == ["UA"]


def test_cause_deleted(ask: Any, sandbox: Sandbox) -> None:
    sandbox.portal_one.templates[OFFER].is_deleted = True
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page).startswith("The template was deleted in Bitrix24")
    assert "It is open" not in page
    del sandbox.portal_one.templates[CONTRACT]
    assert said(ask(BORIS, CONTRACT)).startswith("The template was deleted in Bitrix24")


def test_cause_another_pipeline_and_anna_binds_it(
    ask: Any, console: Frame, sandbox: Sandbox
) -> None:
    template = sandbox.portal_one.templates[FRAMEWORK]
    page = ask(BORIS, FRAMEWORK, PROJECTS)
    assert said(page) == "“Framework agreement” is not bound to the pipeline of deal 501."
    page = mend(console, "bind", FRAMEWORK)
    assert "The template is bound to this pipeline now." in page
    assert template.entity_type_ids == ["2_category_1", "2_category_0"]
    assert template.users == ["UA"]


def test_cause_another_kind_of_object(ask: Any, sandbox: Sandbox) -> None:
    sandbox.portal_one.templates[OFFER].entity_type_ids = ["31_1"]
    assert "not bound to the pipeline of deal 501" in said(ask(BORIS, OFFER, PROJECTS))


def test_cause_not_among_its_users_and_anna_opens_it(
    ask: Any, console: Frame, boris: Frame, sandbox: Sandbox
) -> None:
    template = sandbox.portal_one.templates[SECRECY]
    page = ask(BORIS, SECRECY, PROJECTS)
    assert said(page) == (
        "“Non-disclosure agreement” is open to others, but not to Boris Hartmann."
    )
    page = mend(console, "open", SECRECY)
    assert "The template is open to Boris Hartmann now." in page
    assert template.users == ["U1", "U7"]
    assert "Non-disclosure agreement" in text(boris.get("new/")), "and he is offered it at once"


def test_cause_no_right_to_change_documents(ask: Any, boris: Frame, sandbox: Sandbox) -> None:
    made(open_form(boris, OFFER).send())
    user = sandbox.portal_one.users[BORIS]
    user.documents_modify = False
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page).startswith("Boris Hartmann may see documents but not make them")
    user.documents_view = False
    assert said(ask(BORIS, OFFER, PROJECTS)).startswith("Boris Hartmann may not see documents")


def test_cause_the_deal_is_not_his_to_read(ask: Any, sandbox: Sandbox, docket: Application) -> None:
    people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, RETAIL_DEAL)
    page = ask(CLARA, OFFER, PROJECTS)
    assert said(page) == (
        "Clara Sommer may not read deal 501: CRM access rights in Bitrix24 decide that."
    )


def test_cause_no_such_deal(ask: Any) -> None:
    assert said(ask(BORIS, OFFER, 99999)).startswith("There is no deal 99999")


def test_cause_no_access_to_the_application(ask: Any, sandbox: Sandbox) -> None:
    sandbox.portal_one.users[BORIS].uses_application = False
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page) == (
        "Boris Hartmann may not open Docket: add the person to the application’s rights in "
        "Bitrix24."
    )


def test_cause_a_scope_is_missing(boris: Frame, sandbox: Sandbox, docket: Application) -> None:
    docket.scopes.remove("crm")
    anna = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    page = text(anna.get(f"console/access/?person={BORIS}&template={OFFER}&deal={PROJECTS}"))
    assert said(page).startswith("Docket lacks the right crm")


def test_cause_the_tab_is_gone_and_anna_repairs_it(
    ask: Any, console: Frame, sandbox: Sandbox
) -> None:
    nordwerk = sandbox.portal_one
    nordwerk.placements = [o for o in nordwerk.placements if o.placement != people.TAB]
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page).startswith("The deal card has no tab of Docket")
    assert console.post("console/settings/repair/").status_code == 200
    assert people.TAB in {one.placement for one in nordwerk.placements}
    assert "The deal card has Docket’s tab" in ask(BORIS, OFFER, PROJECTS)


def test_cause_the_plan_has_ended(ask: Any, sandbox: Sandbox) -> None:
    sandbox.state.options.rest_refusal = "plan"
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page).startswith("The portal’s plan has ended")


def test_cause_background_work_is_disconnected(ask: Any) -> None:
    TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION).update(dead=True)
    page = ask(BORIS, OFFER, PROJECTS)
    assert said(page).startswith("Background work is disconnected")
    assert 'data-ticket="' in page


def test_cause_the_portal_is_silent(ask: Any, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault("*", "html", status=502, times=9))
    assert said(ask(BORIS, OFFER, PROJECTS)).startswith("Bitrix24 is not answering")


# What is not known is not guessed


def test_of_who_has_not_opened_docket_only_is_said_what_is_known(ask: Any) -> None:
    page = ask(MIRA, OFFER, PROJECTS)
    assert said(page) == "Nothing that could be asked stands in the way of User 22."
    assert "Unknown: User 22 has not opened Docket lately" in page
    told = ticks(page)
    assert told["May read the deal"] is None
    assert told["May make and change documents"] is None
    assert told["It is open to this person"] is True
    page = ask(MIRA, SECRECY, PROJECTS)
    assert "is open to others, but not to User 22" in said(page)


def test_a_dead_token_tells_nothing_about_boris(ask: Any) -> None:
    TokenChain.objects.filter(user_id=BORIS).update(dead=True)
    page = ask(BORIS, OFFER, PROJECTS)
    assert "Boris Hartmann has not opened Docket lately" in page


def test_departments_cannot_be_decided(ask: Any) -> None:
    page = ask(BORIS, ACT, PROJECTS)
    assert ticks(page)["It is open to this person"] is None
    assert "only Bitrix24 can decide" in page


def test_a_deal_alone_lists_what_is_not_offered_there(ask: Any) -> None:
    page = ask(BORIS, deal=f"http://localhost/crm/deal/details/{PROJECTS}/?tab=documents")
    assert ticks(page)["4 templates are offered in the deal"] is True
    assert "2 templates are not offered there" in page
    assert "bound to other pipelines" in page
    assert "not open to this person" in page


# Input, and answers that are lost


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("person=&template=39&deal=", "Choose a person."),
        ("person=7&template=&deal=", "Choose a template, or type a deal."),
        ("person=7&template=39&deal=soon", "Type the number of a deal"),
        ("person=7&other=x&template=39&deal=", "Type the number of a user"),
        ("person=٣&template=39&deal=", "Choose a person."),
    ],
)
def test_bad_input_is_told_beside_the_field(console: Frame, query: str, sentence: str) -> None:
    answer = console.get(f"console/access/?{query}")
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_lost_answer_is_looked_for(
    ask: Any, console: Frame, sandbox: Sandbox, later: Later
) -> None:
    method = "crm.documentgenerator.template.update"
    sandbox.state.faults.add(Fault(method, "cut", after=True, times=3))
    page = mend(console, "open", SECRECY)
    assert "Bitrix24’s answer was lost. This is how it is now." in page
    assert "It is open to this person" in page
    assert sandbox.portal_one.templates[SECRECY].users == ["U1", "U7"]


def test_what_is_mended_already_is_not_mended_again(
    ask: Any, console: Frame, sandbox: Sandbox
) -> None:
    page = mend(console, "activate", OFFER)
    assert "The template is active now" not in page
    assert sandbox.state.record.executed("crm.documentgenerator.template.update") == 0
