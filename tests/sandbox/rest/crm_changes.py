"""What `crm.item.update` may set, type by type.

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-update.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.sandbox.rest.crm_blanks import BLANK
from tests.sandbox.rest.crm_fields import camel_user_field
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.params import php_int, yes
from tests.sandbox.world import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE

READ_ONLY = frozenset(
    [
        *("dateCreateShort", "dateModifyShort", "begindateShort", "closedateShort", "isConvert"),
        *("productId", "shortName", "address", "login", "isReturnCustomer", "isRepeatedApproach"),
        *("hasImol", "isWork", "isWon", "isLose", "receivedAmount", "lostAmount", "hasProducts"),
        *("eventDateShort", "previousStageId", "addressLegal", "categoryId", "dateClosed"),
    ]
)
"""Of the fields nothing here reads: those that are the portal's own or switched off."""
MULTIPLE = ("observers", "storageElementIds")
FM = {"PHONE": "phone", "EMAIL": "email", "WEB": "web"}

Convert = Callable[[Any], Any]
Settable = dict[str, tuple[str, Convert]]
"""REST name to the record's attribute and how a value gets there."""


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _amount(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _day(value: Any) -> date | None:
    return datetime.fromisoformat(str(value)).date() if value else None


def _id_or_none(value: Any) -> int | None:
    return php_int(value) or None


def _ids(value: Any) -> list[int]:
    if not isinstance(value, list):
        kind = type(value).__name__
        raise RestError(
            "100", f"Expected iterable value for multiple field, but got {kind} instead"
        )
    return [php_int(one) for one in value]


def _one_contact(value: Any) -> list[int]:
    return [php_int(value)] if value else []


_COMMON: Settable = {"title": ("title", _text), "assignedById": ("assigned_by_id", php_int)}
_CLIENT: Settable = {
    "companyId": ("company_id", _id_or_none),
    "contactIds": ("contact_ids", _ids),
    "contactId": ("contact_ids", _one_contact),
}
_SALE: Settable = {
    **_COMMON,
    **_CLIENT,
    "stageId": ("stage_id", _text),
    "opportunity": ("opportunity", _amount),
    "isManualOpportunity": ("is_manual_opportunity", yes),
    "currencyId": ("currency_id", _text),
    "sourceId": ("source_id", _text),
    "comments": ("comments", _text),
}
_DAYS: Settable = {
    "begindate": ("begin_date", _day),
    "closedate": ("close_date", _day),
    "mycompanyId": ("my_company_id", _id_or_none),
}
_PERSON: Settable = {
    "name": ("name", _text),
    "lastName": ("last_name", _text),
    "secondName": ("second_name", _text),
    "honorific": ("honorific", _text),
    "birthdate": ("birthdate", _day),
    "post": ("post", _text),
}
SETTABLE: dict[int, Settable] = {
    DEAL: {
        **_SALE,
        **_DAYS,
        "categoryId": ("category_id", php_int),
        "typeId": ("type_id", _text),
        "probability": ("probability", lambda value: None if value is None else php_int(value)),
    },
    LEAD: {**_SALE, **_PERSON, "companyTitle": ("company_title", _text)},
    QUOTE: {
        **_SALE,
        **_DAYS,
        "content": ("content", _text),
        "terms": ("terms", _text),
        "dealId": ("deal_id", _id_or_none),
        "leadId": ("lead_id", _id_or_none),
    },
    SMART_INVOICE: {**_SALE, **_DAYS, "parentId2": ("deal_id", _id_or_none)},
    CONTACT: {
        **{name: one for name, one in _COMMON.items() if name != "title"},
        **_PERSON,
        "typeId": ("type", _text),
        "sourceId": ("source_id", _text),
        "comments": ("comments", _text),
        "companyId": ("company_id", _id_or_none),
    },
    COMPANY: {**_COMMON, "isMyCompany": ("is_my_company", yes)},
}
KEPT_ONLY = {COMPANY: ("typeId", "comments")}
"""Fields of a type that have no attribute and are not blank either."""


def apply(record: Any, entity_type_id: int, fields: dict[str, Any]) -> None:
    """Sets the fields; unknown ones are ignored. Nothing is set where one value is wrong.

    Raises:
        RestError: CRM_FIELD_ERROR_VALUE_NOT_VALID, or 100 for a scalar in a multiple field.
    """
    changes = [_change(record, entity_type_id, name, value) for name, value in fields.items()]
    for target, name, value in (one for one in changes if one):
        if isinstance(target, dict):
            target[name] = value
        else:
            setattr(target, name, value)
    if "fm" in fields and hasattr(record, "phone"):
        _set_contact_ways(record, fields["fm"])


def _change(record: Any, entity_type_id: int, name: str, value: Any) -> tuple[Any, str, Any] | None:
    """Where a value goes: object or map, name in it, value. None for an unknown field."""
    custom = getattr(record, "user_fields", {})
    for user_field in custom:
        if name in (user_field, camel_user_field(user_field)):
            return custom, user_field, value
    known = SETTABLE[entity_type_id].get(name)
    if known is not None:
        return record, known[0], _converted(name, known[1], value)
    if name in READ_ONLY:
        return None
    if name in BLANK[entity_type_id] or name in KEPT_ONLY.get(entity_type_id, ()):
        return record.more, name, _ids(value) if name in MULTIPLE else value
    return None


def _converted(name: str, convert: Convert, value: Any) -> Any:
    try:
        return convert(value)
    except (ValueError, InvalidOperation):
        raise RestError(
            "CRM_FIELD_ERROR_VALUE_NOT_VALID", f'Invalid value for field "{name}"'
        ) from None


def _set_contact_ways(record: Any, value: Any) -> None:
    """Phone, e-mail and site, of which the sandbox keeps one each."""
    if not isinstance(value, list | dict):
        _ids(value)
    for entry in value.values() if isinstance(value, dict) else value:
        attribute = FM.get(str(entry.get("typeId"))) if isinstance(entry, dict) else None
        if attribute and hasattr(record, attribute):
            setattr(record, attribute, _text(entry.get("value")))
