"""Anything in place of what was expected: never a mistake of ours, never a secret in the text.

The examples are the same in each run. More of them, and others: `DOCKET_FUZZ=5000 make test
ARGS=tests/security/test_fuzz.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from b24app.bitrix.egress import Reply
from b24app.documents import readiness, settle
from b24app.inbox.handle import handle
from b24app.models import InboundEvent, Intent, IssuedDocument, Portal, TokenChain
from b24app.portals import journal, throttle
from tests import people
from tests.integration.pages import OFFER, Form, made, open_form
from tests.integration.test_events import UPDATE, form_of
from tests.people import ANNA, Frame
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import Launch
from tests.security.evidence import secrets_of
from tests.security.wire import Wire, altered

TIMES = int(os.environ.get("DOCKET_FUZZ", "0"))


def examples(usual: int) -> Any:
    return settings(
        max_examples=TIMES or usual,
        deadline=None,
        derandomize=not TIMES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
NUMBERS = st.one_of(
    st.integers(), st.sampled_from([0, -1, 2**31, 2**63, 2**64, 10**30]), st.floats()
)
TRICKS = st.sampled_from(
    [
        "\x00", "\ud800", "1e999999", "-1e-999999", "NaN", "9" * 400, "2026-13-45T99:99:99+99:99",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "<script>alert(1)</script>",
        "$result[x]", "{{ 7 }}", "\u2028", "x" * 5000, "../..", "https://evil.example/rest/x",
    ]
)  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, TRICKS)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch, no_waiting: None) -> None:
    """Nobody is kept out for knocking too often, and nobody waits between two tries."""
    for name in ("OPENINGS", "FAILURES", "PORTAL_OPENINGS"):
        monkeypatch.setattr(throttle, name, 10**9)
    monkeypatch.setattr(journal, "NOTED", 0)


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is taken back; the next one begins as this one did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fine(sandbox: Sandbox, answer: Any, hidden: set[str]) -> None:
    """An answer that somebody can read, and no secret in it."""
    assert answer.status_code != 500, answer.content.decode()
    told = answer.content.decode(errors="replace") + str(dict(answer.headers))
    assert not [secret for secret in hidden if secret in told]


# What comes in


@pytest.fixture
def hidden(sandbox: Sandbox, docket: Application) -> set[str]:
    return secrets_of(sandbox)


def test_s13_fuzzed_launches(sandbox: Sandbox, launch: Launch, hidden: set[str]) -> None:
    url, fields = urlsplit(launch[0]), launch[1]
    keys = st.sampled_from([*fields, "DOMAIN", "PROTOCOL", "LANG", "APP_SID", "X"])

    @examples(120)
    @given(st.dictionaries(keys, st.one_of(TEXTS, TRICKS), min_size=1, max_size=4), st.booleans())
    def attack(changed: dict[str, str], query: bool) -> None:
        with undone():
            more = urlencode(changed, errors="surrogatepass") if query else ""
            body = urlencode(fields if query else fields | changed, errors="surrogatepass")
            answer = Client().post(
                f"{url.path}?{url.query}&{more}", body, "application/x-www-form-urlencoded"
            )
            fine(sandbox, answer, hidden - {fields["AUTH_ID"]})

    attack()


def test_s13_s34_fuzzed_bodies(sandbox: Sandbox, portal: Portal, hidden: set[str]) -> None:
    paths = ["deal/", "install/", "session/", "events/", ""]
    types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
             "application/json", "text/plain; charset=utf-16", "x", "",
             "application/x-www-form-urlencoded; charset=nonsense"]  # fmt: skip

    @examples(120)
    @given(st.sampled_from(paths), st.sampled_from(types), st.binary(max_size=300))
    def attack(path: str, content_type: str, body: bytes) -> None:
        with undone():
            answer = Client().generic("POST", f"/p/{portal.key}/{path}", body, content_type)
            fine(sandbox, answer, hidden)
            assert answer.status_code in {400, 403, 413}

    attack()


def test_s34_fuzzed_events(
    sandbox: Sandbox, docket: Application, portal: Portal, hidden: set[str]
) -> None:
    form = form_of(sandbox, docket, UPDATE)
    names = st.one_of(st.sampled_from(list(form)), st.text(max_size=20))

    @examples(120)
    @given(st.dictionaries(names, st.one_of(TEXTS, TRICKS, st.integers().map(str)), max_size=4))
    @example({"data[FIELDS][ID]": "9" * 18})
    @example({"data[FIELDS][ID]": "-1"})
    @example({"ts": "9" * 18})
    def attack(changed: dict[str, str]) -> None:
        with undone():
            body = urlencode(form | changed, errors="surrogatepass")
            kind = "application/x-www-form-urlencoded"
            answer = Client().post(f"/p/{portal.key}/events/", body, kind)
            fine(sandbox, answer, hidden)
            assert answer.status_code in {200, 403, 413}
            for event in InboundEvent.objects.all():
                handle(event.pk)

    attack()


@pytest.fixture
def wire(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)


PATHS = ["{n}/", "documents/{n}/", "documents/{n}/row/", "documents/{n}/progress/",
         "documents/{n}/edit/", "new/{n}/", "?start={t}", "new/?q={t}", "?{t}", "{t}/",
         "forms/{t}/", "documents/{n}/{t}-ticket/"]  # fmt: skip


def test_s13_s24_fuzzed_addresses(
    sandbox: Sandbox, boris: Frame, wire: Wire, hidden: set[str]
) -> None:
    boris.get("new/")
    boris.get("")
    wire.replaying = True

    @examples(120)
    @given(st.sampled_from(PATHS), st.one_of(st.integers(0, 20), st.integers(0, 10**40)), TEXTS)
    def attack(path: str, number: int, word: str) -> None:
        with undone():
            from urllib.parse import quote

            told = quote(word, safe="", errors="surrogatepass")
            fine(sandbox, boris.get(path.format(n=number, t=told)), hidden)
            fine(sandbox, boris.post(path.format(n=number, t=told)), hidden)

    attack()


# What people type


def test_s37_s38_fuzzed_values(
    sandbox: Sandbox, boris: Frame, wire: Wire, hidden: set[str]
) -> None:
    form = open_form(boris, OFFER)
    made(form.send({"Title": "x"}))
    form = open_form(boris, OFFER)
    names = st.sampled_from(sorted(form.inputs))
    wire.replaying = True

    @examples(100)
    @given(st.dictionaries(names, st.one_of(TEXTS, TRICKS, NUMBERS.map(str)), max_size=4))
    def attack(typed: dict[str, str]) -> None:
        with undone():
            body = urlencode(form.inputs | typed, errors="surrogatepass")
            answer = boris.client.post(
                form.path, body, "application/x-www-form-urlencoded",
                headers=boris._headers("page"),
            )  # fmt: skip
            fine(sandbox, answer, hidden)
            assert answer.status_code in {302, 422}
            if answer.status_code == 422:
                Form(boris, answer)

    attack()


# What portals answer


VIEWS = ["list", "pick", "choose", "document", "row", "edit", "retry", "share", "pdf", "docx",
         "generate", "save", "start", "install", "launch", "worker", "lost", "delete"]  # fmt: skip
"""The last one ends the document that the others are about."""


class Desk:
    """Boris and Anna with everything that can be asked, done once so that the wire knows it."""

    def __init__(self, sandbox: Sandbox, docket: Application, boris: Frame) -> None:
        self.sandbox, self.docket, self.boris = sandbox, docket, boris
        self.anna = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
        self.id = made(open_form(boris, OFFER).send())
        self.portal = Portal.objects.get()
        self.form = open_form(boris, OFFER)
        self.update = Form(boris, boris.follow(boris.get(f"documents/{self.id}/edit/")))

    def visit(self, view: str) -> list[Any]:
        one = f"documents/{self.id}/"
        gets = {"list": "", "pick": "new/?refresh", "choose": f"new/{OFFER}/", "document": one,
                "row": f"{one}row/", "edit": f"{one}edit/"}  # fmt: skip
        posts = {"retry": f"{one}retry/", "share": f"{one}link/", "delete": f"{one}delete/"}
        if view in gets:
            return [self.boris.get(gets[view])]
        if view in posts:
            return [self.boris.post(posts[view], {"on": "1"})]
        return list(getattr(self, f"_{view}")())

    def _pdf(self, kind: str = "pdf") -> Iterator[Any]:
        answer = self.boris.post(f"documents/{self.id}/{kind}-ticket/")
        yield answer
        if answer.status_code == 200:
            yield Client().get(json.loads(answer.content)["address"])

    def _docx(self) -> Iterator[Any]:
        return self._pdf("docx")

    def _generate(self) -> Iterator[Any]:
        yield self.form.send({"Title": "x"})

    def _save(self) -> Iterator[Any]:
        yield self.update.send({"Title": "y"})

    def _start(self) -> Iterator[Any]:
        yield self.anna.get(f"/p/{self.portal.key}/")

    def _install(self) -> Iterator[Any]:
        for step in ("rights", "tab", "events"):
            yield self.anna.post(f"/p/{self.portal.key}/install/{step}/", target="install")

    def _launch(self) -> Iterator[Any]:
        from django.core.cache import cache

        cache.clear()
        yield people.open_tab(self.sandbox, self.sandbox.portal_one, self.docket, 7, 501).page

    def _worker(self) -> Iterator[Any]:
        IssuedDocument.objects.update(look_at="2026-01-01T00:00Z", pdf="converting")
        readiness.look(self.portal.pk)
        yield self.boris.get(f"documents/{self.id}/progress/")

    def _lost(self) -> Iterator[Any]:
        Intent.objects.filter(pk=self.form.intent_id).update(
            state="unknown", sent_at="2026-01-01T00:00Z", settle_at="2026-01-01T00:00Z"
        )
        settle.settle(self.form.intent_id)
        yield self.boris.get(self.form.path)


@pytest.fixture
def office(sandbox: Sandbox, docket: Application, wire: Wire, boris: Frame) -> Desk:
    """Every view was visited once, and its answers are kept."""
    office = Desk(sandbox, docket, boris)
    for view in VIEWS:
        with undone():
            for answer in office.visit(view):
                assert answer.status_code < 400, (view, answer.content.decode())
    wire.replaying = True
    return office


def test_s35_fuzzed_answers_of_the_portal(
    sandbox: Sandbox, office: Desk, wire: Wire, hidden: set[str]
) -> None:
    """One part of an answer is anything else: another number, another shape, half a character."""

    @examples(500)
    @given(st.sampled_from(VIEWS), st.integers(0, 10_000), JSON)
    def attack(view: str, at: int, value: Any) -> None:
        wire.alter = lambda reply: altered(reply, at, value)
        with undone():
            for answer in office.visit(view):
                fine(sandbox, answer, hidden)

    attack()


def test_s06_fuzzed_whole_answers(
    sandbox: Sandbox, office: Desk, wire: Wire, hidden: set[str]
) -> None:
    statuses = st.sampled_from([200, 201, 204, 301, 302, 400, 401, 402, 403, 404, 429, 500, 502])
    kinds = st.sampled_from(["application/json", "text/html", "application/pdf", ""])
    bodies = st.one_of(
        st.binary(max_size=60), JSON.map(lambda value: json.dumps(value).encode()),
        st.builds(lambda code, words: json.dumps({"error": code, "error_description": words})
                  .encode(), LEAVES, LEAVES),
    )  # fmt: skip

    @examples(150)
    @given(st.sampled_from(VIEWS), statuses, kinds, bodies, TEXTS)
    def attack(view: str, status: int, kind: str, body: bytes, name: str) -> None:
        told = {
            "Content-Type": kind,
            "Location": name,
            "Content-Disposition": f"x; filename={name}",
        }
        wire.alter = lambda reply: Reply(status, told, body)
        with undone():
            for answer in office.visit(view):
                fine(sandbox, answer, hidden)

    attack()


def test_r02_fuzzed_answers_to_a_refresh(
    sandbox: Sandbox, docket: Application, boris: Frame, wire: Wire, hidden: set[str]
) -> None:
    """The pair that comes back has a part of another shape: the chain lives on, or is dead."""
    sandbox.state.expire_access()
    assert boris.get("").status_code == 200
    expired = json.dumps({"error": "expired_token", "error_description": ""}).encode()
    wire.replaying = True

    @examples(80)
    @given(st.integers(0, 1000), JSON)
    def attack(at: int, value: Any) -> None:
        def alter(reply: Reply) -> Reply:
            if b"refresh_token" in reply.body:
                return altered(reply, at, value)
            return Reply(401, {"Content-Type": "application/json"}, expired)

        wire.alter = alter
        with undone():
            fine(sandbox, boris.get(""), hidden)
            for chain in TokenChain.objects.all():
                assert chain.access_token
                assert chain.dead or chain.refreshing_until is None

    attack()
