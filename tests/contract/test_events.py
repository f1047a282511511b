"""Events on the wire, and what binds them."""

from __future__ import annotations

import pytest

from tests.contract.caller import Caller
from tests.contract.conftest import Order
from tests.contract.inbox import Inbox
from tests.sandbox.server import Sandbox

ADDED = "ONCRMDOCUMENTGENERATORDOCUMENTADD"
UPDATED = "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE"
DELETED = "ONCRMDOCUMENTGENERATORDOCUMENTDELETE"


def test_events_arrive_as_forms_with_the_token_of_who_caused_them(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox
) -> None:
    for event in (ADDED, UPDATED, DELETED):
        assert anna.call("event.bind", event=event, handler=inbox.url) is True
    document = boris.add_document(offer)
    boris.call("crm.documentgenerator.document.update", id=document["id"])
    boris.call("crm.documentgenerator.document.enablepublicurl", id=document["id"])
    boris.call("crm.documentgenerator.document.delete", id=document["id"])
    assert sandbox.drain()
    assert [post["event"] for post in inbox.posts] == [ADDED, UPDATED, DELETED]
    assert set(inbox.content_types) == {"application/x-www-form-urlencoded"}
    first = inbox.posts[0]
    assert first["data"]["FIELDS"] == {
        "ID": str(document["id"]),
        "ENTITY_TYPE_ID": "2",
        "ENTITY_ID": "501",
    }
    auth = first["auth"]
    assert auth["user_id"] == "7"
    assert auth["member_id"] == sandbox.portal_one.member_id
    assert auth["application_token"] == boris.app.application_token
    assert "refresh_token" not in auth
    assert sandbox.state.tokens[auth["access_token"]].user_id == 7


