"""A ready file becomes a document of the deal: checked here first, uploaded once, never guessed.

Bitrix24 checks neither the file nor the right to the deal, so both are checked before. The file is
kept nowhere: in memory for the one call, as a hash with the intent. See docs/adr/0013.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from b24app import docx
from b24app.bitrix.documentgenerator import list_documents, upload_document
from b24app.bitrix.errors import AnswerLost, BitrixError
from b24app.documents import attached, catalogue, prepare, rights
from b24app.documents.attached import AFTER, HASH, NUMBER, TITLE
from b24app.documents.errors import FieldsWrong, MakingAnother
from b24app.documents.generate import BEGINS_WITHIN, STILL_SENDING, lost, made, refuse
from b24app.documents.rights import read_deal
from b24app.models import FrameSession, Intent, Portal
from b24app.portals.clients import acting

log = logging.getLogger(__name__)

REGION, FILE, PDF = "region", "file", "pdf"
LONGEST_NAME = 255
LARGEST_PDF = 10 * 1024 * 1024
FIRST_PAGE = Path(__file__).with_name("attached.jpg")
"""Goes with a PDF as its picture, a drawn one: where the picture is missing Bitrix24 converts the
Word file, and its own PDF would take the place of the signed one."""
BUILT_IN = ("de", "uk", "fr", "pl", "sp", "mx", "br", "ru", "by", "kz", "ua")
"""Regions that every portal has; its own ones are known from its templates."""
_USUAL_REGION = {"de": "de", "en": "uk"}


@dataclass(frozen=True)
class Sent:
    """A file as the browser sent it. `body` is empty where `size` alone is too much to be read."""

    name: str
    size: int
    body: bytes


@dataclass(frozen=True)
class Paper:
    """What is attached, checked."""

    title: str
    number: str
    region: str
    file: bytes
    pdf: bytes | None

    @property
    def file_hash(self) -> str:
        return hashlib.sha256(self.file).hexdigest()

    @property
    def digest(self) -> str:
        """Of all of it: two forms with the same digest want the same document."""
        pdf = hashlib.sha256(self.pdf).hexdigest() if self.pdf else ""
        parts = [self.title, self.number, self.region, self.file_hash, pdf]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def start(session: FrameSession) -> Intent:
    """An empty form. Raises `NoDeal`, `DealForbidden`, `BitrixError`."""
    rights.require_readable(session)
    intent = Intent(
        portal=session.portal,
        kind=Intent.Kind.ATTACH,
        user_id=session.person.user_id,
        entity_type_id=session.entity_type_id,
        entity_id=session.entity_id,
        template_id=0,
    )
    intent.form = {REGION: _usual_region(session)}
    intent.save()
    return intent


def find(session: FrameSession, intent_id: str) -> Intent:
    """The person's own form of this deal. Raises `NoSuchForm`."""
    return prepare.find(session, intent_id, kinds=(Intent.Kind.ATTACH,))


def regions(portal: Portal) -> list[str]:
    """Region codes to choose from, those of the portal's templates first."""
    used = Counter(template.region for template in catalogue.kept(portal) if template.region)
    ordered = [region for region, _count in used.most_common()]
    return ordered + [code for code in BUILT_IN if code not in used]


def _usual_region(session: FrameSession) -> str:
    wanted = _USUAL_REGION.get(session.language, "")
    known = regions(session.portal)
    return wanted if wanted in known else known[0]


def send(
    session: FrameSession,
    intent: Intent,
    typed: Mapping[str, str],
    file: Sent | None,
    pdf: Sent | None,
) -> Intent:
    """Attaches the file; answers the intent that stands for it, as `generate.send` does.

    Raises `FieldsWrong` with problems by "title", "number", "region", "file", "pdf";
    `DealForbidden`; the `BitrixError` of a call that certainly did nothing. What was typed is kept
    in each case.
    """
    if intent.state not in Intent.SENDABLE:
        return intent
    intent.typed = dict(typed)
    intent.save(update_fields=["typed_sealed"])
    paper = _checked(session, typed, file, pdf)
    # Bitrix24 lets everybody attach to every deal: the right to read this one is asked for now.
    read_deal(session)
    if intent.state == Intent.State.MISSING and _came_late(session, intent):
        return intent
    newest = _newest(session)
    twin = _claim(intent, paper, newest)
    return twin or _call(session, intent, paper)


def _checked(
    session: FrameSession, typed: Mapping[str, str], file: Sent | None, pdf: Sent | None
) -> Paper:
    title, number, region = (typed.get(name, "").strip() for name in (TITLE, NUMBER, REGION))
    if file is not None and not title:
        title = file.name.rpartition(".")[0].strip()[:LONGEST_NAME]
    problems = {
        TITLE: _text_problem(title) if title or file else "",
        NUMBER: _text_problem(number),
        REGION: "" if region in regions(session.portal) else _("Choose one of the list."),
        FILE: docx_problem(file),
        PDF: _pdf_problem(pdf),
    }
    problems = {name: problem for name, problem in problems.items() if problem}
    if problems or file is None:
        raise FieldsWrong(problems)
    return Paper(title, number, region, file.body, pdf.body if pdf else None)


def _text_problem(text: str) -> str:
    if not text:
        return _("Bitrix24 needs a value here.")
    if len(text) > LONGEST_NAME:
        return _("%(length)d characters are too many: %(limit)d fit.") % {
            "length": len(text),
            "limit": LONGEST_NAME,
        }
    return ""


def docx_problem(file: Sent | None) -> str:
    """What is wrong with a Word file that somebody chose; "" for one that is accepted."""
    if file is None or not file.size:
        return _("Choose a Word file (.docx) that is not empty.")
    if file.size > docx.LARGEST:
        return refusal(docx.Reason.TOO_BIG)
    try:
        docx.check(file.body)
    except docx.NotAccepted as error:
        log.info("attached file refused: %s", error.reason)
        return refusal(error.reason)
    return ""


