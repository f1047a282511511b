"""Why somebody cannot make a document: conditions as ticks, and the one cause that comes first.

Pure rules over facts that `examine` has gathered. What was not asked, because only the person's
own token could tell it and there is none, stays unknown: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from b24app.bitrix.documentgenerator import DocumentTemplate
from b24app.documents import offers
from b24app.documents.offers import Missing


class Condition(StrEnum):
    """In the order in which they are shown, and in which the cause is looked for."""

    ANSWERS = "answers"
    PLAN = "plan"
    SCOPE = "scope"
    INSTALLED = "installed"
    BACKGROUND = "background"
    APPLICATION = "application"
    DEAL_EXISTS = "deal_exists"
    DEAL_READABLE = "deal_readable"
    VIEWS = "views"
    CHANGES = "changes"
    TEMPLATES_RIGHT = "templates_right"
    EXISTS = "exists"
    ACTIVE = "active"
    BOUND = "bound"
    OPEN = "open"
    OFFERED = "offered"


class Mend(StrEnum):
    """What a button of ours may do about a cause."""

    REPAIR = "repair"
    RECONNECT = "reconnect"
    ACTIVATE = "activate"
    BIND = "bind"
    OPEN = "open"


MENDS = {
    Condition.INSTALLED: Mend.REPAIR,
    Condition.SCOPE: Mend.REPAIR,
    Condition.BACKGROUND: Mend.RECONNECT,
    Condition.ACTIVE: Mend.ACTIVATE,
    Condition.BOUND: Mend.BIND,
    Condition.OPEN: Mend.OPEN,
}
HARMLESS = frozenset({Condition.TEMPLATES_RIGHT})
"""Only told: Docket reads fields with the installation's token for whoever lacks the right."""


@dataclass(frozen=True)
class Facts:
    """True, False, or None where it could not be asked.

    `about_deal`, `about_template`: what was chosen. `template` is None where it is not there.
    `held`: access codes the person certainly holds; `asked`: codes that Bitrix24 was asked about
    with the person's own token. `known`: there is a living token of his.
    """

    person_id: int
    about_deal: bool
    about_template: bool
    known: bool = False
    answers: bool | None = None
    plan: bool | None = None
    missing_scopes: tuple[str, ...] = ()
    scope: bool | None = None
    installed: bool | None = None
    background: bool | None = None
    application: bool | None = None
    deal_exists: bool | None = None
    deal_readable: bool | None = None
    entity_type_id: int = 0
    category_id: int | None = None
    views: bool | None = None
    changes: bool | None = None
    templates_right: bool | None = None
    template_exists: bool | None = None
    template: DocumentTemplate | None = None
    catalogue: tuple[DocumentTemplate, ...] = ()
    held: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tick:
    condition: Condition
    met: bool | None


@dataclass(frozen=True)
class Diagnosis:
    """`cause`: the first condition that is not met; None where all that is known is met. `unsure`:
    conditions that nobody could be asked about."""

    ticks: list[Tick]
    cause: Condition | None
    mend: Mend | None
    unsure: list[Condition]
    offered: list[DocumentTemplate] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def is_sure(self) -> bool:
        return self.cause is not None or not self.unsure


def diagnose(facts: Facts) -> Diagnosis:
    """Every condition that what was chosen depends on, and what there is to be done."""
    offered, missing = _offers(facts)
    met = {
        Condition.ANSWERS: facts.answers,
        Condition.PLAN: facts.plan,
        Condition.SCOPE: facts.scope,
        Condition.INSTALLED: facts.installed,
        Condition.BACKGROUND: facts.background,
        Condition.APPLICATION: facts.application,
        Condition.DEAL_EXISTS: facts.deal_exists,
        Condition.DEAL_READABLE: facts.deal_readable,
        Condition.VIEWS: facts.views,
        Condition.CHANGES: facts.changes,
        Condition.TEMPLATES_RIGHT: facts.templates_right,
        Condition.EXISTS: facts.template_exists,
        Condition.ACTIVE: facts.template.active if facts.template else None,
        Condition.BOUND: _is_bound(facts),
        Condition.OPEN: is_open(facts.template, facts) if facts.template else None,
        Condition.OFFERED: bool(offered) if facts.category_id is not None else None,
    }
    ticks = [Tick(condition, met[condition]) for condition in _asked_about(facts)]
    cause = next((t.condition for t in ticks if t.met is False and _stops(t)), None)
    unsure = [t.condition for t in ticks if t.met is None and _stops(t)]
    mend = MENDS.get(cause) if cause else None
    return Diagnosis(ticks, cause, mend, unsure, offered, missing)


def _stops(tick: Tick) -> bool:
    return tick.condition not in HARMLESS


def _asked_about(facts: Facts) -> Iterable[Condition]:
    """Without a template, whether any is offered; without a deal, nothing of deals."""
    of_deal = {Condition.DEAL_EXISTS, Condition.DEAL_READABLE, Condition.BOUND}
    of_template = {Condition.EXISTS, Condition.ACTIVE, Condition.BOUND, Condition.OPEN}
    left_out: set[Condition] = set()
    if not facts.about_deal:
        left_out |= of_deal
    left_out |= {Condition.OFFERED} if facts.about_template else of_template
    if facts.about_template and facts.template_exists is False:
        left_out |= of_template - {Condition.EXISTS}
    if facts.deal_exists is False:
        left_out |= {Condition.DEAL_READABLE, Condition.BOUND, Condition.OFFERED}
    return (condition for condition in Condition if condition not in left_out)


def _is_bound(facts: Facts) -> bool | None:
    if facts.template is None or facts.category_id is None:
        return None
    return offers.is_bound(facts.template, facts.entity_type_id, facts.category_id)


def is_open(template: DocumentTemplate, facts: Facts) -> bool | None:
    """None where it hangs on codes that the documented REST cannot decide, or that only the person
    could be asked about."""
    if offers.surely_open_to(template, set(facts.held)):
        return True
    decided = offers.own_codes(facts.person_id) | facts.asked
    for code in template.users:
        someone_else = code.startswith("U") and code[1:].isdigit()
        if not (someone_else or code in decided) or not offers.DECIDABLE.fullmatch(code):
            return None
    return False


def _offers(facts: Facts) -> tuple[list[DocumentTemplate], list[Missing]]:
    """What the person is offered in the deal, by the same rules as in its tab."""
    offered, missing = [], []
    if facts.category_id is None:
        return [], []
    for template in facts.catalogue:
        kind, held = facts.entity_type_id, set(facts.held)
        cause = offers.cause_of(template, kind, facts.category_id, held)
        if cause is None:
            offered.append(template)
        elif cause is not offers.Cause.OTHER_KIND:
            missing.append(Missing(template, cause))
    return offered, missing
