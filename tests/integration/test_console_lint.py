"""F8: Anna finds out what is wrong with a template before anybody makes a document of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b24app import tasks
from b24app.console import lint, lint_all
from b24app.models import DownloadTicket, Job, Portal
from b24app.portals.clients import installation
from tests.integration.pages import ACT, CONTRACT, FRAMEWORK, INVOICE, OFFER, SECRECY, text
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.unit.docx import files, templates
from tests.unit.docx.templates import written

TEMPLATES = "console/templates/"
SAMPLES = (OFFER, CONTRACT, INVOICE, ACT)


def plain(answer: Any) -> str:
    """What is read on the page, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def dropped(console: Frame, body: bytes, kind: str = "2", name: str = "Draft.docx") -> Any:
    file = SimpleUploadedFile(name, body)
    return console.post(f"{TEMPLATES}check/", {"kind": kind, "file": file})  # type: ignore[dict-item]


def replace_file(sandbox: Sandbox, template_id: int, body: bytes) -> None:
    """Somebody has uploaded another file in Bitrix24."""
    sandbox.portal_one.templates[template_id].body = body


# a template of the portal


@pytest.mark.parametrize("template_id", SAMPLES)
def test_the_four_sample_templates_are_clean(console: Frame, template_id: int) -> None:
    page = plain(console.get(f"{TEMPLATES}{template_id}/lint/"))
    assert "Clean" in page
    assert "Nothing is wrong with how it is written." in page
    assert "unsure" not in page


def test_every_template_of_the_sandbox_is_clean(sandbox: Sandbox, console: Frame) -> None:
    client = installation(Portal.objects.get())
    for template_id in sandbox.portal_one.templates:
        _, linted = lint.of_template(client, template_id)
        assert linted.report is not None
        assert (linted.report.findings, linted.unjudged) == ((), ())


def test_a_seeded_file_gives_its_findings_in_place(sandbox: Sandbox, console: Frame) -> None:
    replace_file(sandbox, OFFER, templates.ten_mistakes())
    page = plain(console.get(f"{TEMPLATES}{OFFER}/lint/"))
    assert "7 to fix" in page
    assert "3 to look at" in page
    assert "Unknown: {RequisiteVatId} paragraph 2, “VAT ID {RequisiteVatId}”" in page
    assert "Unknown: {ProductsProductNmae} paragraph 7, table 1, row 2" in page
    assert "Brace never closed: {TotalSum paragraph 9" in page
    assert "Prints as it stands. Add } after TotalSum." in page
    assert "Brace never opened: DocumentNumber} page footer" in page
    assert "Table field outside a table: {ProductsProductName} paragraph 4" in page
    assert "No such modifier: {TotalSum~Wordz=Y} paragraph 10" in page
    assert "Block without an end: {Products.BLOCK_START} paragraph 12" in page
    assert "Block without a start: {Taxes.BLOCK_END} paragraph 11" in page
    assert "Picture without a size: {MyCompanyUfLogo} page header" in page
    assert "Too big for Bitrix24" in page
    assert len(re.findall(r'class="finding', text(console.get(f"{TEMPLATES}{OFFER}/lint/")))) == 10
    nearest = console.get(f"{TEMPLATES}{OFFER}/lint/").content.decode()
    assert 'value="{RequisiteRqVatId}"' in nearest


def test_what_bitrix24_does_not_tell_is_said(sandbox: Sandbox, console: Frame) -> None:
    sandbox.portal_one.templates[OFFER].entity_type_ids = ["Own\\Provider\\Rental"]
    page = plain(console.get(f"{TEMPLATES}{OFFER}/lint/"))
    assert "What could not be judged" in page
    assert "bound to nothing that Docket knows" in page
    assert "Whether a field holds anything" in page


def test_a_template_that_is_not_there(console: Frame) -> None:
    answer = console.get(f"{TEMPLATES}999/lint/")
    assert answer.status_code == 404
    assert "Bitrix24 does not show this template" in text(answer)
    assert console.get(f"{TEMPLATES}999/try/").status_code == 404


def test_a_silent_portal_gets_its_page(sandbox: Sandbox, console: Frame) -> None:
    fault = Fault("crm.documentgenerator.template.get", "html", status=502, times=9)
    sandbox.state.faults.add(fault)
    assert "Bitrix24 is not answering" in text(console.get(f"{TEMPLATES}{OFFER}/lint/"))


# a file that was dropped


def test_a_dropped_file_is_linted_and_goes_nowhere(sandbox: Sandbox, console: Frame) -> None:
    before = dict(sandbox.portal_one.templates)
    console.get(f"{TEMPLATES}check/")
    answer = dropped(console, written("{DocumentNumbr} {ContactFormattedName}", "{TotalSum"))
    assert answer.status_code == 200
    page = plain(answer)
    assert "Draft.docx" in page
    assert "1 to fix" in page
    assert "Perhaps unknown: {DocumentNumbr} paragraph 1" in page
    assert "2 placeholders found, 1 known." in page
    assert "Only Bitrix24 knows all fields for certain" in page
    assert sandbox.portal_one.templates == before
    assert not DownloadTicket.objects.exists()


