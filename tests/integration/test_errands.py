"""When the PDF is ready: link, note and e-mail, planned by Boris and done while he is elsewhere."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from b24app import tasks
from b24app.documents import errand_work, housekeeping, readiness
from b24app.documents.errors import NoSuchErrand
from b24app.models import Errand, FrameSession, IssuedDocument, Portal
from b24app.portals import keys
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.integration.together import together
from tests.people import CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, TimelineEntry

COMMENT = "crm.timeline.comment.add"
ACTIVITY = "crm.activity.add"
LINK = "crm.documentgenerator.document.enablepublicurl"
State = Errand.State
CLIENT = "k.vogt@lindner-vogt.example"


def work() -> None:
    """What the worker does each minute."""
    for portal_id in readiness.due_portals():
        readiness.look(portal_id)
    for errand_id in errand_work.due():
        errand_work.run(errand_id)


def generate(boris: Frame, *kinds: str, **typed: str) -> int:
    """Generates an offer with these ticks in the bar."""
    form = open_form(boris, OFFER)
    form.inputs |= {f"later-{kind}": "on" for kind in kinds}
    return made(form.send({"DocumentTitle": "Offer for the refit", **typed}))


def errand(kind: str) -> Errand:
    return Errand.objects.exclude(state=State.DROPPED).get(kind=kind)


def timeline(sandbox: Sandbox) -> list[TimelineEntry]:
    return sandbox.portal_one.timeline


def after(boris: Frame, document_id: int) -> str:
    """The list as the document's page shows it."""
    page = text(boris.get(f"documents/{document_id}/"))
    found = re.search(r'<section class="card" id="after".*?</section>', page, re.S)
    assert found
    return found[0]


@pytest.fixture
def offer(sandbox: Sandbox, boris: Frame) -> int:
    """An offer of Boris's whose PDF is there."""
    document_id = generate(boris)
    boris.get(f"documents/{document_id}/")
    sandbox.state.record.clear()
    return document_id


@pytest.fixture
def converting(sandbox: Sandbox) -> None:
    """PDFs take half a minute."""
    sandbox.state.options.conversion_delay = 30


def plan(boris: Frame, document_id: int, kind: str) -> Any:
    return boris.post(f"documents/{document_id}/after/", {"kind": kind}, target="after")


def path_of(document_id: int, one: Errand, what: str) -> str:
    return f"documents/{document_id}/after/{one.pk}/{what}/"


