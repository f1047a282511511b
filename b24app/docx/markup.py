"""One XML part, read once and thrown away: how big, how deep, and what its elements say.

Expat follows nothing: a document type ends the reading at its first word, before any entity could
be declared.
"""

from collections.abc import Callable, Iterable
from typing import Final
from xml.parsers import expat

from b24app.docx.refusal import (
    DEEPEST,
    LARGEST_XML,
    LONGEST_RUN,
    MOST_ELEMENTS,
    NotAccepted,
    Reason,
)

Attributes = dict[str, str]
_BETWEEN: Final = " "
"""Between namespace and local name in what the parser tells."""


class Budget:
    """What all XML parts of a file may cost together."""

    def __init__(self) -> None:
        self._bytes = LARGEST_XML
        self._elements = MOST_ELEMENTS

    def spend_bytes(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise NotAccepted(Reason.UNPACKS_TOO_BIG)

    def spend_element(self) -> None:
        self._elements -= 1
        if self._elements < 0:
            raise NotAccepted(Reason.TOO_COMPLEX)


def read(
    chunks: Iterable[bytes],
    budget: Budget,
    look: Callable[[str, Attributes], None] | None = None,
    said: Callable[[str], None] | None = None,
    left: Callable[[str], None] | None = None,
) -> None:
    """Reads a part to its end. ``look`` gets each element's local name and its attributes by local
    name, ``said`` the text between, ``left`` the local name where it ends. Raises `NotAccepted`.
    """
    parser = expat.ParserCreate("utf-8", _BETWEEN)
    depth = 0

    def opened(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        budget.spend_element()
        if depth > DEEPEST:
            raise NotAccepted(Reason.TOO_COMPLEX)
        if look is not None:
            look(_local(name), {_local(key): value for key, value in attributes.items()})

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if left is not None:
            left(_local(name))

    def doctype(*told: object) -> None:
        raise NotAccepted(Reason.DOCTYPE)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = doctype
    parser.CharacterDataHandler = said
    run = 0
    try:
        for chunk in chunks:
            budget.spend_bytes(len(chunk))
            if b"\0" in chunk:  # UTF-16, which Word does not write: `_longest_run` reads bytes
                raise NotAccepted(Reason.DAMAGED)
            run = _longest_run(chunk, run)
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise NotAccepted(Reason.DAMAGED) from None


def _longest_run(chunk: bytes, before: int) -> int:
    """Checks the bytes between "<" and "<"; answers how many stand after the last one."""
    sizes = [len(piece) for piece in chunk.split(b"<")]
    sizes[0] += before
    if max(sizes) > LONGEST_RUN:
        raise NotAccepted(Reason.TOO_COMPLEX)
    return sizes[-1]


def _local(name: str) -> str:
    return name.rpartition(_BETWEEN)[2]
