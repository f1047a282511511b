"""Fields of inventory records as REST has them: names, types, what may be set.

https://apidocs.bitrix24.com/api-reference/catalog/data-types.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from tests.sandbox.rest.call import Answer, Call
from tests.sandbox.rest.crm_fields import moment, number
from tests.sandbox.rest.errors import RestError, generic
from tests.sandbox.rest.lists import matches, names_in, ordered, paged
from tests.sandbox.rest.params import php_int

CHAR, STRING, INTEGER, DOUBLE, DATETIME, FILE = (
    *("char", "string", "integer", "double", "datetime", "file"),
)


@dataclass(frozen=True)
class Description:
    """What getFields says of a field, and where the record keeps it."""

    type: str
    attribute: str
    required: bool = False
    read_only: bool = False
    immutable: bool = False

    def told(self) -> dict[str, Any]:
        return {
            "isImmutable": self.immutable,
            "isReadOnly": self.read_only,
            "isRequired": self.required,
            "type": self.type,
        }


Descriptions = Mapping[str, Description]


def described(call: Call, record: Any, fields: Descriptions) -> dict[str, Any]:
    """A record under its REST names."""
    return {
        name: _shown(call, getattr(record, field.attribute), field.type)
        for name, field in fields.items()
    }


def _shown(call: Call, value: Any, kind: str) -> Any:
    if isinstance(value, datetime):
        return moment(value, call.portal)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, bool) and kind == CHAR:
        return "Y" if value else "N"
    return value


def settable(
    call: Call, sent: Mapping[str, Any], fields: Descriptions, *, new: bool
) -> dict[str, Any]:
    """Attributes and values of what was sent; unknown and unchangeable fields are ignored."""
    return {
        field.attribute: _taken(call, name, sent[name], field.type)
        for name, field in fields.items()
        if name in sent and not field.read_only and (new or not field.immutable)
    }


def _taken(call: Call, name: str, value: Any, kind: str) -> Any:
    if value is None or value == "":
        return None
    try:
        if kind == INTEGER:
            return php_int(value)
        if kind == DOUBLE:
            return Decimal(str(value))
        if kind == DATETIME:
            return _moment(call, str(value))
    except (ValueError, InvalidOperation):
        raise generic(f"Invalid value of field {name}") from None
    return str(value)


def _moment(call: Call, text: str) -> datetime:
    """A moment; without an offset it is the portal's time."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(call.portal.timezone))


def require_fields(sent: Mapping[str, Any], fields: Descriptions) -> None:
    """Raises:
    RestError: "0", naming the required fields that are missing.
    """
    missing = [
        name for name, field in fields.items() if field.required and sent.get(name) in (None, "")
    ]
    if missing:
        raise generic(f"Required fields: {', '.join(missing)}")


def listed(call: Call, key: str, rows: Iterable[dict[str, Any]], fields: Descriptions) -> Answer:
    """A page of rows by `select`, `filter`, `order`, `start`; ascending by id unless told."""
    selected = call.params.items_of("select", ["*"])
    conditions, order = call.params.mapping("filter"), call.params.mapping("order")
    for name in [*names_in(conditions), *order]:
        if name not in fields:
            raise RestError("100", f"Unknown field {name}")
    found = ordered([row for row in rows if matches(row, conditions)], order or {"id": "ASC"})
    if "*" not in selected:
        found = [{name: row[name] for name in row if name in selected} for row in found]
    return paged(found, call.params.integer("start"), lambda page: {key: page})


DOCUMENT: Descriptions = {
    "commentary": Description(CHAR, "commentary"),
    "createdBy": Description(INTEGER, "created_by", immutable=True),
    "currency": Description(CHAR, "currency", required=True, immutable=True),
    "dateCreate": Description(DATETIME, "created", immutable=True),
    "dateDocument": Description(DATETIME, "dated"),
    "dateModify": Description(DATETIME, "modified"),
    "dateStatus": Description(DATETIME, "status_changed", read_only=True),
    "docNumber": Description(STRING, "doc_number"),
    "docType": Description(CHAR, "doc_type", required=True, immutable=True),
    "id": Description(INTEGER, "id", read_only=True),
    "modifiedBy": Description(INTEGER, "modified_by"),
    "responsibleId": Description(INTEGER, "responsible_id", required=True),
    "siteId": Description(CHAR, "site_id"),
    "status": Description(CHAR, "status", read_only=True),
    "statusBy": Description(INTEGER, "status_by"),
    "title": Description(STRING, "title"),
    "total": Description(DOUBLE, "total"),
}
ELEMENT: Descriptions = {
    "amount": Description(DOUBLE, "amount"),
    "docId": Description(INTEGER, "doc_id", required=True, immutable=True),
    "elementId": Description(INTEGER, "element_id", required=True, immutable=True),
    "id": Description(INTEGER, "id", read_only=True),
    "purchasingPrice": Description(DOUBLE, "purchasing_price"),
    "storeFrom": Description(INTEGER, "store_from"),
    "storeTo": Description(INTEGER, "store_to"),
}
STORE: Descriptions = {
    "active": Description(CHAR, "active"),
    "address": Description(STRING, "address", required=True),
    "code": Description(STRING, "code"),
    "dateCreate": Description(DATETIME, "created"),
    "dateModify": Description(DATETIME, "modified"),
    "description": Description(STRING, "description"),
    "email": Description(STRING, "email"),
    "gpsN": Description(DOUBLE, "gps_north"),
    "gpsS": Description(DOUBLE, "gps_south"),
    "id": Description(INTEGER, "id", read_only=True),
    "imageId": Description(FILE, "image"),
    "issuingCenter": Description(CHAR, "issuing_center"),
    "modifiedBy": Description(INTEGER, "modified_by"),
    "phone": Description(STRING, "phone"),
    "schedule": Description(STRING, "schedule"),
    "sort": Description(INTEGER, "sort"),
    "title": Description(STRING, "title"),
    "userId": Description(INTEGER, "created_by"),
    "xmlId": Description(STRING, "xml_id"),
}
STOCK: Descriptions = {
    "amount": Description(DOUBLE, "amount", read_only=True),
    "id": Description(INTEGER, "id", read_only=True),
    "productId": Description(INTEGER, "product_id", read_only=True),
    "quantityReserved": Description(DOUBLE, "reserved", read_only=True),
    "storeId": Description(INTEGER, "store_id", read_only=True),
}
CONTRACTOR: Descriptions = {
    "documentId": Description(INTEGER, "document_id", required=True),
    "entityId": Description(INTEGER, "entity_id", required=True),
    "entityTypeId": Description(INTEGER, "entity_type_id", required=True),
    "id": Description(INTEGER, "id", read_only=True),
}


def told(fields: Descriptions) -> dict[str, Any]:
    """What getFields answers."""
    return {name: field.told() for name, field in fields.items()}
