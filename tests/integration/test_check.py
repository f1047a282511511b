"""Boris checks a document before it is made: what he is told, what it costs, what is kept."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from b24app.models import Intent
from tests.integration.pages import CONTRACT, OFFER, Form, made, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox import changes
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

GETFIELDS = "crm.documentgenerator.template.getfields"
ADD = "crm.documentgenerator.document.add"
UPDATE = "crm.item.update"
INNENAUSBAU, SERVICE = "4", "6"


def check(form: Form, typed: dict[str, str] | None = None, **more: str) -> Any:
    """One dry run, as the page asks for it: only what was typed goes along."""
    data = {f"f-{code}": value for code, value in (typed or {}).items()} | more
    return form.frame.post(f"{form.path}check/", data, target="run")


def findings(page: str) -> dict[str, str]:
    """The findings by their id: the text of each."""
    items = re.findall(r'<li class="finding[^"]*" id="finding-([^"]+)".*?>(.*?)</li>', page, re.S)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", body).split()) for name, body in items}


def shown(page: str, code: str) -> str:
    """The value that stands in an input."""
    found = re.search(rf'id="i-{re.escape(code)}" name="[^"]+" value="([^"]*)"', page)
    assert found, code
    return found[1]


def commands(sandbox: Sandbox) -> list[str]:
    return [one.rest_method for one in sandbox.state.record]


def test_the_first_paint_has_the_findings_already(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    assert "Which of your companies makes it?" in findings(form.page)["MY_COMPANY"]
    sandbox.state.record.clear()
    boris.get(form.path)
    assert commands(sandbox) == []


@pytest.mark.parametrize("who", ["anna", "boris"])
def test_a_dry_run_is_one_request_and_makes_nothing(
    sandbox: Sandbox, who: str, request: pytest.FixtureRequest
) -> None:
    """Anna may read templates, Boris may not: for him the installation asks."""
    form = open_form(request.getfixturevalue(who), OFFER)
    before = len(sandbox.portal_one.documents)
    sandbox.state.record.clear()
    for title in ("One", "Two", "Three"):
        assert check(form, {"Title": title}).status_code == 200
    assert commands(sandbox) == ["batch"] * 3
    (first, *_) = sandbox.state.record
    assert first.user_id == ANNA
    assert first.commands == [
        GETFIELDS,
        "crm.item.get",
        "crm.item.productrow.list",
        "crm.documentgenerator.document.list",
        "crm.documentgenerator.document.list",
    ]
    assert len(sandbox.portal_one.documents) == before


def test_ten_attempts_that_are_blocked_leave_the_numerator_where_it_was(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    number = form.value("DocumentNumber")
    for attempt in range(10):
        check(form, {"DocumentTitle": ""})
        bad = {"DocumentTitle": ""} if attempt % 2 else {"BeginDate": "soon"}
        assert form.send(bad).status_code == 422
    assert sandbox.state.record.count(ADD) == 0
    assert open_form(boris, OFFER).value("DocumentNumber") == number
    document = sandbox.portal_one.documents[made(form.send())]
    assert document.number == number


def test_a_document_without_a_name_is_stopped_with_the_reason(boris: Frame) -> None:
    form = open_form(boris, OFFER)
    page = text(check(form, {"DocumentTitle": ""}))
    assert "The document has no name. Bitrix24 needs one." in findings(page)["DocumentTitle"]
    assert "Give the document a name first." in page
    assert "data-blocks" in page
    assert page.count('name="f-DocumentTitle"') == 1
    again = text(check(form, {"DocumentTitle": "Named"}))
    assert "data-blocks" not in again
    assert "DocumentTitle" not in findings(again)


def test_the_input_with_the_focus_stays_where_it_is(boris: Frame) -> None:
    form = open_form(boris, OFFER)
    here = text(check(form, {"DocumentTitle": ""}, held="here:DocumentTitle"))
    assert "Go there" in findings(here)["DocumentTitle"]
    assert here.count('name="f-DocumentTitle"') == 1
    above = text(check(form, {"DocumentTitle": "N"}, held="above:DocumentTitle"))
    assert 'class="finding t-ok" id="finding-DocumentTitle"' in above
    assert above.count('name="f-DocumentTitle"') == 1
    assert "data-blocks" not in above


def test_choosing_a_company_brings_its_number_and_its_data(boris: Frame) -> None:
    form = open_form(boris, OFFER)
    page = text(check(form, {"MY_COMPANY": SERVICE, "Title": "Typed with care"}))
    assert shown(page, "MyCompanyTitle") == "Nordwerk Service GmbH"
    assert shown(page, "MyCompanyEmail") == "service@nordwerk.example"
    assert shown(page, "Title") == "Typed with care"
    assert shown(page, "DocumentNumber") != form.value("DocumentNumber")
    back = text(check(form, {"MY_COMPANY": INNENAUSBAU}))
    assert shown(back, "MyCompanyTitle") == "Nordwerk Innenausbau GmbH"


def test_what_follows_a_choice_is_not_sent_as_if_it_had_been_typed(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    check(form, {"MY_COMPANY": SERVICE})
    again = Form(boris, boris.get(form.path))
    assert again.value("MY_COMPANY") == SERVICE
    made(again.send())
    (call,) = sandbox.state.record.rest(ADD)
    assert {code for code in call.params["values"] if code != "DocketMarker"} == {"MY_COMPANY"}


def test_what_was_typed_is_kept_by_each_dry_run(boris: Frame) -> None:
    """The page may be reloaded, or its session end: the draft is there."""
    form = open_form(boris, OFFER)
    check(form, {"Title": "A secret deal", "BeginDate": "soon"})
    again = Form(boris, boris.get(form.path))
    assert (again.value("Title"), again.value("BeginDate")) == ("A secret deal", "soon")
    assert b"A secret deal" not in bytes(Intent.objects.get().typed_sealed)


def test_a_session_that_has_ended_loses_nothing(boris: Frame) -> None:
    form = open_form(boris, OFFER)
    check(form, {"Title": "Typed with care"})
    good, boris.token = boris.token, "over"
    assert check(form, {"Title": "Typed later"}).status_code == 401
    boris.token = good
    assert Form(boris, boris.get(form.path)).value("Title") == "Typed with care"


def test_of_two_looks_only_the_newer_is_kept(boris: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to the older one comes last."""
    from b24app.documents import dry_run

    form = open_form(boris, OFFER)
    real = dry_run._look
    answers: list[Any] = []

    def slow(*arguments: Any) -> Any:
        look = real(*arguments)
        if not answers:
            answers.append(None)
            answers.append(check(form, {"Title": "Newer"}))
        return look

    monkeypatch.setattr(dry_run, "_look", slow)
    assert check(form, {"Title": "Older"}).status_code == 204
    assert answers[1].status_code == 200
    assert Intent.objects.get().typed["Title"] == "Newer"


