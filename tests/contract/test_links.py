"""Links to files: what opens them."""

from __future__ import annotations

import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

DOCUMENT = "crm.documentgenerator.document."


def ready(sandbox: Sandbox, boris: Caller, offer: int) -> dict[str, str]:
    made = boris.add_document(offer)
    sandbox.state.clock.move(4)
    found: dict[str, str] = boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    return found


def test_a_machine_link_carries_a_live_token(
    sandbox: Sandbox, boris: Caller, offer: int, http: requests.Session
) -> None:
    document = ready(sandbox, boris, offer)
    assert f"auth={boris.token.access}" in document["pdfUrlMachine"]
    pdf = http.get(document["pdfUrlMachine"], timeout=20)
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert http.get(document["imageUrlMachine"], timeout=20).content.startswith(b"\xff\xd8")
    assert http.get(document["downloadUrlMachine"], timeout=20).content.startswith(b"PK")

    sandbox.state.expire_access(7)
    late = http.get(document["pdfUrlMachine"], timeout=20)
    assert (late.status_code, late.json()["error"]) == (401, "expired_token")


def test_a_signature_for_another_document_is_refused(
    sandbox: Sandbox, boris: Caller, offer: int, http: requests.Session
) -> None:
    document = ready(sandbox, boris, offer)
    forged = document["pdfUrlMachine"].replace("token=", "token=x")
    answer = http.get(forged, timeout=20)
    assert (answer.status_code, answer.json()["error"]) == (403, "ACCESS_DENIED")
    other_action = document["pdfUrlMachine"].replace("getPdf", "download")
    assert http.get(other_action, timeout=20).status_code == 403


def test_a_browser_link_wants_the_session_of_an_employee(
    sandbox: Sandbox, boris: Caller, offer: int, http: requests.Session
) -> None:
    document = ready(sandbox, boris, offer)
    stranger = http.get(document["pdfUrl"], timeout=20)
    assert stranger.status_code == 401
    assert stranger.json()["errors"][0]["code"] == "invalid_authentication"

    portal = sandbox.portal_one
    name = sandbox.state.sessions.cookie_name(portal)
    for user_id, kind in ((7, "application/pdf"), (12, "application/json")):
        cookies = {name: sandbox.state.sessions.open(portal, user_id)}
        answer = requests.get(document["pdfUrl"], cookies=cookies, timeout=20)
        assert answer.headers["Content-Type"] == kind


def test_with_the_token_in_the_header_the_link_has_none(boris: Caller, offer: int) -> None:
    made = boris.add_document(offer)
    header = {"Authorization": f"Bearer {boris.token.access}"}
    got = boris.http.post(
        f"{boris.portal.origin}/rest/{DOCUMENT}get",
        json={"id": made["id"]},
        headers=header,
        timeout=10,
    ).json()["result"]["document"]
    link = got["downloadUrlMachine"]
    assert "auth=" not in link
    assert boris.http.get(link, timeout=10).status_code == 401
    assert boris.http.get(link, headers=header, timeout=10).content.startswith(b"PK")


def test_a_webhooks_link_carries_its_secret(
    sandbox: Sandbox, boris: Caller, offer: int, http: requests.Session
) -> None:
    made = boris.add_document(offer)
    portal = sandbox.portal_one
    url = sandbox.state.add_webhook(portal, portal.users[1], ["crm"])
    got = http.post(f"{url}{DOCUMENT}get", json={"id": made["id"]}, timeout=10).json()
    link = got["result"]["document"]["downloadUrlMachine"]
    assert link.startswith(url)
    assert http.get(link, timeout=10).content.startswith(b"PK")


def test_browsers_of_other_origins_may_read_rest(boris: Caller, http: requests.Session) -> None:
    url = f"{boris.portal.origin}/rest/profile"
    preflight = http.options(url, timeout=10)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "content-type" in preflight.headers["Access-Control-Allow-Headers"]
    refused = http.post(url, json={"auth": "x"}, timeout=10)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
