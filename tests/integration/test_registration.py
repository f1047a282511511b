"""How a portal becomes known: a local application by the operator, or the one of the Market."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from b24app.models import FrameSession, Portal, TokenChain
from b24app.portals import install
from tests import people
from tests.integration.pages import text
from tests.people import ANNA, BORIS, DMITRI, Frame, press_install
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.state import MarketApplication
from tests.sandbox.world import Application

BASE = "http://127.0.0.1:8800"


def register(*words: str, secret: str = "") -> str:
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
        call_command("register_portal", *words, stdout=told)
    return told.getvalue()


# A local application


def test_the_operator_registers_a_portal_and_anna_installs(sandbox: Sandbox, db: None) -> None:
    nordwerk = sandbox.portal_one
    handler, installer = re.findall(rf"{BASE}/p/\S+", register(nordwerk.origin))
    assert installer == f"{handler}install/"
    app = applications.register(
        sandbox.state, nordwerk, name="Docket", handler_url=handler, install_url=installer
    )
    register(nordwerk.origin, "--client-id", app.client_id, secret=app.client_secret)
    frame = people.open_application(sandbox, nordwerk, app, ANNA)
    assert press_install(frame) == [200] * 5
    portal = Portal.objects.get()
    assert (portal.state, portal.client_id) == (Portal.State.INSTALLED, app.client_id)
    assert portal.client_secret == app.client_secret
    assert app.client_secret.encode() not in bytes(portal.local_secret)


def test_asking_twice_tells_the_same_addresses(sandbox: Sandbox, db: None) -> None:
    origin = sandbox.portal_one.origin
    assert register(origin) == register(origin) == register(f"{origin}/")
    assert Portal.objects.count() == 1


def test_the_secret_may_come_from_the_environment(
    sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_LOCAL_SECRET", "from-the-environment")
    register(sandbox.portal_one.origin, "--client-id", "local.1")
    assert Portal.objects.get().client_secret == "from-the-environment"


@pytest.mark.parametrize("address", ["", "acme", "ftp://acme.example", "https://a@b.example/x y"])
def test_an_address_that_is_none_is_refused(db: None, address: str) -> None:
    with pytest.raises(CommandError):
        register(address)
    assert not Portal.objects.exists()


def test_a_registration_without_its_secret_is_refused(sandbox: Sandbox, db: None) -> None:
    with pytest.raises(CommandError):
        register(sandbox.portal_one.origin, "--client-id", "local.1")
    assert Portal.objects.get().local_client_id == ""


def test_another_application_forgets_what_the_old_one_was_given(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    register(sandbox.portal_one.origin, "--client-id", "local.other", secret="s" * 50)
    portal = Portal.objects.get()
    assert portal.state == Portal.State.REGISTERED
    assert not TokenChain.objects.exists()
    assert boris.get("").status_code == 401


def test_the_same_application_with_a_new_secret_keeps_all(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    register(sandbox.portal_one.origin, "--client-id", docket.client_id, secret="n" * 50)
    assert Portal.objects.get().state == Portal.State.INSTALLED
    assert boris.get("").status_code == 200


# The application of the Market


@pytest.fixture
def market(sandbox: Sandbox, settings: Any, db: None) -> MarketApplication:
    """Docket in the Market, its id and secret in our environment."""
    found = MarketApplication(
        "app.docket.market",
        "m" * 50,
        "Docket",
        f"{BASE}/",
        f"{BASE}/install/",
        ["crm", "placement"],
    )
    settings.MARKET_CLIENT_ID, settings.MARKET_CLIENT_SECRET = found.client_id, found.client_secret
    sandbox.state.market = found
    return found


def test_dmitri_installs_from_the_market(sandbox: Sandbox, market: MarketApplication) -> None:
    lindner = sandbox.portal_two
    app = applications.install_from_market(sandbox.state, lindner)
    assert not Portal.objects.exists()
    frame = people.open_application(sandbox, lindner, app, DMITRI)
    assert frame.page.status_code == 200, text(frame.page)
    portal = Portal.objects.get()
    assert (portal.address, portal.member_id) == (lindner.origin, lindner.member_id)
    assert portal.state == Portal.State.REGISTERED
    frame.base = f"/p/{portal.key}/install/"
    assert press_install(frame) == [200] * 5
    applications.finish_installation(sandbox.state, lindner, app.client_id)
    assert {one.handler for one in lindner.placements} == {install.address(portal, "deal/")}
    start = people.open_application(sandbox, lindner, app, DMITRI)
    assert "Complete" in text(start.page)
    tab = people.open_tab(sandbox, lindner, app, DMITRI, next(iter(lindner.deals)))
    assert tab.page.status_code == 200
    portal.refresh_from_db()
    assert portal.local_client_id == ""
    assert portal.client_secret == market.client_secret
    assert market.client_secret.encode() not in bytes(portal.local_secret)


def test_two_portals_from_the_market_stay_apart(
    sandbox: Sandbox, market: MarketApplication
) -> None:
    for portal in (sandbox.portal_one, sandbox.portal_two):
        app = applications.install_from_market(sandbox.state, portal)
        people.open_application(sandbox, portal, app, ANNA)
    rows = Portal.objects.order_by("pk")
    assert [row.address for row in rows] == [sandbox.portal_one.origin, sandbox.portal_two.origin]
    assert len({row.key for row in rows}) == 2


def test_no_row_appears_for_a_stranger(sandbox: Sandbox, market: MarketApplication) -> None:
    """Not for a wrong token, another application, a page that is not the install page, or Boris."""
    nordwerk = sandbox.portal_one
    app = applications.install_from_market(sandbox.state, nordwerk)
    address, fields = applications.launch_fields(sandbox.state, nordwerk, app, nordwerk.users[ANNA])
    other = applications.register(
        sandbox.state, nordwerk, name="Other", handler_url=f"{BASE}/", install_url=address
    )
    token = sandbox.state.issue_tokens(nordwerk, other, ANNA)
    frames = [
        Frame(address, fields | {"AUTH_ID": "0" * 70}),
        Frame(address, fields | {"AUTH_ID": token.access}),
        Frame(address.replace("/install/", "/"), fields),
        Frame(address.replace("/install/", "/p/nobody/install/"), fields),
        people.open_application(sandbox, nordwerk, app, BORIS),
    ]
    assert [frame.page.status_code for frame in frames] == [403] * 5
    assert not any(frame.token for frame in frames)
    assert not Portal.objects.exists()
    assert not FrameSession.objects.exists()


def test_without_an_application_in_the_market_nobody_installs_by_himself(
    sandbox: Sandbox, market: MarketApplication, settings: Any
) -> None:
    settings.MARKET_CLIENT_ID = settings.MARKET_CLIENT_SECRET = ""
    app = applications.install_from_market(sandbox.state, sandbox.portal_two)
    frame = people.open_application(sandbox, sandbox.portal_two, app, DMITRI)
    assert frame.page.status_code == 403
    assert not Portal.objects.exists()


def test_a_local_registration_is_not_taken_over_by_the_market(
    sandbox: Sandbox, docket: Application, market: MarketApplication
) -> None:
    before = Portal.objects.values().get()
    app = applications.install_from_market(sandbox.state, sandbox.portal_one)
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    assert frame.page.status_code == 403
    assert Portal.objects.values().get() == before


def test_a_get_at_the_markets_addresses_is_no_error(
    sandbox: Sandbox, client: Any, db: None
) -> None:
    for path in ("/", "/install/"):
        assert client.get(path).status_code in {400, 405}
