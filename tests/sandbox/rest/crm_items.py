"""`crm.item.*`: leads, deals, contacts, companies, quotes and smart invoices.

https://apidocs.bitrix24.com/api-reference/crm/universal/index.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest import crm_changes
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.crm_fields import camel_user_field, upper_name
from tests.sandbox.rest.crm_objects import DESCRIBE, item_of, items_of, records_of
from tests.sandbox.rest.errors import RestError, missing
from tests.sandbox.rest.lists import matches, names_in, ordered, paged, split_prefix
from tests.sandbox.rest.params import php_int, yes
from tests.sandbox.world import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE, Portal

OLD_INVOICE = 5
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def entity_type(call: Call) -> int:
    """The type the caller asks for.

    Raises:
        RestError: 100 without one, ENTITY_TYPE_NOT_SUPPORTED for old invoices, NOT_FOUND for any
            other type the sandbox does not keep.
    """
    if call.params.get("entityTypeId") in (None, ""):
        raise missing("entityTypeId")
    wanted = call.params.integer("entityTypeId")
    if wanted == OLD_INVOICE:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Entity type INVOICE is not supported")
    if wanted not in DESCRIBE:
        raise RestError("NOT_FOUND", "Smart process not found")
    return wanted


def _original(call: Call) -> bool:
    return yes(call.params.get("useOriginalUfNames"))


def _names(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The names a filter or an order may use, whatever there is."""
    names = {"id": 0}
    for item in items:
        names |= dict.fromkeys(item, 0)
    return names


def get(call: Call) -> dict[str, Any]:
    kind = entity_type(call)
    if call.params.get("id") in (None, ""):
        raise missing("id")
    item = _readable(call, kind, call.params.integer("id"))
    return {"item": item}


def _readable(call: Call, kind: int, item_id: int) -> dict[str, Any]:
    item = item_of(call.portal, kind, item_id, _original(call))
    if item is None:
        raise RestError("NOT_FOUND", "Element not found")
    if not documents.may_read_entity(call.portal, call.user, kind, str(item_id)):
        raise RestError("ACCESS_DENIED", "You do not have permission to view this item")
    return item


