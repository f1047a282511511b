"""`crm.deal.get` and `crm.deal.list`, the older way: upper-case names, every number a text.

https://apidocs.bitrix24.com/api-reference/crm/deals/crm-deal-get.html and
https://apidocs.bitrix24.com/api-reference/crm/deals/crm-deal-list.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.crm_fields import user_fields
from tests.sandbox.rest.crm_objects import deal_item
from tests.sandbox.rest.errors import RestError
from tests.sandbox.rest.lists import matches, ordered, paged, split_prefix
from tests.sandbox.world import DEAL, Deal, Portal

FIELDS = {
    "ID": "id",
    "TITLE": "title",
    "TYPE_ID": "typeId",
    "STAGE_ID": "stageId",
    "PROBABILITY": "probability",
    "CURRENCY_ID": "currencyId",
    "OPPORTUNITY": "opportunity",
    "IS_MANUAL_OPPORTUNITY": "isManualOpportunity",
    "TAX_VALUE": "taxValue",
    "LEAD_ID": "leadId",
    "COMPANY_ID": "companyId",
    "CONTACT_ID": "contactId",
    "QUOTE_ID": "quoteId",
    "BEGINDATE": "begindate",
    "CLOSEDATE": "closedate",
    "ASSIGNED_BY_ID": "assignedById",
    "CREATED_BY_ID": "createdBy",
    "MODIFY_BY_ID": "updatedBy",
    "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
    "OPENED": "opened",
    "CLOSED": "closed",
    "COMMENTS": "comments",
    "ADDITIONAL_INFO": "additionalInfo",
    "LOCATION_ID": "locationId",
    "CATEGORY_ID": "categoryId",
    "STAGE_SEMANTIC_ID": "stageSemanticId",
    "IS_NEW": "isNew",
    "IS_RECURRING": "isRecurring",
    "IS_RETURN_CUSTOMER": "isReturnCustomer",
    "IS_REPEATED_APPROACH": "isRepeatedApproach",
    "SOURCE_ID": "sourceId",
    "SOURCE_DESCRIPTION": "sourceDescription",
    "ORIGINATOR_ID": "originatorId",
    "ORIGIN_ID": "originId",
    "MOVED_BY_ID": "movedBy",
    "MOVED_TIME": "movedTime",
    "LAST_ACTIVITY_TIME": "lastActivityTime",
    "UTM_SOURCE": "utmSource",
    "UTM_MEDIUM": "utmMedium",
    "UTM_CAMPAIGN": "utmCampaign",
    "UTM_CONTENT": "utmContent",
    "UTM_TERM": "utmTerm",
    "LAST_ACTIVITY_BY": "lastActivityBy",
}
"""Name here to the name in crm.item, in the order of the documentation."""


def as_text(name: str, value: Any) -> Any:
    """Scalars as texts; empty references are null, amounts have two decimals."""
    if value is None or (name.endswith("_ID") and value == 0 and name != "CATEGORY_ID"):
        return None
    if name in ("OPPORTUNITY", "TAX_VALUE"):
        return f"{value:.2f}"
    return value if isinstance(value, list) else str(value)


def described(deal: Deal, portal: Portal) -> dict[str, Any]:
    item = deal_item(deal, portal, original_names=True)
    shown = {name: as_text(name, item[source]) for name, source in FIELDS.items()}
    return shown | user_fields(deal, portal, original_names=True)


def _readable(call: Call, deal: Deal) -> bool:
    return documents.may_read_entity(call.portal, call.user, DEAL, str(deal.id))


def get(call: Call) -> dict[str, Any]:
    deal_id = call.params.integer("id") or call.params.integer("ID")
    if deal_id <= 0:
        raise RestError("", "ID is not defined or invalid")
    deal = call.portal.deals.get(deal_id)
    if deal is None:
        raise RestError("", "Not found")
    if not _readable(call, deal):
        raise RestError("", "Access denied")
    return described(deal, call.portal)


def _map(call: Call, name: str) -> dict[str, Any]:
    """`filter` or `order`, in either case.

    Raises:
        RestError: with an empty code, a scalar was sent.
    """
    sent = call.params.get(name, call.params.get(name.upper()))
    if sent in (None, "", []):
        return {}
    if not isinstance(sent, dict):
        raise RestError("", f"Parameter '{name}' must be array.")
    return sent


def deal_list(call: Call) -> Answer:
    """Only deals the user may read; names it does not know are left out of filter and order."""
    if not rights.may_read_type(call.user, DEAL):
        raise RestError("", "Access denied.")
    conditions, order = _map(call, "filter"), _map(call, "order")
    rows = [
        described(one, call.portal) for one in call.portal.deals.values() if _readable(call, one)
    ]
    known = {name for row in rows for name in row}
    conditions = {key: value for key, value in conditions.items() if split_prefix(key)[1] in known}
    order = {name: direction for name, direction in order.items() if name in known}
    found = ordered([row for row in rows if matches(row, conditions)], order or {"ID": "ASC"})
    selected = call.params.items_of("select", call.params.items_of("SELECT", ["*", "UF_*"]))
    shown = [{name: row[name] for name in row if _selected(name, selected)} for row in found]
    return paged(shown, call.params.integer("start"), lambda page: page)


def _selected(name: str, selected: list[str]) -> bool:
    mask = "UF_*" if name.startswith("UF_") else "*"
    return name == "ID" or name in selected or mask in selected


METHODS = [
    Method("crm.deal.get", get, ("crm",)),
    Method("crm.deal.list", deal_list, ("crm",)),
]
