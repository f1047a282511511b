"""A document is made: what is asked, what is sent, what it costs."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from b24app.models import Intent, IssuedDocument
from tests.integration.pages import ACT, CONTRACT, INVOICE, OFFER, Form, made, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox import changes
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

ADD = "crm.documentgenerator.document.add"
GETFIELDS = "crm.documentgenerator.template.getfields"


def sent(sandbox: Sandbox) -> dict[str, Any]:
    """What the one document.add carried, the marker and the token aside."""
    (call,) = sandbox.state.record.rest(ADD)
    params = {key: value for key, value in call.params.items() if key != "auth"}
    marker = params["values"].pop("DocketMarker")
    assert marker.startswith("dk-")
    return params


def who_asked(sandbox: Sandbox) -> list[int | None]:
    """In whose names the fields were asked for, in a batch or alone."""
    return [
        one.user_id for one in sandbox.state.record if GETFIELDS in (one.rest_method, *one.commands)
    ]


def test_generate_costs_one_document_add_and_nothing_else(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    answer = form.send({"DocumentTitle": "Offer for the refit"})
    assert [one.rest_method for one in sandbox.state.record] == [ADD]
    assert sandbox.portal_one.documents[made(answer)].title == "Offer for the refit"


def test_boris_acts_in_his_own_name(sandbox: Sandbox, boris: Frame) -> None:
    document = sandbox.portal_one.documents[made(open_form(boris, OFFER).send())]
    assert document.created_by == BORIS
    (call,) = sandbox.state.record.rest(ADD)
    assert call.user_id == BORIS


def test_only_what_was_changed_is_sent(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    made(form.send({"ClientName": "Lindner & Vogt, Hamburg", "BeginDate": "24.12.2026"}))
    assert sent(sandbox) == {
        "templateId": OFFER,
        "entityTypeId": 2,
        "entityId": 501,
        "stampsEnabled": 0,
        "values": {"ClientName": "Lindner & Vogt, Hamburg", "BeginDate": "2026-12-24"},
    }


def test_nothing_changed_sends_nothing_but_the_marker(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    lines = {code: value.replace("\n", "\r\n") for code, value in form.inputs.items()}
    form.inputs = lines  # as a browser sends text areas
    made(form.send())
    assert sent(sandbox)["values"] == {}


def test_the_marker_is_stored_with_the_document_and_printed_nowhere(
    sandbox: Sandbox, boris: Frame
) -> None:
    document = sandbox.portal_one.documents[made(open_form(boris, OFFER).send())]
    intent = Intent.objects.get()
    assert document.values["DocketMarker"] == intent.marker
    assert intent.state == Intent.State.MADE
    assert intent.document_id == document.id


@pytest.mark.parametrize("wanted", [True, False])
def test_stamps_are_always_said(sandbox: Sandbox, boris: Frame, wanted: bool) -> None:
    form = open_form(boris, CONTRACT)
    document = sandbox.portal_one.documents[made(form.send(stamps=wanted))]
    assert sent(sandbox)["stampsEnabled"] == int(wanted)
    assert document.stamps_enabled is wanted


def test_the_templates_own_choice_of_stamps_is_shown_first(boris: Frame) -> None:
    assert open_form(boris, CONTRACT).inputs.get("stamps") == "on"


def test_where_stamps_cannot_be_chosen_the_reason_stands(sandbox: Sandbox, boris: Frame) -> None:
    forms = [open_form(boris, template) for template in (OFFER, INVOICE)]
    for form in forms:
        if "Off: the template has no place for it." in form.page:
            assert "stamps" not in form.inputs
            made(form.frame.post(form.path, form.inputs | {"stamps": "on"}))
            assert sent(sandbox)["stampsEnabled"] == 0
            return
    pytest.fail("one of the templates should have no place for stamps")


def test_who_may_not_read_templates_gets_the_fields_through_the_installation(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    assert who_asked(sandbox) == [BORIS, ANNA]
    assert form.value("ClientName") == "Lindner & Vogt GmbH"
    sandbox.state.record.clear()
    open_form(boris, INVOICE)
    assert who_asked(sandbox) == [ANNA]


def test_who_may_read_templates_asks_himself(sandbox: Sandbox, anna: Frame) -> None:
    open_form(anna, OFFER)
    assert who_asked(sandbox) == [ANNA]


def test_what_one_may_not_read_in_bitrix24_one_does_not_read_here(
    sandbox: Sandbox, boris: Frame
) -> None:
    """Boris may read the deal, but no companies and no contacts."""
    sandbox.portal_one.users[BORIS].reads_clients = False
    form = open_form(boris, OFFER)
    for secret in ("Lindner", "Katrin", "Vogt", "Neuer Wall", "20354"):
        assert secret not in form.page
    assert "You may not read this in Bitrix24, so it stays empty" in form.page
    assert form.value("MyCompanyTitle") == "Nordwerk Innenausbau GmbH"
    assert "f-ClientName" not in form.inputs
    assert made(form.send({"DocumentTitle": "Without the client"}))
    assert sent(sandbox)["values"] == {"DocumentTitle": "Without the client"}


def test_what_one_may_not_read_is_not_printed_either(sandbox: Sandbox, boris: Frame) -> None:
    """As the form has said: Bitrix24 fills a document with what its maker may read."""
    nordwerk = sandbox.portal_one
    nordwerk.users[BORIS].reads_clients = False
    document = nordwerk.documents[made(open_form(boris, OFFER).send())]
    body = ZipFile(BytesIO(nordwerk.files[document.file_id or 0].body)).read("word/document.xml")
    assert "Nordwerk Innenausbau" in body.decode()
    assert "Lindner" not in body.decode()


def test_s30_a_hidden_field_cannot_be_filled_in_by_hand(sandbox: Sandbox, boris: Frame) -> None:
    sandbox.portal_one.users[BORIS].reads_clients = False
    form = open_form(boris, OFFER)
    extra = {"f-ClientName": "X", "f-Unknown": "Y", "portal": "2", "state": "made", "user_id": "1"}
    made(boris.post(form.path, form.inputs | extra))
    assert sent(sandbox)["values"] == {}


def test_the_number_is_given_by_bitrix24(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    shown = form.value("DocumentNumber")
    first = sandbox.portal_one.documents[made(form.send())]
    assert first.number == shown
    second = sandbox.portal_one.documents[made(open_form(boris, OFFER).send())]
    assert second.number != shown


def test_a_number_typed_by_hand_spends_none(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    shown = form.value("DocumentNumber")
    document = sandbox.portal_one.documents[made(form.send({"DocumentNumber": "2026-A7"}))]
    assert document.number == "2026-A7"
    assert open_form(boris, OFFER).value("DocumentNumber") == shown


def test_a_choice_is_sent_by_its_id(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    made(form.send({"CONTACT": "31"}))
    assert sent(sandbox)["values"] == {"CONTACT": "31"}


def test_an_emptied_field_is_sent_as_empty(sandbox: Sandbox, boris: Frame) -> None:
    made(open_form(boris, OFFER).send({"UfCrmDeliveryNote": ""}))
    assert sent(sandbox)["values"] == {"UfCrmDeliveryNote": ""}


@pytest.mark.parametrize(
    ("code", "typed", "sentence"),
    [
        ("BeginDate", "tomorrow", "This is not a date. Type it like 12.05.2026."),
        ("BeginDate", "31.02.2026", "This is not a date. Type it like 12.05.2026."),
        ("TotalSum", "a lot", "This is not an amount. Type a number like 1200.50."),
        ("TotalSum", "12x", "This is not an amount. Type a number like 1200.50."),
        ("TotalSum", "12.05.2026", "This is not an amount. Type a number like 1200.50."),
        ("TotalSum", "1200 USD", "This is not an amount. Type a number like 1200.50."),
        ("ClientName", "x" * 10_001, "10001 characters are too many: 10000 fit."),
        ("DocumentTitle", "x" * 256, "256 characters are too many: 255 fit."),
        ("DocumentTitle", "", "Bitrix24 needs a value here."),
        ("DocumentNumber", "  ", "Bitrix24 needs a value here."),
        ("ClientName", "this.SOURCE.COMPANY.TITLE", "would print another field"),
        ("ClientName", "{TotalSum}", "would print another field"),
        ("CONTACT", "4711", "Choose one of the list."),
    ],
)
def test_bad_input_gets_a_sentence_beside_its_field_and_nothing_is_sent(
    sandbox: Sandbox, boris: Frame, code: str, typed: str, sentence: str
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    answer = form.send({"Title": "Typed with care", "AssignedWorkPosition": "", code: typed})
    assert answer.status_code == 422
    again = Form(boris, answer)
    assert sentence in again.problem(code)
    assert again.value("Title") == "Typed with care"
    assert again.value("AssignedWorkPosition") == ""
    if code != "CONTACT":
        assert again.value(code) == typed
    assert list(sandbox.state.record) == []
    assert Intent.objects.get().state == Intent.State.OPEN


def test_after_bad_input_the_corrected_form_is_sent(sandbox: Sandbox, boris: Frame) -> None:
    form = Form(boris, open_form(boris, OFFER).send({"BeginDate": "soon", "Title": "Kept"}))
    made(form.send({"BeginDate": "2026-12-24"}))
    assert sent(sandbox)["values"] == {"BeginDate": "2026-12-24", "Title": "Kept"}


def test_a_reload_shows_what_was_typed(boris: Frame) -> None:
    form = open_form(boris, OFFER)
    form.send({"BeginDate": "soon", "Title": "Kept"})
    again = Form(boris, boris.get(form.path))
    assert (again.value("BeginDate"), again.value("Title")) == ("soon", "Kept")


def test_the_template_was_deleted_meanwhile(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    changes.delete_template(sandbox.portal_one, OFFER)
    answer = form.send({"Title": "Typed with care"})
    assert answer.status_code == 409
    again = Form(boris, answer)
    assert "This template was deleted meanwhile" in again.page
    assert "What you typed is still here." in again.page
    assert again.value("Title") == "Typed with care"
    assert not sandbox.portal_one.documents.keys() - _before(sandbox)


def _before(sandbox: Sandbox) -> set[int]:
    return {d.id for d in sandbox.portal_one.documents.values() if d.entity_id != "501"}


def test_the_template_was_deleted_before_the_form_was_opened(
    sandbox: Sandbox, boris: Frame
) -> None:
    changes.delete_template(sandbox.portal_one, CONTRACT)
    boris.get("new/")
    answer = boris.follow(boris.get(f"new/{CONTRACT}/"))
    assert answer.status_code in {404, 409}
    assert Intent.objects.count() == 0


def test_the_plan_allows_no_more_documents(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.options.document_limit = 1
    answer = form.send({"Title": "Typed with care"})
    assert "The portal’s plan allows no more documents" in text(answer)
    assert Form(boris, answer).value("Title") == "Typed with care"
    sandbox.state.options.document_limit = None
    assert made(Form(boris, answer).send())


def test_the_right_to_the_deal_was_lost_meanwhile(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    answer = form.send()
    assert "You cannot see the documents of this deal" in text(answer)
    assert Intent.objects.get().state == Intent.State.REFUSED


def test_the_right_to_make_documents_was_lost_meanwhile(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.portal_one.users[BORIS].documents_modify = False
    answer = form.send()
    assert answer.status_code == 409
    assert Intent.objects.get().state == Intent.State.REFUSED


def test_a_busy_portal_is_asked_again(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault.described({"method": ADD, "kind": "overload"}))
    made(form.send())
    assert sandbox.state.record.count(ADD) == 2
    assert len([d for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]) == 1


def test_a_portal_that_stays_busy_is_said_to_be(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault.described({"method": ADD, "kind": "operating", "times": -1}))
    answer = form.send({"Title": "Typed with care"})
    assert "Bitrix24 is busy" in text(answer)
    assert Form(boris, answer).value("Title") == "Typed with care"
    sandbox.state.faults.clear()
    assert made(Form(boris, answer).send())


def test_nobody_answers_and_certainly_nothing_was_done(
    sandbox: Sandbox, boris: Frame, portal: Any
) -> None:
    """The network is away: the connection is refused."""
    form = open_form(boris, OFFER)
    moved = "http://localhost:9"
    type(portal).objects.update(address=moved)
    answer = form.send({"Title": "Typed with care"})
    assert answer.status_code in {409, 503}
    assert Form(boris, answer).value("Title") == "Typed with care"
    assert Intent.objects.get().state == Intent.State.REFUSED


def test_forms_hold_the_clients_data_sealed(boris: Frame) -> None:
    open_form(boris, OFFER).send({"Title": "A secret deal", "BeginDate": "bad"})
    intent = Intent.objects.get()
    assert intent.typed["Title"] == "A secret deal"
    assert b"A secret deal" not in bytes(intent.typed_sealed)
    assert b"Lindner" not in bytes(intent.form_sealed)


def test_a_document_is_followed_from_the_moment_it_is_made(boris: Frame) -> None:
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Refit"}))
    record = IssuedDocument.objects.get()
    assert (record.document_id, record.title, record.user_id) == (document_id, "Refit", BORIS)
    assert record.pdf == IssuedDocument.Pdf.CONVERTING
    assert record.look_at is not None


def test_a_template_open_to_departments_is_offered_with_a_word_and_bitrix24_decides(
    sandbox: Sandbox, boris: Frame
) -> None:
    """The act is for departments 5 and 9: Boris is of 5, and only Bitrix24 knows."""
    form = open_form(boris, ACT)
    assert sandbox.portal_one.documents[made(form.send())].template_id == ACT
    sandbox.portal_one.users[BORIS].departments = [8]
    answer = open_form(boris, ACT).send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == 409
    assert Form(boris, answer).value("DocumentTitle") == "Typed with care"