def _pdf_problem(pdf: Sent | None) -> str:
    if pdf is None:
        return ""
    if pdf.size > LARGEST_PDF:
        return _("The PDF is too big: 10 MB are allowed.")
    if not pdf.body.startswith(b"%PDF-") or b"%%EOF" not in pdf.body[-1024:]:
        return _("This is not a PDF, or it is cut off. Choose another one, or none.")
    return ""


def refusal(reason: docx.Reason) -> str:
    """What a person can do about a file that is not accepted."""
    return {
        docx.Reason.TOO_BIG: _(
            "The file is too big: 10 MB are allowed. Make its pictures smaller in Word."
        ),
        docx.Reason.NOT_WORD: _(
            "This is not a .docx, whatever its name says. Save it in Word as a Word document."
        ),
        docx.Reason.TEMPLATE_OR_OTHER: _(
            "This is an Office file of another kind. Save it in Word as a Word document (.docx)."
        ),
        docx.Reason.DAMAGED: _(
            "The file is damaged. Open it in Word, save it again, and choose it."
        ),
        docx.Reason.ENCRYPTED: _(
            "The file has a password. Take it off in Word, then choose it again."
        ),
        docx.Reason.TOO_MANY_PARTS: _("The file has far more parts than a document needs."),
        docx.Reason.UNPACKS_TOO_BIG: _("The file unpacks to far more than a document needs."),
        docx.Reason.TOO_COMPLEX: _("The file is built in a way that no word processor writes."),
        docx.Reason.MACRO: _(
            "The file has macros or controls. Save it in Word as a Word document without macros."
        ),
        docx.Reason.EMBEDDED: _(
            "Another file or object is inside, perhaps a chart’s workbook. In Word, put it in as a "
            "picture instead."
        ),
        docx.Reason.EXTERNAL: _(
            "The file fetches something from elsewhere when it is opened: a linked picture, a "
            "template, or a link to a file. In Word, put it into the document or take it out."
        ),
        docx.Reason.DOCTYPE: _("The file is built in a way that no word processor writes."),
    }[reason]


def _newest(session: FrameSession) -> int:
    """The id of the deal's newest document: what is attached now will have a higher one."""
    page = acting(session).run(
        list_documents(entity_type_id=session.entity_type_id, entity_id=session.entity_id)
    )
    return max((document.id for document in page.items), default=0)


def _siblings(intent: Intent, paper: Paper) -> QuerySet[Intent]:
    same = Intent.objects.filter(
        portal_id=intent.portal_id,
        kind=Intent.Kind.ATTACH,
        entity_type_id=intent.entity_type_id,
        entity_id=intent.entity_id,
        digest=paper.digest,
    )
    return same.exclude(pk=intent.pk)


class _MadeElsewhere(Exception):
    """Ends the transaction of a claim that is not needed."""


def _made_elsewhere(intent: Intent, paper: Paper) -> Intent | None:
    """The same file, attached from another form after this one was opened: a second tab."""
    made_since = {"state": Intent.State.MADE, "sent_at__gt": intent.created_at}
    return _siblings(intent, paper).filter(user_id=intent.user_id, **made_since).first()


def _came_late(session: FrameSession, intent: Intent) -> bool:
    """A last look before a second call: was it attached after the quiet period after all?"""
    found, _others = attached.look(acting(session), intent)
    if found is not None:
        made(intent, found)
    return found is not None


def _claim(intent: Intent, paper: Paper, newest: int) -> Intent | None:
    """Commits SENDING, together with what tells the document later; answers who was quicker."""
    told = {TITLE: paper.title, NUMBER: paper.number, REGION: paper.region}
    intent.form = {**intent.form, **told, AFTER: newest, HASH: paper.file_hash}
    rows = Intent.objects.filter(pk=intent.pk, state__in=Intent.SENDABLE)
    now = timezone.now()
    twin: Intent | None = None
    try:
        with transaction.atomic():
            claimed = rows.update(
                state=Intent.State.SENDING,
                sent_at=now,
                settle_at=now + STILL_SENDING,
                lost_at=None,
                form_sealed=intent.form_sealed,
                template_name=paper.title,
                digest=paper.digest,
                error_code="",
                error_text="",
            )
            twin = _made_elsewhere(intent, paper)
            if twin is not None:
                raise _MadeElsewhere
    except _MadeElsewhere:
        return twin
    except IntegrityError:
        rival = _siblings(intent, paper).filter(state__in=Intent.UNDER_WAY).first()
        if rival is not None and rival.user_id != intent.user_id:
            raise MakingAnother(rival) from None
        intent.refresh_from_db()
        return rival or intent
    intent.refresh_from_db()
    return None if claimed else intent


def _call(session: FrameSession, intent: Intent, paper: Paper) -> Intent:
    command = upload_document(
        entity_type_id=intent.entity_type_id,
        entity_id=intent.entity_id,
        title=paper.title,
        number=paper.number,
        region=paper.region,
        content=paper.file,
        pdf=paper.pdf,
        image=FIRST_PAGE.read_bytes() if paper.pdf else None,
    )
    until = ((intent.sent_at or timezone.now()) + BEGINS_WITHIN).timestamp()
    try:
        document = acting(session, until=until).run(command)
    except AnswerLost as error:
        log.warning("answer lost, intent %s: %s", intent.pk, type(error).__name__)
        lost(intent)
    except BitrixError as error:
        refuse(intent, error)
        raise
    else:
        made(intent, document)
    return intent
