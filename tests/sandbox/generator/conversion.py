"""Making PDF and picture of a document, later, as the portal's queue does.

A document is in the queue while `converting_since` is set. A failed job leaves
`conversion_error`; after five failures the file counts as broken and is tried no more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.sandbox import convert
from tests.sandbox.world import Document, File, Portal

MOST_ATTEMPTS = 5
UNKNOWN_FORMAT = 102
"""One of the converter's own codes, for a file it cannot read."""


def start(document: Document, now: datetime) -> None:
    """Puts a new file into the queue; what became of older files is forgotten."""
    document.converting_since = now
    document.conversion_attempts = 0
    document.conversion_error = None


def settle(
    portal: Portal,
    document: Document,
    now: datetime,
    delay: float,
    fails: tuple[int | str, str] | None,
) -> None:
    """Does the conversion if it is due, `delay` seconds after its start.

    With `fails` (code and text) the job fails in this way instead.
    """
    since = document.converting_since
    if since is None or now < since + timedelta(seconds=delay):
        return
    document.converting_since = None
    document.conversion_attempts += 1
    document.conversion_error = fails
    file = portal.files.get(document.file_id or 0)
    if fails is not None or file is None:
        return
    try:
        pdf = convert.to_pdf(file.body)
        image = convert.to_jpeg(pdf)
    except convert.ConversionError as error:
        document.conversion_error = (UNKNOWN_FORMAT, str(error))
        return
    document.pdf_id = _store(portal, f"{document.title}.pdf", "application/pdf", pdf)
    document.image_id = _store(portal, f"{document.title}.jpg", "image/jpeg", image)


def retry(document: Document, now: datetime) -> tuple[int | str, str] | None:
    """What document.get does where PDF or picture is missing.

    A running job is joined. After a failed job the next one is started, and the failure is given
    back, once, for the call to report. A broken file reports its failure each time.
    """
    done = document.pdf_id is not None and document.image_id is not None
    if done or document.converting_since is not None:
        return None
    failure = document.conversion_error
    if document.conversion_attempts < MOST_ATTEMPTS:
        document.converting_since = now
        document.conversion_error = None
    return failure


def _store(portal: Portal, name: str, content_type: str, body: bytes) -> int:
    number = portal.next_id("file")
    portal.files[number] = File(number, name, content_type, body)
    return number
