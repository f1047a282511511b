"""`crm.documentgenerator.document.upload`: a document made elsewhere.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/documents/crm-document-generator-document-upload.html
"""

from __future__ import annotations

from tests.sandbox.generator import conversion
from tests.sandbox.generator.documents import DOCX, PROVIDERS
from tests.sandbox.rest.call import Call
from tests.sandbox.rest.errors import generic
from tests.sandbox.rest.params import php_int
from tests.sandbox.rest.rights import HIDDEN_CODE
from tests.sandbox.rest.sent_files import sent_file
from tests.sandbox.world import Document, DocumentTemplate, File, Portal

REQUIRED = ("entityTypeId", "entityId", "title", "number", "region", "fileContent")


def upload(call: Call) -> Document:
    """Stores the document. No numerator is asked, nor the right to the deal.

    Raises:
        RestError: a field is missing or wrong.
    """
    fields = call.params.required_mapping("fields")
    empty = [name for name in REQUIRED if not fields.get(name)]
    if empty:
        raise generic(f"Empty required fields: {', '.join(empty)}")
    entity_type_id, entity_id = php_int(fields["entityTypeId"]), php_int(fields["entityId"])
    if entity_type_id <= 0:
        raise generic('Wrong "entityTypeId" field value')
    if entity_id <= 0:
        raise generic('Wrong "entityId" field value')
    if entity_type_id not in PROVIDERS:
        raise generic("No provider for entityTypeId")
    body = sent_file(fields["fileContent"])
    template = _hidden_template(call, str(fields["region"]))
    portal, now = call.portal, call.now
    document = Document(
        id=portal.next_id("document"),
        title=str(fields["title"]),
        number=str(fields["number"]),
        template_id=template.id,
        entity_type_id=entity_type_id,
        entity_id=str(entity_id),
        values={"productsTableVariant": "", "_creationMethod": "rest"},
        created_time=now,
        updated_time=now,
        created_by=call.user.id,
    )
    document.file_id = _keep(portal, f"{document.title}.docx", DOCX, body)
    if fields.get("pdfContent"):
        pdf = sent_file(fields["pdfContent"])
        document.pdf_id = _keep(portal, f"{document.title}.pdf", "application/pdf", pdf)
    if fields.get("imageContent"):
        image = sent_file(fields["imageContent"])
        document.image_id = _keep(portal, f"{document.title}.jpg", "image/jpeg", image)
    if document.pdf_id is None or document.image_id is None:
        conversion.start(document, now)
    portal.documents[document.id] = document
    return document


def _keep(portal: Portal, name: str, content_type: str, body: bytes) -> int:
    file_id = portal.next_id("file")
    portal.files[file_id] = File(file_id, name, content_type, body)
    return file_id


def _hidden_template(call: Call, region: str) -> DocumentTemplate:
    """One per application (or webhook) and region, deleted from the start."""
    owner = call.caller.app.client_id if call.caller.app else call.caller.webhook
    code = f"{HIDDEN_CODE}{'oauth' if call.caller.app else 'apauth'}_{owner}"
    for template in call.portal.templates.values():
        if template.code == code and template.region == region:
            return template
    template = DocumentTemplate(
        id=call.portal.next_id("template"),
        name=code,
        region=region,
        numerator_id=0,
        body=b"",
        code=code,
        is_deleted=True,
        created_by=call.user.id,
        created_time=call.now,
        updated_time=call.now,
    )
    call.portal.templates[template.id] = template
    return template
