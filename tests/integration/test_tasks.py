"""The worker: it comes back by itself, picks up what was lost, and throws away what is old."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from b24app import tasks
from b24app.documents import settle
from b24app.models import (
    FrameSession,
    InboundEvent,
    Intent,
    IssuedDocument,
    Portal,
    ReconnectState,
    TemplateCatalogue,
)
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, OFFER, made, open_form
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

ADD = "crm.documentgenerator.document.add"
LIST = "crm.documentgenerator.document.list"


class Queue:
    """What was put into the queue for later: task name, arguments, seconds."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, tuple[Any, ...], float]] = []

    def listen(self, patch: pytest.MonkeyPatch, name: str) -> None:
        def schedule(args: tuple[Any, ...] = (), delay: float = 0, **_: Any) -> None:
            self.messages.append((name, args, delay))

        patch.setattr(getattr(tasks, name), "schedule", schedule)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    found = Queue()
    for name in ("look_for_pdfs", "settle_intent", "handle_event", "refresh_catalogue"):
        found.listen(monkeypatch, name)
    return found


def test_a_document_that_was_made_is_looked_after(
    boris: Frame, queue: Queue, portal: Portal
) -> None:
    made(open_form(boris, OFFER).send())
    assert queue.messages == [("look_for_pdfs", (portal.pk,), 8)]


def test_the_worker_comes_back_until_the_pdf_is_there(
    sandbox: Sandbox, boris: Frame, queue: Queue, portal: Portal, later: Later
) -> None:
    sandbox.state.options.conversion_delay = 30
    made(open_form(boris, OFFER).send())
    delays = []
    while queue.messages:
        ((name, args, delay),) = queue.messages
        assert (name, args) == ("look_for_pdfs", (portal.pk,))
        delays.append(round(delay))
        queue.messages.clear()
        later(seconds=delay + 0.1)
        tasks.look_for_pdfs.call_local(portal.pk)
    assert delays == [8, 12, 20]
    assert IssuedDocument.objects.get().pdf == IssuedDocument.Pdf.READY


def test_a_message_that_comes_twice_breeds_no_others(
    sandbox: Sandbox, boris: Frame, queue: Queue, portal: Portal, later: Later
) -> None:
    sandbox.state.options.conversion_delay = 30
    made(open_form(boris, OFFER).send())
    queue.messages.clear()
    later(seconds=9)
    for _ in range(5):
        tasks.look_for_pdfs.call_local(portal.pk)
    assert len(queue.messages) == 1


def test_a_lost_answer_is_looked_after_by_one_chain_of_messages(
    sandbox: Sandbox, boris: Frame, queue: Queue, later: Later
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "cut"))
    form.send()
    assert queue.messages == [("settle_intent", (form.intent_id,), 5)]
    queue.messages.clear()
    sandbox.state.faults.add(Fault(LIST, "html", status=502, times=-1))
    later(seconds=6)
    for _ in range(5):
        tasks.settle_intent.call_local(form.intent_id)
    assert [name for name, _, _ in queue.messages] == ["settle_intent"]
    sandbox.state.faults.clear()
    queue.messages.clear()
    later(minutes=3)
    tasks.settle_intent.call_local(form.intent_id)
    assert Intent.objects.get().state == Intent.State.MISSING
    queue.messages.clear()
    tasks.settle_intent.call_local(form.intent_id)  # the one for the case that we had died
    assert queue.messages == []


def test_the_sweep_finds_what_lost_its_message(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(open_form(boris, CONTRACT).send())
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "cut", after=True))
    form.send()
    later(seconds=61)
    found: list[tuple[str, Any]] = []
    for name in ("look_for_pdfs", "settle_intent"):
        monkeypatch.setattr(tasks, name, lambda given, name=name: found.append((name, given)))
    tasks.sweep.call_local()
    assert sorted(found, key=str) == [
        ("look_for_pdfs", Portal.objects.get().pk),
        ("settle_intent", form.intent_id),
    ]


def test_a_queue_that_is_away_loses_nothing(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> None:
        raise OSError("disk full")

    for name in ("look_for_pdfs", "settle_intent"):
        monkeypatch.setattr(getattr(tasks, name), "schedule", away)
    made(open_form(boris, CONTRACT).send())
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "cut", after=True))
    assert form.send().status_code == 302
    later(seconds=10)
    for intent_id in settle.due():
        settle.settle(intent_id)
    assert Intent.objects.get(pk=form.intent_id).state == Intent.State.MADE


def test_a_catalogue_is_read_in_the_background(sandbox: Sandbox, portal: Portal) -> None:
    tasks.refresh_catalogue.call_local(portal.pk)
    assert len(TemplateCatalogue.objects.get().templates) == len(sandbox.portal_one.templates)
    tasks.refresh_catalogue.call_local(4711)


def test_what_nobody_needs_any_more_is_thrown_away(
    sandbox: Sandbox, boris: Frame, portal: Portal, later: Later
) -> None:
    made(open_form(boris, OFFER).send())
    opened = open_form(boris, OFFER)
    unknown = open_form(boris, CONTRACT)
    Intent.objects.filter(pk=unknown.intent_id).update(state=Intent.State.UNKNOWN)
    InboundEvent.objects.create(portal=portal, digest="d", name="ONX", data={})
    ReconnectState.objects.create(token_hash="h", portal=portal, user_id=1, ends_at=timezone.now())
    later(hours=1)
    tasks.tidy.call_local()
    assert Intent.objects.count() == 3
    assert FrameSession.objects.exists()
    later(days=2)
    tasks.tidy.call_local()
    assert not Intent.objects.filter(pk=opened.intent_id).exists()
    assert Intent.objects.count() == 2
    assert not FrameSession.objects.exists()
    assert not ReconnectState.objects.exists()
    assert InboundEvent.objects.exists()
    later(days=30)
    tasks.tidy.call_local()
    assert not InboundEvent.objects.exists()
    assert [str(one.pk) for one in Intent.objects.all()] == [unknown.intent_id]
    assert IssuedDocument.objects.exists()
    assert portal.chains.filter(purpose="installation").exists()
