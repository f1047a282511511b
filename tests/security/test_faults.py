"""R. Faults that could lose a token or lock somebody out (R01, R02, R11, R12).

More of R01 and R02 is told in tests/integration/test_tokens.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from b24app import memory
from b24app.bitrix import setup
from b24app.documents import generate, readiness, settle
from b24app.models import Intent, IssuedDocument, Portal, SecurityEvent, TokenChain
from b24app.portals.clients import speaking
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import OFFER, made, open_form, text
from tests.integration.together import another_browser, together
from tests.people import BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import launch_of

TOKEN = "/oauth/token/"
ADD = "crm.documentgenerator.document.add"
LIST = "crm.documentgenerator.document.list"


def chain_of(user_id: int) -> TokenChain:
    return TokenChain.objects.get(user_id=user_id, purpose=TokenChain.Purpose.FRAME)


@pytest.mark.django_db(transaction=True)
def test_r01_sixteen_pages_and_one_expired_token(sandbox: Sandbox, boris: Frame) -> None:
    """Sixteen tabs of Boris ask at the same moment, over HTTP: one refresh, sixteen pages."""
    sandbox.state.expire_access(BORIS)
    sandbox.state.record.clear()
    tabs = [another_browser(boris) for _ in range(16)]
    asks: list[Callable[[], int]] = [lambda tab=tab: tab.get("").status_code for tab in tabs]  # type: ignore[misc]
    assert together(*asks) == [200] * 16
    assert len(sandbox.state.record.at(TOKEN)) == 1
    assert chain_of(BORIS).generation == 2


def test_r02_a_pair_brought_while_the_refresh_fails_is_used(
    sandbox: Sandbox, docket: Application, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old pair was used up by somebody; meanwhile a launch has brought a new one."""
    from b24app.portals import tokens

    held = chain_of(BORIS)
    sandbox.state.expire_access(BORIS)
    sandbox.state.expire_refresh(BORIS)
    real = tokens._ask

    def slowly(chain: TokenChain) -> Any:
        people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
        return real(chain)

    monkeypatch.setattr(tokens, "_ask", slowly)
    assert speaking(held.portal, held).run(setup.user_admin()) is False
    assert not chain_of(BORIS).dead


