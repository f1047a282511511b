"""Why a file is not accepted, and the limits of what is."""

from enum import StrEnum
from typing import Final

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file."""
MOST_ENTRIES: Final = 1000
LARGEST_UNPACKED: Final = 40 * 1024 * 1024
"""Bytes of all parts together, unpacked."""
LARGEST_XML: Final = 16 * 1024 * 1024
"""Bytes of all XML parts together: a thousand pages of text."""
MOST_ELEMENTS: Final = 400_000
DEEPEST: Final = 200
LONGEST_RUN: Final = 256 * 1024
"""Bytes from one "<" to the next: a parser holds a whole tag in memory."""


class Reason(StrEnum):
    """What is wrong with a file; whoever shows it has the words."""

    TOO_BIG = "too_big"
    NOT_WORD = "not_word"
    """Not a .docx at all: another kind of file, whatever its name says."""
    TEMPLATE_OR_OTHER = "template_or_other"
    """An Office file, but not a Word document: a workbook, a .dotx."""
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_MANY_PARTS = "too_many_parts"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    TOO_COMPLEX = "too_complex"
    MACRO = "macro"
    EMBEDDED = "embedded"
    """Another file, an object or a control inside."""
    EXTERNAL = "external"
    """Something to be fetched from elsewhere when the file is opened."""
    DOCTYPE = "doctype"


class NotAccepted(Exception):
    """The file is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
