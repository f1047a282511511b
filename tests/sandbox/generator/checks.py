"""What the generator asks before it does anything, in the portal's order."""

from __future__ import annotations

from tests.sandbox.generator.access import may_read_entity, may_use_template
from tests.sandbox.generator.errors import LIMIT_ERROR, GeneratorError, access_denied
from tests.sandbox.world import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    QUOTE,
    SMART_INVOICE,
    Document,
    DocumentTemplate,
    Portal,
    User,
)

PROVIDERS = (LEAD, DEAL, CONTACT, COMPANY, QUOTE, SMART_INVOICE)


def check_make(
    portal: Portal,
    template: DocumentTemplate,
    entity_type_id: int,
    entity_id: str,
    user: User,
    document_limit: int | None,
) -> None:
    """Refuses a document that may not be made. Pipeline and `active` are not asked."""
    if not may_use_template(portal, user, template):
        raise GeneratorError("You do not have permissions to create document on this template")
    if entity_type_id not in PROVIDERS:
        raise GeneratorError("No provider for entityTypeId")
    if str(entity_id) in ("", "0"):
        raise GeneratorError('Empty required parameter "value"')
    if template.is_deleted:
        raise GeneratorError("Cannot create document on deleted template")
    if not may_read_entity(portal, user, entity_type_id, entity_id):
        raise access_denied()
    if document_limit is not None and len(portal.documents) >= document_limit:
        raise GeneratorError("Maximum count of documents has been reached", LIMIT_ERROR)


def check_reach(
    portal: Portal, document: Document, template: DocumentTemplate | None, user: User
) -> None:
    """Refuses work on a document to who may not use its template or read its object."""
    gone = template is None or template.is_deleted
    if template is not None and not gone and not may_use_template(portal, user, template):
        raise GeneratorError("You do not have permissions to modify this document")
    if not may_read_entity(portal, user, document.entity_type_id, document.entity_id):
        raise access_denied()
