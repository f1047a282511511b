"""`documentgenerator.role.*`: what members of a role may do with the generator.

Roles are kept and shown; what a user of the sandbox may do stands with the user, because binding
roles to users (role.fillaccesses) is not here.
https://apidocs.bitrix24.com/api-reference/document-generator/role/index.html
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.rest import rights
from tests.sandbox.rest.call import Answer, Call, Method
from tests.sandbox.rest.errors import RestError, not_constructed
from tests.sandbox.rest.lists import PAGE
from tests.sandbox.world import Role

LEVELS: dict[str, dict[str, tuple[str, ...]]] = {
    "settings": {"modify": ("", "X")},
    "templates": {"modify": ("", "A", "D", "X")},
    "documents": {"modify": ("", "X"), "view": ("", "X")},
}
EVERYTHING = {entity: dict.fromkeys(actions, "X") for entity, actions in LEVELS.items()}


def standard_roles() -> dict[int, Role]:
    """The two every portal has: both allow everything."""
    return {
        1: Role(1, "Administrator", "ADMIN", EVERYTHING),
        3: Role(3, "Manager", "MANAGER", EVERYTHING),
    }


def _permissions(sent: Any) -> dict[str, dict[str, str]]:
    """From keys in upper case; those in lower case count for nothing, as documented."""
    sent = sent if isinstance(sent, dict) else {}
    found: dict[str, dict[str, str]] = {}
    for entity, actions in LEVELS.items():
        given = sent.get(entity.upper())
        given = given if isinstance(given, dict) else {}
        found[entity] = {}
        for action, levels in actions.items():
            level = str(given.get(action.upper()) or "")
            found[entity][action] = level if level in levels else ""
    return found


def _described(role: Role) -> dict[str, Any]:
    return {
        "role": {
            "id": role.id,
            "name": role.name,
            "code": role.code,
            "permissions": role.permissions,
        }
    }


def _the_role(call: Call) -> Role:
    if call.params.get("id") in (None, ""):
        raise not_constructed("Bitrix\\DocumentGenerator\\Model\\Role")
    found = call.portal.roles.get(call.params.integer("id"))
    if found is None:
        raise RestError("100", "Could not construct parameter {role}")
    rights.require_settings(call)
    return found


def get(call: Call) -> dict[str, Any]:
    return _described(_the_role(call))


def role_list(call: Call) -> Answer:
    """`total` is the number on this page, and there is never a `next`."""
    rights.require_settings(call)
    start = call.params.integer("start")
    first = max(0, start) // PAGE * PAGE
    page = list(call.portal.roles.values())[first : first + PAGE]
    rows = [{"id": one.id, "name": one.name, "code": one.code} for one in page]
    return Answer({"roles": rows}, total=None if start < 0 else len(rows))


def add(call: Call) -> dict[str, Any]:
    sent = call.params.required_mapping("fields")
    rights.require_settings(call)
    if not sent.get("name"):
        raise RestError("BX_EMPTY_REQUIRED", 'Required field "NAME" is not filled')
    number = max(call.portal.roles, default=0) + 2
    role = Role(
        number,
        str(sent["name"]),
        str(sent.get("code") or ""),
        _permissions(sent.get("permissions")),
    )
    call.portal.roles[number] = role
    return _described(role)


def update(call: Call) -> dict[str, Any]:
    """`permissions` are rewritten as a whole."""
    role = _the_role(call)
    sent = call.params.required_mapping("fields")
    role.name = str(sent.get("name") or role.name)
    role.code = str(sent.get("code") or role.code)
    if "permissions" in sent:
        role.permissions = _permissions(sent["permissions"])
    return _described(role)


def delete(call: Call) -> None:
    del call.portal.roles[_the_role(call).id]


_PREFIX, _SCOPES = "documentgenerator.role.", ("documentgenerator",)
METHODS = [
    Method(f"{_PREFIX}list", role_list, _SCOPES),
    Method(f"{_PREFIX}get", get, _SCOPES),
    Method(f"{_PREFIX}add", add, _SCOPES),
    Method(f"{_PREFIX}update", update, _SCOPES),
    Method(f"{_PREFIX}delete", delete, _SCOPES),
]
