"""The e-mail to the client: drafted, read by a person, confirmed word by word, then an errand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.bitrix.client import Batch
from b24app.bitrix.crm import COMPANY, CONTACT, CrmItem, email_addresses, get_item
from b24app.bitrix.errors import Refused
from b24app.bitrix.normalise import as_id, as_list
from b24app.documents import rights
from b24app.documents.errand_work import file_name
from b24app.documents.errors import FieldsWrong, NoSuchErrand
from b24app.models import Errand, FrameSession
from b24app.portals.clients import acting

MOST_CLIENTS = 40
LONGEST_SUBJECT = 250
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Address:
    """An e-mail address of the client. `key` is what the form sends: type, id, address."""

    address: str
    name: str
    entity_type_id: int
    entity_id: int

    @property
    def key(self) -> str:
        return f"{self.entity_type_id}:{self.entity_id}:{self.address}"


@dataclass(frozen=True)
class Draft:
    """What the person reads before it goes. `addresses` is empty where the client has none."""

    addresses: list[Address]
    to: str
    subject: str
    text: str
    attachment: str


def draft(session: FrameSession, errand: Errand, public_url: str = "") -> Draft:
    """A proposal in the person's language. Raises `NoSuchErrand`, `DealForbidden`, `BitrixError`.

    `public_url`: the document's, "" while its link is off.
    """
    _require_askable(errand)
    addresses = _addresses(session, errand)
    title = errand.document.title
    linked = _("You can also open it here: %(address)s") % {"address": public_url}
    lines = [
        _greeting(addresses),
        "",
        _("please find attached: %(title)s.") % {"title": title},
        *([linked] if public_url else []),
        "",
        _("Kind regards"),
        session.person.name,
    ]
    return Draft(
        addresses=addresses,
        to=addresses[0].key if addresses else "",
        subject=title[:LONGEST_SUBJECT],
        text="\n".join(lines).strip(),
        attachment=file_name(title, errand.document.number),
    )


def _greeting(addresses: list[Address]) -> str:
    if addresses and addresses[0].entity_type_id != COMPANY and addresses[0].name:
        return _("Dear %(name)s,") % {"name": addresses[0].name}
    return _("Dear Sir or Madam,")


def text_with_link(session: FrameSession, title: str, address: str) -> str:
    """What a person may paste into a chat or an e-mail of his own."""
    lines = [
        _("Good day,"),
        "",
        _("here is %(title)s:") % {"title": title},
        address,
        "",
        _("Kind regards"),
        session.person.name,
    ]
    return "\n".join(lines).strip()


def confirm(session: FrameSession, errand: Errand, typed: Mapping[str, str]) -> None:
    """The person has read it: it goes when the PDF is ready. Twice is once.

    Recipients are read again: what the page sent may be anything. Raises `FieldsWrong`,
    `DealForbidden`, `BitrixError`.
    """
    if errand.state != Errand.State.ASKED:
        return
    known = {one.key: one for one in _addresses(session, errand)}
    to = known.get(typed.get("to", ""))
    subject = " ".join(typed.get("subject", "").split())
    text = typed.get("text", "").replace("\r\n", "\n").strip()
    problems = _problems(to, subject, text)
    if to is None or problems:
        raise FieldsWrong(problems)
    errand.letter = {
        "to": to.address,
        "entity_type_id": to.entity_type_id,
        "entity_id": to.entity_id,
        "subject": subject,
        "text": text,
    }
    rows = Errand.objects.filter(pk=errand.pk, state=Errand.State.ASKED)
    rows.update(
        state=Errand.State.PLANNED, letter_sealed=errand.letter_sealed, due_at=timezone.now()
    )


def _problems(to: Address | None, subject: str, text: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if to is None:
        problems["to"] = _("Choose one of the client’s addresses.")
    if not subject:
        problems["subject"] = _("Write a subject: Bitrix24 sends no e-mail without one.")
    elif len(subject) > LONGEST_SUBJECT:
        problems["subject"] = _("Shorten it to %(most)d characters.") % {"most": LONGEST_SUBJECT}
    if not text:
        problems["text"] = _("Write a sentence to the client.")
    elif len(text) > LONGEST_TEXT:
        problems["text"] = _("Shorten it to %(most)d characters.") % {"most": LONGEST_TEXT}
    return problems


def _require_askable(errand: Errand) -> None:
    if errand.kind != Errand.Kind.EMAIL or errand.state != Errand.State.ASKED:
        raise NoSuchErrand


def _addresses(session: FrameSession, errand: Errand) -> list[Address]:
    """The client's addresses, as far as this person's own token reads them.

    Of the item itself (a lead has its own), its contacts, its company. Two requests.
    """
    record = errand.document
    client = acting(session)
    about = {"item": get_item(record.entity_type_id, record.entity_id)}
    first = client.batch(about)
    rights.conclude(session, first.failed("item"))
    item: CrmItem = first["item"]
    linked = _linked(item)
    found = _of(item)
    if linked:
        asked = {f"client{n}": get_item(*one) for n, one in enumerate(linked)}
        found += _of_clients(client.batch(asked), asked)
    return found


def _linked(item: CrmItem) -> list[tuple[int, int]]:
    """Contacts and company of an item, the main contact first."""
    fields = item.fields
    contacts = [fields.get("contactId"), *as_list(fields.get("contactIds"))]
    linked = [*((CONTACT, one) for one in contacts), (COMPANY, fields.get("companyId"))]
    ids = [(kind, as_id(one)) for kind, one in linked]
    return [(kind, one) for kind, one in dict.fromkeys(ids) if one][:MOST_CLIENTS]


def _of_clients(batch: Batch, asked: Mapping[str, Any]) -> list[Address]:
    found: list[Address] = []
    for key in asked:
        if isinstance(batch.failed(key), Refused):
            continue  # not for this person's eyes
        found += _of(batch[key])
    return found


def _of(item: CrmItem) -> list[Address]:
    person = f"{item.fields.get('name') or ''} {item.fields.get('lastName') or ''}".strip()
    name = item.title if item.entity_type_id == COMPANY else person or item.title
    return [
        Address(address, name, item.entity_type_id, item.id) for address in email_addresses(item)
    ]
