"""R04, R05, R07 for an update and for restoring: what dies or comes late is found out."""

from __future__ import annotations

import time
from typing import Any

import pytest

from b24app.bitrix.documentgenerator import documents as commands
from b24app.documents import capture, generate, settle
from b24app.models import Intent, Portal, Snapshot
from tests.integration.conftest import Later
from tests.integration.pages import Form, made
from tests.integration.test_update import UPDATE, document_id, open_update
from tests.integration.together import another_tab, press, together
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

__all__ = ["document_id"]
TERMS = {"UfCrmPaymentTerms": "Net."}


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@pytest.fixture
def form(
    boris: Frame, portal: Portal, document_id: int, later: Later, request: pytest.FixtureRequest
) -> Form:
    """The page of an update; where the story is about restoring, of that."""
    query = getattr(request, "param", "")
    if query:
        open_update(boris, document_id).send({"ClientName": "Second"})
        capture.capture(portal.pk)
        later(minutes=1)
    return open_update(boris, document_id, query)


BOTH = pytest.mark.parametrize("form", ["", "?restore=1"], indirect=True, ids=["update", "restore"])


def look() -> None:
    for intent_id in settle.due():
        settle.settle(intent_id)


def printed(sandbox: Sandbox, found: int) -> Any:
    return sandbox.portal_one.documents[found].values.get("UfCrmPaymentTerms")


@BOTH
def test_r04_an_update_that_ends_after_our_patience_is_found_out(
    sandbox: Sandbox, form: Form, document_id: int, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "GENERATION_TIMEOUT", 0.2)
    sandbox.state.faults.add(Fault(UPDATE, "slow", seconds=0.8, times=-1))
    assert form.send(TERMS).status_code == 302
    tries = sandbox.state.record.count(UPDATE)
    deadline = time.monotonic() + 10
    while printed(sandbox, document_id) != "Net." and time.monotonic() < deadline:
        time.sleep(0.05)
    later(seconds=97)
    look()
    intent = Intent.objects.get(pk=form.intent_id)
    assert (intent.state, intent.document_id) == (Intent.State.MADE, document_id)
    assert sandbox.state.record.count(UPDATE) == tries, "nobody sends it again afterwards"


@BOTH
@pytest.mark.parametrize("arrived", [True, False])
def test_r05_a_process_that_dies_while_it_writes_is_settled(
    sandbox: Sandbox,
    form: Form,
    document_id: int,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    arrived: bool,
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    sandbox.state.record.clear()
    with monkeypatch.context() as patch:
        patch.setattr(generate, "made" if arrived else "_call", die)
        with pytest.raises(Killed):
            form.send(TERMS)
    assert Intent.objects.get(pk=form.intent_id).state == Intent.State.SENDING
    for _ in range(4):
        later(seconds=97)
        look()
    intent = Intent.objects.get(pk=form.intent_id)
    if arrived:
        assert intent.state == Intent.State.MADE
        assert sandbox.state.record.executed(UPDATE) == 1
        return
    assert intent.state == Intent.State.MISSING
    again = Form(form.frame, form.frame.get(form.path))
    assert again.value("UfCrmPaymentTerms") == "Net.", "what was typed is still there"
    assert made(again.send()) == document_id
    assert printed(sandbox, document_id) == "Net."


@pytest.mark.django_db(transaction=True)
@BOTH
def test_r07_a_double_click_writes_one_version(
    sandbox: Sandbox, form: Form, document_id: int, portal: Portal
) -> None:
    before = Snapshot.objects.count()
    sandbox.state.record.clear()
    sandbox.state.faults.add(Fault(UPDATE, "slow", seconds=0.4, times=-1))
    answers = together(*(press(another_tab(form), **TERMS) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {302}
    assert sandbox.state.record.executed(UPDATE) == 1
    capture.capture(portal.pk)
    assert Snapshot.objects.count() == before + 1
