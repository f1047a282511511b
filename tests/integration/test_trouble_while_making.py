"""What goes wrong between the form and the document: each has its own sentence and next step.

Each is told twice, by a portal that speaks English and by one that speaks German: nothing depends
on the portal's words.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from b24app.models import Intent, IssuedDocument
from tests.integration.pages import OFFER, Form, made, open_form, text
from tests.people import BORIS, Frame
from tests.sandbox import changes
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

ADD = "crm.documentgenerator.document.add"
Cause = Callable[[Sandbox], None]


def template_deleted(sandbox: Sandbox) -> None:
    changes.delete_template(sandbox.portal_one, OFFER)


def template_withdrawn(sandbox: Sandbox) -> None:
    sandbox.portal_one.templates[OFFER].users = ["U1"]


def template_damaged(sandbox: Sandbox) -> None:
    sandbox.portal_one.templates[OFFER].body = b"no document at all"


def deal_deleted(sandbox: Sandbox) -> None:
    changes.delete_deal(sandbox.state, sandbox.portal_one, 501)


def rights_lost(sandbox: Sandbox) -> None:
    sandbox.portal_one.users[BORIS].reads_deals = "none"


def plan_full(sandbox: Sandbox) -> None:
    sandbox.state.options.document_limit = 0


def plan_ended(sandbox: Sandbox) -> None:
    sandbox.state.options.rest_refusal = "plan"


def blocked(sandbox: Sandbox) -> None:
    sandbox.state.options.rest_refusal = "overload"


def busy(sandbox: Sandbox) -> None:
    fault = Fault(ADD, "error", status=503, code="QUERY_LIMIT_EXCEEDED", times=-1)
    sandbox.state.faults.add(fault)


def worked_out(sandbox: Sandbox) -> None:
    sandbox.state.faults.add(Fault(ADD, "error", status=429, code="OPERATION_TIME_LIMIT"))


def portal_gone(sandbox: Sandbox) -> None:
    sandbox.state.options.rest_refusal = "deleted"


def no_connection(sandbox: Sandbox) -> None:
    sandbox.state.options.rest_refusal = "connection"


TROUBLES: list[tuple[Cause, str, str]] = [
    (template_deleted, "This template was deleted meanwhile", "pick another one"),
    (template_withdrawn, "You may not use this template any more", "Ask an administrator"),
    (template_damaged, "The file of this template is damaged", "upload the template again"),
    (plan_full, "The portal’s plan allows no more documents", "raise the plan"),
    (plan_ended, "The portal’s plan has ended", "Ask whoever looks after your Bitrix24 plan"),
    (blocked, "Bitrix24 is busy", "Wait a minute"),
    (busy, "Bitrix24 is busy", "Wait a minute"),
    (worked_out, "Bitrix24 is busy", "Wait a minute"),
    (portal_gone, "This portal is closed", "deleted or switched off"),
    (no_connection, "Bitrix24 is not answering", "Try again in a minute"),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("cause", "title", "step"), TROUBLES, ids=[c.__name__ for c, *_ in TROUBLES]
)
def test_the_form_stays_and_says_why_and_what_next(
    sandbox: Sandbox, boris: Frame, cause: Cause, title: str, step: str, language: str
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.options.language = language
    cause(sandbox)
    answer = form.send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == 409
    page = text(answer)
    assert title in page
    assert step in page
    assert "What you typed is still here." in page
    assert Form(boris, answer).value("DocumentTitle") == "Typed with care"
    assert Intent.objects.get().state == Intent.State.REFUSED
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("cause", "title", "status"),
    [
        (deal_deleted, "This deal is not there any more", 404),
        (rights_lost, "You cannot see the documents of this deal", 403),
    ],
    ids=["deal_deleted", "rights_lost"],
)
def test_without_the_deal_nothing_of_it_is_shown(
    sandbox: Sandbox, boris: Frame, cause: Cause, title: str, status: int, language: str
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.options.language = language
    cause(sandbox)
    answer = form.send({"DocumentTitle": "Typed with care"})
    assert answer.status_code == status
    assert title in text(answer)
    assert "Typed with care" not in text(answer)
    assert boris.get(form.path).status_code == 403
    assert Intent.objects.get().typed["DocumentTitle"] == "Typed with care"  # for the day after


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_refusal_nobody_can_explain_shows_the_portals_words_as_text(
    sandbox: Sandbox, boris: Frame, language: str
) -> None:
    sandbox.portal_one.users[BORIS].documents_modify = False
    form = open_form(boris, OFFER)
    sandbox.state.options.language = language
    sandbox.state.faults.add(
        Fault(ADD, "error", status=400, code="0", message="<b>Nein</b> {braces}")
    )
    page = form.send().content.decode()
    assert "Bitrix24 said no" in page
    assert "&lt;b&gt;Nein&lt;/b&gt;" in page


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (150, "Bitrix24 could not make the PDF"),
        ("ERROR_NO_TRANSFORMER_MODULE", "This portal makes no PDFs"),
    ],
)
def test_a_conversion_that_fails_and_one_that_cannot_be(
    sandbox: Sandbox, boris: Frame, code: int | str, words: str, language: str
) -> None:
    sandbox.state.options.conversion_fails = True
    sandbox.state.options.conversion_error_code = code
    sandbox.state.options.language = language
    document_id = made(open_form(boris, OFFER).send())
    page = text(boris.get(f"documents/{document_id}/"))
    assert words in page
    assert "Download DOCX" in page
    assert ("Try again" in page) == (code == 150)
