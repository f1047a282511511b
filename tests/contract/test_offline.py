"""Offline events: the last state of each object waits until an application asks."""

from __future__ import annotations

from tests.contract.caller import Caller, Json
from tests.contract.conftest import Order
from tests.contract.inbox import Inbox
from tests.sandbox.server import Sandbox

DEAL = "ONCRMDEALUPDATE"
GET, LIST = "event.offline.get", "event.offline.list"


def bound(anna: Caller, **more: str) -> None:
    assert anna.call("event.bind", event=DEAL, event_type="offline", **more) is True


def test_the_last_change_of_each_deal_waits(sandbox: Sandbox, anna: Caller, order: Order) -> None:
    bound(anna)
    order("deal", deal=501, title="One")
    order("clock", seconds=60)
    order("deal", deal=502, title="Other")
    order("clock", seconds=60)
    order("deal", deal=501, title="Two")
    rows = anna.answer(LIST)
    assert rows["total"] == 2
    first = rows["result"][0]
    assert first["EVENT_DATA"] == {"FIELDS": {"ID": 501}}
    assert (first["PROCESS_ID"], first["ERROR"], first["EVENT_NAME"]) == ("", "0", DEAL)
    assert first["EVENT_ADDITIONAL"] is False
    assert len(first["MESSAGE_ID"]) == 32
    taken: Json = anna.call(GET)
    assert taken["process_id"] is None
    assert [one["EVENT_DATA"]["FIELDS"]["ID"] for one in taken["events"]] == [502, 501]
    assert set(taken["events"][0]) == {
        *("ID", "TIMESTAMP_X", "EVENT_NAME", "EVENT_DATA", "EVENT_ADDITIONAL", "MESSAGE_ID")
    }
    assert anna.call(GET)["events"] == []


def test_an_applications_own_changes_are_skipped(
    sandbox: Sandbox, anna: Caller, boris: Caller, seller: Caller
) -> None:
    bound(anna)
    change = {"entityTypeId": 2, "id": 501, "fields": {"title": "By Docket itself"}}
    boris.call("crm.item.update", **change)
    assert anna.call(LIST) == []
    change["fields"] = {"title": "By another application"}
    seller.call("crm.item.update", **change)
    assert [one["EVENT_ADDITIONAL"] for one in anna.call(LIST)] == [{"user_id": 7}]


def test_source_keys_divide_the_queue(anna: Caller, boris: Caller, order: Order) -> None:
    bound(anna, auth_connector="shop")
    change = {"entityTypeId": 2, "id": 501, "fields": {"title": "From the shop"}}
    boris.call("crm.item.update", **change, auth_connector="shop")
    assert anna.call(LIST, auth_connector="shop") == []
    change["fields"] = {"title": "By hand"}
    boris.call("crm.item.update", **change)
    assert anna.call(LIST) == []
    assert len(anna.call(LIST, auth_connector="shop")) == 1
    assert anna.call("event.get") == [{"event": DEAL, "connector_id": "shop", "offline": 1}]
    # Without source keys on the plan there is one queue for all.
    order("options", connectors_on_plan=False)
    assert anna.call(LIST, auth_connector="shop") == []


def test_reserved_events_are_confirmed_or_failed(anna: Caller, order: Order) -> None:
    bound(anna)
    for deal in (501, 502, 503):
        order("deal", deal=deal, title="Changed")
    taken = anna.call(GET, clear=0, limit=2)
    process, events = taken["process_id"], taken["events"]
    assert len(process) == 32
    assert len(anna.call(GET, clear=0)["events"]) == 1
    assert anna.call(GET)["events"] == []
    again = anna.call(GET, clear=0, process_id=process)
    assert again == taken
    failed = events[0]["MESSAGE_ID"]
    assert anna.call("event.offline.error", process_id=process, message_id=[failed]) is True
    assert anna.call("event.offline.clear", process_id=process) is True
    wrong = anna.call(GET, error=1)["events"]
    assert [one["MESSAGE_ID"] for one in wrong] == [failed]
    assert len(anna.call(LIST)) == 1
    order("clock", seconds=40 * 24 * 3600)
    anna.token = anna.sandbox.state.issue_tokens(anna.portal, anna.app, 1)
    assert anna.call(LIST) == []


def test_filters_orders_and_pages(anna: Caller, order: Order) -> None:
    bound(anna)
    for deal in (501, 502, 503):
        order("deal", deal=deal, title="Changed")
    ids = [int(one["ID"]) for one in anna.call(LIST, order={"ID": "DESC"})]
    assert ids == sorted(ids, reverse=True)
    assert [int(one["ID"]) for one in anna.call(LIST, filter={">ID": ids[1]})] == [ids[0]]
    assert anna.call(LIST, filter={"ERROR": 1}) == []
    taken = anna.call(GET, filter={"=ID": ids[2]}, clear=0)["events"]
    assert [int(one["ID"]) for one in taken] == [ids[2]]
    assert anna.refused(LIST, filter={"WINGS": 1}) == (400, "ERROR_ARGUMENT")
    assert anna.refused(GET, limit=-1) == (400, "ERROR_ARGUMENT")
    assert anna.refused("event.offline.clear") == (400, "ERROR_ARGUMENT")
    assert anna.refused("event.offline.error", process_id="x") == (400, "ERROR_ARGUMENT")


def test_offline_events_are_for_administrators(
    sandbox: Sandbox, anna: Caller, boris: Caller, order: Order
) -> None:
    denied = (403, "ACCESS_DENIED")
    assert boris.refused("event.bind", event=DEAL, event_type="offline") == denied
    for method in (GET, LIST, "event.offline.clear", "event.offline.error"):
        assert boris.refused(method) == denied
    assert anna.refused("event.bind", event=DEAL, event_type="later") == (400, "ERROR_ARGUMENT")
    hook = sandbox.state.add_webhook(sandbox.portal_one, sandbox.portal_one.users[1], ["crm"])
    answer = anna.http.post(f"{hook}{GET}", timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (403, "WRONG_AUTH_TYPE")
    bound(anna)
    order("options", offline_events_on_plan=False)
    assert anna.refused(GET, clear=0) == denied
    assert anna.call(GET)["events"] == []
    assert anna.call("event.unbind", event=DEAL, event_type="offline") == {"count": 1}


def test_a_handler_can_be_told_that_something_waits(
    sandbox: Sandbox, anna: Caller, inbox: Inbox, order: Order
) -> None:
    bound(anna)
    options = {"minTimeout": 30}
    anna.call("event.bind", event="onOfflineEvent", handler=inbox.url, options=options)
    order("clock", stop=True)
    order("deal", deal=501, title="One")
    order("deal", deal=502, title="Two")
    sandbox.drain()
    assert len(inbox.posts) == 1
    assert "data" not in inbox.posts[0]
    order("clock", seconds=31)
    order("deal", deal=503, title="Three")
    sandbox.drain()
    assert [post["event"] for post in inbox.posts] == ["ONOFFLINEEVENT"] * 2
