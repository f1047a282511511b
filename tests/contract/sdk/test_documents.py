"""crm.documentgenerator.document.*, template.* and numerators, by the official client."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from b24pysdk.api.requesters.bitrix_file_requester import BitrixFileRequester
from b24pysdk.client import ClientV2
from b24pysdk.errors import (
    BitrixAPIBadRequest,
    BitrixAPIExpiredToken,
    BitrixFileDownloadError,
)

from tests.sandbox.server import Sandbox

DEAL, BORISS_DEAL = 2, 501
SEQUENCE = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator"


def added(client: ClientV2, template: int, **more: Any) -> dict[str, Any]:
    request = client.crm.documentgenerator.document.add(template, DEAL, BORISS_DEAL, **more)
    document: dict[str, Any] = request.result["document"]
    return document


def test_a_document_lives_through_all_its_methods(
    sandbox: Sandbox, client: ClientV2, offer: int
) -> None:
    documents = client.crm.documentgenerator.document
    made = added(client, offer, values={"DocumentNumber": "K-7"}, stamps_enabled=1)
    assert (made["number"], made["stampsEnabled"]) == ("K-7", True)
    fields = documents.getfields(made["id"], values={"DocumentNumber": "K-8"}).result
    assert fields["documentFields"]["DocumentNumber"]["value"] == "K-8"
    assert "pdfUrl" not in documents.get(made["id"]).result["document"]
    sandbox.state.clock.move(60)
    ready = documents.get(made["id"]).result["document"]
    assert ready["pdfUrl"]
    changed = documents.update(made["id"], values={"DocumentTitle": "Other"}, stamps_enabled=0)
    assert changed.result["document"]["title"] == "Other"
    assert changed.result["document"]["stampsEnabled"] is False
    public = documents.enablepublicurl(made["id"]).result["publicUrl"]
    assert public.startswith(f"{sandbox.url}/~")
    assert documents.enablepublicurl(made["id"], status=0).result["publicUrl"] is None
    listed = documents.list(filter={"entityTypeId": DEAL, "entityId": BORISS_DEAL}).result
    assert str(made["id"]) in [row["id"] for row in listed["documents"]]
    assert documents.delete(made["id"]).result is None
    with pytest.raises(BitrixAPIBadRequest):
        documents.get(made["id"]).call()


def test_own_fields_are_described_beside_the_values(client: ClientV2, offer: int) -> None:
    described = {"DocumentCreateTime": {"TITLE": "Day", "TYPE": "DATE"}}
    made = added(
        client, offer, fields=described, values={"DocumentCreateTime": "2026-03-18T00:00:00+01:00"}
    )
    assert made["values"]["DocumentCreateTime"]


def test_a_file_from_elsewhere_becomes_a_document(
    sandbox: Sandbox, client: ClientV2, offer: int
) -> None:
    body = base64.b64encode(sandbox.portal_one.templates[offer].body).decode()
    fields = {
        "entityTypeId": DEAL,
        "entityId": BORISS_DEAL,
        "title": "Signed contract",
        "number": "S-1",
        "region": "de",
        "fileContent": ["contract.docx", body],
    }
    made = client.crm.documentgenerator.document.upload(fields).result["document"]
    assert (made["title"], made["number"]) == ("Signed contract", "S-1")


def test_machine_links_open_for_the_client_while_its_token_lives(
    sandbox: Sandbox, boris: ClientV2, offer: int
) -> None:
    made = added(boris, offer)
    sandbox.state.clock.move(60)
    ready = boris.crm.documentgenerator.document.get(made["id"]).result["document"]
    starts = {"downloadUrl": b"PK", "pdfUrl": b"%PDF", "imageUrl": b"\xff\xd8"}
    for name, start in starts.items():
        file = BitrixFileRequester(ready[f"{name}Machine"]).call()
        assert file["content"].startswith(start)
        assert file["name"]
    with pytest.raises(BitrixFileDownloadError):
        BitrixFileRequester(ready["pdfUrl"]).call()
    sandbox.state.expire_access(7)
    with pytest.raises((BitrixAPIExpiredToken, BitrixFileDownloadError)):
        BitrixFileRequester(ready["pdfUrlMachine"]).call()


def test_machine_links_of_a_webhook_open_too(
    sandbox: Sandbox, webhook: ClientV2, offer: int
) -> None:
    link = added(webhook, offer)["downloadUrlMachine"]
    assert BitrixFileRequester(link).call()["content"].startswith(b"PK")


def test_a_template_lives_through_all_its_methods(
    sandbox: Sandbox, client: ClientV2, offer: int
) -> None:
    templates = client.crm.documentgenerator.template
    body = base64.b64encode(sandbox.portal_one.templates[offer].body).decode()
    fields = {
        "name": "Letter",
        "file": ["letter.docx", body],
        "numeratorId": next(iter(sandbox.portal_one.numerators)),
        "region": "de",
        "entityTypeId": ["2_category_0"],
        "users": ["UA"],
    }
    made = templates.add(fields).result["template"]
    number = int(made["id"])
    assert templates.get(number).result["template"]["name"] == "Letter"
    assert templates.update(number, {"name": "Note"}).result["template"]["name"] == "Note"
    listed = templates.list(select=["*", "users"], order={"id": "DESC"}, filter={"name": "Note"})
    assert listed.result["templates"][str(number)]["users"] == ["UA"]
    fields = templates.getfields(number, DEAL, entity_id=BORISS_DEAL, values={"X": "1"}).result
    assert "DocumentNumber" in fields["templateFields"]
    assert templates.delete(number).result is None


def test_a_numerator_lives_through_all_its_methods(client: ClientV2) -> None:
    for numerators in (client.crm.documentgenerator.numerator, client.documentgenerator.numerator):
        fields = {"name": "Letters", "template": "L-{NUMBER}", "settings": {SEQUENCE: {"start": 5}}}
        made = numerators.add(fields).result["numerator"]
        got = numerators.get(made["id"]).result["numerator"]
        assert got["id"] == str(made["id"])
        assert got["settings"][SEQUENCE]["start"] == 5
        changed = numerators.update(made["id"], fields=fields | {"name": "Notes"}).result
        assert changed["name"] == "Notes"
        listed = numerators.list(start=0).result["numerators"]
        assert str(made["id"]) in [row["id"] for row in listed]
        assert numerators.delete(made["id"]).result is None


def test_a_numerator_is_updated_by_its_parts(client: ClientV2) -> None:
    numerators = client.documentgenerator.numerator
    made = numerators.add({"name": "Letters", "template": "L-{NUMBER}"}).result["numerator"]
    changed = numerators.update(made["id"], name="Notes", template="N-{NUMBER}", settings={})
    assert (changed.result["name"], changed.result["template"]) == ("Notes", "N-{NUMBER}")


def test_boris_may_not_list_templates_and_hears_why(boris: ClientV2) -> None:
    with pytest.raises(BitrixAPIBadRequest) as refused:
        boris.crm.documentgenerator.template.list().call()
    assert refused.value.error == "0"
    assert refused.value.error_description
