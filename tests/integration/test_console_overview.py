"""Anna opens the application: what needs her, and the last thirty days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from b24app.documents import capture, readiness
from b24app.models import (
    DriftReport,
    IssuedDocument,
    Job,
    Portal,
    PublicLink,
    ReconcileCursor,
    Snapshot,
    TokenChain,
)
from b24app.portals import install
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, OFFER, made, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application


@pytest.fixture
def overview(sandbox: Sandbox, docket: Application) -> Any:
    """`overview()`: Anna opens the application's own page; what she reads."""

    def look(user_id: int = ANNA) -> str:
        frame = people.open_application(sandbox, sandbox.portal_one, docket, user_id)
        assert frame.page.status_code == 200, text(frame.page)
        return text(frame.page)

    return look


def convert(sandbox: Sandbox, portal: Portal, later: Later) -> None:
    """The worker looks for what was made, half a minute later."""
    later(seconds=24)
    IssuedDocument.objects.filter(look_at__isnull=False).update(look_at=timezone.now())
    readiness.look(portal.pk)


def test_a_new_portal_teaches_and_needs_nobody(overview: Any) -> None:
    page = overview()
    assert 'id="attention"' not in page
    assert "No documents in the last 30 days" in page
    assert "Complete" in page
    assert "Rights: crm, placement" in page
    assert "right “catalog” not given" in page
    assert 'aria-current="page">Overview' in page


def test_boris_keeps_the_way_to_the_deals(overview: Any) -> None:
    page = overview(BORIS)
    assert "Documents in deals, leads and invoices" in page
    assert "Needs you" not in page
    assert 'class="nav"' not in page


def test_the_numbers_come_from_our_own_rows(
    overview: Any, boris: Frame, sandbox: Sandbox, portal: Portal, later: Later
) -> None:
    for template in (OFFER, OFFER, CONTRACT):
        made(open_form(boris, template).send())
        convert(sandbox, portal, later)
    sandbox.state.record.clear()
    page = overview()
    assert "<b>3</b>" in page
    assert "<b>24 s</b>" in page
    assert "<b>0 %</b>" in page
    assert '<span>Offer</span><svg viewBox="0 0 100 8"' in page
    assert "<span>Boris Hartmann</span>" in page
    today = timezone.localdate()
    assert f"at most 3, on {today.day} {today:%B}." in page
    assert sandbox.state.record.executed("crm.documentgenerator.document.list") == 0
    IssuedDocument.objects.filter(template_id=CONTRACT).update(
        made_at=timezone.now() - timedelta(days=40), template_id=0
    )
    assert "<b>2</b>" in overview()


def test_failed_conversions_are_named_with_their_deal(
    overview: Any, boris: Frame, sandbox: Sandbox, portal: Portal, later: Later
) -> None:
    sandbox.state.options.conversion_fails = True
    made(open_form(boris, OFFER).send({"DocumentTitle": "Refit <b>2</b>"}))
    convert(sandbox, portal, later)
    page = overview()
    assert "1 conversion failed." in page
    assert "From “Offer”." in page
    assert 'data-path="/crm/deal/details/501/"' in page
    assert "PDFs failed on:" in page
    assert "<b>100 %</b>" in page


def test_documents_that_drifted_and_links_that_end(
    overview: Any, boris: Frame, portal: Portal
) -> None:
    document_id = made(open_form(boris, OFFER).send())
    capture.capture(portal.pk)
    report = DriftReport(
        portal=portal,
        snapshot=Snapshot.objects.get(document_id=document_id),
        checked_at=timezone.now(),
        user_id=BORIS,
    )
    report.findings = [{"kind": "amount"}]
    report.save()
    shared = {"portal": portal, "document_id": document_id, "entity_type_id": 2, "entity_id": 501}
    PublicLink.objects.update_or_create(
        document_id=document_id,
        defaults={
            **shared,
            "title": "Offer 7",
            "state": PublicLink.State.ON,
            "ends_at": timezone.now() + timedelta(days=3),
        },
    )
    page = overview()
    assert "1 document differs from the CRM" in page
    assert "1 of them shared" in page
    assert "1 link ends this week." in page
    assert "Offer 7" in page


