"""Bitrix24's document generator: documents, their fields, templates, numerators.

Each function returns a `Command` to be run by a `PortalClient`; nothing here talks to anybody.
Pages: api-reference/crm/document-generator and api-reference/document-generator.
"""

from b24app.bitrix.documentgenerator.document import Document, ListedDocument, Products
from b24app.bitrix.documentgenerator.documents import (
    add_document,
    all_documents,
    delete_document,
    documents_numbered,
    enable_public_url,
    get_document,
    list_changed_documents,
    list_documents,
    list_documents_before,
    list_documents_by_id,
    newest_of_templates,
    update_document,
    upload_document,
)
from b24app.bitrix.documentgenerator.fields import (
    Choice,
    DocumentField,
    document_fields,
    template_fields,
)
from b24app.bitrix.documentgenerator.numerators import (
    Numerator,
    add_numerator,
    delete_numerator,
    get_numerator,
    list_numerators,
    update_numerator,
)
from b24app.bitrix.documentgenerator.regions import Region, get_region, list_regions
from b24app.bitrix.documentgenerator.roles import Role, get_role, list_roles
from b24app.bitrix.documentgenerator.templates import (
    DocumentTemplate,
    add_template,
    delete_template,
    get_template,
    list_templates,
    template_file,
    update_template,
)

__all__ = [
    "Choice",
    "Document",
    "DocumentField",
    "DocumentTemplate",
    "ListedDocument",
    "Numerator",
    "Products",
    "Region",
    "Role",
    "add_document",
    "add_numerator",
    "add_template",
    "all_documents",
    "delete_document",
    "delete_numerator",
    "delete_template",
    "document_fields",
    "documents_numbered",
    "enable_public_url",
    "get_document",
    "get_numerator",
    "get_region",
    "get_role",
    "get_template",
    "list_changed_documents",
    "list_documents",
    "list_documents_before",
    "list_documents_by_id",
    "list_numerators",
    "list_regions",
    "list_roles",
    "list_templates",
    "newest_of_templates",
    "template_fields",
    "template_file",
    "update_document",
    "update_numerator",
    "update_template",
    "upload_document",
]
