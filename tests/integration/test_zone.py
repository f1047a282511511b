"""Times are those of the person's own clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from b24app.models import Person, PublicLink
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.people import BORIS, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def noon(later: Later) -> datetime:
    """The next noon in Greenwich."""
    now = timezone.now()
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    later(seconds=(noon - now).total_seconds())
    return noon


def ask(frame: Frame, path: str, zone: str) -> Any:
    headers = {**frame._headers("page"), "X-Time-Zone": zone}
    return frame.client.get(frame._url(path), headers=headers)


def test_boris_sees_his_own_time_and_the_next_launch_knows_it(
    noon: datetime, sandbox: Sandbox, docket: Application
) -> None:
    boris = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    made(open_form(boris, OFFER).send())
    assert "today 12:0" in text(boris.get(""))
    assert "today 17:3" in text(ask(boris, "", "Asia/Kolkata"))
    again = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert 'data-zone="Asia/Kolkata"' in text(again.page)
    assert "today 17:3" in text(again.page)


def test_a_link_ends_at_the_end_of_his_own_day(
    noon: datetime, sandbox: Sandbox, docket: Application
) -> None:
    boris = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    document_id = made(open_form(boris, OFFER).send())
    ask(boris, "", "America/New_York")
    boris.post(f"documents/{document_id}/link/", {"on": "1", "ends": "7"}, target="link")
    last_day = noon.date() + timedelta(days=7)
    midnight = datetime.combine(last_day, time(23, 59), tzinfo=NEW_YORK)
    assert PublicLink.objects.get().ends_at == midnight


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "Mars/Olympus", "x" * 5000, "utc\t"])
def test_what_is_no_zone_changes_nothing(boris: Frame, zone: str) -> None:
    assert ask(boris, "", zone).status_code == 200
    assert Person.objects.get(user_id=BORIS).time_zone == "UTC"
