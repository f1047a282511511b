"""Files that a browser sends: only the views that call this take any, and only so much.

Everywhere else `FILE_UPLOAD_HANDLERS` is empty, so a file in a request is read by nobody.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from b24app.documents.attach import Sent


class InMemory(MemoryFileUploadHandler):
    """Files stay in memory: on disk a client's paper would lie about unsealed."""

    def __init__(self, request: HttpRequest, largest: int) -> None:
        super().__init__(request)
        self.largest = largest

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.activated = content_length <= self.largest


def is_too_much(request: HttpRequest, largest: int) -> bool:
    """Whether the request is so big that it is not read at all. `largest`: bytes of all of it."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > largest


def accept(request: HttpRequest, largest: int) -> None:
    """Lets this request bring files; before anything of it is read."""
    request.upload_handlers = [InMemory(request, largest)]


def sent(request: HttpRequest, name: str, largest: int) -> Sent | None:
    """The file of an input; of one that is too big, only its size. `largest`: bytes of the file."""
    found = request.FILES.get(name)
    if not isinstance(found, UploadedFile) or found.name is None:
        return None
    size = found.size or 0
    return Sent(found.name, size, found.read() if size <= largest else b"")
