"""What the cards and lists of companies and contacts have in common."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from tests.sandbox.pages.card_parts import fact
from tests.sandbox.pages.formats import address
from tests.sandbox.pages.layout import page, refused
from tests.sandbox.pages.markup import fill, joined
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Requisite

Input = tuple[str, str, str]
"""Name, label and value of a field in a form."""


def client_list(
    visit: Visit, title: str, heads: Iterable[str], rows: Iterable[tuple[str, list[str]]]
) -> Response:
    """A table whose rows are (address of the card, texts of the cells)."""
    if not visit.user.reads_clients:
        return refused(visit, "Access denied", "You do not have the right to see clients.")
    head = joined(Markup("<th>{}</th>").format(one) for one in heads)
    body = joined(_row(path, cells) for path, cells in rows)
    content = fill("client_list", title=title, head=head, rows=body)
    return page(visit, title, content, title.lower())


def client_card(
    visit: Visit,
    kind: str,
    title: str,
    facts: Iterable[Markup],
    inputs: Iterable[Input],
    requisites: Iterable[Requisite],
) -> Response:
    """A card with its facts, the form that changes them, and requisites."""
    content = fill(
        "client_card",
        kind=kind,
        title=title,
        facts=joined(facts),
        inputs=joined(_input(*one) for one in inputs),
        requisites=joined(_requisite(one) for one in requisites),
    )
    return page(visit, title, content)


def not_shown(visit: Visit, *, exists: bool) -> Response:
    """Instead of a card: no such client, or no right to see it."""
    if exists:
        return refused(visit, "Access denied", "You do not have the right to see this client.")
    return refused(visit, "Not found", "It may have been deleted.", 404)


def saved(visit: Visit, event: str, client_id: int) -> Response:
    """Tells applications; then back to the card, in its panel if it was in one."""
    visit.state.emit(visit.portal, event, {"FIELDS": {"ID": client_id}}, visit.user.id)
    return redirect(visit.request.full_path.rstrip("?"), 303, Response=Response)


def _row(path: str, cells: list[str]) -> Markup:
    first, *others = cells
    rest = joined(Markup("<td>{}</td>").format(one or "—") for one in others)
    return Markup('<tr><td><a href="{}" data-panel>{}</a></td>{}</tr>').format(path, first, rest)


def _input(name: str, label: str, value: str) -> Markup:
    return Markup('<label>{}<input name="{}" value="{}" maxlength="255"></label>').format(
        label, name, value
    )


def _requisite(requisite: Requisite) -> Markup:
    facts = [
        fact("Name", requisite.company_full_name or requisite.company_name),
        fact("VAT ID", requisite.vat_id),
        fact("Director", requisite.director),
        fact("Registered address", address(requisite.registered_address)),
    ]
    if requisite.delivery_address:
        facts.append(fact("Delivery address", address(requisite.delivery_address)))
    facts += [
        fact("Bank", f"{bank.bank_name}, {bank.iban}, {bank.swift}")
        for bank in requisite.bank_details
    ]
    return fill("requisite", title=requisite.name, facts=joined(facts))
