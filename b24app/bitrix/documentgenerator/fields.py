"""The fields of a document: what the template asks for, and what it would print.

Pages: crm-document-generator-document-get-fields, crm-document-generator-template-get-fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from b24app.bitrix.normalise import as_bool, as_list, as_map, as_text
from b24app.bitrix.protocol import Answer, Command, Kind

_FIELDS_TIMEOUT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select. ``value``: the id to send back, as text."""

    value: str
    title: str
    selected: bool


@dataclass(frozen=True, slots=True)
class DocumentField:
    """One entry of getfields.

    ``value``, ``default``: as text, None where the portal found nothing (or the user may not see
    it). For a select ``value`` is the chosen option's id. ``type``: last part of the portal's type
    in lower case: ``date``, ``name``, ``phone``, ``image``, ``stamp``, ``text``, ``money``,
    ``address``, ``taxrate``; "" for plain text. ``format``, ``options``: as the portal gave them.
    ``hide_row``: an empty value removes its table row. ``group``: localized path, outermost first.
    ``chain``: the provider path, ``("this", "SOURCE", "TITLE")``. ``is_array``: a column of a
    product or tax table, whose value is no data.
    """

    code: str
    title: str
    value: str | None
    default: str | None
    type: str
    format: dict[str, Any] = field(repr=False)
    options: dict[str, Any] = field(repr=False)
    required: bool
    hide_row: bool
    group: tuple[str, ...]
    chain: tuple[str, ...]
    is_select: bool
    choices: tuple[Choice, ...]
    is_array: bool


def document_fields(
    document_id: int, values: Mapping[str, object] | None = None
) -> Command[tuple[DocumentField, ...]]:
    """The fields of an existing document. ``values``: tried out, not stored.

    Page: crm-document-generator-document-get-fields.
    """
    return Command(
        "crm.documentgenerator.document.getfields",
        {"id": document_id, **_values(values)},
        Kind.READ,
        lambda answer: _fields(answer, "documentFields"),
        _FIELDS_TIMEOUT,
    )


def template_fields(
    template_id: int,
    entity_type_id: int,
    entity_id: int | None = None,
    values: Mapping[str, object] | None = None,
) -> Command[tuple[DocumentField, ...]]:
    """The fields a document of this template would have: a dry run that spends no number.

    Without ``entity_id`` they are named, and empty.
    ``values``: tried out; a value given here comes back as ``default`` too. Needs the right to
    modify templates.

    Page: crm-document-generator-template-get-fields.
    """
    return Command(
        "crm.documentgenerator.template.getfields",
        {
            "id": template_id,
            "entityTypeId": entity_type_id,
            **({} if entity_id is None else {"entityId": entity_id}),
            **_values(values),
        },
        Kind.READ,
        lambda answer: _fields(answer, "templateFields"),
        _FIELDS_TIMEOUT,
    )


def _values(values: Mapping[str, object] | None) -> dict[str, object]:
    return {"values": dict(values)} if values else {}


def _fields(answer: Answer, name: str) -> tuple[DocumentField, ...]:
    entries = as_map(as_map(answer.result)[name])
    return tuple(_field(code, as_map(entry)) for code, entry in entries.items())


def _field(code: str, entry: Mapping[str, Any]) -> DocumentField:
    choices = _choices(entry.get("value"))
    options = _map_or_empty(entry.get("options"))
    chosen = next((choice.value for choice in choices if choice.selected), None)
    return DocumentField(
        code=code,
        title=as_text(entry.get("title")),
        value=chosen if choices else _printed(entry.get("value")),
        default=None if choices else _printed(entry.get("default")),
        type=as_text(entry.get("type")).rpartition("\\")[2].lower(),
        format=_map_or_empty(entry.get("format")),
        options=options,
        required=as_bool(entry.get("required")),
        hide_row=as_bool(entry.get("hideRow")),
        group=tuple(as_text(step) for step in as_list(entry.get("group"))),
        chain=_chain(entry.get("chain")),
        is_select=bool(choices),
        choices=choices,
        is_array=as_bool(options.get("isArray")),
    )


def _choices(value: object) -> tuple[Choice, ...]:
    """The options of a select: objects with value and title, in an array or keyed by id."""
    listed = as_list(value) if isinstance(value, list | Mapping) else []
    if not all(isinstance(one, Mapping) and {"value", "title"} <= one.keys() for one in listed):
        return ()
    return tuple(
        Choice(as_text(one["value"]), as_text(one["title"]), _is_selected(one.get("selected")))
        for one in listed
    )


def _is_selected(mark: object) -> bool:
    """Old portals wrote 1 and a blank."""
    return as_bool(mark)


def _printed(value: object) -> str | None:
    """What would be printed, as text. Containers print nothing; flags are PHP's."""
    if value is None:
        return None
    if isinstance(value, list | Mapping):
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    return as_text(value)


def _map_or_empty(value: object) -> dict[str, Any]:
    """An object that only informs; anything else counts as empty."""
    return as_map(value) if isinstance(value, Mapping) else {}


def _chain(value: object) -> tuple[str, ...]:
    """The path as its steps. The title's path is an array beginning with an empty object."""
    if isinstance(value, str):
        return tuple(value.split(".")) if value else ()
    if isinstance(value, list):
        return tuple(step for step in value if isinstance(step, str))
    return ()
