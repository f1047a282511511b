"""Anna audits the numbers of her portal: what is wrong is told from what is normal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from b24app.console import audit_job, jobs
from b24app.console.audit import Kind
from b24app.console.work import WORK
from b24app.documents import history
from b24app.models import HistoryEntry, Intent, Job, Portal, Snapshot
from tests.integration.numbered import ACT, OFFER, SERVICE_DEAL, Archive, five_thousand, without
from tests.integration.pages import made, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.seeds.companies import INNENAUSBAU, SERVICE
from tests.sandbox.seeds.numerators import ACTS, INVOICES, OFFERS
from tests.sandbox.server import Sandbox

PATH = "console/numerators/"
YEAR = 2026
MARCH = datetime(YEAR, 3, 2, 9).astimezone()


@pytest.fixture
def archive(sandbox: Sandbox, console: Frame) -> Archive:
    return Archive(sandbox)


def work(portal: Portal) -> Job:
    """The worker does the audit that Anna has started."""
    job = Job.objects.get(portal=portal, state=Job.State.RUNNING)
    while jobs.run(job.pk, WORK) is not None:
        pass
    job.refresh_from_db()
    return job


def audited(console: Frame, portal: Portal, numerator_id: int = 0) -> str:
    """What Anna reads after she has pressed the button and the worker has done it."""
    assert console.post(f"{PATH}audit/").status_code == 302
    assert work(portal).state == Job.State.DONE
    page: str = text(console.get(f"{PATH}{numerator_id}/" if numerator_id else PATH))
    return page


def found(portal: Portal, numerator_id: int) -> list[tuple[str, str, int, int | None, str]]:
    result = audit_job.result(portal)
    assert result is not None
    judged = result.of(numerator_id)
    assert judged is not None
    return [
        (one.kind, one.first, one.count, one.company, one.period) for one in judged.audit.findings
    ]


def test_five_thousand_documents(console: Frame, portal: Portal, sandbox: Sandbox) -> None:
    """A gap, a double, a reset and two own companies, each told apart, in a few requests."""
    five_thousand(sandbox, YEAR)
    assert len(sandbox.portal_one.documents) == 5000
    sandbox.state.record.clear()
    page = audited(console, portal)
    assert found(portal, OFFERS) == [
        (Kind.GAP, "031", 1, INNENAUSBAU, str(YEAR)),
        (Kind.COMPANIES, "001", 999, None, ""),
    ]
    assert found(portal, ACTS) == [(Kind.DOUBLE, "500", 2, None, "")]
    assert found(portal, INVOICES) == [(Kind.RESET, "001", 500, None, "")]
    read = [one for one in sandbox.state.record.rest() if one.user_id == ANNA]
    assert len(read) <= 20
    assert "5000 documents" in page
    assert "031 is missing." in page
    assert "ACT-500" in page
    assert "Normal: own companies with a sequence each" in page
    assert "Nordwerk Service GmbH" in page
    assert "Normal: the sequence began again with a new period." in page
    job = Job.objects.get(portal=portal)
    assert "rows" not in job.kept, "only the findings stay"


def test_nothing_is_wrong(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(OFFER, range(1, 20), MARCH)
    page = audited(console, portal)
    assert "No gap and no double. Numbers and dates run in the same order." in page


def test_what_is_wrong_stands_first(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(OFFER, range(1, 5), MARCH)
    archive.add(ACT, [1, 2, 4], MARCH)
    page = audited(console, portal)
    assert page.index("003 is missing.") < page.index("No gap and no double.")


def test_an_empty_portal(console: Frame, portal: Portal, archive: Archive) -> None:
    assert "The portal has no numbered documents." in audited(console, portal)


def test_each_finding_leads_to_its_deal(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(OFFER, [*range(1, 5), 4], MARCH)
    page = audited(console, portal, OFFERS)
    assert "004 exists 2 times." in page
    assert 'data-path="/crm/deal/details/501/"' in page
    assert f"{YEAR}-004</button>" in page


def test_the_company_chosen_in_the_document_counts(
    console: Frame, portal: Portal, archive: Archive
) -> None:
    """A deal of the works, of which the service company made an offer."""
    archive.add(OFFER, range(1, 4), MARCH)
    document = archive.one(OFFER, 3, MARCH + timedelta(days=1))
    document.values["MY_COMPANY"] = SERVICE
    audited(console, portal)
    kinds = [kind for kind, *_ in found(portal, OFFERS)]
    assert Kind.DOUBLE not in kinds
    assert Kind.COMPANIES in kinds


def test_a_deal_without_a_company_counts_for_the_usual_one(
    console: Frame, portal: Portal, archive: Archive, sandbox: Sandbox
) -> None:
    archive.add(OFFER, [1, 2, 4], MARCH)
    sandbox.portal_one.deals[SERVICE_DEAL].my_company_id = None
    archive.one(OFFER, 3, MARCH + timedelta(minutes=61), SERVICE_DEAL)
    archive.one(OFFER, 5, MARCH + timedelta(days=1), SERVICE_DEAL)
    audited(console, portal)
    assert [kind for kind, *_ in found(portal, OFFERS)] == []


def test_a_gap_that_a_deleted_document_left(
    boris: Frame, console: Frame, portal: Portal, sandbox: Sandbox
) -> None:
    """Boris made three offers and deleted the second; Docket had read its number."""
    ids = [made(open_form(boris, OFFER).send({"DocumentTitle": f"Offer {n}"})) for n in range(3)]
    number = sandbox.portal_one.documents[ids[1]].number
    snapshot = Snapshot(
        portal=portal,
        document_id=ids[1],
        entity_type_id=2,
        entity_id=501,
        version=1,
        updated_at=timezone.now(),
        captured_at=timezone.now(),
    )
    snapshot.content = {"document": {"number": number, "template_id": OFFER}}
    snapshot.save()
    boris.post(f"documents/{ids[1]}/delete/")
    assert HistoryEntry.objects.filter(document_id=ids[1], kind="deleted").exists()
    page = audited(console, portal, OFFERS)
    assert f"{number.rpartition('-')[2]} is missing." in page
    assert f"{number} was deleted on" in page
    assert "by Boris" in page


def test_a_gap_that_a_refusal_left(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(ACT, without(range(1, 9), 5), MARCH)
    Intent.objects.create(
        portal=portal,
        user_id=BORIS,
        entity_type_id=2,
        entity_id=501,
        template_id=ACT,
        template_name="Act",
        state=Intent.State.REFUSED,
        error_code="0",
        sent_at=MARCH + timedelta(minutes=105),
    )
    page = audited(console, portal, ACTS)
    assert "005 is missing." in page
    assert "and Bitrix24 refused it: a number may have been used" in page


def test_a_gap_that_nobody_knows_of(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(ACT, without(range(1, 20), 5, 6, 7), MARCH)
    page = audited(console, portal, ACTS)
    assert "005 to 007 are missing: 3 numbers." in page
    assert "Docket’s records do not know why." in page


def test_documents_of_a_deleted_template_are_no_gap(
    console: Frame, portal: Portal, archive: Archive, sandbox: Sandbox
) -> None:
    archive.add(OFFER, range(1, 10), MARCH)
    for document in archive.portal.documents.values():
        if document.number.endswith(("004", "005")):
            document.template_id = 999
    page = audited(console, portal)
    assert "is missing" not in page
    assert "2 documents are of deleted templates or were attached" in page


def test_anna_leaves_and_comes_back(console: Frame, portal: Portal, archive: Archive) -> None:
    archive.add(OFFER, without(range(1, 20), 7), MARCH)
    console.post(f"{PATH}audit/")
    job = Job.objects.get(portal=portal)
    assert f"console/jobs/{job.pk}/stop/" in text(console.get(PATH))
    assert "jobEnded" in text(console.get(PATH))
    console.post(f"{PATH}audit/")
    assert Job.objects.filter(portal=portal).count() == 1, "one at a time"
    work(portal)
    part = text(console.get(f"{PATH}audit/", target="audit"))
    assert "007 is missing." in part


def test_a_stopped_audit_tells_what_it_had_read(
    console: Frame, portal: Portal, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_job, "PAGES", 1)
    monkeypatch.setattr(jobs, "STRETCH", timedelta(0))
    archive.add(ACT, without(range(1, 200), 20, 150), MARCH)
    console.post(f"{PATH}audit/")
    job = Job.objects.get(portal=portal)
    jobs.run(job.pk, WORK)
    job.refresh_from_db()
    assert (job.done, job.total) == (50, 197)
    console.post(f"console/jobs/{job.pk}/stop/", target="job")
    page = text(console.get(PATH))
    assert "Stopped" in page
    assert "020 is missing." in page
    assert "150 is missing." not in page


def test_a_silent_portal_is_waited_for(
    console: Frame, portal: Portal, archive: Archive, sandbox: Sandbox
) -> None:
    archive.add(ACT, range(1, 5), MARCH)
    console.post(f"{PATH}audit/")
    sandbox.state.faults.add(Fault("batch", "html", status=502, times=9))
    job = Job.objects.get(portal=portal)
    assert jobs.run(job.pk, WORK) is not None
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_nothing_of_a_document_is_kept_but_its_number(
    console: Frame, portal: Portal, archive: Archive
) -> None:
    archive.add(ACT, [1, 2, 2], MARCH)
    next(iter(archive.portal.documents.values())).title = "Secret of Lindner"
    audited(console, portal)
    job = Job.objects.get(portal=portal)
    assert "Lindner" not in str(job.kept)
    assert b"ACT-002" not in bytes(job.kept_sealed)
    assert "title" not in str(job.kept)
    assert history.deleted(portal, [1]) == set()
