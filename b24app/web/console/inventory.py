"""Inventory documents: the list, what cancelling would do, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from b24app.bitrix import catalog
from b24app.bitrix.errors import ScopeMissing
from b24app.bitrix.protocol import PAGE_SIZE
from b24app.console import inventory, stock_change
from b24app.console.inventory import ACTIONS, CANCEL, Wanted
from b24app.console.stock_change import Outcome, Result, Was
from b24app.portals.clients import acting
from b24app.web.console.guard import administrators_only, screen
from b24app.web.console.ticks import number, numbers
from b24app.web.session import FrameRequest
from b24app.web.trouble import details_of

TYPES = {
    catalog.RECEIPT: lazy("Stock receipt"),
    catalog.ADJUSTMENT: lazy("Stock adjustment"),
    catalog.TRANSFER: lazy("Transfer"),
    catalog.RETURN: lazy("Return"),
    catalog.WRITE_OFF: lazy("Write-off"),
}
WHY = {
    Result.LOST: lazy(
        "Bitrix24 did not answer, and the document stands as before. It may still be at work: look "
        "at the list again in a minute before you press again."
    ),
    Result.GONE: lazy("There is no such document any more: it was deleted meanwhile."),
    Result.HIDDEN: lazy(
        "Bitrix24 no longer shows you this document: it was deleted, or you lost the right to see "
        "its type or its store."
    ),
    Result.NOT_CONDUCTED: lazy("It is not processed yet, so there is nothing to cancel."),
    Result.OFF: lazy(
        "Inventory management is switched off in this portal. Switch it on in Bitrix24 under "
        "Inventory, then try again."
    ),
    Result.STORE: lazy(
        "You have no right to view and choose its store. An administrator gives it in Bitrix24 "
        "under Inventory, Access permissions."
    ),
    Result.RIGHTS: lazy(
        "Your rights in Bitrix24 do not cover this for documents of this type. An administrator "
        "gives them under Inventory, Access permissions."
    ),
    Result.GOODS: lazy("Part of its goods has gone elsewhere meanwhile."),
    Result.CLOSED_STORE: lazy("One of its stores is switched off in Bitrix24."),
    Result.EMPTY: lazy("It has no products, so there is nothing to process."),
    Result.PLAN: lazy(
        "You are an administrator, inventory management is on, and the goods are there. What is "
        "left is the plan: it does not include inventory management any more."
    ),
    Result.CONTENT: lazy(
        "Rights, stores and stock are in order. What is left is the plan, which may not include "
        "inventory management, or something the document lacks, such as a supplier."
    ),
}
_MOST_STORES = 20
"""Of one document, that are looked at when it is hidden."""


def _explained(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the application lacks the scope, the whole page says what to do."""

    @wraps(view)
    def asked(request: FrameRequest, *rest: Any, **words: Any) -> HttpResponse:
        try:
            return view(request, *rest, **words)
        except ScopeMissing:
            context = {"here": "inventory"}
            response = screen(request, "console/inventory/no_scope.html", context)
            response.headers["HX-Retarget"] = "#page"
            return response

    return asked


@administrators_only
@_explained
def show(request: FrameRequest) -> HttpResponse:
    """The list, narrowed by type, store and state; a card where the scope is missing."""
    return _page(request, _wanted(request.GET))


@administrators_only
@_explained
def bar(request: FrameRequest) -> HttpResponse:
    """What can be done with the ticked documents; with `act`, the question in its place."""
    action = request.GET.get("act", "")
    context: dict[str, Any] = {
        "processed": _ids(request.GET, catalog.CONDUCTED),
        "cancelled": _ids(request.GET, catalog.CANCELLED),
        "wanted": _wanted(request.GET),
    }
    if action in ACTIONS:
        ids = context["processed"] if action == CANCEL else context["cancelled"]
        context |= {"ids": ids, "question": _question(request, action, ids)}
    return screen(request, "console/inventory/_bar.html", context)


