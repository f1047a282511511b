"""The card of a deal, and changing it there."""

from __future__ import annotations

from werkzeug.wrappers import Response

from tests.sandbox.pages import card
from tests.sandbox.pages.deal_changes import change, move
from tests.sandbox.pages.deal_parts import general
from tests.sandbox.pages.layout import refused
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule


def show(visit: Visit, deal_id: int) -> Response:
    deal = visit.portal.deals.get(deal_id)
    if deal is None:
        return refused(visit, "Deal not found", "It may have been deleted.", 404)
    if not visit.may_read(deal):
        return refused(visit, "Access denied", "You do not have the right to see this deal.")
    pipeline = visit.portal.categories[deal.category_id].name
    return card.show(visit, deal, pipeline, general(visit, deal))


def save(visit: Visit, deal_id: int) -> Response:
    """A change made in the portal itself: to fields, or to the stage."""
    deal = visit.portal.deals.get(deal_id)
    if deal is None or not visit.may_read(deal):
        return refused(visit, "Access denied", "You do not have the right to change this deal.")
    return move(visit, deal) if "stage_id" in visit.request.form else change(visit, deal)


RULES = [
    Rule("/crm/deal/details/<int:deal_id>/", signed_in(show)),
    Rule("/crm/deal/details/<int:deal_id>/", signed_in(save), ("POST",)),
]
