"""How to get each method's answer from any portal: what is made for it is noted to be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract import place as places
from tests.contract.place import DEAL_TYPE, NAME, Json, Place

DG = "crm.documentgenerator."

Recipe = Callable[[Place], Json]
"""Makes what is needed and gives the whole answer of the method."""


def read(method: str, **params: Any) -> Recipe:
    """A method that needs nothing and changes nothing."""
    return lambda place: place.answer(method, **params)


def in_application(method: str) -> Recipe:
    """A method that webhooks may not call."""

    def recipe(place: Place) -> Json:
        if not place.token:
            pytest.skip("a webhook was named, and this method wants an application's token")
        return place.answer(method)

    return recipe


def about_deal(method: str, params: Callable[[int], Json]) -> Recipe:
    """A method about the named deal; `params` makes its parameters of the deal's id."""

    def recipe(place: Place) -> Json:
        _require_deal(place)
        return place.answer(method, **params(place.deal))

    return recipe


def _require_deal(place: Place) -> None:
    if not place.deal:
        pytest.skip("no deal is named: SANDBOX_CONTRACT_DEAL")


def of_document(method: str, **params: Any) -> Recipe:
    """A method about a document made for it, with its PDF."""

    def recipe(place: Place) -> Json:
        _require_deal(place)
        number = place.document
        place.converted()
        answer = place.answer(f"{DG}document.{method}", id=number, **params)
        if method == "delete":
            place.forget(number)
        return answer

    return recipe


def document_add(place: Place) -> Json:
    _require_deal(place)
    return place.made_document()[0]


def document_list(place: Place) -> Json:
    _require_deal(place)
    number = place.document
    return place.answer(f"{DG}document.list", filter={"entityTypeId": DEAL_TYPE, "id": number})


def document_upload(place: Place) -> Json:
    _require_deal(place)
    fields = {
        "entityTypeId": DEAL_TYPE,
        "entityId": place.deal,
        "title": NAME,
        "number": "CT-2",
        "region": "de",
        "fileContent": places.paper(),
    }
    return place.made(f"{DG}document.upload", "document", fields=fields)[0]


def of_template(method: str, **params: Any) -> Recipe:
    """A method about a template made for it."""

    def recipe(place: Place) -> Json:
        number = place.template
        answer = place.answer(f"{DG}template.{method}", id=number, **params)
        if method == "delete":
            place.forget(number)
        return answer

    return recipe


def template_list(place: Place) -> Json:
    number = place.template
    return place.answer(
        f"{DG}template.list", select=["*", "users", "entityTypeId"], filter={"id": number}
    )


def template_fields(place: Place) -> Json:
    _require_deal(place)
    return of_template("getfields", entityTypeId=DEAL_TYPE, entityId=place.deal)(place)


def of_numerator(prefix: str, method: str, **params: Any) -> Recipe:
    """A method about a numerator made for it."""

    def recipe(place: Place) -> Json:
        number = place.made_numerator(prefix)[1]
        answer = place.answer(f"{prefix}{method}", id=number, **params)
        if method == "delete":
            place.forget(number)
        return answer

    return recipe


def numerators(prefix: str) -> dict[str, Recipe]:
    changed = {"name": NAME, "template": "CT-2-{NUMBER}"}
    return {
        f"{prefix}add": lambda place: place.made_numerator(prefix)[0],
        f"{prefix}get": of_numerator(prefix, "get"),
        f"{prefix}update": of_numerator(prefix, "update", fields=changed),
        f"{prefix}list": of_numerator(prefix, "list"),
        f"{prefix}delete": of_numerator(prefix, "delete"),
    }


def batch(place: Place) -> Json:
    commands = {
        "me": "profile",
        "documents": f"{DG}document.list?filter[entityTypeId]={DEAL_TYPE}",
        "gone": f"crm.item.get?entityTypeId={DEAL_TYPE}&id=999999999",
    }
    return place.answer("batch", cmd=commands, halt=0)


LISTED = ["id", "title", "assignedById", "stageId", "sourceId", "opportunity"]
LISTED += ["isManualOpportunity"]
OLD_NAMES = ["ID", "TITLE", "TYPE_ID", "CATEGORY_ID", "STAGE_ID", "OPPORTUNITY", "ASSIGNED_BY_ID"]
OLD_NAMES += ["IS_MANUAL_OPPORTUNITY", "DATE_CREATE"]
ANYWHERE: dict[str, Recipe] = {
    f"{DG}document.add": document_add,
    f"{DG}document.get": of_document("get"),
    f"{DG}document.update": of_document("update", values={"DocumentTitle": NAME}, stampsEnabled=1),
    f"{DG}document.list": document_list,
    f"{DG}document.getfields": of_document("getfields"),
    f"{DG}document.enablepublicurl": of_document("enablepublicurl"),
    f"{DG}document.upload": document_upload,
    f"{DG}document.delete": of_document("delete"),
    f"{DG}template.add": lambda place: place.made_template()[0],
    f"{DG}template.get": of_template("get"),
    f"{DG}template.update": of_template("update", fields={"sort": 600}),
    f"{DG}template.list": template_list,
    f"{DG}template.getfields": template_fields,
    f"{DG}template.delete": of_template("delete"),
    **numerators(f"{DG}numerator."),
    **numerators("documentgenerator.numerator."),
    "documentgenerator.region.list": read("documentgenerator.region.list"),
    "documentgenerator.role.list": read("documentgenerator.role.list"),
    "crm.item.fields": read("crm.item.fields", entityTypeId=DEAL_TYPE),
    "crm.item.get": about_deal(
        "crm.item.get", lambda deal: {"entityTypeId": DEAL_TYPE, "id": deal}
    ),
    "crm.item.list": about_deal(
        "crm.item.list",
        lambda deal: {"entityTypeId": DEAL_TYPE, "select": LISTED, "filter": {"id": deal}},
    ),
    "crm.item.productrow.list": about_deal(
        "crm.item.productrow.list",
        lambda deal: {"filter": {"=ownerType": "D", "=ownerId": deal}},
    ),
    "crm.deal.get": about_deal("crm.deal.get", lambda deal: {"id": deal}),
    "crm.deal.list": about_deal(
        "crm.deal.list", lambda deal: {"select": OLD_NAMES, "filter": {"ID": deal}}
    ),
    "crm.category.list": read("crm.category.list", entityTypeId=DEAL_TYPE),
    "placement.list": in_application("placement.list"),
    "events": in_application("events"),
    "profile": read("profile"),
    "user.current": read("user.current"),
    "user.get": read("user.get"),
    "user.admin": read("user.admin"),
    "user.access": read("user.access", ACCESS=["U1"]),
    "scope": read("scope"),
    "method.get": read("method.get", name="crm.item.get"),
    "methods": read("methods"),
    "feature.get": read("feature.get", CODE="crm_document_generator"),
    "server.time": read("server.time"),
    "batch": batch,
    "user.search": read("user.search", FILTER={"NAME": "A"}),
    "user.fields": read("user.fields"),
    "crm.status.list": read("crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE"}),
    "catalog.store.getFields": read("catalog.store.getFields"),
    "catalog.storeproduct.getFields": read("catalog.storeproduct.getFields"),
    "catalog.documentcontractor.getFields": read("catalog.documentcontractor.getFields"),
    "catalog.document.getFields": read("catalog.document.getFields"),
    "catalog.document.element.getFields": read("catalog.document.element.getFields"),
    "catalog.document.mode.status": read("catalog.document.mode.status"),
}
