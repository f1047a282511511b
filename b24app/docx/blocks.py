"""Blocks that Bitrix24 repeats for each item of a list: from one mark to the other."""

from collections.abc import Iterable
from dataclasses import dataclass

from b24app.docx.grammar import Mark, Placeholder
from b24app.docx.paragraphs import Paragraph


@dataclass(frozen=True, slots=True)
class Opened:
    """One mark. ``list``: the name before its dot."""

    list: str
    mark: Mark
    paragraph: Paragraph
    found: Placeholder

    @property
    def opens(self) -> bool:
        return self.mark is Mark.START


def unclosed(marks: Iterable[Opened]) -> tuple[list[tuple[Opened, Opened]], list[Opened]]:
    """The pairs, and the marks that have no other half.

    Bitrix24 looks for the end among what follows in the same cell, text box or part.
    """
    pairs: list[tuple[Opened, Opened]] = []
    alone: list[Opened] = []
    waiting: dict[tuple[str, str, int], Opened] = {}
    for mark in marks:
        key = (mark.list, mark.paragraph.file, mark.paragraph.cell)
        begun = waiting.pop(key, None)
        if mark.opens:
            if begun is not None:
                alone.append(begun)
            waiting[key] = mark
        elif begun is None:
            alone.append(mark)
        else:
            pairs.append((begun, mark))
    return pairs, [*alone, *waiting.values()]
