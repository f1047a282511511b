"""F. Secrets and logs: at rest, on their way, in every text we leave behind (S41 to S44)."""

from __future__ import annotations

import base64
import logging
import os
import re
import secrets
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from b24app import tasks
from b24app.documents import capture, readiness, settle, snapshots
from b24app.logs import Plain
from b24app.models import (
    Errand,
    Intent,
    IssuedDocument,
    Job,
    Portal,
    PortalPause,
    PublicLink,
    RestCall,
    TemplateAddition,
    TemplateFile,
    TokenChain,
)
from b24app.portals import farewell, journal, keys
from b24app.portals.egress import egress
from b24app.sealing import SealBroken, is_newest
from tests import people
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, OFFER, made, open_form, text
from tests.integration.test_events import UPDATE, form_of, goodbye, post, work
from tests.people import ANNA, BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import launch_of
from tests.security.evidence import dump, secrets_of
from tests.unit.bitrix import server


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


# S41: the database was copied


@pytest.fixture
def full(sandbox: Sandbox, boris: Frame, portal: Portal) -> Frame:
    """Each sealed column holds something."""
    document_id = made(open_form(boris, OFFER).send({"Title": "A secret deal"}))
    boris.post(f"documents/{document_id}/link/", {"on": "1"}, target="link")
    capture.capture(portal.pk)
    sandbox.portal_one.deals[501].title = "Another secret"
    boris.get("drift/")
    record = IssuedDocument.objects.get()
    record.picture = b"\xff\xd8 first page"
    record.save()
    letter = Errand(document=record, kind=Errand.Kind.EMAIL, user_id=BORIS)
    letter.letter = {"to": "k@client.example", "text": "Between you and me"}
    letter.save()
    job = Job(portal=portal, kind=Job.Kind.AUDIT, user_id=BORIS)
    job.kept = {"doubles": ["A number that is used twice"]}
    job.save()
    old = TemplateFile(portal=portal, template_id=OFFER, user_id=ANNA, kept_at=timezone.now())
    old.body = b"An old offer as a template"
    old.save()
    adding = TemplateAddition(portal=portal, user_id=ANNA, name="New", after=1)
    adding.sent_at, adding.form = timezone.now(), {"more": "Only for these two"}
    adding.save()
    return boris


def test_s41_a_copy_of_the_database_has_no_token_and_no_form(sandbox: Sandbox, full: Frame) -> None:
    stored = dump()
    assert not [secret for secret in secrets_of(sandbox) if secret.encode() in stored]
    assert b"A secret deal" not in stored
    assert PublicLink.objects.get().address.encode() not in stored
    assert b"Another secret" not in stored
    assert b"first page" not in stored
    assert b"Between you and me" not in stored
    assert b"A number that is used twice" not in stored
    assert b"An old offer as a template" not in stored
    assert b"Only for these two" not in stored
    hashes = [document.public_hash for document in sandbox.portal_one.documents.values()]
    assert not [one for one in hashes if one and one.encode() in stored]


def test_s41_without_the_keys_nothing_opens(full: Frame, settings: Any) -> None:
    settings.TOKEN_KEYS = [a_key()]
    for model in keys.SEALED:
        row = model.objects.first()
        assert row is not None
        with pytest.raises(SealBroken):
            _ = [getattr(row, name) for name in OPENED[model.__name__]]


OPENED = {
    "Portal": ("client_secret",),
    "TokenChain": ("access_token",),
    "Intent": ("form",),
    "IssuedDocument": ("picture",),
    "PublicLink": ("address",),
    "Snapshot": ("content",),
    "DriftReport": ("findings",),
    "SnapshotFile": ("body",),
    "Errand": ("letter",),
    "Job": ("kept",),
    "TemplateAddition": ("form",),
    "TemplateFile": ("body",),
}


