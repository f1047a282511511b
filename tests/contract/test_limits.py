"""What a cloud portal limits, on the sandbox's clock."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.contract.caller import Caller
from tests.contract.conftest import Order
from tests.sandbox.server import Sandbox

TOO_MANY = (503, "QUERY_LIMIT_EXCEEDED")
BLOCKED = (429, "OPERATION_TIME_LIMIT")


def from_address(caller: Caller, address: str) -> tuple[int, str]:
    """Status and error of a call that leaves from another address of this machine."""
    place = urlsplit(caller.portal.origin)
    connection = http.client.HTTPConnection(
        "127.0.0.1", place.port or 80, source_address=(address, 0), timeout=10
    )
    headers = {"Host": place.netloc, "Content-Type": "application/json"}
    connection.request("POST", "/rest/profile", json.dumps({"auth": caller.token.access}), headers)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    return answer.status, content.get("error", "")


@pytest.fixture
def bucket(order: Order) -> None:
    """A bucket of five that drains two a second, and time that stands still."""
    order("clock", stop=True)
    order("options", rate_limit=True, rate_capacity=5)


@pytest.mark.usefixtures("bucket")
def test_the_bucket_fills_and_drains_two_a_second(boris: Caller, order: Order) -> None:
    for _ in range(5):
        boris.call("profile")
    assert boris.refused("profile") == TOO_MANY
    order("clock", seconds=1)
    boris.call("profile")
    boris.call("profile")
    assert boris.refused("profile") == TOO_MANY
    order("clock", seconds=10)
    assert boris.batch({"one": "profile", "two": "profile"})["result_error"] == []
    for _ in range(4):
        boris.call("profile")
    assert boris.refused("batch", cmd={}) == TOO_MANY


@pytest.mark.usefixtures("bucket")
def test_everybody_at_one_address_shares_a_bucket(
    boris: Caller, seller: Caller, dmitri: Caller
) -> None:
    for _ in range(3):
        boris.call("profile")
    for _ in range(2):
        seller.call("profile")
    assert boris.refused("profile") == TOO_MANY
    # Another address and another portal have their own.
    assert from_address(boris, "127.0.0.2") == (200, "")
    dmitri.call("profile")


def test_the_bucket_is_fifty_deep(sandbox: Sandbox, boris: Caller, order: Order) -> None:
    order("clock", stop=True)
    order("options", rate_limit=True)
    for _ in range(50):
        boris.call("profile")
    assert boris.refused("profile") == TOO_MANY


def test_operating_time_is_summed_for_application_and_method(
    boris: Caller, seller: Caller, order: Order
) -> None:
    order("clock", stop=True)
    order("options", operating_limit=50, method_seconds={"user.Admin": 20})
    first = boris.answer("user.admin")["time"]
    assert first["operating"] == pytest.approx(20, abs=1)
    assert first["duration"] >= 20
    order("clock", seconds=60)
    boris.call("user.admin")
    # The call that goes over the limit still works; the next one does not.
    third = boris.answer("user.admin")["time"]
    assert third["operating"] == pytest.approx(60, abs=1)
    assert third["operating_reset_at"] == first["operating_reset_at"]
    assert boris.refused("user.admin") == BLOCKED
    assert boris.answer("profile")["time"]["operating"] == 0
    assert seller.call("user.admin") is False


def test_the_oldest_basket_drops_out_after_ten_minutes(boris: Caller, order: Order) -> None:
    order("clock", stop=True)
    order("options", operating_limit=50, method_seconds={"user.admin": 30})
    reset_at = boris.answer("user.admin")["time"]["operating_reset_at"]
    order("clock", seconds=120)
    boris.call("user.admin")
    assert boris.refused("user.admin") == BLOCKED
    order("clock", seconds=479)
    assert boris.refused("user.admin") == BLOCKED
    order("clock", seconds=2)
    later = boris.answer("user.admin")["time"]
    # The second basket is still counted.
    assert later["operating"] == pytest.approx(60, abs=1)
    assert later["operating_reset_at"] == reset_at + 120


def test_each_command_of_a_batch_is_counted_and_blocked(boris: Caller, order: Order) -> None:
    order("clock", stop=True)
    order("options", operating_limit=50, method_seconds={"user.admin": 30})
    parts = boris.batch(
        {"one": "user.admin", "two": "user.admin", "three": "user.admin", "me": "profile"}
    )
    assert parts["result_error"]["three"]["error"] == "OPERATION_TIME_LIMIT"
    assert set(parts["result"]) == {"one", "two", "me"}
    assert parts["result_time"]["two"]["operating"] == pytest.approx(60, abs=1)


def test_a_request_of_a_minute_is_broken_off(
    sandbox: Sandbox, boris: Caller, order: Order, offer: int
) -> None:
    add = "crm.documentgenerator.document.add"
    order("options", request_limit=60, method_seconds={add: 25})
    before = len(sandbox.portal_one.documents)
    command = f"{add}?templateId={offer}&entityTypeId=2&entityId=501"
    answer = boris.send("batch", {"cmd": {str(index): command for index in range(5)}})
    assert answer.status_code == 504
    assert answer.headers["Content-Type"].startswith("text/html")
    # Two were made before the minute was over; nobody was told.
    assert len(sandbox.portal_one.documents) == before + 2
    order("options", method_seconds={add: 61})
    params = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert boris.send(add, params).status_code == 504
    assert len(sandbox.portal_one.documents) == before + 2


def test_a_companys_own_server_limits_nothing(boris: Caller, order: Order) -> None:
    order("portal", on_premises=True)
    order(
        "options",
        rate_limit=True,
        rate_capacity=1,
        operating_limit=1,
        method_seconds={"profile": 5},
        rest_refusal="plan",
    )
    for _ in range(3):
        told = boris.answer("profile")["time"]
    assert "operating" not in told
    assert "operating_reset_at" not in told
