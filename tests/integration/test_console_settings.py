"""Settings: defaults, the connection and the log."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from b24app.models import Portal as OurPortal
from b24app.models import PortalSettings, RestCall, SecurityEvent
from b24app.portals import roundtrip
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, OFFER, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application


def deliver(sandbox: Sandbox) -> None:
    """What Bitrix24 has sent arrives."""
    assert sandbox.state.delivery is not None
    assert sandbox.drain()
    attempts, sandbox.state.delivery.attempts = sandbox.state.delivery.attempts, []
    for one in attempts:
        path = "/" + one.handler.split("/", 3)[3]
        answer = Client().post(path, one.body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200


def test_all_settings_are_on_one_page(console: Frame) -> None:
    page = text(console.get("console/settings/"))
    for heading in (
        "Installation",
        "Public links",
        "Stamps and signatures",
        "Versions of documents",
        "Activity",
    ):
        assert f">{heading}</h2>" in page
    assert 'aria-current="page">Settings' in page


def test_settings_can_be_decided_while_bitrix24_is_silent(console: Frame, sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault("*", "html", status=502, times=20))
    page = text(console.get("console/settings/"))
    assert "Bitrix24 is not answering" in page
    assert "Stamps and signatures" in page
    assert "Saved" in text(console.post("console/settings/stamps/", {"stamps": "off"}))


# Stamps


@pytest.mark.parametrize(
    ("choice", "with_stamps", "without"),
    [("template", True, False), ("on", True, True), ("off", False, False)],
)
def test_what_new_documents_begin_with(
    console: Frame, boris: Frame, choice: str, with_stamps: bool, without: bool
) -> None:
    """Both templates have a place for stamps; the contract says that they are wanted."""
    assert "Saved" in text(console.post("console/settings/stamps/", {"stamps": choice}))
    assert PortalSettings.objects.get().stamps == choice
    assert ("stamps" in open_form(boris, CONTRACT).inputs) is with_stamps
    assert ("stamps" in open_form(boris, OFFER).inputs) is without


def test_no_choice_is_no_decision(console: Frame) -> None:
    answer = console.post("console/settings/stamps/", {"stamps": "perhaps"})
    assert answer.status_code == 422
    assert "Choose what new documents begin with." in text(answer)
    assert not PortalSettings.objects.filter(stamps="perhaps").exists()


# The connection


def test_an_event_makes_the_round_trip(console: Frame, sandbox: Sandbox, portal: OurPortal) -> None:
    page = text(console.post("console/settings/connection/"))
    assert "Waiting for the event" in page
    again = re.search(r'hx-get="([^"]+)"', page)
    assert again
    deliver(sandbox)
    arrived = text(console.get(again[1]))
    assert "Connected both ways" in arrived
    assert "hx-get" not in arrived
    assert sandbox.state.record.executed("event.test") == 1
    assert "Connected both ways" not in text(
        console.get(re.sub(r"[0-9a-f]{12}/$", "0123456789ab/", again[1]))
    ), "another one's event is not taken for this one"


def test_an_event_that_never_arrives(console: Frame, sandbox: Sandbox, later: Later) -> None:
    sandbox.state.options.event_lost = True
    page = text(console.post("console/settings/connection/"))
    again = re.search(r'hx-get="([^"]+)"', page)
    assert again
    later(seconds=31)
    lost = text(console.get(again[1]))
    assert "No event arrived" in lost
    assert "reachable from the internet by https" in lost
    assert "hx-get" not in lost


def test_a_second_check_binds_nothing_anew(console: Frame, sandbox: Sandbox) -> None:
    for _ in range(2):
        assert console.post("console/settings/connection/").status_code == 200
    tests = [o for o in sandbox.portal_one.event_bindings if o.event == roundtrip.EVENT]
    assert len(tests) == 1
    assert "5 of 5 event handlers are there" in text(console.get("console/settings/"))
    assert console.get("console/settings/connection/x/").status_code == 404


# The log


def test_the_log_is_searched_by_method_person_and_outcome(
    console: Frame, boris: Frame, sandbox: Sandbox, portal: OurPortal
) -> None:
    RestCall.objects.all().delete()
    row: dict[str, Any] = {"portal": portal, "status": 200, "milliseconds": 87}
    RestCall.objects.create(method="crm.item.get", user_id=BORIS, **row)
    RestCall.objects.create(method="placement.get", user_id=ANNA, **row)
    RestCall.objects.create(
        method="crm.item.get", user_id=22, **row | {"status": 403, "error_code": "ACCESS_DENIED"}
    )

    def rows(query: str) -> list[str]:
        page = text(console.get(f"console/settings/activity/?{query}"))
        cells = re.findall(r'<span class="mono">([a-z.]+)</span></td>\s*<td[^>]*>([^<]+)', page)
        return [f"{method} {who}" for method, who in cells]

    assert rows("") == [
        "crm.item.get User 22",
        "placement.get Anna Weiss",
        "crm.item.get Boris Hartmann",
    ]
    assert rows("text=PLACE") == ["placement.get Anna Weiss"]
    assert rows(f"person={BORIS}") == ["crm.item.get Boris Hartmann"]
    assert rows("show=failed") == ["crm.item.get User 22"]
    assert "ACCESS_DENIED" in text(console.get("console/settings/activity/?show=failed"))
    assert rows("text=nothing") == []
    assert len(rows("person=x&before=-3&show=%00")) == 3


def test_the_log_comes_in_pages(console: Frame, portal: OurPortal) -> None:
    RestCall.objects.all().delete()
    for number in range(120):
        RestCall.objects.create(
            portal=portal, user_id=ANNA, method=f"m.n{number}", status=200, milliseconds=1
        )
    seen: list[str] = []
    query = ""
    while True:
        page = text(console.get(f"console/settings/activity/{query}"))
        seen += re.findall(r'class="mono">m\.n(\d+)<', page)
        older = re.search(r"\?before=(\d+)", page)
        if older is None:
            break
        query = older[0]
    assert seen == [str(number) for number in range(119, -1, -1)]


def test_refusals_of_this_portal_alone(console: Frame, sandbox: Sandbox, portal: OurPortal) -> None:
    other = OurPortal.objects.create(address="https://other.example")
    SecurityEvent.objects.create(portal=portal, kind="portal", reason="another's address")
    SecurityEvent.objects.create(portal=other, kind="portal", reason="of somebody else")
    SecurityEvent.objects.create(portal=None, kind="event", reason="not a form")
    page = text(console.get("console/settings/activity/?show=refusals"))
    assert "another's address" in page
    assert "of somebody else" not in page
    assert "not a form" not in page


def test_s27_boris_decides_and_reads_nothing(
    sandbox: Sandbox, docket: Application, portal: OurPortal
) -> None:
    boris = people.open_application(sandbox, sandbox.portal_one, docket, BORIS)
    for path in ("", "activity/"):
        assert boris.get(f"console/settings/{path}").status_code == 403
    for path in ("repair/", "stamps/", "links/", "versions/", "connection/"):
        assert boris.post(f"console/settings/{path}", {"stamps": "off"}).status_code == 403
    assert not PortalSettings.objects.filter(stamps="off").exists()
    assert sandbox.state.record.executed("event.test") == 0
