"""One file of a document, by a ticket that works once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from b24app.documents import files
from b24app.models import DownloadTicket

PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)


def show(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF in a tab of its own; the DOCX as a download."""
    file = files.open_file(token)
    response = HttpResponse(file.body, content_type=file.content_type)
    attachment = not file.name.endswith(f".{DownloadTicket.Kind.PDF}")
    response.headers["Content-Disposition"] = (
        content_disposition_header(attachment, file.name) or "attachment"
    )
    if not attachment:
        # The browser's own viewer draws it; the file itself may run nothing.
        response.headers["Content-Security-Policy"] = PDF_POLICY
        # The page that opened the tab may then print it; the tab itself has lost its opener.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response
