"""Public links: they end when they were said to, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone

from b24app import tasks
from b24app.bitrix.documentgenerator import get_document
from b24app.documents import link_guard, links
from b24app.models import HistoryEntry, Person, Portal, PortalSettings, PublicLink
from b24app.portals.clients import installation
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import ACT, CONTRACT, OFFER, made, open_form, text
from tests.people import ANNA, BORIS, CLARA, DMITRI, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

SWITCH = "crm.documentgenerator.document.enablepublicurl"
GET = "crm.documentgenerator.document.get"


def work() -> None:
    """What the worker does when its minute comes."""
    for portal_id in link_guard.due_portals():
        tasks.guard_links.call_local(portal_id)


def make(boris: Frame, template: int = OFFER, title: str = "Offer for the refit") -> int:
    return made(open_form(boris, template).send({"DocumentTitle": title}))


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame) -> int:
    """Boris's offer in deal 501, its PDF there."""
    number = make(boris)
    boris.get(f"documents/{number}/")
    sandbox.state.record.clear()
    return number


def switch(frame: Frame, document_id: int, *, on: bool = True, **chosen: str) -> Any:
    data = {"on": "1" if on else "0", **chosen}
    return frame.post(f"documents/{document_id}/link/", data, target="link")


def address(sandbox: Sandbox, document_id: int) -> str:
    document = sandbox.portal_one.documents[document_id]
    return f"{sandbox.portal_one.origin}/~{document.public_short}"


def opens(url: str) -> bool:
    return requests.get(url, timeout=10).status_code == 200


def told(sandbox: Sandbox, document_id: int) -> str | None:
    """What makes document.get answer `publicUrl`."""
    return sandbox.portal_one.documents[document_id].public_hash


def public_url(portal: Portal, document_id: int) -> str | None:
    """What document.get answers of the link."""
    return installation(portal).run(get_document(document_id)).public_url


def count(sandbox: Sandbox, method: str) -> int:
    return sandbox.state.record.executed(method)


# On, and what the panel says


