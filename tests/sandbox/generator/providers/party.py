"""Fields of companies, contacts and their details: the client's and our own."""

from __future__ import annotations

from tests.sandbox.generator.field import ROOT, Field
from tests.sandbox.generator.providers.basics import (
    ORIGINS,
    Group,
    address_field,
    contact_ways,
    date_field,
    name_field,
    name_parts,
    person,
    plain_fields,
)
from tests.sandbox.generator.providers.pictures import own_pictures
from tests.sandbox.generator.sources import TITLES, Sources
from tests.sandbox.world import BankDetail, Company, Contact, Requisite

CONTACT_GROUP, COMPANY_GROUP = (ROOT, TITLES["CONTACT"]), (ROOT, TITLES["COMPANY"])
WHOLE_NAME = "#TITLE# #NAME# #SECOND_NAME# #LAST_NAME#"
CONTACT_NAMES = [
    ("NAME", "First name", "#NAME#"),
    ("LAST_NAME", "Last name", "#LAST_NAME#"),
    ("SECOND_NAME", "Second name", "#SECOND_NAME#"),
]


def fields(sources: Sources) -> list[Field]:
    """The client's fields, then those of our own company."""
    own = (ROOT, TITLES["MY_COMPANY"])
    own_details = (*own, TITLES["MY_COMPANY.REQUISITE"])
    own_bank = (*own, TITLES["MY_COMPANY.BANK_DETAIL"])
    company = sources.my_company
    responsible = sources.portal.users.get(company.assigned_by_id) if company else None
    nested = [] if sources.of_client else _nested(sources)
    return [
        *nested,
        *_requisite(sources, sources.requisite, "REQUISITE", (ROOT, TITLES["REQUISITE"])),
        *_bank_detail(sources.bank_detail, "BANK_DETAIL", (ROOT, TITLES["BANK_DETAIL"])),
        *company_fields(sources, company, "MY_COMPANY.", own),
        *own_pictures(sources.portal, company, own),
        *_requisite(sources, sources.my_requisite, "MY_COMPANY.REQUISITE", own_details),
        *_bank_detail(sources.my_bank_detail, "MY_COMPANY.BANK_DETAIL", own_bank),
        *person(sources, responsible, "MY_COMPANY.ASSIGNED", own),
    ]


def client_fields(sources: Sources, group: Group) -> list[Field]:
    """Who the client is, in the object's own group.

    The name is that of the client's first details, else of the company, else of the contact; the
    ways to reach him are the company's, else the contact's, else those of a lead itself.
    """
    company, contact, lead = sources.company, sources.contact, sources.item
    reached = company or contact or lead
    phones = [reached.phone, *getattr(reached, "other_phones", [])] if reached else []
    web = company.web if company else (lead.web if lead and not contact else "")
    titles = ("Phone", "Email", "Site")
    return [
        *plain_fields(group, [("CLIENT_NAME", "Client", _client_name(company, contact))]),
        *contact_ways("CLIENT_", group, phones, reached.email if reached else "", web, titles),
    ]


def _client_name(company: Company | None, contact: Contact | None) -> str:
    client = company or contact
    if client is None:
        return ""
    named = client.requisites[0].company_name if client.requisites else ""
    if isinstance(client, Company):
        return named or client.title
    return named or f"{client.name} {client.last_name}"


def _nested(sources: Sources) -> list[Field]:
    """Company and contact of a deal, and the list of all its contacts."""
    return [
        *company_fields(sources, sources.company, "COMPANY.", COMPANY_GROUP),
        *contact_fields(sources, sources.contact, "CONTACT.", CONTACT_GROUP),
    ]


