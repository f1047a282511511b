"""How to get the answers of methods that leave traces: these are asked of the sandbox alone."""

from __future__ import annotations

from typing import Any

from tests.contract.place import DEAL_TYPE, NAME, Json, Place
from tests.contract.recipes import Recipe, about_deal, read

ANNA, VENDOR = 1, 55
TAB, HANDLER = "CRM_DEAL_DETAIL_TAB", "https://docket.example/contract-test/"
EVENT = "ONCRMDOCUMENTGENERATORDOCUMENTADD"


def bound(method: str, then: str, **params: Any) -> Recipe:
    """A method after something was bound."""

    def recipe(place: Place) -> Json:
        answer = place.answer(method, **params)
        return answer if then == method else place.answer(then, **params)

    return recipe


PLACED = {"PLACEMENT": TAB, "HANDLER": HANDLER, "LANG_ALL": {"de": {"TITLE": "Papiere"}}}
HEARD = {"event": EVENT, "handler": HANDLER}


def made_role(place: Place) -> tuple[Json, int]:
    fields = {"name": NAME, "permissions": {"DOCUMENTS": {"VIEW": "X"}}}
    return place.made("documentgenerator.role.add", "role", fields=fields)


def made_region(place: Place) -> tuple[Json, int]:
    fields = {
        "title": NAME,
        "languageId": "de",
        "formatDate": "DD.MM.YYYY",
        "formatDatetime": "DD.MM.YYYY HH:MI",
        "formatName": "#NAME# #LAST_NAME#",
        "phrases": {"TAX_INCLUDED": "incl.", "TAX_NOT_INCLUDED": "plus"},
    }
    return place.made("documentgenerator.region.add", "region", fields=fields)


def store_document(place: Place) -> tuple[Json, int]:
    fields = {"docType": "S", "currency": "EUR", "responsibleId": ANNA, "title": NAME}
    return place.made("catalog.document.add", "document", fields=fields)


def store_line(place: Place, document: int) -> tuple[Json, int]:
    """A line of a stock adjustment: some of the deal's first goods into the first store."""
    owner = {"=ownerType": "D", "=ownerId": place.deal}
    rows = place.answer("crm.item.productrow.list", filter=owner)["result"]["productRows"]
    fields = {
        "docId": document,
        "elementId": rows[0]["productId"],
        "storeTo": 1,
        "amount": 2.5,
        "purchasingPrice": 10,
    }
    return place.made("catalog.document.element.add", "documentElement", fields=fields)


def of_store_document(method: str, **params: Any) -> Recipe:
    """A method about a new inventory document; one that is cancelled is conducted before."""

    def recipe(place: Place) -> Json:
        number = store_document(place)[1]
        store_line(place, number)
        if method.startswith("cancel"):
            place.answer("catalog.document.conduct", id=number)
        named = {"documentIds": [number]} if method.endswith("List") else {"id": number}
        return place.answer(f"catalog.document.{method}", **named, **params)

    return recipe


def of_store_line(method: str, **params: Any) -> Recipe:
    def recipe(place: Place) -> Json:
        line = store_line(place, store_document(place)[1])[1]
        named = {"filter": {"id": line}} if method == "list" else {"id": line}
        return place.answer(f"catalog.document.element.{method}", **named, **params)

    return recipe


def first_store_product(place: Place) -> Json:
    (first, *_) = place.answer("catalog.storeproduct.list")["result"]["storeProducts"]
    return place.answer("catalog.storeproduct.get", id=first["id"])


def with_region(method: str, **params: Any) -> Recipe:
    return lambda place: place.answer(
        f"documentgenerator.region.{method}", id=made_region(place)[1], **params
    )


def with_role(method: str, **params: Any) -> Recipe:
    return lambda place: place.answer(
        f"documentgenerator.role.{method}", id=made_role(place)[1], **params
    )


def lead(place: Place) -> Json:
    (first, *_) = place.answer("crm.item.list", entityTypeId=1)["result"]["items"]
    return place.answer("crm.item.get", entityTypeId=1, id=first["id"])


def supplier(place: Place) -> tuple[Json, int]:
    """A supplier of a new receipt."""
    fields = {"docType": "A", "currency": "EUR", "responsibleId": ANNA, "title": NAME}
    document = place.made("catalog.document.add", "document", fields=fields)[1]
    vendor = {"documentId": document, "entityTypeId": 4, "entityId": VENDOR}
    return place.made("catalog.documentcontractor.add", "documentContractor", fields=vendor)


def with_supplier(method: str, *, by_id: bool = False) -> Recipe:
    def recipe(place: Place) -> Json:
        number = supplier(place)[1]
        named = {"id": number} if by_id else {"filter": {"id": number}}
        return place.answer(f"catalog.documentcontractor.{method}", **named)

    return recipe


