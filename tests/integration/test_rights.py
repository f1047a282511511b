"""Clara may not read Boris's deal: she learns nothing of it, whatever she asks for."""

from __future__ import annotations

import pytest

from b24app.bitrix.documentgenerator import list_documents
from b24app.documents import readiness
from b24app.models import FrameSession, IssuedDocument
from b24app.portals.clients import acting
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, CLARA, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application


@pytest.fixture
def document_id(boris: Frame) -> int:
    """Boris made an offer called Refit in deal 501."""
    return made(open_form(boris, OFFER).send({"DocumentTitle": "Refit of the Lindner office"}))


@pytest.fixture
def clara(sandbox: Sandbox, docket: Application, document_id: int) -> Frame:
    """Clara has posted the launch of deal 501, as her browser can."""
    return people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)


def knows_nothing(answer: object) -> None:
    page = text(answer)
    for secret in ("Lindner", "Refit", "Office refit", "2026-0"):
        assert secret not in page, page


def test_s25_the_tab_is_refused_and_says_nothing_of_the_deal(
    sandbox: Sandbox, docket: Application, clara: Frame
) -> None:
    assert clara.page.status_code == 403
    page = text(clara.page)
    assert "You cannot see the documents of this deal" in page
    assert "Clara Sommer" in page
    knows_nothing(clara.page)


def test_s25_bitrix24_itself_would_have_listed_the_documents(
    sandbox: Sandbox, docket: Application, document_id: int
) -> None:
    """The reason why the deal is read first: document.list does not ask for the deal's rights."""
    people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    session = FrameSession.objects.get(person__user_id=CLARA)
    page = acting(session).run(list_documents(entity_type_id=2, entity_id=501))
    assert [one.id for one in page.items] == [document_id]


@pytest.mark.parametrize("pdf", IssuedDocument.Pdf.values)
def test_s25_no_other_address_tells_more(clara: Frame, document_id: int, pdf: str) -> None:
    IssuedDocument.objects.update(pdf=pdf, pdf_error="of the Lindner office")
    one = f"documents/{document_id}/"
    for path in ("", "new/", f"new/{OFFER}/", one, f"{one}row/", f"{one}progress/", f"{one}edit/"):
        answer = clara.get(path)
        assert answer.status_code in {403, 404}, (path, text(answer))
        knows_nothing(answer)


def test_s25_she_changes_nothing(sandbox: Sandbox, clara: Frame, document_id: int) -> None:
    before = sandbox.portal_one.documents[document_id]
    one = f"documents/{document_id}/"
    for path in ("link/", "delete/", "retry/", "pdf-ticket/", "docx-ticket/"):
        answer = clara.post(f"{one}{path}", {"on": "1"})
        assert answer.status_code in {403, 404}, (path, text(answer))
        knows_nothing(answer)
    assert sandbox.portal_one.documents[document_id] is before
    assert before.public_hash is None


def test_s25_a_lost_right_is_noticed_within_ten_minutes(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    """Boris has the page open that polls us, not Bitrix24, while his right is taken away."""
    sandbox.state.options.conversion_delay = 3600
    record = IssuedDocument.objects.get()
    record.pdf = IssuedDocument.Pdf.CONVERTING
    record.save()
    sandbox.state.record.clear()
    assert boris.get(f"documents/{document_id}/progress/").status_code == 200
    assert list(sandbox.state.record) == []
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    later(minutes=11)
    assert boris.get(f"documents/{document_id}/progress/").status_code == 403


def test_the_worker_still_finishes_what_was_begun(document_id: int) -> None:
    record = IssuedDocument.objects.get()
    record.look_at = record.waiting_since
    record.save()
    readiness.look(record.portal_id)
    record.refresh_from_db()
    assert record.pdf == IssuedDocument.Pdf.READY