def test_s41_a_value_moved_to_another_portals_row_is_refused(
    sandbox: Sandbox, full: Frame, dmitri: Frame, portal_one: Portal
) -> None:
    """Dmitri has got hold of our database, and wants to act as Anna from his own portal."""
    stolen = TokenChain.objects.get(portal=portal_one, purpose=TokenChain.Purpose.INSTALLATION)
    his = TokenChain.objects.exclude(portal=portal_one)
    his.update(access_sealed=stolen.access_sealed, refresh_sealed=stolen.refresh_sealed)
    with pytest.raises(SealBroken):
        _ = his[0].access_token
    sandbox.state.record.clear()
    answer = dmitri.get("")
    assert answer.status_code == 500
    assert "Docket made a mistake" in text(answer)
    assert list(sandbox.state.record) == []


@pytest.fixture
def portal_one(sandbox: Sandbox) -> Portal:
    return Portal.objects.get(address=sandbox.portal_one.origin)


@pytest.mark.parametrize("column", ["refresh_sealed", "access_sealed"])
def test_s41_a_value_moved_to_another_column_or_person_is_refused(
    full: Frame, portal: Portal, column: str
) -> None:
    frame = TokenChain.objects.get(user_id=BORIS)
    other = TokenChain.objects.get(purpose=TokenChain.Purpose.INSTALLATION)
    setattr(frame, column, other.refresh_sealed)
    with pytest.raises(SealBroken):
        _ = (frame.access_token, frame.refresh_token)


def test_s41_rotation_ends_with_the_old_key_out_of_use(
    sandbox: Sandbox, full: Frame, settings: Any
) -> None:
    old = settings.TOKEN_KEYS
    settings.TOKEN_KEYS = [a_key(), *old]
    assert full.get("").status_code == 200
    told = StringIO()
    call_command("rotate_keys", stdout=told)
    assert int(told.getvalue().split()[0]) >= 6
    settings.TOKEN_KEYS = settings.TOKEN_KEYS[:1]
    for model in keys.SEALED:
        for row in model.objects.all():
            sealed = [getattr(row, column) for column in row.places()]
            assert all(is_newest(value) for value in sealed if value)
    assert full.get("").status_code == 200
    assert IssuedDocument.objects.get().picture == b"\xff\xd8 first page"
    assert Intent.objects.get().typed["Title"] == "A secret deal"
    assert keys.rotate() == 0


# S42: canaries

CANARY = re.compile(r"canary[0-9a-f]{16}")


@pytest.fixture
def canaries(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every token and secret that the sandbox gives out says that it is one."""
    real = secrets.token_hex

    def canary(size: int = 32) -> str:
        if size < 16:  # ids and names
            return real(size)
        return "canary" + os.urandom(8).hex() + "0" * (2 * size - 22)

    monkeypatch.setattr(secrets, "token_hex", canary)


class Traces:
    """Every text that the application leaves behind: pages, headers, logs, exception texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, answer: Any) -> Any:
        headers = [f"{k}: {v}" for k, v in answer.headers.items() if k != "X-Frame-Token"]
        body = answer.content.decode(errors="replace")
        body = re.sub(r'name="frame-token" content="[^"]*"', "", body)
        self.texts += [*headers, body]
        return answer

    def found(self) -> set[str]:
        return {hit for one in self.texts for hit in CANARY.findall(one)}


FAULTS: list[dict[str, Any]] = [
    {"kind": "502"},
    {"kind": "502", "after": True},
    {"kind": "cut"},
    {"kind": "cut", "after": True},
    {"kind": "empty", "status": 500},
    {"kind": "error", "status": 401, "code": "invalid_token", "message": "{token} is wrong"},
    {"kind": "error", "status": 400, "code": "0", "message": "No {token}\nhere: auth={token}"},
    {"kind": "error", "status": 503, "code": "QUERY_LIMIT_EXCEEDED", "message": "{token}"},
]


