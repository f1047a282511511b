"""What is wrong in a template before anybody makes a document of it.

Findings are codes and data; whoever shows them has the words. Where no document says what Bitrix24
does, the finding is of level `Level.UNSURE` and says just that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum, StrEnum
from typing import Final

from b24app.docx.accept import check
from b24app.docx.blocks import Opened, unclosed
from b24app.docx.grammar import LooseBrace, Odd, Placeholder, parts_of, tokens
from b24app.docx.modifiers import Doubt, judge
from b24app.docx.paragraphs import Paragraph, Part, Picture, paragraphs
from b24app.docx.refusal import NotAccepted

LIMIT: Final = 2 * 1024 * 1024
"""Bytes of a template, as a portal is set up; an on-premises one may allow more."""
FILLED: Final = frozenset({Part.BODY, Part.HEADER, Part.FOOTER})
MOST: Final = 300
"""Findings of a file; also marks and columns. Somebody who has so many mends some and asks again,
and a file that was made to have millions costs little."""
_SHOWN: Final = 120
_LONGEST_CODE: Final = 100
_NEAR: Final = 0.72
_PICTURES: Final = frozenset({"image", "stamp"})
_OWN_FIELD: Final = "UfCrm"


class Level(IntEnum):
    """How much it matters: prints wrongly, may print wrongly, nobody can tell."""

    STOP = 0
    WARN = 1
    UNSURE = 2


class Code(StrEnum):
    """What was found."""

    TOO_BIG = "too_big"
    UNSAFE = "unsafe"
    NO_PLACEHOLDER = "no_placeholder"
    UNKNOWN = "unknown"
    PERHAPS_UNKNOWN = "perhaps_unknown"
    NEVER_CLOSED = "never_closed"
    NEVER_OPENED = "never_opened"
    NO_END = "no_end"
    NO_START = "no_start"
    OUTSIDE_ROW = "outside_row"
    NO_MODIFIER = "no_modifier"
    OTHER_MODIFIER = "other_modifier"
    UNSURE_MODIFIER = "unsure_modifier"
    NO_SIZE = "no_size"
    PICTURE_AS_TEXT = "picture_as_text"
    NOT_FILLED = "not_filled"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Known:
    """A field. ``kind``: as in `DocumentField.type`, None where nobody has told; ``is_array``: a
    column of a table."""

    kind: str | None = ""
    is_array: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields that are known of, by code; there may be more.

    ``lacking``: codes of which Bitrix24 itself has said that it does not know them. ``has_own``:
    all own fields (``UfCrm…``) of the object are among ``fields``.
    """

    fields: Mapping[str, Known]
    lacking: frozenset[str] = frozenset()
    has_own: bool = False

    def of(self, code: str) -> Known | None:
        return None if code in self.lacking else self.fields.get(code)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands. ``text``: of the paragraph, cut; ``table`` and ``row`` from 1."""

    part: Part
    paragraph: int
    table: int
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """``text``: what stands in the file; ``detail``: a name, a reason; ``nearest``: what was meant,
    perhaps. ``place`` is None where it is about the whole file."""

    code: Code
    level: Level
    place: Place | None = None
    text: str = ""
    detail: str = ""
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """``codes``: of the placeholders, each once, in their order; ``known`` of them. ``split``: how
    many placeholders Word has cut into several runs, which is fine."""

    findings: tuple[Finding, ...]
    codes: tuple[str, ...]
    known: int
    split: int


def lint(body: bytes, vocabulary: Vocabulary) -> Report:
    """Reads a template and judges it, the worst first within its order.

    Raises `NotAccepted` for a file that cannot be read at all.
    """
    reading = _Reading(vocabulary)
    for paragraph in paragraphs(body):
        reading.look(paragraph)
    found = [*_whole(body, reading), *reading.findings, *_blocks(reading)]
    codes = tuple(dict.fromkeys(reading.codes))
    known = sum(vocabulary.of(code) is not None for code in codes)
    found.sort(key=lambda one: one.level)
    return Report(tuple(found), codes, known, reading.split)


def codes(body: bytes) -> tuple[str, ...]:
    """The codes of a file's placeholders, each once. Raises `NotAccepted`."""
    return lint(body, Vocabulary({})).codes


def _whole(body: bytes, reading: "_Reading") -> Iterator[Finding]:
    if len(body) > LIMIT:
        yield Finding(Code.TOO_BIG, Level.STOP, detail=str(len(body)))
    try:
        check(body)
    except NotAccepted as refused:
        yield Finding(Code.UNSAFE, Level.STOP, detail=refused.reason.value)
    if not reading.codes and not reading.marks:
        yield Finding(Code.NO_PLACEHOLDER, Level.STOP)


@dataclass(slots=True)
class _Column:
    """A placeholder of a table that stands outside of its rows: fine only within a block."""

    paragraph: Paragraph
    found: Placeholder


