"""Log lines as they are written: one line a message, and nothing in it that looks like a secret."""

from __future__ import annotations

import copy
import logging
import re

SECRET = re.compile(r"[0-9A-Za-z_+=-]{40,}")
"""Tokens, keys, signed values; no word, id or name of ours is so long."""


class Plain(logging.Formatter):
    """A second net: what is logged is chosen with care, exceptions of others are not."""

    def format(self, record: logging.LogRecord) -> str:
        single = copy.copy(record)
        single.msg, single.args = _one_line(record.getMessage()), None
        return SECRET.sub("…", super().format(single))


def _one_line(text: str) -> str:
    """Line breaks and other control characters as their escapes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
