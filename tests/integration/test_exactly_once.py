"""Nothing is generated twice and nothing is lost, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from b24app import tasks
from b24app.documents import generate, settle
from b24app.models import Intent, IssuedDocument
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, Form, made, open_form, text
from tests.integration.together import another_tab, press, together
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Document

ADD = "crm.documentgenerator.document.add"
LIST = "crm.documentgenerator.document.list"


def documents(sandbox: Sandbox) -> list[Document]:
    """The documents of deal 501, oldest first."""
    found = [d for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]
    return sorted(found, key=lambda d: d.id)


def slow(sandbox: Sandbox) -> None:
    """Bitrix24 takes its time, so that two calls overlap."""
    sandbox.state.faults.add(Fault(ADD, "slow", seconds=0.4, times=-1))


def settle_all() -> None:
    """What the worker does each minute."""
    for intent_id in settle.due():
        settle.settle(intent_id)


# The same form, the same person


def test_r07_sent_again_after_the_answer_the_form_leads_to_its_document(
    sandbox: Sandbox, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    assert made(form.send()) == made(form.send()) == made(form.send({"Title": "Changed"}))
    assert len(documents(sandbox)) == 1
    assert boris.get(form.path).headers["Location"].endswith(f"/{documents(sandbox)[0].id}/")


@pytest.mark.django_db(transaction=True)
def test_r07_a_double_click_makes_one_document(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    slow(sandbox)
    answers = together(*(press(another_tab(form)) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len(documents(sandbox)) == 1
    assert sandbox.state.record.count(ADD) == 1
    assert made(form.send()) == documents(sandbox)[0].id


def test_r07_two_tabs_with_the_same_values_make_one_document(
    sandbox: Sandbox, boris: Frame
) -> None:
    first, second = open_form(boris, OFFER), open_form(boris, OFFER)
    assert made(first.send({"Title": "Refit"})) == made(second.send({"Title": "Refit"}))
    assert len(documents(sandbox)) == 1


@pytest.mark.django_db(transaction=True)
def test_r07_two_tabs_at_once_with_the_same_values_make_one_document(
    sandbox: Sandbox, boris: Frame
) -> None:
    tabs = [another_tab(open_form(boris, OFFER)) for _ in range(3)]
    slow(sandbox)
    answers = together(*(press(tab, Title="Refit") for tab in tabs))
    assert [answer.status_code for answer in answers] == [302] * 3
    (document,) = documents(sandbox)
    for tab in tabs:
        assert made(tab.send({"Title": "Refit"})) == document.id
    assert len(documents(sandbox)) == 1


def test_two_tabs_with_different_values_make_two(sandbox: Sandbox, boris: Frame) -> None:
    first, second = open_form(boris, OFFER), open_form(boris, OFFER)
    made(first.send({"Title": "Refit"}))
    made(second.send({"Title": "Refit, second version"}))
    assert len(documents(sandbox)) == 2


def test_the_same_document_wanted_a_second_time_is_made(sandbox: Sandbox, boris: Frame) -> None:
    made(open_form(boris, OFFER).send())
    made(open_form(boris, OFFER).send())
    assert len(documents(sandbox)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_with_different_values_lose_neither(
    sandbox: Sandbox, boris: Frame
) -> None:
    tabs = [another_tab(open_form(boris, OFFER)) for _ in range(2)]
    slow(sandbox)
    answers = together(press(tabs[0], Title="Refit"), press(tabs[1], Title="Other"))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "is making this document right now" in text(late)
    form = Form(boris, late)
    assert form.value("Title") in {"Refit", "Other"}
    made(form.send())
    assert len(documents(sandbox)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_get_one_anothers_document(
    sandbox: Sandbox, boris: Frame, anna: Frame
) -> None:
    forms = [another_tab(open_form(boris, OFFER)), another_tab(open_form(anna, OFFER))]
    slow(sandbox)
    answers = together(*(press(form) for form in forms))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    late = answers.index(next(answer for answer in answers if answer.status_code == 409))
    name = ["Anna Weiss", "Boris Hartmann"][late]
    assert f"{name} is making this document right now" in text(answers[late])
    made(Form(forms[late].frame, answers[late]).send())
    assert [d.created_by for d in documents(sandbox)] in ([ANNA, BORIS], [BORIS, ANNA])


# The answer is lost


LOST: list[dict[str, Any]] = [
    {"kind": "cut"},
    {"kind": "timeout", "seconds": 0.1},
    {"kind": "html", "status": 502},
    {"kind": "html", "status": 200},
    {"kind": "empty", "status": 504},
    {"kind": "empty", "status": 200},
    {"kind": "error", "status": 500, "code": "INTERNAL_SERVER_ERROR"},
]


def lose_answer(sandbox: Sandbox, form: Form, fault: dict[str, Any], *, after: bool) -> Intent:
    """Presses Generate; the answer does not come, the effect does if `after`."""
    sandbox.state.faults.add(Fault(ADD, after=after, **fault))
    answer = form.send({"Title": "Typed with care"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == form.path
    page = form.frame.get(form.path)
    assert "Docket is finding out whether the document was made" in text(page)
    return Intent.objects.get(pk=form.intent_id)


@pytest.mark.parametrize("fault", LOST, ids=lambda f: f"{f['kind']}-{f.get('status', '')}")
def test_r03_a_lost_answer_is_never_asked_for_again_and_the_document_is_found(
    sandbox: Sandbox, boris: Frame, later: Later, fault: dict[str, Any]
) -> None:
    form = open_form(boris, OFFER)
    intent = lose_answer(sandbox, form, fault, after=True)
    assert intent.state == Intent.State.UNKNOWN
    assert form.send({"Title": "Typed with care"}).headers["Location"] == form.path
    assert boris.get(f"{form.path}state/").status_code == 204
    later(seconds=6)
    settle_all()
    (document,) = documents(sandbox)
    intent.refresh_from_db()
    assert (intent.state, intent.document_id) == (Intent.State.MADE, document.id)
    assert sandbox.state.record.count(ADD) == 1
    state = boris.get(f"{form.path}state/")
    assert form.path in state.headers["HX-Location"]
    assert made(boris.get(form.path)) == document.id
    assert IssuedDocument.objects.get().document_id == document.id


@pytest.mark.parametrize("fault", LOST[:3], ids=lambda f: f["kind"])
def test_r03_what_was_certainly_not_made_may_be_sent_again(
    sandbox: Sandbox, boris: Frame, later: Later, fault: dict[str, Any]
) -> None:
    form = open_form(boris, OFFER)
    intent = lose_answer(sandbox, form, fault, after=False)
    later(seconds=6)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.UNKNOWN  # it may still be on its way
    later(seconds=90)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.MISSING
    assert documents(sandbox) == []
    again = Form(boris, boris.get(form.path))
    assert "The document was not made" in again.page
    assert again.value("Title") == "Typed with care"
    made(again.send())
    assert len(documents(sandbox)) == 1
    assert sandbox.state.record.count(ADD) == 2


def test_r04_a_document_that_comes_late_is_found_within_the_quiet_period(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """Bitrix24 goes on working after we have stopped waiting."""
    form = open_form(boris, OFFER)
    intent = lose_answer(sandbox, form, LOST[0], after=True)
    (late,) = documents(sandbox)
    del sandbox.portal_one.documents[late.id]
    for _ in range(4):
        later(seconds=16)
        settle_all()
    sandbox.portal_one.documents[late.id] = late
    later(seconds=16)
    settle_all()
    intent.refresh_from_db()
    assert (intent.state, intent.document_id) == (Intent.State.MADE, late.id)


def test_the_document_of_a_colleague_is_not_taken_for_ones_own(
    sandbox: Sandbox, boris: Frame, anna: Frame, later: Later
) -> None:
    form = open_form(boris, OFFER)
    others = open_form(anna, OFFER)
    intent = lose_answer(sandbox, form, LOST[0], after=False)
    # Anna's own one is refused while his is unclear; a robot's is not.
    assert others.send().status_code == 409
    robot = made_elsewhere(sandbox)
    later(seconds=96)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.MISSING
    made(others.send())
    assert len(documents(sandbox)) == 2
    assert robot in documents(sandbox)


def made_elsewhere(sandbox: Sandbox) -> Document:
    """A document from the same template, in the same deal, by Bitrix24's own button."""
    from tests.sandbox.generator import documents as generator

    nordwerk = sandbox.portal_one
    return generator.make(
        nordwerk, OFFER, 2, "501", nordwerk.users[ANNA], {}, {}, False, sandbox.state.now()
    )