@administrators_only
@_explained
def one(request: FrameRequest, document_id: int) -> HttpResponse:
    """A row of the list; with `act`, the question under it."""
    action = request.GET.get("act", "")
    asked = action if action in ACTIONS else CANCEL
    question = _question(request, asked, [document_id])
    row = question.rows[0] if question and question.rows else None
    context = {
        "row": _shown(row) if row else None,
        "question": question if action in ACTIONS else None,
        "ids": [document_id],
        "wanted": _wanted(request.GET),
    }
    return screen(request, "console/inventory/_row.html", context)


@require_POST
@administrators_only
@_explained
def change(request: FrameRequest) -> HttpResponse:
    """Cancels or processes, then shows the list with what came of it."""
    action, ids = request.POST.get("act", ""), _ids(request.POST, "d")
    outcomes = []
    if action in ACTIONS and ids:
        outcomes = stock_change.change(acting(request.frame), action, ids, _was(request.POST))
    return _page(request, _wanted(request.POST), action=action, told=[_told(o) for o in outcomes])


def _page(request: FrameRequest, wanted: Wanted, **said: Any) -> HttpResponse:
    found = inventory.overview(acting(request.frame), wanted)
    context = {
        "here": "inventory",
        "wanted": wanted,
        "types": TYPES.items(),
        "found": found,
        "rows": [_shown(row) for row in found.rows],
        "states": _states(found.counts),
        "query": _query(wanted),
        "first": wanted.start + 1,
        "last": wanted.start + len(found.rows),
        "previous": wanted.start - PAGE_SIZE if wanted.start else None,
        **said,
    }
    return screen(request, "console/inventory/list.html", context)


def _question(request: FrameRequest, action: str, ids: list[int]) -> inventory.Question | None:
    return inventory.question(acting(request.frame), action, ids) if ids else None


def _states(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        ("", _("All"), sum(counts.values())),
        (catalog.DRAFT, _("Drafts"), counts[catalog.DRAFT]),
        (catalog.CONDUCTED, _("Processed"), counts[catalog.CONDUCTED]),
        (catalog.CANCELLED, _("Cancelled"), counts[catalog.CANCELLED]),
    ]


def _shown(row: inventory.Row) -> dict[str, Any]:
    """A row with its words."""
    document = row.document
    return {
        "document": document,
        "name": document.number or document.title or f"#{document.id}",
        "type": TYPES.get(document.doc_type, document.doc_type),
        "out_of": ", ".join(row.out_of),
        "into": ", ".join(row.into),
    }


def _was(sent: QueryDict) -> dict[int, Was]:
    """What the question said of its documents: id, type, stores."""
    found = {}
    for typed in sent.getlist("was")[:PAGE_SIZE]:
        id_, _dot, rest = typed.partition(".")
        doc_type, *stores = rest.split(".")
        if number(id_) and doc_type in catalog.TYPES:
            found[number(id_)] = Was(doc_type, tuple(numbers(stores, _MOST_STORES)))
    return found


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "done": outcome.result == Result.DONE,
        "why": WHY.get(outcome.result, ""),
        "details": details_of(outcome.error) if outcome.error else "",
    }


def _wanted(sent: QueryDict) -> Wanted:
    """What no page of ours offers counts as all."""
    doc_type, state = sent.get("type", ""), sent.get("state", "")
    return Wanted(
        doc_type=doc_type if doc_type in catalog.TYPES else "",
        state=state if state in catalog.STATES else "",
        store=number(sent.get("store", "")) or None,
        start=(number(sent.get("start", "")) or 0) // PAGE_SIZE * PAGE_SIZE,
    )


def _query(wanted: Wanted) -> str:
    """The filter as an address carries it, without the page."""
    query = QueryDict(mutable=True)
    query.update({"type": wanted.doc_type, "state": wanted.state, "store": str(wanted.store or "")})
    return query.urlencode()


def _ids(sent: QueryDict, name: str) -> list[int]:
    return numbers(sent.getlist(name), PAGE_SIZE)
