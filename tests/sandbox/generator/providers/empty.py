"""Fields a portal knows and the sandbox never fills: it keeps nothing they could hold."""

from __future__ import annotations

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.world import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE

EMPTY: dict[int, list[tuple[str, str, str]]] = {
    DEAL: [
        ("EVENT", "Event", "Deal"),
        ("LEAD.ID", "ID", "Lead"),
        ("LEAD.TITLE", "Lead name", "Lead"),
        ("LEAD.SOURCE", "Source", "Lead"),
        ("LEAD.COMMENTS", "Comment", "Lead"),
    ],
    LEAD: [("IMOL", "Messenger", "Lead")],
    CONTACT: [("IMOL", "Messenger", "Contact"), ("PHOTO", "Photo", "Contact")],
    COMPANY: [("IMOL", "Messenger", "Company"), ("REVENUE", "Annual revenue", "Company")],
    QUOTE: [("LOCATION_ID", "Location ID", "Quote")],
    SMART_INVOICE: [("PREVIOUS_STAGE", "Previous stage", "Invoice")],
}
"""Entity type to (path, title, group)."""
EMPTY_LISTS = [
    ("PAYMENTS.PAYMENT.ACCOUNT_NUMBER", "Payment number", "Payments"),
    ("PAYMENTS.PAYMENT.SUM", "Payment amount", "Payments"),
    ("SHIPMENTS.SHIPMENT.ACCOUNT_NUMBER", "Shipment number", "Shipments"),
]
"""Columns of lists without rows: a table row with one of them goes away."""


def fields(entity_type_id: int) -> list[Field]:
    """Known, described, and without a value."""
    found = [Field(path, title, (ROOT, group)) for path, title, group in EMPTY[entity_type_id]]
    if entity_type_id in (CONTACT, COMPANY):
        return found
    columns = [
        Field(path, title, (ROOT, group), rows=[], options={"isArray": True})
        for path, title, group in EMPTY_LISTS
    ]
    return [*found, *columns]
