"""Deals: the board, one pipeline at a time, and the list of all."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup
from werkzeug.wrappers import Response

from tests.sandbox.pages.formats import day, initials, money, tone
from tests.sandbox.pages.item_list import item_list
from tests.sandbox.pages.kinds import KINDS
from tests.sandbox.pages.layout import page
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit, signed_in
from tests.sandbox.router import Rule
from tests.sandbox.world import DEAL, Category, Deal

TONES = 6


def board(visit: Visit) -> Response:
    """The deals this user may read, by stage of the chosen pipeline."""
    categories = visit.portal.categories
    chosen = visit.request.args.get("category", type=int)
    category = categories.get(chosen if chosen is not None else min(categories, default=0))
    readable = [deal for deal in visit.portal.deals.values() if visit.may_read(deal)]
    content = fill(
        "deals",
        views=_views("/crm/deal/kanban/"),
        pipelines=joined(_pipeline(one, category, readable) for one in categories.values()),
        board=_board(visit, category, readable),
    )
    return page(visit, "Deals", content, "deals")


def in_list(visit: Visit) -> Response:
    """All deals this user may read, with a menu in each row."""
    categories = visit.portal.categories

    def cells(deal: Deal) -> list[str]:
        company = visit.portal.companies.get(deal.company_id or 0)
        return [company.title if company else "", categories[deal.category_id].name]

    deals = visit.portal.deals.values()
    views = _views("/crm/deal/list/")
    return item_list(visit, KINDS[DEAL], "Deals", ("Client", "Pipeline"), deals, cells, views)


def _views(shown: str) -> Markup:
    links = (
        Markup('<a href="{}"{}>{}</a>').format(
            path, Markup(' aria-current="true"') if path == shown else "", text
        )
        for path, text in (("/crm/deal/kanban/", "Board"), ("/crm/deal/list/", "List"))
    )
    return Markup('<nav class="pills" aria-label="View">{}</nav>').format(joined(links))


def _board(visit: Visit, category: Category | None, readable: list[Deal]) -> Markup:
    if category is None:
        return fill("empty", text="There are no pipelines here.")
    shown = [deal for deal in readable if deal.category_id == category.id]
    if not shown:
        return fill("empty", text="No deals here that you may see.")
    columns = (
        _column(visit, name, index, [deal for deal in shown if deal.stage_id == stage])
        for index, (stage, name) in enumerate(category.stages.items())
    )
    return Markup('<div class="board">{}</div>').format(joined(columns))


def _pipeline(category: Category, chosen: Category | None, readable: list[Deal]) -> Markup:
    count = sum(deal.category_id == category.id for deal in readable)
    current = Markup(' aria-current="true"') if category is chosen else ""
    return Markup('<a href="?category={}"{}>{} <small>{}</small></a>').format(
        category.id, current, category.name, count
    )


def _column(visit: Visit, stage: str, index: int, deals: list[Deal]) -> Markup:
    total = sum((deal.opportunity for deal in deals), Decimal(0))
    return fill(
        "deals_column",
        stage=stage,
        tone=index % TONES,
        count=len(deals),
        total=money(total, deals[0].currency_id if deals else "EUR"),
        cards=joined(_card(visit, deal) for deal in deals),
    )


def _card(visit: Visit, deal: Deal) -> Markup:
    company = visit.portal.companies.get(deal.company_id or 0)
    responsible = visit.portal.users[deal.assigned_by_id]
    return fill(
        "deals_card",
        id=deal.id,
        title=deal.title,
        sum=money(deal.opportunity, deal.currency_id),
        client=company.title if company else "",
        date=day(deal.begin_date or (deal.created_time.date() if deal.created_time else None)),
        tone=tone(visit.portal, responsible),
        responsible=responsible.full_name,
        initials=initials(responsible),
    )


RULES = [
    Rule("/crm/deal/", signed_in(board)),
    Rule("/crm/deal/kanban/", signed_in(board)),
    Rule("/crm/deal/list/", signed_in(in_list)),
]