def test_a_file_is_linted_while_a_template_is_added(sandbox: Sandbox, console: Frame) -> None:
    before = dict(sandbox.portal_one.templates)
    body = written("{DealTitel} {ContactFormattedName}")
    form = {"file": SimpleUploadedFile("Draft.docx", body), "binding-2_category_0": "on"}
    page = plain(console.post(f"{TEMPLATES}check/chosen/", form))  # type: ignore[arg-type]
    assert "Check of this file" in page
    assert "Perhaps unknown: {DealTitel} paragraph 1" in page
    assert sandbox.portal_one.templates == before
    assert plain(console.post(f"{TEMPLATES}check/chosen/", {})) == ""


def test_own_fields_are_known_whether_a_template_uses_them(
    sandbox: Sandbox, console: Frame
) -> None:
    sandbox.portal_one.user_field_labels["UF_CRM_2_1721"] = "Colour of the doors"
    page = plain(dropped(console, written("{UfCrmWarranty} {UfCrm21721} {UfCrmColour}")))
    assert "unknown: {UfCrmWarranty}" not in page
    assert "unknown: {UfCrm21721}" not in page
    assert "Perhaps unknown: {UfCrmColour}" in page
    assert "1 to look at" in page
    listed = text(console.get(f"{TEMPLATES}fields/"))
    assert "Colour of the doors" in listed
    assert 'value="{UfCrm21721}"' in listed


def test_own_fields_that_bitrix24_does_not_tell_are_unsure(
    sandbox: Sandbox, console: Frame
) -> None:
    sandbox.state.faults.add(Fault("crm.item.fields", "error", code="ACCESS_DENIED"))
    page = plain(dropped(console, written("{UfCrmColour}")))
    assert "1 unsure" in page
    assert "Docket cannot tell whether it is there" in page
    sandbox.state.faults.add(Fault("crm.item.fields", "error", code="ACCESS_DENIED"))
    assert "did not tell of own fields" in text(console.get(f"{TEMPLATES}fields/"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Choose a Word file (.docx) that is not empty."),
        (b"%PDF-1.7", "This is not a .docx"),
        (files.packed({files.BODY: "<!DOCTYPE a><a/>"}), "built in a way that no word"),
        (files.overlapping(900), "unpacks to far more"),
    ],
)
def test_what_is_no_word_file_is_refused(console: Frame, body: bytes, words: str) -> None:
    answer = dropped(console, body)
    assert words in text(answer)
    assert answer.status_code in {200, 422}


def test_a_hostile_file_changes_nothing_of_the_page(console: Frame) -> None:
    answer = dropped(
        console,
        files.packed({files.BODY: files.text("{&lt;script&gt;} &lt;b&gt;{Tit")}),
        name='<img src="x">.docx',
    )
    assert "<script>" not in answer.content.decode()
    assert "<img" not in answer.content.decode()


def test_a_file_that_is_far_too_big_is_not_read(console: Frame) -> None:
    answer = dropped(console, b"PK\x03\x04" + bytes(11 * 1024 * 1024))
    assert answer.status_code == 422
    assert "The file is too big" in text(answer)


# all fields


def test_the_list_of_fields_holds_the_portals_own(sandbox: Sandbox, console: Frame) -> None:
    answer = console.get(f"{TEMPLATES}fields/")
    page = text(answer)
    for placeholder in ("{DocumentNumber}", "{ProductsProductName}", "{UfCrmWarranty}"):
        assert f'value="{placeholder}"' in page
    assert 'data-copy="i-UfCrmWarranty"' in page
    assert 'value="{QuoteNumber}"' not in page
    estimates = text(console.get(f"{TEMPLATES}fields/?kind=7"))
    assert 'value="{QuoteNumber}"' in estimates
    assert 'value="{Probability}"' not in estimates


def test_a_kind_nobody_knows_is_the_usual_one(console: Frame) -> None:
    odd = plain(console.get(f"{TEMPLATES}fields/?kind=<b>"))
    assert odd == plain(console.get(f"{TEMPLATES}fields/"))


# Try it


def counters(sandbox: Sandbox) -> Any:
    return (
        {number: vars(one).copy() for number, one in sandbox.portal_one.numerators.items()},
        list(sandbox.portal_one.documents),
    )


