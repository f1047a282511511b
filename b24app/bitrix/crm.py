"""Deals and all other CRM items, and their product rows.

Pages: api-reference/crm/universal/crm-item-get, …-update, …/product-rows/crm-item-productrow-list;
object types: api-reference/crm/data-types.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from b24app.bitrix.normalise import (
    as_bool,
    as_id,
    as_key,
    as_list,
    as_map,
    as_moment_or_none,
    as_money,
    as_money_or_none,
    as_text,
)
from b24app.bitrix.protocol import PAGE_SIZE, Answer, Command, Kind, Page, page_of

LEAD: Final = 1
DEAL: Final = 2
CONTACT: Final = 3
COMPANY: Final = 4
QUOTE: Final = 7
SMART_INVOICE: Final = 31
_FIRST_SMART_PROCESS: Final = 128

_SHORT_CODE: Final = {
    LEAD: "L",
    DEAL: "D",
    CONTACT: "C",
    COMPANY: "CO",
    QUOTE: "Q",
    SMART_INVOICE: "SI",
}

_CLOSED_FIELD: Final = {LEAD: "stageSemanticId", DEAL: "stageSemanticId", QUOTE: "closed"}

_LINKS: Final = {
    "companyId": COMPANY,
    "contactId": CONTACT,
    "contactIds": CONTACT,
    "leadId": LEAD,
    "dealId": DEAL,
    "quoteId": QUOTE,
}
_PARENT: Final = re.compile(r"parentId([0-9]{1,9})", re.ASCII)
_TYPE_IN_PLACEMENT: Final = {
    "LEAD": LEAD,
    "DEAL": DEAL,
    "CONTACT": CONTACT,
    "COMPANY": COMPANY,
    "QUOTE": QUOTE,
    "SMART_INVOICE": SMART_INVOICE,
}
_PLACEMENT: Final = re.compile(
    r"CRM_(?:([A-Z_]+)|DYNAMIC_([0-9]{3,9}))"
    r"_(?:DETAIL_TAB|DETAIL_TOOLBAR|DETAIL_ACTIVITY|DOCUMENTGENERATOR_BUTTON|LIST_MENU)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class CrmItem:
    """A deal, a lead, an invoice … What its type does not have is 0, "", () or None.

    ``category_id``: its pipeline, 0 the first one of deals. ``my_company_id``: the own company it
    is made for, None where the portal's usual one applies. ``links``: type and id of the items
    whose data its documents may show. ``fields``: all as the portal gave them, in camelCase, own
    ones in capitals (``UF_CRM_…``).
    """

    id: int
    entity_type_id: int
    title: str
    category_id: int
    stage_id: str
    opportunity: Decimal | None
    currency_id: str
    company_id: int | None
    contact_id: int | None
    contact_ids: tuple[int, ...]
    my_company_id: int | None
    assigned_by_id: int | None
    updated_time: datetime | None
    links: tuple[tuple[int, int], ...]
    fields: dict[str, Any] = field(repr=False)

    @property
    def is_amount_typed(self) -> bool:
        """Whether somebody typed the amount, so that the product rows do not make it."""
        return as_bool(self.fields.get("isManualOpportunity"))


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A row of a deal. ``price``: per unit, after discount and with tax. ``tax_rate``: percent,
    None for rows without tax. ``price_exclusive``: ``price`` without tax, None where not told."""

    id: int
    product_id: int | None
    product_name: str
    price: Decimal
    quantity: Decimal
    discount_rate: Decimal | None
    discount_sum: Decimal | None
    tax_rate: Decimal | None
    tax_included: bool
    measure_name: str
    sort: int
    price_exclusive: Decimal | None = None


def get_item(entity_type_id: int, item_id: int) -> Command[CrmItem]:
    """Reads an item of any type, own fields by their names in capitals (``UF_CRM_…``).

    Raises `AccessDenied` or `NotFound`.

    Page: api-reference/crm/universal/crm-item-get.
    """
    params = {"entityTypeId": entity_type_id, "id": item_id, "useOriginalUfNames": "Y"}
    return Command("crm.item.get", params, Kind.READ, partial(_item, entity_type_id))


def item_fields(entity_type_id: int) -> Command[dict[str, str]]:
    """The names and titles of what items of a type have: ``{"UF_CRM_WARRANTY": "Warranty"}``.

    Page: api-reference/crm/universal/crm-item-fields.
    """
    params = {"entityTypeId": entity_type_id, "useOriginalUfNames": "Y"}
    return Command("crm.item.fields", params, Kind.READ, _field_titles)


