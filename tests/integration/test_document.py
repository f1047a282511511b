"""A document that exists: its link, its change, its end; and documents that are none of ours."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from b24app.models import Intent, IssuedDocument
from tests.integration.pages import CONTRACT, OFFER, Form, made, open_form, text
from tests.people import Frame
from tests.sandbox import changes
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

UPDATE = "crm.documentgenerator.document.update"
GONE = "This document is not in the deal any more"


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame) -> int:
    """Boris's offer in deal 501."""
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Offer for the refit"}))
    sandbox.state.record.clear()
    return document_id


def edit(boris: Frame, document_id: int) -> Form:
    return Form(boris, boris.follow(boris.get(f"documents/{document_id}/edit/")))


def switch(boris: Frame, document_id: int, *, on: bool) -> Any:
    data = {"on": "1" if on else "0"}
    return boris.post(f"documents/{document_id}/link/", data, target="link")


def foreign_document(sandbox: Sandbox) -> int:
    """One of deal 503, which Boris may read too: but not in this tab."""
    return next(d.id for d in sandbox.portal_one.documents.values() if d.entity_id == "503")


def test_the_page_shows_the_document(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    page = text(boris.get(f"documents/{document_id}/"))
    document = sandbox.portal_one.documents[document_id]
    assert "Offer for the refit" in page
    assert document.number in page
    assert sandbox.state.record.executed("crm.documentgenerator.document.get") == 1


def test_the_link_goes_on_and_off_and_is_another_the_next_time(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    on = switch(boris, document_id, on=True)
    document = sandbox.portal_one.documents[document_id]
    address = f"{sandbox.portal_one.origin}/~{document.public_short}"
    assert address in text(on)
    assert "Copy" in text(on)
    signed_out = requests.get(address, timeout=10)
    assert signed_out.status_code == 200
    assert "First opened" in text(boris.get(f"documents/{document_id}/"))
    off = switch(boris, document_id, on=False)
    assert address not in text(off)
    assert document.public_hash is None
    assert requests.get(address, timeout=10).status_code == 404
    assert address not in text(switch(boris, document_id, on=True))


def test_a_link_whose_answer_was_lost_is_switched_all_the_same(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    sandbox.state.faults.add(
        Fault("crm.documentgenerator.document.enablepublicurl", "cut", after=True)
    )
    answer = switch(boris, document_id, on=True)
    assert f"/~{sandbox.portal_one.documents[document_id].public_short}" in text(answer)


def test_edit_shows_what_the_document_has_and_saves_into_the_same_one(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    before = set(sandbox.portal_one.documents)
    number = sandbox.portal_one.documents[document_id].number
    form = edit(boris, document_id)
    assert form.value("DocumentTitle") == "Offer for the refit"
    assert form.value("DocumentNumber") == number
    answer = form.send({"DocumentTitle": "Second version", "BeginDate": "24.12.2026"})
    assert made(answer) == document_id
    (call,) = sandbox.state.record.rest(UPDATE)
    values = {key: value for key, value in call.params["values"].items() if key != "DocketMarker"}
    assert values == {"DocumentTitle": "Second version", "BeginDate": "2026-12-24"}
    assert call.params["stampsEnabled"] == 0
    document = sandbox.portal_one.documents[document_id]
    assert (document.title, document.number) == ("Second version", number)
    assert set(sandbox.portal_one.documents) == before
    assert IssuedDocument.objects.get().title == "Second version"
    assert edit(boris, document_id).value("BeginDate") == "24.12.2026"


@pytest.mark.parametrize("stamped", [True, False])
def test_an_update_keeps_the_stamps_as_they_are(
    sandbox: Sandbox, boris: Frame, stamped: bool
) -> None:
    """The portal's own default would switch them on."""
    document_id = made(open_form(boris, CONTRACT).send(stamps=stamped))
    form = edit(boris, document_id)
    assert ("stamps" in form.inputs) is stamped
    form.send({"DocumentTitle": "Second version"})
    assert sandbox.portal_one.documents[document_id].stamps_enabled is stamped
    form = edit(boris, document_id)
    form.send(stamps=not stamped)
    assert sandbox.portal_one.documents[document_id].stamps_enabled is not stamped


def test_an_override_is_taken_back_by_typing_the_value_of_the_crm(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    was = form.value("ClientName")
    document_id = made(form.send({"ClientName": "Somebody else"}))
    edit(boris, document_id).send({"ClientName": was})
    assert edit(boris, document_id).value("ClientName") == was


def test_two_updates_one_after_the_other(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    first, second = edit(boris, document_id), edit(boris, document_id)
    first.send({"DocumentTitle": "First"})
    second.send({"DocumentTitle": "Second"})
    assert sandbox.portal_one.documents[document_id].title == "Second"


def test_bad_input_while_editing_sends_nothing(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    form = edit(boris, document_id)
    answer = form.send({"BeginDate": "soon", "Title": "Typed with care"})
    assert answer.status_code == 422
    assert Form(boris, answer).value("Title") == "Typed with care"
    assert sandbox.state.record.count(UPDATE) == 0


def test_a_document_of_a_deleted_template_cannot_be_changed_and_says_so(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    form = edit(boris, document_id)
    changes.delete_template(sandbox.portal_one, OFFER)
    answer = form.send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == 409
    assert Form(boris, answer).value("DocumentTitle") == "Typed with care"
    assert Intent.objects.get(pk=form.intent_id).state == Intent.State.REFUSED


def test_delete_asks_once_then_deletes(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    path = f"documents/{document_id}/delete/"
    asked = boris.get(f"{path}?ask", target="delete")
    assert "Delete it" in text(asked)
    assert "Keep it" in text(asked)
    assert document_id in sandbox.portal_one.documents
    kept = boris.get(path, target="delete")
    assert "Delete it" not in text(kept)
    answer = boris.post(path)
    assert answer.status_code == 302
    assert document_id not in sandbox.portal_one.documents
    assert not IssuedDocument.objects.exists()
    assert "No documents in this deal yet" in text(boris.follow(answer))


def test_who_deletes_what_somebody_has_just_deleted_is_content(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    del sandbox.portal_one.documents[document_id]
    assert boris.post(f"documents/{document_id}/delete/").status_code == 302
    assert not IssuedDocument.objects.exists()


def test_a_delete_whose_answer_was_lost_is_done(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    sandbox.state.faults.add(Fault("crm.documentgenerator.document.delete", "cut", after=True))
    assert boris.post(f"documents/{document_id}/delete/").status_code == 302
    assert not IssuedDocument.objects.exists()


def test_a_delete_that_is_refused_says_so(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    sandbox.portal_one.users[7].documents_modify = False
    answer = boris.post(f"documents/{document_id}/delete/")
    assert answer.status_code in {403, 409}
    assert document_id in sandbox.portal_one.documents
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize("kind", ["foreign", "unknown", "huge", "zero"])
def test_a_document_that_is_not_of_this_deal_is_not_there(
    sandbox: Sandbox, boris: Frame, kind: str
) -> None:
    number = {"foreign": foreign_document(sandbox), "unknown": 4711, "huge": 10**30, "zero": 0}[
        kind
    ]
    before = dict(sandbox.portal_one.documents)
    one = f"documents/{number}/"
    for path in ("", "edit/"):
        answer = boris.get(f"{one}{path}")
        assert answer.status_code == 404, (path, text(answer))
        assert GONE in text(answer)
    for path in ("link/", "delete/", "retry/", "pdf-ticket/", "docx-ticket/"):
        answer = boris.post(f"{one}{path}", {"on": "1"})
        assert answer.status_code == 404, (path, text(answer))
    assert boris.get(f"{one}row/").status_code in {200, 204}
    assert b"<article" not in boris.get(f"{one}row/").content
    assert sandbox.portal_one.documents == before
    assert not IssuedDocument.objects.exists()


def test_a_portal_that_is_down_while_one_looks_at_a_document(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    sandbox.state.faults.add(Fault("*", "html", status=502, times=-1))
    for answer in (
        boris.get(f"documents/{document_id}/"),
        boris.get(f"documents/{document_id}/edit/"),
        boris.post(f"documents/{document_id}/delete/"),
        boris.post(f"documents/{document_id}/pdf-ticket/"),
    ):
        assert answer.status_code == 503
        assert "Bitrix24 is not answering" in text(answer)
    assert "Finding out" in text(switch(boris, document_id, on=True))
    sandbox.state.faults.clear()
    assert boris.get(f"documents/{document_id}/?now").status_code == 200