def test_on_offers_an_end_and_keeps_it(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    page = text(boris.get(f"documents/{document_id}/"))
    for offered in ("after 7 days", "after 30 days", "after 90 days", "on a date…", "never"):
        assert offered in page
    answer = text(switch(boris, document_id, ends="30"))
    link = PublicLink.objects.get()
    assert link.state == "on"
    assert link.address == address(sandbox, document_id)
    assert timezone.localdate(link.ends_at) == timezone.localdate() + timedelta(days=30)
    assert timezone.localtime(link.ends_at).strftime("%H:%M") == "23:59"
    assert "On until" in answer
    assert "Docket ends the link for you; last checked" in answer
    assert link.address not in str(bytes(link.address_sealed))


def test_what_the_click_costs(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    switch(boris, document_id, ends="7")
    assert (count(sandbox, SWITCH), count(sandbox, GET)) == (1, 1)
    assert len(sandbox.state.record.rest()) == 2  # set, then one batch that reads back


def test_the_usual_end_is_the_portals(boris: Frame, portal: Portal, document_id: int) -> None:
    PortalSettings.objects.update_or_create(portal=portal, defaults={"link_days": 14})
    page = text(boris.get(f"documents/{document_id}/"))
    assert '<option value="14" selected>' in page
    switch(boris, document_id)
    link = PublicLink.objects.get()
    assert timezone.localdate(link.ends_at) == timezone.localdate() + timedelta(days=14)


def test_never_is_said(boris: Frame, document_id: int) -> None:
    answer = text(switch(boris, document_id, ends="never"))
    assert PublicLink.objects.get().ends_at is None
    assert "Nothing ends this link by itself" in answer


@pytest.mark.parametrize(
    ("ends", "date"),
    [
        ("date", ""),
        ("date", "2001-01-01"),
        ("date", "9999-12-31"),
        ("5", ""),
        ("-1", ""),
        ("x", ""),
    ],
)
def test_an_end_that_cannot_be_changes_nothing(
    sandbox: Sandbox, boris: Frame, document_id: int, ends: str, date: str
) -> None:
    answer = switch(boris, document_id, ends=ends, date=date)
    assert answer.status_code == 422
    assert "Choose" in text(answer)
    assert count(sandbox, SWITCH) == 0
    assert not PublicLink.objects.exists()


def test_a_date(boris: Frame, document_id: int) -> None:
    day = timezone.localdate() + timedelta(days=3)
    switch(boris, document_id, ends="date", date=day.isoformat())
    assert timezone.localdate(PublicLink.objects.get().ends_at) == day


# The end comes


def test_a_link_past_its_end_is_off_and_its_page_gone(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    later(days=6)
    work()
    assert opens(url)
    later(days=2)
    assert public_url(portal, document_id) == url
    work()
    assert public_url(portal, document_id) is None
    assert not opens(url)
    link = PublicLink.objects.get()
    assert (link.state, link.off_reason, link.address) == ("off", "time", "")
    entry = HistoryEntry.objects.get(kind="link_off")
    assert entry.user_id is None


def test_the_same_when_the_worker_was_down_at_that_moment(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    """Nobody looked for ten days: the first look ends what is overdue."""
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    later(days=17)
    assert opens(url)  # nobody was there to end it
    work()
    fresh = people.open_tab(sandbox, sandbox.portal_one, _app(sandbox), BORIS, 501)
    page = text(fresh.get(f"documents/{document_id}/"))
    assert not opens(url)
    assert public_url(portal, document_id) is None
    assert "Docket ended the link" in page


def _app(sandbox: Sandbox) -> Application:
    return next(iter(sandbox.portal_one.applications.values()))


def test_a_worker_that_does_not_run_is_loud(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    later(minutes=5)
    assert "Nobody ends" not in text(boris.get(f"documents/{document_id}/"))
    later(minutes=6)
    assert "Nobody ends this link at the moment" in text(boris.get(f"documents/{document_id}/"))
    assert "Nobody ends the link of Offer for the refit" in text(boris.get(""))
    work()
    assert "Nobody ends" not in text(boris.get(""))


def test_a_refusal_is_tried_again_and_said(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    for user in (ANNA, BORIS):
        sandbox.portal_one.users[user].documents_modify = False
    sandbox.portal_one.users[ANNA].is_admin = False
    later(days=8)
    work()
    link = PublicLink.objects.get()
    assert (link.state, link.ending, link.tries) == ("on", "time", 1)
    fresh = people.open_tab(sandbox, sandbox.portal_one, _app(sandbox), BORIS, 501)
    page = text(fresh.get(""))
    assert "The link of Offer for the refit did not end." in page
    assert "Docket tries again" in page
    assert "Link did not end" in page
    assert "The link should have ended" in text(fresh.get(f"documents/{document_id}/"))
    before = count(sandbox, SWITCH)
    work()
    assert count(sandbox, SWITCH) == before  # not before its time
    later(minutes=3)
    work()
    assert PublicLink.objects.get().tries == 2
    sandbox.portal_one.users[ANNA].is_admin = True
    later(minutes=3)
    work()
    assert not opens(url)
    assert PublicLink.objects.get().state == "off"


@pytest.mark.parametrize("after", [False, True])
def test_a_portal_that_is_down_at_the_end(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later, after: bool
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    later(days=8)
    for method in (SWITCH, "batch"):
        sandbox.state.faults.add(Fault(method, "cut", after=after, times=-1))
    work()
    link = PublicLink.objects.get()
    assert (link.state, link.ending, link.tries) == ("on", "time", 1)
    assert link.error_code
    sandbox.state.faults.clear()
    later(minutes=30)
    work()
    assert not opens(url)
    assert PublicLink.objects.get().off_reason == "time"


def test_boris_has_left_and_the_installation_ends_his_link(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    portal.chains.filter(user_id=BORIS).delete()
    later(days=8)
    work()
    assert not opens(url)


def test_two_workers_end_a_link_once(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    later(days=8)
    sandbox.state.record.clear()
    first = link_guard._claim(portal)
    assert link_guard._claim(portal) == []
    link_guard._end(portal, first)
    work()
    assert count(sandbox, SWITCH) == 1


def test_a_worker_that_died_in_between_costs_its_lease(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    later(days=8)
    assert link_guard._claim(portal)
    later(minutes=4)
    work()
    assert not opens(url)


def test_a_deleted_document_has_no_link_to_end(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="7")
    del sandbox.portal_one.documents[document_id]
    later(days=8)
    work()
    assert not PublicLink.objects.exists()


# Answers that get lost


def test_the_answer_to_on_is_lost_and_what_is_true_is_shown(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    sandbox.state.faults.add(Fault(SWITCH, "cut", after=True, times=-1))
    answer = text(switch(boris, document_id, ends="7"))
    assert address(sandbox, document_id) in answer
    assert PublicLink.objects.get().ends_at is not None


def test_nobody_can_tell_and_the_worker_finds_out(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(SWITCH, "cut", after=True, times=-1))
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    answer = text(switch(boris, document_id, ends="7"))
    assert "Finding out" in answer
    assert 'hx-trigger="every 5s"' in answer
    sandbox.state.faults.clear()
    later(seconds=61)
    work()
    link = PublicLink.objects.get()
    assert (link.state, link.user_id) == ("on", BORIS)
    assert link.ends_at is not None
    assert address(sandbox, document_id) in text(boris.get(f"documents/{document_id}/link/"))
    later(days=8)
    work()
    assert sandbox.portal_one.documents[document_id].public_hash is None


def test_a_portal_that_is_back_is_asked_at_once(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(SWITCH, "cut", after=True, times=-1))
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    switch(boris, document_id, ends="7")
    PublicLink.objects.update(due_at=timezone.now() + timedelta(hours=1), tries=3)
    sandbox.state.faults.clear()
    later(minutes=1)
    tasks.knock.call_local(portal.pk)
    work()
    assert PublicLink.objects.get().state == "on"


def test_a_link_that_did_not_go_on_is_off_again(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(SWITCH, "cut", times=-1))
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    switch(boris, document_id, ends="7")
    sandbox.state.faults.clear()
    later(seconds=61)
    work()
    assert PublicLink.objects.get().state == "off"
    assert not HistoryEntry.objects.exists()


@pytest.mark.parametrize("after", [False, True])
def test_off_is_gone_on_with_until_it_is_off(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later, after: bool
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    sandbox.state.faults.add(Fault(SWITCH, "cut", after=after, times=-1))
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    answer = text(switch(boris, document_id, on=False))
    assert "being switched off" in answer
    sandbox.state.faults.clear()
    later(seconds=61)
    work()
    assert not opens(url)
    link = PublicLink.objects.get()
    assert (link.state, link.off_reason, link.off_by) == ("off", "person", BORIS)


def test_what_a_person_may_not_do_the_worker_does_not_do_for_him(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="90")
    url = address(sandbox, document_id)
    sandbox.state.faults.add(Fault(SWITCH, "cut", times=-1))
    sandbox.state.faults.add(Fault("batch", "cut", times=-1))
    switch(boris, document_id, on=False)
    sandbox.state.faults.clear()
    sandbox.portal_one.users[BORIS].documents_modify = False
    later(seconds=61)
    work()
    assert opens(url)
    link = PublicLink.objects.get()
    assert (link.state, link.ending) == ("on", "")
    assert "Bitrix24 did not switch the link off" in text(
        boris.get(f"documents/{document_id}/link/")
    )


def test_a_refusal_leaves_everything_as_it_was(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    sandbox.portal_one.users[BORIS].documents_modify = False
    answer = switch(boris, document_id, ends="7")
    assert answer.status_code in {403, 409}
    link = PublicLink.objects.get()
    assert (link.state, link.busy_until, link.due_at) == ("off", None, None)


def test_two_people_at_once(
    sandbox: Sandbox, boris: Frame, anna: Frame, portal: Portal, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    held = PublicLink.objects.get()
    PublicLink.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    answer = switch(anna, document_id, on=False)
    assert answer.status_code == 409
    assert "Somebody is switching this link right now" in text(answer)
    assert told(sandbox, document_id)
    PublicLink.objects.update(busy_until=None)
    assert switch(anna, document_id, on=False).status_code == 200
    assert held.address not in text(boris.get(f"documents/{document_id}/"))


def test_who_presses_on_second_changes_nothing(
    sandbox: Sandbox, boris: Frame, anna: Frame, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    url, before = address(sandbox, document_id), PublicLink.objects.get()
    switch(anna, document_id, ends="never")
    link = PublicLink.objects.get()
    assert address(sandbox, document_id) == url
    assert (link.user_id, link.ends_at) == (BORIS, before.ends_at)


# Another address, another end


def test_a_new_address(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    switch(boris, document_id, ends="30")
    old, before = address(sandbox, document_id), PublicLink.objects.get()
    asked = text(boris.get(f"documents/{document_id}/link/new/", target="link"))
    assert "stops working at once" in asked
    assert opens(old)
    answer = text(boris.post(f"documents/{document_id}/link/new/", target="link"))
    new = address(sandbox, document_id)
    assert new != old
    assert not opens(old)
    assert opens(new)
    assert new in answer
    assert "The old one leads nowhere any more" in answer
    assert PublicLink.objects.get().ends_at == before.ends_at


def test_a_new_address_that_was_not_made_is_said(
    sandbox: Sandbox, boris: Frame, document_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """His right goes between off and on."""
    switch(boris, document_id, ends="30")
    old = address(sandbox, document_id)
    real = links.on

    def refused(*given: Any) -> PublicLink:
        sandbox.portal_one.users[BORIS].documents_modify = False
        return real(*given)

    monkeypatch.setattr(links, "on", refused)
    answer = text(boris.post(f"documents/{document_id}/link/new/", target="link"))
    assert not opens(old)
    assert "Bitrix24 made no new address" in answer
    assert PublicLink.objects.get().state == "off"


def test_another_end(sandbox: Sandbox, boris: Frame, document_id: int, later: Later) -> None:
    switch(boris, document_id, ends="7")
    url, before = address(sandbox, document_id), PublicLink.objects.get()
    answer = boris.post(f"documents/{document_id}/link/end/", {"ends": "90"}, target="link")
    assert "Saved" in text(answer)
    link = PublicLink.objects.get()
    assert timezone.localdate(link.ends_at) == timezone.localdate() + timedelta(days=90)
    assert (link.on_at, link.sent_at, link.user_id) == (before.on_at, before.sent_at, BORIS)
    later(days=8)
    work()
    assert opens(url)
    later(days=90)
    work()
    assert not opens(url)


def test_a_link_that_is_off_meanwhile_is_not_switched_on_by_another_end(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    document = sandbox.portal_one.documents[document_id]
    document.public_hash = document.public_short = None
    answer = text(boris.post(f"documents/{document_id}/link/end/", {"ends": "90"}, target="link"))
    assert document.public_hash is None
    assert PublicLink.objects.get().state == "off"
    assert "Off" in answer


def test_who_may_not_switch_may_not_change_the_end(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    before = PublicLink.objects.get()
    sandbox.portal_one.users[BORIS].documents_modify = False
    for path, data in (("end/", {"ends": "never"}), ("keep/", {})):
        answer = boris.post(f"documents/{document_id}/link/{path}", data, target="link")
        assert answer.status_code in {403, 409}
    link = PublicLink.objects.get()
    assert (link.ends_at, link.due_at, link.busy_until) == (before.ends_at, before.due_at, None)


def test_the_list_tells_of_an_end_and_keeps_or_lets(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    switch(boris, document_id, ends="date", date=tomorrow.isoformat())
    opens(address(sandbox, document_id))
    boris.get(f"documents/{document_id}/")
    page = text(boris.get(""))
    assert "The link of Offer for the refit ends tomorrow" in page
    assert "The client opened it on" in page
    assert "Shared until" in page
    assert "Opened" in page
    kept = boris.follow(boris.post(f"documents/{document_id}/link/keep/"))
    assert "ends tomorrow" not in text(kept)
    link = PublicLink.objects.get()
    assert timezone.localdate(link.ends_at) == tomorrow + timedelta(days=30)


def test_let_it_end(sandbox: Sandbox, boris: Frame, document_id: int, later: Later) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    switch(boris, document_id, ends="date", date=tomorrow.isoformat())
    page = text(boris.follow(boris.post(f"documents/{document_id}/link/let-end/")))
    assert "ends tomorrow" not in page
    assert "Shared until" in page
    later(days=3)
    work()
    assert told(sandbox, document_id) is None


def test_the_open_tab_still_costs_one_request(
    sandbox: Sandbox, boris: Frame, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    boris.get("")
    sandbox.state.record.clear()
    assert "Shared until" in text(boris.get(""))
    assert len(sandbox.state.record.rest()) == 1


# What the client sees


def test_the_link_shows_another_version_than_was_sent(
    sandbox: Sandbox, boris: Frame, anna: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    tasks.read_versions.call_local(portal.pk)
    boris.get(f"documents/{document_id}/")
    switch(boris, document_id, ends="30")
    opens(address(sandbox, document_id))
    later(minutes=2)
    from tests.integration.pages import Form

    form = Form(boris, boris.follow(boris.get(f"documents/{document_id}/edit/")))
    form.send({"DocumentTitle": "Second version"})
    tasks.read_versions.call_local(portal.pk)
    page = text(boris.get(f"documents/{document_id}/"))
    assert "You sent version 1," in page
    assert "Boris Hartmann sent version 1," in text(anna.get(f"documents/{document_id}/"))
    assert "The same address shows version 2 now." in page
    assert "when version 1 was there" in page
    assert "Sent was 1" in text(boris.get(""))
    assert boris.post(f"documents/{document_id}/link/copied/").status_code == 204
    assert "You sent version" not in text(boris.get(f"documents/{document_id}/"))
    assert "Sent was" not in text(boris.get(""))


def test_a_link_that_was_switched_on_elsewhere_is_learnt(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    document = sandbox.portal_one.documents[document_id]
    document.public_hash, document.public_short = "a" * 32, "abcde"
    assert "Shared" not in text(boris.get(""))
    page = text(boris.get(f"documents/{document_id}/"))
    assert "in Bitrix24; seen here" in page
    assert "Nothing ends this link by itself" in page
    link = PublicLink.objects.get()
    assert (link.user_id, link.ends_at, link.state) == (None, None, "on")
    assert "Shared" in text(boris.get(""))
    document.public_hash, document.public_short = "b" * 32, "other"
    boris.get(f"documents/{document_id}/")
    assert PublicLink.objects.get().address.endswith("/~other")
    document.public_hash = document.public_short = None
    assert "was switched off in Bitrix24" in text(boris.get(f"documents/{document_id}/"))


def test_a_link_is_read_again_by_itself(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="never")
    opens(address(sandbox, document_id))
    work()
    assert PublicLink.objects.get().viewed_at is None
    later(hours=7)
    work()
    assert PublicLink.objects.get().viewed_at is not None
    document = sandbox.portal_one.documents[document_id]
    document.public_hash = document.public_short = None
    later(hours=7)
    work()
    assert PublicLink.objects.get().off_reason == "elsewhere"


# All links of a deal


def test_all_links_off_in_one_go(sandbox: Sandbox, boris: Frame, document_id: int) -> None:
    other, native = make(boris, CONTRACT, "Contract"), make(boris, ACT, "Act")
    for one in (document_id, other):
        switch(boris, one, ends="7")
    document = sandbox.portal_one.documents[native]
    document.public_hash, document.public_short = "a" * 32, "abcde"  # we never heard of this one
    urls = [address(sandbox, one) for one in (document_id, other, native)]
    assert all(map(opens, urls))
    assert "2 public links are on" in text(boris.get(""))
    assert "2 addresses stop working" in text(boris.get("links/?ask", target="links-on"))
    sandbox.state.record.clear()
    page = text(boris.post("links/"))
    assert not any(map(opens, urls))
    assert "All public links are off" in page
    assert "Shared" not in page
    assert len(sandbox.state.record.rest("batch")) == 2  # off, and the list
    assert set(PublicLink.objects.values_list("state", flat=True)) == {"off"}


def test_each_link_that_stays_on_is_named(
    sandbox: Sandbox, boris: Frame, anna: Frame, document_id: int
) -> None:
    other = make(anna, CONTRACT, "Contract of Anna")
    switch(boris, document_id, ends="7")
    switch(anna, other, ends="7")
    sandbox.portal_one.templates[CONTRACT].users = [f"U{ANNA}"]
    page = text(boris.post("links/"))
    assert "The link of Contract of Anna is still on." in page
    assert not sandbox.portal_one.documents[document_id].public_hash
    assert sandbox.portal_one.documents[other].public_hash
    link = PublicLink.objects.get(document_id=other)
    assert (link.state, link.ending, link.busy_until) == ("on", "", None)


@pytest.mark.parametrize("after", [False, True])
def test_all_off_whose_answer_was_lost_is_finished(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later, after: bool
) -> None:
    switch(boris, document_id, ends="7")
    url = address(sandbox, document_id)
    boris.get("")
    sandbox.state.faults.add(Fault("batch", "cut", after=after, times=6))
    boris.post("links/")
    sandbox.state.faults.clear()
    later(seconds=61)
    work()
    assert not opens(url)
    assert PublicLink.objects.get().state == "off"


# Won or lost


@pytest.fixture
def off_when_closed(portal: Portal) -> None:
    PortalSettings.objects.update_or_create(portal=portal, defaults={"links_off_when_closed": True})


@pytest.mark.parametrize("stage", ["WON", "LOSE"])
@pytest.mark.usefixtures("off_when_closed")
def test_links_end_when_their_deal_is_won_or_lost(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later, stage: str
) -> None:
    switch(boris, document_id, ends="never")
    url = address(sandbox, document_id)
    work()
    assert opens(url)
    sandbox.portal_one.deals[501].stage_id = stage
    later(minutes=6)
    sandbox.state.record.clear()
    work()
    assert count(sandbox, "crm.item.list") == 1
    assert not opens(url)
    assert "Docket switched the link off when the deal was won or lost" in text(
        boris.get(f"documents/{document_id}/")
    )


@pytest.mark.usefixtures("off_when_closed")
def test_who_switches_on_in_a_closed_deal_means_it(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    sandbox.portal_one.deals[501].stage_id = "WON"
    switch(boris, document_id, ends="never")
    later(minutes=6)
    work()
    assert told(sandbox, document_id)
    sandbox.portal_one.deals[501].stage_id = "NEW"
    later(minutes=6)
    work()
    sandbox.portal_one.deals[501].stage_id = "WON"
    later(minutes=6)
    work()
    assert told(sandbox, document_id) is None


def test_without_the_setting_nobody_asks(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="never")
    sandbox.portal_one.deals[501].stage_id = "WON"
    later(minutes=6)
    sandbox.state.record.clear()
    work()
    assert sandbox.state.record.rest() == []
    assert told(sandbox, document_id)


@pytest.mark.usefixtures("off_when_closed")
def test_many_deals_are_asked_together(
    sandbox: Sandbox, boris: Frame, portal: Portal, document_id: int, later: Later
) -> None:
    switch(boris, document_id, ends="never")
    link = PublicLink.objects.get()
    for number in range(1000, 1120):
        link.pk = None
        link.document_id, link.entity_id = number, number
        link.save()
    later(minutes=6)
    sandbox.state.record.clear()
    work()
    assert len(sandbox.state.record.rest("batch")) == 1
    assert count(sandbox, "crm.item.list") == 3


# Clara, Dmitri


def test_clara_learns_and_changes_nothing(
    sandbox: Sandbox, boris: Frame, docket: Application, document_id: int
) -> None:
    switch(boris, document_id, ends="7")
    link = PublicLink.objects.get()
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    one = f"documents/{document_id}/link/"
    answers = [
        clara.get(one),
        clara.get(f"{one}new/"),
        *(clara.post(one, {"on": on, "ends": "never"}) for on in "01"),
        *(clara.post(f"{one}{p}/") for p in ("end", "new", "keep", "let-end", "off", "copied")),
        clara.get("links/"),
        clara.post("links/"),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert link.address not in text(answer)
    assert told(sandbox, document_id)
    assert PublicLink.objects.get().ends_at == link.ends_at


def test_dmitri_is_in_another_portal(
    sandbox: Sandbox, boris: Frame, document_id: int, later: Later
) -> None:
    """His document has the same id: his worker, his links, his clicks never meet Boris's."""
    switch(boris, document_id, ends="7")
    other = people.install(sandbox, sandbox.portal_two)
    deal = next(iter(sandbox.portal_two.deals))
    dmitri = people.open_tab(sandbox, sandbox.portal_two, other, DMITRI, deal)
    answer = dmitri.post(f"documents/{document_id}/link/", {"on": "0"})
    assert answer.status_code in {200, 404}
    assert told(sandbox, document_id)
    dmitri.post("links/")
    assert told(sandbox, document_id)
    theirs = Portal.objects.get(address=sandbox.portal_two.origin)
    later(days=8)
    tasks.guard_links.call_local(theirs.pk)
    assert told(sandbox, document_id)
    assert Person.objects.filter(portal=theirs).exists()


def test_what_is_off_for_long_is_forgotten(boris: Frame, document_id: int, later: Later) -> None:
    switch(boris, document_id, ends="7")
    switch(boris, document_id, on=False)
    later(days=91)
    tasks.tidy.call_local()
    assert not PublicLink.objects.exists()
