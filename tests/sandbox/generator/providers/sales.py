"""Fields of leads, quotes and smart invoices."""

from __future__ import annotations

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.locale import CURRENCY_NAMES, number
from tests.sandbox.generator.providers import deal
from tests.sandbox.generator.providers.basics import (
    ORIGINS,
    Group,
    address_field,
    contact_ways,
    date_field,
    money_field,
    name_field,
    name_parts,
    plain_fields,
    text,
    user_fields,
)
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.values import DATE, DATE_TIME, TEXT
from tests.sandbox.world import LEAD, QUOTE, SMART_INVOICE, SaleItem

LEAD_GROUP, QUOTE_GROUP, INVOICE_GROUP = (ROOT, "Lead"), (ROOT, "Quote"), (ROOT, "Invoice")


def lead(sources: Sources, one: SaleItem | None, path: str = "") -> list[Field]:
    """A lead's fields. Its amount is a bare number: leads do not call it money."""
    plain = [
        ("ID", "ID", one and one.id),
        ("TITLE", "Lead name", one and one.title),
        ("STATUS", "Status", one and _stage(sources, LEAD, one)),
        ("SOURCE", "Source", one and ORIGINS.get(one.source_id)),
        ("HONORIFIC", "Salutation", one and one.honorific),
        ("NAME", "First name", one and one.name),
        ("SECOND_NAME", "Second name", one and one.second_name),
        ("LAST_NAME", "Last name", one and one.last_name),
        ("POST", "Position", one and one.post),
        ("COMPANY_NAME", "Company Name", one and one.company_title),
        ("OPPORTUNITY", "Total", one and number(one.opportunity)),
        ("CURRENCY_NAME", "Currency", one and CURRENCY_NAMES.get(one.currency_id)),
        ("COMMENTS", "Comment", one and one.comments),
    ]
    parts = name_parts(one)
    phones, email, web = ([one.phone], one.email, one.web) if one else ([], "", "")
    address, born = (one.address, one.birthdate) if one else (None, None)
    return [
        *plain_fields(LEAD_GROUP, ((path + key, title, value) for key, title, value in plain)),
        name_field(f"{path}FULL_NAME", "Full name", LEAD_GROUP, parts, "#NAME# #LAST_NAME#"),
        *contact_ways(path, LEAD_GROUP, phones, email, web),
        address_field(sources, f"{path}ADDRESS", "Address", LEAD_GROUP, address),
        *_moments(sources, one, LEAD_GROUP, path, DATE),
        date_field(sources, f"{path}BIRTHDATE", "Date of birth", LEAD_GROUP, born),
        *([] if path else user_fields(sources, one, LEAD_GROUP)),
    ]


def quote(sources: Sources, one: SaleItem | None) -> list[Field]:
    """A quote's fields, then those of its deal and its lead."""
    begin, close = (one.begin_date, one.close_date) if one else (None, None)
    long = [
        ("CONTENT", "Contents", one and one.content),
        ("TERMS", "Conditions", one and one.terms),
        ("COMMENTS", "Comment", one and one.comments),
    ]
    plain = [
        ("ID", "ID", one and one.id),
        ("TITLE", "Title", one and one.title),
        ("QUOTE_NUMBER", "Number", one and one.number),
        ("STATUS", "Status", one and _stage(sources, QUOTE, one)),
        ("CURRENCY_ID", "Currency ID", one and one.currency_id),
        ("CURRENCY_NAME", "Currency", one and CURRENCY_NAMES.get(one.currency_id)),
    ]
    amount = one.opportunity if one else None
    parent = sources.portal.deals.get(one.deal_id or 0) if one else None
    origin = sources.portal.sale_items.get(LEAD, {}).get(one.lead_id or 0) if one else None
    return [
        *plain_fields(QUOTE_GROUP, plain),
        *(Field(path, title, QUOTE_GROUP, text(value), type=TEXT) for path, title, value in long),
        money_field(sources, "OPPORTUNITY", "Amount", QUOTE_GROUP, amount),
        date_field(sources, "BEGINDATE", "Quote date", QUOTE_GROUP, begin, DATE_TIME),
        date_field(sources, "CLOSEDATE", "Expiration date", QUOTE_GROUP, close, DATE_TIME),
        *_moments(sources, one, QUOTE_GROUP, "", DATE_TIME),
        *user_fields(sources, one, QUOTE_GROUP),
        *deal.fields(sources, parent, "DEAL."),
        *lead(sources, origin, "LEAD."),
    ]


def invoice(sources: Sources, one: SaleItem | None) -> list[Field]:
    """A smart invoice's fields; two dates have a second name from invoices of the old kind."""
    begin, close = (one.begin_date, one.close_date) if one else (None, None)
    dates = [
        ("BEGINDATE", "Invoice date", begin, ""),
        ("CLOSEDATE", "Pay before", close, ""),
        ("DATE_BILL", "Invoice date", begin, "BEGINDATE"),
        ("DATE_PAY_BEFORE", "Pay before", close, "CLOSEDATE"),
        ("CREATED_TIME", "Created on", one.created_time if one else None, ""),
        ("UPDATED_TIME", "Modified on", one.updated_time if one else None, ""),
    ]
    plain = [
        ("ID", "ID", one and one.id),
        ("TITLE", "Topic", one and (one.title or f"Invoice #{one.id}")),
        ("ACCOUNT_NUMBER", "Number", one and one.number),
        ("STAGE", "Stage", one and _stage(sources, SMART_INVOICE, one)),
        ("SOURCE", "Source", one and ORIGINS.get(one.source_id)),
        ("CURRENCY_NAME", "Currency", one and CURRENCY_NAMES.get(one.currency_id)),
        ("COMMENTS", "Comment", one and one.comments),
    ]
    amount = one.opportunity if one else None
    found = [
        *plain_fields(INVOICE_GROUP, plain),
        money_field(sources, "OPPORTUNITY", "Total", INVOICE_GROUP, amount),
    ]
    for path, title, value, copied in dates:
        field = date_field(sources, path, title, INVOICE_GROUP, value)
        field.options = {"copy": copied} if copied else {}
        found.append(field)
    return [*found, *user_fields(sources, one, INVOICE_GROUP)]


def _stage(sources: Sources, kind: int, one: SaleItem) -> str | None:
    return sources.portal.stages.get(kind, {}).get(one.stage_id)


def _moments(
    sources: Sources, one: SaleItem | None, group: Group, path: str, kind: str
) -> list[Field]:
    known = [
        ("DATE_CREATE", "Created on", one.created_time if one else None),
        ("DATE_MODIFY", "Modified on", one.updated_time if one else None),
    ]
    return [
        date_field(sources, path + key, title, group, value, kind) for key, title, value in known
    ]
