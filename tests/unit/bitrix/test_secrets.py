"""A canary in every secret place, and the whole family of errors looked through for it."""

import json
import logging
import pickle
import traceback

import pytest

from b24app.bitrix import errors
from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import add_document, get_document
from b24app.bitrix.egress import Egress
from b24app.bitrix.oauth import AuthorizationServer
from b24app.bitrix.secret import Secret
from b24app.bitrix.setup import profile
from tests.unit.bitrix import server
from tests.unit.bitrix.conftest import StoredAccess
from tests.unit.bitrix.server import Portal

CANARY = "canary0f00d"
FAULTS = [
    server.reset,
    server.html(502),
    server.html(200),
    server.refusal("0", 400, f"bad token {CANARY}\nline"),
    server.redirect(f"https://evil.example/?auth={CANARY}"),
    server.document([CANARY]),
    server.answer({"ID": CANARY}),
]


def _texts(error: BaseException) -> str:
    return "".join([str(error), repr(error), *traceback.format_exception(error)])


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "urllib3.connectionpool")


@pytest.mark.parametrize("fault", FAULTS)
def test_s42_no_error_of_a_call_tells_the_token_or_the_values(
    client: PortalClient,
    portal: Portal,
    access: StoredAccess,
    caplog: pytest.LogCaptureFixture,
    fault: server.Reply,
) -> None:
    access.current = CANARY
    portal.will(*[fault] * 3)
    for command in (profile(), add_document(1, 2, 3, {"Title": CANARY}, stamps=False)):
        with pytest.raises(errors.BitrixError) as raised:
            client.run(command)
        assert CANARY not in _texts(raised.value) + repr(command)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_s42_no_error_of_a_download_tells_its_link(
    client: PortalClient, portal: Portal, caplog: pytest.LogCaptureFixture, fault: server.Reply
) -> None:
    path = f"/rest/crm.documentgenerator.document.getPdf.json?auth={CANARY}"
    for link in (Secret(f"{portal.origin}{path}"), Secret(f"https://other.example{path}")):
        portal.will(*[fault] * 3)
        with pytest.raises(errors.BitrixError) as raised:
            client.download(link, types=frozenset(), limit=10)
        assert CANARY not in _texts(raised.value)
        portal.replies.clear()
    assert CANARY not in caplog.text


@pytest.mark.parametrize("fault", FAULTS[:3])
def test_s42_no_error_of_a_refresh_tells_the_client_secret(
    egress: Egress, portal: Portal, fault: server.Reply, caplog: pytest.LogCaptureFixture
) -> None:
    authorization = AuthorizationServer(egress, portal.origin)
    portal.will(fault)
    with pytest.raises(errors.BitrixError) as raised:
        authorization.refresh("local.1", CANARY, Secret(CANARY))
    assert CANARY not in _texts(raised.value) + caplog.text


def test_s42_a_document_does_not_show_its_links(client: PortalClient, portal: Portal) -> None:
    row = {
        "id": 1,
        "title": "Offer 7",
        "number": "7",
        "entityTypeId": "2",
        "entityId": "501",
        "createTime": "2026-03-18T11:19:04+03:00",
        "pdfUrlMachine": f"{portal.origin}/rest/x?auth={CANARY}",
    }
    portal.will(server.answer({"document": row}))
    document = client.run(get_document(1))
    assert document.pdf_machine is not None
    assert CANARY in document.pdf_machine.reveal()
    assert CANARY not in f"{document} {document!r}"


def test_s42_a_secret_gives_itself_away_nowhere() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]} " + "%s" % secret  # noqa: UP031
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == Secret(CANARY)
    assert secret != Secret("other")
    assert secret != CANARY
    assert bool(secret)
    assert not Secret("")


def test_errors_survive_the_way_to_another_process() -> None:
    error = errors.PortalMoved(location_origin="https://new.example", status=302, method="profile")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert str(again) == str(error) == "PortalMoved profile HTTP 302"
    assert again.location_origin == "https://new.example"
