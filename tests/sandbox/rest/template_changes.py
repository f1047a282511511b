"""`crm.documentgenerator.template.*`: adding, changing, deleting.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/templates/index.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.sandbox.changes import delete_template
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Call, Method
from tests.sandbox.rest.descriptions import template_answer
from tests.sandbox.rest.errors import generic
from tests.sandbox.rest.params import php_int, yes
from tests.sandbox.rest.sent_files import template_file
from tests.sandbox.world import DocumentTemplate, Portal

REQUIRED = ("name", "numeratorId", "region", "entityTypeId")
LONGEST_NAME = 100


def _texts(value: Any) -> list[str]:
    """A list of texts sent as an array, an object or a single value."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        value = [value] if value not in (None, "") else []
    return [str(one) for one in value]


def bindings(portal: Portal, sent: Iterable[str]) -> list[str]:
    """The bindings as stored: a plain "2" means every pipeline there is at this moment."""
    found: list[str] = []
    for one in sent:
        pipelines = [f"2_category_{category}" for category in portal.categories]
        found += pipelines if one == "2" else [one]
    return list(dict.fromkeys(found))


def add(call: Call) -> dict[str, Any]:
    """Without `users` only the owner of the token may use the template."""
    fields = call.params.required_mapping("fields")
    rights.require_templates(call)
    empty = [name for name in REQUIRED if not fields.get(name)]
    if empty:
        raise generic(f"Empty required fields: {', '.join(empty)}")
    body = template_file(fields.get("file") or call.params.get("file"))
    template = DocumentTemplate(
        id=call.portal.next_id("template"),
        name=_name(fields["name"]),
        region=str(fields["region"]),
        numerator_id=php_int(fields["numeratorId"]),
        body=body,
        entity_type_ids=bindings(call.portal, _texts(fields["entityTypeId"])),
        users=_texts(fields.get("users")) or [f"U{call.user.id}"],
        active=yes(fields.get("active", "Y")),
        with_stamps=yes(fields.get("withStamps", "N")),
        sort=php_int(fields.get("sort", 500)),
        created_by=call.user.id,
        created_time=call.now,
        updated_time=call.now,
    )
    call.portal.templates[template.id] = template
    return {"template": template_answer(call, template)}


def _name(value: Any) -> str:
    name = str(value)
    if len(name) > LONGEST_NAME:
        raise generic(f"The name must not be longer than {LONGEST_NAME} characters")
    return name


def update(call: Call) -> dict[str, Any]:
    """Only what is sent changes; `users` and `entityTypeId` cannot be emptied."""
    template = rights.the_template(call)
    fields = call.params.required_mapping("fields")
    file = fields.get("file") or call.params.get("file")
    changes: dict[str, Any] = {
        "body": template_file(file) if file else None,
        "name": _name(fields["name"]) if fields.get("name") else None,
        "region": str(fields["region"]) if fields.get("region") else None,
        "numerator_id": php_int(fields.get("numeratorId")) or None,
        "active": yes(fields["active"]) if "active" in fields else None,
        "with_stamps": yes(fields["withStamps"]) if "withStamps" in fields else None,
        "sort": php_int(fields["sort"]) if "sort" in fields else None,
        "users": _texts(fields.get("users")) or None,
        "entity_type_ids": bindings(call.portal, _texts(fields.get("entityTypeId"))) or None,
    }
    for name, value in changes.items():
        if value is not None:
            setattr(template, name, value)
    template.updated_time, template.updated_by = call.now, call.user.id
    return {"template": template_answer(call, template)}


def delete(call: Call) -> None:
    """With documents the template stays, marked and without its file; else it is gone."""
    delete_template(call.portal, rights.the_template(call).id)


_PREFIX = "crm.documentgenerator.template."
METHODS = [
    Method(f"{_PREFIX}add", add, ("crm",)),
    Method(f"{_PREFIX}update", update, ("crm",)),
    Method(f"{_PREFIX}delete", delete, ("crm",)),
]
