"""Every switch of the sandbox, turned on by the control API and seen through plain HTTP.

The last test fails when a switch has no demonstration here, or when the page of switches and
`--help` leave one out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests

from tests.contract.caller import Caller, Json
from tests.contract.conftest import Order
from tests.contract.inbox import Inbox
from tests.sandbox.command_line import chosen, options_of, parser
from tests.sandbox.options import Options
from tests.sandbox.orders import ACTIONS
from tests.sandbox.server import Sandbox

ADDED = "ONCRMDOCUMENTGENERATORDOCUMENTADD"
DOCUMENT = "crm.documentgenerator.document."
PAGE = Path(__file__).parents[1] / "sandbox" / "switches.md"
SHOWN: set[str] = set()

Test = TypeVar("Test", bound=Callable[..., None])


def shows(*names: str) -> Callable[[Test], Test]:
    """Marks a test as the demonstration of these switches."""

    def mark(test: Test) -> Test:
        SHOWN.update(names)
        return test

    return mark


def refresh(sandbox: Sandbox, caller: Caller, url: str = "", **more: str) -> tuple[int, Json]:
    """Asks an authorization server for a new pair; gives status and content."""
    form = {
        "grant_type": "refresh_token",
        "client_id": caller.app.client_id,
        "client_secret": caller.app.client_secret,
        "refresh_token": caller.token.refresh,
    }
    answer = requests.post(f"{url or sandbox.auth_url}/oauth/token/", data=form | more, timeout=10)
    return answer.status_code, answer.json()


@shows("conversion_delay")
def test_pdfs_take_their_time(boris: Caller, offer: int, order: Order) -> None:
    order("options", conversion_delay=30)
    made = boris.add_document(offer)
    order("clock", seconds=29)
    assert "pdfUrl" not in boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    order("clock", seconds=2)
    assert "pdfUrl" in boris.call(f"{DOCUMENT}get", id=made["id"])["document"]


@shows("conversion_fails", "conversion_error_code", "conversion_error_message")
def test_conversions_fail_with_a_code(boris: Caller, offer: int, order: Order) -> None:
    order(
        "options",
        conversion_delay=0,
        conversion_fails=True,
        conversion_error_code="ERROR_NO_TRANSFORMER_MODULE",
        conversion_error_message="No module",
    )
    made = boris.add_document(offer)
    assert made["isTransformationError"] is True
    assert made["transformationErrorCode"] == "ERROR_NO_TRANSFORMER_MODULE"
    assert made["transformationErrorMessage"] == "No module"


@shows("background_conversions")
def test_conversions_may_be_left_to_a_thread(boris: Caller, offer: int, order: Order) -> None:
    # This sandbox was started without that thread, so nobody converts.
    order("options", conversion_delay=0, background_conversions=True)
    made = boris.add_document(offer)
    assert "pdfUrl" not in boris.call(f"{DOCUMENT}get", id=made["id"])["document"]


@shows("document_limit")
def test_the_plan_allows_so_many_documents(
    sandbox: Sandbox, boris: Caller, offer: int, order: Order
) -> None:
    order("options", document_limit=len(sandbox.portal_one.documents) + 1)
    boris.add_document(offer)
    params = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert boris.refused(f"{DOCUMENT}add", **params) == (400, "DOCGEN_LIMIT_ERROR")


@shows("strict_rotation")
def test_refresh_tokens_may_live_on(sandbox: Sandbox, boris: Caller, order: Order) -> None:
    order("options", strict_rotation=False)
    assert refresh(sandbox, boris)[0] == 200
    assert refresh(sandbox, boris)[0] == 200
    order("options", strict_rotation=True)
    assert refresh(sandbox, boris)[0] == 200
    assert refresh(sandbox, boris)[1]["error"] == "invalid_grant"


@shows("access_lifetime")
def test_tokens_live_as_long_as_told(sandbox: Sandbox, boris: Caller, order: Order) -> None:
    order("options", access_lifetime=60)
    pair = refresh(sandbox, boris)[1]
    assert pair["expires_in"] == 60
    order("clock", seconds=61)
    url = f"{boris.portal.origin}/rest/profile"
    late = boris.http.post(url, data={"auth": pair["access_token"]}, timeout=10)
    assert late.json()["error"] == "expired_token"


@shows("code_lifetime")
def test_codes_live_as_long_as_told(
    sandbox: Sandbox, boris: Caller, http: requests.Session, order: Order
) -> None:
    order("options", code_lifetime=5)
    http.post(f"{sandbox.url}/auth/", data={"user": "7"}, timeout=10)
    back = http.get(
        f"{sandbox.url}/oauth/authorize/",
        params={"client_id": boris.app.client_id},
        allow_redirects=False,
        timeout=10,
    )
    code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
    order("clock", seconds=6)
    answer = refresh(sandbox, boris, grant_type="authorization_code", code=code)
    assert answer[1]["error"] == "invalid_grant"


@shows("payment_required")
def test_the_paid_time_is_over(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox, order: Order
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    order("options", payment_required=True)
    status, content = refresh(sandbox, boris)
    assert (status, content["error"]) == (401, "PAYMENT_REQUIRED")
    assert boris.call("app.info")["PAYMENT_EXPIRED"] == "Y"
    boris.add_document(offer)
    sandbox.drain()
    assert inbox.posts == []


@shows("not_installed")
def test_nothing_is_installed(sandbox: Sandbox, boris: Caller, order: Order) -> None:
    order("options", not_installed=True)
    status, content = refresh(sandbox, boris)
    assert (status, content["error"]) == (401, "NOT_INSTALLED")


@shows("language")
def test_texts_in_another_language_have_the_same_codes(
    boris: Caller, keeper: Caller, order: Order
) -> None:
    calls: list[tuple[Caller, str, Json]] = [
        (boris, "crm.documentgenerator.template.list", {}),
        (boris, "crm.item.get", {"entityTypeId": 2, "id": 9999}),
        (boris, "crm.timeline.comment.add", {"fields": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal"}}),
        (boris, "documentgenerator.region.list", {}),
        (keeper, "documentgenerator.region.get", {"id": "nowhere"}),
        (keeper, "documentgenerator.role.add", {"fields": {}}),
        (keeper, "catalog.document.conduct", {"id": 5}),
        (keeper, "catalog.document.cancelList", {"documentIds": [9999]}),
        (keeper, "catalog.document.element.add", {"fields": {"docId": 1, "elementId": 11}}),
        (keeper, "catalog.store.get", {"id": 99}),
        (boris, "event.offline.get", {}),
        (boris, "feature.get", {}),
    ]
    english = [one.send(method, params).json() for one, method, params in calls]
    for language in ("de", "pl"):
        order("options", language=language)
        other = [one.send(method, params).json() for one, method, params in calls]
        assert [one["error"] for one in other] == [one["error"] for one in english]
        for here, there in zip(english, other, strict=True):
            assert here["error_description"] != there["error_description"]


@shows("rest_refusal", "statuses_of_source")
def test_rest_refuses_everybody(boris: Caller, order: Order) -> None:
    told = {
        "plan": (403, 401, "ACCESS_DENIED"),
        "overload": (503, 401, "OVERLOAD_LIMIT"),
        "deleted": (500, 403, "PORTAL_DELETED"),
        "connection": (401, 401, "CONNECTION_ERROR"),
        "internal": (500, 500, "INTERNAL_SERVER_ERROR"),
        "unexpected": (500, 500, "ERROR_UNEXPECTED_ANSWER"),
    }
    for word, (status, of_source, code) in told.items():
        order("options", rest_refusal=word, statuses_of_source=False)
        assert boris.refused("profile") == (status, code)
        order("options", statuses_of_source=True)
        assert boris.refused("profile") == (of_source, code)
    order("options", rest_refusal="")
    assert boris.refused("catalog.document.list") == (401, "insufficient_scope")
    order("user", user=7, uses_application=False)
    assert boris.refused("profile") == (401, "user_access_error")


@shows("https_required")
def test_plain_http_may_be_refused(boris: Caller, order: Order) -> None:
    order("options", https_required=True)
    assert boris.refused("profile") == (400, "INVALID_REQUEST")


@shows("generator_installed")
def test_the_generator_may_not_be_there(boris: Caller, seller: Caller, order: Order) -> None:
    order("options", generator_installed=False)
    assert boris.refused(f"{DOCUMENT}list") == (400, "0")
    assert seller.refused("documentgenerator.region.list") == (400, "0")
    assert boris.call("crm.item.get", entityTypeId=2, id=501)


@shows("numerators_of_documentation")
def test_numerators_made_in_the_portal_may_be_out_of_reach(anna: Caller, order: Order) -> None:
    change = {"id": 2, "fields": {"name": "Mine", "template": "{NUMBER}"}}
    assert anna.call("crm.documentgenerator.numerator.update", **change)["name"] == "Mine"
    order("options", numerators_of_documentation=True)
    denied = (400, "DOCGEN_ACCESS_ERROR")
    assert anna.refused("crm.documentgenerator.numerator.update", **change) == denied


@shows("numerators_know_padding")
def test_an_old_build_drops_the_padding_of_numbers(anna: Caller, order: Order) -> None:
    block = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator"
    settings = {block: {"step": 5, "length": 6}}
    change = {"id": 2, "fields": {"name": "A", "template": "{NUMBER}", "settings": settings}}
    order("options", numerators_know_padding=False)
    stored = anna.call("crm.documentgenerator.numerator.update", **change)["settings"][block]
    assert (stored["step"], stored.get("length")) == (5, None)
    order("options", numerators_know_padding=True)
    stored = anna.call("crm.documentgenerator.numerator.update", **change)["settings"][block]
    assert stored["length"] == 6


@shows("roles_on_plan")
def test_without_roles_everybody_rules_the_generator(seller: Caller, order: Order) -> None:
    assert seller.refused("crm.documentgenerator.template.list") == (400, "0")
    order("options", roles_on_plan=False)
    assert seller.call("crm.documentgenerator.template.list")["templates"]
    assert seller.refused("documentgenerator.role.list") == (403, "DOCGEN_ACCESS_ERROR")


@shows("inventory_on_plan")
def test_inventory_may_not_be_on_the_plan(keeper: Caller, order: Order) -> None:
    order("options", inventory_on_plan=False)
    assert keeper.refused("catalog.document.conduct", id=3) == (400, "0")
    assert keeper.call("catalog.document.list")["documents"]
    order("options", inventory_on_plan=True)
    order("inventory", enabled=False)
    assert keeper.call("catalog.document.mode.status") == "N"
    assert keeper.refused("catalog.document.conduct", id=3) == (400, "0")
    assert keeper.refused("catalog.document.cancelList", documentIds=[1]) == (400, "0")


@shows("offline_events_on_plan")
def test_confirmed_offline_events_may_not_be_on_the_plan(anna: Caller, order: Order) -> None:
    assert anna.call("event.offline.get", clear=0)["events"] == []
    order("options", offline_events_on_plan=False)
    assert anna.refused("event.offline.get", clear=0) == (403, "ACCESS_DENIED")


@shows("connectors_on_plan")
def test_source_keys_may_not_be_on_the_plan(anna: Caller, order: Order) -> None:
    order("options", connectors_on_plan=False)
    bind = {"event": "ONCRMDEALUPDATE", "event_type": "offline", "auth_connector": "shop"}
    anna.call("event.bind", **bind)
    assert anna.call("event.get")[0]["connector_id"] == ""


@shows("rate_limit", "rate_capacity", "rate_drain")
def test_requests_are_counted(boris: Caller, order: Order) -> None:
    order("clock", stop=True)
    order("options", rate_limit=True, rate_capacity=2, rate_drain=1)
    boris.call("profile")
    boris.call("profile")
    assert boris.refused("profile") == (503, "QUERY_LIMIT_EXCEEDED")
    order("clock", seconds=1)
    boris.call("profile")
    assert boris.refused("profile") == (503, "QUERY_LIMIT_EXCEEDED")


@shows("operating_time", "operating_limit", "method_seconds")
def test_time_is_counted(boris: Caller, order: Order) -> None:
    order("options", method_seconds={"profile": 7}, operating_limit=6)
    assert boris.answer("profile")["time"]["operating"] >= 7
    assert boris.refused("profile") == (429, "OPERATION_TIME_LIMIT")
    order("options", operating_time=False, operating_limit=None)
    assert "operating" not in boris.answer("profile")["time"]


@shows("crm_mailbox")
def test_without_a_mailbox_no_email_goes_out(boris: Caller, order: Order) -> None:
    fields = {
        "OWNER_TYPE_ID": 2,
        "OWNER_ID": 501,
        "TYPE_ID": 4,
        "DIRECTION": 2,
        "COMPLETED": "Y",
        "SUBJECT": "Offer",
        "RESPONSIBLE_ID": 7,
        "COMMUNICATIONS": [{"VALUE": "k.vogt@lindner-vogt.example"}],
    }
    assert boris.call("crm.activity.add", fields=fields)
    order("options", crm_mailbox=False)
    assert boris.refused("crm.activity.add", fields=fields) == (400, "")
    assert len(boris.call("crm.activity.list", filter={"SUBJECT": "Offer"})) == 2
    named = fields | {"SETTINGS": {"MESSAGE_FROM": "Boris <boris@nordwerk.example>"}}
    assert boris.call("crm.activity.add", fields=named)


@shows("request_limit")
def test_a_request_takes_too_long(boris: Caller, order: Order) -> None:
    order("options", method_seconds={"profile": 61}, request_limit=60)
    assert boris.send("profile").status_code == 504


@shows("event_delay")
def test_events_wait_before_they_leave(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox, order: Order
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    order("options", event_delay=60)
    boris.add_document(offer)
    assert order("drain", timeout=0.05)["finished"] is False
    assert inbox.posts == []


@shows("event_slow_after")
def test_slow_handlers_are_called_less_often(
    sandbox: Sandbox, anna: Caller, inbox: Inbox, order: Order
) -> None:
    anna.call("event.bind", event="ONCRMDEALUPDATE", handler=inbox.url)
    inbox.pause = 0.1
    order("options", event_slow_after=0.05, event_delay=0)
    order("deal", deal=501, title="One")
    assert order("drain")["finished"] is True
    order("deal", deal=502, title="Two")
    # It took a tenth of a second, so it rests as long.
    assert order("drain", timeout=0.02)["sent"][1:] == []
    assert len(order("drain")["sent"]) == 2


@shows("files_elsewhere")
def test_files_may_lie_elsewhere(boris: Caller, offer: int, order: Order) -> None:
    order("options", files_elsewhere=True)
    link = boris.add_document(offer)["downloadUrlMachine"]
    moved = boris.http.get(link, allow_redirects=False, timeout=10)
    assert moved.status_code == 302
    target = moved.headers["Location"]
    assert boris.token.access not in target
    assert boris.http.get(target, timeout=10).content.startswith(b"PK")
    bearer = {"Authorization": f"Bearer {boris.token.access}"}
    assert boris.http.get(target, headers=bearer, timeout=10).status_code == 400


@shows("event_tokens", "event_duplicates", "event_reversed")
def test_events_come_twice_in_wrong_order_and_without_tokens(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox, order: Order
) -> None:
    updated = "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE"
    for event in (ADDED, updated):
        anna.call("event.bind", event=event, handler=inbox.url)
    order(
        "options", event_tokens=False, event_duplicates=True, event_reversed=True, event_delay=0.2
    )
    made = boris.add_document(offer)
    boris.call(f"{DOCUMENT}update", id=made["id"])
    sandbox.drain()
    assert [post["event"] for post in inbox.posts] == [updated, updated, ADDED, ADDED]
    assert all("access_token" not in post["auth"] for post in inbox.posts)


@shows("event_lost")
def test_events_are_lost(
    sandbox: Sandbox, anna: Caller, boris: Caller, offer: int, inbox: Inbox, order: Order
) -> None:
    anna.call("event.bind", event=ADDED, handler=inbox.url)
    order("options", event_lost=True)
    boris.add_document(offer)
    order("options", event_lost=False)
    kept = boris.add_document(offer)
    sandbox.drain()
    assert [post["data"]["FIELDS"]["ID"] for post in inbox.posts] == [str(kept["id"])]


@shows("allow_local_handlers")
def test_local_handlers_are_refused(anna: Caller, order: Order) -> None:
    order("options", allow_local_handlers=False)
    bind = {"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "http://127.0.0.1:8800/"}
    assert anna.refused("placement.bind", **bind) == (400, "ERROR_WRONG_HANDLER_URL")


@shows("frame_silent")
def test_frames_are_not_answered(
    sandbox: Sandbox, anna: Caller, http: requests.Session, order: Order
) -> None:
    order("options", frame_silent=True)
    http.post(f"{sandbox.url}/auth/", data={"user": "1"}, timeout=10)
    frame = http.post(
        f"{sandbox.url}/bitrix/components/bitrix/app.layout/lazyload.ajax.php",
        data={"action": "open", "app": anna.app.client_id},
        headers={"Referer": f"{sandbox.url}/crm/deal/details/501/"},
        timeout=10,
    ).json()
    assert frame["silent"] is True


def test_the_second_authorization_server(
    sandbox: Sandbox, boris: Caller, dmitri: Caller, http: requests.Session, order: Order
) -> None:
    told = order("portal", portal="lindner", region="ru")
    assert told["authorization"] == sandbox.second_auth_url != sandbox.auth_url
    launched = order("launch", portal="lindner", user=1)["fields"]
    assert launched["SERVER_ENDPOINT"] == f"{sandbox.second_auth_url}/rest/"
    assert refresh(sandbox, dmitri)[1]["error"] == "wrong_client"
    info = {"auth": dmitri.token.access}
    known = http.post(f"{sandbox.second_auth_url}/rest/app.info", data=info, timeout=10).json()
    assert known["result"]["client_id"] == dmitri.app.client_id
    other = http.post(f"{sandbox.auth_url}/rest/app.info", data=info, timeout=10).json()
    assert "result" not in other
    status, pair = refresh(sandbox, dmitri, sandbox.second_auth_url)
    assert (status, pair["server_endpoint"]) == (200, f"{sandbox.second_auth_url}/rest/")
    assert pair["domain"] == urlsplit(sandbox.second_auth_url).netloc
    assert refresh(sandbox, boris)[0] == 200


def test_more_scopes_than_the_card_says_are_refused(sandbox: Sandbox, boris: Caller) -> None:
    assert refresh(sandbox, boris, scope="crm,tasks")[1]["error"] == "invalid_scope"
    assert refresh(sandbox, boris, scope="crm")[0] == 200


def test_extranet_users_are_kept_out(boris: Caller, order: Order) -> None:
    order("user", user=7, is_extranet=True)
    denied = (403, "allowed_only_intranet_user")
    assert boris.refused("crm.item.list", entityTypeId=2) == denied
    assert boris.refused(f"{DOCUMENT}list") == denied
    assert boris.call("profile")["ID"] == "7"


def test_mistakes_in_orders_are_told(sandbox: Sandbox, http: requests.Session) -> None:
    wrong: list[tuple[str, Json]] = [
        ("options", {"wings": 2}),
        ("options", {"rest_refusal": "today"}),
        ("portal", {"deals": {}}),
    ]
    for action, body in wrong:
        answer = http.post(f"{sandbox.url}/_sandbox/{action}", json=body, timeout=10)
        assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_the_command_line_sets_every_switch() -> None:
    words = [
        *("--rate-limit", "--rate-capacity", "9", "--operating-limit", "480"),
        *("--method-seconds", "crm.item.list=20", "--method-seconds", "profile=1.5"),
        *("--refuse-local-handlers", "--no-strict-rotation", "--conversion-error-code", "41"),
        *("--region", "lindner=ru", "--on-premises", "lindner"),
    ]
    said = chosen(words)
    assert options_of(said) == {
        "event_delay": 0.5,
        "background_conversions": True,
        "rate_limit": True,
        "rate_capacity": 9,
        "operating_limit": 480.0,
        "allow_local_handlers": False,
        "method_seconds": {"crm.item.list": 20.0, "profile": 1.5},
        "strict_rotation": False,
        "conversion_error_code": 41,
    }
    assert (said.region, said.on_premises) == ([("lindner", "ru")], ["lindner"])
    Options(**options_of(said))


def test_no_switch_is_without_demonstration_help_and_page() -> None:
    names = {one.name for one in fields(Options)}
    assert names == SHOWN
    told, page = parser().format_help(), PAGE.read_text("utf-8")
    for name in names:
        assert f"--{name.replace('_', '-')}" in told
        assert f"`{name}`" in page
    for action, order in ACTIONS.items():
        assert (order.__doc__ or "").strip()
        assert f"  {action} " in told
        assert f"`{action}`" in page


def test_a_start_takes_all_of_it(sandbox: Sandbox) -> None:
    options: dict[str, Any] = {"rate_limit": True, "rate_capacity": 1, "rate_drain": 0.0}
    with Sandbox.start(**options) as other:
        url = f"{other.url}/rest/profile"
        first, second = (requests.post(url, timeout=10).json()["error"] for _ in range(2))
    assert (first, second) == ("NO_AUTH_FOUND", "QUERY_LIMIT_EXCEEDED")
