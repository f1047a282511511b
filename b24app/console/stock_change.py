"""Cancelling and conducting inventory documents, and why Bitrix24 did not.

All refusals share one code, so the cause is told by reading the state of things; what can only be
concluded because nothing else is left is called so where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from b24app.bitrix import catalog, setup
from b24app.bitrix.catalog import Line, Store, StoreDocument
from b24app.bitrix.client import PortalClient
from b24app.bitrix.errors import AnswerLost, BitrixError, Refused
from b24app.bitrix.protocol import Command
from b24app.console import inventory
from b24app.console.inventory import CANCEL, Effect

_ONE = {CANCEL: catalog.cancel, inventory.CONDUCT: catalog.conduct}
_MANY = {CANCEL: catalog.cancel_together, inventory.CONDUCT: catalog.conduct_together}
_AFTERWARDS = {CANCEL: catalog.CANCELLED, inventory.CONDUCT: catalog.CONDUCTED}


class Result(StrEnum):
    """What came of it for one document."""

    DONE = "done"
    LOST = "lost"
    """No answer, and it stands as before: the portal may still be at it."""
    GONE = "gone"
    HIDDEN = "hidden"
    """Deleted, or of a type or store that this person may not see."""
    NOT_CONDUCTED = "not_conducted"
    OFF = "off"
    """Inventory management is switched off."""
    STORE = "store"
    """No right to a store of it."""
    RIGHTS = "rights"
    GOODS = "goods"
    """Not enough is left in a store."""
    CLOSED_STORE = "closed_store"
    EMPTY = "empty"
    PLAN = "plan"
    """An administrator, and nothing else speaks against it."""
    CONTENT = "content"
    """As `PLAN`, for conducting, where the document itself may lack something too."""


@dataclass(frozen=True)
class Outcome:
    """`short`: what is missing in a store, for `GOODS`. `error`: the portal's own words."""

    document_id: int
    name: str
    result: Result
    short: list[Effect] = field(default_factory=list)
    error: BitrixError | None = None


@dataclass(frozen=True)
class Was:
    """What the page said of a document when a person pressed: nothing but words depend on it."""

    doc_type: str
    store_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Facts:
    """The state of things after a refusal."""

    documents: dict[int, StoreDocument]
    lines: dict[int, list[Line]]
    stores: list[Store]
    enabled: bool | None
    is_admin: bool


def change(
    client: PortalClient, action: str, ids: Sequence[int], was: Mapping[int, Was]
) -> list[Outcome]:
    """Does it to 1 to 50 documents, in one call that is never repeated by itself.

    Raises `BitrixError` where certainly nothing was done, or where nobody could read back.
    """
    error: BitrixError | None = None
    try:
        client.run(_command(action, ids))
    except (AnswerLost, Refused) as found:
        error = found
    facts = _read(client, ids)
    return [_outcome(client, action, facts, id_, was.get(id_), error) for id_ in ids]


def _command(action: str, ids: Sequence[int]) -> Command[None]:
    return _ONE[action](ids[0]) if len(ids) == 1 else _MANY[action](ids)


def _read(client: PortalClient, ids: Sequence[int]) -> _Facts:
    batch = client.batch(
        {
            "documents": catalog.list_documents_by_id(ids),
            "stores": catalog.list_stores(),
            "mode": catalog.inventory_is_on(),
            "lines": catalog.list_lines({"@docId": list(ids)}),
            "profile": setup.profile(),
        }
    )
    lines: dict[int, list[Line]] = {}
    for line in batch["lines"].items if batch.failed("lines") is None else ():
        lines.setdefault(line.document_id, []).append(line)
    return _Facts(
        documents={one.id: one for one in batch["documents"].items},
        lines=lines,
        stores=list(batch["stores"].items) if batch.failed("stores") is None else [],
        enabled=batch["mode"] if batch.failed("mode") is None else None,
        is_admin=batch["profile"].is_admin,
    )


def _outcome(
    client: PortalClient,
    action: str,
    facts: _Facts,
    id_: int,
    was: Was | None,
    error: BitrixError | None,
) -> Outcome:
    document = facts.documents.get(id_)
    name = (document.number or document.title) if document else f"#{id_}"
    if document is not None and document.status == _AFTERWARDS[action]:
        return Outcome(id_, name, Result.DONE)
    if document is None:
        return Outcome(id_, name, _hidden(client, facts, was), error=error)
    if isinstance(error, AnswerLost) or error is None:
        return Outcome(id_, name, Result.LOST, error=error)
    known = _known(action, facts, document)
    if known is not None:
        return Outcome(id_, name, known, error=error)
    short = _short(client, action, facts, document)
    if short:
        return Outcome(id_, name, Result.GOODS, short, error)
    rest = Result.PLAN if action == CANCEL else Result.CONTENT
    return Outcome(id_, name, rest, error=error)


def _hidden(client: PortalClient, facts: _Facts, was: Was | None) -> Result:
    """Why a document is not shown any more: an administrator sees all there are."""
    if facts.is_admin:
        return Result.GONE
    if was is None:
        return Result.HIDDEN
    commands: dict[str, Command[Any]] = {"type": catalog.list_documents({"docType": was.doc_type})}
    for store in was.store_ids:
        commands[f"store{store}"] = catalog.list_stock_in(store)
    batch = client.batch(commands)
    seen = {name for name in commands if batch.failed(name) is None and batch[name].items}
    if any(f"store{store}" not in seen for store in was.store_ids):
        return Result.STORE
    return Result.HIDDEN if "type" in seen else Result.RIGHTS


def _known(action: str, facts: _Facts, document: StoreDocument) -> Result | None:
    """The cause that stands in what was read; None where stock has to be looked at."""
    lines = facts.lines.get(document.id, [])
    if action == CANCEL and document.status != catalog.CONDUCTED:
        return Result.NOT_CONDUCTED
    if facts.enabled is False:
        return Result.OFF
    if not facts.is_admin:
        # Lines of stores that a person may not see are left out of what he reads.
        return Result.STORE if document.total and not lines else Result.RIGHTS
    if action == CANCEL:
        return None
    if not lines:
        return Result.EMPTY
    closed = {store.id for store in facts.stores if not store.active}
    used = {store for line in lines for store, _ in catalog.moves(document.doc_type, line)}
    return Result.CLOSED_STORE if used & closed else None


def _short(
    client: PortalClient, action: str, facts: _Facts, document: StoreDocument
) -> list[Effect]:
    lines = facts.lines.get(document.id, [])
    found = inventory.effects(client, action, [document], lines, facts.stores)
    return [one for one in found if one.short]