def test_anna_tries_a_template_and_nothing_is_made(sandbox: Sandbox, console: Frame) -> None:
    before = repr(counters(sandbox))
    assert console.get(f"{TEMPLATES}{OFFER}/try/").status_code == 200
    answer = console.post(f"{TEMPLATES}{OFFER}/try/", {"kind": "2", "item": "501"})
    page = plain(answer)
    assert answer.status_code == 200
    assert "Office refit, phase 2" in page
    assert "Lindner" in page
    assert "the next one" in page
    assert repr(counters(sandbox)) == before
    assert sandbox.state.record.count("crm.documentgenerator.document.add") == 0


def test_empty_fields_come_first(sandbox: Sandbox, console: Frame) -> None:
    replace_file(sandbox, OFFER, written("{Title} {UfCrmNothing} {MyCompanyUfLogo} {TotalSum}"))
    page = plain(console.post(f"{TEMPLATES}{OFFER}/try/", {"kind": "2", "item": "501"}))
    assert "Would print nothing" in page
    assert page.index("{UfCrmNothing}") < page.index("{Title}")
    assert "Bitrix24 knows no such field" in page


def test_the_whole_address_of_a_deal_will_do(console: Frame) -> None:
    typed = "https://nordwerk.example/crm/deal/details/501/"
    answer = console.post(f"{TEMPLATES}{OFFER}/try/", {"kind": "2", "item": typed})
    assert "Office refit, phase 2" in text(answer)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the number"),
        ("the big one", "Type the number"),
        ("²", "Type the number"),
        ("99999999999999999", "Type the number"),
        ("99999", "Bitrix24 shows you none with this number"),
    ],
)
def test_what_cannot_be_tried_is_said_beside_the_field(
    console: Frame, typed: str, words: str
) -> None:
    answer = console.post(f"{TEMPLATES}{OFFER}/try/", {"kind": "2", "item": typed})
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{typed}"' in text(answer)


# all templates


def run(portal: Portal) -> Job:
    """The worker does what was begun."""
    job = Job.objects.get(portal=portal, kind=Job.Kind.LINT, state=Job.State.RUNNING)
    tasks.run_job.call_local(str(job.pk))
    job.refresh_from_db()
    return job


def test_all_templates_are_linted_by_the_worker(
    sandbox: Sandbox, console: Frame, portal: Portal
) -> None:
    replace_file(sandbox, SECRECY, written("{DocumentTitle} {RequisiteVatId}"))
    replace_file(sandbox, FRAMEWORK, b"no file at all")
    assert "Check all" in text(console.get(f"{TEMPLATES}lint-all/"))
    begun = console.follow(console.post(f"{TEMPLATES}lint-all/"))
    assert "You can leave this page" in text(begun)
    job = run(portal)
    total = len(sandbox.portal_one.templates)
    assert (job.state, job.done, job.total) == ("done", total, total)
    page = plain(console.get(f"{TEMPLATES}lint-all/"))
    assert f"{total - 2} of {total} clean" in page
    assert "Unknown: {RequisiteVatId}" in page
    assert page.index("Framework agreement") < page.index("Non-disclosure agreement")
    assert page.index("Non-disclosure agreement") < page.index("Act of acceptance")
    assert "This is not a .docx" in page


def test_it_can_be_stopped_and_shows_what_it_found(
    console: Frame, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.post(f"{TEMPLATES}lint-all/")
    job = Job.objects.get(portal=portal)
    pieces = 0

    def stopped(client: Any, job: Job) -> Any:
        nonlocal pieces
        pieces += 1
        if pieces == 3:
            console.post(f"console/jobs/{job.pk}/stop/", target="job")
        return lint_all.piece(client, job)

    monkeypatch.setattr(tasks, "WORK", {Job.Kind.LINT: stopped})
    tasks.run_job.call_local(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done) == ("stopped", 2)
    page = plain(console.get(f"{TEMPLATES}lint-all/"))
    assert "Stopped" in page
    assert "2 of 2 clean" in page
    assert "Check again" in page


def test_a_template_that_goes_meanwhile_is_no_failure(
    sandbox: Sandbox, console: Frame, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.post(f"{TEMPLATES}lint-all/")

    def going(client: Any, job: Job) -> Any:
        if job.done == 1:
            sandbox.portal_one.templates.pop(ACT, None)
        return lint_all.piece(client, job)

    monkeypatch.setattr(tasks, "WORK", {Job.Kind.LINT: going})
    job = run(portal)
    assert job.state == "done"
    assert "did not give this template" in text(console.get(f"{TEMPLATES}lint-all/"))


def test_a_second_press_joins_the_first(console: Frame, portal: Portal) -> None:
    for _ in range(2):
        console.post(f"{TEMPLATES}lint-all/")
    assert Job.objects.filter(portal=portal).count() == 1


def test_boris_may_not(boris: Frame) -> None:
    base = boris.base.removesuffix("deal/")
    answer = boris.get(f"{base}{TEMPLATES}lint-all/")
    assert answer.status_code == 403
