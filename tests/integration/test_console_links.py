"""Public links of the whole portal in the console: found, narrowed, switched off, given an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone

from b24app.console import jobs
from b24app.console.work import WORK
from b24app.documents import capture
from b24app.models import DriftReport, Job, Portal, PublicLink, Snapshot
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import ACT, CONTRACT, OFFER, made, open_form, text
from tests.people import CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

SWITCH = "crm.documentgenerator.document.enablepublicurl"
GET = "crm.documentgenerator.document.get"
BATCH = "batch"


def make(frame: Frame, template: int, title: str) -> int:
    number = made(open_form(frame, template).send({"DocumentTitle": title}))
    frame.get(f"documents/{number}/")
    return number


def switch_on(frame: Frame, document_id: int, ends: str) -> None:
    answer = frame.post(f"documents/{document_id}/link/", {"on": "1", "ends": ends}, target="link")
    assert answer.status_code == 200


@pytest.fixture
def offer(boris: Frame) -> int:
    """Boris's offer, its link ends in a week."""
    number = make(boris, OFFER, "Offer for the refit")
    switch_on(boris, number, "7")  # in the night after the seventh day
    return number


@pytest.fixture
def contract(boris: Frame) -> int:
    """Boris's contract, its link never ends."""
    number = make(boris, CONTRACT, "Contract of works")
    switch_on(boris, number, "never")
    return number


@pytest.fixture
def both(sandbox: Sandbox, console: Frame, offer: int, contract: int) -> list[int]:
    """Both links are on; what that cost is forgotten."""
    sandbox.state.record.clear()
    return [offer, contract]


def address(sandbox: Sandbox, document_id: int) -> str:
    document = sandbox.portal_one.documents[document_id]
    return f"{sandbox.portal_one.origin}/~{document.public_short}"


def opens(url: str) -> bool:
    return requests.get(url, timeout=10).status_code == 200


def is_on(sandbox: Sandbox, document_id: int) -> bool:
    return sandbox.portal_one.documents[document_id].public_hash is not None


def press(console: Frame, what: str, ids: list[int], **more: str) -> Any:
    chosen: Any = {"d": [str(one) for one in ids], **more}
    return console.post(f"console/links/{what}/", chosen)


def row_of(page: str, document_id: int) -> str:
    return page.partition(f'id="tick-{document_id}"')[2].partition("</tr>")[0]


# What there is


def test_nothing_yet(console: Frame) -> None:
    page = text(console.get("console/links/"))
    assert "No public link is on" in page
    assert "Look for others" in page


def test_each_link_with_who_until_when_and_what_the_client_sees(
    console: Frame, sandbox: Sandbox, portal: Portal, both: list[int]
) -> None:
    capture.capture(portal.pk)
    sandbox.state.record.clear()
    page = text(console.get("console/links/"))
    assert len(sandbox.state.record.rest()) == 1  # how the deals are called
    row = row_of(page, both[0])
    assert "Offer for the refit" in row
    assert sandbox.portal_one.deals[501].title in row
    assert "/crm/deal/details/501/" in row
    assert "Boris" in row
    assert "version 1" in row
    assert "in 7 days" in row
    assert "not yet" in row
    assert "never" in row_of(page, both[1])
    assert "2 on" in page
    assert PublicLink.objects.get(document_id=both[0]).address not in page


def test_opened_and_no_longer_what_was_sent(
    console: Frame, boris: Frame, sandbox: Sandbox, portal: Portal, both: list[int], later: Later
) -> None:
    offer = both[0]
    capture.capture(portal.pk)
    assert opens(address(sandbox, offer))
    later(minutes=5)
    form = boris.follow(boris.get(f"documents/{offer}/edit/"))
    assert form.status_code == 200
    link = PublicLink.objects.get(document_id=offer)
    link.viewed_at = timezone.now()
    link.document_at = link.document_at + timedelta(minutes=1)
    link.save()
    page = text(console.get("console/links/?show=differs"))
    assert "Sent was 1" in row_of(page, offer)
    assert row_of(page, both[1]) == ""
    page = text(console.get("console/links/?show=opened"))
    assert row_of(page, offer)
    assert "Opened 1" in page