def test_the_total_that_differs_can_be_put_right_in_the_deal(
    sandbox: Sandbox, boris: Frame
) -> None:
    deal = sandbox.portal_one.deals[501]
    right, deal.opportunity = deal.opportunity, Decimal("46300.00")
    deal.is_manual_opportunity = True
    form = open_form(boris, OFFER)
    sentence = findings(form.page)["total"]
    assert "the CRM says 46,300.00 EUR" in sentence
    assert "Somebody typed the amount by hand." in sentence
    sandbox.state.record.clear()
    answer = boris.post(f"{form.path}amount/", {"total": str(right)}, target="run")
    assert "total" not in findings(text(answer))
    assert deal.opportunity == right
    (call,) = sandbox.state.record.rest(UPDATE)
    assert call.user_id == BORIS
    assert "itemChanged" in answer.headers["HX-Trigger"]


def test_an_amount_that_is_not_the_rows_is_not_written(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    boris.post(f"{form.path}amount/", {"total": "1.00"}, target="run")
    assert sandbox.state.record.rest(UPDATE) == []


def test_no_product_rows(sandbox: Sandbox, boris: Frame) -> None:
    sandbox.portal_one.deals[501].rows = []
    assert "There are no products" in findings(open_form(boris, OFFER).page)["no_rows"]


def test_the_rows_are_shown_with_their_totals(boris: Frame) -> None:
    page = open_form(boris, OFFER).page
    for part in ("Raised floor, 600 × 600", "16,520.00", "40,883.00 EUR", "48,650.77 EUR"):
        assert part in page


def test_a_text_for_every_row_is_sent_and_warned_of(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    column = next(name for name in form.inputs if name.startswith("f-ProductsProduct"))[2:]
    page = text(check(form, {column: "as agreed"}))
    assert "“as agreed” will stand in every row" in findings(page)[column]
    made(form.send({column: "as agreed"}))
    (call,) = sandbox.state.record.rest(ADD)
    assert call.params["values"][column] == "as agreed"


def test_currencies_that_differ(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    intent = Intent.objects.get()
    kept = intent.form
    for row in kept["fields"]:
        row["unit"] = row["unit"] and "USD"
    intent.form = kept
    intent.save()
    assert "the document prints USD" in findings(Form(boris, boris.get(form.path)).page)["currency"]


def test_an_empty_stamp_is_told_while_stamps_are_on(boris: Frame) -> None:
    form = open_form(boris, CONTRACT)
    assert form.inputs["stamps"] == "on"
    on = findings(text(check(form, stamps="on")))
    off = findings(text(check(form)))
    missing = {name for name in on if "is missing" in on[name]}
    assert missing
    assert not missing & set(off)


def test_a_number_that_is_in_use_is_told(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    taken = next(iter(sandbox.portal_one.documents.values())).number
    page = text(check(form, {"DocumentNumber": taken}))
    assert f"Number {taken} is used already in this portal." in findings(page)["DocumentNumber"]
    assert f"Uses the number you typed, {taken}." in page
    assert "DocumentNumber" not in findings(text(check(form, {"DocumentNumber": "free-1"})))


def test_another_document_from_this_template_is_named(boris: Frame) -> None:
    document_id = made(open_form(boris, OFFER).send())
    page = open_form(boris, OFFER).page
    assert "There is a document from this template already" in findings(page)["others"]
    assert f"/deal/documents/{document_id}/edit/" in page


def test_a_placeholder_that_bitrix24_does_not_know(
    sandbox: Sandbox, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.sandbox.generator import docx

    real = docx.placeholders
    monkeypatch.setattr(docx, "placeholders", lambda body: [*real(body), "DeliveryAdress"])
    sentence = findings(open_form(boris, OFFER).page)["unknown"]
    assert "Bitrix24 does not know" in sentence
    assert "DeliveryAdress" in sentence


def test_a_field_leads_to_the_card_it_comes_from(boris: Frame) -> None:
    page = open_form(boris, OFFER).page
    for path in ("/crm/deal/details/501/", "/crm/company/details/20/", "/crm/company/details/4/"):
        assert f'data-path="{path}"' in page


def test_a_value_mended_in_the_crm_is_seen_by_the_next_look(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.portal_one.deals[501].title = "Office refit, phase 3"
    assert shown(text(check(form)), "Title") == "Office refit, phase 3"
    assert shown(text(check(form, {"Title": "Typed"})), "Title") == "Typed"


def save(form: Form, code: str, typed: str) -> Any:
    return form.frame.post(f"{form.path}save/{code}/", {f"f-{code}": typed}, target="run")


@pytest.mark.parametrize(
    ("code", "typed", "attribute", "value"),
    [
        ("Title", "Office refit, phase 3", "title", "Office refit, phase 3"),
        ("BeginDate", "24.12.2026", "begin_date", "2026-12-24"),
        ("UfCrmDeliveryNote", "Ring twice", "UF_CRM_DELIVERY_NOTE", "Ring twice"),
    ],
)
def test_a_value_is_saved_to_the_deal_too(
    sandbox: Sandbox, boris: Frame, code: str, typed: str, attribute: str, value: str
) -> None:
    form = open_form(boris, OFFER)
    answer = save(form, code, typed)
    deal = sandbox.portal_one.deals[501]
    found = deal.user_fields.get(attribute) or getattr(deal, attribute, None)
    assert str(found) == value
    assert "saved in the CRM" in findings(text(answer))["saved"]
    assert shown(text(answer), code) == typed
    (call,) = sandbox.state.record.rest(UPDATE)
    assert call.user_id == BORIS
    again = Form(boris, boris.get(form.path))
    assert "Changed, the CRM says" not in again.page  # it is no change any more
    made(again.send())
    (call,) = sandbox.state.record.rest(ADD)
    assert code not in call.params["values"]


def test_only_plain_fields_of_the_deal_can_be_saved(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    for code in ("ClientName", "MyCompanyTitle", "DocumentTitle", "Unknown", "TotalSum"):
        save(form, code, "12")
    save(form, "BeginDate", "soon")
    assert sandbox.state.record.rest(UPDATE) == []


def test_the_answer_to_a_save_is_lost_and_the_deal_is_read_back(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    fault = {"method": UPDATE, "kind": "cut", "after": True, "times": -1}
    sandbox.state.faults.add(Fault.described(fault))
    answer = save(form, "Title", "Office refit, phase 3")
    assert "saved in the CRM" in findings(text(answer))["saved"]
    assert sandbox.portal_one.deals[501].title == "Office refit, phase 3"


def test_a_save_that_is_refused_is_said_and_what_was_typed_stays(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    fault = {"method": UPDATE, "kind": "error", "status": 403, "code": "ACCESS_DENIED"}
    sandbox.state.faults.add(Fault.described(fault))
    answer = save(form, "Title", "Typed with care")
    assert "Not saved to the CRM." in findings(text(answer))["failure"]
    assert shown(text(answer), "Title") == "Typed with care"


def failing(form: Form) -> str:
    answer = check(form, {"Title": "Typed with care"})
    assert answer.status_code == 200
    page = text(answer)
    assert shown(page, "Title") == "Typed with care"
    assert Form(form.frame, form.frame.get(form.path)).value("Title") == "Typed with care"
    return findings(page)["failure"]


def test_the_template_is_deleted_meanwhile(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    changes.delete_template(sandbox.portal_one, OFFER)
    assert "This template is not offered any more" in failing(form)


def test_the_portal_is_busy(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault.described({"method": "batch", "kind": "operating", "times": -1}))
    assert "Bitrix24 is busy" in failing(form)


def test_nobody_answers_a_save_nor_the_question_after_it(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    for method in (UPDATE, "crm.item.get"):
        fault = {"method": method, "kind": "cut", "times": -1}
        sandbox.state.faults.add(Fault.described(fault))
    answer = save(form, "Title", "Typed with care")
    assert "it is not known whether it was saved" in findings(text(answer))["saved"]
    assert shown(text(answer), "Title") == "Typed with care"


@pytest.mark.parametrize("kind", ["cut", "html", "empty"])
def test_the_portal_is_gone(sandbox: Sandbox, boris: Frame, kind: str) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault.described({"method": "batch", "kind": kind, "times": -1}))
    assert "Bitrix24 is not answering" in failing(form)


def test_the_right_to_the_deal_is_lost(
    sandbox: Sandbox, anna: Frame, later: Any, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    later(minutes=11)
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    page = text(check(form, {"Title": "Typed with care"}))
    assert "You cannot see the documents of this deal" in findings(page)["failure"]


def test_a_client_who_comes_into_the_deal_is_hidden_from_who_may_not_read_it(
    sandbox: Sandbox, boris: Frame
) -> None:
    """The installation asks for Boris; what is new in the deal may be nothing for him."""
    form = open_form(boris, OFFER)
    sandbox.portal_one.users[BORIS].reads_clients = False
    sandbox.portal_one.deals[501].company_id = 23
    sandbox.portal_one.deals[501].contact_ids = [34]
    page = text(check(form))
    company = sandbox.portal_one.companies[23]
    assert company.title not in page
    assert "You may not read this in Bitrix24" in page


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "this.SOURCE.COMPANY.TITLE",
        "{TotalSum}",
        "😀" * 50,
        "x" * 100_000,
        "$result[fields]",
        '" autofocus onfocus="alert(1)',
    ],
)
def test_hostile_text_is_kept_and_shown_as_text(sandbox: Sandbox, boris: Frame, typed: str) -> None:
    form = open_form(boris, OFFER)
    answer = check(form, {"Title": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert ' onfocus="alert' not in answer.content.decode()
    assert Form(boris, boris.get(form.path)).value("Title") == typed


def test_a_picture_is_shown_from_the_portal_without_a_token(sandbox: Sandbox, boris: Frame) -> None:
    page = open_form(boris, OFFER).page
    addresses = re.findall(r'<img src="(/field-picture/[^"]+)"', page)
    assert addresses
    sandbox.state.record.clear()
    answer = boris.client.get(addresses[0])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert all(not one.token for one in sandbox.state.record)
    assert boris.client.get(addresses[0][:-3] + "xy/").status_code == 404


@pytest.mark.parametrize("address", ["https://evil.example/x.png", "/upload/../rest/profile"])
def test_a_picture_from_elsewhere_is_not_fetched(boris: Frame, address: str) -> None:
    form = open_form(boris, OFFER)
    code = "MyCompanyUfLogo"
    page = text(check(form, {code: address}))
    tile = re.search(rf'<li class="tile[^"]*" id="f-{code}".*?</li>', page, re.S)
    assert tile
    assert "/field-picture/" not in tile[0]


def test_what_is_no_picture_is_not_passed_on(sandbox: Sandbox, boris: Frame) -> None:
    page = open_form(boris, OFFER).page
    address = re.findall(r'<img src="(/field-picture/[^"]+)"', page)[0]
    for path in sandbox.portal_one.pictures:
        sandbox.portal_one.pictures[path] = ("image/png", b"<svg onload='alert(1)'/>")
    assert boris.client.get(address).status_code == 404


def test_the_form_of_a_document_that_exists_is_checked_too(sandbox: Sandbox, boris: Frame) -> None:
    document_id = made(open_form(boris, OFFER).send())
    form = Form(boris, boris.follow(boris.get(f"documents/{document_id}/edit/")))
    sandbox.state.record.clear()
    page = text(check(form, {"Title": "Other"}))
    assert commands(sandbox) == ["batch"]
    assert "MY_COMPANY" not in findings(page)
    assert "DocumentNumber" not in findings(page)
    assert "others" not in findings(page)
    assert shown(page, "Title") == "Other"