@pytest.mark.parametrize("values", ["missing", "null"])
def test_a_portal_whose_list_shows_no_values(
    sandbox: Sandbox,
    boris: Frame,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    values: str,
) -> None:
    """Then each document is looked into."""
    from tests.sandbox.rest import document_list

    plain = document_list.document_row

    def without_values(*arguments: Any) -> dict[str, Any]:
        row = dict(plain(*arguments))
        row["values"] = None if values == "null" else []
        return row

    monkeypatch.setattr(document_list, "document_row", without_values)
    made_elsewhere(sandbox)
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=True)
    made_elsewhere(sandbox)
    later(seconds=6)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.MADE
    assert sandbox.portal_one.documents[intent.document_id or 0].values["DocketMarker"] == (
        intent.marker
    )


def test_a_document_whose_conversion_fails_is_found_too(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    """document.get answers with the conversion's error then, though the document is there."""
    sandbox.state.options.conversion_fails = True
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=True)
    for _ in range(8):
        later(seconds=16)
        settle_all()
    intent.refresh_from_db()
    assert (intent.state, intent.document_id) == (Intent.State.MADE, documents(sandbox)[0].id)
    assert IssuedDocument.objects.get().document_id == documents(sandbox)[0].id


def test_a_portal_that_stays_silent_decides_nothing(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    form = open_form(boris, OFFER)
    intent = lose_answer(sandbox, form, LOST[0], after=True)
    sandbox.state.faults.add(Fault(LIST, "html", status=502, times=-1))
    later(minutes=10)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.UNKNOWN
    sandbox.state.faults.clear()
    later(minutes=1)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.MADE


def test_the_tab_shows_what_is_being_looked_for(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=False)
    assert f"intent-{intent.pk}" in text(boris.get(""))
    later(seconds=96)
    settle_all()
    assert f"intent-{intent.pk}" not in text(boris.get(""))


def test_the_worker_looks_once_however_often_it_is_told(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=False)
    later(seconds=6)
    sandbox.state.record.clear()
    for _ in range(3):
        settle.settle(intent.pk)
    assert sandbox.state.record.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_settle_one_intent_once(sandbox: Sandbox, boris: Frame, later: Later) -> None:
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=True)
    later(seconds=6)
    sandbox.state.record.clear()
    together(*(lambda: settle.settle(intent.pk) for _ in range(4)))
    assert sandbox.state.record.count(LIST) == 1
    intent.refresh_from_db()
    assert intent.state == Intent.State.MADE


