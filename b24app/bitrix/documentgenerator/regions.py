"""Regions: which language and which formats a template's values are written in.

Needs the scope ``documentgenerator``; ``crm`` has no such methods.

Pages: api-reference/document-generator/region.
"""

from dataclasses import dataclass, field
from typing import Final

from b24app.bitrix.normalise import as_map, as_text
from b24app.bitrix.protocol import Answer, Command, Kind

_METHOD: Final = "documentgenerator.region"


@dataclass(frozen=True, slots=True)
class Region:
    """``key``: what templates call it, a code such as ``de`` or the id of the portal's own ones.

    Built-in ones tell no formats. ``phrases``: words that templates print, by code; empty in lists.
    """

    key: str
    title: str
    language: str
    date: str
    moment: str
    person: str
    built_in: bool
    phrases: dict[str, str] = field(default_factory=dict, repr=False)


def list_regions() -> Command[tuple[Region, ...]]:
    """All regions, built-in ones and the portal's own. Page: document-generator-region-list."""
    return Command(f"{_METHOD}.list", {}, Kind.READ, _regions)


def get_region(key: str) -> Command[Region]:
    """One region with its phrases. Page: document-generator-region-get."""

    def read(answer: Answer) -> Region:
        return _region(key, as_map(answer.result)["region"])

    return Command(f"{_METHOD}.get", {"id": key}, Kind.READ, read)


def _regions(answer: Answer) -> tuple[Region, ...]:
    rows = as_map(as_map(answer.result)["regions"])
    return tuple(_region(key, row) for key, row in rows.items())


def _region(key: str, value: object) -> Region:
    row = as_map(value)
    phrases = as_map(row.get("phrases"))
    return Region(
        key=key,
        title=as_text(row.get("title")) or key,
        language=as_text(row.get("languageId")),
        date=as_text(row.get("formatDate")),
        moment=as_text(row.get("formatDatetime")),
        person=as_text(row.get("formatName")),
        built_in="id" not in row,
        phrases={code: as_text(text) for code, text in phrases.items()},
    )
