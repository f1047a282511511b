"""Why Bitrix24 refused, where it says nothing but "no".

Most refusals of the generator have the code "0" and a text in the portal's language. So the text is
not read; instead Docket asks what is true now: is the deal there, is the template, is its file
whole?
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from b24app.bitrix.crm import CrmItem, get_item
from b24app.bitrix.documentgenerator import DocumentTemplate, template_file
from b24app.bitrix.errors import AccessDenied, BitrixError, NotFound, PaymentRequired, Refused
from b24app.documents import catalogue, offers, rights
from b24app.documents.errors import (
    DocumentError,
    TemplateDamaged,
    TemplateGone,
    TemplateWithdrawn,
)
from b24app.models import FrameSession, Intent
from b24app.portals.clients import acting, lent
from b24app.portals.errors import Disconnected

DOCX = frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"})
LARGEST = 20 * 1024 * 1024


def explained(session: FrameSession, intent: Intent, error: BitrixError) -> Exception:
    """The error that says it best: a `DocumentError` where the reason could be seen."""
    if type(error) not in {Refused, AccessDenied, NotFound}:
        return error
    try:
        item = _item(session)
        if intent.kind == Intent.Kind.MAKE:
            return _of_template(session, intent.template_id, item.category_id) or error
    except (DocumentError, PaymentRequired) as reason:
        return reason
    except (BitrixError, Disconnected):
        pass  # what could not be asked explains nothing
    return error


def _item(session: FrameSession) -> CrmItem:
    """Asked in a batch, which a portal whose plan has ended refuses as a whole: a method alone is
    refused with the same code as for a missing right."""
    command = get_item(session.entity_type_id, session.entity_id)
    batch = acting(session).batch({"item": command})
    rights.conclude(session, batch.failed("item"))
    item: CrmItem = batch["item"]
    return item


def _of_template(session: FrameSession, template_id: int, category_id: int) -> DocumentError | None:
    catalogue.refresh(session.portal)
    known = {t.id: t for t in catalogue.kept(session.portal)}
    template = known.get(template_id)
    if template is None or template.is_deleted:
        return TemplateGone()
    offered = offers.offered(session, category_id)
    if all(offer.template.id != template_id for offer in offered):
        return TemplateWithdrawn()
    return None if _is_whole(session, template) else TemplateDamaged()


def _is_whole(session: FrameSession, template: DocumentTemplate) -> bool:
    """Whether the template's file can be opened; its text is not looked at.

    Raises `BitrixError`, `Disconnected` when the file cannot be had.
    """
    client = lent(session)
    link = client.run(template_file(template.id))
    if link is None:
        return False
    body = client.download(link, types=DOCX, limit=LARGEST).body
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            return "word/document.xml" in package.namelist()
    except zipfile.BadZipFile:
        return False
