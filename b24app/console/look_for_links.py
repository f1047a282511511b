"""Long work: reads document after document, to find links that were switched on without Docket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import ListedDocument, get_document, list_documents_before
from b24app.console.jobs import Piece
from b24app.documents import link_state
from b24app.documents.link_state import State
from b24app.models import Job, PublicLink


def look(client: PortalClient, job: Job) -> Piece:
    """The next fifty documents, newest first: two requests. Raises `BitrixError`.

    A document without its PDF or picture is passed by: to read it would make Bitrix24 convert it.
    """
    kept: dict[str, Any] = {"before": None, "total": None, "found": 0, "passed": 0} | job.kept
    page = client.run(list_documents_before(kept["before"]))
    whole = [one for one in page.items if one.has_pdf and one.has_image]
    found, unread = _read(client, job, whole) if whole else (0, 0)
    kept["total"] = page.total if kept["total"] is None else kept["total"]
    kept["found"] += found
    kept["passed"] += len(page.items) - len(whole) + unread
    if page.items:
        kept["before"] = min(one.id for one in page.items)
    over = page.next is None
    return Piece(kept, job.done + len(page.items), kept["total"], over)


def _read(client: PortalClient, job: Job, documents: Sequence[ListedDocument]) -> tuple[int, int]:
    """How many links are news to us, and how many documents could not be read."""
    ids = [one.id for one in documents]
    rows = PublicLink.objects.filter(portal=job.portal, document_id__in=ids)
    known = set(rows.exclude(state=State.OFF).values_list("document_id", flat=True))
    asked_at = timezone.now()
    batch = client.batch({f"document{id_}": get_document(id_) for id_ in ids})
    found = unread = 0
    for id_ in ids:
        if batch.failed(f"document{id_}") is not None:
            unread += 1
            continue
        link = link_state.learn(job.portal, batch[f"document{id_}"], asked_at)
        found += bool(link and link.is_on and id_ not in known)
    return found, unread
