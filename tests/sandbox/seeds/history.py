"""Documents made before anybody looked, with files that are made when somebody opens them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from tests.sandbox import convert
from tests.sandbox.generator import documents
from tests.sandbox.generator.documents import DOCX
from tests.sandbox.seeds import templates as kinds
from tests.sandbox.world import DEAL, Document, File, Portal

MANY, OTHER, PRACTICE, WON = 503, 505, 506, 514
NUMBERS = {
    kinds.OFFER: ("{year}-{number:03d}", 47),
    kinds.CONTRACT: ("CON-{year}-{number:03d}", 19),
    kinds.INVOICE: ("RE-{year}-{number:03d}", 112),
    kinds.ACT: ("ACT-{number:03d}", 60),
}
DAMAGED = (102, "The picture in the page header is damaged.")


class LateFile(File):
    """A file whose bytes are made when they are first asked for."""

    def __init__(
        self, number: int, name: str, content_type: str, make: Callable[[], bytes]
    ) -> None:
        self.id, self.name, self.content_type = number, name, content_type
        self._make = make

    @cached_property
    def body(self) -> bytes:  # type: ignore[override]
        return self._make()


def add(portal: Portal, records: Callable[[], Portal], now: datetime) -> None:
    """Fifty-five documents in deal 503, a few in others, none in 501 and 502.

    `records` makes the portal anew as it was, for the files are filled from that and not from
    what tests have since made of the portal.
    """
    plan = _plan()
    left = {kind: sum(1 for one, _, _ in plan if one == kind) for kind in NUMBERS}
    for position, (kind, deal_id, author) in enumerate(plan):
        left[kind] -= 1
        pattern, last = NUMBERS[kind]
        number = pattern.format(year=now.year, number=last - left[kind])
        made = now - timedelta(hours=30 * (len(plan) - position))
        document = _document(portal, kind, deal_id, number, author, made)
        if deal_id == OTHER and kind == kinds.INVOICE:
            document.conversion_error, document.conversion_attempts = DAMAGED, 1
            document.title = f"Advance invoice 30 % {number}"
            document.values["DocumentTitle"] = document.title
        _add_files(portal, document, records)
        portal.documents[document.id] = document


def _plan() -> list[tuple[int, int, int]]:
    """(template, deal, author) in the order they were made; the numbers follow from it."""
    many = [kinds.OFFER] * 3 + [kinds.INVOICE]
    plan = [(many[position % 4], MANY, 7) for position in range(52)]
    plan[1:1] = [(kinds.CONTRACT, MANY, 7), (kinds.CONTRACT, WON, 22), (kinds.OFFER, WON, 22)]
    plan[9:9] = [(kinds.ACT, MANY, 22), (kinds.ACT, WON, 22), (kinds.ACT, MANY, 22)]
    plan += [
        (kinds.OFFER, OTHER, 1),
        (kinds.CONTRACT, OTHER, 1),
        (kinds.OFFER, 504, 7),
        (kinds.INVOICE, OTHER, 1),
    ]
    return plan


def _document(
    portal: Portal, kind: int, deal_id: int, number: str, author: int, made: datetime
) -> Document:
    template = portal.templates[kind]
    return Document(
        id=portal.next_id("document"),
        title=f"{template.name} {number}",
        number=number,
        template_id=kind,
        entity_type_id=DEAL,
        entity_id=str(deal_id),
        values={
            "productsTableVariant": "",
            "_creationMethod": "rest",
            "stampsEnabled": template.with_stamps,
        },
        created_time=made,
        updated_time=made,
        created_by=author,
        stamps_enabled=template.with_stamps,
    )


def _add_files(portal: Portal, document: Document, records: Callable[[], Portal]) -> None:
    word = _file(portal, document, "docx", DOCX, lambda: _filled(records(), document))
    document.file_id = word.id
    if document.conversion_error is not None:
        return
    pdf = _file(portal, document, "pdf", "application/pdf", lambda: convert.to_pdf(word.body))
    image = _file(portal, document, "jpg", "image/jpeg", lambda: convert.to_jpeg(pdf.body))
    document.pdf_id, document.image_id = pdf.id, image.id


def _file(
    portal: Portal, document: Document, suffix: str, kind: str, make: Callable[[], bytes]
) -> LateFile:
    file = LateFile(portal.next_id("file"), f"{document.title}.{suffix}", kind, make)
    portal.files[file.id] = file
    return file


def _filled(portal: Portal, document: Document) -> bytes:
    author = portal.users[document.created_by or 1]
    return documents.filled(portal, document, author, document.created_time)
