"""S23: every address of Docket, asked by everybody. A new address without a row fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from b24app.documents import capture
from b24app.models import Intent, Job, Portal, TemplateAddition, TemplateFile
from tests.integration.pages import OFFER, made, open_form
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.seeds.numerators import ACTS
from tests.sandbox.server import Sandbox
from tests.unit.docx import files

PEOPLE = ("nobody", "dmitri", "clara", "boris", "anna")
"""No session; administrator of another portal; may not read the deal; its owner; administrator."""

TABLE = """
market          GET   400 400 400 400 400
market          POST  400 400 400 400 400
market-install  GET   400 400 400 400 400
market-install  POST  400 400 400 400 400
start           GET   401 404 200 200 200
start           POST  401 404 200 200 200
reconnect       GET   405 405 405 405 405
reconnect       POST  401 404 403 403 200
install         GET   401 404 403 403 200
install         POST  400 400 400 400 400
install-step    GET   405 405 405 405 405
install-step    POST  401 404 403 403 200
session         GET   405 405 405 405 405
session         POST  400 400 400 400 400
events          GET   405 405 405 405 405
events          POST  403 403 403 403 403
deal            GET   401 404 403 200 200
deal            POST  401 404 403 200 200
drift           GET   401 404 403 200 200
drift           POST  401 404 403 200 200
pick            GET   401 404 403 200 200
pick            POST  401 404 403 200 200
pick-refresh    GET   405 405 405 405 405
pick-refresh    POST  401 404 200 200 200
pick-age        GET   401 404 200 200 200
pick-age        POST  401 404 200 200 200
choose          GET   401 404 403 302 302
choose          POST  401 404 403 302 302
attach          GET   401 404 403 302 302
attach          POST  401 404 403 302 302
attach-form     GET   401 404 404 200 404
attach-form     POST  401 404 404 422 404
attach-state    GET   401 404 404 204 404
attach-state    POST  401 404 404 204 404
attach-decide   GET   405 405 405 405 405
attach-decide   POST  401 404 404 302 404
dry-run         GET   405 405 405 405 405
dry-run         POST  401 404 404 200 404
save-field      GET   405 405 405 405 405
save-field      POST  401 404 404 200 404
save-amount     GET   405 405 405 405 405
save-amount     POST  401 404 404 200 404
form            GET   401 404 404 200 404
form            POST  401 404 404 302 404
form-state      GET   401 404 404 204 404
form-state      POST  401 404 404 204 404
which           GET   401 404 404 302 404
which           POST  401 404 404 302 404
document        GET   401 404 403 200 200
document        POST  401 404 403 200 200
row             GET   401 404 403 200 200
row             POST  401 404 403 200 200
progress        GET   401 404 403 204 204
progress        POST  401 404 403 204 204
retry           GET   405 405 405 405 405
retry           POST  401 404 404 302 302
link            GET   401 404 403 404 404
link            POST  401 404 403 200 200
link-end        GET   405 405 405 405 405
link-end        POST  401 404 403 200 200
link-new        GET   401 404 403 200 200
link-new        POST  401 404 403 200 200
link-keep       GET   405 405 405 405 405
link-keep       POST  401 404 403 302 302
link-let-end    GET   405 405 405 405 405
link-let-end    POST  401 404 403 302 302
link-off        GET   405 405 405 405 405
link-off        POST  401 404 403 302 302
link-copied     GET   405 405 405 405 405
link-copied     POST  401 404 403 204 204
links           GET   401 404 403 200 200
links           POST  401 404 403 200 200
edit            GET   401 404 404 302 302
edit            POST  401 404 404 302 302
ticket          GET   405 405 405 405 405
ticket          POST  401 404 403 200 200
file            GET   410 410 410 410 410
file            POST  403 403 403 403 403
picture         GET   404 404 404 404 404
picture         POST  403 403 403 403 403
portal-story    GET   405 405 405 405 405
portal-story    POST  401 404 403 403 200
versions        GET   401 404 403 200 200
versions        POST  401 404 403 200 200
version-ticket  GET   405 405 405 405 405
version-ticket  POST  401 404 403 200 200
story           GET   401 404 403 200 200
story           POST  401 404 403 200 200
story-table     GET   405 405 405 405 405
story-table     POST  401 404 403 200 200
document-story  GET   401 404 403 200 200
document-story  POST  401 404 403 200 200
document-table  GET   405 405 405 405 405
document-table  POST  401 404 403 200 200
after           GET   401 404 403 204 204
after           POST  401 404 403 404 404
letter          GET   401 404 403 200 404
letter          POST  401 404 403 422 404
again           GET   405 405 405 405 405
again           POST  401 404 403 302 404
drop            GET   405 405 405 405 405
drop            POST  401 404 403 200 404
field-picture   GET   404 404 404 404 404
field-picture   POST  403 403 403 403 403
job             GET   401 404 403 403 200
job             POST  401 404 403 403 200
job-stop        GET   405 405 405 405 405
job-stop        POST  401 404 403 403 200
lint-file       GET   401 404 403 403 200
lint-file       POST  401 404 403 403 422
lint-chosen     GET   405 405 405 405 405
lint-chosen     POST  401 404 403 403 200
template-fields GET   401 404 403 403 200
template-fields POST  401 404 403 403 200
lint-all        GET   401 404 403 403 200
lint-all        POST  401 404 403 403 302
lint-template   GET   401 404 403 403 200
lint-template   POST  401 404 403 403 200
try-template    GET   401 404 403 403 200
try-template    POST  401 404 403 403 422
console-settings GET  401 404 403 403 200
console-settings POST 401 404 403 403 200
repair          GET   405 405 405 405 405
repair          POST  401 404 403 403 200
settings        GET   405 405 405 405 405
settings        POST  401 404 403 403 422
settings-links  GET   405 405 405 405 405
settings-links  POST  401 404 403 403 422
settings-stamps GET   405 405 405 405 405
settings-stamps POST  401 404 403 403 422
connection-check GET  405 405 405 405 405
connection-check POST 401 404 403 403 200
connection      GET   401 404 403 403 200
connection      POST  401 404 403 403 200
activity        GET   401 404 403 403 200
activity        POST  401 404 403 403 200
access          GET   401 404 403 403 200
access          POST  401 404 403 403 200
access-mend     GET   405 405 405 405 405
access-mend     POST  401 404 403 403 422
numerators      GET   401 404 403 403 200
numerators      POST  401 404 403 403 200
numerator       GET   401 404 403 403 200
numerator       POST  401 404 403 403 422
numerator-new   GET   401 404 403 403 200
numerator-new   POST  401 404 403 403 422
numerator-preview GET  405 405 405 405 405
numerator-preview POST 401 404 403 403 200
numerator-delete GET   401 404 403 403 200
numerator-delete POST  401 404 403 403 302
audit           GET   401 404 403 403 200
audit           POST  401 404 403 403 302
regions         GET   401 404 403 403 200
regions         POST  401 404 403 403 200
region          GET   401 404 403 403 409
region          POST  401 404 403 403 409
console-links   GET   401 404 403 403 200
console-links   POST  401 404 403 403 200
console-links-bar GET   401 404 403 403 200
console-links-bar POST  401 404 403 403 200
console-links-off GET   405 405 405 405 405
console-links-off POST  401 404 403 403 200
console-links-end GET   405 405 405 405 405
console-links-end POST  401 404 403 403 422
console-links-look GET  405 405 405 405 405
console-links-look POST 401 404 403 403 302
inventory       GET   401 404 403 403 200
inventory       POST  401 404 403 403 200
inventory-bar   GET   401 404 403 403 200
inventory-bar   POST  401 404 403 403 200
inventory-change GET  405 405 405 405 405
inventory-change POST 401 404 403 403 200
inventory-document GET 401 404 403 403 200
inventory-document POST 401 404 403 403 200
healthz         GET   200 200 200 200 200
healthz         POST  403 403 403 403 403
delete          GET   401 404 200 200 200
delete          POST  401 404 403 302 302
templates              GET   401 404 403 403 200
templates              POST  401 404 403 403 200
templates-refresh      GET   405 405 405 405 405
templates-refresh      POST  401 404 403 403 200
template-new           GET   401 404 403 403 302
template-new           POST  401 404 403 403 302
template-adding        GET   401 404 403 403 200
template-adding        POST  401 404 403 403 302
template-adding-state  GET   401 404 403 403 204
template-adding-state  POST  401 404 403 403 204
template               GET   401 404 403 403 200
template               POST  401 404 403 403 422
template-switch        GET   405 405 405 405 405
template-switch        POST  401 404 403 403 200
template-ticket        GET   405 405 405 405 405
template-ticket        POST  401 404 403 403 200
template-file          GET   401 404 403 403 302
template-file          POST  401 404 403 403 422
template-compare       GET   401 404 403 403 404
template-compare       POST  401 404 403 403 404
old-template-ticket    GET   405 405 405 405 405
old-template-ticket    POST  401 404 403 403 200
old-template           GET   401 404 403 403 302
old-template           POST  401 404 403 403 200
template-delete        GET   401 404 403 403 302
template-delete        POST  401 404 403 403 200
"""
"""What each of `PEOPLE` gets. 405 and 400 come before anybody is looked at; `delete` by GET only
asks whether one is sure.
"""


def patterns() -> Iterator[URLPattern]:
    def walk(found: list[Any]) -> Iterator[URLPattern]:
        for one in found:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            else:
                yield one

    return walk(get_resolver().url_patterns)


def expected() -> dict[tuple[str, str], list[int]]:
    lines = [line.split() for line in TABLE.split("\n") if line]
    return {(name, method): [int(n) for n in numbers] for name, method, *numbers in lines}


def test_s23_every_address_has_a_row() -> None:
    names = [pattern.name for pattern in patterns()]
    assert None not in names
    assert len(names) == len(set(names))
    assert set(expected()) == {(name, method) for name in names for method in ("GET", "POST")}
    assert all(len(numbers) == len(PEOPLE) for numbers in expected().values())


@pytest.fixture
def document_id(sandbox: Sandbox, boris: Frame) -> int:
    """Boris made an offer in deal 501; its PDF is there, and its first version is read."""
    made_id = made(open_form(boris, OFFER).send({"DocumentTitle": "Refit of the Lindner office"}))
    boris.get(f"documents/{made_id}/")
    capture.capture(Portal.objects.get(address=sandbox.portal_one.origin).pk)
    return made_id


class Visits:
    """Everybody at every address of Anna's portal."""

    def __init__(self, frames: dict[str, Frame], key: str, document_id: int) -> None:
        self.frames = frames
        self.key = key
        self.document_id = document_id
        self.form = open_form(frames["boris"], OFFER)
        planned = frames["boris"].post(f"documents/{document_id}/after/", {"kind": "email"})
        self.errand_id = planned.headers["Location"].split("/")[-3]
        """An e-mail of Boris's that he has not read yet."""
        frames["boris"].get("attach/")
        portal = Portal.objects.get(key=key)
        self.job = Job.objects.create(portal=portal, kind=Job.Kind.AUDIT, user_id=ANNA)
        self.old_file = TemplateFile(portal=portal, template_id=OFFER, user_id=ANNA)
        self.old_file.body, self.old_file.kept_at = files.real(), timezone.now()
        self.old_file.save()
        self.adding = TemplateAddition(portal=portal, user_id=ANNA, name="New", after=10_000)
        self.adding.state, self.adding.lost_at = TemplateAddition.State.UNKNOWN, timezone.now()
        self.adding.form, self.adding.sent_at = {}, timezone.now()
        self.adding.save()

    def visit(self, name: str, method: str, person: str) -> Any:
        path = self.path(name)
        frame = self.frames.get(person)
        if frame is None:
            ask = getattr(Client(enforce_csrf_checks=True), method.lower())
            return ask(path, headers={"HX-Request": "true"})
        return frame.get(path) if method == "GET" else frame.post(path)

    def intent_id(self, name: str) -> uuid.UUID:
        if not name.startswith("attach"):
            return uuid.UUID(self.form.intent_id)
        forms = Intent.objects.filter(kind=Intent.Kind.ATTACH, user_id=BORIS)
        return forms.earliest("created_at").pk

    def path(self, name: str) -> str:
        own = {
            "key": self.key,
            "name": "rights",
            "template_id": OFFER,
            "intent_id": self.intent_id(name),
            "document_id": self.document_id,
            "number": 1,
            "errand_id": uuid.UUID(self.errand_id),
            "job_id": self.job.pk,
            "file_id": self.old_file.pk,
            "addition_id": self.adding.pk,
            "kind": "docx",
            "numerator_id": ACTS,
            "region": "de",
            "code": "Title",
            "token": "t" * 43,
            "probe": "1779000000000-0123456789ab",
        }
        ((_, words),) = get_resolver().reverse_dict.getlist(name)[0][0]
        return reverse(name, kwargs={word: own[word] for word in words})


def test_s23_who_may_what(
    sandbox: Sandbox,
    dmitri: Frame,
    clara: Frame,
    boris: Frame,
    anna: Frame,
    document_id: int,
) -> None:
    frames = {"dmitri": dmitri, "clara": clara, "boris": boris, "anna": anna}
    visits = Visits(frames, boris.base.split("/")[2], document_id)
    found: dict[tuple[str, str], list[int]] = {}
    for name, method in expected():
        if (name, method) == ("form", "GET"):
            visits.form = open_form(boris, OFFER)
        answers = []
        for person in PEOPLE:
            if (name, method) == ("delete", "POST"):
                visits.document_id = made(open_form(boris, OFFER).send({"Title": person}))
            answer = visits.visit(name, method, person)
            if person in {"nobody", "dmitri", "clara"}:
                page = answer.content.decode()
                assert not [word for word in ("Lindner", "Office refit") if word in page], name
            answers.append(answer.status_code)
        found[name, method] = answers
    wrong = {key: (numbers, expected()[key]) for key, numbers in found.items()}
    assert {key: pair for key, pair in wrong.items() if pair[0] != pair[1]} == {}
