"""`crm.documentgenerator.document.list`.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/crm-document-generator-document-list.html
"""

from __future__ import annotations

import re
from typing import Any

from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call
from tests.sandbox.rest.descriptions import add_row_links, document_row
from tests.sandbox.rest.errors import RestError, access_denied
from tests.sandbox.rest.lists import matches, names_in, ordered, paged
from tests.sandbox.rest.params import php_int

ROW_FIELDS = (
    *("id", "title", "number", "templateId", "fileId", "imageId", "pdfId", "createTime"),
    *("updateTime", "values", "createdBy", "updatedBy", "stampsEnabled", "entityId"),
)


def document_list(call: Call) -> Answer:
    """Shows the documents of all objects of a type, whether or not the user may read them."""
    rights.require_view(call)
    conditions = dict(call.params.mapping("filter"))
    for name in [name for name in conditions if name.lstrip("=") == "entityTypeId"]:
        # A cast of PHP: an array, whatever is in it, becomes 1.
        conditions[name] = php_int(conditions[name])
    wanted_type = next(
        (value for name, value in conditions.items() if name.lstrip("=") == "entityTypeId"), 0
    )
    if not rights.may_read_type(call.user, wanted_type):
        raise access_denied()
    selected = call.params.items_of("select", ["*"])
    order = call.params.mapping("order")
    _check_names([name for name in names_in(conditions) if name != "entityTypeId"])
    _check_names([name for name in selected if name != "*"])
    _check_names(order)
    for document in call.portal.documents.values():
        call.state.settle(call.portal, document)
    rows = [document_row(call, one) for one in call.portal.documents.values()]
    found = ordered([row for row in rows if matches(row, conditions)], order or {"id": "ASC"})
    return paged(
        found,
        call.params.integer("start"),
        lambda page: {"documents": [_shown(call, row, selected) for row in page]},
    )


def _check_names(names: Any) -> None:
    for name in names:
        if name not in ROW_FIELDS:
            field = re.sub(r"(.)([A-Z])", r"\1_\2", name).upper()
            raise RestError(
                "100",
                f"Unknown field definition {field} ({field}) for "
                "\\Bitrix\\DocumentGenerator\\Model\\Document Entity",
            )


def _shown(call: Call, row: dict[str, Any], selected: list[str]) -> dict[str, Any]:
    document = call.portal.documents[int(row["id"])]
    if "*" not in selected:
        row = {name: row[name] for name in row if name in selected}
    return add_row_links(row, call, document)
