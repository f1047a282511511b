"""Leads, deals, contacts, companies, quotes and smart invoices; directories; the timeline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.caller import Caller
from tests.contract.conftest import Order
from tests.contract.inbox import Inbox
from tests.sandbox.server import Sandbox

LEAD, DEAL, CONTACT, COMPANY, QUOTE, INVOICE = 1, 2, 3, 4, 7, 31
UPDATE = "crm.item.update"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (LEAD, {"companyTitle", "stageSemanticId", "fm", "isConvert", "honorific"}),
        (DEAL, {"categoryId", "begindate", "probability", "mycompanyId", "orderStage"}),
        (CONTACT, {"lastName", "companyIds", "fm", "export", "birthdate"}),
        (COMPANY, {"isMyCompany", "ufLogo", "ufStamp", "revenue", "contactIds"}),
        (QUOTE, {"quoteNumber", "dealId", "terms", "storageTypeId", "actualDate"}),
        (INVOICE, {"accountNumber", "previousStageId", "xmlId", "mycompanyId"}),
    ],
)
def test_each_type_has_its_documented_fields(anna: Caller, kind: int, names: set[str]) -> None:
    rows = anna.answer("crm.item.list", entityTypeId=kind, order={"id": "DESC"})
    first = rows["result"]["items"][0]
    item = anna.call("crm.item.get", entityTypeId=kind, id=first["id"])["item"]
    assert item == first
    assert names | {"id", "assignedById", "createdTime", "opened", "utmSource"} <= set(item)
    assert item["entityTypeId"] == kind
    assert rows["total"] == len(rows["result"]["items"])


@pytest.mark.parametrize(
    ("kind", "fields", "event"),
    [
        (LEAD, {"name": "Malte", "stageId": "PROCESSED", "utmSource": "fair"}, "ONCRMLEADUPDATE"),
        (DEAL, {"probability": 80, "additionalInfo": "by phone"}, "ONCRMDEALUPDATE"),
        (CONTACT, {"post": "Architect", "birthdate": None}, "ONCRMCONTACTUPDATE"),
        (COMPANY, {"title": "Lindner", "revenue": 120000}, "ONCRMCOMPANYUPDATE"),
        (QUOTE, {"terms": "Net.", "opportunity": 12.5}, "ONCRMQUOTEUPDATE"),
        (INVOICE, {"stageId": "DT31_1:P", "xmlId": "x-1"}, "ONCRMDYNAMICITEMUPDATE"),
    ],
)
def test_each_type_can_be_changed_and_tells_it_once(
    sandbox: Sandbox,
    anna: Caller,
    inbox: Inbox,
    kind: int,
    fields: dict[str, object],
    event: str,
) -> None:
    anna.call("event.bind", event=event, handler=inbox.url)
    number = anna.call("crm.item.list", entityTypeId=kind, select=["id"])["items"][0]["id"]
    change = {"entityTypeId": kind, "id": number, "fields": fields | {"noSuchField": 1}}
    item = anna.call(UPDATE, **change)["item"]
    assert {name: item[name] for name in fields} == fields
    assert "noSuchField" not in item
    # The same again changes nothing, so nothing is told.
    assert anna.call(UPDATE, **change)["item"] == item
    sandbox.drain()
    assert [post["data"]["FIELDS"]["ID"] for post in inbox.posts] == [str(number)]


def test_wrong_changes_change_nothing(anna: Caller, clara: Caller) -> None:
    before = anna.call("crm.item.get", entityTypeId=LEAD, id=701)["item"]
    wrong = {"entityTypeId": LEAD, "id": 701, "fields": {"title": "New", "birthdate": "soon"}}
    assert anna.refused(UPDATE, **wrong) == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    for fields in ({"stageId": "NOWHERE"}, {"stageId": "C1:NEW"}):
        stage = {"entityTypeId": DEAL, "id": 501, "fields": fields}
        assert anna.refused(UPDATE, **stage) == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    odd = {"entityTypeId": LEAD, "filter": {">opportunity": "much"}}
    assert anna.refused("crm.item.list", **odd) == (400, "INVALID_ARG_VALUE")
    scalar = {"entityTypeId": LEAD, "id": 701, "fields": {"observers": 7}}
    assert anna.refused(UPDATE, **scalar) == (400, "100")
    assert anna.call("crm.item.get", entityTypeId=LEAD, id=701)["item"] == before
    other = {"entityTypeId": LEAD, "id": 701, "fields": {"title": "Mine"}}
    assert clara.refused(UPDATE, **other) == (400, "ACCESS_DENIED")
    assert anna.refused("crm.item.get", entityTypeId=1302, id=1) == (400, "NOT_FOUND")
    assert anna.refused("crm.item.get", entityTypeId=5, id=1) == (
        400,
        "ENTITY_TYPE_NOT_SUPPORTED",
    )


def test_phones_of_a_contact_change_as_multiple_fields(anna: Caller) -> None:
    fm = [{"typeId": "PHONE", "valueType": "WORK", "value": "+49 40 1"}]
    change = {"entityTypeId": CONTACT, "id": 30, "fields": {"fm": fm}}
    item = anna.call(UPDATE, **change)["item"]
    assert (item["phone"], item["hasPhone"]) == ("+49 40 1", "Y")


def test_product_rows_of_every_seller(anna: Caller) -> None:
    for code, number in (("L", 701), ("Q", 71), ("SI", 51), ("D", 501)):
        owner = {"=ownerType": code, "=ownerId": number}
        rows = anna.call("crm.item.productrow.list", filter=owner)["productRows"]
        assert {(row["ownerType"], row["ownerId"]) for row in rows} == {(code, number)}
    owner = {"=ownerType": "CO", "=ownerId": 20}
    assert anna.refused("crm.item.productrow.list", filter=owner) == (400, "ACCESS_DENIED")


def test_the_older_list_of_deals(boris: Caller, clara: Caller, order: Order) -> None:
    answer = boris.answer(
        "crm.deal.list",
        filter={">=OPPORTUNITY": 1, "CATEGORY_ID": 0},
        order={"ID": "DESC"},
        select=["ID", "OPPORTUNITY", "UF_*"],
    )
    first = answer["result"][0]
    assert set(first) >= {"ID", "OPPORTUNITY"}
    assert all(name in ("ID", "OPPORTUNITY") or name.startswith("UF_") for name in first)
    assert isinstance(first["ID"], str)
    ids = [int(one["ID"]) for one in answer["result"]]
    assert ids == sorted(ids, reverse=True)
    assert answer["total"] == len(ids)
    whole = boris.call("crm.deal.list", filter={"ID": 501})[0]
    assert whole == boris.call("crm.deal.get", id=501)
    assert [one["ID"] for one in clara.call("crm.deal.list")] == ["508"]
    assert boris.refused("crm.deal.list", filter="all") == (400, "")
    order("user", user=12, reads_deals="none", reads_clients=False)
    assert clara.refused("crm.deal.list") == (400, "")


def test_pipelines_and_categories(anna: Caller) -> None:
    deals = anna.answer("crm.category.list", entityTypeId=DEAL)
    assert [one["isDefault"] for one in deals["result"]["categories"]] == ["Y", "N"]
    assert deals["total"] == 2
    vendors = anna.call("crm.category.list", entityTypeId=COMPANY)["categories"][1]
    assert vendors["code"] == "CATALOG_CONTRACTOR_COMPANY"
    found = anna.call("crm.item.list", entityTypeId=COMPANY, filter={"categoryId": vendors["id"]})
    assert [one["id"] for one in found["items"]] == [55]
    assert anna.call("crm.category.list", entityTypeId=INVOICE)["categories"]
    unsupported = (400, "ENTITY_TYPE_NOT_SUPPORTED")
    for kind in (LEAD, QUOTE):
        assert anna.refused("crm.category.list", entityTypeId=kind) == unsupported
    assert anna.refused("crm.category.list", entityTypeId=1302) == (400, "NOT_FOUND")
    assert anna.refused("crm.category.list") == (400, "100")


def test_directories_name_the_stages(sandbox: Sandbox, anna: Caller, boris: Caller) -> None:
    answer = anna.answer(
        "crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE"}, order={"SORT": "ASC"}
    )
    stages = answer["result"]
    assert [one["STATUS_ID"] for one in stages] == list(sandbox.portal_one.categories[0].stages)
    won = next(one for one in stages if one["STATUS_ID"] == "WON")
    assert (won["SEMANTICS"], won["EXTRA"]["SEMANTICS"], won["SYSTEM"]) == ("S", "success", "Y")
    assert answer["total"] == len(stages)
    everything = {one["ENTITY_ID"] for one in anna.call("crm.status.list")}
    assert {"STATUS", "QUOTE_STATUS", "SMART_INVOICE_STAGE_1", "SOURCE"} <= everything
    assert {"DEAL_STAGE_1", "DEAL_TYPE"} <= everything
    assert anna.refused("crm.status.list", filter="x") == (400, "Invalid parameters.")
    sandbox.portal_one.users[7].reads_deals = "none"
    sandbox.portal_one.users[7].reads_clients = False
    assert boris.refused("crm.status.list") == (400, "")


def test_what_applications_write_into_the_history(
    sandbox: Sandbox, boris: Caller, clara: Caller
) -> None:
    comment = {"ENTITY_ID": 501, "ENTITY_TYPE": "deal", "COMMENT": "Sent by hand."}
    number = boris.call("crm.timeline.comment.add", fields=comment)
    assert isinstance(number, int)
    log = {
        "entityTypeId": 2,
        "entityId": 501,
        "title": "Docket",
        "text": "Made",
        "iconCode": "info",
    }
    message = boris.call("crm.timeline.logmessage.add", fields=log)["logMessage"]
    assert (message["title"], message["authorId"], message["iconCode"]) == ("Docket", 7, "info")
    activity = {
        "OWNER_TYPE_ID": 2,
        "OWNER_ID": 501,
        "TYPE_ID": 2,
        "SUBJECT": "Call",
        "RESPONSIBLE_ID": 7,
        "COMMUNICATIONS": [{"VALUE": "+49 40 5560 120"}],
    }
    assert boris.call("crm.activity.add", fields=activity) > number
    kinds = [one.kind for one in sandbox.portal_one.timeline]
    assert kinds == ["comment", "log", "activity"]
    boris.http.post(f"{sandbox.url}/auth/", data={"user": "7"}, timeout=10)
    page = boris.http.get(f"{sandbox.url}/crm/deal/details/501/", timeout=10).text
    boris.http.cookies.clear()
    assert "Sent by hand." in page
    assert "Docket: Made" in page
    denied = (400, "ACCESS_DENIED")
    assert clara.refused("crm.timeline.comment.add", fields=comment) == denied
    assert clara.refused("crm.timeline.logmessage.add", fields=log) == denied
    assert clara.refused("crm.activity.add", fields=activity | {"RESPONSIBLE_ID": 12}) == (400, "")


EMAIL = {
    "OWNER_TYPE_ID": 2,
    "OWNER_ID": 501,
    "TYPE_ID": 4,
    "DIRECTION": 2,
    "COMPLETED": "Y",
    "SUBJECT": "Offer",
    "DESCRIPTION": "Here it is.",
    "DESCRIPTION_TYPE": 1,
    "RESPONSIBLE_ID": 7,
    "ORIGINATOR_ID": "test",
    "ORIGIN_ID": "a1",
    "FILES": [{"fileData": ["offer.pdf", "JVBERg=="]}],
}


def client_of(sandbox: Sandbox) -> dict[str, Any]:
    contact = sandbox.portal_one.contacts[sandbox.portal_one.deals[501].contact_ids[0]]
    return {"VALUE": contact.email, "ENTITY_ID": contact.id, "ENTITY_TYPE_ID": 3}


def test_an_email_goes_out_and_is_found_by_its_origin(sandbox: Sandbox, boris: Caller) -> None:
    to = client_of(sandbox)
    number = boris.call("crm.activity.add", fields=EMAIL | {"COMMUNICATIONS": [to]})
    [entry] = sandbox.portal_one.timeline
    assert (entry.sent_to, entry.files) == ([to["VALUE"]], [("offer.pdf", b"%PDF")])
    ours = {"OWNER_TYPE_ID": 2, "OWNER_ID": 501, "ORIGINATOR_ID": "test"}
    found = boris.call(
        "crm.activity.list", filter=ours | {"ORIGIN_ID": "a1"}, select=["ID", "COMMUNICATIONS"]
    )
    assert [one["ID"] for one in found] == [str(number)]
    assert found[0]["COMMUNICATIONS"][0]["VALUE"] == to["VALUE"]
    assert boris.call("crm.activity.list", filter=ours | {"ORIGIN_ID": "b2"}) == []
    [whole] = boris.call("crm.activity.list", filter=ours)
    assert "COMMUNICATIONS" not in whole
    assert (whole["TYPE_ID"], whole["COMPLETED"]) == ("4", "Y")


@pytest.mark.parametrize("unsaid", ["DIRECTION", "COMPLETED"])
def test_an_email_is_only_recorded_without_its_three_conditions(
    sandbox: Sandbox, boris: Caller, unsaid: str
) -> None:
    fields = {name: value for name, value in EMAIL.items() if name != unsaid}
    boris.call("crm.activity.add", fields=fields | {"COMMUNICATIONS": [client_of(sandbox)]})
    assert sandbox.portal_one.timeline[0].sent_to == []


@pytest.mark.parametrize(
    ("wrong", "left"),
    [
        ({"COMMUNICATIONS": []}, 0),
        ({"COMMUNICATIONS": [{"VALUE": ""}]}, 0),
        ({"COMMUNICATIONS": [{"VALUE": "k@client.example", "TYPE": "PHONE"}]}, 0),
        ({"COMMUNICATIONS": [{"VALUE": "k@c.example", "ENTITY_ID": 9, "ENTITY_TYPE_ID": 3}]}, 0),
        ({"FILES": [["offer.pdf", "JVBERg=="]]}, 0),
        ({"FILES": [{"fileData": ["offer.pdf", "not base64!"]}]}, 0),
        ({"SUBJECT": ""}, 0),
        ({"COMMUNICATIONS": [{"VALUE": "not an address"}]}, 1),
        ({"SETTINGS": {"MESSAGE_FROM": "Boris"}}, 1),
    ],
)
def test_an_email_that_is_wrong(
    sandbox: Sandbox, boris: Caller, wrong: dict[str, Any], left: int
) -> None:
    """An error of sending leaves the activity in the card; nothing goes to anybody."""
    fields = EMAIL | {"COMMUNICATIONS": [client_of(sandbox)]} | wrong
    assert boris.refused("crm.activity.add", fields=fields) == (400, "")
    assert [entry.sent_to for entry in sandbox.portal_one.timeline] == [[]] * left


def test_comments_with_files_are_listed(boris: Caller, clara: Caller) -> None:
    about = {"ENTITY_ID": 501, "ENTITY_TYPE": "deal"}
    add = "crm.timeline.comment.add"
    files = [["offer.pdf", "JVBERg=="]]
    for text in ("first", "second"):
        boris.call(add, fields=about | {"COMMENT": text, "FILES": files})
    listed = boris.call("crm.timeline.comment.list", filter=about, order={"ID": "DESC"})
    assert [one["COMMENT"] for one in listed] == ["second", "first"]
    assert [one["name"] for one in listed[0]["FILES"].values()] == ["offer.pdf"]
    few = boris.call("crm.timeline.comment.list", filter=about, select=["ID", "COMMENT"])
    assert set(few[0]) == {"ID", "COMMENT"}
    for wrong in ([["offer.pdf"]], [["offer.pdf", "?"]], [{"fileData": files[0]}], "offer.pdf"):
        answer = boris.refused(add, fields=about | {"COMMENT": "x", "FILES": wrong})
        assert answer == (400, "INVALID_ARG_VALUE")
    assert clara.refused("crm.timeline.comment.list", filter=about) == (400, "")
    assert boris.refused("crm.timeline.comment.list", filter={"ENTITY_ID": 501}) == (400, "100")


def test_wrong_entries(boris: Caller) -> None:
    add = "crm.timeline.comment.add"
    known = {"ENTITY_ID": 501, "ENTITY_TYPE": "deal", "COMMENT": "x"}
    assert boris.refused(add) == (400, "100")
    assert boris.refused(add, fields={"ENTITY_TYPE": "deal"}) == (400, "100")
    assert boris.refused(add, fields=known | {"COMMENT": " "}) == (400, "INVALID_ARG_VALUE")
    assert boris.refused(add, fields=known | {"ENTITY_ID": 9}) == (400, "OWNER_NOT_FOUND")
    assert boris.refused("crm.timeline.logmessage.add", fields={"entityTypeId": 2}) == (400, "100")
    activity = {"OWNER_TYPE_ID": 2, "OWNER_ID": 501, "TYPE_ID": 2, "SUBJECT": "Call"}
    for wrong in ({}, {"RESPONSIBLE_ID": 7}, {"RESPONSIBLE_ID": 7, "COMMUNICATIONS": [1, 2]}):
        assert boris.refused("crm.activity.add", fields=activity | wrong) == (400, "")


def test_people_by_scope(sandbox: Sandbox, boris: Caller, seller: Caller) -> None:
    brief, full = boris.call("user.current"), seller.call("user.current")
    assert {"EMAIL", "WORK_PHONE", "LAST_LOGIN"} <= set(full)
    assert not {"EMAIL", "WORK_PHONE", "LAST_LOGIN"} & set(brief)
    sandbox.state.tokens[boris.token.access].scopes[:] = ["user_basic"]
    assert "EMAIL" in boris.call("user.current")
    assert "LAST_LOGIN" not in boris.call("user.fields")
    shown = seller.answer("user.get", select=["NAME", "UF_*"], FILTER={"NAME_SEARCH": "bran"})
    assert [set(one) for one in shown["result"]] == [
        {"NAME", "UF_DEPARTMENT", "UF_EMPLOYMENT_DATE"}
    ]
    assert [one["ID"] for one in seller.call("user.search", FILTER={"FIND": "site"})] == ["23"]
    assert [one["ID"] for one in seller.call("user.search", FILTER={"LAST_NAME": "Som"})] == ["12"]


def test_features_follow_the_plan(boris: Caller, order: Order) -> None:
    assert boris.call("feature.get", CODE="rest_offline_extended") == {"value": "Y"}
    order("options", offline_events_on_plan=False, connectors_on_plan=False)
    assert boris.call("feature.get", CODE="rest_offline_extended") == {"value": "N"}
    assert boris.call("feature.get", CODE="rest_auth_connector") == {"value": "N"}
    order("portal", on_premises=True)
    assert boris.call("feature.get", CODE="rest_auth_connector") == {"value": "Y"}
    assert boris.refused("feature.get") == (400, "CODE_EMPTY")


def test_applications_keep_options(sandbox: Sandbox, anna: Caller, boris: Caller) -> None:
    assert anna.call("app.option.get") == []
    assert anna.call("app.option.set", options={"theme": "dark", "pages": 2}) is True
    assert boris.call("app.option.get") == {"theme": "dark", "pages": 2}
    assert boris.call("app.option.get", option="theme") == "dark"
    assert boris.refused("app.option.set", options={"theme": "light"}) == (400, "AccessException")
    assert anna.refused("app.option.set") == (400, "ArgumentNullException")
    assert boris.call("user.option.set", options={"open": "Y"}) is True
    assert boris.call("user.option.get") == {"open": "Y"}
    assert anna.call("user.option.get") == []
    hook = sandbox.state.add_webhook(sandbox.portal_one, sandbox.portal_one.users[1], ["crm"])
    answer = anna.http.post(f"{hook}user.option.get", timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "AccessException")


def test_methods_and_scopes(boris: Caller, keeper: Caller) -> None:
    assert "crm.item.get" in boris.call("methods")
    assert "catalog.document.add" not in boris.call("methods")
    assert "catalog.document.add" in boris.call("methods", full=True)
    assert "catalog.document.conduct" in keeper.call("methods", scope="catalog")
    assert "profile" in boris.call("methods", scope="")
    assert {"catalog", "documentgenerator"} <= set(boris.call("scope", full=True))
    assert "ONCRMLEADUPDATE" in boris.call("events", SCOPE="crm")
    assert "ONUSERADD" in boris.call("events", FULL=True)
