"""Lint of a template of the portal, or of a file that was dropped and goes nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from b24app import docx
from b24app.bitrix.client import Batch, PortalClient
from b24app.bitrix.documentgenerator import (
    DocumentField,
    DocumentTemplate,
    get_template,
    template_fields,
    template_file,
)
from b24app.bitrix.errors import Refused, UnexpectedAnswer
from b24app.bitrix.protocol import Command
from b24app.bitrix.secret import Secret
from b24app.console import kinds, vocabulary
from b24app.documents.archive import TYPES
from b24app.docx.lint import Report, Vocabulary, lint
from b24app.models import DownloadTicket

NO_KIND, NOT_TOLD, NO_FILE, ONLY_A_FILE = "no_kind", "not_told", "no_file", "only_a_file"
"""What could not be judged: bound to nothing that is known; Bitrix24 did not tell of its fields; it
gave no file; names in a file that is not in Bitrix24."""
TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Linted:
    """`report` is None where the file could not be read: `refused` says why, or `unjudged` does.

    `unjudged`: what could not be judged, in codes.
    """

    report: Report | None
    refused: docx.Reason | None = None
    unjudged: tuple[str, ...] = ()


def of_template(client: PortalClient, template_id: int) -> tuple[DocumentTemplate, Linted]:
    """Raises `NotFound`, `BitrixError`."""
    template = client.run(get_template(template_id))
    return template, of_known(client, template.id, template.entity_types)


def of_known(client: PortalClient, template_id: int, bindings: Iterable[str]) -> Linted:
    """Reads the fields and where the file is in one batch, then the file. Raises `BitrixError`."""
    bound = kinds.of(bindings)
    commands: dict[str, Command[Any]] = {"file": template_file(template_id)}
    commands |= {f"kind{kind}": template_fields(template_id, kind) for kind in bound}
    batch = client.batch(commands)
    answers = [answer for kind in bound if (answer := _answer(batch, f"kind{kind}")) is not None]
    unjudged = [NO_KIND] if not bound else [NOT_TOLD] if len(answers) < len(bound) else []
    link: Secret | None = batch["file"]
    if link is None:
        return Linted(None, unjudged=(NO_FILE,))
    try:
        types = TYPES[DownloadTicket.Kind.DOCX]
        body = client.download(link, types=types, limit=docx.LARGEST).body
    except UnexpectedAnswer:
        return Linted(None, unjudged=(TOO_LARGE,))
    words = vocabulary.told(answers, bound or kinds.USUAL)
    if not answers:
        # Whether a name exists is then only guessed.
        words = Vocabulary(words.fields)
    return _judged(body, words, tuple(unjudged))


def of_file(client: PortalClient, body: bytes, kind: int) -> Linted:
    """A file that is nowhere yet, as a template for objects of one kind. Raises `BitrixError`."""
    listed = vocabulary.listed(client, kind)
    known = Vocabulary(vocabulary.as_known(listed.fields), has_own=listed.has_own)
    return _judged(body, known, (ONLY_A_FILE,))


def _judged(body: bytes, words: Vocabulary, unjudged: tuple[str, ...]) -> Linted:
    try:
        return Linted(lint(body, words), unjudged=unjudged)
    except docx.NotAccepted as error:
        return Linted(None, refused=error.reason)


def _answer(batch: Batch, key: str) -> list[DocumentField] | None:
    """The fields of one kind; None where Bitrix24 refuses to tell of them."""
    failure = batch.failed(key)
    if isinstance(failure, Refused):
        return None
    if failure is not None:
        raise failure
    return list(batch[key])