# The process dies


def killed_while_sending(form: Form) -> Intent:
    """The row as a process leaves it that is killed between the commit and the answer."""
    now = timezone.now()
    Intent.objects.filter(pk=form.intent_id).update(
        state=Intent.State.SENDING,
        sent_at=now,
        settle_at=now + generate.STILL_SENDING,
        digest="d" * 64,
    )
    return Intent.objects.get(pk=form.intent_id)


@pytest.mark.parametrize("arrived", [True, False])
def test_r05_a_process_killed_while_sending_is_cleared_up(
    sandbox: Sandbox, boris: Frame, later: Later, arrived: bool
) -> None:
    form = open_form(boris, OFFER)
    intent = killed_while_sending(form)
    if arrived:
        made_elsewhere(sandbox).values["DocketMarker"] = intent.marker
    later(seconds=31)
    tasks.sweep.call_local()
    settle_all()
    intent.refresh_from_db()
    if arrived:  # whether its process lives or not: it is there
        assert intent.state == Intent.State.MADE
        assert intent.document_id == documents(sandbox)[0].id
        return
    later(seconds=100)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.SENDING  # somebody may still be waiting
    later(seconds=16)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.UNKNOWN  # the portal may still be writing it
    later(seconds=16)
    settle_all()
    intent.refresh_from_db()
    assert intent.state == Intent.State.MISSING
    made(Form(boris, boris.get(form.path)).send())
    assert len(documents(sandbox)) == 1


def test_next_look_tells_when_to_come_back(sandbox: Sandbox, boris: Frame, later: Later) -> None:
    intent = lose_answer(sandbox, open_form(boris, OFFER), LOST[0], after=True)
    due = settle.next_look(intent.pk)
    assert due is not None
    assert due - timezone.now() <= timedelta(seconds=5)
    later(seconds=6)
    settle_all()
    assert settle.next_look(intent.pk) is None
    assert settle.next_look(UUID(int=0)) is None


# An update


def edit_form(boris: Frame, document_id: int) -> Form:
    return Form(boris, boris.follow(boris.get(f"documents/{document_id}/edit/")))


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_to_an_update_is_settled(
    sandbox: Sandbox, boris: Frame, later: Later, arrived: bool
) -> None:
    document_id = made(open_form(boris, OFFER).send())
    form = edit_form(boris, document_id)
    update = "crm.documentgenerator.document.update"
    sandbox.state.faults.add(Fault(update, "cut", after=arrived, times=1 if arrived else -1))
    answer = form.send({"DocumentTitle": "Second version"})
    assert answer.status_code == 302
    sandbox.state.faults.clear()
    later(seconds=96)
    settle_all()
    intent = Intent.objects.get(pk=form.intent_id)
    (document,) = documents(sandbox)
    if arrived:
        assert intent.state == Intent.State.MADE
        assert document.title == "Second version"
        return
    assert intent.state == Intent.State.MISSING
    again = Form(boris, boris.get(form.path))
    assert "The change was not saved" in again.page
    assert made(again.send()) == document_id
    assert document.title == "Second version"
    assert len(documents(sandbox)) == 1
