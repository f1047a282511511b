"""What a browser sees of the portals: pages, frames, public documents."""

from __future__ import annotations

from tests.sandbox.pages import (
    assets,
    companies,
    contacts,
    deal_card,
    deals,
    developers,
    document_editor,
    document_viewer,
    frame_calls,
    frame_page,
    marketplace,
    public_document,
    sales,
    sign_in,
)

RULES = [
    *sign_in.RULES,
    *deals.RULES,
    *deal_card.RULES,
    *sales.RULES,
    *companies.RULES,
    *contacts.RULES,
    *marketplace.RULES,
    *developers.RULES,
    *frame_calls.RULES,
    *frame_page.RULES,
    *public_document.RULES,
    *document_viewer.RULES,
    *document_editor.RULES,
    *assets.RULES,
]
