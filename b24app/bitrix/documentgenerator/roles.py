"""Roles of the generator: what their members may do with documents, templates and settings.

Needs the scope ``documentgenerator``, the right to the generator's settings and a plan that has
roles. Who the members are is not told.

Pages: api-reference/document-generator/role.
"""

from dataclasses import dataclass
from typing import Final

from b24app.bitrix.normalise import as_key, as_list, as_map, as_text
from b24app.bitrix.protocol import Answer, Command, Kind

_METHOD: Final = "documentgenerator.role"


@dataclass(frozen=True, slots=True)
class Role:
    """``templates``: "" none, ``A`` own ones, ``D`` those of the department, ``X`` any."""

    id: int
    name: str
    views: bool
    changes: bool
    templates: str
    settings: bool


def list_roles() -> Command[tuple[tuple[int, str], ...]]:
    """The first 50 roles, id and name. Page: document-generator-role-list."""
    return Command(f"{_METHOD}.list", {"start": 0}, Kind.READ, _roles)


def get_role(role_id: int) -> Command[Role]:
    """One role with its permissions. Page: document-generator-role-get."""
    return Command(f"{_METHOD}.get", {"id": role_id}, Kind.READ, _role)


def _roles(answer: Answer) -> tuple[tuple[int, str], ...]:
    rows = [as_map(row) for row in as_list(as_map(answer.result)["roles"])]
    return tuple((as_key(row["id"]), as_text(row.get("name"))) for row in rows)


def _role(answer: Answer) -> Role:
    row = as_map(as_map(answer.result)["role"])
    rights = as_map(row.get("permissions"))
    settings, templates, documents = (
        as_map(rights.get(name)) for name in ("settings", "templates", "documents")
    )
    changes = bool(as_text(documents.get("modify")))
    return Role(
        id=as_key(row["id"]),
        name=as_text(row.get("name")),
        views=changes or bool(as_text(documents.get("view"))),
        changes=changes,
        templates=as_text(templates.get("modify")),
        settings=bool(as_text(settings.get("modify"))),
    )
