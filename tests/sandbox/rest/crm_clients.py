"""Contacts and companies as `crm.item.*` describes them.

https://apidocs.bitrix24.com/api-reference/crm/universal/object-fields.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest.crm_blanks import BLANK
from tests.sandbox.rest.crm_fields import history, moment, multiple, yes_no
from tests.sandbox.world import COMPANY, CONTACT, Company, Contact, Portal

Item = dict[str, Any]


def contact_item(contact: Contact, portal: Portal, original_names: bool = False) -> Item:
    return {
        "id": contact.id,
        **BLANK[CONTACT],
        **history(contact, portal),
        "name": contact.name,
        "lastName": contact.last_name,
        "secondName": contact.second_name or None,
        "honorific": contact.honorific or None,
        "birthdate": moment(contact.birthdate, portal),
        "post": contact.post or None,
        "typeId": contact.type or "",
        "sourceId": contact.source_id or "",
        "comments": contact.comments,
        "companyId": contact.company_id or 0,
        "companyIds": [contact.company_id] if contact.company_id else [],
        **multiple(contact.phone, contact.email),
        "searchContent": f"{contact.id} {contact.last_name} {contact.name}",
        **contact.more,
        "entityTypeId": CONTACT,
    }


def company_item(company: Company, portal: Portal, original_names: bool = False) -> Item:
    contacts = [one.id for one in portal.contacts.values() if one.company_id == company.id]
    return {
        "id": company.id,
        **BLANK[COMPANY],
        **history(company, portal),
        "title": company.title,
        "typeId": "",
        "comments": "",
        "isMyCompany": yes_no(company.is_my_company),
        "contactIds": contacts,
        **multiple(company.phone, company.email, company.web),
        **{
            name: _picture(portal, path)
            for name, path in (
                ("ufLogo", company.logo),
                ("ufStamp", company.stamp),
                ("ufDirectorSign", company.director_sign),
                ("ufAccountantSign", company.accountant_sign),
            )
        },
        "searchContent": f"{company.id} {company.title}",
        **company.more,
        "entityTypeId": COMPANY,
    }


def _picture(portal: Portal, path: str) -> Item | None:
    """A file field: id and two addresses. The sandbox's pictures are open to all."""
    if not path:
        return None
    address = f"{portal.origin}{path}"
    file_id = list(portal.pictures).index(path) + 1 if path in portal.pictures else 0
    return {"id": file_id, "url": address, "urlMachine": address}
