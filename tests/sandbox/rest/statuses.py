"""`crm.status.list`: the entries of the CRM's directories, stages among them.

https://apidocs.bitrix24.com/api-reference/crm/status/crm-status-list.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator.providers.basics import ORIGINS
from tests.sandbox.generator.providers.deal import TYPES
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.lists import matches, ordered
from tests.sandbox.world import LEAD, QUOTE, SMART_INVOICE, Portal

COLORS = {"process": "#39A8EF", "success": "#7BD500", "failure": "#FF5752", "apology": "#FF5752"}
SUCCESSES = ("WON", "CONVERTED", "APPROVED", "P")
FAILURES = ("LOSE", "JUNK", "DECLAINED", "D")
DIRECTORIES = {
    "SOURCE": ORIGINS,
    "DEAL_TYPE": TYPES,
    "CONTACT_TYPE": {"CLIENT": "Clients", "SUPPLIER": "Suppliers", "PARTNER": "Partners"},
    "COMPANY_TYPE": {"CUSTOMER": "Client", "SUPPLIER": "Supplier", "PARTNER": "Partner"},
    "HONORIFIC": {"HNR_EN_1": "Mr.", "HNR_EN_2": "Ms."},
}


def _stage_directories(portal: Portal) -> dict[str, dict[str, str]]:
    """Directory of stages to the stages: id to name."""
    deals = {
        "DEAL_STAGE" if one.id == 0 else f"DEAL_STAGE_{one.id}": one.stages
        for one in portal.categories.values()
    }
    return {
        "STATUS": portal.stages.get(LEAD, {}),
        **deals,
        "QUOTE_STATUS": portal.stages.get(QUOTE, {}),
        "SMART_INVOICE_STAGE_1": portal.stages.get(SMART_INVOICE, {}),
    }


def _meaning(stage_id: str) -> str:
    name = stage_id.rpartition(":")[2]
    if name == "APOLOGY":
        return "apology"
    return "success" if name in SUCCESSES else "failure" if name in FAILURES else "process"


def _entry(directory: str, number: int, sort: int, status_id: str, name: str) -> dict[str, Any]:
    category = directory.rpartition("_")[2]
    return {
        "ID": str(number),
        "ENTITY_ID": directory,
        "STATUS_ID": status_id,
        "NAME": name,
        "NAME_INIT": "",
        "SORT": str(sort),
        "SYSTEM": "N",
        "CATEGORY_ID": category if category.isdigit() else None,
        "COLOR": None,
        "SEMANTICS": None,
        "EXTRA": [],
    }


def _stage(entry: dict[str, Any], *, is_first: bool) -> dict[str, Any]:
    """What stages have beside other entries. First, won and lost ones belong to the system."""
    meaning = _meaning(entry["STATUS_ID"])
    system = is_first or meaning in ("success", "failure")
    return entry | {
        "NAME_INIT": entry["NAME"] if system else "",
        "SYSTEM": "Y" if system else "N",
        "COLOR": COLORS[meaning],
        "SEMANTICS": {"success": "S", "failure": "F", "apology": "F"}.get(meaning),
        "EXTRA": {"SEMANTICS": meaning, "COLOR": COLORS[meaning]},
    }


def entries(portal: Portal) -> list[dict[str, Any]]:
    """Everything, with ids that count through."""
    found: list[dict[str, Any]] = []
    for directory, stages in _stage_directories(portal).items():
        for index, (status_id, name) in enumerate(stages.items()):
            entry = _entry(directory, 101 + 2 * len(found), 10 * (index + 1), status_id, name)
            found.append(_stage(entry, is_first=index == 0))
    for directory, names in DIRECTORIES.items():
        for index, (status_id, name) in enumerate(names.items()):
            number = 101 + 2 * len(found)
            found.append(_entry(directory, number, 10 * (index + 1), status_id, name))
    return found


def status_list(call: Call) -> Answer:
    """All entries that fit at once; names it does not know match nothing."""
    if not rights.may_read_type(call.user, 0):
        raise RestError("", "Access denied.")
    for name in ("filter", "order"):
        if not isinstance(call.params.get(name, {}), dict | list):
            raise RestError("Invalid parameters.", "Incorrect parameters passed.")
    conditions, order = call.params.mapping("filter"), call.params.mapping("order")
    rows = [row for row in entries(call.portal) if matches(row, conditions)]
    found = ordered(rows, order) if order else rows
    return Answer(found, total=len(found))


METHODS = [Method("crm.status.list", status_list, ("crm",))]
