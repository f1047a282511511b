"""Finding the document of an intent in Bitrix24: by its marker, or by what else is known of it.

The list is asked, which has no side effect: document.get starts conversions and fails with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import (
    Document,
    ListedDocument,
    get_document,
    list_documents,
    list_documents_by_id,
)
from b24app.bitrix.errors import AccessDenied, NotFound
from b24app.bitrix.protocol import Command, Page
from b24app.documents import attached
from b24app.documents.marker import MARKER
from b24app.models import Intent

SKEW = timedelta(minutes=5)
"""How far the portal's clock may be from ours."""
BY_REST = "rest"


@dataclass(frozen=True)
class Seen:
    """What a look saw. `ours` carries the marker.

    `lookalikes` have no marker of anybody's, and fit by template, author, time and id; none where
    the portal is known to give markers back.
    """

    ours: Document | ListedDocument | None = None
    lookalikes: list[ListedDocument] = field(default_factory=list)


def look(client: PortalClient, intent: Intent) -> Seen:
    """Raises `BitrixError` when it could not be seen whether the document is there."""
    if intent.kind == Intent.Kind.ATTACH:
        ours, lookalikes = attached.look(client, intent)
        return Seen(ours, lookalikes)
    unmarked = []
    markers_come_back = bool(intent.portal.keeps_markers)
    for listed in client.pages(partial(_candidates, intent)):
        document: Document | ListedDocument = listed
        if not listed.values:
            document = _asked(client, listed.id) or listed
        marker = document.values.get(MARKER)
        if marker == intent.marker:
            return Seen(ours=document)
        if marker:
            markers_come_back = True
        else:
            unmarked.append(listed)
    return Seen(lookalikes=[] if markers_come_back else _alike(intent, unmarked))


def _candidates(intent: Intent, start: int) -> Command[Page[ListedDocument]]:
    kind = intent.entity_type_id
    if intent.kind == Intent.Kind.UPDATE:
        return list_documents_by_id([intent.document_id or 0], entity_type_id=kind)
    since = (intent.sent_at or intent.created_at) - SKEW
    wanted = {"templateId": intent.template_id, ">=createTime": since.isoformat()}
    return list_documents(
        entity_type_id=kind, entity_id=intent.entity_id, start=start, extra_filter=wanted
    )


def _asked(client: PortalClient, document_id: int) -> Document | None:
    try:
        return client.run(get_document(document_id))
    except (NotFound, AccessDenied):
        return None


def _alike(intent: Intent, documents: list[ListedDocument]) -> list[ListedDocument]:
    """Those the intent may have made: by REST, by this person, known to no other intent."""
    if intent.kind == Intent.Kind.UPDATE:
        return []  # saying the same again changes nothing, so nobody needs to be asked
    known = _known_ids(intent)
    newest_before = _newest_before(intent)
    return [
        one
        for one in documents
        if one.created_by in {None, intent.user_id}
        and one.id > newest_before
        and one.id not in known
        and one.values.get("_creationMethod", BY_REST) == BY_REST
        and (intent.lost_at is None or one.create_time <= intent.lost_at + 2 * SKEW)
    ]


def _known_ids(intent: Intent) -> set[int]:
    """Documents that another intent has made or changed."""
    others = Intent.objects.filter(portal_id=intent.portal_id, state=Intent.State.MADE)
    others = others.filter(entity_type_id=intent.entity_type_id, entity_id=intent.entity_id)
    return {id_ for id_ in others.values_list("document_id", flat=True) if id_}


def _newest_before(intent: Intent) -> int:
    """Ids only grow: what was made well before the form was sent cannot be its document."""
    before = (intent.sent_at or intent.created_at) - SKEW
    earlier = Intent.objects.filter(portal_id=intent.portal_id, state=Intent.State.MADE)
    ids = earlier.filter(sent_at__lt=before).order_by("-document_id")
    return ids.values_list("document_id", flat=True).first() or 0
