"""An update in three columns: what is printed, what the CRM says, and what will be written."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from b24app.documents import capture, settle
from b24app.models import Intent, Portal, Snapshot
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, Form, made, open_form, text
from tests.people import BORIS, CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

UPDATE = "crm.documentgenerator.document.update"
LIST = "crm.documentgenerator.document.list"


@pytest.fixture
def document_id(boris: Frame, portal: Portal, later: Later) -> int:
    """Boris's offer, its first version read; some minutes have passed."""
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Refit"}))
    capture.capture(portal.pk)
    later(minutes=5)
    return document_id


def open_update(frame: Frame, document_id: int, query: str = "") -> Form:
    return Form(frame, frame.follow(frame.get(f"documents/{document_id}/edit/{query}")))


def choose(form: Form, **choices: str) -> None:
    for code, choice in choices.items():
        assert f"c-{code}" in form.inputs, f"no choice for {code}"
        form.inputs[f"c-{code}"] = choice


def rest(form: Form, what: str) -> None:
    """As the page's script does it."""
    form.inputs["rest"] = what
    for name in form.inputs:
        if name.startswith("c-"):
            form.inputs[name] = "printed" if what == "keep" else what


def printed(document_id: int, version: int) -> list[str]:
    """The texts of a version's .docx, paragraph by paragraph."""
    snapshot = Snapshot.objects.get(document_id=document_id, version=version)
    body = snapshot.files.get(kind="docx").body
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = sorted(
            n for n in package.namelist() if re.match(r"word/(document|header|footer)", n)
        )
        xml = "".join(package.read(name).decode() for name in parts)
    found = re.findall(r"<w:p[ >].*?</w:p>", xml, re.S)
    return ["|".join(re.findall(r"<w:t[^>]*>(.*?)</w:t>|<w:br", one, re.S)) for one in found]


