"""Static files as they are served: hashed names, compressed, our own without their comments.

Comments are for who reads the source; in the frame they are a tenth of what each opening loads.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENTS = {
    "js/": re.compile(rb"^[ \t]*//.*\n", re.MULTILINE),
    "css/": re.compile(rb"/\*.*?\*/\n?", re.DOTALL),
}


def without_comments(name: str, content: bytes) -> bytes:
    """A script of ours without its comment lines, a stylesheet without its comments."""
    for folder, comments in COMMENTS.items():
        if name.startswith(folder):
            return comments.sub(b"", content)
    return content


class Storage(CompressedManifestStaticFilesStorage):
    def _save(self, name: str, content: Any) -> str:
        content.seek(0)  # Django has read it for its hash, and FileSystemStorage would rewind, too
        content.seek(0)  # Django has read it before, for the hash in its name
        saved: str = super()._save(name, ContentFile(without_comments(name, content.read())))
        return saved
