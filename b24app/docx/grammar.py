"""How Bitrix24 writes placeholders: ``{Code}``, ``{Code~modifier}``, ``{List.BLOCK_START}``.

Documented at dev.1c-bitrix.ru (api_d7/bitrix/documentgenerator/modifiers.php) and in the help for
templates. What is written in braces and follows neither is `Odd`: no document says what becomes
of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_BRACES: Final = re.compile(r"\{(?P<inside>[^{}]*)\}|\{|\}")
_PLACEHOLDER: Final = re.compile(r"(?P<code>[A-Za-z0-9_.\-]+)(?:~(?P<modifier>[^\r\t\n]*))?")
_MARK: Final = re.compile(r"(?P<list>.+)\.(?P<mark>BLOCK_START|BLOCK_END)")
_REST: Final = re.compile(r"[\w.\-~]*")


class Mark(StrEnum):
    """Where a repeated block begins and ends."""

    START = "BLOCK_START"
    END = "BLOCK_END"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``{code~modifier}``; ``text``: as it stands in the file, ``start`` and ``end`` where."""

    code: str
    modifier: str
    text: str
    start: int
    end: int

    @property
    def mark(self) -> tuple[str, Mark] | None:
        """The list and which end of its block this is; None for an ordinary placeholder."""
        found = _MARK.fullmatch(self.code)
        return (found["list"], Mark(found["mark"])) if found else None


@dataclass(frozen=True, slots=True)
class LooseBrace:
    """A brace without its other half. ``text``: the brace and the word it belongs to."""

    opens: bool
    text: str


@dataclass(frozen=True, slots=True)
class Odd:
    """A pair of braces around something that is no code. ``inside``: that, as it stands."""

    text: str
    inside: str


Token = Placeholder | LooseBrace | Odd


def tokens(text: str) -> Iterator[Token]:
    """Everything in braces, in its order."""
    for match in _BRACES.finditer(text):
        inside = match["inside"]
        if inside is None:
            yield _loose(text, match)
        elif found := _PLACEHOLDER.fullmatch(inside):
            modifier = found["modifier"] or ""
            yield Placeholder(found["code"], modifier, match[0], match.start(), match.end())
        else:
            yield Odd(match[0], inside)


def _loose(text: str, brace: re.Match[str]) -> LooseBrace:
    if brace[0] == "{":
        word = _REST.match(text, brace.end())
        return LooseBrace(True, "{" + (word[0] if word else ""))
    before = text[max(0, brace.start() - 80) : brace.start()]
    return LooseBrace(False, re.split(r"[^\w.\-~]", before)[-1] + "}")


def parts_of(modifier: str) -> list[tuple[str, str | None]]:
    """``"WZ=Y,all"`` as ``[("WZ", "Y"), ("all", None)]``."""
    pairs = (part.partition("=") for part in modifier.split(",") if part.strip())
    return [(name.strip(), value.strip() if sign else None) for name, sign, value in pairs]
