"""Making, changing, sharing documents: the defaults and what is stored."""

from __future__ import annotations

import base64

import requests

from tests.contract.caller import Caller
from tests.sandbox.server import Sandbox

DOCUMENT = "crm.documentgenerator.document."


def test_stamps_are_off_in_add_and_on_in_update(boris: Caller, offer: int) -> None:
    made = boris.add_document(offer)
    assert made["stampsEnabled"] is False
    updated = boris.call(f"{DOCUMENT}update", id=made["id"])["document"]
    assert updated["stampsEnabled"] is True
    off = boris.call(f"{DOCUMENT}update", id=made["id"], stampsEnabled=0)["document"]
    assert off["stampsEnabled"] is False


def test_only_the_number_one_switches_stamps_on(boris: Caller, offer: int) -> None:
    assert boris.add_document(offer, stampsEnabled="Y")["stampsEnabled"] is False
    assert boris.add_document(offer, stampsEnabled=1)["stampsEnabled"] is True


def test_values_are_merged_over_the_stored_ones(boris: Caller, offer: int) -> None:
    made = boris.add_document(offer, values={"DocumentNumber": "A-1", "OurMarker": "m-1"})
    assert made["number"] == "A-1"
    assert made["values"]["OurMarker"] == "m-1"
    assert made["values"]["_creationMethod"] == "rest"
    kept = boris.call(f"{DOCUMENT}update", id=made["id"], values={"Other": "x"})["document"]
    assert (kept["values"]["OurMarker"], kept["values"]["Other"]) == ("m-1", "x")
    gone = boris.call(f"{DOCUMENT}update", id=made["id"], values={"OurMarker": None})["document"]
    assert "OurMarker" not in gone["values"]


def test_a_number_that_is_sent_spends_none(boris: Caller, offer: int) -> None:
    first = boris.add_document(offer)["number"]
    boris.add_document(offer, values={"DocumentNumber": "by hand"})
    second = boris.add_document(offer)["number"]
    preview = boris.add_document(offer)["number"]
    assert len({first, second, preview}) == 3
    assert "by hand" not in (first, second, preview)


def test_fields_preview_the_number_without_spending_it(
    anna: Caller, boris: Caller, offer: int
) -> None:
    asked = {"id": offer, "entityTypeId": 2, "entityId": 501}
    once = anna.call("crm.documentgenerator.template.getfields", **asked)["templateFields"]
    again = anna.call("crm.documentgenerator.template.getfields", **asked)["templateFields"]
    made = boris.add_document(offer)
    assert once["DocumentNumber"]["value"] == again["DocumentNumber"]["value"] == made["number"]


def test_fields_of_a_document_show_what_was_put_in(boris: Caller, offer: int) -> None:
    made = boris.add_document(offer, values={"DocumentTitle": "Offer for the roof"})
    fields = boris.call(f"{DOCUMENT}getfields", id=made["id"])["documentFields"]
    assert fields["DocumentTitle"]["value"] == "Offer for the roof"
    tried = boris.call(f"{DOCUMENT}getfields", id=made["id"], values={"DocumentTitle": "B"})
    assert tried["documentFields"]["DocumentTitle"]["value"] == "B"
    assert boris.call(f"{DOCUMENT}get", id=made["id"])["document"]["title"] == "Offer for the roof"


def test_add_has_no_idea_of_having_been_called_before(boris: Caller, offer: int) -> None:
    assert boris.add_document(offer)["id"] != boris.add_document(offer)["id"]


def test_a_template_just_deleted(sandbox: Sandbox, anna: Caller, boris: Caller, offer: int) -> None:
    made = boris.add_document(offer)
    assert anna.call("crm.documentgenerator.template.delete", id=offer) is None
    again = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert boris.refused(f"{DOCUMENT}add", **again) == (400, "0")
    assert boris.refused(f"{DOCUMENT}update", id=made["id"]) == (400, "0")
    assert boris.call(f"{DOCUMENT}get", id=made["id"])["document"]["id"] == str(made["id"])
    assert str(offer) not in anna.call("crm.documentgenerator.template.list")["templates"]