def story(sandbox: Sandbox, app: Application, seen: Traces, faults: list[dict[str, Any]]) -> None:
    """Boris opens, picks, generates, looks, downloads, shares; the worker does its part."""
    token = next(iter(sandbox.state.tokens))
    frame = people.open_tab(sandbox, sandbox.portal_one, app, BORIS, 501)
    seen(frame.page)
    for fault in faults:
        told = {**fault, "message": fault.get("message", "").format(token=token), "method": "*"}
        sandbox.state.faults.add(Fault.described({**told, "times": 1}))
        seen(frame.get("new/?refresh"))
        seen(frame.follow(frame.get(f"new/{OFFER}/")))
        sandbox.state.faults.clear()
        form = open_form(frame, OFFER)
        sandbox.state.faults.add(
            Fault.described({**told, "method": "crm.documentgenerator.document.add"})
        )
        seen(form.send({"DocumentTitle": f"{fault['kind']} {len(seen.texts)}"}))
        sandbox.state.faults.clear()
    document_id = made(open_form(frame, CONTRACT).send({"Title": "Certain"}))
    seen(frame.get(f"documents/{document_id}/"))
    for kind in ("pdf", "docx"):
        ticket = frame.post(f"documents/{document_id}/{kind}-ticket/")
        sandbox.state.faults.add(Fault.described({"kind": "502", "method": "*"}))
        seen(Client().get(ticket.json()["address"]))
    seen(frame.post(f"documents/{document_id}/link/", {"on": "1"}, target="link"))
    seen(frame.post("documents/999/retry/"))


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """Everything that is logged at any level, as the application's own handler writes it."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Plain("%(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.DEBUG)
    yield out
    logging.getLogger().removeHandler(handler)


def test_s42_canaries_through_the_main_story_with_faults(
    sandbox: Sandbox,
    db: None,
    canaries: None,
    caplog: pytest.LogCaptureFixture,
    log_lines: StringIO,
    later: Later,
    no_waiting: None,
) -> None:
    app = people.install(sandbox, sandbox.portal_one)
    portal, seen = Portal.objects.get(), Traces()
    story(sandbox, app, seen, FAULTS)
    for form in (form_of(sandbox, app), goodbye(sandbox, app), form_of(sandbox, app, UPDATE + "X")):
        seen(post(portal, form))
        seen(post(portal, form | {"auth[application_token]": "x"}))
    work()
    address, fields = launch_of(sandbox, app, ANNA, {"ID": "501"})
    for name in ("AUTH_ID", "APPLICATION_TOKEN", "member_id", "PLACEMENT_OPTIONS"):
        seen(Frame(address, fields | {name: f"{fields['AUTH_ID']}\r\nINFO forged: line"}).page)
    later(minutes=10)
    sandbox.state.expire_access()
    for intent_id in settle.due():
        settle.settle(intent_id)
    for portal_id in readiness.due_portals():
        readiness.look(portal_id)
    sandbox.state.expire_refresh()
    sandbox.state.expire_access()
    seen(people.open_application(sandbox, sandbox.portal_one, app, ANNA).page)
    tasks.refresh_catalogue.call_local(portal.pk)

    assert len(sandbox.state.tokens) > 5
    assert all(CANARY.match(token) for token in sandbox.state.tokens)
    assert len(seen.texts) > 100
    assert seen.found() == set()
    assert not CANARY.findall(caplog.text)
    assert not CANARY.findall(log_lines.getvalue())
    assert not [line for line in log_lines.getvalue().split("\n") if line.startswith("INFO forged")]
    assert not CANARY.findall(dump().decode(errors="replace"))
    assert not [path for path in files_written() if CANARY.search(path.read_text("latin-1"))]


def files_written() -> list[Path]:
    """Queue, static files, and whatever else a process of ours may have left."""
    return [path for path in Path("var/test").rglob("*") if path.is_file()]


def test_s42_a_crash_leaves_neither_secret_nor_forged_line(
    sandbox: Sandbox,
    boris: Frame,
    canaries: None,
    log_lines: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception of somebody else's code, whose text has a token and a line break."""
    token = sandbox.state.issue_tokens(
        sandbox.portal_one, next(iter(sandbox.portal_one.applications.values())), BORIS
    ).access

    def crash(*args: object) -> None:
        raise RuntimeError(f"bad token {token}\nINFO docket: forged")

    monkeypatch.setattr("b24app.web.deal_tab.deal_tab.open_tab", crash)
    answer = boris.get("")
    assert answer.status_code == 500
    assert "Docket made a mistake" in text(answer)
    assert not CANARY.search(text(answer))
    assert "RuntimeError" in log_lines.getvalue()
    assert not CANARY.search(log_lines.getvalue())


