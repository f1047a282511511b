"""Templates: adding, changing, binding."""

from __future__ import annotations

import base64

import pytest
import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

TEMPLATE = "crm.documentgenerator.template."


@pytest.fixture
def file(sandbox: Sandbox, offer: int) -> str:
    return base64.b64encode(sandbox.portal_one.templates[offer].body).decode()


def test_a_new_template_is_its_makers_alone_and_for_all_pipelines(
    sandbox: Sandbox, anna: Caller, boris: Caller, file: str
) -> None:
    fields = {
        "name": "Mine",
        "numeratorId": next(iter(sandbox.portal_one.numerators)),
        "region": "de",
        "entityTypeId": ["2"],
        "file": ["mine.docx", file],
    }
    made = anna.call(f"{TEMPLATE}add", fields=fields)["template"]
    pipelines = [f"2_category_{number}" for number in sandbox.portal_one.categories]
    assert (made["users"], made["entityTypeId"]) == ({"U1": "U1"}, pipelines)
    assert isinstance(made["id"], str)
    add = {"templateId": made["id"], "entityTypeId": 2, "entityId": 501}
    assert boris.refused("crm.documentgenerator.document.add", **add) == (400, "0")

    changed = anna.call(f"{TEMPLATE}update", id=made["id"], fields={"users": ["UA"]})["template"]
    assert changed["users"] == {"UA": "UA"}
    assert boris.add_document(int(made["id"]))["templateId"] == made["id"]
    kept = anna.call(f"{TEMPLATE}update", id=made["id"], fields={"users": []})["template"]
    assert kept["users"] == {"UA": "UA"}


def test_a_file_comes_as_a_part_of_a_form(
    sandbox: Sandbox, anna: Caller, offer: int, http: requests.Session
) -> None:
    response = http.post(
        f"{anna.portal.origin}/rest/{TEMPLATE}add",
        data={
            "auth": anna.token.access,
            "fields[name]": "By form",
            "fields[numeratorId]": str(next(iter(sandbox.portal_one.numerators))),
            "fields[region]": "de",
            "fields[entityTypeId][]": "2_category_0",
        },
        files={"file": ("a.docx", sandbox.portal_one.templates[offer].body)},
        timeout=10,
    )
    assert response.json()["result"]["template"]["entityTypeId"] == ["2_category_0"]


def test_errors(anna: Caller, file: str) -> None:
    assert anna.refused(f"{TEMPLATE}add") == (400, "100")
    assert anna.refused(f"{TEMPLATE}add", fields={"name": "x"}) == (400, "0")
    full = {"name": "x", "numeratorId": 1, "region": "de", "entityTypeId": ["2"]}
    assert anna.refused(f"{TEMPLATE}add", fields=full) == (400, "0")
    assert anna.refused(f"{TEMPLATE}add", fields=full | {"file": "no base64!"}) == (400, "0")
    assert anna.refused(f"{TEMPLATE}get", id=99999) == (400, "0")
    assert anna.refused(f"{TEMPLATE}getfields", id=99999, entityTypeId=2) == (400, "0")


def test_a_template_nobody_used_disappears(anna: Caller, sandbox: Sandbox, file: str) -> None:
    fields = {"name": "x", "numeratorId": 1, "region": "de", "entityTypeId": ["2"], "file": file}
    number = int(anna.call(f"{TEMPLATE}add", fields=fields)["template"]["id"])
    assert anna.call(f"{TEMPLATE}delete", id=number) is None
    assert number not in sandbox.portal_one.templates


def test_the_list_says_who_changed_a_template(anna: Caller, offer: int) -> None:
    listed = anna.call("crm.documentgenerator.template.list", filter={"id": offer})["templates"]
    assert listed[str(offer)]["updatedBy"] is None
    anna.call("crm.documentgenerator.template.update", id=offer, fields={"sort": 10})
    listed = anna.call("crm.documentgenerator.template.list", filter={"id": offer})["templates"]
    assert (listed[str(offer)]["updatedBy"], listed[str(offer)]["sort"]) == ("1", "10")
