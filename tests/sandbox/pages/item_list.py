"""A list of deals, leads or invoices; the menu of each row holds applications' entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from markupsafe import Markup
from werkzeug.wrappers import Response

from tests.sandbox.pages.formats import money
from tests.sandbox.pages.frames import launch_call
from tests.sandbox.pages.kinds import Kind, kind_of, stages_of
from tests.sandbox.pages.launch import binding_title, bindings
from tests.sandbox.pages.layout import page
from tests.sandbox.pages.markup import fill, joined, json_attribute
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Selling

S = TypeVar("S", bound=Selling)


def item_list(
    visit: Visit,
    kind: Kind,
    title: str,
    heads: Iterable[str],
    items: Iterable[S],
    cells: Callable[[S], list[str]],
    views: Markup | None = None,
) -> Response:
    """The items this user may read, newest first; `heads` and `cells` are of the type's own."""
    shown = sorted((one for one in items if visit.may_read(one)), key=lambda one: -one.id)
    names = (*heads, "Stage", "Amount", "Responsible")
    content = fill(
        "item_list",
        title=title,
        views=views or Markup(),
        head=joined(Markup("<th>{}</th>").format(one) for one in names),
        rows=joined(_row(visit, one, cells(one)) for one in shown),
    )
    return page(visit, title, content, kind.section)


def _row(visit: Visit, item: Selling, cells: list[str]) -> Markup:
    kind = kind_of(item)
    texts = [
        *cells,
        stages_of(visit, item).get(item.stage_id, item.stage_id),
        money(item.opportunity, item.currency_id),
        visit.portal.users[item.assigned_by_id].full_name,
    ]
    return fill(
        "item_row",
        address=kind.address(item.id),
        title=item.title,
        cells=joined(Markup("<td>{}</td>").format(one or "—") for one in texts),
        market=_market(visit, kind, item),
    )


def _market(visit: Visit, kind: Kind, item: Selling) -> Markup:
    """What applications have put into the row's menu."""
    entries = [
        Markup('<button class="menu-item" type="button" data-popup="{}">{}</button>').format(
            json_attribute(launch_call(one, {"ID": str(item.id)})), binding_title(visit, one)
        )
        for one in bindings(visit, f"CRM_{kind.place}_LIST_MENU")
    ]
    return joined(entries) or Markup('<p class="menu-empty soft">None installed</p>')
