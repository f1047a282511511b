"""Ids as they come in requests: numbers, texts of digits, or anything else."""

from __future__ import annotations

import re
from typing import Any

DIGITS = re.compile(r"[0-9]{1,18}")


def id_of(raw: Any) -> int:
    """The id, 0 for what is none."""
    return int(raw) if DIGITS.fullmatch(str(raw)) else 0
