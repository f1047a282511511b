"""An administrator installs Docket: what is added, what is kept, what a second time repairs."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.utils import timezone

from b24app.models import FrameSession, Person, Portal, TokenChain
from b24app.portals import install
from b24app.portals.farewell import leave
from tests import people
from tests.integration.pages import text
from tests.people import ANNA, BORIS, STEPS, Frame, press_install
from tests.sandbox import applications
from tests.sandbox.faults import Fault
from tests.sandbox.rest import placements as placement_codes
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, EventBinding, PlacementBinding


@pytest.fixture
def docket(sandbox: Sandbox, db: None) -> Application:
    """Installed through the pages each time, not put back."""
    return people.install(sandbox, sandbox.portal_one)


def placements(sandbox: Sandbox) -> list[tuple[str, str]]:
    return sorted((one.placement, one.handler) for one in sandbox.portal_one.placements)


def events(sandbox: Sandbox) -> list[tuple[str, str]]:
    return sorted((one.event, one.handler) for one in sandbox.portal_one.event_bindings)


def wanted_placements(portal: Portal) -> list[tuple[str, str]]:
    return sorted((one.code, install.address(portal, "deal/")) for one in install.PLACES)


def wanted_events(portal: Portal) -> list[tuple[str, str]]:
    return sorted((event, install.address(portal, "events/")) for event in install.EVENTS)


def test_anna_installs_and_everything_is_bound_once(sandbox: Sandbox, docket: Application) -> None:
    portal = Portal.objects.get()
    assert portal.state == Portal.State.INSTALLED
    assert portal.member_id == sandbox.portal_one.member_id
    assert portal.scopes == ["crm", "placement"]
    assert placements(sandbox) == wanted_placements(portal)
    assert events(sandbox) == wanted_events(portal)


def test_the_install_page_says_what_is_added_and_binds_nothing_yet(
    sandbox: Sandbox, db: None
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    page = text(frame.page)
    for added in (
        "A tab “Documents” in the deal card",
        "The same tab in the lead card",
        "The same tab in the invoice card",
        "An entry in the Document button’s menu",
        "An entry in the menu of each row of the deal list",
    ):
        assert added in page
    assert "Five event handlers" in page
    assert placements(sandbox) == events(sandbox) == []
    assert Portal.objects.get().state == Portal.State.REGISTERED


def test_the_installers_pair_is_kept_encrypted_and_his_frame_keeps_no_refresh_token(
    sandbox: Sandbox, docket: Application
) -> None:
    kept = TokenChain.objects.get(purpose=TokenChain.Purpose.INSTALLATION)
    frame = TokenChain.objects.get(purpose=TokenChain.Purpose.FRAME)
    given = sandbox.state.tokens[kept.access_token]
    assert (kept.user_id, kept.refresh_token) == (ANNA, given.refresh)
    assert (frame.access_token, frame.refresh_token) == (given.access, "")
    rows = [*TokenChain.objects.values(), *Portal.objects.values()]
    stored = b" ".join(_bytes(value) for row in rows for value in row.values())
    for secret in (given.access, given.refresh, docket.client_secret):
        assert secret.encode() not in stored


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_installing_again_repairs_what_is_missing_and_doubles_nothing(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    nordwerk = sandbox.portal_one
    nordwerk.placements = [one for one in nordwerk.placements if one.placement == install.TAB.code]
    nordwerk.event_bindings = nordwerk.event_bindings[2:]
    frame = people.open_application(sandbox, nordwerk, docket, ANNA)
    assert "Needs repair" in text(frame.page)
    for step in STEPS:
        assert frame.post(f"install/{step}/", target="install").status_code == 200
    assert placements(sandbox) == wanted_placements(portal)
    assert events(sandbox) == wanted_events(portal)
    sandbox.state.record.clear()
    for step in STEPS:
        frame.post(f"install/{step}/", target="install")
    assert sandbox.state.record.executed("placement.bind") == 0
    assert sandbox.state.record.executed("event.bind") == 0
    assert TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION).count() == 1


def test_the_application_says_where_it_is_missing(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    nordwerk = sandbox.portal_one
    page = text(people.open_application(sandbox, nordwerk, docket, ANNA).page)
    assert "Missing" not in page
    assert "Complete" in page
    nordwerk.placements = [one for one in nordwerk.placements if "LEAD" not in one.placement]
    page = text(people.open_application(sandbox, nordwerk, docket, ANNA).page)
    assert "Missing: The same tab in the lead card" in page
    assert page.count("Missing:") == 1


def test_a_portal_without_invoices_is_installed_without_their_tab_and_is_complete(
    sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [one for one in placement_codes.BY_SCOPE["crm"] if "SMART_INVOICE" not in one]
    monkeypatch.setitem(placement_codes.BY_SCOPE, "crm", known)
    app = people.install(sandbox, sandbox.portal_one)
    bound = {one.placement for one in sandbox.portal_one.placements}
    assert bound == {one.code for one in install.PLACES} - {install.INVOICE.code}
    page = text(people.open_application(sandbox, sandbox.portal_one, app, ANNA).page)
    assert "Complete" in page
    assert "invoice card" not in page


def test_a_handler_of_old_is_replaced(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    nordwerk = sandbox.portal_one
    old = "http://127.0.0.1:8800/p/of-another-year/deal/"
    nordwerk.placements.append(PlacementBinding(docket.client_id, install.TAB.code, old))
    nordwerk.event_bindings.append(
        EventBinding(900, docket.client_id, install.EVENTS[0], "http://127.0.0.1:8800/old/")
    )
    frame = people.open_application(sandbox, nordwerk, docket, ANNA)
    for step in STEPS:
        assert frame.post(f"install/{step}/", target="install").status_code == 200
    assert placements(sandbox) == wanted_placements(portal)
    assert events(sandbox) == wanted_events(portal)


def test_s08_boris_opens_the_install_page_and_nothing_is_written(
    sandbox: Sandbox, db: None
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    before = Portal.objects.values().get()
    frame = people.open_application(sandbox, sandbox.portal_one, app, BORIS)
    assert frame.page.status_code == 403
    assert "Only an administrator can do this" in text(frame.page)
    assert "You are signed in as Boris Hartmann" in text(frame.page)
    assert not frame.token
    assert Portal.objects.values().get() == before
    assert [m.objects.count() for m in (Person, FrameSession, TokenChain)] == [0, 0, 0]


def test_s27_boris_cannot_do_a_step_with_the_frame_of_his_deal(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    before = TokenChain.objects.values().get(purpose=TokenChain.Purpose.INSTALLATION)
    for step in STEPS:
        answer = boris.post(f"/p/{portal.key}/install/{step}/", target="install")
        assert answer.status_code == 403
        assert "Only an administrator can do this" in text(answer)
    assert TokenChain.objects.values().get(purpose=TokenChain.Purpose.INSTALLATION) == before
    assert not sandbox.state.record.executed("placement.bind")


def test_a_missing_scope_is_named(sandbox: Sandbox, db: None) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    app.scopes.remove("placement")
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    answer = frame.post("rights/", target="install")
    assert answer.status_code == 409
    assert "A right is missing: placement" in text(answer)
    assert Portal.objects.get().state == Portal.State.REGISTERED


@pytest.mark.parametrize("silent", ["placement.bind", "event.bind"])
def test_the_portal_is_silent_at_a_step_and_going_on_finishes(
    sandbox: Sandbox, db: None, silent: str
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    sandbox.state.faults.add(Fault(silent, "html", status=502, times=3))
    step = {"placement.bind": "tab", "event.bind": "events"}[silent]
    for name in STEPS[: STEPS.index(step)]:
        frame.post(f"{name}/", target="install")
    stopped = frame.post(f"{step}/", target="install")
    assert "Bitrix24 is not answering" in text(stopped)
    assert "Go on installing" in text(stopped)
    assert press_install(frame) == [200] * 5
    assert placements(sandbox) == wanted_placements(Portal.objects.get())
    assert events(sandbox) == wanted_events(Portal.objects.get())


def test_a_bind_whose_answer_was_lost_is_found_and_not_doubled(sandbox: Sandbox, db: None) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    sandbox.state.faults.add(Fault("placement.bind", "cut", after=True))
    sandbox.state.faults.add(Fault("event.bind", "cut", after=True))
    assert press_install(frame) == [200] * 5
    assert placements(sandbox) == wanted_placements(Portal.objects.get())
    assert events(sandbox) == wanted_events(Portal.objects.get())


def test_nobody_is_let_in_while_the_authorization_server_is_down(
    sandbox: Sandbox, db: None, authorization_server_down: None
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    assert frame.page.status_code == 503
    assert "sign-in service is not answering" in text(frame.page)
    assert not frame.token
    assert FrameSession.objects.count() == 0


def test_docket_is_installed_again_after_it_was_removed(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    leave(portal)
    nordwerk = sandbox.portal_one
    docket.installed = False
    docket.application_token = "f" * 32
    frame = people.open_application(sandbox, nordwerk, docket, ANNA)
    assert press_install(frame) == [200] * 5
    applications.finish_installation(sandbox.state, nordwerk, docket.client_id)
    tab = people.open_tab(sandbox, nordwerk, docket, BORIS, 501)
    assert tab.page.status_code == 200
    portal.refresh_from_db()
    assert portal.state == Portal.State.INSTALLED
    assert portal.installed_at is not None
    assert portal.installed_at <= timezone.now()


def test_a_reinstallation_whose_goodbye_was_never_heard_is_let_in(
    sandbox: Sandbox, docket: Application
) -> None:
    """The event of the removal was lost: the new installation brings a new application token."""
    docket.installed = False
    docket.application_token = "e" * 32
    frame = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    assert frame.page.status_code == 200
    assert press_install(frame) == [200] * 5
    docket.installed = True
    assert people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501).page.status_code == 200


@pytest.mark.django_db
def test_the_install_page_reloaded_before_anything_is_installed(sandbox: Sandbox) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    anna = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    address, fields = applications.launch_fields(
        sandbox.state, sandbox.portal_one, app, sandbox.portal_one.users[ANNA]
    )
    path = anna.base.removesuffix("install/")
    renewed = anna.client.post(
        f"{path}session/?{address.partition('?')[2]}",
        data=urlencode({k: v for k, v in fields.items() if not k.startswith("APPLICATION")}),
        content_type="application/x-www-form-urlencoded",
    )
    anna.token = renewed.json()["token"]
    assert "What is added" in anna.get("").content.decode()
