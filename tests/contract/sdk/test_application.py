"""What an application asks about itself, its user and its places, by the official client."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from b24pysdk.client import ClientV2
from b24pysdk.errors import BitrixAPIAccessDenied, BitrixAPIBadRequest, BitrixAPIWrongAuthType
from b24pysdk.schemas.app import AppInfoApplication, AppInfoWebhook

from tests.contract.sdk.conftest import HANDLER, SCOPES
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

TAB = "CRM_DEAL_DETAIL_TAB"
ADDED = "ONCRMDOCUMENTGENERATORDOCUMENTADD"


def test_the_application_is_described(app: Application, anna: ClientV2) -> None:
    info = anna.app.info().value
    assert isinstance(info, AppInfoApplication)
    assert (info.code, info.installed, info.payment_expired) == (app.client_id, True, False)
    assert info.status.is_local
    assert info.license.startswith("eu_")


def test_a_webhook_is_described_differently(webhook: ClientV2) -> None:
    info = webhook.app.info().value
    assert isinstance(info, AppInfoWebhook)
    assert info.scope == SCOPES


def test_scopes_methods_and_the_time(client: ClientV2) -> None:
    assert client.scope().result == SCOPES
    assert set(SCOPES) <= set(client.scope(full=True).result)
    known = client.method.get("crm.documentgenerator.document.add").value
    assert (known.is_existing, known.is_available) == (True, True)
    unknown = client.method.get("crm.no.such.method").value
    assert (unknown.is_existing, unknown.is_available) == (False, False)
    assert abs((client.server.time().value - datetime.now(UTC)).total_seconds()) < 60
    assert client.profile().response.time.duration >= 0


def test_people_are_described(client: ClientV2, boris: ClientV2) -> None:
    anna = client.profile().value
    assert (anna.bitrix_id, anna.admin, anna.name) == (1, True, "Anna")
    assert anna.personal_gender is None
    assert (client.user.admin().result, boris.user.admin().result) == (True, False)
    current = client.user.current().value
    assert (current.bitrix_id, current.active, current.name) == (1, True, "Anna")
    assert current.user_type.value == "employee"
    found = client.user.get(filter={"NAME": "Boris"}, sort="ID", order="ASC").values
    assert [(one.bitrix_id, one.uf_department_ids) for one in found] == [(7, [5])]
    assert client.user.access(["U1"]).result is True


def test_people_are_searched_and_their_fields_named(client: ClientV2) -> None:
    assert [one.bitrix_id for one in client.user.search(filter={"FIND": "Som"}).values] == [12]
    assert "LAST_NAME" in client.user.fields().result


def test_the_users_rights_are_asked_for(boris: ClientV2) -> None:
    assert boris.user.access(["U7"]).result is True
    assert boris.user.access(["U12", "G1"]).result is False


def test_the_tab_is_bound_and_unbound(anna: ClientV2) -> None:
    texts = {"de": {"TITLE": "Dokumente", "DESCRIPTION": "", "GROUP_NAME": ""}}
    address = f"{HANDLER}tab"
    assert anna.placement.bind(TAB, address, title="Documents", lang_all=texts).result is True
    (bound,) = anna.placement.get().values
    assert (bound.placement, bound.handler, bound.user_id) == (TAB, address, 0)
    assert bound.lang_all["de"]["TITLE"] == "Dokumente"
    assert bound.options in ({}, None, [])
    with pytest.raises(BitrixAPIBadRequest, match="already binded"):
        anna.placement.bind(TAB, address).call()
    assert anna.placement.unbind(TAB, handler=address).value == 2
    assert anna.placement.get().values == []


def test_places_are_listed(anna: ClientV2, boris: ClientV2) -> None:
    assert TAB in boris.placement.list().result
    assert TAB in anna.placement.list(scope="crm").result
    assert set(anna.placement.list().result) <= set(anna.placement.list(full=True).result)


def test_only_the_administrator_binds_places(boris: ClientV2, webhook: ClientV2) -> None:
    with pytest.raises(BitrixAPIAccessDenied):
        boris.placement.bind(TAB, HANDLER).call()
    with pytest.raises(BitrixAPIWrongAuthType):
        webhook.placement.get().call()


def test_events_are_bound_and_unbound(anna: ClientV2) -> None:
    assert anna.event.bind(ADDED, HANDLER, auth_type=1).result is True
    with pytest.raises(BitrixAPIBadRequest, match="already binded"):
        anna.event.bind(ADDED, HANDLER, auth_type=1).call()
    (bound,) = anna.event.get().values
    assert (bound.event, bound.handler) == (ADDED, HANDLER)
    assert anna.event.unbind(ADDED, HANDLER).value == 1
    assert anna.event.get().values == []


def test_events_are_listed(anna: ClientV2) -> None:
    assert ADDED in anna.events("crm", full=True).result
    with pytest.raises(BitrixAPIBadRequest) as refused:
        anna.event.bind("ONNOSUCHTHING", HANDLER).call()
    assert refused.value.error == "ERROR_EVENT_NOT_FOUND"


def test_events_are_asked_for_where_nobody_can_be_called(
    anna: ClientV2, boris: ClientV2, webhook: ClientV2
) -> None:
    assert anna.event.bind("ONCRMDEALUPDATE", "", event_type="offline").result is True
    for number in (501, 503):
        webhook.crm.item.update(2, number, {"comments": "Changed"}).call()
    waiting = anna.event.offline.list()
    assert [one.event_name for one in waiting.values] == ["ONCRMDEALUPDATE"] * 2
    taken = anna.event.offline.get(clear=False, limit=1).result
    # The client's objects take MESSAGE_ID for a number; in the documentation it is a text, and in
    # the source the md5 of the event's name and data.
    (message,) = [one["MESSAGE_ID"] for one in taken["events"]]
    assert message == waiting.result[0]["MESSAGE_ID"]
    assert anna.event.offline.error(taken["process_id"], message_id=[message]).result is True
    (second,) = anna.event.offline.get().values
    assert second.bitrix_id == waiting.values[1].bitrix_id
    assert anna.event.offline.clear("0" * 32).result is True
    with pytest.raises(BitrixAPIAccessDenied):
        boris.event.offline.list().call()


def test_features_of_the_plan(client: ClientV2) -> None:
    assert client.feature.get("rest_offline_extended").value.value is True


def test_options_are_kept(anna: ClientV2, boris: ClientV2) -> None:
    assert anna.app.option.set({"plan": "basic"}).result is True
    assert boris.app.option.get().result == {"plan": "basic"}
    assert boris.app.option.get(option="never").result is None
    assert boris.user.option.set({"view": "wide"}).result is True
    assert boris.user.option.get(option="view").result == "wide"
    assert anna.user.option.get().result == []


def test_a_webhook_binds_no_events(webhook: ClientV2) -> None:
    with pytest.raises(BitrixAPIWrongAuthType):
        webhook.event.bind(ADDED, HANDLER).call()


def test_objects_of_the_client_read_themselves(sandbox: Sandbox, anna: ClientV2) -> None:
    current = anna.user.current().value
    assert current.email == sandbox.portal_one.users[1].email
    assert current.url == f"{sandbox.url}/company/personal/user/1/"
