"""C. Rights: whose rows, whose deal, whose role (S24 to S30)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from b24app.bitrix.errors import BitrixError
from b24app.bitrix.secret import Secret
from b24app.documents import prepare
from b24app.documents.errors import NoSuchForm
from b24app.models import DownloadTicket, FrameSession, Intent, IssuedDocument, Portal
from b24app.portals import preferences
from b24app.portals.clients import acting
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import ANNA, BORIS, CLARA, DMITRI, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import json_of, launch_of
from tests.security.evidence import refusal, rows, secrets_of
from tests.unit.bitrix import server


@pytest.fixture
def document_id(boris: Frame) -> int:
    return made(open_form(boris, OFFER).send({"DocumentTitle": "Refit of the Lindner office"}))


@pytest.fixture
def twin(sandbox: Sandbox, dmitri: Frame) -> Frame:
    """Dmitri at a deal of his own that has the same number as Boris's."""
    lindner = sandbox.portal_two
    app = next(iter(lindner.applications.values()))
    deal = next(iter(lindner.deals.values()))
    deal.id = 501
    lindner.deals[501] = deal
    frame = people.open_tab(sandbox, lindner, app, DMITRI, 501)
    assert frame.page.status_code == 200
    return frame


def test_s24_the_same_numbers_in_another_portal_lead_to_nothing(
    sandbox: Sandbox, boris: Frame, document_id: int, twin: Frame
) -> None:
    form = open_form(boris, OFFER)
    one = f"documents/{document_id}/"
    for portal in Portal.objects.all():  # each portal's own, made at the first use
        preferences.of(portal)
    before = rows()
    for path in (form.path.rpartition("/deal/")[2], one, f"{one}row/", f"{one}edit/"):
        answer = twin.get(path)
        assert answer.status_code in {200, 404}, path
        assert "Refit" not in text(answer), path
        assert "Lindner & Vogt" not in text(answer), path
    for path in (f"{one}link/", f"{one}retry/", f"{one}pdf-ticket/", f"{one}docx-ticket/"):
        assert twin.post(path, {"on": "1"}).status_code == 404, path
    assert rows() == before
    assert sandbox.portal_one.documents[document_id].public_hash is None


def test_s24_deleting_a_number_of_another_portal_leaves_ours(
    sandbox: Sandbox, document_id: int, twin: Frame
) -> None:
    assert twin.post(f"documents/{document_id}/delete/").status_code == 404
    assert document_id in sandbox.portal_one.documents
    assert IssuedDocument.objects.filter(document_id=document_id).count() == 1


def test_s24_lists_and_searches_show_the_own_portal_only(boris: Frame, twin: Frame) -> None:
    made(open_form(boris, OFFER).send({"DocumentTitle": "Refit of the Lindner office"}))
    for path in ("", "?start=0", "new/?q=", "new/?q=Offer"):
        assert "Refit of" not in text(twin.get(path))


def test_s24_a_picture_is_signed_for_one_session_of_one_portal(
    boris: Frame, document_id: int, twin: Frame, portal_of_boris: Portal
) -> None:
    from b24app.web import pictures

    record = IssuedDocument.objects.get(document_id=document_id)
    record.picture = b"\xff\xd8 picture"
    record.save()
    mine = FrameSession.objects.filter(portal=portal_of_boris, person__user_id=BORIS)[0]
    his = FrameSession.objects.exclude(portal=portal_of_boris)[0]
    assert Client().get(pictures.address(mine, record)).content == b"\xff\xd8 picture"
    assert Client().get(pictures.address(his, record)).status_code == 404
    address = pictures.address(mine, record)
    mine.delete()
    assert Client().get(address).status_code == 404


@pytest.fixture
def portal_of_boris(sandbox: Sandbox) -> Portal:
    return Portal.objects.get(address=sandbox.portal_one.origin)


def test_s25_clara_is_noted_and_gets_no_document_of_the_list(
    sandbox: Sandbox, clara: Frame, document_id: int
) -> None:
    with refusal(sandbox, kind="deal", asked=["/rest/batch"]):
        answer = clara.get("")
    assert answer.status_code == 403
    assert "Refit" not in text(answer)