def test_tokens_may_be_missing(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    sandbox.state.options.event_tokens = False
    boris.add_document(offer)
    sandbox.drain()
    assert "access_token" not in inbox.posts[0]["auth"]
    assert inbox.posts[0]["auth"]["application_token"]


def test_a_deal_takes_its_documents_along(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox
) -> None:
    from tests.sandbox.changes import delete_deal

    anna.call("event.bind", event=DELETED, handler=inbox.url)
    document = boris.add_document(offer)
    delete_deal(sandbox.state, sandbox.portal_one, 501)
    sandbox.drain()
    assert inbox.posts[-1]["data"]["FIELDS"]["ID"] == str(document["id"])
    assert "access_token" not in inbox.posts[-1]["auth"]


def test_nobody_tries_again(sandbox: Sandbox, anna: Caller, boris: Caller, offer: int) -> None:
    anna.call("event.bind", event=ADDED, handler="http://127.0.0.1:9/nobody/")
    boris.add_document(offer)
    attempt = sandbox.delivered(ADDED)
    assert (attempt.status, attempt.failure) == (None, "ConnectionError")
    assert sandbox.drain()
    assert sandbox.state.delivery is not None
    assert len(sandbox.state.delivery.attempts) == 1


def test_duplicates_on_demand(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    sandbox.state.options.event_duplicates = True
    boris.add_document(offer)
    sandbox.drain()
    assert len(inbox.posts) == 2
    assert inbox.posts[0] == inbox.posts[1]


def test_the_same_change_twice_in_a_batch_is_told_once(
    sandbox: Sandbox, anna: Caller, boris: Caller, inbox: Inbox
) -> None:
    anna.call("event.bind", event="ONCRMDEALUPDATE", handler=inbox.url)
    change = "crm.item.update?entityTypeId=2&id={}&fields[title]={}"
    boris.batch(
        {
            "one": change.format(501, "One"),
            "two": change.format(501, "Two"),
            "other": change.format(502, "Three"),
        }
    )
    sandbox.drain()
    assert [post["data"]["FIELDS"]["ID"] for post in inbox.posts] == ["501", "502"]


def test_events_do_not_chase_their_own_tail(sandbox: Sandbox, anna: Caller, inbox: Inbox) -> None:
    anna.call("event.bind", event="ONCRMDEALUPDATE", handler=inbox.url)
    url = f"{anna.portal.origin}/rest/crm.item.update"
    token = anna.token.access
    for turn in range(9):
        fields = {"title": f"Turn {turn}"}
        body = {"entityTypeId": 2, "id": 501, "fields": fields, "auth": token}
        assert anna.http.post(url, json=body, timeout=10).ok
        sandbox.drain()
        token = inbox.posts[-1]["auth"]["access_token"]
    assert len(inbox.posts) == 7


def test_an_application_without_pages_is_told_of_its_installation(
    sandbox: Sandbox, inbox: Inbox, order: Order
) -> None:
    app = order("register", name="Robot", handler_url="", install_url=inbox.url, api_only=True)
    sandbox.drain()
    post = inbox.posts[0]
    assert (post["event"], post["data"]["INSTALLED"]) == ("ONAPPINSTALL", "Y")
    assert post["auth"]["application_token"] == app["application_token"]
    assert post["auth"]["refresh_token"]
    assert app["installed"] is True


def test_installation_is_told_with_tokens_and_removal_without(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox
) -> None:
    anna.app.installed = False
    for event in ("ONAPPINSTALL", "ONAPPUNINSTALL", ADDED):
        anna.call("event.bind", event=event, handler=inbox.url)
    boris.add_document(offer)
    assert sandbox.state.finish_installation(sandbox.portal_one, anna.app.client_id) is True
    assert sandbox.state.finish_installation(sandbox.portal_one, anna.app.client_id) is False
    sandbox.drain()
    assert [post["event"] for post in inbox.posts] == ["ONAPPINSTALL"]
    assert inbox.posts[0]["auth"]["refresh_token"]
    assert inbox.posts[0]["data"]["INSTALLED"] == "Y"

    sandbox.state.remove_application(sandbox.portal_one, anna.app.client_id, clean=True)
    sandbox.drain()
    gone = inbox.posts[-1]
    assert (gone["event"], gone["data"]["CLEAN"]) == ("ONAPPUNINSTALL", "1")
    assert "access_token" not in gone["auth"]
    assert not sandbox.portal_one.event_bindings


def test_a_test_event_brings_its_parameters_back(
    sandbox: Sandbox, anna: Caller, inbox: Inbox
) -> None:
    anna.call("event.bind", event="OnAppTest", handler=inbox.url)
    assert anna.call("event.test", any="data") == 1
    sandbox.drain()
    assert inbox.posts[0]["data"]["QUERY"]["any"] == "data"


def test_binding_twice_and_wrongly(anna: Caller, boris: Caller) -> None:
    handler = "https://docket.example/events/"
    assert anna.call("event.bind", event=ADDED, handler=handler) is True
    assert anna.refused("event.bind", event=ADDED, handler=handler) == (400, "ERROR_CORE")
    assert anna.refused("event.bind", event="NONE", handler=handler) == (
        400,
        "ERROR_EVENT_NOT_FOUND",
    )
    assert anna.refused("event.bind", event=ADDED) == (400, "ERROR_ARGUMENT")
    assert boris.refused("event.bind", event=ADDED, handler=handler, auth_type=1) == (
        403,
        "ACCESS_DENIED",
    )
    bound = anna.call("event.get")
    assert bound == [{"event": ADDED, "handler": handler, "auth_type": "0", "offline": 0}]
    assert ADDED in anna.call("events")
    assert anna.call("event.unbind", event=ADDED, handler=handler) == {"count": 1}


TAB = "CRM_DEAL_DETAIL_TAB"


def test_placements(anna: Caller, boris: Caller) -> None:
    handler = "https://docket.example/deal/"
    bind = {"PLACEMENT": TAB, "HANDLER": handler, "LANG_ALL": {"en": {"TITLE": "Documents"}}}
    assert anna.call("placement.bind", **bind) is True
    assert anna.refused("placement.bind", **bind) == (400, "ERROR_CORE")
    assert boris.refused("placement.bind", **bind) == (403, "ACCESS_DENIED")
    found = anna.call("placement.get")
    assert found[0]["placement"] == TAB
    assert found[0]["options"] == []
    assert found[0]["langAll"]["en"]["TITLE"] == "Documents"
    assert TAB in boris.call("placement.list")
    assert anna.call("placement.unbind", PLACEMENT=TAB) == {"count": 2}
    assert anna.call("placement.get") == []


def test_some_places_keep_their_options_and_one_its_user(anna: Caller) -> None:
    handler = "https://docket.example/"
    options = {"errorHandlerUrl": f"{handler}error/"}
    worker = {"PLACEMENT": "PAGE_BACKGROUND_WORKER", "HANDLER": handler}
    assert anna.refused("placement.bind", **worker) == (400, "EMPTY_ERROR_HANDLER_URL")
    assert anna.call("placement.bind", **worker, OPTIONS=options, USER_ID=7) is True
    assert anna.refused("placement.bind", **worker, OPTIONS=options) == (
        400,
        "ERROR_PLACEMENT_MAX_COUNT",
    )
    bar = {"PLACEMENT": "CRM_DEAL_DETAIL_ACTIVITY", "HANDLER": handler}
    anna.call("placement.bind", **bar, OPTIONS={"useBuiltInInterface": "Y"})
    found = {one["placement"]: one for one in anna.call("placement.get")}
    assert found["PAGE_BACKGROUND_WORKER"]["options"] == options
    assert found["CRM_DEAL_DETAIL_ACTIVITY"]["options"] == {"useBuiltInInterface": "Y"}
    unbind = {"PLACEMENT": "PAGE_BACKGROUND_WORKER"}
    assert anna.call("placement.unbind", **unbind, USER_ID=12) == {"count": 0}
    assert anna.call("placement.unbind", **unbind, USER_ID=7) == {"count": 2}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"PLACEMENT": "NO_SUCH_PLACE"}, "ERROR_PLACEMENT_NOT_FOUND"),
        ({"PLACEMENT": ""}, "ERROR_ARGUMENT"),
        ({"HANDLER": ""}, "ERROR_ARGUMENT"),
        ({"HANDLER": "ftp://docket.example/"}, "ERROR_UNSUPPORTED_PROTOCOL"),
        ({"HANDLER": "no address"}, "ERROR_WRONG_HANDLER_URL"),
        ({"HANDLER": f"https://docket.example/{'x' * 260}"}, "ERROR_WRONG_HANDLER_URL"),
        ({"USER_ID": 7}, "ERROR_PLACEMENT_USER_MODE"),
    ],
)
def test_wrong_placements(anna: Caller, change: dict[str, object], error: str) -> None:
    bind = {"PLACEMENT": TAB, "HANDLER": "https://docket.example/deal/"} | change
    assert anna.refused("placement.bind", **bind) == (400, error)


@pytest.mark.parametrize(
    "handler", ["http://localhost:8800/", "http://127.0.0.1:8800/", "http://10.1.2.3/"]
)
def test_a_real_portal_refuses_local_handlers(sandbox: Sandbox, anna: Caller, handler: str) -> None:
    assert anna.call("placement.bind", PLACEMENT=TAB, HANDLER=handler) is True
    anna.call("placement.unbind", PLACEMENT=TAB)
    sandbox.state.options.allow_local_handlers = False
    refusal = anna.refused("placement.bind", PLACEMENT=TAB, HANDLER=handler)
    assert refusal == (400, "ERROR_WRONG_HANDLER_URL")
    refusal = anna.refused("event.bind", event=ADDED, handler=handler)
    assert refusal == (400, "ERROR_WRONG_HANDLER_URL")
