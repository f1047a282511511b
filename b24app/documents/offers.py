"""Which of the portal's templates are offered for one deal, lead or invoice to one person.

The documented REST decides only some access codes: everybody, a user, a user group, all signed in.
Codes of departments and work groups cannot be decided with the rights Docket asks for, so a
template that is open to them is offered with a word about it: Bitrix24 itself decides when the
document is generated with the person's own token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from b24app.bitrix import setup
from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.documents import catalogue
from b24app.models import FrameSession
from b24app.portals.clients import acting

EVERYBODY = "UA"
DECIDABLE = re.compile(r"UA|AU|[UG]\d+")
MOST = 50
"""Codes asked about in one batch."""


class Cause(StrEnum):
    """Why a template is not offered."""

    INACTIVE = "inactive"
    NOT_OPEN = "not_open"
    OTHER_KIND = "other_kind"
    OTHER_PIPELINE = "other_pipeline"


SAID_TO_ALL = frozenset({Cause.INACTIVE, Cause.OTHER_PIPELINE})
"""Causes that everybody is told, of templates that are open to them. Which templates there are for
others, or for other kinds of objects, only administrators are told."""


@dataclass(frozen=True)
class Offer:
    """A template for this item. `sure`: the person may certainly use it."""

    template: DocumentTemplate
    sure: bool


@dataclass(frozen=True)
class Missing:
    """A template that is not offered, and the first reason why."""

    template: DocumentTemplate
    cause: Cause

    def pipelines(self, entity_type_id: int) -> list[int]:
        """The pipelines of this kind of object that it is bound to."""
        bound = [one.split("_") for one in self.template.entity_types]
        ids = [one[-1] for one in bound if one[0] == str(entity_type_id) and len(one) > 1]
        return sorted(int(one) for one in ids if one.isdecimal())


@dataclass(frozen=True)
class Judged:
    offers: list[Offer]
    missing: list[Missing]


def offered(session: FrameSession, category_id: int) -> list[Offer]:
    """The templates for an item of this pipeline that this person may use, by sort and name."""
    return judge(session, category_id).offers


def judge(session: FrameSession, category_id: int) -> Judged:
    """The portal's templates: those offered, and those not, as far as this person may know."""
    known = [t for t in catalogue.kept(session.portal) if not t.is_deleted]
    known.sort(key=lambda t: (t.sort, t.name.casefold()))
    held = _held_codes(session, known)
    offers, missing = [], []
    for template in known:
        cause = cause_of(template, session.entity_type_id, category_id, held)
        if cause is None:
            offers.append(Offer(template, sure=surely_open_to(template, held)))
        elif session.person.is_admin or (cause in SAID_TO_ALL and open_to(template, held)):
            missing.append(Missing(template, cause))
    return Judged(offers, missing)


def fits(template: DocumentTemplate, entity_type_id: int, category_id: int) -> bool:
    """Whether a template may be used for items of this type and pipeline, whoever asks."""
    bound = is_bound(template, entity_type_id, category_id)
    return template.active and not template.is_deleted and bound


def cause_of(
    template: DocumentTemplate, entity_type_id: int, category_id: int, held: set[str]
) -> Cause | None:
    """The first reason why somebody who holds these codes is not offered a template there."""
    kind = str(entity_type_id)
    mine = [one for one in template.entity_types if one.partition("_")[0] == kind]
    if not mine:
        return Cause.OTHER_KIND
    if not template.active:
        return Cause.INACTIVE
    if not is_bound(template, entity_type_id, category_id):
        return Cause.OTHER_PIPELINE
    return None if open_to(template, held) else Cause.NOT_OPEN


def is_bound(template: DocumentTemplate, entity_type_id: int, category_id: int) -> bool:
    """Whether a template is bound to items of this type and pipeline."""
    return not _bindings(entity_type_id, category_id).isdisjoint(template.entity_types)


def _bindings(kind: int, category_id: int) -> set[str]:
    """How a template is bound to items of this type and pipeline.

    Deals by pipeline as `2_category_0`; smart invoices and smart processes as `31_1`; leads,
    quotes, contacts and companies, which have no pipelines, by their type alone.
    """
    return {str(kind), f"{kind}_category_{category_id}", f"{kind}_{category_id}"}


def surely_open_to(template: DocumentTemplate, held: set[str]) -> bool:
    return not held.isdisjoint(template.users)


def open_to(template: DocumentTemplate, held: set[str]) -> bool:
    """Whether it may be open to them: codes that cannot be decided count."""
    return any(code in held or not DECIDABLE.fullmatch(code) for code in template.users)


def _held_codes(session: FrameSession, templates: Iterable[DocumentTemplate]) -> set[str]:
    """Those of the templates' codes that the person holds; Bitrix24 is asked once a session."""
    own = own_codes(session.person.user_id)
    known: dict[str, bool] = session.held_codes or {}
    unknown = sorted(codes_to_ask(templates) - set(known))[:MOST]
    if unknown:
        known = known | _ask(session, unknown)
        session.held_codes = known
        FrameSession.objects.filter(pk=session.pk).update(held_codes=known)
    return own | {code for code, held in known.items() if held}


def own_codes(user_id: int) -> set[str]:
    """The codes that nobody has to be asked about."""
    return {EVERYBODY, f"U{user_id}"}


def codes_to_ask(templates: Iterable[DocumentTemplate]) -> set[str]:
    return {code for t in templates for code in t.users if not re.fullmatch(r"U[A\d]+", code)}


def _ask(session: FrameSession, codes: list[str]) -> dict[str, bool]:
    """What user.access says of each code; a failed question counts as no."""
    names = {f"code{number}": code for number, code in enumerate(codes)}
    batch = acting(session).batch({name: setup.user_access([code]) for name, code in names.items()})
    return {code: not batch.failed(name) and bool(batch[name]) for name, code in names.items()}