def test_s25_a_form_is_closed_when_the_right_to_the_deal_is_gone(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """The form keeps the CRM's values: they are shown only to who may still read them."""
    form = open_form(boris, OFFER)
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    later(minutes=11)
    for answer in (boris.get(form.path), form.send({"BeginDate": "not a date"})):
        assert answer.status_code == 403
        assert "Lindner" not in text(answer)


def test_s26_each_deal_is_asked_for_by_itself(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    """Clara's launch, the deal in it changed to one of Boris's, and then to one of her own."""
    own = next(d.id for d in sandbox.portal_one.deals.values() if d.assigned_by_id == CLARA)
    address, fields = launch_of(sandbox, docket, CLARA, {"ID": str(own)})
    for deal, status in ((501, 403), (own, 200), (10**17, 403)):
        frame = Frame(address, fields | {"PLACEMENT_OPTIONS": json.dumps({"ID": str(deal)})})
        assert frame.page.status_code == status
        assert "Office refit" not in text(frame.page)


def test_s26_the_deal_of_a_form_is_the_sessions_and_no_hidden_field(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    foreign = {"entity_id": "502", "deal": "502", "f-entityId": "502", "entityId": "502"}
    document = sandbox.portal_one.documents[made(boris.post(form.path, form.inputs | foreign))]
    assert document.entity_id == "501"


def test_s26_a_document_of_another_deal_is_not_there(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    other = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
    foreign = made(open_form(other, OFFER).send())
    sandbox.state.record.clear()
    for path in ("link/", "pdf-ticket/", "delete/", "retry/"):
        assert boris.post(f"documents/{foreign}/{path}", {"on": "1"}).status_code == 404, path
    assert foreign in sandbox.portal_one.documents
    assert sandbox.portal_one.documents[foreign].public_hash is None


def test_s27_settings_are_for_administrators(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    frame = people.open_application(sandbox, sandbox.portal_one, docket, BORIS)
    assert "Needs repair" not in text(frame.page)
    with refusal(sandbox, kind="role"):
        assert frame.post(f"/p/{portal.key}/reconnect/").status_code == 403


def test_s27_a_lost_role_is_noticed_within_ten_minutes(
    sandbox: Sandbox, docket: Application, portal: Portal, later: Later
) -> None:
    frame = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    path = f"/p/{portal.key}/reconnect/"
    assert frame.post(path).status_code == 200
    sandbox.portal_one.users[ANNA].is_admin = False
    later(minutes=10, seconds=1)
    answer = frame.post(path)
    assert answer.status_code == 403
    assert "Only an administrator can do this" in text(answer)
    for step in ("rights", "tab", "finish"):
        assert frame.post(f"/p/{portal.key}/install/{step}/").status_code == 403


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]
)
def test_s28_nothing_that_was_asked_for_leads_elsewhere(
    boris: Frame, document_id: int, target: str
) -> None:
    """No address of ours takes a destination: redirects are built from our own routes."""
    query = "&".join(f"{name}={target}" for name in ("next", "url", "return_to", "back", "state"))
    paths = ["", "new/", f"new/{OFFER}/", f"documents/{document_id}/edit/"]
    for path in paths:
        answer = boris.get(f"{path}?{query}")
        for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url"):
            told = answer.headers.get(name, "/p/")
            assert told.startswith(("/p/", '{"path": "/p/')), (path, name)
        assert not re.search(r'href="(?:javascript|//|/\\|https:evil)', text(answer))
    assert Client().get(f"/?code=1&state={target}").status_code == 403


def address_of(frame: Frame, document_id: int, kind: str) -> str:
    return str(json_of(frame.post(f"documents/{document_id}/{kind}-ticket/"))["address"])


@pytest.mark.parametrize("kind", ["https://evil.example/x.pdf", "..%2f..%2fetc", "PDF", "exe", " "])
def test_s29_a_ticket_takes_no_address_and_no_other_kind(
    boris: Frame, document_id: int, kind: str
) -> None:
    assert boris.post(f"documents/{document_id}/{kind}-ticket/").status_code in {404, 410}
    assert DownloadTicket.objects.count() == 0


def test_s29_a_file_comes_with_its_type_its_name_and_nothing_that_runs(
    sandbox: Sandbox, boris: Frame
) -> None:
    title = 'Refit "X"\r\nSet-Cookie: a=b ../../etc/passwd <script>'
    document_id = made(open_form(boris, OFFER).send())
    sandbox.portal_one.documents[document_id].title = title
    for kind in ("docx", "pdf"):
        answer = Client().get(address_of(boris, document_id, kind))
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src" not in answer.headers["Content-Security-Policy"] or kind == "docx"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;" if kind == "docx" else "inline;")
        assert not set(disposition) & set("\r\n<>/\\")
        assert disposition.count('"') in {0, 2}
        assert not answer.cookies


@pytest.mark.parametrize(
    "reply",
    [
        server.file(b"<script>alert(1)</script>", "text/html"),
        server.file(b"x" * 2048, "application/pdf"),
        server.redirect("https://evil.example/rest/x?auth=t"),
        server.document({"error": "expired_token"}, 401),
    ],
    ids=["html", "too big", "elsewhere", "expired"],
)
def test_s29_another_type_or_too_many_bytes_are_no_file(
    boris: Frame, settings: Any, reply: server.Reply
) -> None:
    from b24app.portals.egress import egress

    session = FrameSession.objects.get(person__user_id=BORIS)
    portal = server.Portal()
    portal.will(reply)
    settings.LISTED_ORIGINS = [*settings.LISTED_ORIGINS, portal.origin]
    egress.cache_clear()
    session.portal.address = portal.origin
    path = "/rest/crm.documentgenerator.document.getPdf.json?auth=t"
    client = acting(session)
    with pytest.raises(BitrixError):
        client.download(
            Secret(f"{portal.origin}{path}"), types=frozenset({"application/pdf"}), limit=1024
        )
    portal.close()
    assert len(portal.received) == 1


def test_s29_links_with_a_token_reach_no_page_no_row_and_no_log(
    sandbox: Sandbox, boris: Frame, document_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.security.evidence import dump

    caplog.set_level("DEBUG")
    seen = [text(boris.get("")), text(boris.get(f"documents/{document_id}/"))]
    for kind in ("pdf", "docx"):
        Client().get(address_of(boris, document_id, kind))
    found = [
        secret
        for secret in secrets_of(sandbox)
        if secret in caplog.text or secret in "".join(seen) or secret.encode() in dump()
    ]
    assert found == []
    assert b"auth=" not in dump()


def test_s30_extra_fields_of_a_form_change_nothing(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    extra = {
        "portal": "2", "portal_id": "2", "user_id": "1", "owner": "1", "state": "made",
        "document_id": "1", "template_id": "44", "marker": "dk-x", "f-DocketMarker": "dk-x",
        "f-stampsEnabled": "1", "f-PaymentQrCode": "", "kind": "update",
    }  # fmt: skip
    document = sandbox.portal_one.documents[made(boris.post(form.path, form.inputs | extra))]
    intent = Intent.objects.get()
    assert (document.template_id, document.created_by) == (OFFER, BORIS)
    assert intent.portal.address == sandbox.portal_one.origin
    assert (intent.user_id, intent.kind) == (BORIS, Intent.Kind.MAKE)
    assert set(document.values) <= {"DocketMarker", "productsTableVariant", "_creationMethod",
                                    "stampsEnabled"}  # fmt: skip
    assert document.values["DocketMarker"] == intent.marker != "dk-x"


def test_s30_a_form_is_found_for_its_own_session_only(
    boris: Frame, anna: Frame, document_id: int
) -> None:
    form = open_form(boris, OFFER)
    session = FrameSession.objects.filter(person__user_id=ANNA).latest("created_at")
    with pytest.raises(NoSuchForm):
        prepare.find(session, form.intent_id)
