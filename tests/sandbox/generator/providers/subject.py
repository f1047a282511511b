"""Fields of the object a document is made for, whatever its type."""

from __future__ import annotations

from tests.sandbox.generator.field import Field
from tests.sandbox.generator.providers import deal, empty, lists, party, products, sales
from tests.sandbox.generator.providers.basics import person
from tests.sandbox.generator.sources import Sources
from tests.sandbox.world import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE

GROUPS = {
    DEAL: deal.GROUP,
    LEAD: sales.LEAD_GROUP,
    QUOTE: sales.QUOTE_GROUP,
    SMART_INVOICE: sales.INVOICE_GROUP,
    CONTACT: party.CONTACT_GROUP,
    COMPANY: party.COMPANY_GROUP,
}


def fields(sources: Sources) -> list[Field]:
    """Everything a template of this type may print beside the document's own fields."""
    return [
        *empty.fields(sources.entity_type_id),
        *_own(sources),
        *party.client_fields(sources, GROUPS[sources.entity_type_id]),
        *person(sources, sources.assigned, "ASSIGNED"),
        *party.fields(sources),
        *lists.fields(sources),
        *([] if sources.of_client else products.fields(sources)),
    ]


def _own(sources: Sources) -> list[Field]:
    kind = sources.entity_type_id
    if kind == DEAL:
        return deal.fields(sources, sources.deal)
    if kind == LEAD:
        return sales.lead(sources, sources.item)
    if kind == QUOTE:
        return sales.quote(sources, sources.item)
    if kind == SMART_INVOICE:
        return sales.invoice(sources, sources.item)
    if kind == CONTACT:
        return party.contact_fields(sources, sources.contact, "", party.CONTACT_GROUP)
    return party.company_fields(sources, sources.company, "", party.COMPANY_GROUP)
