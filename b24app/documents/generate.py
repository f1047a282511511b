"""Generate and save, once: the intent is committed before the call, and no answer is guessed.

See docs/adr/0004: a document is never asked for a second time while it may exist.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from b24app.bitrix.documentgenerator import (
    Document,
    ListedDocument,
    add_document,
    update_document,
)
from b24app.bitrix.errors import AnswerLost, BitrixError, Refused
from b24app.bitrix.protocol import Command
from b24app.documents import errands, fields, readiness, snapshots, trace, update, why
from b24app.documents.errors import MakingAnother
from b24app.documents.marker import MARKER
from b24app.models import FrameSession, Intent, Portal
from b24app.portals.clients import acting

log = logging.getLogger(__name__)

FIRST_LOOK = timedelta(seconds=5)
"""How soon after a lost answer the worker looks for the document the first time."""
BEGINS_WITHIN = timedelta(seconds=60)
"""After the commit of SENDING. A process that was held up for longer does not call any more: what
becomes of the row is decided by others then."""
STILL_SENDING = timedelta(seconds=30)
"""After the commit: whether the process that sends is alive or not, the worker begins to look."""
STAMPS = "stamps"


def send(session: FrameSession, intent: Intent, typed: Mapping[str, str]) -> Intent:
    """Makes or updates the document of a form; answers the intent that stands for it.

    That is another one than the form's own when the same document is being made, or was made, from
    another tab. `typed` has the inputs by field code, and "stamps" as "on" or "".
    Raises `FieldsWrong`, `MakingAnother`, `ChangedMeanwhile`, and for a call that certainly did
    nothing its `BitrixError` or the `DocumentError` that explains it; what was typed is kept in
    each case.
    """
    if intent.state not in Intent.SENDABLE:
        return intent
    intent.typed = dict(typed)
    intent.save(update_fields=["typed_sealed"])
    if intent.state == Intent.State.MISSING and _came_late(session, intent):
        return intent
    values = _values(session, intent, typed)
    stamps = wants_stamps(intent, typed)
    twin = _claim(intent, _digest(values, stamps))
    if twin is not None:
        return twin
    return _call(session, intent, values, stamps=stamps)


def _values(
    session: FrameSession, intent: Intent, typed: Mapping[str, str]
) -> Mapping[str, str | None]:
    if update.is_safe(intent):
        return update.values(session, intent, typed)
    return fields.changed(fields.from_rows(intent.form["fields"]), typed)


def wants_stamps(intent: Intent, typed: Mapping[str, str]) -> bool:
    """The choice made in the form; what the document has where it cannot be chosen."""
    if intent.form.get("stamps_why"):
        return bool(intent.form["stamps"])
    return bool(typed.get(STAMPS))


def _digest(values: Mapping[str, str | None], stamps: bool) -> str:
    text = json.dumps([values, stamps], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _came_late(session: FrameSession, intent: Intent) -> bool:
    """A last look before a second call: was the document made after the quiet period after all?"""
    seen = trace.look(acting(session), intent)
    if seen.ours is not None:
        made(intent, seen.ours)
    return seen.ours is not None


class _MadeElsewhere(Exception):
    """Ends the transaction of a claim that is not needed."""


def _claim(intent: Intent, digest: str) -> Intent | None:
    """Commits SENDING; answers the other intent when one like this is under way or was made.

    Whether it was made is asked after our own row stands: from then on no other can begin.
    """
    now = timezone.now()
    rows = Intent.objects.filter(pk=intent.pk, state__in=Intent.SENDABLE)
    twin: Intent | None = None
    try:
        with transaction.atomic():
            claimed = rows.update(
                state=Intent.State.SENDING,
                sent_at=now,
                settle_at=now + STILL_SENDING,
                lost_at=None,
                digest=digest,
                error_code="",
                error_text="",
            )
            twin = _made_elsewhere(intent, digest)
            if twin is not None:
                raise _MadeElsewhere
    except _MadeElsewhere:
        return twin
    except IntegrityError:
        return _rival(intent, digest)
    intent.refresh_from_db()
    return None if claimed else intent


def _made_elsewhere(intent: Intent, digest: str) -> Intent | None:
    """The same document, made from another form after this one was opened: a second tab."""
    if intent.kind != Intent.Kind.MAKE:
        return None
    twins = _siblings(intent).filter(
        user_id=intent.user_id,
        digest=digest,
        state=Intent.State.MADE,
        sent_at__gt=intent.created_at,
    )
    return twins.exclude(pk=intent.pk).first()


def _rival(intent: Intent, digest: str) -> Intent:
    """The other intent that is under way. Raises `MakingAnother` where it wants something else."""
    rival = _siblings(intent).filter(state__in=Intent.UNDER_WAY).first()
    if rival is None:  # it has just ended
        return _made_elsewhere(intent, digest) or intent
    if (rival.user_id, rival.digest) != (intent.user_id, digest):
        raise MakingAnother(rival)
    return rival


def _siblings(intent: Intent) -> QuerySet[Intent]:
    same = Intent.objects.filter(portal_id=intent.portal_id, kind=intent.kind)
    if intent.kind == Intent.Kind.UPDATE:
        return same.filter(document_id=intent.document_id)
    return same.filter(
        entity_type_id=intent.entity_type_id,
        entity_id=intent.entity_id,
        template_id=intent.template_id,
    )


def _call(
    session: FrameSession, intent: Intent, values: Mapping[str, str | None], *, stamps: bool
) -> Intent:
    until = ((intent.sent_at or timezone.now()) + BEGINS_WITHIN).timestamp()
    try:
        document = acting(session, until=until).run(_command(intent, values, stamps=stamps))
    except AnswerLost as error:
        log.warning("answer lost, intent %s: %s", intent.pk, type(error).__name__)
        lost(intent)
    except BitrixError as error:
        if not _made_nonetheless(session, intent, error):
            refuse(intent, error)
            raise why.explained(session, intent, error) from error
    else:
        _learn(intent.portal, document)
        made(intent, document)
    return intent


def _command(
    intent: Intent, values: Mapping[str, str | None], *, stamps: bool
) -> Command[Document]:
    marked = {**values, MARKER: intent.marker}
    if intent.kind == Intent.Kind.UPDATE:
        return update_document(intent.document_id or 0, marked, stamps=stamps)
    return add_document(
        intent.template_id, intent.entity_type_id, intent.entity_id, marked, stamps=stamps
    )


def _made_nonetheless(session: FrameSession, intent: Intent, error: BitrixError) -> bool:
    """A refusal without a code of its own may come after the document was stored: is it there?

    Where that cannot be seen now it is looked for like that of a lost answer.
    """
    if type(error) is not Refused or intent.kind != Intent.Kind.MAKE:
        return False
    try:
        seen = trace.look(acting(session), intent)
    except Refused:
        return False
    except BitrixError:
        lost(intent)
        return True
    if seen.ours is not None:
        made(intent, seen.ours)
    return seen.ours is not None


def _this_attempt(intent: Intent) -> QuerySet[Intent]:
    """The row, unless others have decided meanwhile what became of the attempt."""
    return Intent.objects.filter(pk=intent.pk, state=Intent.State.SENDING, sent_at=intent.sent_at)


def lost(intent: Intent) -> None:
    """No usable answer: the worker finds out."""
    now = timezone.now()
    _this_attempt(intent).update(
        state=Intent.State.UNKNOWN, lost_at=now, settle_at=now + FIRST_LOOK
    )
    intent.refresh_from_db()


def refuse(intent: Intent, error: BitrixError) -> None:
    """The call certainly did nothing: the form may be sent again."""
    _this_attempt(intent).update(
        state=Intent.State.REFUSED,
        settle_at=None,
        error_code=error.code[:64],
        error_text=error.description[:500],
    )
    intent.refresh_from_db()


@transaction.atomic
def made(intent: Intent, document: Document | ListedDocument) -> None:
    """The document is there: the intent ends, its PDF is waited for, its version is read.

    Said twice (by the answer, and by the worker who found it) the second changes nothing.
    """
    others = Intent.objects.filter(pk=intent.pk).exclude(state=Intent.State.MADE)
    if others.update(state=Intent.State.MADE, document_id=document.id, settle_at=None):
        record = readiness.wait_for(intent.portal, document, intent.user_id)
        if intent.kind == Intent.Kind.ATTACH:
            record.attached = True
            record.save(update_fields=["attached"])
        snapshots.written(intent.portal, document, intent.user_id)
        update.note_made(intent, document)
        errands.plan_chosen(record, intent)
    intent.refresh_from_db()


def _learn(portal: Portal, document: Document) -> None:
    """Whether this portal gives markers back: seen with each answer, for the one that is lost."""
    keeps = MARKER in document.values
    if portal.keeps_markers is not keeps:
        portal.keeps_markers = keeps
        Portal.objects.filter(pk=portal.pk).update(keeps_markers=keeps)
