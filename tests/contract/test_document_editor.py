"""The portal's own way to make and change documents, which no application is asked about."""

from __future__ import annotations

import html
import re

import pytest
import requests

from tests.contract.caller import Caller
from tests.contract.inbox import Inbox
from tests.sandbox.server import Sandbox

DOCUMENT = "crm.documentgenerator.document."
ADDED, UPDATED = "ONCRMDOCUMENTGENERATORDOCUMENTADD", "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE"
EDITOR = "/bitrix/components/bitrix/crm.document.view/edit.php?documentId="


class Portal:
    """A signed-in browser at Anna's portal."""

    def __init__(self, sandbox: Sandbox, session: requests.Session) -> None:
        self.url = sandbox.url
        self.session = session

    def sign_in(self, user_id: int) -> Portal:
        self.session.cookies.clear()
        self.session.post(f"{self.url}/auth/", data={"user": str(user_id)}, timeout=10)
        return self

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=10)

    def post(self, path: str, data: dict[str, str]) -> requests.Response:
        return self.session.post(self.url + path, data=data, timeout=10, allow_redirects=False)


@pytest.fixture
def portal(sandbox: Sandbox) -> Portal:
    session = requests.Session()
    session.trust_env = False
    return Portal(sandbox, session)


def inputs(page: str) -> dict[str, str]:
    found = re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_an_edit_changes_the_document_and_is_told(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox, portal: Portal
) -> None:
    anna.call("event.bind", event=UPDATED, handler=inbox.url)
    made = boris.add_document(offer)
    before = boris.call(f"{DOCUMENT}list", filter={"id": made["id"], "entityTypeId": 2})
    sandbox.state.clock.move(61)
    portal.sign_in(1)
    fields = inputs(portal.get(f"{EDITOR}{made['id']}").text)
    assert fields["values[ClientName]"] == "Lindner & Vogt GmbH"
    answer = portal.post(f"{EDITOR}{made['id']}", {**fields, "values[ClientName]": "Others Ltd"})
    assert answer.status_code == 303
    after = boris.call(f"{DOCUMENT}list", filter={"id": made["id"], "entityTypeId": 2})
    old, new = before["documents"][0], after["documents"][0]
    assert new["values"]["ClientName"] == "Others Ltd"
    assert set(new["values"]) == set(old["values"]) | {"ClientName"}
    assert (new["updatedBy"], new["createdBy"]) == ("1", "7")
    assert new["updateTime"] > old["updateTime"]
    assert new["fileId"] != old["fileId"]
    assert not new["pdfId"]
    sandbox.drain()
    assert [post["data"]["FIELDS"]["ID"] for post in inbox.posts] == [str(made["id"])]


def test_the_stamp_is_a_tick(sandbox: Sandbox, boris: Caller, offer: int, portal: Portal) -> None:
    made = boris.add_document(offer)
    fields = inputs(portal.sign_in(1).get(f"{EDITOR}{made['id']}").text)
    portal.post(f"{EDITOR}{made['id']}", {**fields, "stamps": "on"})
    assert sandbox.portal_one.documents[int(made["id"])].stamps_enabled
    portal.post(f"{EDITOR}{made['id']}", fields)
    assert not sandbox.portal_one.documents[int(made["id"])].stamps_enabled


def test_the_menu_of_a_deal_makes_documents(
    sandbox: Sandbox, anna: Caller, offer: int, inbox: Inbox, portal: Portal
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    page = portal.sign_in(7).get("/crm/deal/details/501/").text
    assert f'name="template_id" value="{offer}"' in page
    answer = portal.post("/crm/deal/details/501/documents/", {"template_id": str(offer)})
    made = max(sandbox.portal_one.documents)
    assert answer.headers["Location"].endswith(f"documentId={made}")
    assert sandbox.portal_one.documents[made].values["_creationMethod"] != "rest"
    sandbox.drain()
    assert [post["data"]["FIELDS"]["ID"] for post in inbox.posts] == [str(made)]


def test_rights_are_asked(sandbox: Sandbox, boris: Caller, offer: int, portal: Portal) -> None:
    made = boris.add_document(offer)
    count = len(sandbox.portal_one.documents)
    portal.sign_in(12)
    assert portal.get(f"{EDITOR}{made['id']}").status_code == 403
    assert portal.post(f"{EDITOR}{made['id']}", {"values[Title]": "x"}).status_code == 403
    refused = portal.post("/crm/deal/details/501/documents/", {"template_id": str(offer)})
    assert refused.status_code == 400
    assert portal.sign_in(1).get(f"{EDITOR}99999").status_code == 404
    sandbox.portal_one.users[7].documents_modify = False
    assert portal.sign_in(7).get(f"{EDITOR}{made['id']}").status_code == 403
    assert len(sandbox.portal_one.documents) == count