def test_r02_s03_a_refresh_that_brings_somebody_elses_pair_ends_the_chain(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    """A launch can bring any REFRESH_ID: Boris has put one of Anna's into his."""
    foreign = sandbox.state.issue_tokens(sandbox.portal_one, docket, 1)
    address, fields = launch_of(sandbox, docket, BORIS, {"ID": "501"})
    frame = Frame(address, fields | {"REFRESH_ID": foreign.refresh})
    assert frame.page.status_code == 200
    sandbox.state.expire_access()
    sandbox.state.record.clear()
    assert frame.get("").status_code == 401
    chain = chain_of(BORIS)
    assert chain.dead
    assert SecurityEvent.objects.filter(kind="token", portal=portal).count() == 1
    assert {one.user_id for one in sandbox.state.record.rest() if one.status == 200} <= {BORIS}


def test_r02_a_dead_frame_chain_does_not_stop_what_the_worker_does_for_the_person(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    """The installation's chain is the other one that is tried."""
    made(open_form(boris, OFFER).send())
    TokenChain.objects.filter(user_id=BORIS).update(dead=True)
    IssuedDocument.objects.update(look_at="2026-01-01T00:00Z")
    readiness.look(portal.pk)
    assert IssuedDocument.objects.get().pdf == IssuedDocument.Pdf.READY


# R11: it will not get better by itself


def dismissed(sandbox: Sandbox, app: Application) -> None:
    del sandbox.portal_one.users[BORIS]


def removed(sandbox: Sandbox, app: Application) -> None:
    sandbox.state.remove_application(sandbox.portal_one, app.client_id)


def plan_ended(sandbox: Sandbox, app: Application) -> None:
    sandbox.state.options.rest_refusal = "plan"


def deleted(sandbox: Sandbox, app: Application) -> None:
    sandbox.state.options.rest_refusal = "deleted"


ENDS = [
    (plan_ended, "The portal’s plan has ended"),
    (deleted, "This portal is closed"),
    (removed, "Docket is not installed in this portal"),
    (dismissed, "This tab was open for long"),
]


@pytest.mark.parametrize(("end", "words"), ENDS, ids=[end.__name__ for end, _ in ENDS])
def test_r11_the_end_is_said_and_nothing_storms(
    sandbox: Sandbox,
    docket: Application,
    boris: Frame,
    later: Later,
    end: Callable[[Sandbox, Application], None],
    words: str,
) -> None:
    """Boris waits for a PDF, another answer was lost; then the portal ends. Eight hours pass."""
    made(open_form(boris, OFFER).send())
    form = open_form(boris, OFFER)
    sandbox.state.faults.add(Fault(ADD, "html", status=502))
    assert form.send({"Title": "Lost"}).status_code == 302
    assert Intent.objects.filter(state=Intent.State.UNKNOWN).count() == 1
    end(sandbox, docket)
    assert words in text(boris.get(""))
    sandbox.state.record.clear()
    for _ in range(8 * 12):
        later(minutes=5)
        for portal_id in readiness.due_portals():
            readiness.look(portal_id)
        for intent_id in settle.due():
            settle.settle(intent_id)
    asked = [one for one in sandbox.state.record if one.path != "/rest/app.info"]
    assert len(asked) < 70
    assert IssuedDocument.objects.filter(look_at__isnull=False).count() == 0


def test_r11_a_persons_dismissal_ends_his_page_and_not_the_portal(
    sandbox: Sandbox, docket: Application, boris: Frame, anna: Frame
) -> None:
    dismissed(sandbox, docket)
    assert boris.get("").status_code in {401, 403}
    assert anna.get("").status_code == 200
    assert Portal.objects.get().state == Portal.State.INSTALLED


# R12: our own storage


@pytest.fixture
def cache_away(settings: Any) -> Iterator[None]:
    """Redis is configured, and nobody listens there."""
    pytest.importorskip("redis")
    kept = settings.CACHES
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    yield
    settings.CACHES = kept
    cache.clear()


def test_r12_without_redis_everything_still_works(
    sandbox: Sandbox, db: None, cache_away: None
) -> None:
    with pytest.raises(Exception, match=r"refused|connecting"):
        cache.set("x", 1)
    assert memory.recall("x") is None
    app = people.install(sandbox, sandbox.portal_one)
    frame = people.open_tab(sandbox, sandbox.portal_one, app, BORIS, 501)
    document_id = made(open_form(frame, OFFER).send())
    address = frame.post(f"documents/{document_id}/docx-ticket/").json()["address"]
    assert Client().get(address).content.startswith(b"PK")
    refused = Frame(*launch_of(sandbox, app, BORIS, {"ID": "501"}), Origin="https://evil.example")
    assert refused.page.status_code == 403


@contextmanager
def storage_locked() -> Iterator[None]:
    """Somebody else holds the database's lock, and our patience is short."""
    other = connection.copy()
    with connection.cursor() as ours, other.cursor() as theirs:
        if connection.vendor == "sqlite":
            ours.execute("PRAGMA busy_timeout = 50")
            theirs.execute("BEGIN IMMEDIATE")
        else:
            ours.execute("SET lock_timeout = '50ms'")
            theirs.execute("BEGIN; LOCK TABLE docket_intent, docket_framesession IN EXCLUSIVE MODE")
        yield
        theirs.execute("ROLLBACK")
        if connection.vendor == "sqlite":
            ours.execute("PRAGMA busy_timeout = 20000")
        else:
            ours.execute("SET lock_timeout = DEFAULT")
    other.close()


@pytest.mark.django_db(transaction=True)
def test_r12_a_locked_database_fails_cleanly_and_sends_nothing(
    sandbox: Sandbox, docket: Application, boris: Frame
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    with storage_locked():
        answer = form.send({"Title": "Typed with care"})
        assert answer.status_code == 503
        assert "Docket cannot reach its own storage" in text(answer)
        opened = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 502)
        assert opened.page.status_code == 503
    assert sandbox.state.record.count(ADD) == 0
    assert made(form.send({"Title": "Typed with care"}))


@pytest.mark.django_db(transaction=True)
def test_r12_a_full_disk_leaves_no_half_written_state(sandbox: Sandbox, boris: Frame) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a limit of pages is SQLite's")
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    with connection.cursor() as cursor:
        # Pages that earlier tests have left free are used up first.
        cursor.execute("CREATE TABLE filler (content BLOB)")
        cursor.execute(
            "INSERT INTO filler SELECT zeroblob(freelist_count * page_size)"
            " FROM pragma_freelist_count, pragma_page_size"
        )
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        statuses = [form.send({"Title": "x" * 9000}).status_code for _ in range(3)]
        cursor.execute("PRAGMA max_page_count = 1073741823")
        cursor.execute("DROP TABLE filler")
    assert set(statuses) == {503}
    assert sandbox.state.record.count(ADD) == 0
    assert Intent.objects.get().state == Intent.State.OPEN


def test_r12_the_disk_is_full_when_the_portal_has_just_made_the_document(
    sandbox: Sandbox, boris: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer cannot be written down; it is found by its marker, and not made again."""
    form = open_form(boris, OFFER)

    def full(*args: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(generate, "made", full)
        answer = form.send()
    assert answer.status_code == 503
    assert "What Bitrix24 has made is not lost" in text(answer)
    again = form.send()
    assert again.status_code == 302
    later(minutes=4)
    for intent_id in settle.due():
        settle.settle(intent_id)
    documents = [d.id for d in sandbox.portal_one.documents.values() if d.entity_id == "501"]
    assert [Intent.objects.get().document_id] == documents
    assert sandbox.state.record.count(ADD) == 1


def test_r12_a_log_that_cannot_be_written_loses_no_answer(
    sandbox: Sandbox, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("b24app.portals.journal.RestCall.objects.create", full)
    monkeypatch.setattr("b24app.portals.journal.SecurityEvent.objects.create", full)
    assert boris.get("").status_code == 200
    assert boris.post("/p/nobody/deal/new/").status_code == 404


def test_r12_a_queue_that_is_away_costs_only_time(
    sandbox: Sandbox, boris: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionError("refused")

    monkeypatch.setattr("b24app.tasks.look_for_pdfs.schedule", away)
    assert made(open_form(boris, OFFER).send())
    assert IssuedDocument.objects.get().look_at is not None
