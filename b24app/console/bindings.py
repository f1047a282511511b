"""What a template is offered for: kinds of CRM objects and their pipelines, by name.

Bitrix24 writes a deal's pipeline as `2_category_0`, that of an invoice or a smart process as
`31_1`, and a kind without pipelines by its number alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from b24app import memory
from b24app.bitrix.crm import COMPANY, CONTACT, DEAL, LEAD, QUOTE, SMART_INVOICE
from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.bitrix.pipelines import list_pipelines
from b24app.console import kinds
from b24app.documents import catalogue
from b24app.models import FrameSession, Portal
from b24app.portals.clients import acting

KEPT_SECONDS = 300
FIRST_SMART_PROCESS = 128
MOST_KINDS = 40
Pipelines = dict[int, dict[int, str]]
"""Names of pipelines by id, by kind; a kind whose pipelines cannot be read is missing."""


@dataclass(frozen=True)
class Binding:
    code: str
    name: str
    pipeline: str
    """Its name; "" for the kind as a whole."""
    kind: int


@dataclass(frozen=True)
class Kind:
    """One kind of object, with what a template can be bound to."""

    id: int
    name: str
    bindings: list[Binding]


def read_pipelines(session: FrameSession) -> Pipelines:
    """The pipelines of each kind that has some, read at most every five minutes.

    Raises `BitrixError` where the portal answers nothing at all.
    """
    key = f"console-pipelines:{session.portal.pk}:{session.chain.user_id}"
    known: Pipelines | None = memory.recall(key)
    wanted = {DEAL, SMART_INVOICE, *_smart_processes(session.portal)}
    if known is None or not wanted <= {*known, *_without(session.portal)}:
        batch = acting(session).batch({f"kind{k}": list_pipelines(k) for k in sorted(wanted)})
        read = {k: batch[f"kind{k}"] for k in wanted if not batch.failed(f"kind{k}")}
        known = read
        memory.keep(key, known, KEPT_SECONDS)
        memory.keep(f"console-no-pipelines:{session.portal.pk}", wanted - set(read), KEPT_SECONDS)
    return known


def _without(portal: Portal) -> set[int]:
    """Kinds whose pipelines the portal did not give a moment ago."""
    found: set[int] | None = memory.recall(f"console-no-pipelines:{portal.pk}")
    return found or set()


def _smart_processes(portal: Portal) -> set[int]:
    """Those that some template is bound to already."""
    codes = {code for one in catalogue.kept(portal) for code in one.entity_types}
    found = {pair[0] for code in codes if (pair := kinds.parsed(code)) is not None}
    return set(sorted(kind for kind in found if kind >= FIRST_SMART_PROCESS)[:MOST_KINDS])


def choices(portal: Portal, pipelines: Pipelines, held: Iterable[str] = ()) -> list[Kind]:
    """What a template can be bound to. `held`: what it is bound to now, known or not."""
    usual = [DEAL, LEAD, SMART_INVOICE, QUOTE, CONTACT, COMPANY]
    every = [*usual, *sorted(_smart_processes(portal))]
    found = [Kind(kind, kinds.name(kind), _bindings(kind, pipelines)) for kind in every]
    known = {one.code for kind in found for one in kind.bindings}
    rest = [code for code in held if code not in known]
    if rest:
        others = [Binding(code, name_of(code, pipelines), "", 0) for code in rest]
        found.append(Kind(0, _("Others it is bound to"), others))
    return found


def _bindings(kind: int, pipelines: Pipelines) -> list[Binding]:
    name, word = kinds.name(kind), "_category_" if kind == DEAL else "_"
    of_kind: Mapping[int, str] = pipelines.get(kind, {})
    return [
        Binding(f"{kind}{word}{id_}", f"{name}, {pipeline}", pipeline, kind)
        for id_, pipeline in of_kind.items()
    ] or [Binding(str(kind), name, "", kind)]


def name_of(code: str, pipelines: Pipelines) -> str:
    """A binding as a person reads it."""
    pair = kinds.parsed(code)
    if pair is None:
        return code
    kind, pipeline = pair
    if pipeline is None:
        return kinds.name(kind)
    known = pipelines.get(kind, {}).get(pipeline)
    return f"{kinds.name(kind)}, {known or _('pipeline %(number)d') % {'number': pipeline}}"


def offered_in(template: DocumentTemplate, pipelines: Pipelines) -> str:
    """All of a template's bindings in a line; a kind with all its pipelines by its name alone."""
    by_kind: dict[int, list[str]] = {}
    odd: list[str] = []
    for code in template.entity_types:
        pair = kinds.parsed(code)
        if pair is None:
            odd.append(code)
        else:
            by_kind.setdefault(pair[0], []).append(code)
    told = [_of_kind(kind, codes, pipelines) for kind, codes in by_kind.items()]
    return "; ".join([*told, *odd])


def _of_kind(kind: int, codes: list[str], pipelines: Pipelines) -> str:
    whole = pipelines.get(kind, {})
    bound = [pair[1] for code in codes if (pair := kinds.parsed(code)) is not None]
    if None in bound or len(whole) == 1 or (whole and set(whole) <= set(bound)):
        return kinds.name(kind)
    names = [name_of(code, pipelines).removeprefix(f"{kinds.name(kind)}, ") for code in codes]
    return f"{kinds.name(kind)}: {', '.join(names)}"