def test_s42_a_log_line_is_one_line(log_lines: StringIO) -> None:
    logging.getLogger("docket.test").warning("said %s", "one\r\ntwo\x1b[31m\u2028three")
    assert log_lines.getvalue() == "WARNING docket.test: said one\\r\\ntwo\\x1b[31m\\u2028three\n"


def test_s42_a_path_of_the_browser_makes_no_line(
    sandbox: Sandbox, db: None, log_lines: StringIO
) -> None:
    Client().get("/p/x%0d%0aINFO forged: line/deal/")
    Client().get("/nothing%0aINFO forged: line")
    assert not [line for line in log_lines.getvalue().split("\n") if line.startswith("INFO forged")]


def test_s42_no_row_shows_its_secret(sandbox: Sandbox, full: Frame) -> None:
    hidden = secrets_of(sandbox)
    for model in apps.get_models():
        for row in model._default_manager.all():
            shown = f"{row} {row!r}"
            assert not [secret for secret in hidden if secret in shown]


def test_s42_the_portals_words_lose_what_looks_like_a_token(boris: Frame, sandbox: Sandbox) -> None:
    token = next(iter(sandbox.state.tokens))
    sandbox.state.faults.add(
        Fault("batch", "error", status=400, code="0", message=f"bad token {token} given", times=-1)
    )
    page = text(boris.get(""))
    assert "bad token … given" in page
    assert token not in page


# The two logs


def test_s42_every_request_to_the_portal_is_in_the_rest_log(
    sandbox: Sandbox, boris: Frame, portal: Portal
) -> None:
    RestCall.objects.all().delete()
    sandbox.state.record.clear()
    document_id = made(open_form(boris, OFFER).send())
    address = boris.post(f"documents/{document_id}/docx-ticket/").json()["address"]
    Client().get(address)
    boris.get("documents/999999/")
    sandbox.state.faults.add(Fault.described({"method": "batch", "kind": "502", "times": 1}))
    boris.get("")
    calls = RestCall.objects.order_by("pk")
    received = [one for one in sandbox.state.record if one.origin == sandbox.url]
    assert len(calls) == len(received)
    assert {call.user_id for call in calls} <= {BORIS, ANNA}
    assert {call.portal_id for call in calls} == {portal.pk}
    assert {call.status for call in calls} >= {200, 502}
    assert all(call.milliseconds >= 0 and call.method for call in calls)


def test_s42_the_logs_are_kept_for_days_and_then_pruned(
    sandbox: Sandbox, boris: Frame, clara: Frame, later: Later
) -> None:
    kept = RestCall.objects.count()
    assert kept
    later(days=3)
    tasks.tidy.call_local()
    assert RestCall.objects.count() == kept
    later(days=5)
    tasks.tidy.call_local()
    assert RestCall.objects.count() == 0
    assert journal.SECURITY_KEPT.days == 90


# S43: what the environment of the process says


