"""R. A document is made once (R03 to R07), and a portal that is slow, busy or away (R08 to R10).

More of it is told in tests/integration/test_exactly_once.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from b24app import tasks
from b24app.bitrix import setup
from b24app.bitrix.documentgenerator import documents as commands
from b24app.bitrix.errors import HeldBack, QueryLimit
from b24app.documents import generate, readiness, settle
from b24app.models import Intent, IssuedDocument, Portal, PortalPause
from b24app.portals import breaker, turns
from b24app.portals.clients import knock, upkeep
from tests import people
from tests.integration.conftest import Later, nobody_waits  # noqa: F401 - fixtures
from tests.integration.pages import CONTRACT, OFFER, Form, made, open_form, text
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.generator import documents as generator
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, Document

ADD = "crm.documentgenerator.document.add"
GET = "crm.documentgenerator.document.get"
LIST = "crm.documentgenerator.document.list"
State = Intent.State


def documents(sandbox: Sandbox) -> list[Document]:
    found = [d for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]
    return sorted(found, key=lambda d: d.id)


def lost(sandbox: Sandbox, form: Form, *, after: bool, title: str = "Refit") -> Intent:
    sandbox.state.faults.add(Fault(ADD, "cut", after=after))
    assert form.send({"DocumentTitle": title}).headers["Location"] == form.path
    return Intent.objects.get(pk=form.intent_id)


def settle_all() -> None:
    for intent_id in settle.due():
        settle.settle(intent_id)


def elsewhere(sandbox: Sandbox, user: int = BORIS, template: int = OFFER) -> Document:
    """A document made from the same template in the same deal, not by Docket."""
    nordwerk = sandbox.portal_one
    return generator.make(
        nordwerk, template, 2, "501", nordwerk.users[user], {}, {}, False, sandbox.state.now()
    )


# R03: the answer is lost


def test_r03_a_document_found_after_all_is_adopted_and_not_made_again(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """It appears even after the quiet period; the person has the button back and presses it."""
    form = open_form(boris, OFFER)
    intent = lost(sandbox, form, after=True)
    (late,) = documents(sandbox)
    del sandbox.portal_one.documents[late.id]
    later(seconds=96)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == State.MISSING
    sandbox.portal_one.documents[late.id] = late
    again = Form(boris, boris.get(form.path))
    assert again.value("DocumentTitle") == "Refit"
    assert made(again.send()) == late.id
    assert documents(sandbox) == [late]
    assert sandbox.state.record.count(ADD) == 1


def test_r03_nothing_is_sent_again_while_the_last_look_fails(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    form = open_form(boris, OFFER)
    lost(sandbox, form, after=False)
    later(seconds=96)
    settle_all()
    sandbox.state.faults.add(Fault(LIST, "html", status=502, times=-1))
    answer = form.send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == 409
    assert "Bitrix24 is not answering" in text(answer)
    assert Form(boris, answer).value("DocumentTitle") == "Typed with care"
    assert sandbox.state.record.count(ADD) == 1


@pytest.mark.parametrize("code", ["0", "100", "SOME_NEW_CODE"])
def test_r03_a_refusal_that_comes_after_the_effect(
    sandbox: Sandbox, boris: Frame, code: str
) -> None:
    """Reported of live portals: an error, and the document is there all the same."""
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "error", after=True, status=400, code=code))
    document_id = made(form.send())
    assert [d.id for d in documents(sandbox)] == [document_id]
    assert IssuedDocument.objects.get().document_id == document_id


# R04: the portal finishes after we have stopped waiting


def test_r04_a_call_that_outlives_our_patience(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "GENERATION_TIMEOUT", 0.2)
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "slow", seconds=0.8))
    assert form.send().headers["Location"] == form.path
    assert documents(sandbox) == []
    later(seconds=6)
    settle_all()
    assert Intent.objects.get().state == State.UNKNOWN
    deadline = time.monotonic() + 10
    while not documents(sandbox) and time.monotonic() < deadline:
        time.sleep(0.05)
    later(seconds=16)
    settle_all()
    assert [Intent.objects.get().document_id] == [d.id for d in documents(sandbox)]
    assert sandbox.state.record.count(ADD) == 1


def test_r04_the_waits_outlast_the_portal() -> None:
    """A request of the portal lives 60 seconds at most."""
    lives = timedelta(seconds=60)
    call = timedelta(seconds=commands.GENERATION_TIMEOUT)
    quiet = timedelta(seconds=django_settings.QUIET_SECONDS)
    assert call > lives
    assert quiet > lives
    assert generate.BEGINS_WITHIN + call < settle.SENDING_LIFE


# R05: processes die


def test_r05_killed_processes_and_lost_answers() -> None:
    """Real processes, real `kill -9`; `make bench` does it with 20 seeds and 300 documents each."""
    words = [sys.executable, "-m", "tests.chaos", "--documents", "30", "--kills", "7", "--seed"]
    runs = [
        subprocess.Popen([*words, seed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for seed in ("1", "2")
    ]
    for run in runs:
        out, problems = run.communicate(timeout=240)
        assert run.returncode == 0, problems[-2000:]
        outcome = json.loads(out.splitlines()[-1])
        counted = {name: outcome[name] for name in ("lost", "doubled", "stuck", "wrong")}
        assert counted == {"lost": 0, "doubled": 0, "stuck": 0, "wrong": 0}, outcome
        assert outcome["kills"] == 7
        assert outcome["answers_lost"] > 0


def test_r05_each_lease_has_its_message_for_the_moment_it_lapses(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a dead process has held is due within a second of its lease, not at a round."""
    form = open_form(boris, OFFER)
    now = timezone.now()
    lapses = now + generate.STILL_SENDING
    Intent.objects.filter(pk=form.intent_id).update(
        state=State.SENDING, sent_at=now, settle_at=lapses, digest="d"
    )
    made(open_form(boris, CONTRACT).send())
    IssuedDocument.objects.update(look_at=now + timedelta(seconds=50))
    sent: list[tuple[str, float]] = []
    for name in ("settle_intent", "look_for_pdfs"):
        monkeypatch.setattr(
            getattr(tasks, name),
            "schedule",
            lambda args, delay, name=name: sent.append((name, delay)),
        )
    tasks.begin()
    assert [name for name, _ in sent] == ["settle_intent", "look_for_pdfs"]
    assert 29 < sent[0][1] <= 30
    assert 49 < sent[1][1] <= 50
    sent.clear()
    later(seconds=31)
    sandbox.state.faults.add(Fault(LIST, "html", status=502, times=-1))
    tasks.settle_intent.call_local(form.intent_id)
    # For the case that this worker dies while it looks: a message for the end of its own lease.
    assert sent[0] == ("settle_intent", settle.AGAIN.total_seconds() + 1)


