"""What the first beat shows: the templates for this deal, with what is known of each.

Reading costs one request: the deal and its documents, with the person's own token. While the person
searches, what was read is kept, and Bitrix24 is not asked at each pause in typing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from b24app import memory
from b24app.bitrix import setup
from b24app.bitrix.crm import get_item
from b24app.bitrix.documentgenerator import DocumentTemplate, ListedDocument, list_documents
from b24app.bitrix.pipelines import list_pipelines
from b24app.bitrix.protocol import Command, Page
from b24app.documents import catalogue, offers, rights
from b24app.documents.errors import NoDeal
from b24app.documents.offers import Missing, Offer
from b24app.models import FrameSession, Intent, IssuedDocument
from b24app.portals.clients import acting
from b24app.portals.people import ROLE_SECONDS, remember

RECENT = 3
"""Templates under "You used last"."""
KEPT_SECONDS = 600
PAGE = 50


@dataclass(frozen=True)
class Choice:
    """One template that may be picked."""

    offer: Offer
    used_at: datetime | None
    """When this person made a document from it last, as far as we keep that (30 days)."""
    in_deal: int
    """How many of the deal's documents are made from it; 0 too where there are too many to know."""
    pictured: IssuedDocument | None
    """A document made from it whose first page this person may see."""


@dataclass(frozen=True)
class Absent:
    """One template that is not offered, with the names of the pipelines it is for, if known."""

    missing: Missing
    pipelines: list[str]


@dataclass(frozen=True)
class Picking:
    recent: list[Choice]
    rest: list[Choice]
    absent: list[Absent]
    regions: list[str]
    """Of all that are offered, whatever is searched for."""
    total: int
    pipeline: str
    """The deal's own, if known."""
    title: str = field(default="", repr=False)
    """The deal's; "" where it was not read now."""


def open_picking(session: FrameSession) -> Picking:
    """Reads the deal anew. Raises `NoDeal`, `DealForbidden`, `Disconnected`, `BitrixError`."""
    catalogue.at_hand(session.portal)
    title, facts = _read(session)
    memory.keep(_key(session), facts, KEPT_SECONDS)
    return _picking(session, facts, title)


def go_on(session: FrameSession) -> Picking:
    """The same without asking Bitrix24, where that was read a moment ago."""
    facts = memory.recall(_key(session))
    if facts is None:
        return open_picking(session)
    rights.require_readable(session)
    return _picking(session, facts, "")


def used_last(session: FrameSession, category_id: int) -> DocumentTemplate | None:
    """The template this person made his last document of such an object from, where it still fits.

    From what is kept: Bitrix24 is not asked. Whether it is still open to him is seen when it is
    picked.
    """
    made = _made_by(session).filter(entity_type_id=session.entity_type_id)
    last = made.order_by("-sent_at").values_list("template_id", flat=True).first()
    template = next((t for t in catalogue.kept(session.portal) if t.id == last), None)
    fits = template and offers.fits(template, session.entity_type_id, category_id)
    return template if fits else None


def narrowed(choices: Iterable[Choice], words: str, region: str) -> list[Choice]:
    """Those whose names have all the words, of one region ("" for all)."""
    wanted = words.casefold().split()
    return [
        choice
        for choice in choices
        if all(word in choice.offer.template.name.casefold() for word in wanted)
        and region in {"", choice.offer.template.region}
    ]


def _key(session: FrameSession) -> str:
    return f"picking:{session.pk.hex}"


def _read(session: FrameSession) -> tuple[str, dict[str, Any]]:
    """The deal's title, and what is kept: its pipeline, the names of pipelines, counts."""
    if not session.entity_id:
        raise NoDeal
    kind = session.entity_type_id
    commands: dict[str, Command[Any]] = {
        "deal": get_item(kind, session.entity_id),
        "documents": list_documents(entity_type_id=kind, entity_id=session.entity_id),
        "pipelines": list_pipelines(kind),
    }
    if session.person.checked_at < timezone.now() - timedelta(seconds=ROLE_SECONDS):
        commands["profile"] = setup.profile()
    batch = acting(session).batch(commands)
    if "profile" in commands and not batch.failed("profile"):
        remember(session.person, batch["profile"])
    rights.conclude(session, batch.failed("deal"))
    deal = batch["deal"]
    return deal.title, {
        "category": deal.category_id,
        "pipelines": {} if batch.failed("pipelines") else batch["pipelines"],
        "counts": {} if batch.failed("documents") else _counts(batch["documents"]),
    }


def _counts(page: Page[ListedDocument]) -> dict[int, int]:
    """How many documents each template has in the deal; none where one page has not all."""
    if page.next is not None:
        return {}
    return dict(Counter(d.template_id for d in page.items if d.template_id))


def _picking(session: FrameSession, facts: dict[str, Any], title: str) -> Picking:
    judged = offers.judge(session, facts["category"])
    used, pictures = _used(session), _pictures(session)
    choices = [
        Choice(
            offer,
            used_at=used.get(offer.template.id),
            in_deal=facts["counts"].get(offer.template.id, 0),
            pictured=pictures.get(offer.template.id),
        )
        for offer in judged.offers
    ]
    recent = _recent(choices)
    names = facts["pipelines"]
    return Picking(
        recent=recent,
        rest=[choice for choice in choices if choice not in recent],
        absent=[_absent(session, missing, names) for missing in judged.missing],
        regions=sorted({c.offer.template.region for c in choices if c.offer.template.region}),
        total=len(choices),
        pipeline=names.get(facts["category"], ""),
        title=title,
    )


def _recent(choices: list[Choice]) -> list[Choice]:
    used = [(choice.used_at, choice) for choice in choices if choice.used_at]
    return [choice for _, choice in sorted(used, key=lambda pair: pair[0], reverse=True)[:RECENT]]


def _absent(session: FrameSession, missing: Missing, names: dict[int, str]) -> Absent:
    bound = missing.pipelines(session.entity_type_id)
    return Absent(missing, [names[one] for one in bound if one in names])


def _used(session: FrameSession) -> dict[int, datetime]:
    """When this person made something of each template last, in any deal."""
    made = _made_by(session).values_list("template_id").annotate(Max("sent_at"))
    return dict(made)


def _made_by(session: FrameSession) -> Any:
    return Intent.objects.filter(
        portal=session.portal,
        user_id=session.person.user_id,
        kind=Intent.Kind.MAKE,
        state=Intent.State.MADE,
        sent_at__isnull=False,
    )


def _pictures(session: FrameSession) -> dict[int, IssuedDocument]:
    """The newest pictured document of each template that this person may see: of this deal, or
    made by him and changed by nobody else through us. Other deals' he may not be allowed to read.
    """
    here = Q(entity_type_id=session.entity_type_id, entity_id=session.entity_id)
    own = Q(
        user_id=session.person.user_id,
        document_id__in=_made_by(session).values("document_id"),
    )
    records = IssuedDocument.objects.filter(here | own, portal=session.portal, attached=False)
    pictured = records.exclude(picture_sealed=b"")
    newest = pictured.values("template_id").annotate(newest=Max("document_id")).values("newest")
    found = IssuedDocument.objects.filter(portal=session.portal, document_id__in=newest)
    return {record.template_id: record for record in found}
