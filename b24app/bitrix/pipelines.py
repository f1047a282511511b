"""The pipelines of a type of CRM objects.

Page: api-reference/crm/universal/category/crm-category-list.
"""

from b24app.bitrix.normalise import as_int, as_list, as_map, as_text
from b24app.bitrix.protocol import Answer, Command, Kind


def list_pipelines(entity_type_id: int) -> Command[dict[int, str]]:
    """Names by id, of the pipelines this user may see; 0 is the first one of deals."""
    params = {"entityTypeId": entity_type_id}
    return Command("crm.category.list", params, Kind.READ, _names)


def _names(answer: Answer) -> dict[int, str]:
    rows = [as_map(row) for row in as_list(as_map(answer.result)["categories"])]
    return {as_int(row["id"]): as_text(row["name"]) for row in rows}
