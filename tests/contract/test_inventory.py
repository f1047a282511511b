"""Inventory documents move goods between stores, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.contract.caller import Caller, Json
from tests.sandbox.server import Sandbox

CENTRAL, SITE, CLOSED = 1, 2, 3
PARTITION, FLOOR, LED, INSTALLATION = 11, 12, 13, 14
ADD, ADD_LINE = "catalog.document.add", "catalog.document.element.add"
CONDUCT, CANCEL = "catalog.document.conduct", "catalog.document.cancel"
DENIED = (400, "0")


def stock(keeper: Caller, product: int, store: int) -> float:
    """How much of a product lies in a store, by catalog.storeproduct.list."""
    wanted = {"productId": product, "=storeId": store}
    rows = keeper.call("catalog.storeproduct.list", filter=wanted)["storeProducts"]
    amount: float = rows[0]["amount"] if rows else 0
    return amount


def document(caller: Caller, doc_type: str, **fields: object) -> Json:
    known = {"docType": doc_type, "currency": "EUR", "responsibleId": 23} | fields
    made: Json = caller.call(ADD, fields=known)["document"]
    return made


def line(caller: Caller, doc_id: int, product: int, amount: float, **stores: int) -> Json:
    fields = {"docId": doc_id, "elementId": product, "amount": amount, "purchasingPrice": 2.5}
    made: Json = caller.call(ADD_LINE, fields=fields | stores)["documentElement"]
    return made


def text_of(caller: Caller, method: str, **params: object) -> str:
    """`error_description` of a refusal, which must have the code "0"."""
    response = caller.send(method, params)
    assert (response.status_code, response.json()["error"]) == DENIED
    text: str = response.json()["error_description"]
    return text


def test_a_document_is_a_draft_with_numbers_for_ids(keeper: Caller) -> None:
    made = document(keeper, "S", title="Counted in spring", commentary="Twice")
    assert (made["status"], made["title"]) == ("N", "Counted in spring")
    assert (made["createdBy"], made["siteId"], made["total"]) == (1, "s1", None)
    assert isinstance(made["id"], int)
    assert made["docNumber"]
    known = keeper.call("catalog.document.getFields")["document"]
    assert set(made) == set(known)
    assert known["currency"] == {
        "isImmutable": True,
        "isReadOnly": False,
        "isRequired": True,
        "type": "char",
    }


def test_update_ignores_what_cannot_change(keeper: Caller) -> None:
    made = document(keeper, "S")
    fields = {"title": "Corrected", "currency": "USD", "docType": "D", "total": 12.5, "id": 999}
    changed = keeper.call("catalog.document.update", id=made["id"], fields=fields)["document"]
    assert (changed["title"], changed["total"], changed["id"]) == ("Corrected", 12.5, made["id"])
    assert (changed["currency"], changed["docType"]) == ("EUR", "S")
    assert keeper.refused("catalog.document.update", id=made["id"]) == (400, "100")
    assert keeper.refused("catalog.document.update", id=9999, fields={}) == DENIED


@pytest.mark.parametrize(
    ("doc_type", "stores", "change"),
    [
        ("S", {"storeTo": SITE}, {SITE: 3}),
        ("R", {"storeTo": CENTRAL}, {CENTRAL: 3}),
        ("D", {"storeFrom": CENTRAL}, {CENTRAL: -3}),
        ("M", {"storeFrom": CENTRAL, "storeTo": SITE}, {CENTRAL: -3, SITE: 3}),
    ],
)
def test_each_type_moves_goods_its_way_and_back(
    keeper: Caller, doc_type: str, stores: dict[str, int], change: dict[int, int]
) -> None:
    before = {store: stock(keeper, LED, store) for store in (CENTRAL, SITE)}
    made = document(keeper, doc_type)
    line(keeper, made["id"], LED, 3, **stores)
    assert stock(keeper, LED, CENTRAL) == before[CENTRAL]
    assert keeper.call(CONDUCT, id=made["id"]) is True
    for store, amount in before.items():
        assert stock(keeper, LED, store) == amount + change.get(store, 0)
    shown = keeper.call("catalog.document.list", filter={"id": made["id"]})["documents"][0]
    assert (shown["status"], shown["statusBy"], shown["total"]) == ("Y", 1, 7.5)
    assert shown["dateDocument"]
    assert keeper.call(CANCEL, id=made["id"]) is True
    assert {store: stock(keeper, LED, store) for store in (CENTRAL, SITE)} == before
    shown = keeper.call("catalog.document.list", filter={"id": made["id"]})["documents"][0]
    assert shown["status"] == "C"


def test_a_receipt_wants_a_supplier(keeper: Caller) -> None:
    made = document(keeper, "A")
    line(keeper, made["id"], FLOOR, 10.5, storeTo=CENTRAL)
    assert "Supplier not specified" in text_of(keeper, CONDUCT, id=made["id"])
    bound = {"documentId": made["id"], "entityTypeId": 4, "entityId": 55}
    contractor = keeper.call("catalog.documentcontractor.add", fields=bound)["documentContractor"]
    assert contractor == bound | {"id": contractor["id"]}
    assert keeper.refused("catalog.documentcontractor.add", fields=bound) == DENIED
    before = stock(keeper, FLOOR, CENTRAL)
    assert keeper.call(CONDUCT, id=made["id"]) is True
    assert stock(keeper, FLOOR, CENTRAL) == before + 10.5
    assert keeper.refused("catalog.documentcontractor.delete", id=contractor["id"]) == DENIED
    keeper.call(CANCEL, id=made["id"])
    assert keeper.call("catalog.documentcontractor.delete", id=contractor["id"]) is True
    listed = keeper.call("catalog.documentcontractor.list", filter={"documentId": made["id"]})
    assert listed == {"documentContractor": []}
    assert set(keeper.call("catalog.documentcontractor.getFields")["documentContractor"]) == {
        *("documentId", "entityId", "entityTypeId", "id")
    }


def test_more_than_there_is_does_not_leave_the_store(
    sandbox: Sandbox, keeper: Caller, order: object
) -> None:
    seeded = keeper.call("catalog.document.list", filter={"title": "Broken at the site"})
    number = seeded["documents"][0]["id"]
    assert "Not enough" in text_of(keeper, CONDUCT, id=number)
    assert stock(keeper, LED, SITE) == 4
    sandbox.portal_one.inventory.allows_negative = True
    assert keeper.call(CONDUCT, id=number) is True
    assert stock(keeper, LED, SITE) == -5


def test_goods_that_left_cannot_be_taken_back(keeper: Caller) -> None:
    receipt = document(keeper, "S")
    line(keeper, receipt["id"], PARTITION, 2, storeTo=SITE)
    keeper.call(CONDUCT, id=receipt["id"])
    used = document(keeper, "D")
    line(keeper, used["id"], PARTITION, 1, storeFrom=SITE)
    keeper.call(CONDUCT, id=used["id"])
    assert "Not enough" in text_of(keeper, CANCEL, id=receipt["id"])
    assert stock(keeper, PARTITION, SITE) == 1


@pytest.mark.parametrize(
    ("product", "amount", "stores", "words"),
    [
        (PARTITION, 0, {"storeTo": SITE}, "Incorrect quantity of goods #11"),
        (PARTITION, 1, {}, "is not specified"),
        (PARTITION, 1, {"storeTo": CLOSED}, "disabled"),
        (PARTITION, 1, {"storeTo": 99}, "not found"),
        (INSTALLATION, 1, {"storeTo": SITE}, "cannot be used"),
    ],
)
def test_wrong_lines_are_found_when_conducting(
    keeper: Caller, product: int, amount: int, stores: dict[str, int], words: str
) -> None:
    made = document(keeper, "S")
    line(keeper, made["id"], product, amount, **stores)
    text = text_of(keeper, CONDUCT, id=made["id"])
    assert text.startswith("Document conducting error: ")
    assert words in text


def test_states_are_kept(keeper: Caller) -> None:
    made = document(keeper, "S")
    assert "no products" in text_of(keeper, CONDUCT, id=made["id"])
    assert "not been conducted" in text_of(keeper, CANCEL, id=made["id"])
    added = line(keeper, made["id"], FLOOR, 1, storeTo=CENTRAL)
    keeper.call(CONDUCT, id=made["id"])
    assert "already" in text_of(keeper, CONDUCT, id=made["id"])
    status = (400, "ERROR_DOCUMENT_STATUS")
    assert keeper.refused("catalog.document.element.delete", id=added["id"]) == status
    fields = {"docId": made["id"], "elementId": FLOOR}
    assert keeper.refused(ADD_LINE, fields=fields) == status
    # As documented: null, and the document is still there.
    assert keeper.call("catalog.document.delete", id=made["id"]) is None
    keeper.call(CANCEL, id=made["id"])
    assert keeper.call("catalog.document.delete", id=made["id"]) is True
    assert keeper.refused("catalog.document.delete", id=made["id"]) == DENIED
    assert keeper.refused(CONDUCT, id=9999) == DENIED
    assert keeper.refused(CANCEL) == (400, "100")


def test_lines_change_and_the_total_follows(keeper: Caller) -> None:
    made = document(keeper, "S")
    added = line(keeper, made["id"], FLOOR, 4, storeTo=CENTRAL)
    assert added == {
        "amount": 4,
        "docId": made["id"],
        "elementId": FLOOR,
        "id": added["id"],
        "purchasingPrice": 2.5,
        "storeFrom": None,
        "storeTo": CENTRAL,
    }
    changed = keeper.call(
        "catalog.document.element.update",
        id=added["id"],
        fields={"amount": 6, "elementId": PARTITION},
    )["documentElement"]
    assert (changed["amount"], changed["elementId"], changed["storeTo"]) == (6, FLOOR, CENTRAL)
    shown = keeper.call("catalog.document.list", filter={"id": made["id"]})["documents"][0]
    assert Decimal(str(shown["total"])) == Decimal(15)
    lines = keeper.answer("catalog.document.element.list", filter={"docId": made["id"]})
    assert lines["total"] == 1
    assert keeper.call("catalog.document.element.delete", id=added["id"]) is True
    unknown = {"docId": made["id"], "elementId": 9999}
    assert keeper.refused(ADD_LINE, fields=unknown) == DENIED
    assert keeper.refused(ADD_LINE, fields={"docId": 9999, "elementId": FLOOR}) == (
        400,
        "ERROR_DOCUMENT_STATUS",
    )
    assert keeper.refused(ADD_LINE, fields={}) == DENIED
    assert set(keeper.call("catalog.document.element.getFields")["documentElement"]) == set(added)


def test_many_at_once_keep_what_worked(keeper: Caller) -> None:
    good, bad = document(keeper, "S"), document(keeper, "S", title="Empty one")
    line(keeper, good["id"], FLOOR, 1, storeTo=CENTRAL)
    both = [good["id"], bad["id"]]
    text = text_of(keeper, "catalog.document.conductList", documentIds=both)
    assert text.startswith('An error occurred while conducting the document "Empty one"')
    assert keeper.call("catalog.document.cancelList", documentIds=[good["id"]]) is True
    text = text_of(keeper, "catalog.document.cancelList", documentIds=[good["id"], 9999])
    assert "has not been" in text
    keeper.call("catalog.document.conductList", documentIds=[good["id"]])
    text = text_of(keeper, "catalog.document.deleteList", documentIds=both)
    assert text.startswith("You cannot delete document")
    assert keeper.refused("catalog.document.update", id=bad["id"], fields={}) == DENIED
    assert keeper.refused("catalog.document.conductList") == (400, "100")
    assert keeper.refused("catalog.document.conductList", documentIds=7) == (400, "100")


def test_boris_looks_and_tom_keeps_his_own_store(seller: Caller, tom: Caller) -> None:
    kinds = {one["docType"] for one in seller.call("catalog.document.list")["documents"]}
    # The transfer and the receipts; of the others he has not even the right to view.
    assert kinds == {"A", "M"}
    wanted = {"docType": "A", "currency": "EUR", "responsibleId": 7}
    assert seller.refused(ADD, fields=wanted) == DENIED
    assert seller.refused(CONDUCT, id=2) == DENIED
    assert tom.call(ADD, fields=wanted)["document"]["createdBy"] == 23
    # Broken at the site: his store. Panels and floor went into the central one.
    assert "Not enough" in text_of(tom, CONDUCT, id=5)
    assert "warehouses" in text_of(tom, CANCEL, id=2)
    own = document(tom, "A")
    fields = {"docId": own["id"], "elementId": FLOOR, "storeTo": CENTRAL}
    assert tom.refused(ADD_LINE, fields=fields) == (400, "ERROR_DOCUMENT_RIGHTS")
    places = tom.call("catalog.storeproduct.list")["storeProducts"]
    assert {one["storeId"] for one in places} == {SITE}


def test_stores_are_for_administrators(keeper: Caller, seller: Caller) -> None:
    stores = keeper.answer("catalog.store.list", order={"sort": "desc"}, select=["id", "active"])
    assert stores["result"]["stores"][0] == {"active": "N", "id": CLOSED}
    assert stores["total"] == 3
    store = keeper.call("catalog.store.get", id=CENTRAL)["store"]
    assert (store["title"], store["issuingCenter"], store["imageId"]) == (
        *("Central store", "N", None),
    )
    assert set(store) == set(keeper.call("catalog.store.getFields")["store"])
    for method in ("list", "get", "getFields"):
        assert seller.refused(f"catalog.store.{method}", id=1) == (400, 200040300010)
    assert keeper.refused("catalog.store.get", id=99) == (400, 201100000000)
    assert keeper.refused("catalog.store.get") == (400, "100")
    place = keeper.call("catalog.storeproduct.list")["storeProducts"][0]
    assert keeper.call("catalog.storeproduct.get", id=place["id"])["storeProduct"] == place
    assert set(keeper.call("catalog.storeproduct.getFields")["storeProduct"]) == set(place)
    assert keeper.refused("catalog.storeproduct.get", id=999) == DENIED


def test_who_may_not_see_the_catalog_sees_nothing(sandbox: Sandbox, seller: Caller) -> None:
    user = sandbox.portal_one.users[7]
    user.reads_catalog = user.uses_inventory = False
    for method in ("catalog.document.mode.status", "catalog.document.list"):
        assert seller.refused(method) == DENIED
    assert seller.refused("catalog.storeproduct.list") == (400, 200040300010)
    assert seller.refused("catalog.document.element.list") == (400, "ERROR_DOCUMENT_RIGHTS")


def test_the_scope_is_catalog(anna: Caller) -> None:
    assert anna.refused("catalog.document.list") == (403, "insufficient_scope")


def test_lists_page_filter_and_select(keeper: Caller) -> None:
    for _ in range(55):
        document(keeper, "S")
    page = keeper.answer(
        "catalog.document.list",
        select=["id", "status"],
        filter={"docType": "S", "status": "N"},
        order={"id": "desc"},
        start=50,
    )
    assert (len(page["result"]["documents"]), page["total"]) == (5, 55)
    assert set(page["result"]["documents"][0]) == {"id", "status"}


def test_a_product_has_a_name_for_administrators(keeper: Caller, seller: Caller) -> None:
    product = keeper.call("catalog.product.get", id=PARTITION)["product"]
    assert (product["id"], product["type"]) == (PARTITION, 1)
    assert product["name"]
    assert keeper.call("catalog.product.get", id=INSTALLATION)["product"]["type"] == 7
    assert seller.refused("catalog.product.get", id=PARTITION) == (400, 200040300010)
    assert keeper.refused("catalog.product.get", id=9999) == DENIED
    assert keeper.refused("catalog.product.get") == (400, "100")
