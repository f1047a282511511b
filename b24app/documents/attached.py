"""What became of an attached file whose answer was lost.

An uploaded document carries no marker: Bitrix24 keeps no values of it. What tells it are the newer
id, its maker, title and number, and then the file itself, which is read back and compared. Where
the file differs (a portal may rewrite it), a person is asked.
"""

from __future__ import annotations

import hashlib
import logging

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import ListedDocument, list_documents
from b24app.bitrix.errors import BitrixError
from b24app.documents import catalogue
from b24app.documents.archive import TYPES
from b24app.documents.marker import MARKER
from b24app.docx import LARGEST
from b24app.models import DownloadTicket, Intent

log = logging.getLogger(__name__)

TITLE, NUMBER, AFTER, HASH = "title", "number", "after", "sha256"
"""Of the intent's form: what was sent, the deal's newest document before, the file's hash."""


def look(
    client: PortalClient, intent: Intent
) -> tuple[ListedDocument | None, list[ListedDocument]]:
    """The attached document; else those that may be it. Raises `BitrixError`."""
    candidates = _possible(client, intent)
    for document in candidates:
        if _same_title_and_number(intent, document) and _same_file(client, intent, document):
            return document, []
    return None, candidates


def _possible(client: PortalClient, intent: Intent) -> list[ListedDocument]:
    """Documents of the deal that may be the attached one, newest first. Raises `BitrixError`."""
    newer = {">id": intent.form.get(AFTER, 0), "createdBy": intent.user_id}
    page = client.run(
        list_documents(
            entity_type_id=intent.entity_type_id, entity_id=intent.entity_id, extra_filter=newer
        )
    )
    taken = _taken(intent, [document.id for document in page.items])
    templates = {template.id for template in catalogue.kept(intent.portal)}
    return [
        document
        for document in page.items
        if document.id not in taken
        and MARKER not in document.values
        and document.template_id not in templates
        and _may_be(intent, document)
    ]


def _taken(intent: Intent, ids: list[int]) -> set[int]:
    """Those that another form is known to have made."""
    others = Intent.objects.filter(portal=intent.portal, document_id__in=ids).exclude(pk=intent.pk)
    return {id_ for id_ in others.values_list("document_id", flat=True) if id_}


def _may_be(intent: Intent, document: ListedDocument) -> bool:
    form = intent.form
    return document.title == form.get(TITLE) or document.number == form.get(NUMBER)


def _same_title_and_number(intent: Intent, document: ListedDocument) -> bool:
    form = intent.form
    return (document.title, document.number) == (form.get(TITLE), form.get(NUMBER))


def _same_file(client: PortalClient, intent: Intent, document: ListedDocument) -> bool:
    """Whether the portal's file is the one that was sent, byte by byte."""
    if document.download_machine is None:
        return False
    try:
        file = client.download(
            document.download_machine, types=TYPES[DownloadTicket.Kind.DOCX], limit=LARGEST
        )
    except BitrixError as error:
        log.info("the file of document %s not read: %s", document.id, type(error).__name__)
        return False
    return hashlib.sha256(file.body).hexdigest() == intent.form.get(HASH)
