"""The generator's rights, as its methods check them before anything else.

https://apidocs.bitrix24.com/api-reference/document-generator/role/index.html
"""

from __future__ import annotations

from tests.sandbox.generator.documents import may_read_entity, may_use_template
from tests.sandbox.rest.call import Call
from tests.sandbox.rest.errors import RestError, generic, not_constructed
from tests.sandbox.rest.params import php_int
from tests.sandbox.world import COMPANY, CONTACT, Document, DocumentTemplate, User

HIDDEN_CODE = "rest_"
"""Templates with such a code are made by document.upload; nobody sees them."""


def rules(call: Call) -> bool:
    """Whether the generator takes the user for its administrator.

    Where the plan has no roles, everybody is one.
    """
    has_roles = call.state.options.roles_on_plan or call.portal.on_premises
    return call.user.is_admin or not has_roles


def require_view(call: Call) -> None:
    user = call.user
    if not (rules(call) or user.documents_view or user.documents_modify):
        raise generic("You do not have permissions to view documents")


def require_modify(call: Call) -> None:
    require_view(call)
    if not (rules(call) or call.user.documents_modify):
        raise generic("You do not have permissions to modify documents")


def require_templates(call: Call) -> None:
    """The right TEMPLATES.MODIFY, which reading templates wants as well."""
    if not (rules(call) or call.user.templates_modify):
        raise generic("You do not have permissions to modify templates")


def require_settings(call: Call) -> None:
    """The right SETTINGS.MODIFY, and a plan that has roles.

    Raises:
        RestError: "0", or DOCGEN_ACCESS_ERROR (403 in the documentation, 400 in the source).
    """
    if not (rules(call) or call.user.settings_modify):
        raise generic("You do not have permissions to modify settings")
    if not (call.state.options.roles_on_plan or call.portal.on_premises):
        raise RestError(
            "DOCGEN_ACCESS_ERROR",
            "Your plan does not support this operation",
            403,
            source_status=400,
        )


def template_in_reach(call: Call, template: DocumentTemplate) -> bool:
    """Whether the level of TEMPLATES.MODIFY (own, department, any) covers this template."""
    level = "X" if rules(call) else call.user.templates_modify
    if level in ("", "X"):
        return level == "X"
    if template.created_by == call.user.id:
        return True
    creator = call.portal.users.get(template.created_by)
    return level == "D" and creator is not None and _same_department(call.user, creator)


def _same_department(one: User, other: User) -> bool:
    return bool(set(one.departments) & set(other.departments))


def find_template(call: Call, value: object) -> DocumentTemplate | None:
    """A template of the CRM by its id, deleted ones too, those of uploads not."""
    template = call.portal.templates.get(php_int(value))
    if template is None or (template.code or "").startswith(HIDDEN_CODE):
        return None
    return template


def the_template(call: Call, name: str = "id") -> DocumentTemplate:
    """The template a call is about, where the caller may have it.

    Raises:
        RestError: 100 without an id, "0" for an unknown one or a missing right.
    """
    if call.params.get(name) in (None, ""):
        raise not_constructed("Bitrix\\DocumentGenerator\\Template")
    template = find_template(call, call.params[name])
    if template is None:
        raise generic("Template not found")
    require_templates(call)
    if not template_in_reach(call, template):
        raise generic("You do not have permissions to modify this template")
    return template


def the_document(call: Call, *, modify: bool = False) -> Document:
    """The document a call is about, where the caller may have it.

    Raises:
        RestError: 100 without an id, "0" for an unknown one or a missing right,
            DOCGEN_ACCESS_ERROR for a deal the user may not read.
    """
    if call.params.get("id") in (None, ""):
        raise not_constructed("Bitrix\\DocumentGenerator\\Document")
    document = call.portal.documents.get(call.params.integer("id"))
    if document is None:
        raise generic("Document not found")
    require_view(call)
    if modify:
        _require_modify_of(call, document)
    if not may_read_entity(call.portal, call.user, document.entity_type_id, document.entity_id):
        raise RestError("DOCGEN_ACCESS_ERROR", "Access denied")
    return document


def _require_modify_of(call: Call, document: Document) -> None:
    require_modify(call)
    template = call.portal.templates.get(document.template_id)
    if template is None or template.is_deleted:
        return
    if not may_use_template(call.portal, call.user, template):
        raise generic("You do not have permissions to modify this document")


def may_read_type(user: User, entity_type_id: int) -> bool:
    """Whether the user may read any object of a type (0: of any type at all)."""
    if user.is_admin:
        return True
    if entity_type_id in (CONTACT, COMPANY):
        return user.reads_clients
    level = user.reads.get(entity_type_id, user.reads_deals)
    return level != "none" or (entity_type_id == 0 and user.reads_clients)
