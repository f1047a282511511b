"""CRM objects as `crm.item.*` describes them.

https://apidocs.bitrix24.com/api-reference/crm/universal/object-fields.html
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.sandbox.world import Deal, Portal, SaleItem

NUMBERED = re.compile(r"UF_CRM_(\d+)_(\d+)")


def camel_user_field(name: str) -> str:
    """`UF_CRM_1721` to `ufCrm_1721`, `UF_CRM_2_1721` to `ufCrm2_1721`, words to camelCase."""
    numbered = NUMBERED.fullmatch(name)
    if numbered is not None:
        return f"ufCrm{numbered.group(1)}_{numbered.group(2)}"
    return re.sub(r"_([a-z])", lambda found: found.group(1).upper(), name.lower())


def upper_name(name: str) -> str:
    """`stageId` to `STAGE_ID`, `ufCrm2_1721` to `UF_CRM_2_1721`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=\d)", "_", name).upper()


def moment(value: date | datetime | None, portal: Portal) -> str | None:
    """ISO 8601 with the portal's offset; a plain day is its midnight."""
    if value is None:
        return None
    zone = ZoneInfo(portal.timezone)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return datetime.combine(value, time(), zone).isoformat(timespec="seconds")


def number(value: Decimal) -> int | float:
    """An amount as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def stage_semantics(stage_id: str) -> str:
    """S for won, F for lost, P for everything on the way."""
    name = stage_id.rpartition(":")[2]
    return {"WON": "S", "LOSE": "F", "APOLOGY": "F"}.get(name, "P")


def yes_no(value: bool) -> str:
    return "Y" if value else "N"


def user_fields(record: Deal | SaleItem, portal: Portal, original_names: bool) -> dict[str, Any]:
    """The custom fields of an object."""
    return {
        name if original_names else camel_user_field(name): plain(value, portal)
        for name, value in record.user_fields.items()
    }


def plain(value: Any, portal: Portal) -> Any:
    """A custom field's value as JSON has it."""
    if isinstance(value, date):
        return moment(value, portal)
    return number(value) if isinstance(value, Decimal) else value


def multiple(phone: str, email: str, web: str = "") -> dict[str, Any]:
    """Phone, e-mail and site of a lead, contact or company, in all the ways they are shown."""
    values = [("PHONE", phone), ("EMAIL", email), ("WEB", web)]
    return {
        "hasPhone": yes_no(bool(phone)),
        "hasEmail": yes_no(bool(email)),
        "phone": phone,
        "phoneWork": phone,
        "email": email,
        "emailWork": email,
        "fm": [
            {"id": index + 1, "valueType": "WORK", "value": value, "typeId": kind}
            for index, (kind, value) in enumerate(values)
            if value
        ],
    }


def client_ids(record: Deal | SaleItem) -> dict[str, Any]:
    """Company and contacts; what is missing is 0."""
    return {
        "companyId": record.company_id or 0,
        "contactId": record.contact_ids[0] if record.contact_ids else 0,
        "contactIds": list(record.contact_ids),
    }


def history(record: Any, portal: Portal) -> dict[str, Any]:
    """Who made and changed an object, and when. The sandbox knows only the responsible person."""
    made = moment(getattr(record, "created_time", None), portal)
    changed = moment(getattr(record, "updated_time", None), portal)
    person = record.assigned_by_id
    return {
        "createdTime": made,
        "updatedTime": changed,
        "createdBy": person,
        "updatedBy": person,
        "assignedById": person,
        "movedBy": person,
        "movedTime": changed,
        "lastActivityBy": person,
        "lastActivityTime": changed,
    }