def company_fields(
    sources: Sources, company: Company | None, path: str, group: Group
) -> list[Field]:
    """A company's fields below `path` ("COMPANY."), or at the top for a company's document."""
    plain = [
        ("ID", "ID", company and company.id),
        ("TITLE", "Company name", company and company.title),
        ("TYPE", "Company type", company and company.type),
        ("INDUSTRY_TYPE", "Industry", company and company.industry),
        ("EMPLOYEES_NUM", "Employees", company and company.employees),
    ]
    requisite = company.requisites[0] if company and company.requisites else None
    legal = requisite.registered_address if requisite else None
    phones = [company.phone, *company.other_phones] if company else []
    email, web = (company.email, company.web) if company else ("", "")
    return [
        *plain_fields(group, ((path + key, title, value) for key, title, value in plain)),
        *contact_ways(path, group, phones, email, web),
        address_field(
            sources, f"{path}ADDRESS", "Address", group, company.address if company else None
        ),
        address_field(sources, f"{path}ADDRESS_LEGAL", "Legal address", group, legal),
    ]


def contact_fields(
    sources: Sources, contact: Contact | None, path: str, group: Group
) -> list[Field]:
    """A contact's fields below `path` ("CONTACT."), or at the top for a contact's document."""
    parts = name_parts(contact)
    plain = [
        ("ID", "ID", contact and contact.id),
        ("HONORIFIC_NAME", "Salutation", contact and contact.honorific),
        ("POST", "Position", contact and contact.post),
        ("TYPE", "Contact type", contact and contact.type),
        ("SOURCE", "Source", contact and ORIGINS.get(contact.source_id)),
        ("COMMENTS", "Comment", contact and contact.comments),
    ]
    phones = [contact.phone, *contact.other_phones] if contact else []
    address = contact.address if contact else None
    born = contact.birthdate if contact else None
    whole = sources.locale.own_name_pattern or WHOLE_NAME
    return [
        name_field(f"{path}FORMATTED_NAME", "Full name", group, parts, whole),
        *(name_field(path + key, title, group, parts, form) for key, title, form in CONTACT_NAMES),
        *plain_fields(group, ((path + key, title, value) for key, title, value in plain)),
        *contact_ways(path, group, phones, contact.email if contact else ""),
        address_field(sources, f"{path}ADDRESS", "Address", group, address),
        date_field(sources, f"{path}BIRTHDATE", "Date of birth", group, born),
    ]


def _requisite(sources: Sources, one: Requisite | None, path: str, group: Group) -> list[Field]:
    plain = [
        ("RQ_COMPANY_NAME", "Company name (short)", one and one.company_name),
        ("RQ_COMPANY_FULL_NAME", "Full company name", one and one.company_full_name),
        ("RQ_VAT_ID", "VAT ID", one and one.vat_id),
        ("RQ_INN", "INN", one and one.inn),
        ("RQ_KPP", "KPP", one and one.kpp),
        ("RQ_OGRN", "OGRN", one and one.ogrn),
    ]
    people = [
        ("RQ_DIRECTOR", "Director", one.director if one else ""),
        ("RQ_ACCOUNTANT", "Accountant", one.accountant if one else ""),
    ]
    registered = one.registered_address if one else None
    delivery = one.delivery_address if one else None
    addresses = [
        ("REGISTERED_ADDRESS_TEXT", "Full address (registered)", registered, "Legal address"),
        ("PRIMARY_ADDRESS_TEXT", "Full address (actual)", registered, "Street address"),
        ("DELIVERY_ADDRESS_TEXT", "Full address (delivery)", delivery, "Delivery address"),
    ]
    return [
        *plain_fields(group, ((f"{path}.{key}", title, value) for key, title, value in plain)),
        *(
            name_field(f"{path}.{key}", title, group, {"NAME": value}, "#NAME#")
            for key, title, value in people
        ),
        *(
            address_field(sources, f"{path}.{key}", title, group, value, kind)
            for key, title, value, kind in addresses
        ),
    ]


def _bank_detail(one: BankDetail | None, path: str, group: Group) -> list[Field]:
    plain = [
        ("RQ_BANK_NAME", "Bank name", one and one.bank_name),
        ("RQ_ACC_NUM", "Account", one and one.account),
        ("RQ_IBAN", "IBAN", one and one.iban),
        ("RQ_SWIFT", "SWIFT", one and one.swift),
        ("RQ_BIK", "BIC", one and one.bik),
        ("RQ_COR_ACC_NUM", "Correspondent account", one and one.corr_account),
    ]
    return plain_fields(group, ((f"{path}.{key}", title, value) for key, title, value in plain))