@dataclass(slots=True)
class _Reading:
    """What was seen so far."""

    vocabulary: Vocabulary
    findings: list[Finding] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    marks: list[Opened] = field(default_factory=list)
    columns: list[_Column] = field(default_factory=list)
    near: dict[str, str] = field(default_factory=dict)
    split: int = 0

    def look(self, paragraph: Paragraph) -> None:
        for token in tokens(paragraph.text):
            if paragraph.part not in FILLED:
                self._add(Code.NOT_FILLED, Level.WARN, paragraph, token.text)
            elif isinstance(token, Placeholder):
                self._placeholder(paragraph, token)
            elif isinstance(token, LooseBrace):
                code = Code.NEVER_CLOSED if token.opens else Code.NEVER_OPENED
                self._add(code, Level.STOP, paragraph, token.text)
            else:
                self._odd(paragraph, token)
        for picture in paragraph.pictures:
            self._picture(paragraph, picture)

    def _placeholder(self, paragraph: Paragraph, found: Placeholder) -> None:
        if bisect_right(paragraph.cuts, found.start) < bisect_left(paragraph.cuts, found.end):
            self.split += 1
        mark = found.mark
        if mark is not None:
            if len(self.marks) < MOST:
                self.marks.append(Opened(*mark, paragraph, found))
            return
        self.codes.append(found.code)
        known = self.vocabulary.of(found.code)
        if known is None:
            self._unknown(paragraph, found.code, found.text)
        elif known.kind in _PICTURES:
            self._add(Code.PICTURE_AS_TEXT, Level.WARN, paragraph, found.text)
        self._modifier(paragraph, found, known.kind if known else None)
        is_loose = known is not None and known.is_array and not paragraph.row
        if is_loose and len(self.columns) < MOST:
            self.columns.append(_Column(paragraph, found))

    def _unknown(self, paragraph: Paragraph, code: str, text: str) -> None:
        words = self.vocabulary
        near = self._nearest(code)
        if code in words.lacking:
            self._add(Code.UNKNOWN, Level.STOP, paragraph, text, nearest=near)
        else:
            is_own = code.startswith(_OWN_FIELD)
            is_likely = words.has_own if is_own else bool(near)
            level = Level.WARN if is_likely else Level.UNSURE
            self._add(Code.PERHAPS_UNKNOWN, level, paragraph, text, nearest=near)

    def _nearest(self, code: str) -> str:
        """The known code that looks most like it, or "". Looking is slow, so it has an end."""
        if len(self.near) < MOST and len(code) <= _LONGEST_CODE and code not in self.near:
            words = self.vocabulary
            there = (one for one in words.fields if one not in words.lacking)
            self.near[code] = next(iter(get_close_matches(code, there, n=1, cutoff=_NEAR)), "")
        return self.near.get(code, "")

    def _modifier(self, paragraph: Paragraph, found: Placeholder, kind: str | None) -> None:
        doubtful = judge(found.modifier, kind) if found.modifier else None
        if doubtful is None:
            return
        code, level = {
            Doubt.NO_SUCH: (Code.NO_MODIFIER, Level.WARN),
            Doubt.OTHER_KIND: (Code.OTHER_MODIFIER, Level.WARN),
            Doubt.UNSURE: (Code.UNSURE_MODIFIER, Level.UNSURE),
        }[doubtful.doubt]
        self._add(code, level, paragraph, found.text, doubtful.name, doubtful.nearest)

    def _odd(self, paragraph: Paragraph, token: Odd) -> None:
        meant = "".join(token.inside.split())
        nearest = meant if self.vocabulary.of(meant) else ""
        level = Level.WARN if nearest else Level.UNSURE
        self._add(Code.ODD, level, paragraph, token.text, nearest=nearest)

    def _picture(self, paragraph: Paragraph, picture: Picture) -> None:
        found = next(
            (one for text in picture.texts for one in tokens(text) if isinstance(one, Placeholder)),
            None,
        )
        if found is None:
            return
        if paragraph.part not in FILLED:
            self._add(Code.NOT_FILLED, Level.WARN, paragraph, found.text)
            return
        self.codes.append(found.code)
        if self.vocabulary.of(found.code) is None:
            self._unknown(paragraph, found.code, found.text)
        if not picture.sized:
            self._add(Code.NO_SIZE, Level.WARN, paragraph, found.text)

    def _add(
        self,
        code: Code,
        level: Level,
        paragraph: Paragraph,
        text: str,
        detail: str = "",
        nearest: str = "",
    ) -> None:
        if len(self.findings) < MOST:
            shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
            found = Finding(code, level, place(paragraph), shown, detail[:_SHOWN], nearest)
            self.findings.append(found)


def place(paragraph: Paragraph) -> Place:
    text = " ".join(paragraph.text[: 20 * _SHOWN].split())
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
    return Place(paragraph.part, paragraph.number, paragraph.table, paragraph.row, shown)


def _blocks(reading: _Reading) -> Iterator[Finding]:
    """Marks without their other half, and columns that neither a row nor a block repeats."""
    pairs, alone = unclosed(reading.marks)
    for mark in alone:
        code = Code.NO_END if mark.opens else Code.NO_START
        yield Finding(code, Level.STOP, place(mark.paragraph), mark.found.text, detail=mark.list)
    # A block that does not end is told once: what stands after it is taken as meant for it.
    ranges = [*pairs, *((mark, None) for mark in alone if mark.opens)]
    for column in reading.columns:
        asked = {name for name, _ in parts_of(column.found.modifier)}
        if asked & {"index", "all"} or _within(column, ranges):
            continue
        text = column.found.text
        yield Finding(Code.OUTSIDE_ROW, Level.WARN, place(column.paragraph), text)


def _within(column: _Column, ranges: Iterable[tuple[Opened, Opened | None]]) -> bool:
    return any(
        begin.paragraph.file == column.paragraph.file
        and column.found.code.startswith(begin.list)
        and begin.paragraph.number <= column.paragraph.number
        and (end is None or column.paragraph.number <= end.paragraph.number)
        for begin, end in ranges
    )
