from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sandbox.state import State
from tests.sandbox.world import DEAL, Document, File, Portal
from tests.unit.sandbox.visitor import Visitor

LINK = "f" * 32
PAGE = f"/pub/document/900/{LINK}/"


@pytest.fixture
def document(state: State, portal: Portal) -> Document:
    """A document of deal 501 that is converted and shared."""
    portal.files[9001] = File(9001, "Offer.pdf", "application/pdf", b"%PDF-1.7 offer")
    portal.files[9002] = File(9002, "Offer.jpg", "image/jpeg", b"\xff\xd8\xff picture")
    made = Document(
        900,
        'Offer "Ä" 900',
        "900",
        1,
        DEAL,
        "501",
        {},
        state.now(),
        state.now(),
        7,
        pdf_id=9001,
        image_id=9002,
        public_hash=LINK,
        public_short="71q5j",
    )
    portal.documents[900] = made
    return made


def test_the_client_opens_the_short_link_and_the_opening_is_remembered(
    state: State, document: Document, stranger: Visitor
) -> None:
    answer = stranger.get("/~71q5j")
    assert answer.location.endswith(PAGE)
    page = stranger.get(PAGE)
    assert "Offer &#34;Ä&#34; 900" in page.text
    first = document.public_viewed
    assert first is not None
    state.clock.move(60)
    stranger.get(PAGE)
    assert document.public_viewed == first

    picture = stranger.get(f"{PAGE}image")
    assert (picture.content_type, picture.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    pdf = stranger.get(f"{PAGE}pdf")
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"].startswith("attachment")


def test_before_the_pdf_is_made_the_page_says_so(document: Document, stranger: Visitor) -> None:
    document.pdf_id = document.image_id = None
    assert "being prepared" in stranger.get(PAGE).text
    assert stranger.get(f"{PAGE}pdf").status_code == 404


def test_a_link_that_is_off_or_wrong_leads_nowhere(document: Document, stranger: Visitor) -> None:
    wrong = f"/pub/document/900/{'0' * 32}/"
    assert stranger.get(wrong).status_code == 404
    assert stranger.get(f"{wrong}pdf").status_code == 404
    document.public_hash = document.public_short = None
    for path in (PAGE, f"{PAGE}pdf", f"{PAGE}image", "/~71q5j", "/~None"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert "Offer" not in answer.text


def test_the_viewer_shows_the_document_to_those_who_may_read_the_deal(
    document: Document, boris: Visitor, clara: Visitor
) -> None:
    path = "/bitrix/components/bitrix/crm.document.view/slider.php?documentId=900"
    page = boris.get(path).text
    assert "action=crm.documentgenerator.document.getImage" in page
    assert "/~71q5j" in page
    assert clara.get(path).status_code == 403
    assert boris.get(path.replace("900", "901")).status_code == 404


def test_the_history_of_the_deal_names_its_documents(
    state: State, document: Document, boris: Visitor
) -> None:
    document.created_time = state.now() + timedelta(seconds=5)
    history = boris.get("/crm/deal/details/501/?tab=history").text
    assert "Offer &#34;Ä&#34; 900" in history