def kept(method: str, **params: Any) -> Recipe:
    """A method about options, one of which was kept before."""
    family = method.rpartition(".")[0]

    def recipe(place: Place) -> Json:
        answer = place.answer(f"{family}.set", options={"plan": "basic"})
        return answer if method.endswith("set") else place.answer(method, **params)

    return recipe


def options(family: str) -> dict[str, Recipe]:
    return {
        f"{family}.set": kept(f"{family}.set"),
        f"{family}.get": kept(f"{family}.get"),
        f"{family}.get.one": kept(f"{family}.get", option="plan"),
        f"{family}.get.none": kept(f"{family}.get", option="never"),
    }


def task(deal: int) -> Json:
    return {
        "OWNER_TYPE_ID": DEAL_TYPE,
        "OWNER_ID": deal,
        "TYPE_ID": 3,
        "SUBJECT": NAME,
        "RESPONSIBLE_ID": ANNA,
    }


def log_message(deal: int) -> Json:
    said = {"title": NAME, "text": NAME, "iconCode": "info"}
    return {"entityTypeId": DEAL_TYPE, "entityId": deal} | said


def comments(place: Place) -> Json:
    about = {"ENTITY_TYPE": "deal", "ENTITY_ID": place.deal}
    files = [["paper.txt", "cGFwZXI="]]
    place.answer("crm.timeline.comment.add", fields={**about, "COMMENT": NAME, "FILES": files})
    return place.answer("crm.timeline.comment.list", filter=about)


def activities(place: Place) -> Json:
    place.answer("crm.activity.add", fields=task(place.deal))
    return place.answer("crm.activity.list", filter={"OWNER_TYPE_ID": 2, "OWNER_ID": place.deal})


IN_THE_SANDBOX: dict[str, Recipe] = {
    "crm.item.get.lead": lead,
    "crm.item.update": about_deal(
        "crm.item.update",
        lambda deal: {"entityTypeId": DEAL_TYPE, "id": deal, "fields": {"title": NAME}},
    ),
    "crm.activity.add": about_deal("crm.activity.add", lambda deal: {"fields": task(deal)}),
    "crm.activity.list": activities,
    "crm.timeline.comment.list": comments,
    "crm.timeline.comment.add": about_deal(
        "crm.timeline.comment.add",
        lambda deal: {"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": NAME}},
    ),
    "crm.timeline.logmessage.add": about_deal(
        "crm.timeline.logmessage.add", lambda deal: {"fields": log_message(deal)}
    ),
    "documentgenerator.region.add": lambda place: made_region(place)[0],
    "documentgenerator.region.get": with_region("get"),
    "documentgenerator.region.update": with_region("update", fields={"title": NAME}),
    "documentgenerator.region.delete": with_region("delete"),
    "documentgenerator.role.add": lambda place: made_role(place)[0],
    "documentgenerator.role.get": with_role("get"),
    "documentgenerator.role.update": with_role("update", fields={"name": NAME}),
    "documentgenerator.role.delete": with_role("delete"),
    "app.info": read("app.info"),
    **options("app.option"),
    **options("user.option"),
    "placement.bind": bound("placement.bind", "placement.bind", **PLACED),
    "placement.get": bound("placement.bind", "placement.get", **PLACED),
    "placement.unbind": bound("placement.bind", "placement.unbind", **PLACED),
    "event.bind": bound("event.bind", "event.bind", **HEARD),
    "event.get": bound("event.bind", "event.get", **HEARD),
    "event.unbind": bound("event.bind", "event.unbind", **HEARD),
    "catalog.document.add": lambda place: store_document(place)[0],
    "catalog.document.update": of_store_document("update", fields={"commentary": NAME}),
    "catalog.document.list": of_store_document("list", select=["id", "title", "docType", "status"]),
    "catalog.document.conduct": of_store_document("conduct"),
    "catalog.document.conductList": of_store_document("conductList"),
    "catalog.document.cancel": of_store_document("cancel"),
    "catalog.document.cancelList": of_store_document("cancelList"),
    "catalog.document.delete": of_store_document("delete"),
    "catalog.document.deleteList": of_store_document("deleteList"),
    "catalog.document.element.add": lambda place: store_line(place, store_document(place)[1])[0],
    "catalog.document.element.update": of_store_line("update", fields={"amount": 3}),
    "catalog.document.element.delete": of_store_line("delete"),
    "catalog.document.element.list": of_store_line("list"),
    "catalog.product.get": read("catalog.product.get", id=11),
    "catalog.store.get": read("catalog.store.get", id=1),
    "catalog.store.list": read("catalog.store.list"),
    "catalog.storeproduct.list": read("catalog.storeproduct.list"),
    "catalog.storeproduct.get": first_store_product,
    "catalog.documentcontractor.add": lambda place: supplier(place)[0],
    "catalog.documentcontractor.list": with_supplier("list"),
    "catalog.documentcontractor.delete": with_supplier("delete", by_id=True),
}