class Letter:
    """The e-mail as the page shows it, and as the browser sends it."""

    def __init__(self, boris: Frame, document_id: int) -> None:
        self.boris = boris
        plan(boris, document_id, "email")
        self.path = path_of(document_id, errand("email"), "letter")
        self.answer = boris.get(self.path)
        self.page = text(self.answer)

    def field(self, pattern: str) -> str:
        found = re.search(pattern, self.answer.content.decode(), re.S)
        assert found, self.page
        return html.unescape(found[1])

    def send(self, **typed: str) -> Any:
        sent = {
            "to": self.field(r'<option value="([^"]*)" selected'),
            "subject": self.field(r'name="subject" value="([^"]*)"'),
            "text": self.field(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>'),
        }
        return self.boris.post(self.path, sent | typed)


# The whole story


@pytest.mark.usefixtures("converting")
def test_boris_ticks_link_and_note_and_closes_the_tab(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    document_id = generate(boris, "link", "note")
    shown = after(boris, document_id)
    assert "0 of 2 done" in shown
    assert shown.count("when the PDF is ready") == 2
    later(seconds=9)
    work()
    assert [one.state for one in Errand.objects.all()] == [State.PLANNED] * 2
    assert timeline(sandbox) == []
    later(seconds=40)
    work()
    document = sandbox.portal_one.documents[document_id]
    assert document.public_hash
    [entry] = timeline(sandbox)
    assert (entry.kind, entry.entity_id, entry.author_id) == ("comment", 501, 7)
    assert "The PDF is ready: Offer for the refit" in entry.text
    [(name, content)] = entry.files
    assert name == "Offer for the refit.pdf"
    assert content.startswith(b"%PDF")
    shown = after(boris, document_id)
    assert "2 of 2 done" in shown
    assert "done today" in shown
    later(minutes=5)
    work()
    assert len(timeline(sandbox)) == 1


def test_the_choices_stay_with_the_form(sandbox: Sandbox, boris: Frame) -> None:
    form = open_form(boris, OFFER)
    assert "When the PDF is ready" in form.page
    form.inputs["later-note"] = "on"
    answer = form.send({"BeginDate": "soon"})
    assert answer.status_code == 422
    page = text(answer)
    assert re.search(r'name="later-note" checked', page)
    assert not re.search(r'name="later-link" checked', page)
    assert not Errand.objects.exists()


def test_what_was_chosen_survives_a_lost_answer(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    sandbox.state.faults.add(Fault("crm.documentgenerator.document.add", "cut", after=True))
    form = open_form(boris, OFFER)
    form.inputs["later-note"] = "on"
    form.send()
    later(seconds=6)
    tasks.settle_intent.call_local(form.intent_id)
    later(seconds=10)
    work()
    assert errand("note").state == State.DONE
    assert len(timeline(sandbox)) == 1


def test_everything_is_done_with_boriss_own_token(sandbox: Sandbox, boris: Frame) -> None:
    document_id = generate(boris, "link", "note")
    boris.get(f"documents/{document_id}/")
    sandbox.state.record.clear()
    work()
    assert sandbox.state.record.count(COMMENT) == 1
    assert {call.user_id for call in sandbox.state.record} == {7}


@pytest.mark.usefixtures("converting")
def test_the_deals_list_tells_what_is_planned(sandbox: Sandbox, boris: Frame, later: Later) -> None:
    generate(boris, "link", "email")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text(boris.get(""))))
    assert "Link on: planned" in page
    assert "E-mail to the client: waits for you" in page
    plan(boris, IssuedDocument.objects.get().document_id, "note")
    later(seconds=40)
    work()
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text(boris.get(""))))
    assert "Link on" not in page
    assert "E-mail to the client: waits for you" in page
    assert "Note in the timeline: today" in page


# Planned later, dropped


@pytest.mark.usefixtures("converting")
def test_what_is_dropped_is_not_done(sandbox: Sandbox, boris: Frame, later: Later) -> None:
    document_id = generate(boris, "link", "note")
    answer = boris.post(path_of(document_id, errand("note"), "drop"), target="after")
    assert "Note with the PDF" not in text(answer)
    assert "Link on" in text(answer)
    later(seconds=40)
    work()
    assert sandbox.portal_one.documents[document_id].public_hash
    assert timeline(sandbox) == []


