"""The portal's own ways to make and change documents: no REST, no application, but events."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from tests.sandbox.generator import documents
from tests.sandbox.generator.access import may_read_entity, may_use_template
from tests.sandbox.generator.errors import GeneratorError
from tests.sandbox.pages.layout import page, refused
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import DEAL, Document

VIEWER = "/bitrix/components/bitrix/crm.document.view/slider.php"
EVENT = "ONCRMDOCUMENTGENERATORDOCUMENT"
METHOD = "public"
"""What such a document has as `_creationMethod`, where REST has "rest"."""


def edit(visit: Visit) -> Response:
    """`?documentId=`: every plain field with what it prints; a tick for the stamp."""
    document = _document(visit)
    if isinstance(document, Response):
        return document
    try:
        found = _described(visit, document)
    except GeneratorError as error:
        return refused(visit, "Not possible", error.message)
    content = fill(
        "document_editor",
        id=document.id,
        title=document.title,
        suffix="&IFRAME=Y" if visit.in_slider else "",
        inputs=joined(_input(code, one) for code, one in found.items()),
        stamps=Markup(" checked") if document.stamps_enabled else "",
    )
    return page(visit, document.title, content, "deals")


def save(visit: Visit) -> Response:
    """Makes the file anew with what is different from the fields as they are now."""
    document = _document(visit)
    if isinstance(document, Response):
        return document
    form = visit.request.form
    try:
        shown = {code: _shown(one) for code, one in _described(visit, document).items()}
        values = {
            code: form[f"values[{code}]"].replace("\r\n", "\n")
            for code, value in shown.items()
            if form.get(f"values[{code}]", value).replace("\r\n", "\n") != value
        }
        now = visit.state.now()
        stamps = "stamps" in form
        documents.regenerate(visit.portal, document, visit.user, values, stamps, now)
    except GeneratorError as error:
        return refused(visit, "Not saved", error.message, 400)
    return _told(visit, "UPDATE", document)


def make(visit: Visit, deal_id: int) -> Response:
    """A new document of a deal, from the Document menu."""
    template_id = visit.request.form.get("template_id", 0, type=int)
    template = visit.portal.templates.get(template_id)
    if not visit.user.documents_modify:
        return refused(visit, "Access denied", "You do not have the right to make documents.")
    try:
        document = documents.make(
            visit.portal,
            template_id,
            DEAL,
            str(deal_id),
            visit.user,
            {},
            {},
            template is not None and template.with_stamps,
            visit.state.now(),
            creation_method=METHOD,
            document_limit=visit.state.options.document_limit,
        )
    except GeneratorError as error:
        return refused(visit, "Not made", error.message, 400)
    return _told(visit, "ADD", document)


def offered(visit: Visit, category_id: int) -> list[tuple[int, str]]:
    """Id and name of the templates that the menu of a deal offers to this user."""
    bindings = {str(DEAL), f"{DEAL}_category_{category_id}"}
    return [
        (one.id, one.name)
        for one in visit.portal.templates.values()
        if one.active
        and not one.is_deleted
        and bindings & set(one.entity_type_ids)
        and may_use_template(visit.portal, visit.user, one)
    ]


def _document(visit: Visit) -> Document | Response:
    document = visit.portal.documents.get(visit.request.args.get("documentId", 0, type=int))
    if document is None:
        return refused(visit, "Document not found", "It may have been deleted.", 404)
    may = visit.user.documents_modify and may_read_entity(
        visit.portal, visit.user, document.entity_type_id, document.entity_id
    )
    if not may:
        return refused(visit, "Access denied", "You do not have the right to change it.")
    return document


def _described(visit: Visit, document: Document) -> dict[str, dict[str, Any]]:
    """The fields that are plain text: no choices, columns, pictures."""
    now = visit.state.now()
    found = documents.fields_of_document(visit.portal, document, visit.user, {}, now)
    return {
        code: one
        for code, one in found.items()
        if not isinstance(one.get("value"), list | dict)
        and not (one.get("options") or {}).get("isArray")
        and one.get("type") not in {"IMAGE", "STAMP"}
    }


def _shown(described: dict[str, Any]) -> str:
    return "" if described.get("value") is None else str(described["value"])


def _input(code: str, described: dict[str, Any]) -> Markup:
    return Markup('<label>{}<textarea name="values[{}]" rows="1">{}</textarea></label>').format(
        described["title"], code, _shown(described)
    )


def _told(visit: Visit, what: str, document: Document) -> Response:
    """Conversion and event are as after any other change."""
    visit.state.settle(visit.portal, document)
    fields = {
        "ID": document.id,
        "ENTITY_TYPE_ID": document.entity_type_id,
        "ENTITY_ID": document.entity_id,
    }
    visit.state.emit(visit.portal, EVENT + what, {"FIELDS": fields}, visit.user.id)
    suffix = "&IFRAME=Y" if visit.in_slider else ""
    return redirect(f"{VIEWER}?documentId={document.id}{suffix}", 303, Response=Response)


RULES = [
    Rule(VIEWER.replace("slider", "edit"), signed_in(edit)),
    Rule(VIEWER.replace("slider", "edit"), signed_in(save), ("POST",)),
    Rule("/crm/deal/details/<int:deal_id>/documents/", signed_in(make), ("POST",)),
]
