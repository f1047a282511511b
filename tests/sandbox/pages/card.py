"""The card of an object: stages, tabs, some of them applications'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.wrappers import Response

from tests.sandbox.pages.card_parts import history, products, stages
from tests.sandbox.pages.deal_buttons import buttons
from tests.sandbox.pages.frames import lazy_frame
from tests.sandbox.pages.kinds import kind_of
from tests.sandbox.pages.launch import binding_key, binding_title, bindings
from tests.sandbox.pages.layout import page
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Selling


@dataclass(frozen=True)
class Tab:
    key: str
    title: str
    content: Markup


def show(visit: Visit, record: Selling, crumbs: str, general: Markup) -> Response:
    """`?tab=` chooses a tab by its key, by its title, or an application's by number from 1."""
    kind = kind_of(record)
    tabs = list(_tabs(visit, record, general))
    chosen = _chosen(tabs, visit.request.args.get("tab", "main"))
    content = fill(
        "card",
        kind=kind.name.capitalize(),
        crumbs=crumbs,
        title=record.title,
        buttons=buttons(visit, record),
        stages=stages(visit, record),
        tabs=joined(_handle(tab, chosen) for tab in tabs),
        panes=joined(_pane(tab, chosen) for tab in tabs),
    )
    return page(visit, record.title, content, kind.section)


def _tabs(visit: Visit, record: Selling, general: Markup) -> Iterator[Tab]:
    yield Tab("main", "General", general)
    yield Tab("products", "Products", products(record))
    options = {"ID": str(record.id)}
    for binding in bindings(visit, f"CRM_{kind_of(record).place}_DETAIL_TAB"):
        app = visit.portal.applications[binding.client_id]
        yield Tab(
            binding_key(binding),
            binding_title(visit, binding),
            lazy_frame(app, binding, options),
        )
    yield Tab("history", "History", history(visit, record))


def _chosen(tabs: list[Tab], wish: str) -> Tab:
    by_name = {tab.title.lower(): tab for tab in tabs} | {tab.key: tab for tab in tabs}
    of_applications = tabs[2:-1]
    if wish.isdecimal() and 0 < int(wish) <= len(of_applications):
        return of_applications[int(wish) - 1]
    return by_name.get(wish.lower(), tabs[0])


def _handle(tab: Tab, chosen: Tab) -> Markup:
    selected = "true" if tab is chosen else "false"
    return fill("deal_tab", key=tab.key, title=tab.title, selected=selected)


def _pane(tab: Tab, chosen: Tab) -> Markup:
    hidden = "" if tab is chosen else " hidden"
    return fill("deal_pane", key=tab.key, content=tab.content, hidden=hidden)
