"""The same value is a number in one answer and a text in the next, on purpose."""

from __future__ import annotations

import pytest

from tests.contract.caller import Caller


def test_a_document_id_is_a_number_only_in_the_answer_of_add(boris: Caller, offer: int) -> None:
    added = boris.add_document(offer)
    assert isinstance(added["id"], int)
    assert added["createdBy"] == 7
    assert added["templateId"] == str(offer)
    assert (added["entityTypeId"], added["entityId"]) == ("2", "501")

    got = boris.call("crm.documentgenerator.document.get", id=added["id"])["document"]
    assert got["id"] == str(added["id"])
    assert got["createdBy"] == "7"

    updated = boris.call("crm.documentgenerator.document.update", id=added["id"])["document"]
    assert updated["id"] == str(added["id"])
    assert updated["createdBy"] is None
    assert updated["updatedBy"] == 7

    listed = boris.call("crm.documentgenerator.document.list", order={"id": "DESC"})
    newest = listed["documents"][0]
    assert (newest["id"], newest["createdBy"]) == (str(added["id"]), "7")


def test_links_of_a_list_exist_before_the_files_do(boris: Caller, offer: int) -> None:
    added = boris.add_document(offer)
    assert "pdfUrl" not in added
    assert "imageUrl" not in added
    row = boris.call("crm.documentgenerator.document.list", filter={"id": added["id"]})
    document = row["documents"][0]
    assert document["pdfUrl"]
    assert document["pdfId"] is None
    assert "publicUrl" not in document
    assert "isTransformationError" not in document


def test_the_users_of_a_template_are_an_object_or_an_array(anna: Caller, offer: int) -> None:
    got = anna.call("crm.documentgenerator.template.get", id=offer)["template"]
    assert got["users"] == {"UA": "UA"}
    assert got["id"] == str(offer)

    plain = anna.call("crm.documentgenerator.template.list")["templates"]
    assert "users" not in plain[str(offer)]
    assert "entityTypeId" not in plain[str(offer)]

    asked = anna.call("crm.documentgenerator.template.list", select=["*", "users"])["templates"]
    assert asked[str(offer)]["users"] == ["UA"]


def test_no_templates_are_an_empty_array(anna: Caller) -> None:
    found = anna.call("crm.documentgenerator.template.list", filter={"name": "nothing of the kind"})
    assert found == {"templates": []}


def test_deal_templates_are_not_found_by_a_plain_type(anna: Caller) -> None:
    found = anna.call("crm.documentgenerator.template.list", filter={"entityTypeId": "2"})
    assert found == {"templates": []}
    found = anna.call(
        "crm.documentgenerator.template.list", filter={"entityTypeId": "2_category_0"}
    )
    assert found["templates"]


def test_deleting_gives_null(boris: Caller, offer: int) -> None:
    added = boris.add_document(offer)
    answer = boris.answer("crm.documentgenerator.document.delete", id=added["id"])
    assert answer["result"] is None
    assert boris.refused("crm.documentgenerator.document.get", id=added["id"]) == (400, "0")


def test_time_comes_with_success_and_not_with_errors(boris: Caller) -> None:
    answer = boris.answer("profile")
    assert isinstance(answer["time"]["start"], int)
    assert isinstance(answer["time"]["processing"], int)
    assert {"finish", "duration", "date_start", "date_finish", "operating"} <= set(answer["time"])
    assert boris.refused("crm.item.get", entityTypeId=2, id=999999) == (400, "NOT_FOUND")


@pytest.mark.parametrize("missing", ["templateId", "entityTypeId", "entityId"])
def test_a_missing_parameter_has_code_100(boris: Caller, offer: int, missing: str) -> None:
    params = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    del params[missing]
    assert boris.refused("crm.documentgenerator.document.add", **params) == (400, "100")


def test_parameter_names_are_case_sensitive(boris: Caller, offer: int) -> None:
    refusal = boris.refused(
        "crm.documentgenerator.document.add", templateID=offer, entityTypeId=2, entityId=501
    )
    assert refusal == (400, "100")


def test_method_names_are_not_case_sensitive(boris: Caller) -> None:
    assert boris.call("CRM.Item.GET.json", entityTypeId=2, id=501)["item"]["id"] == 501