def _field_titles(answer: Answer) -> dict[str, str]:
    """Own fields are named by their key, the others by ``upperName``; a title may be missing."""
    found = {}
    for key, entry in as_map(as_map(answer.result)["fields"]).items():
        row = as_map(entry)
        name = key if key.startswith("UF_") else as_text(row.get("upperName")) or key
        found[name] = as_text(row.get("title")) or name
    return found


def list_closed(entity_type_id: int, item_ids: Sequence[int]) -> Command[dict[int, bool]]:
    """Whether each of at most 50 items is closed: won, lost, converted, accepted or declined.

    Items that this user may not read are left out. Only for types of which `tells_closed` is true.

    Page: api-reference/crm/universal/crm-item-list; fields: object-fields.
    """
    if not 0 < len(item_ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    params = {
        "entityTypeId": entity_type_id,
        "select": ["id", _CLOSED_FIELD[entity_type_id]],
        "filter": {"@id": list(item_ids)},
    }
    return Command("crm.item.list", params, Kind.READ, partial(_closed_items, entity_type_id))


def list_titles(entity_type_id: int, item_ids: Sequence[int]) -> Command[dict[int, str]]:
    """How at most 50 items of one type are called; what the user may not read is left out.

    Page: api-reference/crm/universal/crm-item-list.
    """
    if not 0 < len(item_ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    params = {
        "entityTypeId": entity_type_id,
        "select": ["id", "title"],
        "filter": {"@id": list(item_ids)},
    }
    return Command("crm.item.list", params, Kind.READ, _titles)


def own_companies() -> Command[dict[int, str]]:
    """The portal's own companies, id to name, the first 50.

    Page: api-reference/crm/universal/crm-item-list; fields: object-fields, ``isMyCompany``.
    """
    params = {
        "entityTypeId": COMPANY,
        "select": ["id", "title"],
        "filter": {"=isMyCompany": "Y"},
        "order": {"id": "ASC"},
    }
    return Command("crm.item.list", params, Kind.READ, _titles)


def list_own_company(
    entity_type_id: int, item_ids: Sequence[int]
) -> Command[dict[int, int | None]]:
    """For which own company each of at most 50 items is made, None for the portal's usual one.

    Items that this user may not read are left out. Only for types of which `has_own_company` is
    true.

    Page: api-reference/crm/universal/crm-item-list; fields: object-fields, ``mycompanyId``.
    """
    if not 0 < len(item_ids) <= PAGE_SIZE:
        raise ValueError(f"1 to {PAGE_SIZE} ids")
    params = {
        "entityTypeId": entity_type_id,
        "select": ["id", "mycompanyId"],
        "filter": {"@id": list(item_ids)},
    }
    return Command("crm.item.list", params, Kind.READ, _own_companies)


def has_own_company(entity_type_id: int) -> bool:
    """Whether items of this type name an own company: what is sold does, clients and leads do not.

    Fields: object-fields.
    """
    return entity_type_id not in {LEAD, CONTACT, COMPANY}


def tells_closed(entity_type_id: int) -> bool:
    """Whether the documented fields of this type say that an item is closed.

    Invoices and items of smart processes only have stages, whose meaning the portal does not tell.
    """
    return entity_type_id in _CLOSED_FIELD


def email_addresses(item: CrmItem) -> tuple[str, ...]:
    """The e-mail addresses of a lead, contact or company, each once, in the portal's order.

    Page: api-reference/crm/universal/crm-item-get, `fm`.
    """
    rows = [as_map(row) for row in as_list(item.fields.get("fm"))]
    found = [as_text(row.get("value")).strip() for row in rows if row.get("typeId") == "EMAIL"]
    return tuple(dict.fromkeys(address for address in found if address))


def update_item(
    entity_type_id: int, item_id: int, fields: Mapping[str, object]
) -> Command[CrmItem]:
    """Sets the given fields, own ones by their names in capitals (``UF_CRM_…``).

    Unknown names are ignored by the portal: read back.

    Page: api-reference/crm/universal/crm-item-update.
    """
    params = {
        "entityTypeId": entity_type_id,
        "id": item_id,
        "fields": dict(fields),
        "useOriginalUfNames": "Y",
    }
    return Command("crm.item.update", params, Kind.SET, partial(_item, entity_type_id))


def product_rows(entity_type_id: int, item_id: int, start: int = 0) -> Command[Page[ProductRow]]:
    """The product rows of an item in their order, 50 a page.

    Page: api-reference/crm/universal/product-rows/crm-item-productrow-list.
    """
    params = {
        "filter": {"=ownerType": short_code(entity_type_id), "=ownerId": item_id},
        "order": {"sort": "asc", "id": "asc"},
        "start": start,
    }
    return Command("crm.item.productrow.list", params, Kind.READ, _rows)


def short_code(entity_type_id: int) -> str:
    """The short code of an item type: ``D`` for deals, ``T80`` for smart process 128.

    Page: api-reference/crm/data-types, object types.
    """
    if entity_type_id in _SHORT_CODE:
        return _SHORT_CODE[entity_type_id]
    if entity_type_id >= _FIRST_SMART_PROCESS:
        return f"T{entity_type_id:x}"
    raise ValueError("no such type of CRM item")


def type_of_placement(code: str) -> int | None:
    """The type of the items at which a placement stands; None for places of another kind.

    ``CRM_LEAD_DETAIL_TAB`` is at leads, ``CRM_DYNAMIC_183_LIST_MENU`` at items of smart process
    183. Page: api-reference/widgets/crm, the pages of the single placements.
    """
    found = _PLACEMENT.fullmatch(code)
    if found is None:
        return None
    return int(found[2]) if found[2] else _TYPE_IN_PLACEMENT.get(found[1])


def _item(entity_type_id: int, answer: Answer) -> CrmItem:
    row = as_map(as_map(answer.result)["item"])
    return CrmItem(
        id=as_key(row["id"]),
        entity_type_id=entity_type_id,
        title=as_text(row.get("title")) or _full_name(row),
        category_id=as_id(row.get("categoryId")) or 0,
        stage_id=as_text(row.get("stageId")),
        opportunity=as_money_or_none(row.get("opportunity")),
        currency_id=as_text(row.get("currencyId")),
        company_id=as_id(row.get("companyId")),
        contact_id=as_id(row.get("contactId")),
        contact_ids=tuple(as_key(one) for one in as_list(row.get("contactIds"))),
        my_company_id=as_id(row.get("mycompanyId")),
        assigned_by_id=as_id(row.get("assignedById")),
        updated_time=as_moment_or_none(row.get("updatedTime")),
        links=tuple(dict.fromkeys(_links(row))),
        fields=row,
    )


def _closed_items(entity_type_id: int, answer: Answer) -> dict[int, bool]:
    rows = [as_map(row) for row in as_list(as_map(answer.result)["items"])]
    return {as_key(row["id"]): is_closed(entity_type_id, row) for row in rows}


def _titles(answer: Answer) -> dict[int, str]:
    rows = [as_map(row) for row in as_list(as_map(answer.result)["items"])]
    return {as_key(row["id"]): as_text(row.get("title")) for row in rows}


def _own_companies(answer: Answer) -> dict[int, int | None]:
    rows = [as_map(row) for row in as_list(as_map(answer.result)["items"])]
    return {as_key(row["id"]): as_id(row.get("mycompanyId")) for row in rows}


def is_closed(entity_type_id: int, fields: Mapping[str, Any]) -> bool:
    """Whether an item with these fields is closed; False for types that do not tell."""
    name = _CLOSED_FIELD.get(entity_type_id, "")
    if name == "stageSemanticId":
        return as_text(fields.get(name)) in {"S", "F"}
    return bool(name) and as_bool(fields.get(name))


def _full_name(row: Mapping[str, Any]) -> str:
    """Of a contact, which has no title."""
    return " ".join(filter(None, (as_text(row.get("name")), as_text(row.get("lastName")))))


def _links(row: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Client, then what the item was made of; smart processes and invoices say ``parentId2``."""
    for key, value in row.items():
        parent = _PARENT.fullmatch(key)
        entity_type_id = int(parent[1]) if parent else _LINKS.get(key)
        if entity_type_id is None:
            continue
        for one in as_list(value) if key == "contactIds" else (value,):
            item_id = as_id(one)
            if item_id:
                yield entity_type_id, item_id


def _rows(answer: Answer) -> Page[ProductRow]:
    return page_of(answer, as_map(answer.result)["productRows"], _row)


def _row(value: object) -> ProductRow:
    row = as_map(value)
    return ProductRow(
        id=as_key(row["id"]),
        product_id=as_id(row.get("productId")),
        product_name=as_text(row.get("productName")),
        price=as_money(row["price"]),
        quantity=as_money(row["quantity"]),
        discount_rate=as_money_or_none(row.get("discountRate")),
        discount_sum=as_money_or_none(row.get("discountSum")),
        tax_rate=as_money_or_none(row.get("taxRate")),
        tax_included=as_bool(row.get("taxIncluded")),
        measure_name=as_text(row.get("measureName")),
        sort=as_id(row.get("sort")) or 0,
        price_exclusive=as_money_or_none(row.get("priceExclusive")),
    )
