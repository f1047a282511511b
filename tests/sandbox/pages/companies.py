"""Companies: list, card, changing phone and address."""

from __future__ import annotations

from dataclasses import replace

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tests.sandbox.pages.card_parts import fact
from tests.sandbox.pages.client_card import client_card, client_list, not_shown, saved
from tests.sandbox.pages.formats import address
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import Address, Company

NOWHERE = Address("", "", "", "")


def companies(visit: Visit) -> Response:
    rows = (
        (f"/crm/company/details/{one.id}/", [one.title, one.phone, address(one.address)])
        for one in visit.portal.companies.values()
    )
    return client_list(visit, "Companies", ("Company", "Phone", "Address"), rows)


def card(visit: Visit, company_id: int) -> Response:
    company = _found(visit, company_id)
    if company is None:
        return not_shown(visit, exists=company_id in visit.portal.companies)
    facts = [
        fact("Phone", company.phone),
        fact("E-mail", company.email),
        fact("Web", company.web),
        fact("Address", address(company.address)),
    ]
    place = company.address or NOWHERE
    inputs = [
        ("phone", "Phone", company.phone),
        ("email", "E-mail", company.email),
        ("street", "Street", place.street),
        ("postal_code", "Postal code", place.postal_code),
        ("city", "City", place.city),
        ("country", "Country", place.country),
    ]
    kind = "Own company" if company.is_my_company else "Company"
    return client_card(visit, kind, company.title, facts, inputs, company.requisites)


def save(visit: Visit, company_id: int) -> Response:
    """The address becomes that of the requisites too, which is what documents print."""
    company = _found(visit, company_id)
    if company is None:
        return not_shown(visit, exists=company_id in visit.portal.companies)
    form = visit.request.form
    company.phone = form.get("phone", company.phone).strip()
    company.email = form.get("email", company.email).strip()
    company.address = _changed(company.address, form)
    for requisite in company.requisites:
        requisite.registered_address = _changed(requisite.registered_address, form)
    return saved(visit, "ONCRMCOMPANYUPDATE", company.id)


def _found(visit: Visit, company_id: int) -> Company | None:
    return visit.portal.companies.get(company_id) if visit.user.reads_clients else None


def _changed(old: Address | None, form: MultiDict[str, str]) -> Address:
    given = {
        name: form[name].strip()
        for name in ("street", "postal_code", "city", "country")
        if name in form
    }
    return replace(old or NOWHERE, **given)


RULES = [
    Rule("/crm/company/", signed_in(companies)),
    Rule("/crm/company/details/<int:company_id>/", signed_in(card)),
    Rule("/crm/company/details/<int:company_id>/", signed_in(save), ("POST",)),
]
