"""Buttons in the head of a card; the Document menu holds applications' entries."""

from __future__ import annotations

from markupsafe import Markup

from tests.sandbox.pages.document_editor import offered
from tests.sandbox.pages.frames import launch_call
from tests.sandbox.pages.kinds import kind_of
from tests.sandbox.pages.launch import binding_title, bindings
from tests.sandbox.pages.markup import fill, icon, joined, json_attribute
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Deal, Selling

VIEWER = "/bitrix/components/bitrix/crm.document.view/slider.php"
SHOWN = 5


def buttons(visit: Visit, record: Selling) -> Markup:
    return fill(
        "deal_document_menu",
        icon=icon("document"),
        chevron=icon("chevron"),
        templates=_templates(visit, record) if isinstance(record, Deal) else "",
        documents=_documents(visit, record),
        extensions=_extensions(visit, record),
    )


def _templates(visit: Visit, deal: Deal) -> Markup:
    """The portal's own way to make a document, here for deals only."""
    if not visit.user.documents_modify:
        return Markup()
    entries = (
        Markup('<button class="menu-item" name="template_id" value="{}">{}</button>').format(*one)
        for one in offered(visit, deal.category_id)
    )
    form = Markup('<form method="post" action="/crm/deal/details/{}/documents/">{}</form>')
    return Markup('<p class="menu-head">Templates</p>') + form.format(deal.id, joined(entries))


def _documents(visit: Visit, record: Selling) -> Markup:
    """The object's last documents, opened in the portal's own viewer."""
    kind = kind_of(record).entity_type_id
    mine = [
        one
        for one in visit.portal.documents.values()
        if one.entity_type_id == kind and one.entity_id == str(record.id)
    ]
    newest = sorted(mine, key=lambda one: one.created_time, reverse=True)[:SHOWN]
    if not newest or not visit.user.documents_view:
        return Markup()
    links = (
        Markup('<a class="menu-item" href="{}?documentId={}" data-panel>{}</a>').format(
            VIEWER, one.id, one.title
        )
        for one in newest
    )
    return Markup('<p class="menu-head">Documents</p>') + joined(links)


def _extensions(visit: Visit, record: Selling) -> Markup:
    place = f"CRM_{kind_of(record).place}_DOCUMENTGENERATOR_BUTTON"
    entries = [
        Markup('<button class="menu-item" type="button" data-popup="{}">{}</button>').format(
            json_attribute(launch_call(one, {"ENTITY_ID": str(record.id)})),
            binding_title(visit, one),
        )
        for one in bindings(visit, place)
    ]
    return joined(entries) or Markup('<p class="menu-empty soft">None installed</p>')