def test_a_note_is_planned_on_the_page_and_done_at_once(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    answer = plan(boris, offer, "note")
    assert "being done now" in text(answer)
    assert 'hx-trigger="every 3s"' in text(answer)
    assert boris.get(f"documents/{offer}/after/", target="after").status_code == 200
    work()
    done = boris.get(f"documents/{offer}/after/", target="after")
    assert done.status_code == 204
    assert done.headers["HX-Location"]
    assert len(timeline(sandbox)) == 1
    assert "Note in the timeline" in after(boris, offer)  # another one may be planned


def test_planned_twice_is_planned_once(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "note")
    plan(boris, offer, "note")
    assert plan(boris, offer, "carrier pigeon").status_code == 404
    work()
    assert len(timeline(sandbox)) == 1


def test_done_cannot_be_dropped(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "note")
    work()
    one = errand("note")
    boris.post(path_of(offer, one, "drop"), target="after")
    assert errand("note").state == State.DONE


def test_a_document_made_elsewhere_gets_its_note_too(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    IssuedDocument.objects.all().delete()
    plan(boris, offer, "note")
    later(seconds=9)
    work()
    assert len(timeline(sandbox)) == 1


def test_errands_go_with_the_document(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "note")
    boris.post(f"documents/{offer}/delete/")
    assert not Errand.objects.exists()
    work()
    assert timeline(sandbox) == []


def test_a_failed_pdf_keeps_what_is_planned_until_it_is_there(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    sandbox.state.options.conversion_fails = True
    document_id = generate(boris, "note")
    page = text(boris.get(f"documents/{document_id}/"))
    assert "Bitrix24 could not make the PDF" in page
    assert "when the PDF is ready" in page
    work()
    sandbox.state.options.conversion_fails = False
    boris.post(f"documents/{document_id}/retry/")
    later(seconds=9)
    work()
    assert len(timeline(sandbox)) == 1


# Refused, busy, silent


def test_the_portal_refuses_the_note_and_boris_tries_again(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    sandbox.state.faults.add(
        Fault(COMMENT, "error", status=400, code="ACCESS_DENIED", message="Zugriff verweigert")
    )
    plan(boris, offer, "note")
    work()
    assert errand("note").state == State.FAILED
    shown = after(boris, offer)
    assert "Zugriff verweigert" in shown
    assert "then try again" in shown
    again = boris.post(path_of(offer, errand("note"), "again"), target="after")
    assert "being done now" in text(again)
    work()
    assert errand("note").state == State.DONE
    assert len(timeline(sandbox)) == 1


def test_a_right_that_was_withdrawn_meanwhile(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "link")
    sandbox.portal_one.users[7].reads_deals = "none"
    work()
    assert (errand("link").state, errand("link").error_code) == (State.FAILED, "no_deal")
    assert sandbox.portal_one.documents[offer].public_hash is None


def test_a_document_that_was_deleted_meanwhile(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "note")
    del sandbox.portal_one.documents[offer]
    work()
    assert errand("note").error_code == "no_document"
    assert timeline(sandbox) == []


def test_boriss_sign_in_has_ended(
    sandbox: Sandbox, boris: Frame, offer: int, portal: Portal, docket: Application
) -> None:
    plan(boris, offer, "note")
    portal.chains.filter(user_id=7).update(dead=True)
    work()
    assert (errand("note").state, errand("note").error_code) == (State.FAILED, "no_token")
    assert {call.user_id for call in sandbox.state.record.rest(COMMENT)} == set()
    back = people.open_tab(sandbox, sandbox.portal_one, docket, 7, 501)
    assert "your sign-in had ended" in after(back, offer)
    back.post(path_of(offer, errand("note"), "again"), target="after")
    work()
    assert [entry.author_id for entry in timeline(sandbox)] == [7]


def test_a_busy_portal_is_asked_again_later_and_rarer(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later, docket: Application
) -> None:
    plan(boris, offer, "note")
    busy = {"status": 503, "code": "QUERY_LIMIT_EXCEEDED"}
    sandbox.state.faults.add(Fault("*", "error", times=-1, **busy))
    waits = []
    for _ in range(errand_work.TRIES):
        work()
        one = errand("note")
        if one.state != State.PLANNED:
            break
        assert one.due_at
        waits.append(round((one.due_at - timezone.now()).total_seconds() / 60))
        later(seconds=waits[-1] * 60 + 1)
    assert waits == [1, 2, 4, 8, 16, 32, 60]
    assert errand("note").state == State.FAILED
    sandbox.state.faults.clear()
    back = people.open_tab(sandbox, sandbox.portal_one, docket, 7, 501)
    assert "Bitrix24 said no" not in after(back, offer)
    back.post(path_of(offer, errand("note"), "again"), target="after")
    later(seconds=11)  # the worker stands back for people after a limit
    work()
    assert len(timeline(sandbox)) == 1


def test_a_link_whose_answer_was_lost_is_simply_switched_again(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(LINK, "cut", after=True, times=3))
    plan(boris, offer, "link")
    work()
    assert errand("link").state == State.PLANNED
    later(seconds=61)
    work()
    assert errand("link").state == State.DONE
    assert sandbox.portal_one.documents[offer].public_hash


def test_a_pdf_that_is_made_anew_meanwhile_is_waited_for(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    plan(boris, offer, "note")
    sandbox.portal_one.documents[offer].pdf_id = None
    work()
    assert errand("note").state == State.PLANNED
    assert timeline(sandbox) == []


def test_a_pdf_too_big_to_go_along(
    sandbox: Sandbox, boris: Frame, offer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand_work, "ATTACHMENT_LIMIT", 1000)
    plan(boris, offer, "note")
    work()
    assert errand("note").error_code == "too_big"
    assert "Switch the link on" in after(boris, offer)


def test_a_title_from_outside_brings_no_codes_into_the_note(sandbox: Sandbox, boris: Frame) -> None:
    title = "[url=https://evil.example]Offer[/url] <b>x</b>"
    document_id = generate(boris, "note", DocumentTitle=title)
    boris.get(f"documents/{document_id}/")
    work()
    [entry] = timeline(sandbox)
    assert "[" not in entry.text
    assert "/" not in entry.files[0][0]


# Lost answers


@pytest.mark.parametrize("kind", ["cut", "html", "empty"])
def test_a_note_whose_answer_was_lost_is_found_and_not_written_twice(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later, kind: Any
) -> None:
    sandbox.state.faults.add(Fault(COMMENT, kind, status=502, after=True))
    plan(boris, offer, "note")
    work()
    assert errand("note").state == State.UNKNOWN
    assert "Docket looks whether it is in the timeline" in after(boris, offer)
    later(seconds=6)
    work()
    assert errand("note").state == State.DONE
    later(minutes=10)
    work()
    assert len(timeline(sandbox)) == 1
    assert sandbox.state.record.count(COMMENT) == 1


def test_a_note_that_is_not_there_is_not_written_without_boris(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(COMMENT, "cut"))
    plan(boris, offer, "note")
    for _ in range(12):
        work()
        later(seconds=16)
    assert errand("note").state == State.MISSING
    assert sandbox.state.record.count(COMMENT) == 1
    assert "it was not done" in after(boris, offer)
    boris.post(path_of(offer, errand("note"), "again"), target="after")
    work()
    assert errand("note").state == State.DONE
    assert len(timeline(sandbox)) == 1


def test_nobody_can_look_for_a_day(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later, docket: Application
) -> None:
    sandbox.state.faults.add(Fault(COMMENT, "cut", after=True))
    plan(boris, offer, "note")
    work()
    sandbox.state.faults.add(Fault("*", "html", status=502, times=-1))
    for _ in range(40):
        later(hours=1)
        work()
    assert (errand("note").state, errand("note").error_code) == (State.MISSING, "not_seen")
    sandbox.state.faults.clear()
    back = people.open_tab(sandbox, sandbox.portal_one, docket, 7, 501)
    assert "See in the timeline whether it is there before you try again" in after(back, offer)


def test_a_worker_that_died_before_the_call_is_followed_by_another(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    plan(boris, offer, "note")
    Errand.objects.update(state=State.DOING, due_at=timezone.now() + errand_work.LEASE, tries=1)
    work()
    assert timeline(sandbox) == []
    later(minutes=6)
    work()
    assert errand("note").state == State.DONE
    assert len(timeline(sandbox)) == 1


@pytest.mark.parametrize("kind", ["note", "email"])
def test_a_worker_that_died_in_the_call_leaves_no_second_one(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later, kind: str, monkeypatch: Any
) -> None:
    """Killed after the call went out: the row still says that it is being sent."""
    if kind == "email":
        Letter(boris, offer).send()
    else:
        plan(boris, offer, kind)

    class Killed(BaseException):
        pass

    def die(one: Errand) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(errand_work, "_done", die)
        with pytest.raises(Killed):
            work()
    assert errand(kind).state == State.SENDING
    later(minutes=6)
    work()
    later(seconds=20)
    work()
    assert errand(kind).state == State.DONE
    assert len(timeline(sandbox)) == 1


def test_a_worker_that_woke_up_too_late_stops(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later, monkeypatch: Any
) -> None:
    """It held the errand, slept past its lease, and another has done it."""
    plan(boris, offer, "note")
    real = errand_work._pdf

    def sleepy(client: Any, document: Any) -> Any:
        monkeypatch.setattr(errand_work, "_pdf", real)
        later(minutes=6)
        work()
        return real(client, document)

    monkeypatch.setattr(errand_work, "_pdf", sleepy)
    work()
    assert errand("note").state == State.DONE
    assert len(timeline(sandbox)) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_do_it_once(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    plan(boris, offer, "note")
    sandbox.state.faults.add(Fault(COMMENT, "slow", seconds=0.3, times=-1))
    pk = errand("note").pk
    together(*(lambda: errand_work.run(pk) for _ in range(4)))
    assert len(timeline(sandbox)) == 1


# The e-mail


def test_the_email_waits_until_boris_has_read_it(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    document_id = generate(boris, "email")
    boris.get(f"documents/{document_id}/")
    work()
    later(minutes=30)
    work()
    assert timeline(sandbox) == []
    assert "it cannot be called back, so read it first" in after(boris, document_id)


def test_the_email_is_shown_in_full_and_goes_as_it_was_read(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    boris.post(f"documents/{offer}/link/", {"on": "1"}, target="link")
    letter = Letter(boris, offer)
    assert CLIENT in letter.page
    assert "An e-mail cannot be called back." in letter.page
    assert "shared CRM mailbox" in letter.page
    assert "Offer for the refit.pdf" in letter.page
    assert f"/~{sandbox.portal_one.documents[offer].public_short}" in letter.page
    assert timeline(sandbox) == []
    answer = letter.send(text="Dear Katrin,\r\nhere it is.\r\nBoris")
    assert answer.headers["Location"].endswith(f"/documents/{offer}/")
    assert timeline(sandbox) == []  # the worker's, not the request's
    work()
    [entry] = timeline(sandbox)
    assert entry.sent_to == [CLIENT]
    assert entry.title == "Offer for the refit"
    assert entry.text == "Dear Katrin,\nhere it is.\nBoris"
    assert entry.files[0][0] == "Offer for the refit.pdf"
    assert (entry.fields["DESCRIPTION_TYPE"], entry.fields["RESPONSIBLE_ID"]) == (1, 7)
    assert f"E-mail to {CLIENT}" in after(boris, offer)


@pytest.mark.usefixtures("converting")
def test_the_email_may_be_read_while_the_pdf_is_made(
    sandbox: Sandbox, boris: Frame, later: Later
) -> None:
    document_id = generate(boris)
    letter = Letter(boris, document_id)
    assert "send it when the PDF is ready" in letter.page
    letter.send()
    work()
    assert timeline(sandbox) == []
    later(seconds=40)
    work()
    assert timeline(sandbox)[0].sent_to == [CLIENT]


def test_sent_twice_by_an_impatient_hand_goes_once(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    letter = Letter(boris, offer)
    letter.send()
    work()
    letter.send(text="Again")
    work()
    assert len(timeline(sandbox)) == 1


def test_a_second_email_is_told_of_the_first(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    Letter(boris, offer).send()
    work()
    plan(boris, offer, "email")
    second = Errand.objects.get(state=State.ASKED)
    page = text(boris.get(path_of(offer, second, "letter")))
    assert "An e-mail with this document went out today" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"to": "3:31:stranger@evil.example"},
        {"to": "2:501:k.vogt@lindner-vogt.example"},
        {"to": ""},
        {"subject": "  "},
        {"subject": "x" * 251},
        {"text": ""},
        {"text": "x" * 20_001},
    ],
)
def test_an_email_that_cannot_go_is_shown_again(
    sandbox: Sandbox, boris: Frame, offer: int, typed: dict[str, str]
) -> None:
    letter = Letter(boris, offer)
    answer = letter.send(**{"text": "Typed with care", **typed})
    assert answer.status_code == 422
    page = text(answer)
    assert "Nothing was sent" in page
    assert "Typed with care" in page or "text" in typed
    work()
    assert timeline(sandbox) == []


def test_a_subject_of_several_lines_is_one(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    Letter(boris, offer).send(subject="Offer\r\nBcc: everybody@evil.example")
    work()
    assert timeline(sandbox)[0].title == "Offer Bcc: everybody@evil.example"


def test_clients_that_boris_may_not_read_are_not_offered(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    sandbox.portal_one.users[7].reads_clients = False
    letter = Letter(boris, offer)
    assert "The client has no e-mail address" in letter.page
    assert "lindner-vogt.example" not in letter.page


def test_without_a_mailbox_the_page_says_what_is_left_behind(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    sandbox.state.options.crm_mailbox = False
    Letter(boris, offer).send()
    work()
    assert timeline(sandbox)[0].sent_to == []
    shown = after(boris, offer)
    assert "Bitrix24 did not send it." in shown
    assert "delete it there" in shown
    assert "no mailbox is connected to the CRM" in shown
    sandbox.state.options.crm_mailbox = True
    again = boris.post(path_of(offer, errand("email"), "again"))
    assert again.headers["Location"].endswith("/letter/")
    assert errand("email").state == State.ASKED
    letter = boris.get(again.headers["Location"])
    assert "Read the e-mail before it goes" in text(letter)


def test_an_email_whose_answer_was_lost_is_never_sent_twice(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(ACTIVITY, "cut", after=True))
    Letter(boris, offer).send()
    work()
    assert errand("email").state == State.UNKNOWN
    later(seconds=6)
    work()
    assert (errand("email").state, errand("email").found) == (State.DONE, True)
    assert "see there whether it went out" in after(boris, offer)
    assert sandbox.state.record.count(ACTIVITY) == 1


def test_an_email_that_never_arrived_in_the_portal(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    sandbox.state.faults.add(Fault(ACTIVITY, "cut"))
    Letter(boris, offer).send()
    for _ in range(12):
        work()
        later(seconds=16)
    assert errand("email").state == State.MISSING
    assert timeline(sandbox) == []
    assert "Read and send again" in after(boris, offer)


# Who sees it


def test_clara_sees_and_touches_nothing(
    sandbox: Sandbox, boris: Frame, offer: int, docket: Application
) -> None:
    plan(boris, offer, "note")
    one = errand("note")
    clara = people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
    assert plan(clara, offer, "link").status_code == 403
    assert clara.get(f"documents/{offer}/after/", target="after").status_code == 403
    for what in ("drop", "again", "letter"):
        assert clara.post(path_of(offer, one, what)).status_code == 403
    assert errand("note").state == State.PLANNED
    assert not Errand.objects.filter(kind="link").exists()


def test_anna_sees_boriss_plan_but_it_stays_his(
    sandbox: Sandbox, boris: Frame, anna: Frame, offer: int
) -> None:
    Letter(boris, offer).send()
    shown = after(anna, offer)
    assert "by Boris Hartmann" in shown
    assert CLIENT not in shown
    assert ">Drop<" not in shown
    assert anna.post(path_of(offer, errand("email"), "drop")).status_code == 404
    assert plan(anna, offer, "email").status_code == 404
    assert errand("email").state == State.PLANNED


def test_another_deals_document_is_not_to_be_had(
    sandbox: Sandbox, boris: Frame, offer: int
) -> None:
    plan(boris, offer, "note")
    foreign = next(d.id for d in sandbox.portal_one.documents.values() if d.entity_id == "503")
    assert plan(boris, foreign, "link").status_code == 404
    assert boris.post(path_of(foreign, errand("note"), "drop")).status_code == 404


def test_the_letter_is_sealed_rotated_and_forgotten(
    sandbox: Sandbox, boris: Frame, offer: int, later: Later
) -> None:
    Letter(boris, offer).send(text="Between you and me")
    one = errand("email")
    assert b"Between" not in bytes(one.letter_sealed)
    assert one.letter["text"] == "Between you and me"
    assert Errand in keys.SEALED
    work()
    FrameSession.objects.update(ends_at=timezone.now() + timedelta(days=60))
    later(days=31)
    housekeeping.tidy()
    assert not errand("email").letter_sealed


def test_an_errand_of_nobody_is_not_planned(sandbox: Sandbox, boris: Frame, offer: int) -> None:
    from b24app.documents import errands

    session = FrameSession.objects.get(person__user_id=7)
    with pytest.raises(NoSuchErrand):
        errands.plan(session, offer, "")


def test_the_sweep_picks_up_what_lost_its_message(
    sandbox: Sandbox, boris: Frame, offer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(boris, offer, "note")
    found: list[str] = []
    monkeypatch.setattr(tasks, "run_errand", found.append)
    tasks.sweep.call_local()
    assert found == [str(errand("note").pk)]


def test_the_worker_comes_back_for_what_is_not_settled(
    sandbox: Sandbox, boris: Frame, offer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.state.faults.add(Fault(COMMENT, "cut"))
    plan(boris, offer, "note")
    sent: list[tuple[Any, float]] = []
    monkeypatch.setattr(
        tasks.run_errand, "schedule", lambda args, delay: sent.append((args, delay))
    )
    tasks.run_errand.call_local(str(errand("note").pk))
    [(args, delay)] = sent
    assert args == (str(errand("note").pk),)
    assert 1 <= delay <= 6
    tasks.run_errand.call_local(str(errand("note").pk))  # not due: breeds no other
    assert len(sent) == 1
