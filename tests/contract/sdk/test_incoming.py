"""What the portal sends to an application, read by the official client's own parsers."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from b24pysdk import Client
from b24pysdk.client import ClientV2
from b24pysdk.credentials import BitrixApp, BitrixToken, OAuthEventData, OAuthPlacementData

from tests.contract.inbox import Inbox
from tests.contract.sdk import network
from tests.contract.sdk.conftest import HANDLER
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

TAB = "CRM_DEAL_DETAIL_TAB"
ADDED = "ONCRMDOCUMENTGENERATORDOCUMENTADD"


def launched(sandbox: Sandbox, app: Application, user_id: int, placement: str) -> dict[str, str]:
    """What the user's browser would post: the query of the address and the form."""
    portal = sandbox.portal_one
    user = portal.users[user_id]
    options = {"ID": "501", "URI": "/crm/deal/details/501/"} if placement == TAB else None
    address, form = sandbox.state.launch_fields(portal, app, user, placement, options)
    return dict(parse_qsl(urlsplit(address).query)) | form


def test_an_opened_tab_is_believed_and_speaks_for_boris(
    sandbox: Sandbox, app: Application, bitrix_app: BitrixApp, anna: ClientV2
) -> None:
    anna.placement.bind(TAB, f"{HANDLER}tab").call()
    opened = OAuthPlacementData.from_dict(launched(sandbox, app, 7, TAB))
    assert (opened.domain, opened.protocol, opened.lang) == (network.PORTAL_ONE, 1, "en")
    assert (opened.placement, opened.placement_options["ID"]) == (TAB, "501")
    assert opened.status.is_local
    info = opened.get_app_info(bitrix_app)
    assert opened.validate_against_app_info(info)
    boris = Client(BitrixToken.from_oauth_placement_data(opened, bitrix_app))
    assert boris.profile().value.bitrix_id == 7
    sandbox.state.expire_access(7)
    assert boris.profile().value.bitrix_id == 7


def test_an_opened_page_without_options(sandbox: Sandbox, app: Application) -> None:
    opened = OAuthPlacementData.from_dict(launched(sandbox, app, 1, "DEFAULT"))
    assert (opened.placement, opened.placement_options) == ("DEFAULT", None)
    assert len(opened.app_sid) == len(opened.member_id) == 32


def heard(sandbox: Sandbox, inbox: Inbox, event: str) -> OAuthEventData:
    """The event as it came over the wire, not nested by us."""
    attempt = sandbox.delivered(event)
    assert attempt.status == 200
    assert inbox.content_types[-1] == "application/x-www-form-urlencoded"
    return OAuthEventData.from_dict(dict(parse_qsl(attempt.body, keep_blank_values=True)))


def test_a_new_document_is_told_with_a_token(
    sandbox: Sandbox,
    bitrix_app: BitrixApp,
    anna: ClientV2,
    boris: ClientV2,
    inbox: Inbox,
    offer: int,
) -> None:
    anna.event.bind(ADDED, inbox.url).call()
    made = boris.crm.documentgenerator.document.add(offer, 2, 501).result["document"]
    event = heard(sandbox, inbox, ADDED)
    assert (event.event, event.is_system) == (ADDED, False)
    assert event.data["FIELDS"] == {
        "ID": str(made["id"]),
        "ENTITY_TYPE_ID": "2",
        "ENTITY_ID": "501",
    }
    assert event.auth.user_id == 7
    assert event.validate_against_app_info(event.get_app_info(bitrix_app))
    listener = BitrixToken.from_oauth_event_data(event, bitrix_app)
    assert listener.is_one_off
    assert Client(listener).profile().value.bitrix_id == 7


def test_an_event_without_tokens_is_one_of_the_system(
    sandbox: Sandbox, anna: ClientV2, boris: ClientV2, inbox: Inbox, offer: int
) -> None:
    sandbox.state.options.event_tokens = False
    anna.event.bind(ADDED, inbox.url).call()
    boris.crm.documentgenerator.document.add(offer, 2, 501).call()
    event = heard(sandbox, inbox, ADDED)
    assert event.is_system
    assert event.auth.member_id == sandbox.portal_one.member_id
    with pytest.raises(ValueError, match="token"):
        event.get_app_info(BitrixApp(client_id="any", client_secret="any"))


def test_installing_and_removing_are_told(
    sandbox: Sandbox, app: Application, bitrix_app: BitrixApp, anna: ClientV2, inbox: Inbox
) -> None:
    app.installed = False
    for event in ("ONAPPINSTALL", "ONAPPUNINSTALL"):
        anna.event.bind(event, inbox.url).call()
    sandbox.state.finish_installation(sandbox.portal_one, app.client_id)
    installed = heard(sandbox, inbox, "ONAPPINSTALL")
    assert installed.data["ACTIVE"] == "Y"
    assert installed.auth.application_token == app.application_token
    keeper = BitrixToken.from_oauth_event_data(installed, bitrix_app)
    assert keeper.refresh_oauth_token().user_id == 1
    sandbox.state.remove_application(sandbox.portal_one, app.client_id, clean=True)
    removed = heard(sandbox, inbox, "ONAPPUNINSTALL")
    assert removed.is_system
    assert removed.data == {"LANGUAGE_ID": "en", "CLEAN": "1"}
