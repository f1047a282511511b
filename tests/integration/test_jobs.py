"""Long work of the console: goes on by itself, outlives its worker, can be stopped."""

from __future__ import annotations

from typing import Any

import pytest

from b24app import tasks
from b24app.bitrix import setup
from b24app.bitrix.client import PortalClient
from b24app.bitrix.errors import AccessDenied
from b24app.console import jobs
from b24app.console.jobs import Piece
from b24app.models import Job, Portal
from tests.integration.conftest import Later
from tests.integration.pages import text
from tests.people import ANNA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

RUNNING = Job.State.RUNNING


def three_pieces(client: PortalClient, job: Job) -> Piece:
    """Asks the portal once a piece, and ends with the third."""
    name = client.run(setup.profile()).name
    names = [*job.kept.get("names", []), name]
    return Piece({"names": names}, done=len(names), total=3, over=len(names) == 3)


WORK = {"audit": three_pieces}


@pytest.fixture
def job(anna: Frame, portal: Portal) -> Job:
    return Job.objects.create(
        portal=portal, kind=Job.Kind.AUDIT, user_id=ANNA, due_at=portal.installed_at
    )


def test_a_job_is_done_piece_by_piece(job: Job) -> None:
    assert jobs.run(job.pk, WORK) is None
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert job.kept["names"] == ["Anna"] * 3
    assert job.ended_at is not None
    assert jobs.run(job.pk, WORK) is None, "a doubled message finds nothing to do"


def test_a_worker_that_dies_costs_one_piece(job: Job, later: Later) -> None:
    def dies(client: PortalClient, job: Job) -> Piece:
        if job.done == 1:
            raise KeyboardInterrupt
        return three_pieces(client, job)

    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk, {"audit": dies})
    assert jobs.due() == []
    later(minutes=4)
    assert jobs.due() == [job.pk]
    jobs.run(job.pk, WORK)
    job.refresh_from_db()
    assert (job.state, job.kept["names"]) == ("done", ["Anna"] * 3)


def test_a_silent_portal_is_waited_for(job: Job, sandbox: Sandbox, later: Later) -> None:
    sandbox.state.faults.add(Fault("profile", "html", status=502, times=9))
    again = jobs.run(job.pk, WORK)
    assert again is not None
    job.refresh_from_db()
    assert (job.state, job.tries) == (RUNNING, 1)
    sandbox.state.faults.clear()
    later(minutes=1)
    jobs.run(job.pk, WORK)
    job.refresh_from_db()
    assert job.state == "done"


def test_a_refusal_ends_it_and_what_was_found_stays(job: Job) -> None:
    def refused(client: PortalClient, job: Job) -> Piece:
        if job.done:
            raise AccessDenied(code="ACCESS_DENIED")
        return three_pieces(client, job)

    assert jobs.run(job.pk, {"audit": refused}) is None
    job.refresh_from_db()
    assert (job.state, job.error_code, job.done) == ("failed", "ACCESS_DENIED", 1)


def test_anna_stops_it_while_a_piece_is_being_done(job: Job, anna: Frame) -> None:
    answers: list[Any] = []

    def stopped(client: PortalClient, job: Job) -> Piece:
        answers.append(anna.post(f"{console(anna)}jobs/{job.pk}/stop/", target="job"))
        return three_pieces(client, job)

    assert jobs.run(job.pk, {"audit": stopped}) is None
    job.refresh_from_db()
    assert (job.state, job.done) == ("stopped", 1)
    assert "Stopped" in text(answers[0])
    assert answers[0].headers["HX-Trigger"] == "jobEnded"
    assert jobs.run(job.pk, WORK) is None


def test_anna_sees_how_far_it_is(job: Job, anna: Frame) -> None:
    job.done, job.total = 7, 12
    job.save()
    answer = anna.get(f"{console(anna)}jobs/{job.pk}/", target="job")
    assert "7 of 12" in text(answer)
    assert "HX-Trigger" not in answer.headers


def test_a_lost_message_is_found_by_the_sweep(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "WORK", WORK)
    tasks.run_job.call_local(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done"


def console(frame: Frame) -> str:
    return f"{frame.base.removesuffix('deal/')}console/"
