"""The file of a template: replaced under the same id, the old ones kept, compared, brought back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import zip_longest
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from b24app import docx, memory
from b24app.bitrix.documentgenerator import DocumentTemplate, template_file, update_template
from b24app.bitrix.download import harmless
from b24app.bitrix.errors import Refused, UnexpectedAnswer
from b24app.console import template_edit, template_users
from b24app.console.errors import FileNotKept, NotFoundOut, OldFileAway
from b24app.documents import archive, attach, catalogue, differences, files
from b24app.documents.attach import Sent
from b24app.documents.differences import Part
from b24app.documents.errors import FieldsWrong
from b24app.docx.text import PARAGRAPH
from b24app.models import DownloadTicket, FrameSession, Portal, TemplateFile
from b24app.portals.clients import acting

MOST_KEPT = 20
"""Old files of one template."""
AFTERWARDS = timedelta(days=30)
LONGEST_REPLACING = 180
"""Seconds. Two at once could overwrite a file that nobody has kept."""
MOST_PARAGRAPHS = 3000
"""To be compared in time."""
TYPES = archive.TYPES[DownloadTicket.Kind.DOCX]


@dataclass(frozen=True)
class Kept:
    id: UUID
    size: int
    kept_at: datetime
    by: str
    """Who replaced it."""


@dataclass(frozen=True)
class Comparison:
    """`changes`: pairs of paragraphs, each in pieces; None where the texts are too long for it."""

    changes: list[tuple[list[Part], list[Part]]] | None
    paragraphs: int
    """Of the newer file."""


def kept(portal: Portal, template_id: int) -> list[Kept]:
    """Old files, the one that was replaced last first."""
    people = template_users.names(portal)
    rows = TemplateFile.objects.filter(portal=portal, template_id=template_id)
    found = rows.order_by("-kept_at").values_list("pk", "size", "kept_at", "user_id")
    return [
        Kept(pk, size, at, template_users.label(f"U{user}", people)) for pk, size, at, user in found
    ]


def replace(
    session: FrameSession, template_id: int, file: Sent | None, *, without_old: bool = False
) -> None:
    """Gives the template another file; the present one is fetched and kept first.

    `without_old`: also where the present one cannot be fetched. Raises `FieldsWrong`,
    `NoSuchTemplate`, `OldFileAway`, `NotFoundOut`, `BitrixError`.
    """
    problem = attach.docx_problem(file)
    if problem or file is None:
        raise FieldsWrong({"file": problem})
    template = template_edit.find(session, template_id)
    name = harmless(file.name) or f"{harmless(template.name)}.docx"
    _put(session, template, name, file.body, without_old=without_old)


def bring_back(
    session: FrameSession, template_id: int, file_id: UUID, *, without_old: bool = False
) -> None:
    """Gives the template one of its old files; the present one is kept in turn.

    Raises as `replace` does, and `FileNotKept`.
    """
    template = template_edit.find(session, template_id)
    body = _kept(session, template_id, file_id).body
    name = f"{harmless(template.name) or 'template'}.docx"
    _put(session, template, name, body, without_old=without_old)


def _put(
    session: FrameSession, template: DocumentTemplate, name: str, body: bytes, *, without_old: bool
) -> None:
    lock = f"template-file:{session.portal.pk}:{template.id}"
    if not memory.take(lock, LONGEST_REPLACING):
        raise FieldsWrong(
            {"file": _("Somebody is replacing this file right now. Look again soon.")}
        )
    try:
        _keep_and_put(session, template, name, body, without_old=without_old)
    finally:
        memory.release(lock)


def _keep_and_put(
    session: FrameSession, template: DocumentTemplate, name: str, body: bytes, *, without_old: bool
) -> None:
    kept_now = None
    try:
        present = _present(session, template.id)
    except OldFileAway:
        if not without_old:
            raise
    else:
        if _digest(present) == _digest(body):
            raise FieldsWrong({"file": _("This is the very file that the template has now.")})
        kept_now = _keep(session, template.id, present)
    command = update_template(template.id, file=(name, body), users=template.users)
    try:
        template_edit.change(
            session, template.id, command, lambda now: _has(session, template.id, body)
        )
    except Refused:
        if kept_now is not None:
            kept_now.delete()  # it is the present one still
        raise


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _has(session: FrameSession, template_id: int, body: bytes) -> bool:
    try:
        return _digest(_present(session, template_id)) == _digest(body)
    except OldFileAway:
        raise NotFoundOut from None


def _present(session: FrameSession, template_id: int) -> bytes:
    """The file that Bitrix24 has. Raises `OldFileAway`, or `BitrixError` while it is silent."""
    client = acting(session)
    try:
        link = client.run(template_file(template_id))
        if link is None:
            raise OldFileAway
        return client.download(link, types=TYPES, limit=docx.LARGEST).body
    except (Refused, UnexpectedAnswer) as error:
        raise OldFileAway from error


def _keep(session: FrameSession, template_id: int, body: bytes) -> TemplateFile | None:
    """Keeps a file; answers its row where it is a new one."""
    rows = TemplateFile.objects.filter(portal=session.portal, template_id=template_id)
    told = {"kept_at": timezone.now(), "user_id": session.person.user_id}
    if rows.filter(digest=_digest(body)).update(**told):
        return None
    row = TemplateFile(portal=session.portal, template_id=template_id, digest=_digest(body), **told)
    row.body = body
    row.save()
    over = rows.order_by("-kept_at").values_list("pk", flat=True)[MOST_KEPT:]
    rows.filter(pk__in=list(over)).delete()
    return row


def prune() -> None:
    """Deletes the old files of templates that were deleted in Bitrix24 itself, after a while."""
    old = TemplateFile.objects.filter(kept_at__lt=timezone.now() - AFTERWARDS)
    for portal in Portal.objects.filter(pk__in=old.values("portal")):
        if catalogue.is_fresh(portal):
            there = [one.id for one in catalogue.kept(portal)]
            old.filter(portal=portal).exclude(template_id__in=there).delete()


def _kept(session: FrameSession, template_id: int, file_id: UUID) -> TemplateFile:
    rows = TemplateFile.objects.filter(portal=session.portal, template_id=template_id)
    found = rows.filter(pk=file_id).first()
    if found is None:
        raise FileNotKept
    return found


def compare(session: FrameSession, template_id: int, old: UUID, new: UUID | None) -> Comparison:
    """The texts of two files, paragraph by paragraph. `new`: None for the present one.

    Raises `FileNotKept`, `OldFileAway`, `BitrixError`.
    """
    before = _kept(session, template_id, old).body
    after = _kept(session, template_id, new).body if new else _present(session, template_id)
    try:
        left, right = _paragraphs(before), _paragraphs(after)
    except docx.NotAccepted as error:
        raise OldFileAway from error
    if max(len(left), len(right)) > MOST_PARAGRAPHS:
        return Comparison(None if left != right else [], len(right))
    return Comparison(list(_changes(left, right)), len(right))


def _paragraphs(body: bytes) -> list[str]:
    texts = (one.strip() for one in docx.text(body).split(PARAGRAPH))
    return [one for one in texts if one]


def _changes(left: list[str], right: list[str]) -> Iterator[tuple[list[Part], list[Part]]]:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for before, after in zip_longest(left[a:b], right[c:d], fillvalue=""):
                yield differences.words(before, after)


def ticket(session: FrameSession, template_id: int, file_id: UUID | None = None) -> str:
    """A token for one download of the present file, or of an old one.

    Raises `NoSuchTemplate`, `FileNotKept`, `BitrixError`.
    """
    row = None
    if file_id is None:
        template_edit.find(session, template_id)
    else:
        row = _kept(session, template_id, file_id)
    kind = DownloadTicket.Kind.DOCX
    return files.issue(session, kind, template_id=template_id, template_file=row)
