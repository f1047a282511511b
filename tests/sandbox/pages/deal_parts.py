"""What the deal card's first tab shows."""

from __future__ import annotations

from markupsafe import Markup

from tests.sandbox.pages.card_parts import client, fact, timeline
from tests.sandbox.pages.formats import day, money
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Deal


def general(visit: Visit, deal: Deal) -> Markup:
    """Fields on the left, what happened on the right."""
    return fill(
        "deal_general",
        id=deal.id,
        suffix="?IFRAME=Y" if visit.in_slider else "",
        title=deal.title,
        currency=deal.currency_id,
        amount=f"{deal.opportunity:.2f}",
        begin=deal.begin_date or "",
        close=deal.close_date or "",
        about=_about(visit, deal),
        client=client(visit, deal),
        more=_more(visit, deal),
        timeline=timeline(visit, deal),
    )


def _about(visit: Visit, deal: Deal) -> Markup:
    portal = visit.portal
    stage = portal.categories[deal.category_id].stages.get(deal.stage_id, deal.stage_id)
    amount = Markup('<b class="amount">{}</b>').format(money(deal.opportunity, deal.currency_id))
    return joined(
        (
            fact("Amount", amount),
            fact("Stage", stage),
            fact("Responsible", portal.users[deal.assigned_by_id].full_name),
            fact("Start date", day(deal.begin_date)),
            fact("End date", day(deal.close_date)),
        )
    )


def _more(visit: Visit, deal: Deal) -> Markup:
    portal = visit.portal
    own = portal.companies.get(deal.my_company_id or 0)
    facts = [
        fact("Own company", own.title if own else ""),
        fact("Pipeline", portal.categories[deal.category_id].name),
        fact("Comment", deal.comments),
    ]
    facts += [
        fact(portal.user_field_labels.get(code, code), str(value or ""))
        for code, value in deal.user_fields.items()
    ]
    return joined(facts)
