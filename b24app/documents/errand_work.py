"""Doing the errands of a document whose PDF is ready: the worker's part, see docs/adr/0014.

Each with the token of the person who asked. What only sets may be repeated; a note or an e-mail
whose answer was lost is looked for and never made a second time.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from b24app.bitrix import timeline
from b24app.bitrix.client import PortalClient
from b24app.bitrix.crm import get_item
from b24app.bitrix.documentgenerator import (
    ListedDocument,
    list_documents_by_id,
)
from b24app.bitrix.download import harmless
from b24app.bitrix.errors import (
    AnswerLost,
    BitrixError,
    NotReached,
    OperationTimeLimit,
    QueryLimit,
    Refused,
    TokenExpired,
    TokenInvalid,
    UnexpectedAnswer,
)
from b24app.bitrix.protocol import Command, Page
from b24app.documents import files, link_ends, link_state, links
from b24app.documents.errors import LinkBusy
from b24app.models import Errand, IssuedDocument
from b24app.portals.clients import on_behalf
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""What a worker may need before the creating call: tokens, repeated reads, the file; and for it."""
AGAIN = timedelta(seconds=15)
"""Between two looks for what became of a lost answer."""
RARELY = timedelta(hours=1)
FIRST_WAIT = timedelta(minutes=1)
TRIES = 8
"""The waits between them double: about two hours in all."""
PDF = frozenset({"application/pdf"})
ATTACHMENT_LIMIT = 10 * 1024 * 1024
"""A file travels inside the call, a third longer than it is."""
ORIGINATOR = "docket"
LOOKING_ENDS = timedelta(days=1)
"""A portal that could not be asked for so long is not asked any more."""
PASSING = (NotReached, AnswerLost, QueryLimit, OperationTimeLimit, TokenExpired)
NO_TOKEN, NO_DEAL, NO_DOCUMENT, TOO_BIG = "no_token", "no_deal", "no_document", "too_big"
GAVE_UP, NOT_SEEN = "gave_up", "not_seen"
"""Our own codes for what ends an errand; the last: nobody could look what became of it."""
State = Errand.State


