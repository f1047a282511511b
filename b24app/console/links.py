"""Every public link of a portal that Docket knows, as an administrator looks through them.

What Docket knows are our own rows: links switched on through it, and those of documents that it has
read. Bitrix24's list of documents tells nothing of links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from b24app.bitrix.client import BATCH_SIZE, PortalClient
from b24app.bitrix.crm import list_titles
from b24app.bitrix.errors import BitrixError
from b24app.bitrix.protocol import Command
from b24app.documents import link_panel, sources
from b24app.documents.link_panel import Shown
from b24app.documents.link_state import State
from b24app.models import DriftReport, Person, Portal, PublicLink

PAGE = 50
SOON = 7
"""Days."""
Titles = dict[tuple[int, int], str]
"""By type and id of a CRM item."""


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. `show` is a key of `SHOW`, `text` is searched for."""

    show: str = ""
    text: str = ""
    start: int = 0


@dataclass(frozen=True)
class Row:
    """One link. `who`: "" where it was switched on in Bitrix24. `item`: "" where nobody may tell
    how the deal is called. `differs`: from the CRM, as far as it was looked at."""

    link: PublicLink
    shows: Shown | None
    sent: Shown | None
    differs: bool
    who: str
    item: str

    @property
    def card(self) -> str:
        return sources.card(self.link.entity_type_id, self.link.entity_id)

    @property
    def days_left(self) -> int | None:
        if self.link.ends_at is None:
            return None
        return (timezone.localdate(self.link.ends_at) - timezone.localdate()).days


@dataclass(frozen=True)
class Overview:
    """`counts`: by the keys of `SHOW`, of what the search has found."""

    rows: list[Row]
    counts: dict[str, int]
    on: int
    found: int


def _ends_soon(row: Row) -> bool:
    return bool(row.link.ending) or (row.days_left is not None and row.days_left <= SOON)


SHOW: dict[str, Callable[[Row], bool]] = {
    "": lambda row: True,
    "soon": _ends_soon,
    "never": lambda row: row.link.ends_at is None and not row.link.ending,
    "opened": lambda row: row.link.viewed_at is not None,
    "differs": lambda row: row.sent is not None or row.differs,
}


def overview(client: PortalClient, portal: Portal, wanted: Wanted) -> Overview:
    """A page of the links that are on, or perhaps on. Titles of deals cost one request.

    Where they cannot be had the list comes without them: it is what a person needs when Bitrix24 is
    in trouble.
    """
    links = list(PublicLink.objects.filter(portal=portal).exclude(state=State.OFF))
    rows = _rows(portal, links, _titles(client, links))
    searched = [row for row in rows if _says(row, wanted.text)]
    found = sorted((row for row in searched if SHOW[wanted.show](row)), key=_urgency)
    return Overview(
        rows=found[wanted.start : wanted.start + PAGE],
        counts={name: sum(map(test, searched)) for name, test in SHOW.items()},
        on=len(links),
        found=len(found),
    )


def chosen(portal: Portal, document_ids: Iterable[int]) -> list[PublicLink]:
    """Those of the documents whose link is on, as far as we know; at most a page."""
    ids = list(document_ids)[:PAGE]
    rows = PublicLink.objects.filter(portal=portal, document_id__in=ids)
    return list(rows.exclude(state=State.OFF).order_by("document_id"))


def _rows(portal: Portal, links: Sequence[PublicLink], titles: Titles) -> list[Row]:
    ids = [link.document_id for link in links]
    known = link_panel.by_document(portal, ids)
    drifted = _drifted(portal, ids)
    names = dict(Person.objects.filter(portal=portal).values_list("user_id", "name"))
    return [
        Row(
            link=link,
            shows=known[link.document_id].shows if link.document_id in known else None,
            sent=known[link.document_id].sent if link.document_id in known else None,
            differs=link.document_id in drifted and drifted[link.document_id] == link.document_at,
            who=(names.get(link.user_id) or f"#{link.user_id}") if link.user_id else "",
            item=titles.get((link.entity_type_id, link.entity_id), ""),
        )
        for link in links
    ]


def _drifted(portal: Portal, document_ids: list[int]) -> dict[int, datetime]:
    """The newest version that differs from the CRM, by document: its update time."""
    reports = DriftReport.objects.filter(portal=portal, snapshot__document_id__in=document_ids)
    told = reports.order_by("snapshot__version").values_list(
        "snapshot__document_id", "snapshot__updated_at", "found"
    )
    newest = {document_id: (at, found) for document_id, at, found in told}
    return {document_id: at for document_id, (at, found) in newest.items() if found}


def _titles(client: PortalClient, links: Sequence[PublicLink]) -> Titles:
    """One batch: at most 50 lists of 50."""
    by_type: dict[int, set[int]] = {}
    for link in links:
        by_type.setdefault(link.entity_type_id, set()).add(link.entity_id)
    asked = [
        (kind, sorted(ids)[begin : begin + BATCH_SIZE])
        for kind, ids in by_type.items()
        for begin in range(0, len(ids), BATCH_SIZE)
    ][:BATCH_SIZE]
    if not asked:
        return {}
    commands: dict[str, Command[Any]] = {
        f"items{n}": list_titles(kind, ids) for n, (kind, ids) in enumerate(asked)
    }
    try:
        batch = client.batch(commands)
    except BitrixError:
        return {}
    found: Titles = {}
    for n, (kind, _) in enumerate(asked):
        if batch.failed(f"items{n}") is None:
            found |= {(kind, id_): title for id_, title in batch[f"items{n}"].items()}
    return found


def _says(row: Row, text: str) -> bool:
    """Whether each word is in the document's name, the deal's or the person's."""
    said = f"{row.link.title} {row.item} {row.who} {row.link.entity_id}".casefold()
    return all(word in said for word in text.casefold().split())


def _urgency(row: Row) -> tuple[bool, datetime, int]:
    """What should be off first, then by end; links without one last."""
    ends_at = row.link.ends_at or timezone.now() + timedelta(days=36500)
    return not row.link.ending, ends_at, -row.link.document_id
