"""The PDF is waited for by the worker: how often it asks, and what people see meanwhile."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from b24app.documents import readiness
from b24app.models import IssuedDocument
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, INVOICE, OFFER, made, open_form, text
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

GET = "crm.documentgenerator.document.get"
Pdf = IssuedDocument.Pdf


@pytest.fixture
def converting(sandbox: Sandbox, boris: Frame) -> int:
    """Boris has just made an offer; its PDF takes half a minute."""
    sandbox.state.options.conversion_delay = 30
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Offer for the refit"}))
    sandbox.state.record.clear()
    return document_id


def record() -> IssuedDocument:
    return IssuedDocument.objects.get()


def look() -> None:
    """What the worker does when something is due."""
    for portal_id in readiness.due_portals():
        readiness.look(portal_id)


def test_nobody_asks_before_the_first_wait_is_over(
    sandbox: Sandbox, converting: int, later: Later
) -> None:
    look()
    later(seconds=7)
    look()
    assert list(sandbox.state.record) == []


def test_the_pdf_is_there_after_a_few_looks(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    waited = []
    while record().pdf == Pdf.CONVERTING:
        due = readiness.next_look(record().portal_id)
        assert due is not None
        waited.append(round((due - timezone.now()).total_seconds()))
        later(seconds=waited[-1] + 1)
        look()
    assert waited == [8, 12, 20]
    assert sandbox.state.record.executed(GET) == 3
    assert record().look_at is None
    assert readiness.due_portals() == []
    assert readiness.next_look(record().portal_id) is None


def test_the_page_polls_us_and_not_bitrix24(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    page = text(boris.get(f"documents/{converting}/"))
    assert "The PDF is being made" in page
    assert "You can close this" in page
    sandbox.state.record.clear()
    for _ in range(3):
        progress = boris.get(f"documents/{converting}/progress/", target="progress")
        assert "The PDF is being made" in text(progress)
        assert boris.get(f"documents/{converting}/row/").status_code == 204
    assert list(sandbox.state.record) == []
    later(seconds=31)
    look()
    done = boris.get(f"documents/{converting}/progress/", target="progress")
    assert done.status_code == 204
    assert json.loads(done.headers["HX-Location"])["path"].endswith(f"/documents/{converting}/")
    page = text(boris.get(f"documents/{converting}/"))
    assert "Open PDF" in page
    assert "The PDF is being made" not in page
    assert "Ready" in text(boris.get(f"documents/{converting}/row/"))


def test_the_picture_is_kept_sealed_and_shown_by_a_signed_address(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    later(seconds=31)
    look()
    assert not bytes(record().picture_sealed).startswith(b"\xff\xd8")
    assert b"\xff\xd8\xff" not in bytes(record().picture_sealed)
    assert record().picture.startswith(b"\xff\xd8\xff")
    address = re.search(r'src="(/picture/[^"]+)"', text(boris.get(f"documents/{converting}/")))
    assert address
    answer = Client().get(address[1])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content == record().picture
    assert Client().get(address[1].replace("/picture/", "/picture/x")).status_code == 404
    later(minutes=16)
    assert Client().get(address[1]).status_code == 404


def test_many_documents_are_asked_for_with_one_batch(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    for template in (CONTRACT, INVOICE):
        made(open_form(boris, template).send())
    later(seconds=31)
    sandbox.state.record.clear()
    look()
    assert sandbox.state.record.count("batch") == 1
    assert sandbox.state.record.executed(GET) == 3
    assert set(IssuedDocument.objects.values_list("pdf", flat=True)) == {Pdf.READY}


def test_two_workers_ask_once(sandbox: Sandbox, converting: int, later: Later) -> None:
    later(seconds=9)
    portal_id = record().portal_id
    readiness.look(portal_id)
    readiness.look(portal_id)
    assert sandbox.state.record.executed(GET) == 1


def test_a_failed_conversion_says_why_and_can_be_tried_again(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    sandbox.state.options.conversion_fails = True
    sandbox.state.options.conversion_error_message = "The picture in the header is damaged"
    later(seconds=31)
    look()
    assert record().pdf == Pdf.FAILED
    assert record().look_at is None
    sandbox.state.record.clear()
    page = text(boris.get(f"documents/{converting}/"))
    assert "Bitrix24 could not make the PDF" in page
    assert "The picture in the header is damaged" in page
    assert "Try again" in page
    assert sandbox.state.record.executed(GET) == 0  # it would be the next attempt of five
    assert "PDF failed" in text(boris.get(f"documents/{converting}/row/"))
    sandbox.state.options.conversion_fails = False
    answer = boris.post(f"documents/{converting}/retry/")
    assert made(answer) == converting
    assert record().pdf == Pdf.CONVERTING
    later(seconds=40)
    look()
    assert record().pdf == Pdf.READY
    assert record().pdf_error == ""


def test_a_conversion_that_fails_at_once_can_be_tried_again_with_one_click(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """document.add itself tells of the failure, and the first document.get repeats it."""
    sandbox.state.options.conversion_fails = True
    document_id = made(open_form(boris, OFFER).send())
    assert record().pdf == Pdf.FAILED
    sandbox.state.options.conversion_fails = False
    boris.post(f"documents/{document_id}/retry/")
    later(seconds=9)
    look()
    assert record().pdf == Pdf.READY


def test_a_broken_file_fails_for_good_and_is_not_asked_for_ever(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    sandbox.state.options.conversion_fails = True
    document_id = made(open_form(boris, OFFER).send())
    for _ in range(6):
        boris.post(f"documents/{document_id}/retry/")
        later(seconds=60)
        look()
        assert record().pdf == Pdf.FAILED
    assert readiness.next_look(record().portal_id) is None


def test_a_failed_pdf_does_not_lock_the_document(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """Edit, the DOCX and Delete are what helps then."""
    sandbox.state.options.conversion_fails = True
    document_id = made(open_form(boris, OFFER).send())
    ticket = boris.post(f"documents/{document_id}/docx-ticket/")
    assert ticket.status_code == 200, text(ticket)
    assert Client().get(json.loads(ticket.content)["address"]).content.startswith(b"PK")
    assert sandbox.portal_one.documents[document_id].conversion_attempts == 1
    edit = boris.get(f"documents/{document_id}/edit/")
    assert edit.status_code == 302, text(edit)
    assert boris.post(f"documents/{document_id}/delete/").status_code == 302
    assert document_id not in sandbox.portal_one.documents


def test_a_document_that_was_deleted_meanwhile_is_forgotten(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    del sandbox.portal_one.documents[converting]
    later(seconds=9)
    look()
    assert not IssuedDocument.objects.exists()
    answer = boris.get(f"documents/{converting}/")
    assert answer.status_code == 404
    assert "This document is not in the deal any more" in text(answer)


def test_a_silent_portal_postpones_and_fails_nothing(
    sandbox: Sandbox, converting: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault("batch", "html", status=502, times=-1))
    later(seconds=9)
    look()
    assert record().pdf == Pdf.CONVERTING
    assert record().look_at is not None
    assert record().look_at > timezone.now()
    sandbox.state.faults.clear()
    later(seconds=31)
    look()
    assert record().pdf == Pdf.READY


def test_one_silent_answer_in_a_batch_postpones_that_document(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    made(open_form(boris, CONTRACT).send())
    later(seconds=31)
    sandbox.state.faults.add(
        Fault(GET, "error", status=500, code="INTERNAL_SERVER_ERROR", message="oops")
    )
    look()
    states = list(IssuedDocument.objects.order_by("document_id").values_list("pdf", flat=True))
    assert states == [Pdf.CONVERTING, Pdf.READY]


def test_waiting_ends_when_the_portals_job_cannot_live_any_more(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    sandbox.state.options.conversion_delay = 10**6
    for _ in range(60):
        later(seconds=41)
        look()
    assert record().pdf == Pdf.FAILED
    assert record().pdf_error_code == "too_long"
    page = text(boris.get(f"documents/{converting}/"))
    assert "It has taken longer than Bitrix24 lets a conversion live." in page
    sandbox.state.record.clear()
    later(hours=1)
    look()
    assert list(sandbox.state.record) == []


def test_waiting_ends_too_where_nobody_can_be_asked_any_more(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    """A portal that has gone, or whose tokens have died: no spinner without an end."""
    record().portal.chains.update(dead=True)
    for _ in range(60):
        later(seconds=41)
        look()
    assert record().pdf == Pdf.FAILED
    assert readiness.due_portals() == []


def test_a_document_made_elsewhere_is_converted_when_somebody_opens_it(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    document_id = made(open_form(boris, OFFER).send())
    look()
    IssuedDocument.objects.all().delete()
    document = sandbox.portal_one.documents[document_id]
    document.pdf_id = document.image_id = None
    document.converting_since, document.conversion_attempts = None, 0
    sandbox.state.options.conversion_delay = 30
    page = text(boris.get(f"documents/{document_id}/"))
    assert "The PDF is being made" in page
    assert record().pdf == Pdf.CONVERTING
    later(seconds=31)
    look()
    assert record().pdf == Pdf.READY


def test_a_document_made_anew_elsewhere_is_waited_for_again(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    """The event was lost; opening the page finds the old PDF gone."""
    later(seconds=31)
    look()
    assert record().pdf == Pdf.READY
    document = sandbox.portal_one.documents[converting]
    document.pdf_id = document.image_id = None
    document.converting_since = sandbox.state.now()
    assert "The PDF is being made" in text(boris.get(f"documents/{converting}/"))
    assert record().pdf == Pdf.CONVERTING
    sandbox.state.record.clear()
    progress = boris.get(f"documents/{converting}/progress/", target="progress")
    assert progress.status_code == 200
    assert list(sandbox.state.record) == []


def test_a_document_without_a_picture_is_ready_all_the_same(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    later(seconds=31)
    sandbox.state.faults.add(
        Fault("crm.documentgenerator.document.getimage", "html", status=502, times=-1)
    )
    look()
    assert record().pdf == Pdf.READY
    assert record().picture == b""
    assert "Open PDF" in text(boris.get(f"documents/{converting}/"))


def test_the_person_is_asked_for_where_the_installation_has_died(
    sandbox: Sandbox, boris: Frame, converting: int, later: Later
) -> None:
    record().portal.chains.filter(purpose="installation").update(dead=True)
    later(seconds=31)
    look()
    assert record().pdf == Pdf.READY


def test_a_lease_of_a_worker_that_died_lapses(
    sandbox: Sandbox, converting: int, later: Later
) -> None:
    IssuedDocument.objects.update(look_at=timezone.now() + timedelta(seconds=60))
    look()
    assert list(sandbox.state.record) == []
    later(seconds=61)
    look()
    assert record().pdf == Pdf.READY
