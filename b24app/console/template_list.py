"""The portal's templates in a table: the kept catalogue, searched and filtered without asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from b24app import memory
from b24app.bitrix.documentgenerator import DocumentTemplate, list_numerators
from b24app.bitrix.errors import BitrixError
from b24app.console import bindings, kinds
from b24app.console.bindings import Pipelines
from b24app.documents import catalogue
from b24app.models import FrameSession, IssuedDocument, Portal
from b24app.portals.clients import acting

DAYS = timedelta(days=30)
KEPT_SECONDS = 300


@dataclass(frozen=True)
class Wanted:
    """What is looked for; each "" for all."""

    words: str = ""
    kind: str = ""
    pipeline: str = ""
    """A code such as `2_category_1`."""
    region: str = ""
    state: str = ""
    """"on" or "off"."""

    @property
    def any(self) -> bool:
        return bool(self.words.strip() or self.kind or self.pipeline or self.region or self.state)


@dataclass(frozen=True)
class Line:
    template: DocumentTemplate
    offered_in: str
    numerator: str
    """Its name; "" where the portal's default or an unknown one is used."""
    made: int
    """Documents of the last 30 days that Docket knows of."""


@dataclass(frozen=True)
class Table:
    lines: list[Line]
    total: int
    kinds: list[tuple[str, str]]
    """Codes and names to filter by, as of all templates."""
    pipelines: list[tuple[str, str]]
    regions: list[str]


def table(session: FrameSession, wanted: Wanted) -> Table:
    """Asks Bitrix24 only for what is not kept: a first catalogue, and names.

    Raises `Disconnected`, `BitrixError` where there is no catalogue and none to be had.
    """
    catalogue.at_hand(session.portal)
    known = [one for one in catalogue.kept(session.portal) if not one.is_deleted]
    known.sort(key=lambda one: (one.sort, one.name.casefold(), one.id))
    pipelines, numerators = _names(session)
    made = _made(session.portal)
    lines = [
        Line(
            template=one,
            offered_in=bindings.offered_in(one, pipelines),
            numerator=numerators.get(one.numerator_id or 0, ""),
            made=made.get(one.id, 0),
        )
        for one in known
        if fits(one, wanted)
    ]
    return Table(
        lines=lines,
        total=len(known),
        kinds=_kinds(known),
        pipelines=_pipelines(known, pipelines),
        regions=sorted({one.region for one in known if one.region}),
    )


def fits(template: DocumentTemplate, wanted: Wanted) -> bool:
    """Whether all that is looked for is true of it."""
    words = wanted.words.casefold().split()
    bound = {str(pair[0]) for pair in map(kinds.parsed, template.entity_types) if pair}
    return (
        all(word in template.name.casefold() for word in words)
        and (not wanted.kind or wanted.kind in bound)
        and (not wanted.pipeline or wanted.pipeline in template.entity_types)
        and wanted.region in {"", template.region}
        and wanted.state in {"", "on" if template.active else "off"}
    )


def _names(session: FrameSession) -> tuple[Pipelines, dict[int, str]]:
    """Names only make it readable: without them codes and numbers stand there."""
    try:
        return bindings.read_pipelines(session), numerator_names(session)
    except BitrixError:
        return {}, {}


def numerator_names(session: FrameSession) -> dict[int, str]:
    """By id, read at most every five minutes. Raises `BitrixError`."""
    key = f"console-numerators:{session.portal.pk}:{session.chain.user_id}"
    known: dict[int, str] | None = memory.recall(key)
    if known is None:
        known = {one.id: one.name for one in acting(session).pages(list_numerators)}
        memory.keep(key, known, KEPT_SECONDS)
    return known


def _made(portal: Portal) -> dict[int, int]:
    """How many documents of each template Docket has made or first seen since then."""
    since = timezone.now() - DAYS
    rows = IssuedDocument.objects.filter(portal=portal, made_at__gte=since, attached=False)
    counted = rows.values_list("template_id").annotate(made=Count("pk"))
    return dict(Counter(dict(counted)))


def _kinds(templates: Iterable[DocumentTemplate]) -> list[tuple[str, str]]:
    pairs = (kinds.parsed(code) for one in templates for code in one.entity_types)
    found = sorted({pair[0] for pair in pairs if pair is not None})
    return [(str(kind), kinds.name(kind)) for kind in found]


def _pipelines(
    templates: Iterable[DocumentTemplate], pipelines: Pipelines
) -> list[tuple[str, str]]:
    """Those that tell templates apart: of kinds with more than one."""
    codes = sorted({code for one in templates for code in one.entity_types})
    pairs = {code: kinds.parsed(code) for code in codes}
    several = Counter(pair[0] for pair in pairs.values() if pair and pair[1] is not None)
    return [
        (code, bindings.name_of(code, pipelines))
        for code, pair in pairs.items()
        if pair and pair[1] is not None and several[pair[0]] > 1
    ]
