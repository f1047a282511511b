"""What one dry run found out about a CRM item and its documents: what the checks compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from b24app.bitrix.client import Batch
from b24app.bitrix.crm import CrmItem, ProductRow
from b24app.bitrix.documentgenerator import ListedDocument
from b24app.bitrix.protocol import Page
from b24app.documents.product_table import Line, Table, table

OTHERS = 5
"""Documents from the same template that are named."""


@dataclass(frozen=True)
class Other:
    """Another document from this template for this item."""

    id: int
    title: str
    number: str


@dataclass(frozen=True)
class Facts:
    """Amounts are None where Bitrix24 did not tell. `read_at` is ISO 8601.

    `unchecked` names what could not be read this time: item, rows, others or number; the facts
    about it are as they were the time before.
    """

    read_at: str = ""
    amount: Decimal | None = None
    currency: str = ""
    amount_typed: bool = False
    my_company_id: int | None = None
    links: list[tuple[int, int]] = field(default_factory=list)
    products: Table = field(default_factory=lambda: Table([], []))
    others: list[Other] = field(default_factory=list)
    number: str = ""
    """The number that was looked for."""
    number_taken: bool = False
    unchecked: list[str] = field(default_factory=list)


def gather(
    batch: Batch, was: Facts, *, now: datetime, template_id: int, document_id: int | None
) -> Facts:
    """The facts in a dry run's batch, those of the time before where a part of it failed.

    `template_id`, `document_id`: of the document to be, so that others are told from it.
    """
    found = replace(was, read_at=now.isoformat(), unchecked=[])
    found = _with(batch, "item", found, _item)
    found = _with(batch, "rows", found, _rows)
    found = _with(
        batch, "others", found, lambda facts, page: _others(facts, page, template_id, document_id)
    )
    return _with(batch, "number", found, lambda facts, page: _number(facts, page, document_id))


def _with(batch: Batch, key: str, facts: Facts, take: Any) -> Facts:
    if key not in batch or batch.failed(key):
        return replace(facts, unchecked=[*facts.unchecked, key])
    taken: Facts = take(facts, batch[key])
    return taken


def _item(facts: Facts, item: CrmItem) -> Facts:
    return replace(
        facts,
        amount=item.opportunity,
        currency=item.currency_id,
        amount_typed=item.is_amount_typed,
        my_company_id=item.my_company_id,
        links=list(item.links),
    )


def _rows(facts: Facts, page: Page[ProductRow]) -> Facts:
    return replace(facts, products=table(page.items, complete=page.next is None))


def _others(
    facts: Facts, page: Page[ListedDocument], template_id: int, document_id: int | None
) -> Facts:
    same = [d for d in page.items if d.template_id == template_id and d.id != document_id]
    newest = sorted(same, key=lambda d: d.id, reverse=True)[:OTHERS]
    return replace(facts, others=[Other(d.id, d.title, d.number) for d in newest])


def _number(facts: Facts, page: Page[ListedDocument], document_id: int | None) -> Facts:
    holders = [d for d in page.items if d.id != document_id]
    number = holders[0].number if holders else facts.number
    return replace(facts, number=number, number_taken=bool(holders))


def to_row(facts: Facts) -> dict[str, Any]:
    """As JSON keeps it: amounts as text."""
    row: dict[str, Any] = _plain(asdict(facts))
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def from_row(row: Mapping[str, Any] | None) -> Facts:
    if not row:
        return Facts()
    products = row["products"]
    return Facts(
        **{
            **row,
            "amount": _amount(row["amount"]),
            "links": [(kind, id_) for kind, id_ in row["links"]],
            "others": [Other(**other) for other in row["others"]],
            "products": Table(
                [_line(line) for line in products["lines"]],
                [(Decimal(rate), Decimal(tax)) for rate, tax in products["taxes"]],
                products["complete"],
            ),
        }
    )


def _line(row: Mapping[str, Any]) -> Line:
    amounts = {name: _amount(row[name]) for name in ("quantity", "price", "sum", "rate", "tax")}
    return Line(**{**row, **amounts})


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
