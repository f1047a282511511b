"""A ready file is attached: checked first, uploaded once, found again when the answer was lost."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b24app.documents import attach, settle
from b24app.models import Intent, IssuedDocument
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.integration.together import another_browser, together
from tests.people import BORIS, CLARA, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Document
from tests.unit.docx import files

UPLOAD = "crm.documentgenerator.document.upload"
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
MEBI = 1024 * 1024
INPUTS = {"title": "Site survey, signed", "number": "SV-7", "region": "de"}


class AttachForm:
    """The form in an open tab."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        answer = frame.get("attach/")
        assert answer.status_code == 302, text(answer)
        self.path = answer.headers["Location"]
        self.page = text(frame.get(self.path))

    def send(
        self,
        file: bytes | None = None,
        pdf: bytes | None = None,
        name: str = "Survey.docx",
        **typed: str,
    ) -> Any:
        data: dict[str, Any] = {**INPUTS, **typed}
        body = files.real() if file is None else file
        if body:
            data["file"] = SimpleUploadedFile(name, body)
        if pdf is not None:
            data["pdf"] = SimpleUploadedFile("a.pdf", pdf)
        return self.frame.post(self.path, data)

    @property
    def intent(self) -> Intent:
        return Intent.objects.get(pk=self.path.rstrip("/").rpartition("/")[2])


@pytest.fixture
def form(sandbox: Sandbox, boris: Frame) -> AttachForm:
    found = AttachForm(boris)
    sandbox.state.record.clear()
    return found


def attached(sandbox: Sandbox) -> list[Document]:
    return [
        document
        for document in sandbox.portal_one.documents.values()
        if document.entity_id == "501"
    ]


def problem(answer: Any, name: str) -> str:
    found = re.search(rf'id="p-{name}".*?<span>(.*?)</span>', text(answer), re.S)
    return found[1] if found else ""


def look() -> None:
    for intent_id in settle.due():
        settle.settle(intent_id)


def test_a_file_becomes_a_document_of_the_deal(
    sandbox: Sandbox, boris: Frame, form: AttachForm
) -> None:
    document_id = made(form.send(pdf=PDF))
    (document,) = attached(sandbox)
    assert document.id == document_id
    assert (document.title, document.number) == ("Site survey, signed", "SV-7")
    assert document.created_by == BORIS
    kept = sandbox.portal_one.files
    assert kept[document.file_id or 0].body == files.real()
    assert kept[document.pdf_id or 0].body == PDF
    calls = [one.rest_method for one in sandbox.state.record.rest()]
    assert calls == ["crm.item.get", "crm.documentgenerator.document.list", UPLOAD]
    assert IssuedDocument.objects.get().attached


def test_the_list_and_the_page_say_that_it_was_attached(
    sandbox: Sandbox, boris: Frame, form: AttachForm
) -> None:
    document_id = made(form.send())
    listed = text(boris.get(""))
    assert "attached file" in listed
    assert "made in Bitrix24" not in listed
    page = text(boris.get(f"documents/{document_id}/"))
    assert "it cannot be edited" in page
    assert f"documents/{document_id}/edit/" not in page


def test_an_attached_file_cannot_be_edited_by_its_address_either(
    sandbox: Sandbox, boris: Frame, form: AttachForm
) -> None:
    document_id = made(form.send())
    answer = boris.get(f"documents/{document_id}/edit/")
    assert answer.status_code == 409
    assert "This document cannot be edited" in text(answer)
    IssuedDocument.objects.update(attached=False)  # attached elsewhere: its template tells it
    assert boris.get(f"documents/{document_id}/edit/").status_code == 409
    assert Intent.objects.filter(kind=Intent.Kind.UPDATE).count() == 0


def test_without_a_name_it_has_the_files(sandbox: Sandbox, form: AttachForm) -> None:
    made(form.send(title=" ", name="Survey of May.docx"))
    assert attached(sandbox)[0].title == "Survey of May"


@pytest.mark.parametrize(
    ("sent", "name", "words"),
    [
        ({"number": " "}, "number", "Bitrix24 needs a value here."),
        ({"number": "1" * 256}, "number", "256 characters are too many: 255 fit."),
        ({"title": "x" * 300}, "title", "300 characters are too many: 255 fit."),
        ({"region": "xx"}, "region", "Choose one of the list."),
        ({"file": b""}, "file", "Choose a Word file"),
        ({"file": PDF}, "file", "This is not a .docx"),
        ({"file": files.real() + bytes(10 * MEBI)}, "file", "The file is too big"),
        ({"file": files.packed({"word/vbaProject.bin": b"x"})}, "file", "macros or controls"),
        ({"pdf": b"<html>"}, "pdf", "This is not a PDF"),
        ({"pdf": b"%PDF-1.7 cut off"}, "pdf", "This is not a PDF"),
        ({"pdf": PDF + bytes(10 * MEBI)}, "pdf", "The PDF is too big"),
    ],
)
def test_bad_input_gets_a_sentence_beside_its_field_and_nothing_is_sent(
    sandbox: Sandbox, form: AttachForm, sent: dict[str, Any], name: str, words: str
) -> None:
    answer = form.send(**sent)
    assert answer.status_code == 422
    assert words in problem(answer, name)
    assert "choose it again" in text(answer)
    again = text(form.frame.get(form.path))
    assert f'value="{sent.get("title", INPUTS["title"])}"' in again
    assert list(sandbox.state.record) == []
    assert made(form.send())


