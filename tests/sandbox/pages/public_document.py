"""A document's public page: anybody with the link sees it, nobody without.

api-reference/crm/document-generator/documents/crm-document-generator-document-enable-public-url.md
"""

from __future__ import annotations

import hmac

from werkzeug.http import dump_options_header
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.sandbox.pages.conversions import settled
from tests.sandbox.pages.layout import plain
from tests.sandbox.pages.markup import fill, icon
from tests.sandbox.router import Rule
from tests.sandbox.state import State
from tests.sandbox.world import Document, File, Portal


def public_page(
    request: Request, state: State, portal: Portal, document_id: int, link: str
) -> Response:
    """Title, first page and download. The first opening is remembered."""
    document = _shared(portal, document_id, link)
    if document is None:
        return _gone(portal)
    with state.lock:
        settled(state, portal, document)
        document.public_viewed = document.public_viewed or state.now()
    base = f"/pub/document/{document.id}/{link}"
    if document.image_id and document.pdf_id:
        body = fill("public_ready", title=document.title, base=base, icon=icon("download"))
    else:
        body = fill("public_waiting", title=document.title, icon=icon("clock"))
    return plain(portal, document.title, fill("public", company=portal.title, body=body))


def public_file(
    request: Request, state: State, portal: Portal, document_id: int, link: str, kind: str
) -> Response:
    """The PDF as a download, or the picture of the first page."""
    document = _shared(portal, document_id, link)
    kept = _file(portal, document, kind) if document else None
    if document is None or kept is None:
        return _gone(portal)
    response = Response(kept.body, content_type=kept.content_type)
    if kind == "pdf":
        name = f"{document.title}.pdf"
        response.headers["Content-Disposition"] = dump_options_header(
            "attachment", {"filename": name}
        )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def short_link(request: Request, state: State, portal: Portal, short: str) -> Response:
    """`/~abcde` leads to the page; links switched off lead nowhere."""
    for document in portal.documents.values():
        if document.public_hash and document.public_short == short:
            target = f"/pub/document/{document.id}/{document.public_hash}/"
            return redirect(target, Response=Response)
    return _gone(portal)


def _shared(portal: Portal, document_id: int, link: str) -> Document | None:
    """The document, if its link is on and is this one."""
    document = portal.documents.get(document_id)
    if document is None or not document.public_hash:
        return None
    is_right = hmac.compare_digest(document.public_hash.encode(), link.encode())
    return document if is_right else None


def _file(portal: Portal, document: Document, kind: str) -> File | None:
    number = document.pdf_id if kind == "pdf" else document.image_id
    return portal.files.get(number or 0)


def _gone(portal: Portal) -> Response:
    return plain(portal, "Document not found", fill("public_gone", icon=icon("lock")), 404)


RULES = [
    Rule("/pub/document/<int:document_id>/<link>/", public_page),
    Rule("/pub/document/<int:document_id>/<link>/<any(pdf, image):kind>", public_file),
    Rule("/~<short>", short_link),
]
