"""Versions of documents: made here, changed elsewhere, heard of late, twice or never."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests
from django.test import Client
from django.utils import timezone

from b24app import tasks
from b24app.documents import archive, capture, snapshots
from b24app.inbox import reconcile
from b24app.models import (
    CaptureOrder,
    HistoryEntry,
    InboundEvent,
    IssuedDocument,
    Portal,
    PortalSettings,
    ReconcileCursor,
    Snapshot,
    SnapshotFile,
    TokenChain,
)
from b24app.portals import preferences
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, Form, made, open_form, text
from tests.integration.test_events import form_of, post
from tests.people import ANNA, BORIS, CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

LIST = "crm.documentgenerator.document.list"
GET = "crm.documentgenerator.document.get"
EDITOR = "/bitrix/components/bitrix/crm.document.view/edit.php?documentId={}"
Edit = Callable[..., None]


@pytest.fixture
def native(sandbox: Sandbox, later: Later) -> Edit:
    """`native(163, Title="Other")`: Anna edits in Bitrix24's own page, a minute later."""

    def edit(document_id: int, user_id: int = ANNA, **values: str) -> None:
        later(seconds=60)
        with requests.Session() as browser:
            browser.trust_env = False
            browser.post(f"{sandbox.url}/auth/", data={"user": str(user_id)}, timeout=10)
            path = EDITOR.format(document_id)
            fields = {f"values[{code}]": value for code, value in values.items()}
            answer = browser.post(f"{sandbox.url}{path}", fields, timeout=10)
            assert answer.status_code == 200, answer.text

    return edit


def deliver_all(sandbox: Sandbox, portal: Portal) -> None:
    """Hands on every event that the sandbox has sent, and lets the worker act on them."""
    assert sandbox.drain()
    assert sandbox.state.delivery is not None
    attempts, sandbox.state.delivery.attempts = sandbox.state.delivery.attempts, []
    for attempt in attempts:
        assert post(portal, attempt.body).status_code == 200
    work(portal)


def work(portal: Portal) -> None:
    """What the worker does with the events that are stored and the versions that are due."""
    for event_id in InboundEvent.objects.filter(handled_at=None).values_list("pk", flat=True):
        tasks.handle_event.call_local(event_id)
    capture.capture(portal.pk)


def versions_of(document_id: int) -> list[tuple[int, bool, int | None]]:
    """Number, made in Docket, by whom."""
    rows = Snapshot.objects.filter(document_id=document_id).order_by("version")
    return [(row.version, row.here, row.user_id) for row in rows]


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame, portal: Portal) -> int:
    """Boris's offer, its first version read, its own event come and gone."""
    document_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Refit"}))
    capture.capture(portal.pk)
    deliver_all(sandbox, portal)
    sandbox.state.record.clear()
    return document_id


# What is kept of a version


def test_what_boris_made_is_the_first_version(document_id: int, portal: Portal) -> None:
    snapshot = snapshots.newest(portal, document_id)
    assert snapshot is not None
    assert versions_of(document_id) == [(1, True, BORIS)]
    assert (snapshot.is_first, snapshot.gap, len(snapshot.file_hash)) == (True, False, 64)
    fields = {field["code"]: field for field in snapshot.content["fields"]}
    assert fields["DocumentTitle"]["value"] == "Refit"
    assert fields["ClientName"]["group"] == ["Document", "Deal"]
    assert fields["MY_COMPANY"]["shown"] == "Nordwerk Innenausbau GmbH"
    assert snapshot.content["rows"][1]["quantity"] == "210"
    assert snapshot.content["document"]["number"].startswith("2026-")
    assert {file.kind for file in snapshot.files.all()} == {"docx", "pdf"}
    assert not CaptureOrder.objects.exists()


