"""Deals and what belongs to them, by the official client."""

from __future__ import annotations

import pytest
from b24pysdk.client import ClientV2
from b24pysdk.errors import BitrixAPIAccessDenied, BitrixAPIBadRequest, BitrixAPINotFound

from tests.sandbox.server import Sandbox

DEAL, BORISS_DEAL = 2, 501


def test_a_deal_is_read_listed_and_changed(sandbox: Sandbox, client: ClientV2) -> None:
    item = client.crm.item.get(DEAL, BORISS_DEAL).result["item"]
    assert (item["id"], item["entityTypeId"]) == (BORISS_DEAL, DEAL)
    named = client.crm.item.get(DEAL, BORISS_DEAL, use_original_uf_names=True).result["item"]
    assert set(named) - set(item) == set(sandbox.portal_one.deals[BORISS_DEAL].user_fields)
    request = client.crm.item.list(
        DEAL, select=["id", "title"], filter={"=assignedById": 7}, order={"id": "DESC"}, start=0
    )
    assert {"id": BORISS_DEAL, "title": item["title"]} in request.result["items"]
    changed = client.crm.item.update(DEAL, BORISS_DEAL, {"title": "Refit, phase 3"}).result
    assert changed["item"]["title"] == "Refit, phase 3"


def test_the_older_family_speaks_in_capitals(client: ClientV2) -> None:
    deal = client.crm.deal.get(BORISS_DEAL).result
    assert (deal["ID"], deal["ASSIGNED_BY_ID"]) == (str(BORISS_DEAL), "7")


def test_deals_are_listed_in_capitals_page_by_page(sandbox: Sandbox, client: ClientV2) -> None:
    known = sorted(sandbox.portal_one.deals)
    request = client.crm.deal.list(select=["ID", "TITLE"], order={"ID": "ASC"})
    assert [int(row["ID"]) for row in request.as_list().result] == known
    fast = client.crm.deal.list(select=["ID"], filter={">OPPORTUNITY": 0}).as_list_fast()
    assert {int(row["ID"]) for row in fast.result} <= set(known)
    back = client.crm.deal.list().as_list_fast(descending=True)
    assert [int(row["ID"]) for row in back.result] == known[::-1]


def test_stages_are_listed(client: ClientV2) -> None:
    found = client.crm.status.list(filter={"ENTITY_ID": "DEAL_STAGE"}, order={"SORT": "ASC"}).result
    assert (found[0]["STATUS_ID"], found[0]["SYSTEM"]) == ("NEW", "Y")


def test_what_happened_is_written_into_the_timeline(sandbox: Sandbox, client: ClientV2) -> None:
    task = {
        "OWNER_TYPE_ID": DEAL,
        "OWNER_ID": BORISS_DEAL,
        "TYPE_ID": 3,
        "SUBJECT": "Send the offer",
        "RESPONSIBLE_ID": 7,
    }
    comment = {"ENTITY_ID": BORISS_DEAL, "ENTITY_TYPE": "deal", "COMMENT": "Offer printed"}
    log = {
        "entityTypeId": DEAL,
        "entityId": BORISS_DEAL,
        "title": "Offer",
        "text": "Printed",
        "iconCode": "info",
    }
    written = [
        client.crm.activity.add(task).result,
        client.crm.timeline.comment.add(comment).result,
        client.crm.timeline.logmessage.add(log).result["logMessage"]["id"],
    ]
    assert [entry.id for entry in sandbox.portal_one.timeline[-3:]] == written


def test_product_rows_are_listed(sandbox: Sandbox, client: ClientV2) -> None:
    request = client.crm.item.productrow.list(filter={"=ownerType": "D", "=ownerId": BORISS_DEAL})
    rows = sandbox.portal_one.deals[BORISS_DEAL].rows
    assert [row["id"] for row in request.result["productRows"]] == [row.id for row in rows]


def test_pipelines_are_listed(sandbox: Sandbox, client: ClientV2) -> None:
    found = client.crm.category.list(DEAL).result["categories"]
    assert [one["id"] for one in found] == list(sandbox.portal_one.categories)


def test_what_is_not_there_or_not_to_be_seen(clara: ClientV2, client: ClientV2) -> None:
    with pytest.raises(BitrixAPINotFound) as missing:
        client.crm.item.get(DEAL, 999999).call()
    assert missing.value.status_code == 400
    with pytest.raises(BitrixAPIAccessDenied):
        clara.crm.item.get(DEAL, BORISS_DEAL).call()
    assert clara.crm.item.list(DEAL, filter={"id": BORISS_DEAL}).result == {"items": []}
    with pytest.raises(BitrixAPIBadRequest):
        clara.crm.deal.get(BORISS_DEAL).call()