def test_work_that_stopped_is_told_until_it_is_done_again(overview: Any, portal: Portal) -> None:
    ended = {"user_id": ANNA, "ended_at": timezone.now(), "done": 212}
    Job.objects.create(portal=portal, kind=Job.Kind.AUDIT, state=Job.State.FAILED, **ended)
    Job.objects.create(portal=portal, kind=Job.Kind.LINT, state=Job.State.STOPPED, **ended)
    page = overview()
    assert "The audit of numbers did not come to its end." in page
    assert "The check of all templates was stopped." in page
    Job.objects.create(portal=portal, kind=Job.Kind.AUDIT, state=Job.State.DONE, **ended)
    assert "audit of numbers" not in overview()


def test_repair_mends_in_place(console: Frame, sandbox: Sandbox) -> None:
    nordwerk = sandbox.portal_one
    nordwerk.placements = [o for o in nordwerk.placements if o.placement != people.TAB]
    nordwerk.event_bindings = nordwerk.event_bindings[2:]
    page = text(console.get(""))
    assert "Docket is missing from 1 place in Bitrix24." in page
    assert "3 of 5 event handlers are there." in page
    mended = text(console.post("console/settings/repair/"))
    assert "Docket has added what was missing." in mended
    assert "Needs you" not in mended
    assert {one.code for one in install.PLACES} == {one.placement for one in nordwerk.placements}
    assert len(nordwerk.event_bindings) == 5
    sandbox.state.record.clear()
    console.post("console/settings/repair/")
    assert sandbox.state.record.executed("placement.bind") == 0


def test_a_missing_right_is_named(overview: Any, docket: Application) -> None:
    docket.scopes.remove("placement")
    page = overview()
    assert "A right is missing: placement" in page
    assert "Rights missing: placement" in page
    assert "Docket is missing from" not in page


def test_a_plan_that_has_ended_is_told_and_our_rows_are_shown(
    console: Frame, sandbox: Sandbox
) -> None:
    sandbox.state.options.rest_refusal = "plan"
    page = text(console.get(""))
    assert "plan has ended" in page
    assert "documents, 30 days" in page


def test_background_work_that_is_disconnected_has_reconnect(overview: Any) -> None:
    TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION).update(dead=True)
    page = overview()
    assert "Background work is disconnected." in page
    assert 'data-ticket="/p/' in page


def test_a_worker_that_does_not_run_is_told(overview: Any, portal: Portal, later: Later) -> None:
    ReconcileCursor.objects.create(
        portal=portal, entity_type_id=2, read_to=timezone.now(), due_at=timezone.now()
    )
    assert "worker does not run" not in overview()
    later(minutes=16)
    assert "Docket’s worker does not run." in overview()


def test_clocks_that_differ_are_told(overview: Any, sandbox: Sandbox) -> None:
    sandbox.state.clock.move(95)
    page = overview()
    assert "The clocks of Docket and Bitrix24 are" in page
    assert "seconds apart" in page


def test_while_bitrix24_is_silent_our_own_rows_are_shown(
    console: Frame, boris: Frame, sandbox: Sandbox, later: Later
) -> None:
    made(open_form(boris, OFFER).send())
    sandbox.state.faults.add(Fault("*", "html", status=502, times=20))
    page = text(console.get(""))
    assert "Bitrix24 is not answering" in page
    assert "What Docket knows by itself is shown" in page
    assert "<b>1</b>" in page
    later(minutes=11)
    assert "<b>1</b>" in text(console.get("")), "her role is believed for a while"
    later(minutes=11)
    silent = console.get("")
    assert silent.status_code == 503
    assert "documents, 30 days" not in text(silent)
