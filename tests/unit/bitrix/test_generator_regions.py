"""Regions, roles and own companies, as the documentation shows them."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.bitrix import crm
from b24app.bitrix import documentgenerator as generator
from b24app.bitrix.errors import UnexpectedAnswer
from b24app.bitrix.protocol import Answer, Command, Kind


def _read(command: Command[Any], result: object) -> Any:
    assert command.kind is Kind.READ
    return command.read(Answer(result))


def test_regions_are_keyed_by_code_or_id() -> None:
    rows = {
        "de": {"code": "de", "title": "Germany", "languageId": "de"},
        "1": {
            "id": "1",
            "code": "1",
            "title": "Austria",
            "languageId": "de",
            "formatDate": "d.m.Y",
            "formatDatetime": "d.m.Y H:i",
            "formatName": "#NAME# #LAST_NAME#",
        },
    }
    german, own = _read(generator.list_regions(), {"regions": rows})
    assert (german.key, german.title, german.language, german.built_in) == (
        *("de", "Germany", "de"),
        True,
    )
    assert (own.key, own.date, own.built_in) == ("1", "d.m.Y", False)
    assert _read(generator.list_regions(), {"regions": []}) == ()
    with pytest.raises(UnexpectedAnswer):
        _read(generator.list_regions(), {})


def test_a_region_has_phrases() -> None:
    row = {"code": "de", "title": "Germany", "languageId": "de", "phrases": {"TAX": "inkl. USt."}}
    assert _read(generator.get_region("de"), {"region": row}).phrases == {"TAX": "inkl. USt."}
    row["phrases"] = []
    assert _read(generator.get_region("de"), {"region": row}).phrases == {}


def test_roles_say_what_their_members_may() -> None:
    listed = _read(generator.list_roles(), {"roles": [{"id": 1, "name": "Sales", "code": ""}]})
    assert listed == ((1, "Sales"),)
    rights = {
        "settings": {"modify": ""},
        "templates": {"modify": "D"},
        "documents": {"modify": "", "view": "X"},
    }
    role = _read(
        generator.get_role(1), {"role": {"id": "1", "name": "Sales", "permissions": rights}}
    )
    assert role == generator.Role(1, "Sales", True, False, "D", False)


def test_the_own_company_of_items() -> None:
    command = crm.list_own_company(2, [501, 502])
    assert command.params["filter"] == {"@id": [501, 502]}
    rows = [{"id": 501, "mycompanyId": 4}, {"id": "502", "mycompanyId": 0}]
    assert _read(command, {"items": rows}) == {501: 4, 502: None}
    names = _read(crm.own_companies(), {"items": [{"id": 4, "title": "Nordwerk"}]})
    assert names == {4: "Nordwerk"}
    with pytest.raises(ValueError, match="50"):
        crm.list_own_company(2, range(51))
    assert [crm.has_own_company(kind) for kind in (1, 2, 3, 4, 7, 31, 128)] == [
        *(False, True, False, False),
        *(True, True, True),
    ]


def test_all_documents_go_on_after_an_id() -> None:
    command = generator.all_documents(101, 50)
    assert command.params["filter"] == {">id": 101}
    assert command.params["order"] == {"id": "ASC"}
    assert generator.newest_of_templates([39]).params["filter"] == {"@templateId": [39]}
    with pytest.raises(ValueError, match="50"):
        generator.newest_of_templates([])
