"""Numerators: where document numbers come from.

The same calls exist under two names. By the portal's source ``documentgenerator.numerator.*``
changes only numerators made through it, ``crm.documentgenerator.numerator.*`` any; the
documentation says otherwise. So change a numerator under the name it was made with.

Pages: api-reference/crm/document-generator/numerator, api-reference/document-generator/numerators.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from b24app.bitrix.normalise import as_key, as_map, as_text
from b24app.bitrix.protocol import Answer, Command, Kind, Page, counted_page, page_of

Prefix: TypeAlias = Literal["crm.documentgenerator", "documentgenerator"]
_CRM: Final[Prefix] = "crm.documentgenerator"
SEQUENCE: Final = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator"
"""The key in ``settings`` under which the running number is set up."""
RANDOM: Final = "Bitrix_Main_Numerator_Generator_RandomNumberGenerator"
PREFIX: Final = "Bitrix_Main_Numerator_Generator_PrefixNumberGenerator"


@dataclass(frozen=True, slots=True)
class Numerator:
    """``template``: the pattern, such as ``INV-{NUMBER}``. ``settings``: by generator."""

    id: int
    name: str
    template: str
    code: str | None
    settings: dict[str, Any] = field(repr=False)


def list_numerators(start: int = 0, *, prefix: Prefix = _CRM) -> Command[Page[Numerator]]:
    """All numerators for documents, under either name, 50 a page.

    The portal never says ``next`` here and counts only the page, so there is a next page as long as
    pages come full; ``Page.total`` means nothing.

    Page: crm-document-generator-numerator-list.
    """

    def page(answer: Answer) -> Page[Numerator]:
        rows = as_map(answer.result)["numerators"]
        return counted_page(page_of(answer, rows, _numerator), start)

    return Command(f"{prefix}.numerator.list", {"start": start}, Kind.READ, page)


def get_numerator(numerator_id: int, *, prefix: Prefix = _CRM) -> Command[Numerator]:
    """One numerator. Page: crm-document-generator-numerator-get."""
    return Command(f"{prefix}.numerator.get", {"id": numerator_id}, Kind.READ, _nested_or_flat)


def add_numerator(
    name: str, template: str, settings: Mapping[str, object], *, prefix: Prefix = _CRM
) -> Command[Numerator]:
    """A new numerator. Page: crm-document-generator-numerator-add."""
    params = {"fields": _fields(name, template, settings)}
    return Command(f"{prefix}.numerator.add", params, Kind.CREATE, _nested_or_flat)


def update_numerator(
    numerator_id: int,
    name: str,
    template: str,
    settings: Mapping[str, object],
    *,
    prefix: Prefix = _CRM,
) -> Command[Numerator]:
    """Replaces a numerator as a whole: name, pattern and complete settings.

    Not a patch: what is missing falls back to the portal's defaults, and an invalid change answers
    success with the old values. Compare the answer with what was sent. Flags are JSON booleans.

    Page: crm-document-generator-numerator-update.
    """
    params = {"id": numerator_id, "fields": _fields(name, template, settings)}
    return Command(f"{prefix}.numerator.update", params, Kind.SET, _nested_or_flat)


def delete_numerator(numerator_id: int, *, prefix: Prefix = _CRM) -> Command[None]:
    """Deletes a numerator; templates using it fall back to the portal's own.

    Page: crm-document-generator-numerator-delete.
    """
    params = {"id": numerator_id}
    return Command(f"{prefix}.numerator.delete", params, Kind.SET, lambda answer: None)


def _fields(name: str, template: str, settings: Mapping[str, object]) -> dict[str, object]:
    return {"name": name, "template": template, "settings": dict(settings)}


def _nested_or_flat(answer: Answer) -> Numerator:
    """add and get answer under ``numerator``, update answers flat; old portals differ."""
    result = as_map(answer.result)
    return _numerator(result.get("numerator", result))


def _numerator(value: object) -> Numerator:
    row = as_map(value)
    return Numerator(
        id=as_key(row["id"]),
        name=as_text(row["name"]),
        template=as_text(row["template"]),
        code=as_text(row.get("code")) or None,
        settings=as_map(row.get("settings")),
    )