def _camel(names: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Names in UPPER_CASE are taken for fields, too; not so behind a filter's prefix (source)."""
    fields = {upper_name(name): name for name in known}
    return {fields.get(name, name): value for name, value in names.items()}


def item_list(call: Call) -> Answer:
    kind = entity_type(call)
    items = items_of(call.portal, kind, _original(call))
    known = _names(items.values())
    conditions = _camel(call.params.mapping("filter"), known)
    order = _camel(call.params.mapping("order"), known)
    for name in names_in(conditions):
        if name not in known:
            raise _invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    _check_values(conditions, items.values())
    for name, direction in order.items():
        _check_order(name, direction, known)
    rows = [
        item
        for item_id, item in items.items()
        if documents.may_read_entity(call.portal, call.user, kind, str(item_id))
        and matches(item, conditions)
    ]
    selected = _camel(dict.fromkeys(call.params.items_of("select", ["*"])), known)
    rows = ordered(rows, order or {"id": "ASC"})
    if "*" not in selected:
        rows = [{name: item[name] for name in item if name in selected} for item in rows]
    return paged(rows, call.params.integer("start"), lambda page: {"items": page})


def _check_values(conditions: dict[str, Any], items: Iterable[dict[str, Any]]) -> None:
    """A text is no value for a field of numbers."""
    rows = list(items)
    for key, wanted in conditions.items():
        prefix, name = split_prefix(key)
        values = [row[name] for row in rows if row.get(name) is not None]
        numeric = values and all(isinstance(value, int | float) for value in values)
        sent = wanted if isinstance(wanted, list) else [wanted]
        if not numeric or "%" in prefix:
            continue
        if any(isinstance(one, str) and one and not NUMBER.fullmatch(one.strip()) for one in sent):
            raise _invalid(f"Invalid filter: field '{name}' has invalid value")


def _check_order(name: str, direction: Any, known: dict[str, Any]) -> None:
    if name not in known:
        raise _invalid(f"Invalid order: field '{name}' is not allowed in order")
    if str(direction).upper() not in ("ASC", "DESC"):
        raise _invalid(
            "Invalid order: allowed sort directions are ASC, DESC. "
            f"But got '{direction}' for field '{name}'"
        )


def _invalid(message: str) -> RestError:
    return RestError("INVALID_ARG_VALUE", message)


def update(call: Call) -> dict[str, Any]:
    """Fields it does not know are ignored; without any change nothing is told. As documented."""
    kind = entity_type(call)
    if call.params.get("id") in (None, ""):
        raise missing("id")
    fields = call.params.required_mapping("fields")
    item_id = call.params.integer("id")
    before = _readable(call, kind, item_id)
    record = records_of(call.portal, kind)[item_id]
    if not (call.user.is_admin or record.assigned_by_id == call.user.id):
        raise RestError("ACCESS_DENIED", "Access denied")
    _check_stage(call.portal, kind, record, fields)
    crm_changes.apply(record, kind, fields)
    if item_of(call.portal, kind, item_id, _original(call)) != before:
        if hasattr(record, "updated_time"):
            record.updated_time = call.now
        _tell(call, kind, item_id)
    return {"item": item_of(call.portal, kind, item_id, _original(call))}


def _check_stage(portal: Portal, kind: int, record: Any, fields: dict[str, Any]) -> None:
    """A stage must be one of the type's, for deals of the pipeline's.

    Raises:
        RestError: CRM_FIELD_ERROR_VALUE_NOT_VALID.
    """
    if "stageId" not in fields or kind in (CONTACT, COMPANY):
        return
    stages = portal.stages.get(kind, {})
    if kind == DEAL:
        pipeline = portal.categories.get(php_int(fields.get("categoryId", record.category_id)))
        stages = pipeline.stages if pipeline else {}
    if fields["stageId"] not in stages:
        raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "stageId"')


def _tell(call: Call, kind: int, item_id: int) -> None:
    """Smart invoices have the event of smart processes, which names the type."""
    fields = {"ID": item_id}
    if kind == SMART_INVOICE:
        fields["ENTITY_TYPE_ID"] = kind
    call.state.emit(call.portal, UPDATED[kind], {"FIELDS": fields}, call.user.id)


UPDATED = {
    LEAD: "ONCRMLEADUPDATE",
    DEAL: "ONCRMDEALUPDATE",
    CONTACT: "ONCRMCONTACTUPDATE",
    COMPANY: "ONCRMCOMPANYUPDATE",
    QUOTE: "ONCRMQUOTEUPDATE",
    SMART_INVOICE: "ONCRMDYNAMICITEMUPDATE",
}
"""Type to the event of a change."""

_SCOPES = ("crm",)


def fields(call: Call) -> dict[str, Any]:
    """What an object of the type has, read off those there are; own fields are dynamic."""
    kind = entity_type(call)
    original = _original(call)
    values: dict[str, Any] = {}
    for item in items_of(call.portal, kind, original).values():
        values |= {name: value for name, value in item.items() if value is not None}
    names = _names(items_of(call.portal, kind, original).values())
    if kind not in (CONTACT, COMPANY):
        labels = call.portal.user_field_labels
        names |= {name if original else camel_user_field(name): 0 for name in labels}
    return {"fields": {name: _described(call, name, values.get(name)) for name in names}}


def _described(call: Call, name: str, value: Any) -> dict[str, Any]:
    labels = {camel_user_field(own): own for own in call.portal.user_field_labels}
    upper = labels.get(name) or (name if name.startswith("UF_CRM_") else upper_name(name))
    title = call.portal.user_field_labels.get(upper, upper)
    return {
        "type": _type(name, value),
        "isRequired": False,
        "isReadOnly": name in READ_ONLY,
        "isImmutable": False,
        "isMultiple": isinstance(value, list),
        "isDynamic": upper.startswith("UF_CRM_"),
        "title": title,
        "upperName": upper,
    }


def _type(name: str, value: Any) -> str:
    """The sandbox keeps no types, so a value says it."""
    if name.endswith(("Date", "date", "Time")):
        return "datetime"
    kinds: dict[type, str] = {bool: "boolean", int: "integer", float: "double"}
    return kinds.get(type(value), "string")


READ_ONLY = ("id", "createdTime", "updatedTime", "createdBy", "updatedBy", "movedBy", "movedTime")
METHODS = [
    Method("crm.item.fields", fields, _SCOPES),
    Method("crm.item.get", get, _SCOPES),
    Method("crm.item.list", item_list, _SCOPES),
    Method("crm.item.update", update, _SCOPES),
]
