"""Which fields templates may name: those of every portal, and those this portal has told of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from b24app.bitrix.client import BATCH_SIZE, Batch, PortalClient
from b24app.bitrix.crm import item_fields
from b24app.bitrix.documentgenerator import (
    DocumentField,
    list_templates,
    template_fields,
)
from b24app.bitrix.errors import Refused
from b24app.bitrix.protocol import Command
from b24app.console import kinds, known_fields
from b24app.docx.lint import Known, Vocabulary


@dataclass(frozen=True)
class ListedField:
    """One field as a person finds it in the list. `is_learned`: this portal has told of it."""

    code: str
    title: str
    group: str
    kind: str | None
    is_array: bool
    is_learned: bool

    @property
    def placeholder(self) -> str:
        return f"{{{self.code}}}"


@dataclass(frozen=True)
class Listing:
    """The fields; `has_own`: the portal has told of all own ones."""

    fields: list[ListedField]
    has_own: bool


def is_unknown(found: DocumentField) -> bool:
    """Bitrix24 names what it does not know too, with nothing about it."""
    return not (found.title or found.chain or found.group)


def of_kinds(wanted: Iterable[int]) -> dict[str, Known]:
    """The fields of every portal, for objects of these kinds."""
    return {
        one.code: Known(one.kind, one.is_array)
        for kind in wanted
        for one in known_fields.fields(kind)
    }


def told(answers: Sequence[Sequence[DocumentField]], wanted: Iterable[int]) -> Vocabulary:
    """What the portal said of a template's own fields, one answer a kind, over what is usual.

    A code is lacking where no kind has it.
    """
    fields = of_kinds(wanted)
    lacking: set[str] = set()
    for answer in answers:
        lacking |= {one.code for one in answer if is_unknown(one)}
    for answer in answers:
        known = {one.code: one for one in answer if not is_unknown(one) and not one.is_select}
        lacking -= known.keys()
        fields |= {code: Known(one.type, one.is_array) for code, one in known.items()}
    return Vocabulary(fields, frozenset(lacking))


def listed(client: PortalClient, kind: int) -> Listing:
    """All fields for one kind: what is usual, the object's own, and what templates use besides.

    The portal's own names are taken where it has told them. Raises `BitrixError`.
    """
    found = {
        one.code: ListedField(
            one.code, str(one.title), str(one.group), one.kind, one.is_array, False
        )
        for one in known_fields.fields(kind)
    }
    own, learned = _told(client, kind)
    group = str(known_fields.OWN_FIELDS)
    for name, title in (own or {}).items():
        code = code_of(name)
        found[code] = ListedField(code, title, group, None, False, True)
    for one in learned:
        known = found.get(one.code)
        place = known.group if known else (one.group[-1] if one.group else "")
        title = one.title or one.code
        found[one.code] = ListedField(one.code, title, place, one.type, one.is_array, True)
    return Listing(list(found.values()), own is not None)


def code_of(name: str) -> str:
    """`UF_CRM_2_1639` as it stands in a template: `UfCrm21639`."""
    return "".join(word[:1].upper() + word[1:].lower() for word in name.split("_"))


def _told(client: PortalClient, kind: int) -> tuple[dict[str, str] | None, list[DocumentField]]:
    """The object's own fields, None where the portal does not tell; and those that templates for
    this kind use, of the first templates that fit into one batch.
    """
    bound = [one.id for one in client.pages(list_templates) if kind in kinds.of(one.entity_types)]
    asked = bound[: BATCH_SIZE - 1]
    commands: dict[str, Command[Any]] = {"own": item_fields(kind)}
    commands |= {f"t{number}": template_fields(number, kind) for number in asked}
    batch = client.batch(commands)
    found: dict[str, DocumentField] = {}
    for number in asked:
        answer = _unless_refused(batch, f"t{number}") or ()
        found |= {f.code: f for f in answer if not is_unknown(f) and not f.is_select}
    own = _unless_refused(batch, "own")
    if own is not None:
        own = {name: title for name, title in own.items() if name.startswith("UF_")}
    return own, list(found.values())


def _unless_refused(batch: Batch, key: str) -> Any:
    """What a command brought; None where the portal said no. Raises `BitrixError`."""
    failure = batch.failed(key)
    if failure is not None and not isinstance(failure, Refused):
        raise failure
    return None if failure else batch[key]


def as_known(fields: Iterable[ListedField]) -> dict[str, Known]:
    return {one.code: Known(one.kind, one.is_array) for one in fields}