class _Ends(Exception):
    """The errand cannot be done; `code` is one of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _NotYet(Exception):
    """The PDF is being made anew."""


def due(portal_id: int | None = None) -> list[Any]:
    """Ids of the errands to be looked at now, of one portal or of all.

    What dead workers held is given back: a call that may have gone out is looked for.
    """
    now = timezone.now()
    lapsed = Errand.objects.filter(due_at__lt=now)
    lapsed.filter(state=State.DOING).update(state=State.PLANNED)
    lapsed.filter(state=State.SENDING).update(state=State.UNKNOWN, lost_at=now, due_at=now)
    rows = _ready().filter(due_at__lte=now)
    if portal_id is not None:
        rows = rows.filter(document__portal_id=portal_id)
    return list(rows.values_list("pk", flat=True))


def next_look(errand_id: Any) -> datetime | None:
    """When an errand is due again; None when it waits for its PDF or a person, or is over."""
    return _ready().filter(pk=errand_id).values_list("due_at", flat=True).first()


def _ready() -> QuerySet[Errand]:
    """Errands that only wait for their time."""
    ready = Q(state=State.PLANNED, document__pdf=IssuedDocument.Pdf.READY)
    return Errand.objects.filter(ready | Q(state=State.UNKNOWN))


def run(errand_id: Any) -> bool:
    """Does one errand, or looks what became of it. Answers whether this call did either."""
    errand = _claim(errand_id)
    if errand is None:
        return False
    if errand.state == State.UNKNOWN:
        _settle(errand)
    else:
        _do(errand)
    return True


def _claim(errand_id: Any) -> Errand | None:
    now = timezone.now()
    mine = _ready().filter(pk=errand_id, due_at__lte=now)
    doing = mine.filter(state=State.PLANNED).update(
        state=State.DOING, due_at=now + LEASE, tries=F("tries") + 1
    )
    if not doing and not mine.filter(state=State.UNKNOWN).update(due_at=now + AGAIN):
        return None
    return Errand.objects.select_related("document__portal").get(pk=errand_id)


def _do(errand: Errand) -> None:
    try:
        client = on_behalf(errand.document.portal, errand.user_id)
        document = _document(client, errand.document)
        if errand.kind == Errand.Kind.LINK:
            portal = errand.document.portal
            about, usual = link_state.About.of(document), link_ends.usual_end(portal)
            link = links.on(client, portal, about, errand.user_id, usual)
            if link.state != link.State.ON:
                raise AnswerLost("nobody knows whether the link is on")
            _done(errand)
            return
        command = _creation(errand, document, _pdf(client, document))
    except (_NotYet, LinkBusy):
        _later(errand, FIRST_WAIT)
    except _Ends as end:
        _fail(errand, end.code)
    except (Disconnected, TokenInvalid):
        _fail(errand, NO_TOKEN)
    except BitrixError as error:
        _not_done(errand, error)
    else:
        _create(client, errand, command)


def _document(client: PortalClient, record: IssuedDocument) -> ListedDocument:
    """The document as the person may see it now, in a deal that he may read.

    From the list: document.get would start a conversion. Raises `_Ends`, `_NotYet`, `BitrixError`.
    """
    kind, entity = record.entity_type_id, record.entity_id
    batch = client.batch(
        {
            "item": get_item(kind, entity),
            "documents": list_documents_by_id([record.document_id], entity_type_id=kind),
        }
    )
    if isinstance(batch.failed("item"), Refused):
        raise _Ends(NO_DEAL)
    batch["item"]
    listed: Page[ListedDocument] = batch["documents"]
    found = [one for one in listed.items if one.entity_id == entity]
    if not found:
        raise _Ends(NO_DOCUMENT)
    if not found[0].has_pdf:
        raise _NotYet
    return found[0]


def _pdf(client: PortalClient, document: ListedDocument) -> timeline.File:
    if document.pdf_machine is None:
        raise _NotYet
    file = client.download(document.pdf_machine, types=PDF, limit=files.LIMIT)
    if len(file.body) > ATTACHMENT_LIMIT:
        raise _Ends(TOO_BIG)
    return timeline.File(file_name(document.title, document.number), file.body)


def file_name(title: str, number: str) -> str:
    """What the PDF is called where it is attached."""
    return f"{harmless(title) or harmless(number) or 'document'}.pdf"


def _creation(errand: Errand, document: ListedDocument, pdf: timeline.File) -> Command[int]:
    record = errand.document
    if errand.kind == Errand.Kind.NOTE:
        text = _note(record, document, errand.reference)
        return timeline.add_comment(record.entity_type_id, record.entity_id, text, [pdf])
    letter = errand.letter
    return timeline.send_email(
        record.entity_type_id,
        record.entity_id,
        to=timeline.Recipient(letter["to"], letter["entity_type_id"], letter["entity_id"]),
        subject=letter["subject"],
        text=letter["text"],
        responsible_id=errand.user_id,
        at=timezone.now(),
        origin=(ORIGINATOR, errand.reference),
        files=[pdf],
    )


def _note(record: IssuedDocument, document: ListedDocument, reference: str) -> str:
    """In the portal's language: colleagues read it. Titles may come from outside: no BB codes."""
    title = document.title.replace("[", "(").replace("]", ")")
    with translation.override(record.portal.language):
        made = _("The PDF is ready: %(title)s") % {"title": title}
        return f"{made}\n{_('Reference: %(reference)s') % {'reference': reference}}"


