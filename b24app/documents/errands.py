"""What is to be done when the PDF is ready, as a person plans, sees, drops and repeats it.

Doing it is the worker's: see `errand_work` and docs/adr/0014.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from b24app.documents import actions, readiness
from b24app.documents.errors import NoSuchDocument, NoSuchErrand
from b24app.models import Errand, FrameSession, Intent, IssuedDocument, Person
from b24app.models.errand import new_reference

SHOWN = 12
"""How many of a document's errands its page shows, the newest."""


@dataclass(frozen=True)
class ShownErrand:
    """An errand for a person's eyes. `address`: of his own e-mail. `who`: "" for his own."""

    row: Errand
    mine: bool
    who: str
    address: str

    @property
    def is_under_way(self) -> bool:
        return self.row.state in Errand.UNDER_WAY


def choose(intent: Intent, kinds: Collection[str]) -> None:
    """Keeps with the form what is to be done after the document is made."""
    intent.later = [kind for kind in Errand.Kind.values if kind in kinds]
    intent.save(update_fields=["later"])


def plan_chosen(record: IssuedDocument, intent: Intent) -> None:
    """The document is there: what was chosen with its form becomes errands."""
    for kind in intent.later:
        _open(record, kind, intent.user_id)


def plan(session: FrameSession, document_id: int, kind: str) -> Errand:
    """Plans one thing for a document of this deal; one that is planned already is answered.

    Raises `NoSuchDocument`, `NoSuchErrand` for an unknown kind or a colleague's.
    """
    record = known(session, document_id)
    if kind not in Errand.Kind.values:
        raise NoSuchErrand
    errand = _open(record, kind, session.person.user_id)
    if errand.user_id != session.person.user_id:
        raise NoSuchErrand
    return errand


def known(session: FrameSession, document_id: int) -> IssuedDocument:
    """Our record of a document of this deal, made where the document was made elsewhere."""
    record = actions.record_of(session, document_id)
    if record is not None:
        return record
    found = actions.listed(session, document_id)
    if found is None:
        raise NoSuchDocument
    return readiness.remember(session.portal, found, session.person.user_id)


def _open(record: IssuedDocument, kind: str, user_id: int) -> Errand:
    """A new errand, or the open one of this kind."""
    asked = kind == Errand.Kind.EMAIL
    try:
        with transaction.atomic():
            return Errand.objects.create(
                document=record,
                kind=kind,
                user_id=user_id,
                state=Errand.State.ASKED if asked else Errand.State.PLANNED,
                due_at=None if asked else timezone.now(),
            )
    except IntegrityError:
        pass
    over = (Errand.State.DONE, Errand.State.DROPPED)
    rival = Errand.objects.filter(document=record, kind=kind).exclude(state__in=over).first()
    if rival is None:  # it has just ended
        raise NoSuchErrand
    return rival


def own(session: FrameSession, document_id: int, errand_id: Any) -> Errand:
    """The person's own errand for a document of this deal. Raises `NoSuchErrand`."""
    record = actions.record_of(session, document_id)
    rows = Errand.objects.filter(pk=errand_id, document=record, user_id=session.person.user_id)
    errand = rows.exclude(state=Errand.State.DROPPED).first() if record else None
    if errand is None:
        raise NoSuchErrand
    return errand


def drop(errand: Errand) -> None:
    """Forgets what is not done yet. What is being done at this moment goes on."""
    rows = Errand.objects.filter(pk=errand.pk, state__in=Errand.DROPPABLE)
    rows.update(state=Errand.State.DROPPED, letter_sealed=b"", due_at=None)


def again(errand: Errand) -> None:
    """Once more, after a failure or where nothing was found. An e-mail is to be read again first.

    Under a new reference: what an earlier try left in the timeline is not taken for this one.
    """
    asked = errand.kind == Errand.Kind.EMAIL
    rows = Errand.objects.filter(
        pk=errand.pk, state__in=(Errand.State.FAILED, Errand.State.MISSING)
    )
    rows.update(
        state=Errand.State.ASKED if asked else Errand.State.PLANNED,
        due_at=None if asked else timezone.now(),
        tries=0,
        lost_at=None,
        found=False,
        reference=new_reference(),
        error_code="",
        error_text="",
    )


def shown(session: FrameSession, record: IssuedDocument | None) -> list[ShownErrand]:
    """The document's errands in the order they were planned, without the dropped ones."""
    if record is None:
        return []
    rows = Errand.objects.filter(document=record).exclude(state=Errand.State.DROPPED)
    return _shown(session, reversed(rows.order_by("-created_at")[:SHOWN]))


def shown_by_document(
    session: FrameSession, document_ids: Collection[int]
) -> dict[int, list[ShownErrand]]:
    """The newest errand of each kind for these documents, by document id. No links that are on:
    whether one still is, an errand does not know."""
    rows = Errand.objects.filter(
        document__portal=session.portal, document__document_id__in=document_ids
    )
    rows = rows.exclude(state=Errand.State.DROPPED)
    rows = rows.exclude(state=Errand.State.DONE, kind=Errand.Kind.LINK)
    found: dict[int, dict[str, ShownErrand]] = {}
    for errand in _shown(session, rows.select_related("document").order_by("created_at")):
        found.setdefault(errand.row.document.document_id, {})[errand.row.kind] = errand
    return {document_id: list(kinds.values()) for document_id, kinds in found.items()}


def _shown(session: FrameSession, rows: Iterable[Errand]) -> list[ShownErrand]:
    found = list(rows)
    me = session.person.user_id
    others = {row.user_id for row in found} - {me}
    people = Person.objects.filter(portal=session.portal, user_id__in=others) if others else []
    names = {person.user_id: str(person) for person in people}
    return [
        ShownErrand(
            row=row,
            mine=row.user_id == me,
            who="" if row.user_id == me else names.get(row.user_id, f"#{row.user_id}"),
            address=row.letter.get("to", "") if row.user_id == me else "",
        )
        for row in found
    ]
