"""Regions and roles of the generator, and numerators as the documentation has them."""

from __future__ import annotations

from tests.contract.caller import Caller
from tests.contract.conftest import Order

REGION, ROLE = "documentgenerator.region.", "documentgenerator.role."


def test_regions_are_keyed_by_code_and_own_ones_by_id(keeper: Caller) -> None:
    regions = keeper.call(f"{REGION}list")["regions"]
    assert regions["de"] == {"code": "de", "title": "Germany", "languageId": "de"}
    assert {"ru", "by", "kz", "ua", "uk", "br", "sp", "mx", "pl", "fr"} <= set(regions)
    fields = {
        "title": "Bremen",
        "languageId": "de",
        "formatDate": "DD.MM.YYYY",
        "formatName": "#NAME# #LAST_NAME#",
        "phrases": {"TAX_INCLUDED": "inkl. MwSt."},
    }
    made = keeper.call(f"{REGION}add", fields=fields)["region"]
    assert made == fields | {"id": made["id"], "formatDatetime": ""}
    assert isinstance(made["id"], str)
    listed = keeper.call(f"{REGION}list")["regions"][made["id"]]
    assert listed["code"] == made["id"]
    assert "phrases" not in listed
    assert keeper.call(f"{REGION}get", id=made["id"])["region"] == made
    changed = keeper.call(f"{REGION}update", id=made["id"], fields={"title": "Nord"})["region"]
    assert (changed["title"], changed["phrases"]) == ("Nord", fields["phrases"])
    assert keeper.call(f"{REGION}get", id="fr")["region"]["phrases"]["TAX_INCLUDED"]


def test_a_region_in_use_stays(keeper: Caller, offer: int) -> None:
    made = keeper.call(f"{REGION}add", fields={"title": "Bremen"})["region"]["id"]
    template = keeper.sandbox.portal_one.templates[offer]
    template.region = made
    assert keeper.refused(f"{REGION}delete", id=made) == (400, "BX_ERROR")
    template.region = "de"
    assert keeper.call(f"{REGION}delete", id=made) is None
    assert keeper.call(f"{REGION}delete", id=made) is None
    assert keeper.refused(f"{REGION}get", id=made) == (400, "0")


def test_wrong_regions(keeper: Caller, seller: Caller) -> None:
    assert keeper.refused(f"{REGION}add") == (400, "100")
    assert keeper.refused(f"{REGION}add", fields={"languageId": "de"}) == (
        400,
        "BX_EMPTY_REQUIRED",
    )
    for method in ("get", "update", "delete"):
        assert keeper.refused(f"{REGION}{method}") == (400, "100")
    assert keeper.refused(f"{REGION}update", id="de", fields={}) == (400, "0")
    assert seller.refused(f"{REGION}list") == (400, "0")


def test_roles_take_rights_in_upper_case_and_show_them_in_lower(keeper: Caller) -> None:
    listed = keeper.answer(f"{ROLE}list")
    assert listed["result"]["roles"][:2] == [
        {"id": 1, "name": "Administrator", "code": "ADMIN"},
        {"id": 3, "name": "Manager", "code": "MANAGER"},
    ]
    assert listed["total"] == len(listed["result"]["roles"])
    permissions = {"TEMPLATES": {"MODIFY": "D"}, "DOCUMENTS": {"VIEW": "X"}, "settings": {}}
    made = keeper.call(f"{ROLE}add", fields={"name": "Editors", "permissions": permissions})
    role = made["role"]
    assert role["permissions"] == {
        "settings": {"modify": ""},
        "templates": {"modify": "D"},
        "documents": {"modify": "", "view": "X"},
    }
    assert isinstance(role["id"], int)
    lower = {"templates": {"modify": "X"}}
    fields = {"name": "Writers", "permissions": lower}
    changed = keeper.call(f"{ROLE}update", id=role["id"], fields=fields)["role"]
    assert (changed["name"], changed["permissions"]["templates"]) == ("Writers", {"modify": ""})
    assert keeper.call(f"{ROLE}get", id=role["id"])["role"] == changed
    assert keeper.call(f"{ROLE}delete", id=role["id"]) is None
    assert keeper.refused(f"{ROLE}get", id=role["id"]) == (400, "100")
    assert keeper.refused(f"{ROLE}get") == (400, "100")
    assert keeper.refused(f"{ROLE}add", fields={"code": "X"}) == (400, "BX_EMPTY_REQUIRED")
    assert keeper.refused(f"{ROLE}update", id=1) == (400, "100")


def test_roles_are_for_those_who_may_change_settings(keeper: Caller, seller: Caller) -> None:
    assert seller.refused(f"{ROLE}list") == (400, "0")
    keeper.sandbox.portal_one.users[7].settings_modify = True
    assert seller.call(f"{ROLE}list")["roles"]


def test_numerators_without_crm_change_only_their_own(keeper: Caller) -> None:
    fields = {"name": "Offers 2", "template": "O-{NUMBER}"}
    of_crm = keeper.call("crm.documentgenerator.numerator.add", fields=fields)["numerator"]["id"]
    own = keeper.call("documentgenerator.numerator.add", fields=fields)["numerator"]["id"]
    change = {"fields": fields | {"name": "Renamed"}}
    denied = (400, "DOCGEN_ACCESS_ERROR")
    assert keeper.refused("documentgenerator.numerator.update", id=of_crm, **change) == denied
    assert keeper.refused("documentgenerator.numerator.delete", id=of_crm) == denied
    changed = keeper.call("documentgenerator.numerator.update", id=own, **change)
    assert (changed["name"], changed["id"]) == ("Renamed", str(own))
    # Each world lists and reads the other's.
    listed = keeper.call("documentgenerator.numerator.list")["numerators"]
    assert {str(of_crm), str(own)} <= {one["id"] for one in listed}
    assert keeper.call("documentgenerator.numerator.get", id=of_crm)["numerator"]["code"] is None
    assert keeper.call("documentgenerator.numerator.delete", id=own) is None
    # The source lets crm.* change anything.
    assert keeper.call("crm.documentgenerator.numerator.update", id=2, **change)["id"] == "2"


def test_numerators_as_the_documentation_has_them(keeper: Caller, order: Order) -> None:
    order("options", numerators_of_documentation=True)
    fields = {"name": "Offers 2", "template": "O-{NUMBER}"}
    made = keeper.call("crm.documentgenerator.numerator.add", fields=fields)["numerator"]["id"]
    prefix = "crm.documentgenerator.numerator."
    assert keeper.refused(f"{prefix}update", id=2, fields=fields) == (400, "DOCGEN_ACCESS_ERROR")
    assert keeper.call(f"{prefix}update", id=made, fields=fields)["id"] == str(made)
