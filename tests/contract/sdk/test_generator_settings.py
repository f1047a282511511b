"""Regions and roles of the generator, by the official client."""

from __future__ import annotations

import pytest
from b24pysdk.client import ClientV2
from b24pysdk.errors import BitrixAPIBadRequest


def test_a_region_lives_through_all_its_methods(client: ClientV2) -> None:
    regions = client.documentgenerator.region
    fields = {"title": "Bremen", "languageId": "de", "phrases": {"TAX_INCLUDED": "incl."}}
    number = int(regions.add(fields).result["region"]["id"])
    assert regions.get(number).result["region"]["phrases"] == {"TAX_INCLUDED": "incl."}
    changed = regions.update(number, fields={"title": "Nord"}).result["region"]
    assert changed["title"] == "Nord"
    listed = regions.list().result["regions"]
    assert (listed[str(number)]["title"], listed["de"]["code"]) == ("Nord", "de")
    assert regions.delete(number).result is None
    with pytest.raises(BitrixAPIBadRequest):
        regions.get(number).call()


def test_a_role_lives_through_all_its_methods(client: ClientV2) -> None:
    roles = client.documentgenerator.role
    rights = {"SETTINGS": {"MODIFY": ""}, "DOCUMENTS": {"MODIFY": "X", "VIEW": "X"}}
    made = roles.add({"name": "Back office", "permissions": rights}).result["role"]
    assert made["permissions"]["documents"] == {"modify": "X", "view": "X"}
    assert roles.get(made["id"]).result["role"]["name"] == "Back office"
    changed = roles.update(made["id"], fields={"name": "Office"}).result["role"]
    assert changed["name"] == "Office"
    listed = roles.list(start=0)
    assert made["id"] in [one["id"] for one in listed.result["roles"]]
    assert listed.response.total == len(listed.result["roles"])
    assert roles.delete(made["id"]).result is None


def test_boris_changes_neither(boris: ClientV2) -> None:
    for request in (
        boris.documentgenerator.region.list(),
        boris.documentgenerator.role.list(),
        boris.documentgenerator.numerator.list(),
    ):
        with pytest.raises(BitrixAPIBadRequest) as refused:
            request.call()
        assert refused.value.error == "0"
