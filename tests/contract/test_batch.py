"""Many calls in one request."""

from __future__ import annotations

import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox


def test_results_and_errors_stand_under_their_names(boris: Caller) -> None:
    parts = boris.batch(
        {
            "deal": "crm.item.get?entityTypeId=2&id=501",
            "none": "crm.item.get?entityTypeId=2&id=9999",
        }
    )
    assert parts["result"]["deal"]["item"]["id"] == 501
    assert parts["result_error"]["none"]["error"] == "NOT_FOUND"
    assert "none" not in parts["result"]
    assert set(parts["result_time"]) == {"deal"}


def test_empty_parts_are_arrays(boris: Caller) -> None:
    parts = boris.batch({"me": "profile"})
    assert parts["result_error"] == parts["result_total"] == parts["result_next"] == []


def test_numbered_commands_make_arrays(boris: Caller) -> None:
    parts = boris.call("batch", cmd=["profile", "user.admin"])
    assert parts["result"][0]["ID"] == "7"
    assert parts["result"][1] is False


def test_a_reference_brings_the_earlier_answer_along(sandbox: Sandbox, boris: Caller) -> None:
    company = sandbox.portal_one.deals[501].company_id
    parts = boris.batch(
        {
            "deal": "crm.item.get?entityTypeId=2&id=501",
            "company": "crm.item.get?entityTypeId=4&id=$result[deal][item][companyId]",
            "rows": "crm.item.productrow.list?filter[%3DownerType]=D"
            "&filter[%3DownerId]=$result[deal][item][id]",
        }
    )
    assert parts["result_error"] == []
    assert parts["result"]["company"]["item"]["id"] == company
    assert parts["result_total"]["rows"] == len(sandbox.portal_one.deals[501].rows)


def test_a_deletion_leaves_null_and_no_error(boris: Caller, offer: int) -> None:
    document = boris.add_document(offer)
    parts = boris.batch({"drop": f"crm.documentgenerator.document.delete?id={document['id']}"})
    assert parts["result"] == {"drop": None}
    assert parts["result_error"] == []


def test_halt_stops_at_the_first_error(boris: Caller) -> None:
    commands = {"bad": "no.such.method", "good": "profile"}
    assert set(boris.batch(commands)["result"]) == {"good"}
    assert boris.batch(commands, halt=1)["result"] == []


def test_the_fifty_first_command_is_refused(boris: Caller) -> None:
    parts = boris.batch({f"n{index}": "profile" for index in range(51)})
    assert len(parts["result"]) == 50
    assert parts["result_error"]["n50"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"


def test_a_batch_in_a_batch_is_refused_and_other_than_text_is_skipped(boris: Caller) -> None:
    parts = boris.call("batch", cmd={"inner": "batch?cmd[a]=profile", "odd": {"method": "profile"}})
    assert parts["result_error"]["inner"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert set(parts["result_error"]) == {"inner"}
    assert parts["result"] == []


def test_a_form_carries_a_batch_too(boris: Caller, http: requests.Session) -> None:
    response = http.post(
        f"{boris.portal.origin}/rest/batch.json",
        data={
            "auth": boris.token.access,
            "halt": "0",
            "cmd[deal]": "crm.item.get?entityTypeId=2&id=501",
        },
        timeout=10,
    )
    assert response.json()["result"]["result"]["deal"]["item"]["id"] == 501


def test_the_record_counts_one_request_and_knows_its_commands(
    sandbox: Sandbox, boris: Caller
) -> None:
    boris.batch({"one": "profile", "two": "profile"})
    assert len(sandbox.state.record.rest()) == 1
    assert sandbox.state.record.executed("profile") == 2
