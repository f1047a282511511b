"""Failures on demand, before the effect and after it."""

from __future__ import annotations

import pytest
import requests

from tests.contract.caller import Caller
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

ADD = "crm.documentgenerator.document.add"


def count(sandbox: Sandbox) -> int:
    return len(sandbox.portal_one.documents)


@pytest.mark.parametrize(("after", "made"), [(False, 0), (True, 1)])
def test_a_bad_gateway_before_or_after_the_effect(
    sandbox: Sandbox, boris: Caller, offer: int, after: bool, made: int
) -> None:
    before = count(sandbox)
    sandbox.state.faults.add(Fault(ADD, "html", after=after, status=502))
    params = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    answer = boris.send(ADD, params)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert count(sandbox) == before + made
    assert boris.send(ADD, params).status_code == 200


@pytest.mark.parametrize(("after", "made"), [(False, 0), (True, 1)])
def test_a_cut_connection(
    sandbox: Sandbox, boris: Caller, offer: int, after: bool, made: int
) -> None:
    before = count(sandbox)
    sandbox.state.faults.add(Fault(ADD, "cut", after=after))
    with pytest.raises(requests.ConnectionError):
        boris.send(ADD, {"templateId": offer, "entityTypeId": 2, "entityId": 501})
    assert count(sandbox) == before + made


def test_others_are_served_while_one_waits(sandbox: Sandbox, boris: Caller, anna: Caller) -> None:
    sandbox.state.faults.add(Fault("user.admin", "timeout", seconds=1.0))
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{boris.portal.origin}/rest/user.admin", data={"auth": boris.token.access}, timeout=0.1
        )
    assert anna.call("profile")["ID"] == "1"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("overload", 503, "QUERY_LIMIT_EXCEEDED"), ("operating", 429, "OPERATION_TIME_LIMIT")],
)
def test_limits(sandbox: Sandbox, boris: Caller, kind: str, status: int, code: str) -> None:
    sandbox.state.faults.add(Fault.described({"method": "profile", "kind": kind, "times": 2}))
    assert boris.refused("profile") == (status, code)
    assert boris.refused("profile") == (status, code)
    assert boris.call("profile")


def test_an_empty_503(sandbox: Sandbox, boris: Caller) -> None:
    sandbox.state.faults.add(Fault.described({"method": "*", "kind": "503"}))
    answer = boris.send("profile")
    assert (answer.status_code, answer.text) == (503, "")


def test_an_error_strikes_one_command_of_a_batch(sandbox: Sandbox, boris: Caller) -> None:
    sandbox.state.faults.add(Fault("profile", "error", status=429, code="OPERATION_TIME_LIMIT"))
    parts = boris.batch({"me": "profile", "admin": "user.admin"})
    assert parts["result_error"]["me"]["error"] == "OPERATION_TIME_LIMIT"
    assert parts["result"]["admin"] is False