def test_generating_costs_the_person_no_request_more(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    form.send()
    assert len(list(sandbox.state.record)) == 1
    sandbox.state.record.clear()
    capture.capture(portal.pk)
    assert len(list(sandbox.state.record)) == 3, "one batch, two files"
    assert sandbox.state.record.executed("crm.documentgenerator.document.getfields") == 1
    assert sandbox.state.record.executed(GET) == 0, "that would start conversions"


def test_the_version_is_read_with_the_token_of_who_made_it(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    """Boris may not read clients, so the document has none; nor has what we keep of it."""
    sandbox.portal_one.users[BORIS].reads_clients = False
    made(open_form(boris, OFFER).send())
    capture.capture(portal.pk)
    snapshot = Snapshot.objects.get()
    fields = {field["code"]: field for field in snapshot.content["fields"]}
    assert not fields["ContactFormattedName"]["value"]


def test_where_his_token_has_died_the_installations_reads(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    document_id = made(open_form(boris, OFFER).send())
    TokenChain.objects.filter(user_id=BORIS).update(dead=True)
    capture.capture(portal.pk)
    assert versions_of(document_id) == [(1, True, BORIS)]


def test_nothing_is_readable_in_the_database(document_id: int) -> None:
    snapshot = Snapshot.objects.get()
    assert b"Lindner" not in bytes(snapshot.content_sealed)
    assert all(not bytes(file.body_sealed).startswith(b"PK") for file in SnapshotFile.objects.all())


# Changes made elsewhere


def test_an_edit_in_bitrix24_appears_by_its_event(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    native(document_id, UfCrmPaymentTerms="40 % on order, 60 % on acceptance, 14 days net.")
    deliver_all(sandbox, portal)
    assert versions_of(document_id) == [(1, True, BORIS), (2, False, ANNA)]
    assert not Snapshot.objects.get(version=2).gap
    page = text(boris.get(f"documents/{document_id}/versions/"))
    assert "outside Docket" in page
    assert '<span class="tag">Payment terms</span>' in page
    assert "<del>30</del>" in page
    assert "<ins>40</ins>" in page


@pytest.mark.parametrize("trouble", ["event_duplicates", "event_reversed"])
def test_doubled_and_swapped_events_make_one_version_each(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, trouble: str
) -> None:
    setattr(sandbox.state.options, trouble, True)
    sandbox.state.options.event_delay = 0.2
    native(document_id, Title="One")
    deliver_all(sandbox, portal)
    native(document_id, Title="Two")
    deliver_all(sandbox, portal)
    work(portal)
    assert [number for number, _here, _who in versions_of(document_id)] == [1, 2, 3]


def test_a_late_event_of_a_change_that_is_known_costs_nothing(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, later: Later
) -> None:
    native(document_id, Title="One")
    assert sandbox.drain()
    tasks.reconcile_portal.call_local(portal.pk)
    work(portal)
    later(minutes=30)
    deliver_all(sandbox, portal)
    assert [number for number, *_ in versions_of(document_id)] == [1, 2]


def test_two_workers_write_one_version(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit
) -> None:
    native(document_id, Title="One")
    assert sandbox.drain()
    snapshots.heard_of(portal, document_id, 2)
    (mine,) = capture._claim(portal.pk)
    assert capture.capture(portal.pk) is False
    capture._read_with(mine.user_id, [mine])
    assert [number for number, *_ in versions_of(document_id)] == [1, 2]


def test_a_change_that_comes_while_one_is_read_is_read_next(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit
) -> None:
    native(document_id, Title="One")
    snapshots.heard_of(portal, document_id, 2)
    (mine,) = capture._claim(portal.pk)
    native(document_id, Title="Two")
    snapshots.heard_of(portal, document_id, 2)
    capture._read_with(mine.user_id, [mine])
    native(document_id, Title="Three")
    assert CaptureOrder.objects.exists()
    capture.capture(portal.pk)
    titles = [
        next(f["value"] for f in row.content["fields"] if f["code"] == "Title")
        for row in Snapshot.objects.order_by("version")
    ]
    assert titles[-2:] == ["Two", "Three"]
    assert not CaptureOrder.objects.exists()


def test_r14_a_lost_event_is_found_by_the_timer(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, later: Later
) -> None:
    tasks.reconcile_portal.call_local(portal.pk)
    work(portal)
    sandbox.state.options.event_lost = True
    native(document_id, Title="Nobody tells of this")
    deliver_all(sandbox, portal)
    assert len(versions_of(document_id)) == 1
    assert reconcile.due_portals() == []
    later(minutes=5)
    assert reconcile.due_portals() == [portal.pk]
    tasks.reconcile_portal.call_local(portal.pk)
    work(portal)
    assert versions_of(document_id) == [(1, True, BORIS), (2, False, ANNA)]
    assert Snapshot.objects.get(version=2).gap
    record = IssuedDocument.objects.get()
    assert record.look_at is not None


def test_r14_a_lost_event_is_found_by_opening_the_tab(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    sandbox.state.options.event_lost = True
    native(document_id, Title="Nobody tells of this")
    boris.get("")
    sandbox.state.record.clear()
    boris.get("")
    assert len(list(sandbox.state.record)) == 1
    work(portal)
    assert versions_of(document_id)[1:] == [(2, False, ANNA)]


def test_r14_the_timer_reads_on_where_it_stopped(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, later: Later
) -> None:
    """The portal is away for a while; nothing of what happened meanwhile is missed."""
    tasks.reconcile_portal.call_local(portal.pk)
    sandbox.state.options.event_lost = True
    native(document_id, Title="One")
    sandbox.state.faults.add(Fault(LIST, "html", status=502, times=-1))
    later(minutes=5)
    tasks.reconcile_portal.call_local(portal.pk)
    assert ReconcileCursor.objects.get().failures == 1
    later(minutes=5)
    assert reconcile.due_portals() == []
    later(hours=5)
    sandbox.state.faults.clear()
    assert reconcile.due_portals() == [portal.pk]
    tasks.reconcile_portal.call_local(portal.pk)
    work(portal)
    assert [number for number, *_ in versions_of(document_id)] == [1, 2]
    assert ReconcileCursor.objects.get().failures == 0


def test_a_document_made_elsewhere_is_seen_too(
    sandbox: Sandbox, docket: Application, portal: Portal, boris: Frame
) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        browser.post(f"{sandbox.url}/auth/", data={"user": str(ANNA)}, timeout=10)
        menu = f"{sandbox.url}/crm/deal/details/501/documents/"
        browser.post(menu, {"template_id": str(OFFER)}, timeout=10)
    deliver_all(sandbox, portal)
    work(portal)
    snapshot = Snapshot.objects.get()
    assert (snapshot.here, snapshot.user_id, snapshot.is_first) == (False, ANNA, True)
    page = text(boris.get(f"documents/{snapshot.document_id}/versions/"))
    assert "in Bitrix24 itself" in page


def test_documents_from_before_are_read_when_the_tab_shows_them(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 503)
    assert frame.page.status_code == 200
    assert CaptureOrder.objects.count() == 50
    while CaptureOrder.objects.filter(due_at__lte=timezone.now()).exists():
        assert capture.capture(portal.pk)
    assert Snapshot.objects.count() == 50
    sandbox.state.record.clear()
    frame.get("")
    assert not CaptureOrder.objects.filter(due_at__lte=timezone.now()).exists()


def test_our_own_change_that_was_overtaken_is_a_gap(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame, later: Later
) -> None:
    later(seconds=60)
    edit(boris, document_id, Title="By Boris")
    native(document_id, Title="By Anna")
    deliver_all(sandbox, portal)
    assert versions_of(document_id)[1:] == [(2, False, ANNA)]
    assert Snapshot.objects.get(version=2).gap
    assert "A gap" in text(boris.get(f"documents/{document_id}/versions/"))


def edit(frame: Frame, document_id: int, **values: str) -> None:
    form = Form(frame, frame.follow(frame.get(f"documents/{document_id}/edit/")))
    assert made(form.send(values)) == document_id


def test_a_change_whose_event_is_quicker_than_its_answer_stays_ours(
    sandbox: Sandbox, portal: Portal, boris: Frame, later: Later
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault("crm.documentgenerator.document.add", "cut", after=True))
    form.send()
    deliver_all(sandbox, portal)
    assert Snapshot.objects.get().version == 1
    later(seconds=6)
    tasks.settle_intent.call_local(form.intent_id)
    work(portal)
    assert [
        (number, here) for number, here, _ in versions_of(Snapshot.objects.get().document_id)
    ] == [(1, True)]


def test_a_portal_that_is_silent_is_asked_again_later(
    sandbox: Sandbox, portal: Portal, boris: Frame, later: Later
) -> None:
    made(open_form(boris, OFFER).send())
    sandbox.state.faults.add(Fault("batch", "html", status=502, times=-1))
    assert capture.capture(portal.pk)
    assert capture.capture(portal.pk) is False
    sandbox.state.faults.clear()
    later(seconds=31)
    assert capture.due_portals() == [portal.pk]
    capture.capture(portal.pk)
    assert Snapshot.objects.count() == 1


def test_one_that_cannot_be_read_holds_no_other_up(
    sandbox: Sandbox, portal: Portal, boris: Frame, later: Later
) -> None:
    """A forged event named a type of CRM object that the portal does not let anybody list."""
    document_id = made(open_form(boris, OFFER).send())
    TokenChain.objects.filter(user_id=BORIS).update(dead=True)
    snapshots.heard_of(portal, 999_999, 1234)
    capture.capture(portal.pk)
    assert versions_of(document_id) == [(1, True, BORIS)]
    for _ in range(capture.MOST_LOOKS + 1):
        later(hours=2)
        capture.capture(portal.pk)
    assert not CaptureOrder.objects.filter(document_id=999_999).exists()


def test_a_flood_about_unknown_documents_is_cut_off(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    for number in range(snapshots.CROWD + 20):
        form = form_of(sandbox, docket, **{"data[FIELDS][ID]": str(900_000 + number)})
        assert post(portal, form).status_code == 200
    for event_id in InboundEvent.objects.values_list("pk", flat=True):
        tasks.handle_event.call_local(event_id)
    assert CaptureOrder.objects.count() == snapshots.CROWD


def test_the_pdf_is_fetched_when_it_is_there(
    sandbox: Sandbox, portal: Portal, boris: Frame, later: Later
) -> None:
    sandbox.state.options.conversion_delay = 15
    made(open_form(boris, OFFER).send())
    capture.capture(portal.pk)
    assert [file.kind for file in SnapshotFile.objects.all()] == ["docx"]
    later(seconds=21)
    capture.capture(portal.pk)
    assert {file.kind for file in SnapshotFile.objects.all()} == {"docx", "pdf"}
    assert not CaptureOrder.objects.exists()
    assert Snapshot.objects.count() == 1


# What is kept, and for how long


def test_old_files_and_values_go_when_their_time_is_over(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, later: Later
) -> None:
    native(document_id, Title="One")
    deliver_all(sandbox, portal)
    assert archive.counted(portal)["files"] == 4
    later(days=8)
    tasks.tidy.call_local()
    assert archive.counted(portal)["files"] == 0
    assert Snapshot.objects.count() == 2
    later(days=358)
    tasks.tidy.call_local()
    assert [row.version for row in Snapshot.objects.all()] == [2], "what is printed now stays"


def test_where_no_files_are_wanted_none_is_kept(
    sandbox: Sandbox, portal: Portal, boris: Frame
) -> None:
    preferences.of(portal)
    PortalSettings.objects.update(keep_files_days=0)
    made(open_form(boris, OFFER).send())
    capture.capture(portal.pk)
    assert Snapshot.objects.get().file_hash
    assert not SnapshotFile.objects.exists()
    assert not CaptureOrder.objects.exists()


def test_a_deleted_document_keeps_its_story_until_its_time_is_over(
    sandbox: Sandbox, document_id: int, portal: Portal, boris: Frame, later: Later
) -> None:
    assert boris.post(f"documents/{document_id}/delete/").status_code == 302
    deliver_all(sandbox, portal)
    work(portal)
    assert boris.get(f"documents/{document_id}/").status_code == 404
    page = text(boris.get(f"documents/{document_id}/versions/"))
    assert "Boris Hartmann deleted it in Docket" in page
    story = text(boris.get("story/"))
    assert "Refit" in story
    assert "Deleted" in story
    later(days=366)
    tasks.tidy.call_local()
    assert not Snapshot.objects.exists()
    assert not HistoryEntry.objects.exists()


def test_a_deletion_whose_event_was_lost_is_found_by_opening_the_tab(
    sandbox: Sandbox, document_id: int, portal: Portal, boris: Frame
) -> None:
    del sandbox.portal_one.documents[document_id]
    assert "The story of documents that were deleted" in text(boris.get(""))
    work(portal)
    assert HistoryEntry.objects.get().kind == "deleted"
    assert HistoryEntry.objects.get().user_id is None
    assert "outside Docket" in text(boris.get(f"documents/{document_id}/versions/"))


def test_the_story_tells_of_links(document_id: int, boris: Frame) -> None:
    boris.post(f"documents/{document_id}/link/", {"on": "1"})
    page = text(boris.get(f"documents/{document_id}/versions/"))
    assert "Link on" in page
    boris.post(f"documents/{document_id}/link/", {"on": "0"})
    story = text(boris.get(f"documents/{document_id}/story/"))
    assert story.index("Made") < story.index("Public link switched on")
    assert story.index("switched on") < story.index("switched off")


def test_uninstalled_and_installed_again_the_versions_go_on(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, docket: Application
) -> None:
    tasks.reconcile_portal.call_local(portal.pk)
    Portal.objects.update(state=Portal.State.LEAVING)
    assert reconcile.due_portals() == []
    assert reconcile.reconcile(portal.pk) is False
    sandbox.state.options.event_lost = True
    native(document_id, Title="While it was away")
    Portal.objects.update(state=Portal.State.INSTALLED)
    ReconcileCursor.objects.update(due_at=timezone.now())
    tasks.reconcile_portal.call_local(portal.pk)
    work(portal)
    assert [number for number, *_ in versions_of(document_id)] == [1, 2]


# Who sees it


def test_clara_sees_nothing_of_it(sandbox: Sandbox, docket: Application, document_id: int) -> None:
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    for path in (f"documents/{document_id}/versions/", f"documents/{document_id}/story/", "story/"):
        answer = clara.get(path)
        assert answer.status_code == 403
        assert "Refit" not in text(answer)
    ticket = clara.post(f"documents/{document_id}/versions/1/docx-ticket/")
    assert ticket.status_code == 403


def test_who_may_not_see_documents_sees_no_versions(
    sandbox: Sandbox, document_id: int, boris: Frame
) -> None:
    """Boris may still read the deal."""
    user = sandbox.portal_one.users[BORIS]
    user.documents_view = user.documents_modify = False
    for path in (f"documents/{document_id}/versions/", f"documents/{document_id}/story/", "story/"):
        answer = boris.get(path)
        assert answer.status_code in {403, 409}
        assert "Refit" not in text(answer)
    assert boris.post("story/table/").status_code in {403, 409}


def test_from_another_deal_the_versions_are_not_reached(
    sandbox: Sandbox, docket: Application, document_id: int
) -> None:
    other = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 503)
    assert other.get(f"documents/{document_id}/versions/").status_code == 404
    assert other.post(f"documents/{document_id}/versions/1/docx-ticket/").status_code == 404
    assert "Refit" not in text(other.get("story/"))


def test_dmitri_finds_nothing(
    sandbox: Sandbox, docket: Application, document_id: int, boris: Frame
) -> None:
    app = people.install(sandbox, sandbox.portal_two)
    dmitri = people.open_tab(sandbox, sandbox.portal_two, app, 1, 501)
    for path in (f"documents/{document_id}/versions/", f"documents/{document_id}/story/", "story/"):
        assert dmitri.get(f"{boris.base}{path}").status_code == 404
        assert "Refit" not in text(dmitri.get(path))


# Files and pages


def test_an_old_file_is_opened_once(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    native(document_id, Title="A new name")
    deliver_all(sandbox, portal)
    bodies = {}
    for number in (1, 2):
        path = f"documents/{document_id}/versions/{number}/docx-ticket/"
        address = boris.post(path).json()["address"]
        answer = Client().get(address)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert f"({number}).docx" in answer.headers["Content-Disposition"]
        bodies[number] = answer.content
        assert Client().get(address).status_code == 410
    assert bodies[1] != bodies[2]
    pdf = boris.post(f"documents/{document_id}/versions/1/pdf-ticket/").json()["address"]
    assert Client().get(pdf).content.startswith(b"%PDF")
    assert boris.post(f"documents/{document_id}/versions/9/pdf-ticket/").status_code == 410
    assert boris.post(f"documents/{document_id}/versions/1/csv-ticket/").status_code == 410


def test_two_are_ticked_and_the_address_says_which(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    for title in ("One", "Two"):
        native(document_id, Title=title)
        deliver_all(sandbox, portal)
    path = f"documents/{document_id}/versions/"
    assert "Version 2 to version 3" in text(boris.get(path))
    assert "Version 1 to version 3" in text(boris.get(f"{path}?v=3&v=1"))
    assert "Tick a second version" in text(boris.get(f"{path}?v=1"))
    headers = {**boris._headers("page"), "HX-Trigger": "v-2"}
    answer = boris.client.get(boris._url(f"{path}?v=3&v=2&v=1"), headers=headers)
    assert "Version 2 to version 3" in text(answer)
    assert answer.headers["HX-Push-Url"].endswith("?v=3&v=2")
    for odd in ("?v=x&v=-1", "?v=99&v=98", "?top=0", "?top=abc", "?v=1&v=1"):
        assert boris.get(f"{path}{odd}").status_code == 200


def test_the_page_waits_for_a_version_that_is_being_read(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    sandbox.state.options.event_lost = True
    native(document_id, Title="One")
    path = f"documents/{document_id}/versions/"
    assert "Docket is reading it now" in text(boris.get(path))
    sandbox.state.record.clear()
    assert boris.get(f"{path}?after=1").status_code == 204
    assert list(sandbox.state.record) == []
    work(portal)
    page = text(boris.get(f"{path}?after=1"))
    assert "Version 1 to version 2" in page
    assert "Docket is reading it now" not in page


def test_more_versions_than_a_page_has(document_id: int, portal: Portal, boris: Frame) -> None:
    first = Snapshot.objects.get()
    for number in range(2, 46):
        row = Snapshot(
            portal=portal, document_id=document_id, entity_type_id=2, entity_id=501,
            version=number, updated_at=first.updated_at, file_id=first.file_id,
            captured_at=first.captured_at, user_id=ANNA,
        )  # fmt: skip
        row.content = first.content
        row.save()
    path = f"documents/{document_id}/versions/"
    seen: list[str] = []
    for top in ("", "?top=25", "?top=5"):
        page = text(boris.get(f"{path}{top}"))
        seen += re.findall(r'id="version-(\d+)"', page)
        assert ("Older versions" in page) == (top != "?top=5")
    assert seen == [str(number) for number in range(45, 0, -1)]


def test_the_table_of_a_story_is_downloaded(
    sandbox: Sandbox, document_id: int, portal: Portal, native: Edit, boris: Frame
) -> None:
    native(document_id, Title="=HYPERLINK(1)", DocumentTitle='Refit "x"/../é')
    deliver_all(sandbox, portal)
    for path in ("story/table/", f"documents/{document_id}/story/table/"):
        answer = Client().get(boris.post(path).json()["address"])
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        lines = answer.content.decode("utf-8-sig").split("\r\n")
        assert len(lines) == 4
        assert "Boris Hartmann" in lines[1]
        assert "→ =HYPERLINK(1)" in lines[2], "in the middle of a cell it is a text"
        today = timezone.localdate().isoformat()
        empty = boris.post(f"{path}?to=2020-01-01").json()["address"]
        assert len(Client().get(empty).content.splitlines()) == 1
        whole = boris.post(f"{path}?from={today}&to={today}").json()["address"]
        assert len(Client().get(whole).content.splitlines()) == 3
    assert boris.post("story/table/?from=soon").status_code == 404


# The portal's settings


def application(sandbox: Sandbox, app: Application, user_id: int) -> Frame:
    return people.open_application(sandbox, sandbox.portal_one, app, user_id)


def test_anna_decides_how_long_versions_are_kept(
    sandbox: Sandbox, docket: Application, document_id: int, portal: Portal
) -> None:
    anna = application(sandbox, docket, ANNA)
    page = text(anna.get("console/settings/"))
    assert "1 version kept" in page
    assert "2 files" in page
    path = f"/p/{portal.key}/console/settings/versions/"
    typed = {"keep_files_days": "30", "keep_values_days": "90", "link_days": "1", "portal": "9"}
    assert "Saved" in text(anna.post(path, typed))
    settings = PortalSettings.objects.get()
    assert (settings.keep_files_days, settings.keep_values_days) == (30, 90)
    assert settings.link_days is None
    for wrong in ("", "-1", "x", "1e3", "9999999", "٣", "3651"):
        answer = anna.post(path, {"keep_files_days": wrong, "keep_values_days": "90"})
        assert "Type a whole number of days from 0 to 3650" in text(answer)
        assert f'value="{wrong[:10]}"' in text(answer)
    least = anna.post(path, {"keep_files_days": "0", "keep_values_days": "0"})
    assert "Type a whole number of days from 1 to 3650" in text(least)
    settings.refresh_from_db()
    assert settings.keep_files_days == 30


def test_s27_boris_decides_nothing_and_downloads_no_story_of_the_portal(
    sandbox: Sandbox, docket: Application, portal: Portal, later: Later
) -> None:
    boris = application(sandbox, docket, BORIS)
    assert "Keep old values" not in text(boris.page)
    path = f"/p/{portal.key}/console/settings/versions/"
    typed = {"keep_files_days": "0", "keep_values_days": "1"}
    assert boris.post(path, typed).status_code == 403
    assert boris.post(f"/p/{portal.key}/story/").status_code == 403
    anna = application(sandbox, docket, ANNA)
    assert anna.post(f"/p/{portal.key}/story/").status_code == 200
    sandbox.portal_one.users[ANNA].is_admin = False
    later(minutes=11)
    assert anna.post(path, typed).status_code == 403
    assert not PortalSettings.objects.filter(keep_values_days=1).exists()


def test_the_story_of_the_portal_is_one_table(
    sandbox: Sandbox, docket: Application, document_id: int, portal: Portal
) -> None:
    anna = application(sandbox, docket, ANNA)
    address = anna.post(f"/p/{portal.key}/story/").json()["address"]
    assert b"Refit" in Client().get(address).content
    address = anna.post(f"/p/{portal.key}/story/").json()["address"]
    Portal.objects.get().people.update(is_admin=False)
    assert Client().get(address).status_code == 403
