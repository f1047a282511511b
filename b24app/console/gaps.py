"""Why a number is missing, as far as our own records know: deleted, or never made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from b24app.console import numbering
from b24app.console.audit import Finding, Kind
from b24app.console.numbering import Plan
from b24app.models import HistoryEntry, Intent, Person, Portal, Snapshot

_AROUND: Final = timedelta(minutes=2)
"""A document is saved a moment after its number was taken."""
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Deleted:
    """A document that had one of the missing numbers. `sure`: we had read its number."""

    text: str
    at: datetime
    who: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was asked for at that time, and of which none came."""

    template: str
    at: datetime
    code: str
    lost: bool
    """The answer was lost, and the document not found afterwards."""


@dataclass(frozen=True, slots=True)
class Reasons:
    deleted: tuple[Deleted, ...] = ()
    failed: tuple[Failed, ...] = ()


def explained(
    portal: Portal, plan: Plan, template_ids: Collection[int], findings: Iterable[Finding]
) -> list[tuple[Finding, Reasons]]:
    """Each finding with what our records say about it; only gaps have reasons."""
    return [
        (one, _reasons(portal, plan, template_ids, one) if one.kind == Kind.GAP else Reasons())
        for one in findings
    ]


def _reasons(
    portal: Portal, plan: Plan, template_ids: Collection[int], finding: Finding
) -> Reasons:
    """Between the documents beside the gap: ids and times rise with the numbers."""
    if len(finding.documents) < 2:
        return Reasons()
    before, behind = finding.documents[0], finding.documents[1]
    low, high = sorted((before.id, behind.id))
    since, until = sorted((before.at, behind.at))
    return Reasons(
        deleted=tuple(_deleted(portal, plan, template_ids, finding, (low, high))),
        failed=tuple(_failed(portal, template_ids, since - _AROUND, until + _AROUND)),
    )


def _deleted(
    portal: Portal,
    plan: Plan,
    template_ids: Collection[int],
    finding: Finding,
    between: tuple[int, int],
) -> list[Deleted]:
    rows = HistoryEntry.objects.filter(
        portal=portal,
        kind=HistoryEntry.Kind.DELETED,
        document_id__gt=between[0],
        document_id__lt=between[1],
    )
    entries = list(rows.order_by("document_id")[:_MOST])
    first = _first_versions(portal, [entry.document_id for entry in entries])
    names = dict(Person.objects.filter(portal=portal).values_list("user_id", "name"))
    found = []
    for entry in entries:
        said = first.get(entry.document_id, {})
        text = str(said.get("number") or "")
        if said and said.get("template_id") not in template_ids:
            continue
        if text and not _is_in(plan, text, finding):
            continue
        found.append(Deleted(text, entry.at, names.get(entry.user_id or 0, ""), bool(text)))
    return found


def _first_versions(portal: Portal, ids: Sequence[int]) -> dict[int, dict[str, object]]:
    rows = Snapshot.objects.filter(portal=portal, document_id__in=ids).order_by("-version")
    return {one.document_id: dict(one.content.get("document") or {}) for one in rows}


def _is_in(plan: Plan, text: str, finding: Finding) -> bool:
    read = numbering.reader(plan)
    reading, first, last = (
        read(text),
        _bare(plan, finding.first),
        _bare(plan, finding.last),
    )
    return reading is not None and first <= reading.value <= last


def _bare(plan: Plan, printed: str) -> int:
    """The running number that is printed so."""
    reading = numbering.reader(Plan("", "{NUMBER}", length=plan.length, pad=plan.pad))(printed)
    return reading.value if reading else 0


def _failed(
    portal: Portal, template_ids: Collection[int], since: datetime, until: datetime
) -> list[Failed]:
    """Bitrix24 takes the number first: what it refused then may have used one."""
    rows = Intent.objects.filter(
        portal=portal,
        kind=Intent.Kind.MAKE,
        template_id__in=template_ids,
        state__in=[Intent.State.REFUSED, Intent.State.MISSING],
        sent_at__gte=since,
        sent_at__lte=until,
    )
    return [
        Failed(
            template=intent.template_name,
            at=intent.sent_at or intent.created_at,
            code=intent.error_code,
            lost=intent.state == Intent.State.MISSING,
        )
        for intent in rows.order_by("sent_at")[:_MOST]
    ]
