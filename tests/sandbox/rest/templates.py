"""`crm.documentgenerator.template.*`: reading.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/templates/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.generator import documents
from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.descriptions import add_template_link, template_answer, template_row
from tests.sandbox.rest.errors import RestError, not_constructed
from tests.sandbox.rest.lists import matches, names_in, ordered, paged
from tests.sandbox.rest.rights import HIDDEN_CODE

ON_REQUEST = ("users", "entityTypeId")
"""Not part of `*`."""
ROW_FIELDS = (
    *("id", "name", "region", "code", "active", "moduleId", "numeratorId", "withStamps"),
    *("isDeleted", "sort", "createTime", "updateTime", "productsTableVariant", "isDefault"),
    *("createdBy", "updatedBy", *ON_REQUEST),
)


def get(call: Call) -> dict[str, Any]:
    return {"template": template_answer(call, rights.the_template(call))}


def template_list(call: Call) -> Answer:
    """Keyed by id, so the order is only that of the text; an empty page is `[]`."""
    rights.require_templates(call)
    conditions = dict(call.params.mapping("filter"))
    order = call.params.mapping("order")
    selected = call.params.items_of("select", ["*"])
    for name in [*names_in(conditions), *order]:
        if name not in ROW_FIELDS:
            raise RestError("100", f"Unknown field definition {name} for Template Entity")
    if "isDeleted" not in names_in(conditions):
        conditions["isDeleted"] = "N"
    for name in [name for name in conditions if name.lstrip("=") == "moduleId"]:
        del conditions[name]
    rows = [
        template_row(call, one)
        for one in call.portal.templates.values()
        if not (one.code or "").startswith(HIDDEN_CODE) and rights.template_in_reach(call, one)
    ]
    found = ordered([row for row in rows if matches(row, conditions)], order or {"id": "ASC"})
    return paged(
        found,
        call.params.integer("start"),
        lambda page: {"templates": {row["id"]: _shown(call, row, selected) for row in page} or []},
    )


def _shown(call: Call, row: dict[str, Any], selected: list[str]) -> dict[str, Any]:
    template = call.portal.templates[int(row["id"])]
    shown = {
        name: value
        for name, value in row.items()
        if name in selected or ("*" in selected and name not in ON_REQUEST)
    }
    return add_template_link(shown, call, template)


def get_fields(call: Call) -> dict[str, Any]:
    """The number in the answer is a preview; nothing is spent."""
    template = rights.the_template(call)
    if call.params.get("entityTypeId") in (None, ""):
        raise not_constructed("Bitrix\\DocumentGenerator\\Template")
    found = documents.fields_of_template(
        call.portal,
        template,
        call.params.integer("entityTypeId"),
        call.params.text("entityId"),
        call.user,
        call.params.mapping("values"),
        call.now,
    )
    return {"templateFields": found or []}


_PREFIX = "crm.documentgenerator.template."
METHODS = [
    Method(f"{_PREFIX}get", get, ("crm",)),
    Method(f"{_PREFIX}list", template_list, ("crm",)),
    Method(f"{_PREFIX}getfields", get_fields, ("crm",)),
]