def test_s39_a_much_bigger_request_is_not_read_at_all(sandbox: Sandbox, form: AttachForm) -> None:
    answer = form.send(file=files.real() + bytes(26 * MEBI))
    assert answer.status_code == 413
    assert "far too big" in problem(answer, "file")
    assert list(sandbox.state.record) == []


def test_s39_no_other_address_takes_files(boris: Frame) -> None:
    other = open_form(boris, OFFER)
    answer = boris.post(other.path, {**other.inputs, "file": BytesIO(files.bomb(MEBI))})
    assert answer.status_code == 302
    assert answer.wsgi_request.FILES == {}


def test_s39_nothing_of_a_file_is_evaluated(sandbox: Sandbox, form: AttachForm) -> None:
    """What would be a placeholder, a tag or markup elsewhere is text here."""
    hostile = files.packed({files.BODY: files.text("{DocumentNumber} {{ 7|add:7 }} {% now 'Y' %}")})
    document_id = made(form.send(file=hostile, title="{{ 7|add:7 }} <b>x</b>"))
    document = sandbox.portal_one.documents[document_id]
    assert sandbox.portal_one.files[document.file_id or 0].body == hostile
    page = form.frame.get("")
    assert "{{ 7|add:7 }} <b>x</b>" in text(page)
    assert b"<b>x" not in page.content


def test_s25_who_may_not_read_the_deal_cannot_attach(
    sandbox: Sandbox, boris: Frame, form: AttachForm
) -> None:
    """Bitrix24 itself would let him: document.upload does not look at the deal."""
    sandbox.portal_one.users[BORIS].reads_deals = "none"
    answer = form.send()
    assert answer.status_code == 403
    assert sandbox.state.record.count(UPLOAD) == 0
    assert attached(sandbox) == []


def test_s30_only_named_inputs_count(sandbox: Sandbox, form: AttachForm) -> None:
    made(form.send(entityId="503", entityTypeId="1", portal="2", state="made"))
    (call,) = sandbox.state.record.rest(UPLOAD)
    fields = call.params["fields"]
    assert (fields["entityTypeId"], fields["entityId"]) == (2, 501)
    assert sorted(fields) == [
        "entityId",
        "entityTypeId",
        "fileContent",
        "number",
        "region",
        "title",
    ]


def test_a_refusal_of_the_portal_keeps_what_was_typed(sandbox: Sandbox, form: AttachForm) -> None:
    sandbox.portal_one.users[BORIS].documents_modify = False
    sandbox.state.faults.add(Fault(UPLOAD, "error", status=400, code="0", message="Nein"))
    answer = form.send()
    assert answer.status_code == 409
    assert "Bitrix24 said no" in text(answer)
    assert 'value="Site survey, signed"' in text(answer)
    assert form.intent.state == Intent.State.REFUSED
    assert made(form.send())


# The answer is lost


LOST = [
    Fault(UPLOAD, "cut", after=True),
    Fault(UPLOAD, "html", status=502, after=True),
    Fault(UPLOAD, "timeout", seconds=0.1, after=True),
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind)
def test_r03_a_lost_answer_is_found_by_the_file_itself(
    sandbox: Sandbox, boris: Frame, form: AttachForm, later: Later, fault: Fault
) -> None:
    sandbox.state.faults.add(fault)
    answer = form.send()
    assert answer.headers["Location"] == form.path
    assert "finding out whether the file was attached" in text(boris.get(form.path))
    assert form.send().headers["Location"] == form.path  # pressed again
    assert boris.get(f"{form.path}state/").headers.get("HX-Location") is None
    later(seconds=6)
    look()
    (document,) = attached(sandbox)
    assert form.intent.state == Intent.State.MADE
    assert made(boris.get(form.path)) == document.id
    assert form.path in boris.get(f"{form.path}state/").headers["HX-Location"]
    assert sandbox.state.record.count(UPLOAD) == 1
    assert IssuedDocument.objects.get().attached


def test_r03_what_was_not_attached_may_be_sent_again_after_the_quiet_period(
    sandbox: Sandbox, boris: Frame, form: AttachForm, later: Later
) -> None:
    sandbox.state.faults.add(Fault(UPLOAD, "cut"))
    form.send()
    later(seconds=6)
    look()
    assert form.intent.state == Intent.State.UNKNOWN
    later(seconds=91)
    look()
    assert form.intent.state == Intent.State.MISSING
    page = text(boris.get(form.path))
    assert "The file was not attached" in page
    assert 'value="SV-7"' in page
    assert made(form.send())
    assert len(attached(sandbox)) == 1


