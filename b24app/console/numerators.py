"""The portal's numerators: read, made, changed and deleted for the administrator at the page.

The same calls exist under two names, and portals differ in which of them may change what. So each
change goes to the generator's own methods first where the application has their scope, and to the
CRM's where those refuse: a refusal changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from b24app.bitrix.client import PortalClient
from b24app.bitrix.documentgenerator import (
    DocumentTemplate,
    ListedDocument,
    Numerator,
    add_numerator,
    delete_numerator,
    get_numerator,
    list_numerators,
    newest_of_templates,
    template_fields,
    update_numerator,
)
from b24app.bitrix.documentgenerator.numerators import Prefix
from b24app.bitrix.errors import (
    AccessDenied,
    AnswerLost,
    BitrixError,
    MethodMissing,
    NotFound,
    Refused,
    ScopeMissing,
)
from b24app.bitrix.protocol import PAGE_SIZE, Command, Page
from b24app.console import numbering
from b24app.console.numbering import Plan
from b24app.documents import catalogue
from b24app.documents.fields import NUMBER
from b24app.models import FrameSession
from b24app.portals.clients import acting
from b24app.portals.errors import Disconnected

T = TypeVar("T")
CRM: Final[Prefix] = "crm.documentgenerator"
OWN: Final[Prefix] = "documentgenerator"
_FOREIGN: Final = "DOCGEN_ACCESS_ERROR"
_NO_SUCH: Final = frozenset({"0", "100"})


class OnlyInPortal(Exception):
    """Bitrix24 lets no application change this numerator."""


class NameTaken(Exception):
    """There is a numerator of this name already, perhaps of the press before."""


class NotThere(Exception):
    """The answer was lost, and what was asked for is not there: looked right after it."""


class NoSuchNumerator(Exception):
    """It was deleted meanwhile, or never was."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One numerator. `templates`: those that use it. `own`: the CRM's list does not have it."""

    numerator: Numerator
    templates: tuple[DocumentTemplate, ...]
    own: bool

    @property
    def plan(self) -> Plan:
        return numbering.plan_of(self.numerator)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All numerators. `has_scope`: whether the generator's own methods may be called."""

    listed: tuple[Listed, ...]
    has_scope: bool

    def of(self, numerator_id: int) -> Listed:
        """Raises `NoSuchNumerator`."""
        for one in self.listed:
            if one.numerator.id == numerator_id:
                return one
        raise NoSuchNumerator


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sequence stands: `next`, as Bitrix24 shows it for a document made now.

    `company`: the own company whose sequence it is, "" where Bitrix24 did not name one.
    """

    next: int
    text: str
    company: str


@dataclass(frozen=True, slots=True)
class Saved:
    """`ignored`: what Bitrix24 has not taken over, though it answered success."""

    numerator: Numerator
    ignored: tuple[str, ...] = ()
    found: bool = False
    """The answer was lost, and it was looked for."""


def shelf(session: FrameSession) -> Shelf:
    """All numerators with the templates that use them. Raises `BitrixError`."""
    client = acting(session)
    batch = client.batch({"crm": list_numerators(), "own": list_numerators(prefix=OWN)})
    crm = _whole(client, batch["crm"], CRM)
    refused = batch.failed("own")
    own: list[Numerator] = []
    if refused is None:
        own = _whole(client, batch["own"], OWN)
    elif not isinstance(refused, ScopeMissing | MethodMissing | AccessDenied | Refused):
        raise refused
    known = {one.id for one in crm}
    users = templates_by_numerator(session)
    found = [(one, False) for one in crm] + [(one, True) for one in own if one.id not in known]
    listed = [Listed(one, tuple(users.get(one.id, ())), own=is_own) for one, is_own in found]
    listed.sort(key=lambda one: (one.numerator.name.casefold(), one.numerator.id))
    return Shelf(tuple(listed), has_scope=refused is None)


def _whole(client: PortalClient, first: Page[Numerator], prefix: Prefix) -> list[Numerator]:
    """A list whose first page is there already."""
    if first.next is None:
        return list(first.items)
    return list(client.pages(lambda start: list_numerators(start, prefix=prefix)))


def templates_by_numerator(session: FrameSession) -> dict[int, list[DocumentTemplate]]:
    """From the kept catalogue, renewed where it is old and can be read."""
    with suppress(BitrixError, Disconnected):  # what was kept is better than no page
        catalogue.renew(session.portal)
    found: dict[int, list[DocumentTemplate]] = {}
    for template in catalogue.kept(session.portal):
        if template.numerator_id and not template.is_deleted:
            found.setdefault(template.numerator_id, []).append(template)
    return found


def fresh(session: FrameSession, listed: Listed, *, has_scope: bool) -> Listed:
    """The same as Bitrix24 has it now, by `get`. Raises `NoSuchNumerator`, `BitrixError`."""
    prefix = OWN if has_scope else CRM
    numerator = _get(acting(session), listed.numerator.id, prefix)
    return replace(listed, numerator=numerator)


def _get(client: PortalClient, numerator_id: int, prefix: Prefix) -> Numerator:
    try:
        return client.run(get_numerator(numerator_id, prefix=prefix))
    except Refused as error:
        if isinstance(error, NotFound) or error.code in _NO_SUCH:
            raise NoSuchNumerator from error
        raise


def standing(session: FrameSession, listed: Listed) -> Standing | None:
    """Where it stands, by a dry run for the newest document that it numbered.

    REST does not tell the counter itself. None: no document shows it, or Bitrix24 does not answer;
    nothing is spent by asking.
    """
    ids = [template.id for template in listed.templates if template.active][:PAGE_SIZE]
    if not ids:
        return None
    client = acting(session)
    try:
        page = client.run(newest_of_templates(ids))
        document = next((one for one in page.items if NUMBER not in one.values), None)
        return _dry(client, listed.plan, document) if document else None
    except BitrixError:
        return None


def _dry(client: PortalClient, plan: Plan, document: ListedDocument) -> Standing | None:
    found = client.run(
        template_fields(document.template_id or 0, document.entity_type_id, document.entity_id)
    )
    fields = {field.code: field for field in found}
    text = fields[NUMBER].value if NUMBER in fields else None
    reading = numbering.reader(plan)(text or "")
    if reading is None:
        return None
    choices = fields["MY_COMPANY"].choices if "MY_COMPANY" in fields else ()
    company = next((one.title for one in choices if one.selected), "")
    return Standing(reading.value, text or "", "" if plan.direct else company)


def create(session: FrameSession, plan: Plan, prefix: Prefix) -> Saved:
    """A new numerator. Raises `NameTaken`, `NotThere`, `BitrixError`.

    Names are looked at first, so that pressing again after a lost answer makes no second one.
    """
    client = acting(session)
    if _named(client, plan.name, prefix):
        raise NameTaken
    try:
        made = client.run(add_numerator(plan.name, plan.template, plan.settings, prefix=prefix))
    except AnswerLost as error:
        found = _named(client, plan.name, prefix)
        if found is None:
            raise NotThere from error
        return Saved(found, numbering.differs(plan, numbering.plan_of(found)), found=True)
    return Saved(made, numbering.differs(plan, numbering.plan_of(made)))


def _named(client: PortalClient, name: str, prefix: Prefix) -> Numerator | None:
    """The newest numerator of that name."""
    every = client.pages(lambda start: list_numerators(start, prefix=prefix))
    same = [one for one in every if one.name.casefold() == name.casefold()]
    return max(same, key=lambda one: one.id, default=None)


def change(session: FrameSession, listed: Listed, plan: Plan, *, has_scope: bool) -> Saved:
    """Replaces a numerator as a whole, and compares what came back with what was sent.

    Raises `OnlyInPortal`, `NoSuchNumerator`, `NotThere`, `BitrixError`.
    """
    client, number = acting(session), listed.numerator.id

    def command(prefix: Prefix) -> Command[Numerator]:
        return update_numerator(number, plan.name, plan.template, plan.settings, prefix=prefix)

    try:
        stored = _either(client, command, listed, has_scope=has_scope)
    except AnswerLost as error:
        stored = _get(client, number, OWN if listed.own else CRM)
        ignored = numbering.differs(plan, numbering.plan_of(stored))
        if ignored:
            raise NotThere from error
        return Saved(stored, found=True)
    return Saved(stored, numbering.differs(plan, numbering.plan_of(stored)))


def delete(session: FrameSession, listed: Listed, *, has_scope: bool) -> None:
    """Deletes it; templates that use it fall back to the portal's own.

    Raises `OnlyInPortal`, `NotThere`, `BitrixError`.
    """
    client, number = acting(session), listed.numerator.id
    try:
        _either(
            client,
            lambda prefix: delete_numerator(number, prefix=prefix),
            listed,
            has_scope=has_scope,
        )
    except NoSuchNumerator:
        return
    except AnswerLost as error:
        try:
            _get(client, number, OWN if listed.own else CRM)
        except NoSuchNumerator:
            return
        raise NotThere from error


def _either(
    client: PortalClient,
    command: Callable[[Prefix], Command[T]],
    listed: Listed,
    *,
    has_scope: bool,
) -> T:
    """The change under the first name that may make it."""
    prefixes = [OWN] if listed.own else [OWN, CRM] if has_scope else [CRM]
    for prefix in prefixes:
        try:
            return client.run(command(prefix))
        except AccessDenied as error:
            if error.code != _FOREIGN:
                raise
        except Refused as error:
            # The same code says "gone" and "not with these settings".
            _get(client, listed.numerator.id, prefix)
            raise error
    raise OnlyInPortal