def different(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    assert len(before) == len(after)
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def sent(sandbox: Sandbox) -> dict[str, Any]:
    call = sandbox.state.record.rest(UPDATE)[-1]
    return {key: value for key, value in call.params["values"].items() if key != "DocketMarker"}


def lindner(sandbox: Sandbox) -> Any:
    """The client of deal 501."""
    return sandbox.portal_one.companies[20].requisites[0]


def move(sandbox: Sandbox) -> None:
    """The deal's amount, its dates and its client's address become others in Bitrix24."""
    deal = sandbox.portal_one.deals[501]
    deal.opportunity, deal.is_manual_opportunity = Decimal("51000"), True
    deal.begin_date = deal.begin_date + timedelta(days=14)
    deal.user_fields["UF_CRM_PAYMENT_TERMS"] = "Net."
    client = lindner(sandbox)
    client.registered_address = replace(client.registered_address, street_2="3rd floor")


MOVED = {"BeginDate", "RequisiteRegisteredAddressText", "UfCrmPaymentTerms"}


def choices(form: Form) -> set[str]:
    return {name.removeprefix("c-") for name in form.inputs if name.startswith("c-")}


# The three columns


def test_only_what_differs_is_listed_and_the_rest_is_kept(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    same = open_update(boris, document_id)
    assert choices(same) == set()
    assert "Nothing: the document prints what the CRM says" in same.page
    move(sandbox)
    form = open_update(boris, document_id)
    assert choices(form) == MOVED
    assert {form.inputs[f"c-{code}"] for code in MOVED} == {"printed"}
    assert form.inputs["rest"] == "keep"
    assert "<ins>Net.</ins>" in form.page
    assert "Write version 2" in form.page
    assert "3 fields change to what the CRM says now" in form.page
    assert "Writes the same values again" in form.page


def test_with_the_rest_kept_the_file_differs_in_exactly_the_field_that_was_typed(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    before = printed(document_id, 1)
    move(sandbox)
    form = open_update(boris, document_id)
    assert made(form.send({"AssignedWorkPosition": "Head of sales"})) == document_id
    capture.capture(portal.pk)
    (pair,) = different(before, printed(document_id, 2))
    assert pair[1] == pair[0].replace("Key account manager", "Head of sales")
    assert set(sent(sandbox)) == {*MOVED, "AssignedWorkPosition"}
    number = sandbox.portal_one.documents[document_id].number
    assert Snapshot.objects.get(version=1).content["document"]["number"] == number
    # The overrides that keep the rest are not forgotten by the next update, and no drift by it.
    again = open_update(boris, document_id)
    assert choices(again) == {*MOVED, "AssignedWorkPosition"}
    again.send({"Title": "Refit, all of it"})
    capture.capture(portal.pk)
    assert len(different(printed(document_id, 2), printed(document_id, 3))) == 1


def test_what_goes_back_to_the_printed_value_in_the_crm_follows_it_no_more(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    """An override that equals the CRM is not kept by Bitrix24: it is frozen anew, from ours."""
    deal = sandbox.portal_one.deals[501]
    was = deal.user_fields["UF_CRM_PAYMENT_TERMS"]
    for terms in ("Net.", was, "Cash."):
        deal.user_fields["UF_CRM_PAYMENT_TERMS"] = terms
        open_update(boris, document_id).send()
        capture.capture(portal.pk)
    last = Snapshot.objects.get(version=4)
    fields = {field["code"]: field for field in last.content["fields"]}
    assert fields["UfCrmPaymentTerms"]["shown"] == was
    assert different(printed(document_id, 1), printed(document_id, 4)) == []


def test_with_all_taken_from_the_crm_all_of_them_differ_as_announced(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    before = printed(document_id, 1)
    move(sandbox)
    form = open_update(boris, document_id)
    rest(form, "crm")
    said = text(boris.post(f"{form.path}check/", dict(form.inputs)))
    assert "Writes <b>3 values</b>" in said
    assert made(form.send()) == document_id
    capture.capture(portal.pk)
    after = printed(document_id, 2)
    changed = different(before, after)
    assert len(changed) == 3
    assert any("3rd floor" in is_now for _was, is_now in changed)
    assert any("Net." in is_now for _was, is_now in changed)
    assert sent(sandbox) == {}, "Bitrix24 computes them itself"
    assert choices(open_update(boris, document_id)) == set()


def test_an_override_is_given_up_for_the_crm_with_null(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later
) -> None:
    document_id = made(open_form(boris, OFFER).send({"ClientName": "Somebody else"}))
    capture.capture(portal.pk)
    later(minutes=5)
    form = open_update(boris, document_id)
    assert choices(form) == {"ClientName"}
    choose(form, ClientName="crm")
    form.send()
    assert sent(sandbox) == {"ClientName": None}
    assert "ClientName" not in sandbox.portal_one.documents[document_id].values


def test_each_field_is_chosen_by_itself(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    move(sandbox)
    form = open_update(boris, document_id)
    choose(form, BeginDate="other", UfCrmPaymentTerms="crm")
    bad = Form(boris, form.send({"BeginDate": "soon"}))
    assert "This is not a date" in bad.problem("BeginDate")
    assert bad.inputs["c-UfCrmPaymentTerms"] == "crm"
    assert bad.value("BeginDate") == "soon"
    assert sandbox.state.record.count(UPDATE) == 0
    bad.send({"BeginDate": "24.12.2026"})
    values = sent(sandbox)
    assert set(values) == {"BeginDate", "RequisiteRegisteredAddressText"}
    assert values["BeginDate"] == "2026-12-24"
    capture.capture(portal.pk)
    assert "was written" not in text(boris.get(f"documents/{document_id}/"))


def test_what_the_crm_changed_after_the_page_was_opened_is_kept_as_printed_too(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    form = open_update(boris, document_id)
    move(sandbox)
    form.send({"Title": "Refit, all of it"})
    capture.capture(portal.pk)
    assert len(different(printed(document_id, 1), printed(document_id, 2))) == 1


def test_the_sentence_in_the_bar_costs_bitrix24_nothing(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    move(sandbox)
    form = open_update(boris, document_id)
    sandbox.state.record.clear()
    choose(form, BeginDate="crm")
    said = text(boris.post(f"{form.path}check/", {**form.inputs, "f-DocumentNumber": "7"}))
    assert "Writes <b>2 values</b>" in said
    assert "The number changes." in said
    assert list(sandbox.state.record) == []


def test_an_update_costs_one_read_and_one_write(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    form = open_update(boris, document_id)
    sandbox.state.record.clear()
    form.send({"Title": "Other"})
    assert [call.rest_method for call in sandbox.state.record.rest()] == ["batch", UPDATE]


def test_without_a_version_that_was_read_the_plain_form_says_so(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    document_id = made(open_form(boris, OFFER).send())
    Snapshot.objects.all().delete()
    form = open_update(boris, document_id)
    assert "what is printed cannot be compared" in form.page
    capture.capture(portal.pk)
    assert "Write version 2" in open_update(boris, document_id).page


def test_what_hangs_on_another_choice_follows_it(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    form = open_update(boris, document_id)
    other = next(
        number
        for number, company in sandbox.portal_one.companies.items()
        if company.is_my_company and str(number) != form.value("MY_COMPANY")
    )
    typed = {**form.inputs, "f-MY_COMPANY": str(other), "f-Title": "Typed before"}
    looked = Form(boris, boris.post(f"{form.path}check/?look", typed))
    assert looked.value("Title") == "Typed before"
    assert "MyCompanyTitle" in choices(looked)
    assert looked.inputs["c-MyCompanyTitle"] == "crm"
    assert "ClientName" not in choices(looked)
    assert sandbox.state.record.count(UPDATE) == 0
    assert made(looked.send()) == document_id
    capture.capture(portal.pk)
    newest = Snapshot.objects.get(version=2).content["fields"]
    shown = {field["code"]: field["shown"] for field in newest}
    assert shown["MyCompanyTitle"] == sandbox.portal_one.companies[other].title
    assert shown["Title"] == "Typed before"
    assert sent(sandbox).keys() == {"MY_COMPANY", "Title"}


# Product rows


def test_product_rows_that_changed_are_shown_and_cannot_be_frozen(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int
) -> None:
    deal = sandbox.portal_one.deals[501]
    deal.rows[1] = replace(deal.rows[1], quantity=Decimal(150))
    form = open_update(boris, document_id)
    assert "The product rows have changed" in form.page
    assert "1 of 4 rows" in form.page
    assert f"/deal/new/{OFFER}/" in form.page
    assert "No choice here: see the rows below." in form.page
    assert choices(form) == set()
    assert "and the new rows" in form.page or "the new rows</b>" in form.page
    form.send()
    assert sent(sandbox) == {}
    capture.capture(portal.pk)
    assert Snapshot.objects.get(version=2).content["rows"][1]["quantity"] == "150"


def test_rows_that_change_while_the_page_is_open_are_shown_before_they_are_written(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    form = open_update(boris, document_id)
    deal = sandbox.portal_one.deals[501]
    deal.rows[1] = replace(deal.rows[1], quantity=Decimal(150))
    answer = form.send({"Title": "Typed with care"})
    assert answer.status_code == 409
    assert sandbox.state.record.count(UPDATE) == 0
    again = Form(boris, answer)
    assert "The product rows changed while you were here" in again.page
    assert again.value("Title") == "Typed with care"
    assert made(again.send()) == document_id


# Two people


@pytest.mark.parametrize("read", [True, False])
def test_the_second_sees_what_the_first_wrote_before_writing(
    sandbox: Sandbox, boris: Frame, anna: Frame, portal: Portal, document_id: int, later: Later,
    read: bool,
) -> None:  # fmt: skip
    first, second = open_update(anna, document_id), open_update(boris, document_id)
    later(minutes=1)
    first.send({"Title": "Anna's", "ClientName": "Lindner"})
    if read:
        capture.capture(portal.pk)
    answer = second.send({"UfCrmPaymentTerms": "Net."})
    assert answer.status_code == 409
    assert sandbox.state.record.count(UPDATE) == 1
    again = Form(boris, answer)
    assert "Anna Weber wrote another version" in again.page or "wrote another version" in again.page
    assert {"Title", "ClientName"} <= choices(again)
    assert again.value("UfCrmPaymentTerms") == "Net."
    assert "Write version 3" in again.page
    assert made(again.send()) == document_id
    capture.capture(portal.pk)
    newest = Snapshot.objects.order_by("-version")[0].content["fields"]
    shown = {field["code"]: field["shown"] for field in newest}
    assert (shown["Title"], shown["UfCrmPaymentTerms"]) == ("Anna's", "Net.")


# Restore


def test_an_old_version_is_restored_through_the_same_columns(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    open_update(boris, document_id).send({"Title": "Second", "BeginDate": "24.12.2026"})
    capture.capture(portal.pk)
    later(minutes=1)
    page = text(boris.get(f"documents/{document_id}/versions/"))
    assert f"documents/{document_id}/edit/?restore=1" in page
    assert "restore=2" not in page
    form = open_update(boris, document_id, "?restore=1")
    assert sandbox.state.record.count(UPDATE) == 1, "nothing is written before it is pressed"
    assert {form.inputs[f"c-{code}"] for code in ("Title", "BeginDate")} == {"old"}
    assert made(form.send()) == document_id
    capture.capture(portal.pk)
    assert different(printed(document_id, 1), printed(document_id, 3)) == []
    assert "Title" not in sandbox.portal_one.documents[document_id].values, "it follows the CRM"


def test_a_version_is_restored_though_the_crm_has_moved_on(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    move(sandbox)
    form = open_update(boris, document_id)
    rest(form, "crm")
    form.send({"Title": "Second"})
    capture.capture(portal.pk)
    later(minutes=1)
    open_update(boris, document_id, "?restore=1").send()
    capture.capture(portal.pk)
    assert different(printed(document_id, 1), printed(document_id, 3)) == []


def test_what_the_old_version_printed_alike_has_its_choice_too(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    open_update(boris, document_id).send({"ClientName": "Second"})
    capture.capture(portal.pk)
    later(minutes=1)
    sandbox.portal_one.deals[501].user_fields["UF_CRM_PAYMENT_TERMS"] = "Net."
    form = open_update(boris, document_id, "?restore=1")
    assert form.inputs["c-ClientName"] == "old"
    assert form.inputs["c-UfCrmPaymentTerms"] == "printed"


def test_a_version_that_is_not_there_is_not_restored(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    answer = boris.get(f"documents/{document_id}/edit/?restore=7")
    assert answer.status_code == 404
    assert "That version cannot be restored" in text(answer)
    for odd in ("x", "-1", "", "9999999"):
        assert "Write version 2" in open_update(boris, document_id, f"?restore={odd}").page


def test_s20_nobody_restores_from_another_deal(
    sandbox: Sandbox, docket: Application, document_id: int
) -> None:
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 505)
    assert clara.get(f"documents/{document_id}/edit/?restore=1").status_code == 404
    boris = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    assert boris.get(f"documents/{document_id}/edit/?restore=1").status_code == 404


# Lost answers, and portals that do something else


@pytest.mark.parametrize("query", ["", "?restore=1"])
@pytest.mark.parametrize("arrived", [True, False])
def test_r03_a_lost_answer_is_looked_for_and_never_sent_blindly(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later,
    arrived: bool, query: str,
) -> None:  # fmt: skip
    open_update(boris, document_id).send({"ClientName": "Second"})
    capture.capture(portal.pk)
    later(minutes=1)
    form = open_update(boris, document_id, query)
    sandbox.state.record.clear()
    sandbox.state.faults.add(Fault(UPDATE, "cut", after=arrived, times=1 if arrived else -1))
    answer = form.send({"UfCrmPaymentTerms": "Net."})
    assert answer.status_code == 302
    sandbox.state.faults.clear()
    tries = sandbox.state.record.count(UPDATE)
    assert boris.post(form.path, dict(form.inputs)).status_code == 302, "not while it is looked for"
    later(seconds=96)
    for intent_id in settle.due():
        settle.settle(intent_id)
    assert sandbox.state.record.count(UPDATE) == tries
    intent = Intent.objects.get(pk=form.intent_id)
    if not arrived:
        assert intent.state == Intent.State.MISSING
        again = Form(boris, boris.get(form.path))
        assert "The change was not saved" in again.page
        assert again.value("UfCrmPaymentTerms") == "Net."
        assert made(again.send()) == document_id
    else:
        assert intent.state == Intent.State.MADE
    capture.capture(portal.pk)
    newest = Snapshot.objects.order_by("-version")[0]
    shown = {field["code"]: field["shown"] for field in newest.content["fields"]}
    assert newest.here
    assert shown["UfCrmPaymentTerms"] == "Net."
    assert shown["ClientName"] == ("Lindner & Vogt GmbH" if query else "Second")


def test_a_portal_that_is_silent_when_it_is_asked_before_writing_loses_nothing(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    form = open_update(boris, document_id)
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    answer = form.send({"Title": "Typed with care"})
    sandbox.state.faults.clear()
    assert answer.status_code in {409, 503}
    again = Form(boris, boris.get(form.path))
    assert again.value("Title") == "Typed with care"
    assert Intent.objects.get(pk=form.intent_id).state == Intent.State.OPEN
    assert made(again.send()) == document_id


def test_a_value_that_bitrix24_made_something_else_of_is_told(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    open_update(boris, document_id).send({"Title": "As it was typed"})
    # What the portal printed is not what it was sent.
    sandbox.portal_one.documents[document_id].values["Title"] = "As the portal has it"
    capture.capture(portal.pk)
    page = text(boris.get(f"documents/{document_id}/"))
    assert "Bitrix24 printed something else than was written" in page
    assert "“As it was typed” was written, “As the portal has it” is printed." in page
    later(minutes=1)
    open_update(boris, document_id).send({"Title": "Once more"})
    capture.capture(portal.pk)
    assert "something else" not in text(boris.get(f"documents/{document_id}/"))