def test_r06_where_the_portal_has_rewritten_the_file_the_person_is_asked(
    sandbox: Sandbox, boris: Frame, form: AttachForm, later: Later
) -> None:
    sandbox.state.faults.add(Fault(UPLOAD, "cut", after=True))
    form.send()
    (document,) = attached(sandbox)
    sandbox.portal_one.files[document.file_id or 0].body += b" "
    later(seconds=6)
    look()
    assert form.intent.state == Intent.State.UNKNOWN
    later(seconds=91)
    look()
    assert form.intent.state == Intent.State.CHECK
    assert "Say which one" in text(boris.get(""))
    assert "Is “Site survey, signed” one of these?" in text(boris.get(form.path))
    other = next(d.id for d in sandbox.portal_one.documents.values() if d.entity_id == "503")
    for wrong in (str(other), "", "-1", "²"):
        assert boris.post(f"{form.path}decide/", {"document": wrong}).status_code == 404
    answer = boris.post(f"{form.path}decide/", {"document": str(document.id)})
    assert made(boris.get(answer.headers["Location"])) == document.id
    assert sandbox.state.record.count(UPLOAD) == 1


def test_r06_the_person_says_that_it_is_none_of_them(
    sandbox: Sandbox, boris: Frame, anna: Frame, form: AttachForm, later: Later
) -> None:
    """Boris himself has attached another paper of that number meanwhile, from elsewhere."""
    sandbox.state.faults.add(Fault(UPLOAD, "cut"))
    form.send()
    template = made(AttachForm(boris).send(title="Another", number="SV-7", file=files.packed()))
    Intent.objects.filter(document_id=template).delete()
    later(seconds=97)
    look()
    assert form.intent.state == Intent.State.CHECK
    assert anna.get(form.path).status_code == 404
    boris.post(f"{form.path}decide/", {"document": "none"})
    assert form.intent.state == Intent.State.MISSING
    assert made(form.send())
    assert [d.title for d in attached(sandbox)] == ["Another", "Site survey, signed"]


def test_what_others_attached_or_made_meanwhile_is_not_taken_for_it(
    sandbox: Sandbox, boris: Frame, anna: Frame, form: AttachForm, later: Later
) -> None:
    sandbox.state.faults.add(Fault(UPLOAD, "cut"))
    form.send()
    assert AttachForm(anna).send().status_code == 409  # the same file: told to wait
    made(AttachForm(anna).send(file=files.packed()))
    made(open_form(boris, OFFER).send({"DocumentTitle": INPUTS["title"]}))
    made(AttachForm(boris).send(number="SV-8", file=files.packed()))  # another form's, as we know
    later(seconds=97)
    look()
    assert form.intent.state == Intent.State.MISSING


def test_r05_a_process_that_died_while_sending_is_settled_too(
    sandbox: Sandbox, boris: Frame, form: AttachForm, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(attach, "made", die)
        with pytest.raises(Killed):
            form.send()
    assert form.intent.state == Intent.State.SENDING
    later(seconds=181)
    look()
    assert form.intent.state == Intent.State.MADE
    assert len(attached(sandbox)) == 1


@pytest.mark.django_db(transaction=True)
def test_r07_a_double_click_and_a_second_tab_attach_once(sandbox: Sandbox, boris: Frame) -> None:
    first, second = AttachForm(boris), AttachForm(boris)
    sandbox.state.faults.add(Fault(UPLOAD, "slow", seconds=1.0))
    tabs = []
    for form in (first, first, second):
        twin = AttachForm.__new__(AttachForm)
        twin.frame, twin.path, twin.page = another_browser(boris), form.path, form.page
        tabs.append(twin)
    answers = together(*(tab.send for tab in tabs))
    assert {answer.status_code for answer in answers} == {302}
    assert len(attached(sandbox)) == 1
    assert sandbox.state.record.count(UPLOAD) == 1
    settled = [made(boris.get(form.path)) for form in (first, second) if form.intent.document_id]
    assert settled == [attached(sandbox)[0].id]


def test_forms_of_one_kind_do_not_open_at_the_others_address(
    boris: Frame, form: AttachForm
) -> None:
    intent_id = form.path.rstrip("/").rpartition("/")[2]
    assert boris.get(f"forms/{intent_id}/").status_code == 404
    assert boris.post(f"forms/{intent_id}/").status_code == 404
    offer = open_form(boris, OFFER)
    assert boris.get(f"attach/{offer.intent_id}/").status_code == 404


def test_names_and_hashes_are_kept_sealed(form: AttachForm) -> None:
    made(form.send())
    intent = form.intent
    assert intent.form["number"] == "SV-7"
    assert b"SV-7" not in bytes(intent.form_sealed) + bytes(intent.typed_sealed)


def test_clara_has_no_form_in_a_deal_that_is_not_hers(clara_501: Frame) -> None:
    assert clara_501.get("attach/").status_code == 403
    assert Intent.objects.count() == 0


@pytest.fixture
def clara_501(sandbox: Sandbox, docket: Any) -> Frame:
    from tests import people

    return people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501)
