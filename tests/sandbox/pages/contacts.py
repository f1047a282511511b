"""Contacts: list, card, changing phone and position."""

from __future__ import annotations

from werkzeug.wrappers import Response

from tests.sandbox.pages.card_parts import fact, panel_link
from tests.sandbox.pages.client_card import client_card, client_list, not_shown, saved
from tests.sandbox.pages.formats import contact_name
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import Contact


def contacts(visit: Visit) -> Response:
    rows = (
        (f"/crm/contact/details/{one.id}/", [contact_name(one), one.phone, one.post])
        for one in visit.portal.contacts.values()
    )
    return client_list(visit, "Contacts", ("Name", "Phone", "Position"), rows)


def card(visit: Visit, contact_id: int) -> Response:
    contact = _found(visit, contact_id)
    if contact is None:
        return not_shown(visit, exists=contact_id in visit.portal.contacts)
    employer = visit.portal.companies.get(contact.company_id or 0)
    link = panel_link(f"/crm/company/details/{employer.id}/", employer.title) if employer else ""
    facts = [
        fact("Company", link),
        fact("Position", contact.post),
        fact("Phone", contact.phone),
        fact("E-mail", contact.email),
    ]
    inputs = [
        ("post", "Position", contact.post),
        ("phone", "Phone", contact.phone),
        ("email", "E-mail", contact.email),
    ]
    name = contact_name(contact)
    return client_card(visit, "Contact", name, facts, inputs, contact.requisites)


def save(visit: Visit, contact_id: int) -> Response:
    contact = _found(visit, contact_id)
    if contact is None:
        return not_shown(visit, exists=contact_id in visit.portal.contacts)
    form = visit.request.form
    contact.post = form.get("post", contact.post).strip()
    contact.phone = form.get("phone", contact.phone).strip()
    contact.email = form.get("email", contact.email).strip()
    return saved(visit, "ONCRMCONTACTUPDATE", contact.id)


def _found(visit: Visit, contact_id: int) -> Contact | None:
    return visit.portal.contacts.get(contact_id) if visit.user.reads_clients else None


RULES = [
    Rule("/crm/contact/", signed_in(contacts)),
    Rule("/crm/contact/details/<int:contact_id>/", signed_in(card)),
    Rule("/crm/contact/details/<int:contact_id>/", signed_in(save), ("POST",)),
]
