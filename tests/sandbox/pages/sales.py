"""Leads and smart invoices: their lists and cards."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from werkzeug.wrappers import Response

from tests.sandbox.pages import card
from tests.sandbox.pages.card_parts import client, fact, panel_link, timeline
from tests.sandbox.pages.deal_changes import move
from tests.sandbox.pages.formats import day, money
from tests.sandbox.pages.item_list import item_list
from tests.sandbox.pages.kinds import KINDS, kind_of, stages_of
from tests.sandbox.pages.layout import refused
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import LEAD, SMART_INVOICE, SaleItem


def leads(visit: Visit) -> Response:
    found = visit.portal.sale_items.get(LEAD, {})
    return item_list(visit, KINDS[LEAD], "Leads", ("Name",), found.values(), _who)


def invoices(visit: Visit) -> Response:
    found = visit.portal.sale_items.get(SMART_INVOICE, {})
    heads = ("Number", "Payment deadline")
    return item_list(visit, KINDS[SMART_INVOICE], "Invoices", heads, found.values(), _bill)


def _who(lead: SaleItem) -> list[str]:
    return [_full_name(lead)]


def _bill(invoice: SaleItem) -> list[str]:
    return [invoice.number, day(invoice.close_date)]


def show(kind: int, visit: Visit, item_id: int) -> Response:
    item = visit.portal.sale_items.get(kind, {}).get(item_id)
    name = KINDS[kind].name
    if item is None:
        return refused(visit, f"{name.capitalize()} not found", "It may have been deleted.", 404)
    if not visit.may_read(item):
        return refused(visit, "Access denied", f"You do not have the right to see this {name}.")
    facts = LEAD_FACTS if kind == LEAD else INVOICE_FACTS
    general = fill(
        "sale_general",
        kind=name,
        about=_about(visit, item),
        client=facts(visit, item),
        more=_more(visit, item),
        timeline=timeline(visit, item),
    )
    return card.show(visit, item, f"{name.capitalize()}s", general)


def save(kind: int, visit: Visit, item_id: int) -> Response:
    """Only the stage changes here."""
    item = visit.portal.sale_items.get(kind, {}).get(item_id)
    if item is None or not visit.may_read(item) or "stage_id" not in visit.request.form:
        return refused(visit, "Access denied", "You do not have the right to change this.")
    return move(visit, item)


def _about(visit: Visit, item: SaleItem) -> Markup:
    stage = stages_of(visit, item).get(item.stage_id, item.stage_id)
    amount = Markup('<b class="amount">{}</b>').format(money(item.opportunity, item.currency_id))
    facts = [
        fact("Amount", amount),
        fact("Stage", stage),
        fact("Responsible", visit.portal.users[item.assigned_by_id].full_name),
    ]
    if kind_of(item).entity_type_id == SMART_INVOICE:
        facts += [
            fact("Number", item.number),
            fact("Invoice date", day(item.begin_date)),
            fact("Payment deadline", day(item.close_date)),
        ]
    return joined(facts)


def _of_lead(visit: Visit, item: SaleItem) -> Markup:
    """Who enquires stands in the lead itself, until it becomes a client."""
    own = [
        fact("Name", _full_name(item)),
        fact("Position", item.post),
        fact("Company", item.company_title),
        fact("Phone", item.phone),
        fact("E-mail", item.email),
    ]
    known = item.company_id or item.contact_ids
    return client(visit, item) if known else joined(own)


def _more(visit: Visit, item: SaleItem) -> Markup:
    own = visit.portal.companies.get(item.my_company_id or 0)
    deal = visit.portal.deals.get(item.deal_id or 0)
    facts = [fact("Source", item.source_id), fact("Comment", item.comments)]
    if own:
        facts.append(fact("Own company", own.title))
    if deal and visit.may_read(deal):
        facts.append(fact("Deal", panel_link(f"/crm/deal/details/{deal.id}/", deal.title)))
    return joined(facts)


def _full_name(lead: SaleItem) -> str:
    return " ".join(filter(None, (lead.honorific, lead.name, lead.last_name)))


LEAD_FACTS: Callable[[Visit, SaleItem], Markup] = _of_lead
INVOICE_FACTS: Callable[[Visit, SaleItem], Markup] = client


def _rules(kind: int, items: Callable[[Visit], Response]) -> list[Rule]:
    folder = KINDS[kind].folder
    details = f"{folder}details/<int:item_id>/"

    def shown(visit: Visit, item_id: int) -> Response:
        return show(kind, visit, item_id)

    def saved(visit: Visit, item_id: int) -> Response:
        return save(kind, visit, item_id)

    return [
        Rule(folder, signed_in(items)),
        Rule(f"{folder}list/", signed_in(items)),
        Rule(details, signed_in(shown)),
        Rule(details, signed_in(saved), ("POST",)),
    ]


RULES = [*_rules(LEAD, leads), *_rules(SMART_INVOICE, invoices)]