def test_r05_a_process_that_was_held_up_does_not_call_any_more(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between the commit and the call, and woken when others have decided."""
    form = open_form(boris, OFFER)
    real = generate._command

    def after_a_sleep(*args: Any, **kwargs: Any) -> Any:
        later(minutes=5)
        settle_all()
        return real(*args, **kwargs)

    monkeypatch.setattr(generate, "_command", after_a_sleep)
    answer = form.send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == 409
    assert sandbox.state.record.count(ADD) == 0
    assert Form(boris, answer).value("DocumentTitle") == "Typed with care"
    monkeypatch.setattr(generate, "_command", real)
    made(form.send())
    assert len(documents(sandbox)) == 1


def test_r05_an_answer_that_comes_after_the_worker_has_found_the_document(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = open_form(boris, OFFER)
    real = generate.made
    monkeypatch.setattr(
        generate, "made", lambda *args: (later(seconds=31), settle_all(), real(*args))
    )
    document_id = made(form.send())
    assert [d.id for d in documents(sandbox)] == [document_id]
    assert IssuedDocument.objects.count() == 1


# R06: the portal gives no markers back


@pytest.fixture
def markers_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that stores no values of codes that its template does not have."""
    from tests.sandbox.generator import overrides

    real = overrides.merged
    monkeypatch.setattr(
        overrides,
        "merged",
        lambda stored, sent: {k: v for k, v in real(stored, sent).items() if k != "DocketMarker"},
    )


def test_r06_the_one_that_fits_is_taken_where_markers_never_come_back(
    sandbox: Sandbox, boris: Frame, later: Later, markers_dropped: None
) -> None:
    first = made(open_form(boris, CONTRACT).send())
    assert Portal.objects.get().keeps_markers is False
    intent = lost(sandbox, open_form(boris, OFFER), after=True)
    elsewhere(sandbox, ANNA)
    elsewhere(sandbox, template=CONTRACT)
    later(seconds=6)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == State.UNKNOWN  # another may still appear
    later(seconds=91)
    settle_all()
    intent.refresh_from_db()
    ours = next(d for d in documents(sandbox) if d.title == "Refit")
    assert (intent.state, intent.document_id) == (State.MADE, ours.id)
    assert ours.id != first


def in_doubt(sandbox: Sandbox, boris: Frame, later: Later, *, after: bool) -> Form:
    """Boris's answer was lost, and his colleague the robot made one as well in his name."""
    form = open_form(boris, OFFER)
    lost(sandbox, form, after=after)
    elsewhere(sandbox)
    later(seconds=96)
    settle_all()
    assert Intent.objects.get(pk=form.intent_id).state == State.CHECK
    return form


def test_r06_in_doubt_the_person_says_which_one_it_is(
    sandbox: Sandbox, boris: Frame, later: Later, markers_dropped: None
) -> None:
    form = in_doubt(sandbox, boris, later, after=True)
    ours, other = documents(sandbox)
    assert "Say which one" in text(boris.get(""))
    page = text(boris.follow(boris.get(form.path)))
    assert "Which of these is the document you made?" in page
    assert f'id="candidate-{ours.id}"' in page
    assert f'id="candidate-{other.id}"' in page
    assert form.send().headers["Location"] == form.path  # nothing is sent meanwhile
    assert sandbox.state.record.count(ADD) == 1
    chosen = boris.post(f"{form.path}which/", {"document": str(ours.id)})
    assert made(boris.get(chosen.headers["Location"])) == ours.id
    assert "Say which one" not in text(boris.get(""))
    assert boris.get(f"{form.path}which/").headers["Location"] == form.path


def test_r06_none_of_them_gives_the_form_back(
    sandbox: Sandbox, boris: Frame, later: Later, markers_dropped: None
) -> None:
    form = in_doubt(sandbox, boris, later, after=False)
    assert "Is this the document you made?" in text(boris.get(f"{form.path}which/"))
    boris.post(f"{form.path}which/", {"document": "none"})
    again = Form(boris, boris.get(form.path))
    assert again.value("DocumentTitle") == "Refit"
    made(again.send())
    assert len(documents(sandbox)) == 2


def test_r06_only_a_document_that_may_be_it_is_taken(
    sandbox: Sandbox, boris: Frame, later: Later, markers_dropped: None
) -> None:
    old = elsewhere(sandbox)
    later(minutes=10)
    form = in_doubt(sandbox, boris, later, after=True)
    of_anna = elsewhere(sandbox, ANNA)
    for wrong in (str(old.id), str(of_anna.id), "4711", "", "-1", "NONE", "²", "9" * 40):
        answer = boris.post(f"{form.path}which/", {"document": wrong})
        assert "That document is not there any more" in text(answer)
    assert Intent.objects.get(pk=form.intent_id).state == State.CHECK


def test_r06_what_was_in_doubt_may_settle_itself(
    sandbox: Sandbox, boris: Frame, later: Later, markers_dropped: None
) -> None:
    form = in_doubt(sandbox, boris, later, after=False)
    for document in documents(sandbox):
        del sandbox.portal_one.documents[document.id]
    assert boris.get(f"{form.path}which/").headers["Location"] == form.path
    assert "The document was not made" in text(boris.get(form.path))


def test_r06_a_portal_that_gives_markers_back_leaves_no_doubt(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    made(open_form(boris, CONTRACT).send())
    assert Portal.objects.get().keeps_markers is True
    intent = lost(sandbox, open_form(boris, OFFER), after=False)
    elsewhere(sandbox)
    later(seconds=96)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == State.MISSING


# R07: more of the same click


def test_r07_a_second_tab_between_the_look_and_the_commit(
    sandbox: Sandbox, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first tab's document is finished just before the second one's row is written."""
    first, second = open_form(boris, OFFER), open_form(boris, OFFER)
    real = generate._claim
    turns_taken: list[int] = []

    def claim(*args: Any) -> Any:
        if not turns_taken:
            turns_taken.append(1)
            made(first.send({"DocumentTitle": "Refit"}))
        return real(*args)

    monkeypatch.setattr(generate, "_claim", claim)
    assert made(second.send({"DocumentTitle": "Refit"})) == documents(sandbox)[0].id
    assert len(documents(sandbox)) == 1
    assert Intent.objects.get(pk=second.intent_id).state == State.OPEN


def test_r07_a_reload_while_it_is_being_made(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    now = timezone.now()
    Intent.objects.filter(pk=form.intent_id).update(state=State.SENDING, sent_at=now)
    assert "Bitrix24 is writing the document" in text(boris.get(form.path))
    assert form.send().headers["Location"] == form.path
    assert sandbox.state.record.count(ADD) == 0


# The numerator


def test_r03_ten_attempts_that_came_to_nothing_spend_no_number(
    sandbox: Sandbox, boris: Frame
) -> None:
    nordwerk = sandbox.portal_one
    template = nordwerk.templates[OFFER]
    form = open_form(boris, OFFER)
    before = form.value("DocumentNumber")
    options = sandbox.state.options
    refusals: list[Callable[[], object]] = [
        lambda: setattr(options, "document_limit", 0),
        lambda: setattr(options, "rest_refusal", "plan"),
        lambda: setattr(options, "rest_refusal", "overload"),
        lambda: setattr(template, "users", ["U1"]),
        lambda: setattr(template, "is_deleted", True),
        lambda: setattr(nordwerk.users[BORIS], "reads_deals", "none"),
        lambda: sandbox.state.faults.add(Fault(ADD, "error", status=503, code="OVERLOAD_LIMIT")),
        lambda: sandbox.state.faults.add(
            Fault(ADD, "error", status=429, code="OPERATION_TIME_LIMIT")
        ),
        lambda: sandbox.state.faults.add(
            Fault(ADD, "error", status=503, code="QUERY_LIMIT_EXCEEDED", times=3)
        ),
    ]
    kept = list(template.users)
    for refuse in refusals:
        refuse()
        answer = form.send()
        assert answer.status_code in {402, 403, 409}, text(answer)
        options.document_limit, options.rest_refusal = None, ""
        template.users, template.is_deleted = kept, False
        nordwerk.users[BORIS].reads_deals = "all"
    assert form.send({"DocumentNumber": ""}).status_code == 422
    assert len(documents(sandbox)) == 0
    document = made(form.send())
    assert nordwerk.documents[document].number == before


# R08: the portal asks for fewer requests


def test_r08_the_request_limit_costs_no_look(sandbox: Sandbox, boris: Frame, later: Later) -> None:
    """An hour of it: the PDF is still waited for, and asked for less and less."""
    sandbox.state.options.conversion_delay = 30
    made(open_form(boris, OFFER).send())
    sandbox.state.faults.add(
        Fault("batch", "error", status=503, code="QUERY_LIMIT_EXCEEDED", times=-1)
    )
    sandbox.state.record.clear()
    for _ in range(360):
        later(seconds=10)
        for portal_id in readiness.due_portals():
            readiness.look(portal_id)
    record = IssuedDocument.objects.get()
    assert (record.pdf, record.looks) == ("converting", 0)
    assert sandbox.state.record.count("batch") < 150
    sandbox.state.faults.clear()
    later(minutes=6)
    readiness.look(record.portal_id)
    record.refresh_from_db()
    assert record.pdf == "ready"


def test_r08_operating_time_is_waited_for_as_told(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    made(open_form(boris, OFFER).send())
    sandbox.state.faults.add(
        Fault("batch", "error", status=429, code="OPERATION_TIME_LIMIT", times=1)
    )
    later(seconds=9)
    record = IssuedDocument.objects.get()
    readiness.look(record.portal_id)
    record.refresh_from_db()
    assert record.look_at is not None
    assert timedelta(seconds=55) < record.look_at - timezone.now() <= timedelta(seconds=60)
    assert (record.pdf, record.looks) == ("converting", 0)


def test_r08_a_lost_answer_outlasts_a_busy_portal(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    intent = lost(sandbox, open_form(boris, OFFER), after=True)
    sandbox.state.faults.add(
        Fault(LIST, "error", status=429, code="OPERATION_TIME_LIMIT", times=-1)
    )
    for _ in range(20):
        later(minutes=1)
        settle_all()
    intent.refresh_from_db()
    assert intent.state == State.UNKNOWN
    sandbox.state.faults.clear()
    later(minutes=5)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == State.MADE


# R09: portals and people side by side


def test_r09_a_persons_click_goes_before_background_work(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(
        Fault("profile", "error", status=503, code="QUERY_LIMIT_EXCEEDED", times=-1)
    )
    with pytest.raises((QueryLimit, HeldBack)):
        upkeep(portal, BORIS).run(setup.profile())
    sandbox.state.record.clear()
    with pytest.raises(HeldBack):
        upkeep(portal, BORIS).run(setup.profile())
    assert list(sandbox.state.record) == []
    assert made(form.send())


def test_r09_a_slow_portal_holds_up_one_thread_and_nobody_else(
    sandbox: Sandbox, boris: Frame, portal: Portal, dmitri: Frame, later: Later, monkeypatch: Any
) -> None:
    """While one job of Anna's portal runs, others of hers step aside; Dmitri's are done."""
    theirs = dmitri.get("")
    assert theirs.status_code == 200
    intent = lost(sandbox, open_form(boris, OFFER), after=True)
    later(seconds=6)
    put_back: list[float] = []
    monkeypatch.setattr(tasks.settle_intent, "schedule", lambda args, delay: put_back.append(delay))
    other = Portal.objects.exclude(pk=portal.pk).get()
    with turns.turn(portal.pk) as mine:
        assert mine
        begun = time.monotonic()
        tasks.settle_intent.call_local(str(intent.pk))
        assert time.monotonic() - begun < 0.5
        with turns.turn(other.pk) as free:
            assert free
    intent.refresh_from_db()
    assert (intent.state, put_back) == (State.UNKNOWN, [tasks.TURN_WAIT])
    tasks.settle_intent.call_local(str(intent.pk))
    intent.refresh_from_db()
    assert intent.state == State.MADE


def test_r09_limits_and_silence_are_a_portals_own(
    sandbox: Sandbox, boris: Frame, portal: Portal, dmitri: Frame
) -> None:
    for _ in range(3):
        breaker._count(portal)
    breaker._stand_back(portal)
    assert dmitri.get("").status_code == 200
    other = Portal.objects.exclude(pk=portal.pk).get()
    assert upkeep(other, people.DMITRI).run(setup.profile()).id == people.DMITRI


# R10: the portal is down


@pytest.fixture
def down(sandbox: Sandbox, boris: Frame) -> Callable[[], None]:
    """Boris has made an offer; then, at the call, the portal goes down."""
    made(open_form(boris, OFFER).send({"DocumentTitle": "Offer for the refit"}))

    def go_down() -> None:
        sandbox.state.faults.add(Fault("*", "html", status=502, times=-1))

    return go_down


def test_r10_ten_minutes_without_the_portal(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later, down: Callable[[], None]
) -> None:
    intent = lost(sandbox, open_form(boris, CONTRACT), after=True)
    down()
    assert "Bitrix24 is not answering" in text(boris.get(""))
    assert PortalPause.objects.get().ask_at is not None
    sandbox.state.record.clear()
    for _ in range(60):
        later(seconds=10)
        begun = time.monotonic()
        page = boris.get("")
        assert time.monotonic() - begun < 1
        assert page.status_code == 200
        assert "Docket’s own records are shown, as of" in text(page)
        assert "Offer for the refit" in text(page)
        for pk, at in breaker.coming(timezone.now()):
            assert (pk, at <= timezone.now()) == (portal.pk, True)
            tasks.knock.call_local(pk)
        settle_all()
        readiness.look(portal.pk)
    assert 8 <= len(sandbox.state.record.rest()) <= 15  # about one a minute
    sandbox.state.faults.clear()
    later(seconds=61)
    tasks.knock.call_local(portal.pk)
    assert not PortalPause.objects.exists()
    assert set(settle.due()) == {intent.pk}  # at once, and not when its turn would have come
    assert readiness.due_portals() == [portal.pk]
    settle_all()
    intent.refresh_from_db()
    assert intent.state == State.MADE
    page = text(boris.get(""))
    assert "Bitrix24 is not answering" not in page
    assert "Refit" in page


def test_r10_a_portal_that_hangs_is_not_waited_for_twice(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    sandbox.state.faults.add(Fault("*", "timeout", seconds=2, times=-1))
    for _ in range(3):
        breaker._count(portal)
    begun = time.monotonic()
    assert boris.get("").status_code == 200
    assert boris.get("new/").status_code == 503
    assert time.monotonic() - begun < 1
    assert list(sandbox.state.record) == []


def test_r10_a_persons_own_click_is_always_sent(
    sandbox: Sandbox, boris: Frame, down: Callable[[], None]
) -> None:
    form = open_form(boris, CONTRACT)
    down()
    boris.get("")
    sandbox.state.record.clear()
    assert "Try now" in text(boris.get(""))
    assert list(sandbox.state.record) == []
    boris.get("?now")
    assert len(sandbox.state.record.rest()) > 0
    sandbox.state.faults.clear()
    assert made(form.send())  # and its answer closes the breaker for everybody
    assert not PortalPause.objects.exists()
    assert "Bitrix24 is not answering" not in text(boris.get(""))


def test_r10_s25_nothing_is_shown_to_who_was_not_let_read_the_deal_just_before(
    sandbox: Sandbox,
    docket: Application,
    boris: Frame,
    clara: Frame,
    later: Later,
    down: Callable[[], None],
) -> None:
    down()
    assert "Offer for the refit" in text(boris.get(""))
    for stranger in (clara, people.open_tab(sandbox, sandbox.portal_one, docket, ANNA, 501)):
        page = text(stranger.get(""))
        assert "Bitrix24 is not answering" in page
        assert "Offer for the refit" not in page
    later(minutes=21)
    page = text(boris.get(""))
    assert "Offer for the refit" not in page


def test_r10_s25_a_refusal_holds_for_all_pages_of_the_person(
    sandbox: Sandbox, docket: Application, boris: Frame, down: Callable[[], None]
) -> None:
    another = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    assert another.get("").status_code == 403
    down()
    assert "Offer for the refit" not in text(boris.get(""))


def test_r10_an_error_with_a_code_is_an_answer(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    """One method that breaks down does not make the portal silent for all."""
    sandbox.state.faults.add(
        Fault(LIST, "error", status=500, code="INTERNAL_SERVER_ERROR", times=-1)
    )
    for _ in range(3):
        boris.get("")
    assert not PortalPause.objects.filter(ask_at__isnull=False).exists()


def test_r10_a_knock_shows_no_token(sandbox: Sandbox, docket: Application, portal: Portal) -> None:
    for _ in range(3):
        breaker._count(portal)
    PortalPause.objects.update(ask_at=timezone.now())
    assert knock(portal)
    (request,) = sandbox.state.record.rest()
    assert request.token == ""
    assert not PortalPause.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_r10_one_worker_asks_and_the_others_wait(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    from tests.integration.together import together

    sandbox.state.faults.add(Fault("*", "html", status=502, times=-1))
    for _ in range(3):
        breaker._count(portal)
    PortalPause.objects.update(ask_at=timezone.now())
    sandbox.state.record.clear()
    assert together(*(lambda: knock(portal) for _ in range(4))) == [False] * 4
    assert len(sandbox.state.record.rest()) == 1
