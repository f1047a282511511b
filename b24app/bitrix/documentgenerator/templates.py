"""Document templates. Every call here needs the right to modify templates, reading included.

Pages: api-reference/crm/document-generator/templates/crm-document-generator-template-*.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from b24app.bitrix.normalise import (
    as_bool,
    as_id,
    as_int,
    as_key,
    as_list,
    as_map,
    as_moment_or_none,
    as_text,
)
from b24app.bitrix.protocol import Answer, Command, Kind, Page, page_of
from b24app.bitrix.secret import Secret

_METHOD: Final = "crm.documentgenerator.template"
_SELECT: Final = ("*", "entityTypeId", "users")
_UPLOAD_TIMEOUT: Final = 65.0
_USUAL_SORT: Final = 500


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """A template. ``entity_types``: ``2_category_0`` and the like, rarely a provider's class name.

    ``users``: access codes of those who may use it (``UA`` everyone, ``U7`` a user, ``D3`` a
    department, ``DR3`` one with all below). ``region``: a code or an own region's id.
    """

    id: int
    name: str
    region: str
    active: bool
    is_deleted: bool
    with_stamps: bool
    numerator_id: int | None
    sort: int
    entity_types: tuple[str, ...]
    users: tuple[str, ...]
    update_time: datetime | None


def list_templates(
    start: int = 0, *, extra_filter: Mapping[str, object] | None = None
) -> Command[Page[DocumentTemplate]]:
    """Templates of the CRM that are not deleted, inactive ones too, 50 a page, in no order.

    Filter by pipeline yourself: the portal matches ``entityTypeId`` exactly, and deal templates are
    stored per pipeline.

    Page: crm-document-generator-template-list.
    """
    params: dict[str, object] = {"select": list(_SELECT), "start": start}
    if extra_filter:
        params["filter"] = dict(extra_filter)
    return Command(f"{_METHOD}.list", params, Kind.READ, _page)


def get_template(template_id: int) -> Command[DocumentTemplate]:
    """One template. Page: crm-document-generator-template-get."""
    return Command(f"{_METHOD}.get", {"id": template_id}, Kind.READ, _template_answer)


def template_file(template_id: int) -> Command[Secret | None]:
    """The link for machines to a template's ``.docx``, for `PortalClient.download`.

    Page: crm-document-generator-template-get.
    """
    return Command(f"{_METHOD}.get", {"id": template_id}, Kind.READ, _file_answer)


def add_template(
    *,
    name: str,
    file_name: str,
    content: bytes,
    numerator_id: int,
    region: str,
    entity_types: Sequence[str],
    users: Sequence[str],
    active: bool = True,
    with_stamps: bool = False,
    sort: int = _USUAL_SORT,
) -> Command[DocumentTemplate]:
    """A new template from a ``.docx`` (at most 2 MiB by default of the portal).

    ``name``: at most 100 characters. ``users`` is always sent: without it only the caller could use
    the template. The portal expands ``"2"`` to every pipeline there is at that moment.

    Page: crm-document-generator-template-add.
    """
    fields: dict[str, object] = {
        "name": name,
        "file": _file(file_name, content),
        "numeratorId": numerator_id,
        "region": region,
        "entityTypeId": list(entity_types),
        "users": list(users),
        "active": _flag(active),
        "withStamps": _flag(with_stamps),
        "sort": sort,
    }
    params = {"fields": fields}
    return Command(f"{_METHOD}.add", params, Kind.CREATE, _template_answer, _UPLOAD_TIMEOUT)


def update_template(
    template_id: int,
    *,
    name: str | None = None,
    file: tuple[str, bytes] | None = None,
    numerator_id: int | None = None,
    region: str | None = None,
    entity_types: Sequence[str] = (),
    users: Sequence[str] = (),
    active: bool | None = None,
    with_stamps: bool | None = None,
    sort: int | None = None,
) -> Command[DocumentTemplate]:
    """Changes what is given. ``file``: name and content. A new file clears "default template".

    ``entity_types`` and ``users`` are replaced as a whole and cannot be cleared.

    Page: crm-document-generator-template-update.
    """
    changes: dict[str, object] = {
        "name": name,
        "file": None if file is None else _file(*file),
        "numeratorId": numerator_id,
        "region": region,
        "entityTypeId": list(entity_types) or None,
        "users": list(users) or None,
        "active": None if active is None else _flag(active),
        "withStamps": None if with_stamps is None else _flag(with_stamps),
        "sort": sort,
    }
    fields = {key: value for key, value in changes.items() if value is not None}
    params = {"id": template_id, "fields": fields}
    return Command(f"{_METHOD}.update", params, Kind.SET, _template_answer, _UPLOAD_TIMEOUT)


def delete_template(template_id: int) -> Command[None]:
    """Deletes a template; one with documents is only marked as deleted and loses its file.

    Page: crm-document-generator-template-delete.
    """
    return Command(f"{_METHOD}.delete", {"id": template_id}, Kind.SET, lambda answer: None)


def _file(name: str, content: bytes) -> list[str]:
    return [name, base64.b64encode(content).decode("ascii")]


def _flag(on: bool) -> str:
    return "Y" if on else "N"


def _file_answer(answer: Answer) -> Secret | None:
    link = as_text(as_map(as_map(answer.result)["template"]).get("downloadMachine"))
    return Secret(link) if link else None


def _template_answer(answer: Answer) -> DocumentTemplate:
    return _template(as_map(answer.result)["template"])


def _page(answer: Answer) -> Page[DocumentTemplate]:
    return page_of(answer, as_map(answer.result)["templates"], _template)


def _template(value: object) -> DocumentTemplate:
    row: dict[str, Any] = as_map(value)
    return DocumentTemplate(
        id=as_key(row["id"]),
        name=as_text(row["name"]),
        region=as_text(row.get("region")),
        active=as_bool(row.get("active", True)),
        is_deleted=as_bool(row.get("isDeleted")),
        with_stamps=as_bool(row.get("withStamps")),
        numerator_id=as_id(row.get("numeratorId")),
        sort=_USUAL_SORT if row.get("sort") in (None, "") else as_int(row["sort"]),
        entity_types=tuple(as_text(one) for one in as_list(row.get("entityTypeId"))),
        users=tuple(as_text(one) for one in as_list(row.get("users"))),
        update_time=as_moment_or_none(row.get("updateTime")),
    )
