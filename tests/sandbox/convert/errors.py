"""What a converter says when it cannot."""

from __future__ import annotations


class ConversionError(Exception):
    """The file cannot be converted; the text says why."""
