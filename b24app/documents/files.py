"""Files of a document: fetched from Bitrix24 by us, for one link that works once.

The links that Bitrix24 gives for servers carry a live token, so they stay in this process. Files of
old versions, and stories as tables, come from our own rows in the same way.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from b24app.bitrix.documentgenerator import ListedDocument, template_file
from b24app.bitrix.download import harmless
from b24app.documents import archive, catalogue, export, versions
from b24app.documents.actions import listed
from b24app.documents.errors import FileNotThere, NoSuchDocument
from b24app.models import DownloadTicket, FrameSession, Snapshot
from b24app.portals.clients import acting
from b24app.portals.people import require_administrator
from b24app.sealing import fingerprint

LIFE = timedelta(seconds=60)
LIMIT = 50 * 1024 * 1024
CURRENT = frozenset({DownloadTicket.Kind.PDF, DownloadTicket.Kind.DOCX})


@dataclass(frozen=True)
class OpenedFile:
    name: str
    content_type: str
    body: bytes


def ticket(session: FrameSession, document_id: int, kind: str) -> str:
    """A token for one download within a minute. `kind`: "pdf" or "docx".

    Raises `NoSuchDocument`, `FileNotThere`.
    """
    if kind not in CURRENT:
        raise FileNotThere
    document = _found(session, document_id)
    if kind == DownloadTicket.Kind.PDF and not document.has_pdf:
        raise FileNotThere
    return issue(session, kind, document_id=document_id)


def issue(session: FrameSession, kind: str, **about: Any) -> str:
    """Writes a ticket for what was checked already; answers its token."""
    token = secrets.token_urlsafe(32)
    DownloadTicket.objects.create(
        token_hash=fingerprint(token),
        session=session,
        kind=kind,
        ends_at=timezone.now() + LIFE,
        **about,
    )
    return token


def open_file(token: str) -> OpenedFile:
    """The file of a ticket, which is used up. Raises `FileNotThere`, `BitrixError`."""
    now = timezone.now()
    rows = DownloadTicket.objects.filter(
        token_hash=fingerprint(token), used_at=None, ends_at__gt=now, session__ends_at__gt=now
    )
    found = rows.select_related(
        *("session__portal", "session__chain__portal", "session__person"),
        *("snapshot", "template_file"),
    ).first()
    if found is None or not rows.update(used_at=now):
        raise FileNotThere
    if found.kind == DownloadTicket.Kind.CSV:
        return _table(found)
    if found.template_id is not None:
        return _template(found, found.template_id)
    return _kept(found, found.snapshot) if found.snapshot else _fetch(found)


def _table(found: DownloadTicket) -> OpenedFile:
    name, told = versions.story_of(found)
    return OpenedFile(f"{name}.csv", "text/csv; charset=utf-8", export.table(told))


def _kept(found: DownloadTicket, snapshot: Snapshot) -> OpenedFile:
    """A file of an old version, as we kept it."""
    file = snapshot.files.filter(kind=found.kind).first()
    if file is None:
        raise FileNotThere
    (content_type,) = archive.TYPES[DownloadTicket.Kind(found.kind)]
    title = harmless(str(snapshot.content["document"]["title"])) or str(snapshot.document_id)
    return OpenedFile(f"{title} ({snapshot.version}).{found.kind}", content_type, file.body)


def _template(found: DownloadTicket, template_id: int) -> OpenedFile:
    """The file of a template, for an administrator: the one it has, or an old one that we kept."""
    session = found.session
    require_administrator(session)
    (content_type,) = archive.TYPES[DownloadTicket.Kind.DOCX]
    kept = catalogue.kept(session.portal)
    name = next((harmless(one.name) for one in kept if one.id == template_id), str(template_id))
    if found.template_file is not None:
        day = found.template_file.kept_at.date()
        return OpenedFile(f"{name} ({day}).docx", content_type, found.template_file.body)
    client = acting(session)
    link = client.run(template_file(template_id))
    if link is None:
        raise FileNotThere
    types = archive.TYPES[DownloadTicket.Kind.DOCX]
    body = client.download(link, types=types, limit=LIMIT).body
    return OpenedFile(f"{name}.docx", content_type, body)


def _fetch(found: DownloadTicket) -> OpenedFile:
    document = _found(found.session, found.document_id or 0)
    pdf = found.kind == DownloadTicket.Kind.PDF
    link = document.pdf_machine if pdf else document.download_machine
    if link is None:
        raise FileNotThere
    types = archive.TYPES[DownloadTicket.Kind(found.kind)]
    file = acting(found.session).download(link, types=types, limit=LIMIT)
    name = harmless(document.title) or harmless(document.number) or str(document.id)
    return OpenedFile(f"{name}.{found.kind}", file.content_type, file.body)


def _found(session: FrameSession, document_id: int) -> ListedDocument:
    """From the list: document.get would start a conversion, and fails where the last one did."""
    document = listed(session, document_id)
    if document is None:
        raise NoSuchDocument
    return document
