"""A new template is sent once: committed before the call, looked for where the answer is lost."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from b24app.bitrix.documentgenerator import DocumentTemplate, add_template, list_templates
from b24app.bitrix.download import harmless
from b24app.bitrix.errors import AnswerLost, BitrixError
from b24app.console import template_edit, template_form
from b24app.console.errors import NoSuchTemplate
from b24app.console.template_form import Known, Typed, Values
from b24app.documents import attach
from b24app.documents.attach import Sent
from b24app.documents.errors import FieldsWrong
from b24app.documents.generate import BEGINS_WITHIN, STILL_SENDING
from b24app.models import FrameSession, TemplateAddition
from b24app.portals.clients import acting

log = logging.getLogger(__name__)
State = TemplateAddition.State
FILE = "file"
TWIN = timedelta(minutes=2)
"""The same name and file, added so short a time ago, is the same wish from a second tab."""
KEPT = timedelta(days=2)


def find(session: FrameSession, addition_id: UUID) -> TemplateAddition | None:
    """Any administrator's of this portal; None for a form that was not sent yet."""
    return TemplateAddition.objects.filter(portal=session.portal, pk=addition_id).first()


def under_way(session: FrameSession) -> list[TemplateAddition]:
    rows = TemplateAddition.objects.filter(portal=session.portal)
    return list(rows.filter(state__in=TemplateAddition.UNDER_WAY).order_by("sent_at"))


def add(
    session: FrameSession, addition_id: UUID, known: Known, form: Typed, file: Sent | None
) -> TemplateAddition:
    """Adds the template; answers the row that stands for it, perhaps one that was quicker.

    Raises `FieldsWrong`, and the `BitrixError` of a call that certainly did nothing.
    """
    earlier = TemplateAddition.objects.filter(pk=addition_id).first()
    if earlier is not None and earlier.portal_id != session.portal.pk:
        raise NoSuchTemplate
    if earlier is not None and look(session, earlier, now=True).state != State.MISSING:
        return earlier
    form = template_form.named_after(form, file.name) if file else form
    values = template_form.checked(form, known, **{FILE: attach.docx_problem(file)})
    if file is None:  # docx_problem has said so
        raise FieldsWrong({FILE: ""})
    after = max((one.id for one in _all(session)), default=0)
    row = _row(session, addition_id, form, values, file, after)
    rival = _claim(session, row)
    return rival or _call(session, row, values, file)


def _all(session: FrameSession) -> list[DocumentTemplate]:
    return list(acting(session).pages(list_templates))


def _row(
    session: FrameSession, addition_id: UUID, form: Typed, values: Values, file: Sent, after: int
) -> TemplateAddition:
    digest = hashlib.sha256(values.name.encode() + b"\0" + file.body).hexdigest()
    row = TemplateAddition(
        pk=addition_id,
        portal=session.portal,
        user_id=session.person.user_id,
        name=values.name,
        digest=digest,
        after=after,
        sent_at=timezone.now(),
    )
    row.form = form.kept()
    return row


def _claim(session: FrameSession, row: TemplateAddition) -> TemplateAddition | None:
    """Commits the row; answers the one that was quicker instead."""
    for _try in range(2):
        mine = TemplateAddition.objects.filter(portal=session.portal)
        twin = mine.filter(digest=row.digest, state=State.MADE, sent_at__gt=row.sent_at - TWIN)
        found = twin.exclude(pk=row.pk).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                mine.filter(pk=row.pk, state=State.MISSING).delete()
                row.save(force_insert=True)
        except IntegrityError:
            rival = mine.filter(pk=row.pk).first() or mine.filter(
                name=row.name, state__in=TemplateAddition.UNDER_WAY
            ).first()  # fmt: skip
            if rival is not None and look(session, rival).state != State.MISSING:
                return rival
        else:
            return None
    raise NoSuchTemplate


def _call(
    session: FrameSession, row: TemplateAddition, values: Values, file: Sent
) -> TemplateAddition:
    command = add_template(
        name=values.name,
        file_name=harmless(file.name) or "template.docx",
        content=file.body,
        numerator_id=values.numerator_id,
        region=values.region,
        entity_types=values.entity_types,
        users=values.users,
        active=values.active,
        with_stamps=values.stamps,
        sort=values.sort,
    )
    until = (row.sent_at + BEGINS_WITHIN).timestamp()
    try:
        template = acting(session, until=until).run(command)
    except AnswerLost as error:
        log.warning("answer lost, template %s: %s", row.pk, type(error).__name__)
        _become(row, State.UNKNOWN, lost_at=timezone.now())
    except BitrixError:
        TemplateAddition.objects.filter(pk=row.pk).delete()
        raise
    else:
        _become(row, State.MADE, template_id=template.id)
        template_edit.follow(session.portal)
    return row


def look(session: FrameSession, row: TemplateAddition, *, now: bool = False) -> TemplateAddition:
    """Looks for a template whose answer is missing: found, not there, or still to be looked for.

    `now`: also where it was given up, once more before it is sent again. Raises `BitrixError`.
    """
    dead = timezone.now() > row.sent_at + STILL_SENDING
    due = row.state == State.UNKNOWN or (row.state == State.SENDING and dead)
    if not due and not (now and row.state == State.MISSING):
        return row
    taken = TemplateAddition.objects.filter(portal=session.portal, state=State.MADE)
    ids = set(taken.values_list("template_id", flat=True))
    found = [
        one.id
        for one in _all(session)
        if one.id > row.after and one.name.strip() == row.name and one.id not in ids
    ]
    if found:
        _become(row, State.MADE, template_id=max(found))
        template_edit.follow(session.portal)
    elif due and _is_quiet_over(row):
        _become(row, State.MISSING)
    return row


def _is_quiet_over(row: TemplateAddition) -> bool:
    begins = row.lost_at or row.sent_at + BEGINS_WITHIN
    return timezone.now() > begins + timedelta(seconds=settings.QUIET_SECONDS)


def _become(row: TemplateAddition, state: str, **more: object) -> None:
    """Only from where it was: two pages may look at once."""
    rows = TemplateAddition.objects.filter(pk=row.pk, state=row.state)
    rows.update(state=state, **more)
    row.refresh_from_db()


def prune() -> None:
    """Deletes what was settled long ago."""
    over = TemplateAddition.objects.filter(sent_at__lt=timezone.now() - KEPT)
    over.exclude(state__in=TemplateAddition.UNDER_WAY).delete()
