"""How a placeholder is written: `{Code}` or `{Code~modifier}`."""

from __future__ import annotations

import re
from functools import lru_cache

PLACEHOLDER = re.compile(r"\{(?P<code>[A-Za-z0-9_.\-]+)(?:~(?P<modifier>[^{}]*))?\}")
BLOCK_START, BLOCK_END = "BLOCK_START", "BLOCK_END"


def modifiers(text: str) -> dict[str, str]:
    """`"WZ=Y,NS=Y"` as `{"WZ": "Y", "NS": "Y"}`; a word without a value has the value ""."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def switch(given: dict[str, str], name: str, default: bool) -> bool:
    """Whether `name=Y` is given; the default where it is not given at all."""
    return given[name].upper() == "Y" if name in given else default


def pattern_of(modifier: str) -> str:
    """The date pattern of a modifier: `format=…`, else its first part, for a comma ends it."""
    given = modifiers(modifier)
    if "format" in given:
        return given["format"]
    return next((part.strip() for part in modifier.split(",") if "=" not in part), "")


@lru_cache(maxsize=4096)
def code_of(path: str) -> str:
    """`MY_COMPANY.REQUISITE.RQ_INN` as the placeholder code `MyCompanyRequisiteRqInn`."""
    words = re.split(r"[._]", path)
    return "".join(word[:1].upper() + word[1:].lower() for word in words)


def is_block_mark(code: str) -> bool:
    """Whether the code only marks where a repeated block starts or ends."""
    return code.endswith((f".{BLOCK_START}", f".{BLOCK_END}"))
