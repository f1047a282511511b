"""Inventory documents in the console: what cancelling changes in stock, and each refusal."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests import people
from tests.integration.pages import text
from tests.people import ANNA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

CENTRAL, SITE, CLOSED = 1, 2, 3
PARTITION, FLOOR, LED = 11, 12, 13
OPENING, RECEIPT, TRANSFER, RETURNED, DAMAGED = 1, 2, 3, 4, 5
CANCEL, CONDUCT = "catalog.document.cancel", "catalog.document.conduct"


@pytest.fixture(autouse=True)
def everybody_has_the_scope(wide: Application) -> None:
    """Each story but one is told in a portal that lets Docket see its catalogue."""


def stock(sandbox: Sandbox, product: int, store: int) -> Decimal:
    places = sandbox.portal_one.inventory.stock.values()
    return sum(
        (one.amount for one in places if (one.product_id, one.store_id) == (product, store)),
        Decimal(0),
    )


def status(sandbox: Sandbox, document_id: int) -> str:
    return sandbox.portal_one.inventory.documents[document_id].status


def press(console: Frame, action: str, *document_ids: int, was: str = "") -> Any:
    chosen: Any = {"act": action, "d": [str(one) for one in document_ids], "was": was}
    return console.post("console/inventory/change/", chosen)


def row_of(page: str, document_id: int) -> str:
    return page.partition(f'id="stock-{document_id}"')[2].partition("</tbody>")[0]


def test_the_list_tells_type_store_date_sum_and_state(console: Frame, sandbox: Sandbox) -> None:
    page = text(console.get("console/inventory/"))
    receipt = row_of(page, RECEIPT)
    assert "A-0002" in receipt
    assert "Panels and floor" in receipt
    assert "Stock receipt" in receipt
    assert "Central store" in receipt
    assert "8,745.00 EUR" in receipt
    assert "Processed" in receipt
    transfer = row_of(page, TRANSFER)
    assert "Central store to Site store Überseestadt" in transfer
    assert "Not processed yet, so there is nothing to cancel" in transfer
    assert 'aria-disabled="true"' in transfer
    assert "Drafts 3" in page
    assert "Processed 3" in page
    assert "none of these documents names a deal" in page
    assert len(sandbox.state.record.rest()) == 2  # one batch, and the lines of what it listed


def test_the_list_is_narrowed(console: Frame) -> None:
    page = text(console.get("console/inventory/?type=A"))
    assert "A-0002" in page
    assert "S-0001" not in page
    page = text(console.get("console/inventory/?state=N"))
    assert "M-0003" in page
    assert "A-0002" not in page
    page = text(console.get(f"console/inventory/?store={SITE}"))
    assert "M-0003" in page
    assert "R-0004" in page
    assert "D-0005" in page
    assert "A-0002" not in page
    page = text(console.get(f"console/inventory/?store={CLOSED}"))
    assert "No document is like that" in page
    page = text(console.get("console/inventory/?type=Z&state=x&store=-1&start=abc"))
    assert "A-0002" in page


def test_cancelling_asks_with_what_it_changes_in_stock(console: Frame, sandbox: Sandbox) -> None:
    before = stock(sandbox, PARTITION, CENTRAL), stock(sandbox, FLOOR, CENTRAL)
    assert before == (26, 550)
    page = text(console.get(f"console/inventory/{RECEIPT}/?act=cancel", target=f"stock-{RECEIPT}"))
    assert "Cancel A-0002? This moves stock back" in page
    name = sandbox.portal_one.inventory.products[FLOOR].name
    line = page.partition(f"<td>{name}</td>")[2].partition("</tr>")[0]
    assert "550" in line
    assert "-150" in line
    assert "400" in line
    assert "stays in the list as cancelled" in page
    assert status(sandbox, RECEIPT) == "Y"
    page = text(console.get(f"console/inventory/{RECEIPT}/", target=f"stock-{RECEIPT}"))
    assert "This moves stock back" not in page
    assert "A-0002" in page


def test_cancel_moves_stock_back_and_conduct_again_moves_it_once_more(
    console: Frame, sandbox: Sandbox
) -> None:
    page = text(press(console, "cancel", RECEIPT))
    assert "A-0002 is cancelled." in page
    assert "Process again…" in row_of(page, RECEIPT)
    assert status(sandbox, RECEIPT) == "C"
    assert (stock(sandbox, PARTITION, CENTRAL), stock(sandbox, FLOOR, CENTRAL)) == (20, 400)
    assert sandbox.state.record.executed(CANCEL) == 1
    page = text(console.get(f"console/inventory/{RECEIPT}/?act=conduct"))
    assert "Process A-0002 again? This moves stock" in page
    assert "+150" in page
    page = text(press(console, "conduct", RECEIPT))
    assert "A-0002 is processed again." in page
    assert (stock(sandbox, PARTITION, CENTRAL), stock(sandbox, FLOOR, CENTRAL)) == (26, 550)


def test_several_are_cancelled_and_processed_in_one_call(console: Frame, sandbox: Sandbox) -> None:
    ticked = f"Y={RECEIPT}&Y={RETURNED}"
    page = text(console.get(f"console/inventory/bar/?{ticked}", target="bar"))
    assert "Cancel 2 documents…" in page
    page = text(console.get(f"console/inventory/bar/?{ticked}&act=cancel", target="bar"))
    assert "Cancel 2 documents? This moves stock back" in page
    assert stock(sandbox, LED, SITE) == 4
    page = text(press(console, "cancel", RECEIPT, RETURNED))
    assert "A-0002 is cancelled." in page
    assert "R-0004 is cancelled." in page
    assert (stock(sandbox, FLOOR, CENTRAL), stock(sandbox, LED, SITE)) == (400, 0)
    assert sandbox.state.record.executed("catalog.document.cancelList") == 1
    page = text(console.get(f"console/inventory/bar/?C={RECEIPT}&C={RETURNED}", target="bar"))
    assert "Process 2 documents again…" in page
    press(console, "conduct", RECEIPT, RETURNED)
    assert (stock(sandbox, FLOOR, CENTRAL), stock(sandbox, LED, SITE)) == (550, 4)
    assert sandbox.state.record.executed("catalog.document.conductList") == 1


def test_what_worked_of_several_stays_and_the_rest_has_its_reason(
    console: Frame, sandbox: Sandbox
) -> None:
    page = text(press(console, "cancel", RECEIPT, TRANSFER))
    assert "A-0002 is cancelled." in page
    assert "M-0003 was not cancelled. It is not processed yet" in page.replace("</b>", "")
    assert stock(sandbox, FLOOR, CENTRAL) == 400


# Each documented refusal


def refused(console: Frame, action: str, document_id: int, was: str = "") -> str:
    """What the page says of the document that stays as it was."""
    page = text(press(console, action, document_id, was=was))
    note = page.partition('class="note t-stop" role="alert"')[2].partition("</p>")[0]
    assert "was not" in note
    assert "<code" not in note
    return note


def test_not_processed_yet(console: Frame) -> None:
    assert "It is not processed yet" in refused(console, "cancel", TRANSFER)


def test_goods_that_are_gone(console: Frame, sandbox: Sandbox) -> None:
    inventory = sandbox.portal_one.inventory
    for place in inventory.stock.values():
        if (place.product_id, place.store_id) == (FLOOR, CENTRAL):
            place.amount = Decimal(100)
    page = text(console.get(f"console/inventory/{RECEIPT}/?act=cancel"))
    assert "part of it has gone elsewhere" in page
    note = refused(console, "cancel", RECEIPT)
    assert "gone elsewhere meanwhile" in note
    assert "150 would leave, 100 are there" in note
    assert stock(sandbox, FLOOR, CENTRAL) == 100


def test_no_right_to_the_store(console: Frame, sandbox: Sandbox) -> None:
    question = text(console.get(f"console/inventory/{RECEIPT}/?act=cancel"))
    was = re.findall(r'name="was" value="([^"]+)"', question)[0]
    assert was == f"{RECEIPT}.A.{CENTRAL}"
    anna = sandbox.portal_one.users[ANNA]
    anna.is_admin, anna.stores = False, [SITE]
    anna.inventory_rights = {"A": ["view", "cancel"]}
    assert "no right to view and choose its store" in refused(console, "cancel", RECEIPT, was)
    assert "the right to see its type or its store" in refused(console, "cancel", RECEIPT)
    assert status(sandbox, RECEIPT) == "Y"


def test_no_permission(console: Frame, sandbox: Sandbox) -> None:
    anna = sandbox.portal_one.users[ANNA]
    anna.is_admin, anna.inventory_rights = False, {"A": ["view"]}
    note = refused(console, "cancel", RECEIPT)
    assert "Your rights in Bitrix24 do not cover this for documents of this type" in note
    anna.inventory_rights = {"M": ["view"]}
    note = refused(console, "cancel", RECEIPT, f"{RECEIPT}.A.{CENTRAL}")
    assert "Your rights in Bitrix24 do not cover this" in note


def test_not_on_this_plan(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.options.inventory_on_plan = False
    assert "What is left is the plan" in refused(console, "cancel", RECEIPT)
    assert "What is left is the plan" in refused(console, "conduct", TRANSFER)
    assert status(sandbox, RECEIPT) == "Y"


def test_inventory_management_is_off(console: Frame, sandbox: Sandbox) -> None:
    press(console, "cancel", RECEIPT)
    sandbox.portal_one.inventory.enabled = False
    page = text(console.get("console/inventory/"))
    assert "Inventory management is switched off in this portal." in page
    assert "Bitrix24 will refuse" in text(console.get(f"console/inventory/{RECEIPT}/?act=conduct"))
    assert "switched off in this portal" in refused(console, "conduct", RECEIPT)


def test_gone_empty_or_in_a_closed_store(console: Frame, sandbox: Sandbox) -> None:
    assert "no such document any more" in refused(console, "cancel", 999)
    assert "It has no products" in refused(console, "conduct", 6)
    press(console, "cancel", RETURNED)
    sandbox.portal_one.inventory.stores[SITE].active = False
    assert "One of its stores is switched off" in refused(console, "conduct", RETURNED)
    assert "no such document" in text(console.get("console/inventory/999/?act=cancel"))


def test_a_receipt_without_its_supplier(console: Frame, sandbox: Sandbox) -> None:
    press(console, "cancel", RECEIPT)
    sandbox.portal_one.inventory.contractors.clear()
    assert "such as a supplier" in refused(console, "conduct", RECEIPT)


# Bitrix24 in trouble


@pytest.mark.parametrize("ids", [[RECEIPT], [RECEIPT, RETURNED]])
def test_a_lost_answer_is_read_back(console: Frame, sandbox: Sandbox, ids: list[int]) -> None:
    method = CANCEL if len(ids) == 1 else "catalog.document.cancelList"
    sandbox.state.faults.add(Fault(method, "cut", after=True))
    page = text(press(console, "cancel", *ids))
    assert "A-0002 is cancelled." in page
    assert stock(sandbox, FLOOR, CENTRAL) == 400
    assert sandbox.state.record.executed(method) == 1


def test_a_call_that_was_lost_is_not_repeated(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault(CANCEL, "cut"))
    assert "look at the list again in a minute" in refused(console, "cancel", RECEIPT)
    assert status(sandbox, RECEIPT) == "Y"
    assert len(sandbox.state.record.rest(CANCEL)) == 1


def test_a_silent_portal(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault("batch", "html", times=9))
    answer = console.get("console/inventory/")
    assert answer.status_code == 503
    assert "Bitrix24 is not answering" in text(answer)


def test_nothing_chosen_changes_nothing(console: Frame, sandbox: Sandbox) -> None:
    for sent in ({"act": "cancel"}, {"act": "burn", "d": "2"}, {"act": "cancel", "d": "x"}):
        assert console.post("console/inventory/change/", sent).status_code == 200
    assert status(sandbox, RECEIPT) == "Y"


def test_without_the_scope_the_page_says_what_to_do(sandbox: Sandbox, wide: Application) -> None:
    wide.scopes.remove("catalog")
    console = people.open_application(sandbox, sandbox.portal_one, wide, ANNA)
    answer = console.get("console/inventory/")
    assert answer.status_code == 200
    assert "Docket may not see inventory documents" in text(answer)
    assert "tick “catalog”" in text(answer)
    answer = press(console, "cancel", RECEIPT)
    assert "tick “catalog”" in text(answer)
    assert answer.headers["HX-Retarget"] == "#page"