def test_differs_from_its_deal(console: Frame, portal: Portal, both: list[int]) -> None:
    capture.capture(portal.pk)
    snapshot = Snapshot.objects.get(document_id=both[1])
    report = DriftReport(
        portal=portal, snapshot=snapshot, checked_at=timezone.now(), user_id=7, found=2
    )
    report.save()
    page = text(console.get("console/links/?show=differs"))
    assert "Differs from deal" in row_of(page, both[1])
    assert row_of(page, both[0]) == ""


def test_filters_and_search(console: Frame, both: list[int]) -> None:
    offer, contract = both
    page = text(console.get("console/links/?show=soon"))
    assert "End this week 1" in page
    assert row_of(page, offer)
    assert row_of(page, contract) == ""
    page = text(console.get("console/links/?show=never"))
    assert row_of(page, contract)
    assert row_of(page, offer) == ""
    assert "Never end 1" in page
    for words in ("refit OFFER", "boris offer", "501 offer"):
        page = text(console.get(f"console/links/?q={words}"))
        assert row_of(page, offer), words
        assert row_of(page, contract) == ""
    page = text(console.get("console/links/?q=nothing+like+it&show=x&start=-7"))
    assert "No link is like that" in page
    page = text(console.get("console/links/?q=<script>"))
    assert "<script>" not in page.replace('value="<script>"', "")


