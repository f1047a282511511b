"""Who may do what."""

from __future__ import annotations

import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

DENIED = (400, "DOCGEN_ACCESS_ERROR")


def test_boris_may_not_list_templates_but_makes_documents(boris: Caller, offer: int) -> None:
    for method in ("list", "get", "getfields"):
        refusal = boris.refused(
            f"crm.documentgenerator.template.{method}", id=offer, entityTypeId=2, entityId=501
        )
        assert refusal == (400, "0")
    assert boris.add_document(offer)["number"]


def test_boris_may_list_templates_once_he_has_the_right(
    sandbox: Sandbox, boris: Caller, anna: Caller
) -> None:
    sandbox.portal_one.users[7].templates_modify = "X"
    seen = boris.call("crm.documentgenerator.template.list")["templates"]
    assert seen == {} or set(seen) == set(
        anna.call("crm.documentgenerator.template.list")["templates"]
    )
    sandbox.portal_one.users[7].templates_modify = "A"
    assert boris.call("crm.documentgenerator.template.list") == {"templates": []}


def test_clara_reads_neither_the_deal_nor_its_documents(
    boris: Caller, clara: Caller, offer: int
) -> None:
    document = boris.add_document(offer)
    assert clara.refused("crm.item.get", entityTypeId=2, id=501) == (400, "ACCESS_DENIED")
    assert clara.refused("crm.deal.get", id=501) == (400, "")
    for method in ("get", "getfields", "update", "delete", "enablepublicurl"):
        assert (
            clara.refused(f"crm.documentgenerator.document.{method}", id=document["id"]) == DENIED
        )
    add = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert clara.refused("crm.documentgenerator.document.add", **add) == DENIED


def test_the_list_of_documents_shows_clara_more_than_the_deals_do(
    boris: Caller, clara: Caller, offer: int
) -> None:
    document = boris.add_document(offer)
    rows = clara.call(
        "crm.documentgenerator.document.list", filter={"entityTypeId": 2, "entityId": 501}
    )["documents"]
    assert str(document["id"]) in [row["id"] for row in rows]


def test_who_reads_no_deals_gets_no_list(sandbox: Sandbox, clara: Caller) -> None:
    sandbox.portal_one.users[12].reads_deals = "none"
    refusal = clara.refused("crm.documentgenerator.document.list", filter={"entityTypeId": 2})
    assert refusal == (400, "ACCESS_DENIED")


def test_an_array_as_type_becomes_leads(boris: Caller, offer: int) -> None:
    boris.add_document(offer)
    found = boris.call("crm.documentgenerator.document.list", filter={"entityTypeId": [2]})
    assert found["documents"] == []


def test_a_template_for_others_is_out_of_reach(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    sandbox.portal_one.templates[offer].users = ["U1"]
    add = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert boris.refused("crm.documentgenerator.document.add", **add) == (400, "0")


def test_without_the_right_to_documents_nothing_is_seen(
    sandbox: Sandbox, boris: Caller, offer: int
) -> None:
    document = boris.add_document(offer)
    user = sandbox.portal_one.users[7]
    user.documents_view = user.documents_modify = False
    assert boris.refused("crm.documentgenerator.document.get", id=document["id"]) == (400, "0")
    assert boris.refused("crm.documentgenerator.document.list") == (400, "0")


def test_dmitri_is_nobody_in_annas_portal(sandbox: Sandbox, dmitri: Caller) -> None:
    response = dmitri.http.post(
        f"{sandbox.url}/rest/profile", data={"auth": dmitri.token.access}, timeout=10
    )
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")


def test_tokens_come_in_body_query_or_header(boris: Caller) -> None:
    url, access = f"{boris.portal.origin}/rest/profile", boris.token.access
    ways = [
        boris.http.get(url, params={"auth": access}, timeout=10),
        boris.http.post(url, data={"access_token": access}, timeout=10),
        boris.http.post(url, json={"auth": access}, timeout=10),
        boris.http.post(url, headers={"Authorization": f"Bearer {access}"}, timeout=10),
    ]
    assert [way.json()["result"]["ID"] for way in ways] == ["7"] * 4


def test_bad_tokens_have_their_codes(sandbox: Sandbox, boris: Caller) -> None:
    url = f"{boris.portal.origin}/rest/profile"
    assert boris.http.post(url, timeout=10).json()["error"] == "NO_AUTH_FOUND"
    assert boris.http.post(url, data={"auth": "x"}, timeout=10).json()["error"] == "invalid_token"
    sandbox.state.expire_access(7)
    assert boris.refused("profile") == (401, "expired_token")


def test_a_scope_that_is_missing(boris: Caller) -> None:
    assert boris.refused("documentgenerator.numerator.list") == (403, "insufficient_scope")
    assert boris.refused("no.such.method") == (404, "ERROR_METHOD_NOT_FOUND")
    known = boris.call("method.get", name="documentgenerator.numerator.list")
    assert known == {"isExisting": True, "isAvailable": False}


def test_a_user_without_the_application(sandbox: Sandbox, boris: Caller) -> None:
    sandbox.portal_one.users[7].uses_application = False
    assert boris.refused("profile") == (403, "user_access_error")


def test_a_deleted_application_is_not_found(sandbox: Sandbox, boris: Caller) -> None:
    sandbox.state.remove_application(sandbox.portal_one, boris.app.client_id)
    assert boris.refused("profile") == (401, "APPLICATION_NOT_FOUND")


def test_another_persons_session_cookie_spoils_the_call(sandbox: Sandbox, boris: Caller) -> None:
    portal = sandbox.portal_one
    cookie = sandbox.state.sessions.open(portal, 12)
    name = sandbox.state.sessions.cookie_name(portal)
    response = requests.post(
        f"{portal.origin}/rest/profile",
        data={"auth": boris.token.access},
        cookies={name: cookie},
        timeout=10,
    )
    assert (response.status_code, response.json()["error"]) == (401, "authorization_error")


def test_a_webhook_calls_methods_but_binds_nothing(
    sandbox: Sandbox, http: requests.Session
) -> None:
    portal = sandbox.portal_one
    url = sandbox.state.add_webhook(portal, portal.users[1], ["crm", "placement"])
    assert http.get(f"{url}profile", timeout=10).json()["result"]["ADMIN"] is True
    refused = http.post(f"{url}placement.get", timeout=10)
    assert (refused.status_code, refused.json()["error"]) == (403, "WRONG_AUTH_TYPE")
    wrong = http.get(f"{portal.origin}/rest/1/wrong/profile", timeout=10)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "INVALID_CREDENTIALS")


def test_texts_follow_the_portals_language(sandbox: Sandbox, boris: Caller) -> None:
    english = boris.send("crm.documentgenerator.template.list").json()
    sandbox.state.options.language = "de"
    german = boris.send("crm.documentgenerator.template.list").json()
    assert english["error"] == german["error"] == "0"
    assert english["error_description"] != german["error_description"]
