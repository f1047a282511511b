"""The portal's own viewer of a document, shown in a panel."""

from __future__ import annotations

from markupsafe import Markup
from werkzeug.wrappers import Response

from tests.sandbox.generator.access import may_read_entity
from tests.sandbox.pages.card_parts import fact, panel_link
from tests.sandbox.pages.conversions import settled
from tests.sandbox.pages.formats import moment
from tests.sandbox.pages.layout import page, refused
from tests.sandbox.pages.markup import fill, icon, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import DEAL, Document

EDITOR = "/bitrix/components/bitrix/crm.document.view/edit.php"
ACTION = "/bitrix/services/main/ajax.php?action=crm.documentgenerator.document.{}&SITE_ID=s1&id={}"


def viewer(visit: Visit) -> Response:
    """`?documentId=`: the first page, the files, the public link."""
    document = visit.portal.documents.get(visit.request.args.get("documentId", 0, type=int))
    if document is None:
        return refused(visit, "Document not found", "It may have been deleted.", 404)
    if not _may_see(visit, document):
        return refused(visit, "Access denied", "You do not have the right to see this document.")
    settled(visit.state, visit.portal, document)
    content = fill(
        "document_viewer",
        title=document.title,
        files=_edit(visit, document) + _files(document),
        picture=_picture(document),
        facts=joined(_facts(visit, document)),
    )
    return page(visit, document.title, content, "deals")


def _may_see(visit: Visit, document: Document) -> bool:
    return visit.user.documents_view and may_read_entity(
        visit.portal, visit.user, document.entity_type_id, document.entity_id
    )


def _edit(visit: Visit, document: Document) -> Markup:
    """The way to the portal's own editor, for who may change documents."""
    if not visit.user.documents_modify:
        return Markup()
    suffix = "&IFRAME=Y" if visit.in_slider else ""
    return Markup('<a class="button" href="{}?documentId={}{}">Edit</a>').format(
        EDITOR, document.id, suffix
    )


def _files(document: Document) -> Markup:
    kinds = [("getPdf", "PDF")] if document.pdf_id else []
    kinds.append(("download", "DOCX"))
    return joined(
        Markup('<a class="button" href="{}">{} {}</a>').format(
            ACTION.format(action, document.id), icon("download"), text
        )
        for action, text in kinds
    )


def _picture(document: Document) -> Markup:
    if document.conversion_error:
        return fill("document_failed", reason=document.conversion_error[1])
    if not document.image_id:
        return fill("document_waiting", icon=icon("clock"))
    return Markup('<img class="sheet" alt="First page" src="{}">').format(
        ACTION.format("getImage", document.id)
    )


def _facts(visit: Visit, document: Document) -> list[Markup]:
    author = visit.portal.users.get(document.created_by or 0)
    facts = [
        fact("Number", document.number),
        fact("Created", moment(document.created_time, visit.portal)),
        fact("Author", author.full_name if author else "automation"),
    ]
    deal = visit.portal.deals.get(int(document.entity_id))
    if document.entity_type_id == DEAL and deal:
        facts.append(fact("Deal", panel_link(f"/crm/deal/details/{deal.id}/", deal.title)))
    if document.public_hash:
        link = f"{visit.portal.origin}/~{document.public_short}"
        opened = moment(document.public_viewed, visit.portal)
        facts += [fact("Public link", link), fact("Opened", opened)]
    return facts


RULES = [
    Rule("/bitrix/components/bitrix/crm.document.view/slider.php", signed_in(viewer)),
]
