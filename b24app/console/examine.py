"""The access doctor asks: Bitrix24 with the administrator's token, and with the person's own where
there is one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from b24app.bitrix import setup
from b24app.bitrix.client import Batch, PortalClient
from b24app.bitrix.crm import DEAL, CrmItem, get_item
from b24app.bitrix.documentgenerator import (
    DocumentTemplate,
    ListedDocument,
    document_fields,
    get_template,
    list_documents,
    list_templates,
)
from b24app.bitrix.errors import (
    AccessDenied,
    AnswerLost,
    BitrixError,
    GrantInvalid,
    NotFound,
    NotReached,
    PaymentRequired,
    Refused,
    ScopeMissing,
    TokenInvalid,
    UserNotAllowed,
)
from b24app.bitrix.protocol import Command
from b24app.console.doctor import Facts
from b24app.documents import catalogue, offers
from b24app.models import FrameSession, Portal
from b24app.portals import clients, health, install
from b24app.portals.errors import Disconnected
from b24app.portals.tokens import installation_chain

MOST_CODES = 40
MOST_TRIED = 3
"""Documents with which the right to change is tried."""


def examine(
    session: FrameSession, person_id: int, template_id: int | None, deal_id: int | None
) -> Facts:
    """What is true of a person and a template, a deal, or both. A portal that says nothing, or no
    to everything, is a fact too.

    Raises `BitrixError` for what is no fact about them.
    """
    facts = Facts(
        person_id,
        about_deal=deal_id is not None,
        about_template=template_id is not None,
        background=installation_chain(session.portal) is not None,
        held=frozenset(offers.own_codes(person_id)),
    )
    try:
        facts = _installation(session, facts, template_id, deal_id)
    except (NotReached, AnswerLost):
        return replace(facts, answers=False)
    except PaymentRequired:
        return replace(facts, answers=True, plan=False)
    facts = _templates(session.portal, facts)
    client = _own_client(session, person_id)
    return facts if client is None else _by_person(client, facts, deal_id)


def _installation(
    session: FrameSession, facts: Facts, template_id: int | None, deal_id: int | None
) -> Facts:
    """One batch with the administrator's token."""
    commands: dict[str, Command[Any]] = {
        "scopes": setup.scope(),
        "placements": setup.placement_get(),
        "known": setup.placement_list(),
    }
    if template_id is not None:
        commands["template"] = get_template(template_id)
    if deal_id is not None:
        commands["deal"] = get_item(DEAL, deal_id)
    batch = clients.acting(session).batch(commands)
    missing = tuple(one for one in install.SCOPES if one not in batch["scopes"])
    facts = replace(
        facts,
        answers=True,
        plan=True,
        missing_scopes=missing,
        scope=not missing,
        installed=_is_there(session.portal, batch),
    )
    if template_id is not None:
        facts = _of_template(facts, batch)
    return facts if deal_id is None else _of_deal(facts, batch)


def _is_there(portal: Portal, batch: Batch) -> bool | None:
    """Whether the deal card has the tab; None where the right to ask is missing."""
    if batch.failed("placements") or batch.failed("known"):
        return None
    bound = health.places(portal, batch["placements"], batch["known"])
    return any(there for place, there in bound if place is install.TAB)


def _of_template(facts: Facts, batch: Batch) -> Facts:
    """A deleted template is marked or gone; both are refused alike."""
    failure = batch.failed("template")
    if isinstance(failure, Refused) and not isinstance(failure, AccessDenied):
        return replace(facts, template_exists=False)
    if failure is not None:
        return facts
    template: DocumentTemplate = batch["template"]
    if template.is_deleted:
        return replace(facts, template_exists=False)
    return replace(facts, template_exists=True, template=template)


def _of_deal(facts: Facts, batch: Batch) -> Facts:
    failure = batch.failed("deal")
    if isinstance(failure, NotFound):
        return replace(facts, deal_exists=False)
    if failure is not None:
        return facts
    deal: CrmItem = batch["deal"]
    return replace(facts, deal_exists=True, entity_type_id=DEAL, category_id=deal.category_id or 0)


def _templates(portal: Portal, facts: Facts) -> Facts:
    """The portal's templates as Docket last read them; anew where it can."""
    with suppress(BitrixError, Disconnected):  # an old catalogue says more than none
        catalogue.renew(portal)
    known = [one for one in catalogue.kept(portal) if not one.is_deleted]
    known.sort(key=lambda t: (t.sort, t.name.casefold()))
    return replace(facts, catalogue=tuple(known))


def _own_client(session: FrameSession, person_id: int) -> PortalClient | None:
    """Speaks with the person's own token; None where he has not opened Docket lately."""
    if person_id == session.person.user_id:
        return clients.acting(session)
    try:
        return clients.on_behalf(session.portal, person_id)
    except Disconnected:
        return None


def _by_person(client: PortalClient, facts: Facts, deal_id: int | None) -> Facts:
    """What only the person's own token can tell."""
    codes = _codes(facts)
    commands: dict[str, Command[Any]] = {
        "documents": list_documents(entity_type_id=DEAL, entity_id=deal_id),
        "templates": list_templates(),
        **{f"code{number}": setup.user_access([code]) for number, code in enumerate(codes)},
    }
    if deal_id is not None and facts.deal_exists:
        commands["deal"] = get_item(DEAL, deal_id)
    try:
        batch = client.batch(commands)
    except UserNotAllowed:
        return replace(facts, known=True, application=False)
    except (TokenInvalid, GrantInvalid, NotReached, AnswerLost):
        return facts
    answered = {code: batch.failed(f"code{n}") is None for n, code in enumerate(codes)}
    holds = {code for n, code in enumerate(codes) if answered[code] and batch[f"code{n}"]}
    facts = replace(
        facts,
        known=True,
        application=True,
        views=_may(batch, "documents"),
        templates_right=_may(batch, "templates"),
        deal_readable=_may(batch, "deal") if "deal" in commands else None,
        held=facts.held | holds,
        asked=frozenset(code for code, told in answered.items() if told),
    )
    if facts.views is not True or facts.deal_readable is False:
        return facts
    return replace(facts, changes=_may_change(client, facts, batch["documents"].items))


def _codes(facts: Facts) -> list[str]:
    templates = [facts.template] if facts.template else facts.catalogue
    decidable = {c for c in offers.codes_to_ask(templates) if offers.DECIDABLE.fullmatch(c)}
    return sorted(decidable)[:MOST_CODES]


def _may(batch: Batch, name: str) -> bool | None:
    """None where the answer says nothing of a right."""
    failure = batch.failed(name)
    if failure is None:
        return True
    is_refusal = isinstance(failure, Refused) and not isinstance(failure, ScopeMissing)
    return False if is_refusal else None


def _may_change(
    client: PortalClient, facts: Facts, listed: tuple[ListedDocument, ...]
) -> bool | None:
    """Whether the person may change documents: tried with the fields of some that exist, which
    Bitrix24 reads only to who may change them. Only those say something whose template is open to
    the person for certain; None without such a one."""
    open_ones = {t.id for t in facts.catalogue if offers.surely_open_to(t, set(facts.held))}
    tried = [one.id for one in listed if one.template_id in open_ones][:MOST_TRIED]
    if not tried:
        return None
    try:
        batch = client.batch({f"document{one}": document_fields(one) for one in tried})
    except BitrixError:
        return None
    answers = [_may(batch, f"document{one}") for one in tried]
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else None
