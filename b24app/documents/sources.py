"""Where a field's value comes from: the steps to show, and the card in Bitrix24 to mend it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from b24app.bitrix.crm import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE
from b24app.documents import fields
from b24app.documents.facts import Facts
from b24app.documents.fields import FormField

_CARDS: Final = {
    LEAD: "/crm/lead/details/{id}/",
    DEAL: "/crm/deal/details/{id}/",
    CONTACT: "/crm/contact/details/{id}/",
    COMPANY: "/crm/company/details/{id}/",
    QUOTE: "/crm/type/7/details/{id}/",
    SMART_INVOICE: "/crm/type/31/details/{id}/",
}
_CLIENT: Final = frozenset({"COMPANY", "REQUISITE", "BANK_DETAIL"})
_COMPUTED: Final = frozenset({"DOCUMENT", "PRODUCTS", "TAXES", "PAYMENT_QR_CODE"})
_PLAIN: Final = {
    "TITLE": "title",
    "COMMENTS": "comments",
    "BEGINDATE": "begindate",
    "BEGIN_DATE": "begindate",
    "CLOSEDATE": "closedate",
}
"""Steps of a chain that are plain fields of the item, with their names in crm.item.update."""
_OWN: Final = "UF_CRM_"
AMOUNT: Final = "opportunity"


def card(entity_type_id: int, entity_id: int) -> str:
    """The path of an object's card in the portal."""
    pattern = _CARDS.get(entity_type_id, f"/crm/type/{entity_type_id}/details/{{id}}/")
    return pattern.format(id=entity_id)


def writable(f: FormField) -> str:
    """The name under which crm.item.update takes the value; "" where it is not a plain field.

    Choices, people and computed values have codes behind the text that is printed, so they are
    mended in the card.
    """
    if len(f.chain) != 1 or f.hidden or f.markup or f.control not in {"text", "lines", "date"}:
        return ""
    step = f.chain[0]
    return step if step.startswith(_OWN) else _PLAIN.get(step, "")


def door(f: FormField, facts: Facts, chosen: Mapping[str, str], item: tuple[int, int]) -> str:
    """The card that a field's value comes from; "" where there is none to open.

    `chosen`: the ids of selects by provider path, as they stand in the form. `item`: type and id
    of the object that the document is made for.
    """
    path = fields.path_of(f)
    if not path or f.hidden or f.code.startswith("Document"):
        return ""
    head = path[0]
    if head == "MY_COMPANY":
        own = _id(chosen.get("MY_COMPANY")) or facts.my_company_id
        return card(COMPANY, own) if own else ""
    if head == "CONTACT":
        return _first(facts, CONTACT, _id(chosen.get("CONTACT")))
    if head in _CLIENT or head.startswith("CLIENT_"):
        return _first(facts, COMPANY) or _first(facts, CONTACT, _id(chosen.get("CONTACT")))
    if head in _COMPUTED or head.startswith("TOTAL") or head == "ASSIGNED":
        return ""
    return card(*item) if len(path) == 1 else ""


def _first(facts: Facts, kind: int, wanted: int | None = None) -> str:
    ids = [id_ for linked, id_ in facts.links if linked == kind]
    found = wanted if wanted in ids else next(iter(ids), None)
    return card(kind, found) if found else ""


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