def test_the_plans_limit(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    sandbox.state.options.document_limit = 0
    add = {"templateId": offer, "entityTypeId": 2, "entityId": 501}
    assert boris.refused(f"{DOCUMENT}add", **add) == (400, "DOCGEN_LIMIT_ERROR")


def test_the_public_link_opens_for_anybody_until_it_is_switched_off(
    boris: Caller, offer: int, http: requests.Session
) -> None:
    made = boris.add_document(offer)
    link = boris.call(f"{DOCUMENT}enablepublicurl", id=made["id"], status=1)["publicUrl"]
    assert link.startswith(f"{boris.portal.origin}/~")
    step = http.get(link, allow_redirects=False, timeout=10)
    assert step.status_code == 302
    assert f"/pub/document/{made['id']}/" in step.headers["Location"]
    assert http.get(link, timeout=10).status_code == 200
    viewed = boris.call(f"{DOCUMENT}get", id=made["id"])["document"]["publicUrlView"]["time"]
    assert viewed

    off = boris.call(f"{DOCUMENT}enablepublicurl", id=made["id"], status=0)
    assert off == {"publicUrl": None}
    assert http.get(link, timeout=10).status_code == 404
    anew = boris.call(f"{DOCUMENT}enablepublicurl", id=made["id"])["publicUrl"]
    assert anew != link


def test_an_uploaded_document_keeps_its_number_and_cannot_be_updated(
    anna: Caller, boris: Caller, sandbox: Sandbox, offer: int
) -> None:
    body = base64.b64encode(sandbox.portal_one.templates[offer].body).decode()
    fields = {
        "entityTypeId": 2,
        "entityId": 501,
        "title": "Signed",
        "number": "S-9",
        "region": "de",
        "fileContent": ["signed.docx", body],
    }
    made = boris.call(f"{DOCUMENT}upload", fields=fields)["document"]
    assert (made["number"], isinstance(made["id"], str)) == ("S-9", True)
    assert set(made["values"]) == {"productsTableVariant", "_creationMethod"}
    assert made["templateId"] not in anna.call("crm.documentgenerator.template.list")["templates"]
    assert boris.refused(f"{DOCUMENT}update", id=made["id"]) == (400, "0")
    del fields["fileContent"], fields["number"]
    assert boris.refused(f"{DOCUMENT}upload", fields=fields) == (400, "0")
    assert boris.refused(f"{DOCUMENT}upload") == (400, "100")


def test_pdf_and_picture_come_after_a_while(sandbox: Sandbox, boris: Caller, offer: int) -> None:
    made = boris.add_document(offer)
    assert "pdfUrl" not in boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    sandbox.state.clock.move(3.5)
    ready = boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    assert ready["pdfUrlMachine"]
    assert ready["imageUrl"]
    row = boris.call(f"{DOCUMENT}list", filter={"id": made["id"]})["documents"][0]
    assert row["pdfId"]
    assert row["imageId"]


def test_a_failed_conversion_is_a_flag_in_add_and_an_error_in_get(
    sandbox: Sandbox, boris: Caller, offer: int
) -> None:
    sandbox.state.options.conversion_delay = 0.0
    sandbox.state.options.conversion_fails = True
    made = boris.add_document(offer)
    assert made["isTransformationError"] is True
    assert made["transformationErrorCode"] == 150
    assert boris.refused(f"{DOCUMENT}get", id=made["id"]) == (400, "150")
    sandbox.state.options.conversion_fails = False
    assert boris.call(f"{DOCUMENT}get", id=made["id"])["document"]["pdfUrl"]


def test_a_thread_can_make_the_pdfs_so_that_nobody_waits(
    sandbox: Sandbox, boris: Caller, offer: int
) -> None:
    sandbox.state.options.background_conversions = True
    made = boris.add_document(offer)
    sandbox.state.clock.move(4)
    assert "pdfUrl" not in boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    sandbox.conversions.convert_due()
    ready = boris.call(f"{DOCUMENT}get", id=made["id"])["document"]
    assert boris.http.get(ready["pdfUrlMachine"], timeout=20).content.startswith(b"%PDF")
    assert boris.http.get(ready["imageUrlMachine"], timeout=20).content.startswith(b"\xff\xd8")

    sandbox.state.options.conversion_fails = True
    boris.call(f"{DOCUMENT}update", id=made["id"])
    sandbox.state.clock.move(4)
    sandbox.conversions.convert_due()
    assert boris.refused(f"{DOCUMENT}get", id=made["id"]) == (400, "150")
