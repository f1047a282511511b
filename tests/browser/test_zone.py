"""Anna on a journey: the same documents, told by the clock beside her."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeDesk

pytestmark = pytest.mark.browser
CLOCK = re.compile(r"(\d\d):(\d\d)")


def minutes(text: str) -> int:
    """Since midnight, of the first time in the text."""
    found = CLOCK.search(text)
    assert found, text
    return 60 * int(found[1]) + int(found[2])


def test_times_are_those_of_the_clock_beside_the_browser(desk: MakeDesk) -> None:
    told = []
    for zone in ("Asia/Kolkata", "UTC"):
        anna = desk("Anna", timezone_id=zone)
        frame = anna.open_tab(503)
        anna.inside.wait_for_function(
            "() => !document.querySelector('.htmx-request') && document.querySelector('.doc')"
        )
        anna.reload()
        row = frame.locator(".doc").first
        expect(row).to_contain_text(CLOCK)
        told.append(minutes(row.inner_text()))
    assert (told[0] - told[1]) % 1440 == 330