def test_s43_proxies_netrc_and_certificate_variables_are_ignored(
    sandbox: Sandbox,
    docket: Application,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The whole way of an opening, with an environment that wants every request elsewhere."""
    spy = server.Portal()
    netrc = tmp_path / "netrc"
    netrc.write_text("default login anna password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, spy.origin)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSLKEYLOGFILE"):
        monkeypatch.setenv(name, str(tmp_path / "own.pem"))
    egress.cache_clear()
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    assert frame.page.status_code == 200
    spy.close()
    assert spy.received == []
    assert not (tmp_path / "own.pem").exists()


def test_s43_secrets_travel_in_bodies(sandbox: Sandbox, docket: Application) -> None:
    """Never in an address, where servers and proxies would log them."""
    sandbox.state.expire_access()
    frame = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501)
    frame.get("new/?refresh")
    asked = list(sandbox.state.record)
    assert {one.path for one in asked} >= {"/rest/app.info", "/oauth/token/", "/rest/batch"}
    assert {one.method for one in asked} == {"POST"}


def test_s43_certificates_are_verified(tmp_path: Path, settings: Any) -> None:
    """Also of an origin that the operator has listed."""
    from b24app.bitrix import errors
    from tests.unit.bitrix.tls import self_signed

    portal = server.Portal(tls=self_signed(tmp_path))
    settings.LISTED_ORIGINS = [portal.origin]
    egress.cache_clear()
    with pytest.raises(errors.NotReached):
        egress().send("POST", f"{portal.origin}/rest/x", origin=portal.origin, json={"auth": "t"})
    portal.close()
    assert portal.received == []


# S44: the end


def rows_of(portal_id: int) -> dict[str, int]:
    """How many rows of each table hang on a portal, by whatever way of foreign keys."""
    found = {}
    for model in apps.get_models():
        ways = [way for way in _ways(model) if way]
        if model is Portal:
            ways = ["pk"]
        assert ways, f"{model.__name__} hangs on no portal"
        count = sum(model._base_manager.filter(**{way: portal_id}).count() for way in ways)
        found[model.__name__] = count
    return found


def _ways(model: type[models.Model], seen: tuple[type, ...] = ()) -> list[str]:
    """The paths of foreign keys from a model to the portal."""
    ways = []
    for field in model._meta.get_fields():
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or target in seen:
            continue
        if target is Portal:
            ways.append(field.name)
        else:
            ways += [f"{field.name}__{way}" for way in _ways(target, (*seen, model))]  # type: ignore[arg-type]
    return ways


@pytest.fixture
def lived_in(sandbox: Sandbox, docket: Application, full: Frame, dmitri: Frame) -> Portal:
    """Anna's portal with something in every table; Dmitri's beside it."""
    portal = Portal.objects.get(address=sandbox.portal_one.origin)
    document_id = IssuedDocument.objects.get(portal=portal).document_id
    full.post(f"documents/{document_id}/pdf-ticket/")
    full.post(f"documents/{document_id}/link/", {"on": "1"})
    tasks.reconcile_portal.call_local(portal.pk)
    snapshots.heard_of(portal, document_id, 2)
    post(portal, form_of(sandbox, docket))
    anna = people.open_application(sandbox, sandbox.portal_one, docket, ANNA)
    anna.post("reconnect/")
    journal.refused("deal", "a test", "192.0.2.1", portal)
    PortalPause.objects.create(portal=portal, since=timezone.now())
    counted = rows_of(portal.pk)
    assert all(counted.values()), counted
    return portal


def test_s44_uninstalled_with_removal_of_data(
    sandbox: Sandbox, docket: Application, lived_in: Portal
) -> None:
    theirs = rows_of(Portal.objects.exclude(pk=lived_in.pk).get().pk)
    sandbox.state.remove_application(sandbox.portal_one, docket.client_id, clean=True)
    assert post(lived_in, goodbye(sandbox, docket, **{"data[CLEAN]": "1"})).status_code == 200
    work()
    assert not any(rows_of(lived_in.pk).values())
    assert rows_of(Portal.objects.get().pk) == theirs
    assert sandbox.portal_one.origin.encode() not in dump()


def test_s44_uninstalled_without_removal_of_data_forgets_the_keys(
    sandbox: Sandbox, docket: Application, lived_in: Portal
) -> None:
    farewell.leave(lived_in)
    counted = rows_of(lived_in.pk)
    assert (counted["TokenChain"], counted["FrameSession"], counted["DownloadTicket"]) == (0, 0, 0)
    assert counted["IssuedDocument"] == 1


def test_s44_the_operator_erases_a_portal(sandbox: Sandbox, lived_in: Portal) -> None:
    told = StringIO()
    call_command("erase_portal", lived_in.address, "--yes", stdout=told)
    assert int(told.getvalue().split()[0]) >= len(apps.get_models())
    assert not any(rows_of(lived_in.pk).values())
    assert Portal.objects.count() == 1


def test_s44_no_file_is_kept(sandbox: Sandbox, boris: Frame) -> None:
    """Documents pass through memory: nothing of them is written to the disk."""
    begun = timezone.now().timestamp() - 1
    document_id = made(open_form(boris, OFFER).send())
    address = boris.post(f"documents/{document_id}/pdf-ticket/").json()["address"]
    assert Client().get(address).content.startswith(b"%PDF")
    fresh = [path for path in files_written() if path.stat().st_mtime > begun]
    assert {path.name.partition("-")[0] for path in fresh} <= {"queue.sqlite3", "docket.sqlite3"}