def test_titles_are_missed_where_bitrix24_is_silent(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    sandbox.state.faults.add(Fault(BATCH, "html", times=9))
    page = text(console.get("console/links/"))
    assert "#501" in row_of(page, both[0])


# Off


def test_off_says_before_that_it_cannot_be_undone(console: Frame, both: list[int]) -> None:
    ticked = "&".join(f"d={one}" for one in both)
    bar = text(console.get(f"console/links/bar/?{ticked}", target="bar"))
    assert "Switch 2 links off" in bar
    assert "Change their end" in bar
    bar = text(console.get(f"console/links/bar/?{ticked}&act=off", target="bar"))
    assert "2 addresses stop working at once and cannot be brought back." in bar
    bar = text(console.get("console/links/bar/?act=off", target="bar"))
    assert "Tick links" in bar


def test_off_in_one_request(console: Frame, sandbox: Sandbox, both: list[int]) -> None:
    addresses = [address(sandbox, one) for one in both]
    page = text(press(console, "off", both))
    assert "2 links are off." in page
    assert "No public link is on" in page
    assert not any(is_on(sandbox, one) for one in both)
    assert not any(opens(one) for one in addresses)
    assert sandbox.state.record.executed(SWITCH) == 2
    assert len(sandbox.state.record.rest()) == 1
    assert not PublicLink.objects.exclude(state="off").exists()
    assert {link.off_by for link in PublicLink.objects.all()} == {1}


def test_what_stays_on_is_told_in_its_row(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    PublicLink.objects.filter(document_id=both[1]).update(
        busy_until=timezone.now() + timedelta(minutes=2)
    )
    page = text(press(console, "off", both))
    assert "1 link is off." in page
    assert "1 link is as before:" in page
    assert "Somebody is switching this link right now" in row_of(page, both[1])
    assert "checked" in row_of(page, both[1])
    assert is_on(sandbox, both[1])
    assert not is_on(sandbox, both[0])


def test_a_lost_answer_is_read_back(console: Frame, sandbox: Sandbox, both: list[int]) -> None:
    sandbox.state.faults.add(Fault(BATCH, "cut", after=True, times=3))
    page = text(press(console, "off", both))
    assert "2 links are off." in page
    assert not any(is_on(sandbox, one) for one in both)


def test_another_portals_document_is_nobodys(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    page = text(press(console, "off", [99999]))
    assert "are off" not in page
    assert sandbox.state.record.executed(SWITCH) == 0
    assert all(is_on(sandbox, one) for one in both)


# Another end


def test_another_end_for_all_that_are_ticked(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    before = [address(sandbox, one) for one in both]
    ticked = "&".join(f"d={one}" for one in both)
    bar = text(console.get(f"console/links/bar/?{ticked}&act=end", target="bar"))
    assert "Change the end of 2 links" in bar
    day = timezone.localdate() + timedelta(days=3)
    page = text(press(console, "end", both, ends="date", date=day.isoformat()))
    assert "2 links end" in page
    assert "in 3 days" in row_of(page, both[1])
    ends = {timezone.localdate(link.ends_at) for link in PublicLink.objects.all()}
    assert ends == {day}
    assert [address(sandbox, one) for one in both] == before
    page = text(press(console, "end", both, ends="never"))
    assert "2 links have no end any more." in page


def test_an_end_that_cannot_be_keeps_what_was_chosen(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    answer = press(console, "end", both, ends="date", date="2001-01-01")
    assert answer.status_code == 422
    page = text(answer)
    assert "Choose a day from today on" in page
    assert "2001-01-01" in page
    assert "Change the end of 2 links" in page
    assert "checked" in row_of(page, both[0])
    assert sandbox.state.record.executed(SWITCH) == 0


def test_a_link_that_is_off_meanwhile_stays_off(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    sandbox.portal_one.documents[both[0]].public_hash = None
    page = text(press(console, "end", both, ends="30"))
    assert "1 link ends" in page
    assert "The link is off meanwhile" in page
    assert not is_on(sandbox, both[0])
    assert PublicLink.objects.get(document_id=both[0]).state == "off"


def test_an_end_whose_answer_is_lost_is_read_back(
    console: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    sandbox.state.faults.add(Fault(SWITCH, "cut", after=True, times=3))
    page = text(press(console, "end", both, ends="30"))
    assert "2 links end" in page


# Those switched on elsewhere


def work() -> None:
    for job_id in jobs.due():
        while jobs.run(job_id, WORK) is not None:
            pass


def test_others_are_looked_for_document_by_document(
    console: Frame, anna: Frame, sandbox: Sandbox, both: list[int]
) -> None:
    secret = make(anna, ACT, "Act switched on in Bitrix24")
    document = sandbox.portal_one.documents[secret]
    document.public_hash, document.public_short = "a" * 32, "zz9zz"
    assert "Act switched on" not in text(console.get("console/links/"))
    answer = console.post("console/links/look/")
    assert answer.status_code == 302
    page = text(console.follow(answer))
    assert "Reading" in page
    work()
    job = Job.objects.get()
    assert (job.state, job.kept["found"]) == ("done", 1)
    page = text(console.get("console/links/"))
    row = row_of(page, secret)
    assert "Act switched on in Bitrix24" in row
    assert "In Bitrix24" in row
    assert "1 more link was found among" in page
    assert sandbox.state.record.executed(SWITCH) == 0


def test_looking_makes_bitrix24_convert_nothing(
    console: Frame, anna: Frame, sandbox: Sandbox
) -> None:
    sandbox.state.options.conversion_fails = True
    bare = made(open_form(anna, ACT).send({"DocumentTitle": "Without a PDF"}))
    document = sandbox.portal_one.documents[bare]
    before = document.conversion_attempts
    console.post("console/links/look/")
    work()
    assert document.conversion_attempts == before
    assert Job.objects.get().kept["passed"] >= 1
    assert "passed by" in text(console.get("console/links/"))


def test_only_administrators(sandbox: Sandbox, docket: Application, boris: Frame) -> None:
    clara = people.open_application(sandbox, sandbox.portal_one, docket, CLARA)
    for frame in (clara, boris):
        base = frame.base.split("deal/")[0]
        assert frame.get(f"{base}console/links/").status_code == 403
        assert frame.post(f"{base}console/links/off/", {"d": "1"}).status_code == 403