def _create(client: PortalClient, errand: Errand, command: Command[int]) -> None:
    if not _is_still_ours(errand):
        return
    try:
        client.run(command)
    except AnswerLost as error:
        log.warning("answer lost, errand %s: %s", errand.pk, type(error).__name__)
        _lost(errand)
    except TokenInvalid:
        _fail(errand, NO_TOKEN)
    except BitrixError as error:
        if isinstance(error, Refused) and errand.kind == Errand.Kind.EMAIL:
            errand.found = _is_found_now(client, errand)
        _not_done(errand, error)
    else:
        _done(errand)


def _is_still_ours(errand: Errand) -> bool:
    """Before the call that cannot be taken back: the lease has not lapsed, nobody else has it."""
    now = timezone.now()
    rows = Errand.objects.filter(
        pk=errand.pk, state=State.DOING, due_at=errand.due_at, due_at__gt=now
    )
    return rows.update(state=State.SENDING, due_at=now + LEASE) == 1


def _not_done(errand: Errand, error: BitrixError) -> None:
    """Certainly not done, or harmless to repeat: later again, or never."""
    passing = isinstance(error, PASSING) and not isinstance(error, UnexpectedAnswer)
    if passing and errand.tries < TRIES:
        _later(errand, min(FIRST_WAIT * 2 ** (errand.tries - 1), RARELY))
    elif passing:
        _fail(errand, GAVE_UP)
    else:
        _fail(errand, error.code or type(error).__name__, error.description)


def _later(errand: Errand, wait: timedelta) -> None:
    _write(errand, state=State.PLANNED, due_at=timezone.now() + wait)


def _fail(errand: Errand, code: str, text: str = "") -> None:
    _write(
        errand,
        state=State.FAILED,
        due_at=None,
        found=errand.found,
        error_code=code[:64],
        error_text=text[:500],
    )


def _done(errand: Errand) -> None:
    _write(errand, state=State.DONE, due_at=None, done_at=timezone.now(), found=errand.found)


def _lost(errand: Errand) -> None:
    now = timezone.now()
    _write(errand, state=State.UNKNOWN, lost_at=now, due_at=now + AGAIN / 3)


def _write(errand: Errand, **values: Any) -> None:
    """Not save(): the document, and the portal, may have gone meanwhile."""
    Errand.objects.filter(pk=errand.pk).update(**values)


def _settle(errand: Errand) -> None:
    """One look for what became of a lost answer."""
    try:
        client = on_behalf(errand.document.portal, errand.user_id)
        errand.found = _is_found(client, errand)
    except (BitrixError, Disconnected) as error:
        log.info("errand %s not settled yet: %s", errand.pk, type(error).__name__)
        _look_later(errand)
        return
    quiet = timedelta(seconds=settings.QUIET_SECONDS)
    if errand.found:
        _done(errand)
    elif timezone.now() > (errand.lost_at or timezone.now()) + quiet:
        _write(errand, state=State.MISSING, due_at=None)


def _look_later(errand: Errand) -> None:
    """Nobody answered: the longer that has been so, the longer until the next look."""
    now = timezone.now()
    waited = now - (errand.lost_at or now)
    if waited > LOOKING_ENDS:
        _write(errand, state=State.MISSING, due_at=None, error_code=NOT_SEEN)
    else:
        _write(errand, due_at=now + min(max(AGAIN, waited / 12), RARELY))


def _is_found(client: PortalClient, errand: Errand) -> bool:
    record = errand.document
    kind, entity = record.entity_type_id, record.entity_id
    if errand.kind == Errand.Kind.NOTE:
        comments = client.run(timeline.list_comments(kind, entity)).items
        return any(errand.reference in comment.text for comment in comments)
    origin = (ORIGINATOR, errand.reference)
    activities = client.run(timeline.find_activity(kind, entity, origin)).items
    return any(one.origin_id == errand.reference for one in activities)


def _is_found_now(client: PortalClient, errand: Errand) -> bool:
    """Whether a refused e-mail has left its entry in the timeline; False where nobody can say."""
    try:
        return _is_found(client, errand)
    except BitrixError:
        return False
