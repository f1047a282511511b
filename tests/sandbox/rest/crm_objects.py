"""CRM objects as `crm.item.*` describes them: every documented field, type by type.

https://apidocs.bitrix24.com/api-reference/crm/universal/object-fields.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sandbox.rest.crm_blanks import BLANK
from tests.sandbox.rest.crm_clients import company_item, contact_item
from tests.sandbox.rest.crm_fields import (
    client_ids,
    history,
    moment,
    multiple,
    number,
    stage_semantics,
    user_fields,
    yes_no,
)
from tests.sandbox.world import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    QUOTE,
    SMART_INVOICE,
    Deal,
    Portal,
    SaleItem,
)

Item = dict[str, Any]


def _amount(record: Deal | SaleItem) -> Item:
    return {
        "opportunity": number(record.opportunity),
        "isManualOpportunity": yes_no(record.is_manual_opportunity),
        "currencyId": record.currency_id,
    }


def _days(record: Deal | SaleItem, portal: Portal) -> Item:
    return {
        "begindate": moment(record.begin_date, portal),
        "closedate": moment(record.close_date, portal),
    }


def deal_item(deal: Deal, portal: Portal, original_names: bool = False) -> Item:
    """A deal. The own company's field is really spelt `mycompanyId`."""
    semantics = stage_semantics(deal.stage_id)
    return {
        "id": deal.id,
        **BLANK[DEAL],
        **history(deal, portal),
        **client_ids(deal),
        "title": deal.title,
        "categoryId": deal.category_id,
        "stageId": deal.stage_id,
        "stageSemanticId": semantics,
        "isNew": yes_no(deal.stage_id.endswith("NEW")),
        "closed": yes_no(semantics != "P"),
        "typeId": deal.type_id,
        **_amount(deal),
        "probability": deal.probability,
        "comments": deal.comments,
        **_days(deal, portal),
        "mycompanyId": deal.my_company_id or 0,
        "sourceId": deal.source_id,
        "searchContent": f"{deal.id} {deal.title}",
        **deal.more,
        **user_fields(deal, portal, original_names),
        "entityTypeId": DEAL,
    }


def lead_item(lead: SaleItem, portal: Portal, original_names: bool = False) -> Item:
    return {
        "id": lead.id,
        **BLANK[LEAD],
        **history(lead, portal),
        **client_ids(lead),
        "title": lead.title,
        "stageId": lead.stage_id,
        "stageSemanticId": {"CONVERTED": "S", "JUNK": "F"}.get(lead.stage_id, "P"),
        **_amount(lead),
        "sourceId": lead.source_id,
        "name": lead.name or None,
        "lastName": lead.last_name or None,
        "secondName": lead.second_name or None,
        "honorific": lead.honorific or None,
        "birthdate": moment(lead.birthdate, portal),
        "post": lead.post or None,
        "companyTitle": lead.company_title or None,
        "comments": lead.comments,
        **multiple(lead.phone, lead.email, lead.web),
        "searchContent": f"{lead.id} {lead.title}",
        **lead.more,
        **user_fields(lead, portal, original_names),
        "entityTypeId": LEAD,
    }


def quote_item(quote: SaleItem, portal: Portal, original_names: bool = False) -> Item:
    """The portal really spells the stage of a refused quote DECLAINED."""
    return {
        "id": quote.id,
        **BLANK[QUOTE],
        **history(quote, portal),
        **client_ids(quote),
        "title": quote.title,
        "stageId": quote.stage_id,
        "closed": yes_no(quote.stage_id in ("APPROVED", "DECLAINED")),
        "leadId": quote.lead_id,
        "dealId": quote.deal_id,
        "mycompanyId": quote.my_company_id or 0,
        **_amount(quote),
        **_days(quote, portal),
        "quoteNumber": quote.number,
        "content": quote.content,
        "terms": quote.terms,
        "comments": quote.comments,
        "searchContent": f"{quote.id} {quote.title}",
        **quote.more,
        **user_fields(quote, portal, original_names),
        "entityTypeId": QUOTE,
    }


def invoice_item(invoice: SaleItem, portal: Portal, original_names: bool = False) -> Item:
    return {
        "id": invoice.id,
        **BLANK[SMART_INVOICE],
        **history(invoice, portal),
        **client_ids(invoice),
        "title": invoice.title,
        "categoryId": invoice.category_id,
        "stageId": invoice.stage_id,
        "mycompanyId": invoice.my_company_id or 0,
        **_amount(invoice),
        **_days(invoice, portal),
        "sourceId": invoice.source_id or None,
        "comments": invoice.comments,
        "accountNumber": invoice.number,
        "parentId2": invoice.deal_id,
        **invoice.more,
        **user_fields(invoice, portal, original_names),
        "entityTypeId": SMART_INVOICE,
    }


Describe = Callable[[Any, Portal, bool], Item]
DESCRIBE: dict[int, Describe] = {
    LEAD: lead_item,
    DEAL: deal_item,
    CONTACT: contact_item,
    COMPANY: company_item,
    QUOTE: quote_item,
    SMART_INVOICE: invoice_item,
}
"""Type to how its objects are shown."""


def records_of(portal: Portal, entity_type_id: int) -> dict[int, Any]:
    """All objects of a type by id.

    Raises:
        KeyError: the sandbox does not keep objects of this type.
    """
    kept: dict[int, dict[int, Any]] = {
        DEAL: portal.deals,
        CONTACT: portal.contacts,
        COMPANY: portal.companies,
    }
    if entity_type_id in kept:
        return kept[entity_type_id]
    if entity_type_id in DESCRIBE:
        return portal.sale_items.get(entity_type_id, {})
    raise KeyError(entity_type_id)


def item_of(portal: Portal, entity_type_id: int, item_id: int, original: bool) -> Item | None:
    """One object, None where there is none.

    Raises:
        KeyError: the sandbox does not keep objects of this type.
    """
    record = records_of(portal, entity_type_id).get(item_id)
    return None if record is None else DESCRIBE[entity_type_id](record, portal, original)


def items_of(portal: Portal, entity_type_id: int, original: bool) -> dict[int, Item]:
    """All objects of a type by id, described.

    Raises:
        KeyError: the sandbox does not keep objects of this type.
    """
    describe = DESCRIBE[entity_type_id]
    return {
        item_id: describe(record, portal, original)
        for item_id, record in records_of(portal, entity_type_id).items()
    }
