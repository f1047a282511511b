"""A story as a table for spreadsheet programs, in which no cell can do anything."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from itertools import dropwhile

from django.utils import timezone
from django.utils.translation import gettext as _

from b24app.documents.story import Happening, Story

_BREAK = re.compile("([\n\r\x0b\x0c\x85\u2028\u2029])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SIGNS = frozenset("=+-@＝＋－＠")
_UNSEEN = frozenset({"Cc", "Cf", "Zs"})
"""Categories of characters that a program may skip before a sign."""


def table(story: Story) -> bytes:
    """UTF-8 with the mark that spreadsheet programs look for; commas, every cell in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(
        [
            _("Time"),
            _("Number"),
            _("Document"),
            _("Id"),
            _("What"),
            _("Version"),
            _("Who"),
            _("From where"),
            _("Changes"),
            _("SHA-256 of the DOCX"),
        ]
    )
    for line in story.happenings:
        writer.writerow([harmless(cell) for cell in _cells(line)])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The text with an apostrophe wherever a program could read the beginning of a formula.

    Also after blanks of any kind and at the beginning of each line of the cell.
    """
    text = _CONTROL.sub("", cell)
    guarded = "".join(f"'{part}" if _acts(part) else part for part in _BREAK.split(text))
    return f"'{guarded}" if guarded.startswith("\r") else guarded


def _acts(line: str) -> bool:
    seen = dropwhile(lambda char: unicodedata.category(char) in _UNSEEN, line)
    return line.startswith("\t") or next(seen, "") in _SIGNS


def _cells(line: Happening) -> list[str]:
    at = timezone.localtime(line.at).isoformat(timespec="seconds") if line.at else ""
    changes = "; ".join(f"{c.title}: {c.was or '∅'} → {c.became or '∅'}" for c in line.changes)
    return [
        at,
        line.number,
        line.title,
        str(line.document_id),
        line.what,
        str(line.version or ""),
        line.who,
        line.where,
        changes,
        line.file_hash,
    ]
