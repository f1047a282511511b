"""One template: read, changed, switched, deleted. Lost answers are read back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from b24app.bitrix.documentgenerator import (
    DocumentTemplate,
    ListedDocument,
    delete_template,
    list_numerators,
    list_templates,
    newest_of_templates,
    update_template,
)
from b24app.bitrix.errors import AnswerLost, BitrixError, Refused
from b24app.bitrix.protocol import Command
from b24app.console import bindings, template_form, template_users
from b24app.console.errors import NoSuchTemplate, NotFoundOut
from b24app.console.template_form import Known, Typed, Values
from b24app.documents import catalogue
from b24app.models import FrameSession, Portal, TemplateFile
from b24app.portals.clients import acting
from b24app.portals.errors import Disconnected

log = logging.getLogger(__name__)
SHOWN = 5
"""Documents that are named among those made from a template."""


class ChangedElsewhere(Exception):
    """It was changed after the form was opened; `template` is how it is now."""

    def __init__(self, template: DocumentTemplate) -> None:
        super().__init__("changed elsewhere")
        self.template = template


@dataclass(frozen=True)
class Uses:
    """Who needs a template."""

    total: int
    newest: list[tuple[ListedDocument, str]]
    """The newest documents made from it, each with who made it, "" where Docket does not know."""


def find(session: FrameSession, template_id: int) -> DocumentTemplate:
    """The template as it is now. Raises `NoSuchTemplate`, `BitrixError`."""
    page = acting(session).run(list_templates(extra_filter={"id": template_id}))
    found = next((one for one in page.items if one.id == template_id), None)
    if found is None or found.is_deleted:
        raise NoSuchTemplate
    return found


def options(session: FrameSession, template: DocumentTemplate | None = None) -> Known:
    """What can be chosen in a form. Raises `BitrixError`."""
    numerators = list(acting(session).pages(list_numerators))
    pipelines = bindings.read_pipelines(session)
    return template_form.known(session.portal, numerators, pipelines, template)


def stamp_of(moment: datetime | None) -> str:
    """What a form remembers of the state that it shows."""
    return moment.isoformat() if moment else ""


def save(
    session: FrameSession, template: DocumentTemplate, known: Known, form: Typed, seen: str
) -> DocumentTemplate:
    """Writes a form. `seen`: the `stamp_of` what it was built on.

    Raises `FieldsWrong`, `ChangedElsewhere`, `NotFoundOut`, `BitrixError`.
    """
    values = template_form.checked(form, known)
    if seen != stamp_of(template.update_time):
        raise ChangedElsewhere(template)
    command = update_template(
        template.id,
        name=values.name,
        numerator_id=values.numerator_id,
        region=values.region,
        entity_types=values.entity_types,
        users=values.users,
        active=values.active,
        with_stamps=values.stamps,
        sort=values.sort,
    )
    return change(session, template.id, command, lambda now: _holds(now, values))


def switch(session: FrameSession, template_id: int, *, on: bool) -> DocumentTemplate:
    """Switches a template on or off. Raises `NoSuchTemplate`, `NotFoundOut`, `BitrixError`."""
    template = find(session, template_id)
    command = update_template(template_id, active=on, users=template.users)
    return change(session, template_id, command, lambda now: now.active is on)


def change(
    session: FrameSession,
    template_id: int,
    command: Command[DocumentTemplate],
    holds: Callable[[DocumentTemplate], bool],
) -> DocumentTemplate:
    """Runs a change; where its answer is lost, `holds` says whether it was made all the same.

    Raises `NotFoundOut`, `NoSuchTemplate`, `BitrixError`.
    """
    try:
        template = acting(session).run(command)
    except AnswerLost as error:
        log.warning("answer lost, template %s: %s", template_id, type(error).__name__)
        template = find(session, template_id)
        if not holds(template):
            raise NotFoundOut from error
    follow(session.portal)
    return template


def _holds(now: DocumentTemplate, values: Values) -> bool:
    return (
        (now.name, now.numerator_id) == (values.name, values.numerator_id)
        and (now.region, now.sort) == (values.region, values.sort)
        and (now.with_stamps, now.active) == (values.stamps, values.active)
        and set(now.entity_types) == set(values.entity_types)
        and set(now.users) == set(values.users)
    )


def follow(portal: Portal) -> None:
    """Reads the catalogue again, so that everybody picks from what is now; or lets it be old."""
    try:
        catalogue.refresh(portal)
    except (BitrixError, Disconnected) as error:
        log.info("the catalogue was not read again: %s", type(error).__name__)
        catalogue.outdated(portal)


def uses(session: FrameSession, template_id: int) -> Uses:
    """Documents made from it, in all of the portal. Raises `BitrixError`."""
    page = acting(session).run(newest_of_templates([template_id]))
    people = template_users.names(session.portal)
    newest = [(one, people.get(one.created_by or 0, "")) for one in page.items[:SHOWN]]
    total = page.total if page.total is not None else len(page.items)
    return Uses(max(total, len(page.items)), newest)


def delete(session: FrameSession, template_id: int) -> None:
    """Deletes it, and the old files that Docket keeps of it.

    Raises `NoSuchTemplate` where it was gone before, `NotFoundOut`, `BitrixError`.
    """
    find(session, template_id)
    try:
        acting(session).run(delete_template(template_id))
    except (AnswerLost, Refused) as error:
        if _is_there(session, template_id):
            raise (NotFoundOut() if isinstance(error, AnswerLost) else error) from error
    TemplateFile.objects.filter(portal=session.portal, template_id=template_id).delete()
    follow(session.portal)


def _is_there(session: FrameSession, template_id: int) -> bool:
    try:
        find(session, template_id)
    except NoSuchTemplate:
        return False
    return True
