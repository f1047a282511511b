"""A. Entry: who is let in, and what a refused opening leaves behind (S01 to S14)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from b24app.bitrix import errors
from b24app.bitrix.egress import Egress
from b24app.models import FrameSession, Portal, RestCall, TokenChain
from b24app.portals import install, registration, throttle
from tests import people
from tests.integration.pages import text
from tests.people import ANNA, BORIS, CLARA, Frame
from tests.sandbox import applications
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application
from tests.security.conftest import Launch, launch_of
from tests.security.evidence import refusal, rows
from tests.unit.bitrix import server

STRANGER = "This page was not opened by Bitrix24"
INFO = "/rest/app.info"
FORM = "application/x-www-form-urlencoded"
SOURCES = Path(__file__).resolve().parents[2] / "b24app"


def turned_away(frame: Frame, status: int = 403) -> None:
    """The page says that it was not opened by Bitrix24, holds no session, and nobody frames it."""
    assert frame.page.status_code == status, text(frame.page)
    assert STRANGER in text(frame.page)
    assert not frame.token
    assert "frame-ancestors 'none'" in frame.page.headers["Content-Security-Policy"]


def with_domain(launch: Launch, domain: str) -> Launch:
    """The launch with another DOMAIN, which stands in the address."""
    url = urlsplit(launch[0])
    query = urlencode({**dict(parse_qsl(url.query)), "DOMAIN": domain})
    return f"{url.path}?{query}", launch[1]


def test_s01_domain_of_an_unknown_host(sandbox: Sandbox, launch: Launch) -> None:
    evil = server.Portal()
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(*with_domain(launch, urlsplit(evil.origin).netloc)))
    evil.close()
    assert evil.received == []


@pytest.mark.parametrize("where", ["launch", "install"])
def test_s02_a_server_named_by_the_request_is_never_asked(
    sandbox: Sandbox, db: None, where: str
) -> None:
    """Not at the opening, and not when the client secret and a refresh token are sent later."""
    evil = server.Portal()
    app = people.register(sandbox, sandbox.portal_one)
    address, fields = applications.launch_fields(
        sandbox.state, sandbox.portal_one, app, sandbox.portal_one.users[ANNA]
    )
    frame = Frame(address, fields | {"SERVER_ENDPOINT": f"{evil.origin}/rest/"})
    for step in install.STEPS:
        assert frame.post(f"{step}/", target="install").status_code == 200
    applications.finish_installation(sandbox.state, sandbox.portal_one, app.client_id)
    if where == "launch":
        address, fields = launch_of(sandbox, app, BORIS, {"ID": "501"})
        frame = Frame(address, fields | {"SERVER_ENDPOINT": f"{evil.origin}/rest/"})
    sandbox.state.record.clear()
    sandbox.state.expire_access()
    people.open_tab(sandbox, sandbox.portal_one, app, BORIS, 501).post("new/refresh/")
    refreshes = sandbox.state.record.at("/oauth/token/")
    evil.close()
    assert evil.received == []
    assert [one.origin for one in refreshes] == [sandbox.auth_url]
    assert Portal.objects.get().auth_server == sandbox.auth_url
    assert not [one for one in sandbox.state.record.rest() if "client_secret" in one.params]


def test_s03_token_of_another_portal(
    sandbox: Sandbox, launch: Launch, foreign_launch: dict[str, str]
) -> None:
    """Dmitri's own token with everything else of Anna's portal."""
    address, fields = launch
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(address, fields | {"AUTH_ID": foreign_launch["AUTH_ID"]}))


def test_s03_launch_of_another_portal_at_our_address(
    sandbox: Sandbox, launch: Launch, foreign_launch: dict[str, str]
) -> None:
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(launch[0], foreign_launch))


def test_s03_domain_of_another_portal(sandbox: Sandbox, launch: Launch) -> None:
    theirs = urlsplit(sandbox.portal_two.origin).netloc
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(*with_domain(launch, theirs)))


def test_s03_dmitris_rows_are_untouched_by_a_launch_of_anna(
    sandbox: Sandbox, docket: Application, dmitri: Frame, portal_two: Portal
) -> None:
    """Anna's genuine token, sent to the address of Dmitri's portal."""
    nordwerk = sandbox.portal_one
    address, fields = applications.launch_fields(
        sandbox.state, nordwerk, docket, nordwerk.users[ANNA]
    )
    own = Portal.objects.exclude(pk=portal_two.pk).get()
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(address.replace(own.key, portal_two.key), fields))


@pytest.fixture
def portal_two(sandbox: Sandbox) -> Portal:
    """Our row for Dmitri's portal."""
    return Portal.objects.get(address=sandbox.portal_two.origin)


def test_s04_token_of_another_application(sandbox: Sandbox, launch: Launch) -> None:
    address, fields = launch
    nordwerk = sandbox.portal_one
    other = applications.register(
        sandbox.state, nordwerk, name="Other", handler_url="http://127.0.0.1:8800/other/"
    )
    token = sandbox.state.issue_tokens(nordwerk, other, BORIS)
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(address, fields | {"AUTH_ID": token.access, "REFRESH_ID": token.refresh}))


@pytest.mark.parametrize(
    ("changed", "status", "asked"),
    [
        ({"AUTH_ID": None}, 400, []),
        ({"AUTH_ID": ""}, 400, []),
        ({"AUTH_ID": "a b"}, 400, []),
        ({"AUTH_ID": "a" * 600}, 400, []),
        ({"AUTH_ID": "a" * 1_000_000}, 400, []),
        ({"AUTH_ID": "0" * 70}, 403, [INFO]),
        ({"member_id": None}, 400, []),
        ({"member_id": "../../etc"}, 400, []),
        ({"member_id": "f" * 32}, 403, []),
        ({"AUTH_EXPIRES": "soon"}, 400, []),
    ],
)
def test_s05_missing_random_or_endless_token(
    sandbox: Sandbox,
    launch: Launch,
    changed: dict[str, str | None],
    status: int,
    asked: list[str],
) -> None:
    address, fields = launch
    forged = {key: value for key, value in {**fields, **changed}.items() if value is not None}
    with refusal(sandbox, kind="entry", asked=asked):
        turned_away(Frame(address, forged), status)


def test_s05_a_body_of_two_megabytes_is_not_read(sandbox: Sandbox, launch: Launch) -> None:
    address, fields = launch
    before = rows()
    frame = Frame(address, fields | {"AUTH_ID": "a" * 2**21})
    assert frame.page.status_code == 413
    assert not frame.token
    assert rows() == before


def test_s05_an_expired_token(sandbox: Sandbox, launch: Launch) -> None:
    sandbox.state.expire_access(BORIS)
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(*launch))


def test_s05_no_portal_appears_where_none_is_known(sandbox: Sandbox, db: None) -> None:
    app = applications.register(
        sandbox.state, sandbox.portal_one, name="Docket", handler_url="http://127.0.0.1:8800/"
    )
    for path in ("/", "/install/", "/p/nobody/deal/", "/p/nobody/install/"):
        app.handler_url = f"http://127.0.0.1:8800{path}"
        frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
        assert frame.page.status_code == 403, path
    assert not any(rows().values())


@pytest.mark.parametrize(
    "reply",
    [
        server.html(502),
        server.html(200),
        server.reset,
        server.silence,
        server.document([]),
        server.document({"result": {"client_id": "x"}}),
        server.document({"error": "INTERNAL_SERVER_ERROR"}, 500),
    ],
    ids=["502", "html", "reset", "silence", "list", "half", "500"],
)
def test_s06_the_authorization_server_gives_no_answer(
    sandbox: Sandbox,
    launch: Launch,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    reply: server.Reply,
) -> None:
    """Nobody is let in anyway; who is in already goes on."""
    from b24app.portals import egress, proof

    monkeypatch.setattr(proof, "PATIENCE", 0.4)
    running = Frame(*launch)
    broken = server.Portal()
    broken.will(*[reply] * 5)
    settings.AUTH_SERVERS = [broken.origin]
    settings.LISTED_ORIGINS = [*settings.LISTED_ORIGINS, broken.origin]
    egress.egress.cache_clear()
    before = rows()
    frame = Frame(launch[0], launch[1] | {"AUTH_ID": "f" * 70})
    broken.close()
    assert frame.page.status_code == 503
    assert "sign-in service is not answering" in text(frame.page)
    assert "Try again" in text(frame.page)
    assert not frame.token
    assert rows() == before
    assert running.get("").status_code == 200


def test_s06_nobody_listens_where_the_authorization_server_should_be(
    sandbox: Sandbox, db: None, authorization_server_down: None
) -> None:
    app = people.register(sandbox, sandbox.portal_one)
    before = rows()
    frame = people.open_application(sandbox, sandbox.portal_one, app, ANNA)
    assert frame.page.status_code == 503
    assert not frame.token
    assert rows() == before


def test_s07_wrong_application_token_is_refused_before_anything_is_sent(
    sandbox: Sandbox, launch: Launch
) -> None:
    address, fields = launch
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(address, fields | {"APPLICATION_TOKEN": "0" * 32}))


def test_s07_the_right_application_token_alone_opens_nothing(
    sandbox: Sandbox, launch: Launch
) -> None:
    address, fields = launch
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(address, fields | {"AUTH_ID": "f" * 70}))


def test_s08_boris_at_the_install_page_of_an_installed_portal(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    docket.installed = False  # the portal shows the install page again
    with refusal(sandbox, kind="role", asked=[INFO, "/rest/profile"]):
        frame = people.open_application(sandbox, sandbox.portal_one, docket, BORIS)
        assert frame.page.status_code == 403
        assert not frame.token
    docket.installed = True
    assert people.open_tab(sandbox, sandbox.portal_one, docket, CLARA, 501).token


def test_s09_a_repeated_installation_with_foreign_tokens(
    sandbox: Sandbox, docket: Application, foreign_launch: dict[str, str], portal: Portal
) -> None:
    docket.installed = False
    address, fields = applications.launch_fields(
        sandbox.state, sandbox.portal_one, docket, sandbox.portal_one.users[ANNA]
    )
    stolen = {name: foreign_launch[name] for name in ("AUTH_ID", "REFRESH_ID")}
    with refusal(sandbox, kind="entry", asked=[INFO]):
        turned_away(Frame(address, fields | stolen))
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(address, fields | {"member_id": "a" * 32}))


def test_s09_a_genuine_repetition_changes_nothing_twice(
    sandbox: Sandbox, docket: Application, portal: Portal
) -> None:
    nordwerk = sandbox.portal_one
    placements, events = list(nordwerk.placements), list(nordwerk.event_bindings)
    frame = people.open_application(sandbox, nordwerk, docket, ANNA)
    for step in install.STEPS:
        assert frame.post(f"install/{step}/", target="install").status_code == 200
    assert (nordwerk.placements, nordwerk.event_bindings) == (placements, events)
    assert Portal.objects.count() == 1
    assert TokenChain.objects.filter(purpose=TokenChain.Purpose.INSTALLATION).count() == 1


def test_s10_a_verified_portal_with_a_private_address_is_not_talked_to(
    sandbox: Sandbox, launch: Launch, settings: Any, portal: Portal
) -> None:
    """The authorization server names it, and still: the operator has not listed it."""
    from b24app.portals.egress import egress

    settings.LISTED_ORIGINS = [sandbox.auth_url]
    egress.cache_clear()
    frame = Frame(*launch)
    assert frame.page.status_code >= 400
    assert "Office refit" not in text(frame.page)
    assert {one.path for one in sandbox.state.record} == {INFO}
    assert not RestCall.objects.filter(status=200, portal=portal, user_id=BORIS).exists()


@pytest.mark.parametrize("address", ["https://127.0.0.1", "https://localhost:8443"])
def test_s10_an_unlisted_address_is_refused_before_connecting(address: str) -> None:
    egress = Egress("t")
    with pytest.raises(errors.ForbiddenAddress):
        egress.send("POST", f"{address}/rest/profile", origin=address, json={"auth": "t"})
    egress.close()


def test_s11_a_redirect_is_not_followed_and_the_new_address_needs_proof(
    sandbox: Sandbox, docket: Application, boris: Frame, portal: Portal
) -> None:
    nordwerk, old = sandbox.portal_one, sandbox.portal_one.origin
    new = old.replace("localhost", "127.0.0.1")
    sandbox.state.move_portal(nordwerk, new)
    answer = boris.get("")
    assert "This portal has a new address" in text(answer)
    assert {one.origin for one in sandbox.state.record} == {old}
    assert Portal.objects.get().address == old
    frame = Frame(*launch_of(sandbox, docket, BORIS, {"ID": "501"}))
    assert Portal.objects.get().address == new
    assert frame.page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {new}")


@pytest.mark.parametrize("status", [301, 302, 307])
def test_s11_the_token_does_not_travel_with_a_redirect(
    sandbox: Sandbox, launch: Launch, settings: Any, status: int, portal: Portal
) -> None:
    """The portal sends our server on to a host of somebody else."""
    from b24app.portals.egress import egress

    nordwerk = sandbox.portal_one
    evil, hijacked, real = server.Portal(), server.Portal(), nordwerk.origin
    hijacked.will(*[server.redirect(f"{evil.origin}/rest/batch", status)] * 5)
    settings.LISTED_ORIGINS = [*settings.LISTED_ORIGINS, evil.origin, hijacked.origin]
    egress.cache_clear()
    nordwerk.origin = hijacked.origin
    launch = launch_of(sandbox, docket_of(sandbox), BORIS, {"ID": "501"})
    page = Frame(*launch).page
    nordwerk.origin = real
    evil.close()
    hijacked.close()
    assert "This portal has a new address" in text(page)
    assert len(hijacked.received) == 1
    assert evil.received == []


def docket_of(sandbox: Sandbox) -> Application:
    return next(iter(sandbox.portal_one.applications.values()))


TRICKS = [
    "a@{host}", "{host}@evil.example", "{host}#.evil.example", "{host}:443x", "{host}/",
    "{host}/rest", "{host}.", ".{host}", "{host} ", " {host}", "{host}%00", "{host}\t", "{host}\\",
    "{host}?x", "[::1]", "::1", "127.1", "2130706433", "0x7f000001", "localhost..", "{host}:99999",
    "bücher.example", "{host},evil.example", "..", "*", "*.bitrix24.com", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_s12_host_tricks(sandbox: Sandbox, launch: Launch, trick: str) -> None:
    host = urlsplit(sandbox.portal_one.origin).netloc
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(*with_domain(launch, trick.format(host=host)), Origin="null"), 400)


def test_s12_upper_case_is_the_same_portal(sandbox: Sandbox, launch: Launch) -> None:
    host = urlsplit(sandbox.portal_one.origin).netloc.upper()
    origin = sandbox.portal_one.origin
    assert Frame(*with_domain(launch, host), Origin=origin).page.status_code == 200


def test_s12_an_operators_typing_goes_through_the_same_parser(db: None) -> None:
    for address in ("acme.example", "https://acme.example/x", "https://a@acme.example", "ftp://a"):
        with pytest.raises(ValueError, match="address"):
            registration.reserve(address)
    assert registration.reserve("https://ACME.example").address == "https://acme.example"


def test_s12_there_is_no_second_parser_of_addresses() -> None:
    """Only the operator's settings, our own address and a Location that is parsed again."""
    users = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if re.search(r"\b(urlsplit|urlparse)\b", path.read_text())
    }
    assert users <= {"environment.py", "settings.py", "web/entry.py", "bitrix/protocol.py"}


@pytest.mark.parametrize(
    "options", ["{not json", '"text"', "7", "[" * 3000, '{"a":' * 10 + "1" + "}" * 10, "[1]"]
)
def test_s13_placement_options_that_are_no_object(
    sandbox: Sandbox, launch: Launch, options: str
) -> None:
    address, fields = launch
    with refusal(sandbox, kind="entry"):
        turned_away(Frame(address, fields | {"PLACEMENT_OPTIONS": options}), 400)


@pytest.mark.parametrize("twice", ["AUTH_ID", "member_id", "PLACEMENT_OPTIONS"])
def test_s13_a_key_that_comes_twice(sandbox: Sandbox, launch: Launch, twice: str) -> None:
    url, fields = urlsplit(launch[0]), launch[1]
    path, again = f"{url.path}?{url.query}", urlencode({twice: fields[twice]})
    with refusal(sandbox, kind="entry", lines=2):
        doubled = Client().post(path, f"{urlencode(fields)}&{again}", content_type=FORM)
        both = Client().post(f"{path}&{again}", urlencode(fields), content_type=FORM)
    assert (doubled.status_code, both.status_code) == (400, 400)


def test_s13_a_launch_as_json(sandbox: Sandbox, launch: Launch) -> None:
    url = urlsplit(launch[0])
    with refusal(sandbox, kind="entry"):
        answer = Client().post(
            f"{url.path}?{url.query}", json.dumps(launch[1]), content_type="application/json"
        )
    assert answer.status_code == 400


def test_s13_get_on_what_is_posted(boris: Frame, portal: Portal) -> None:
    base = f"/p/{portal.key}/"
    one = f"{base}deal/documents/7/"
    posted = ("retry/", "pdf-ticket/")
    for path in (*(f"{one}{name}" for name in posted), f"{base}session/", f"{base}events/"):
        assert boris.get(path).status_code == 405, path
        assert Client().get(path).status_code == 405, path
    for path in ("/", "/install/"):
        assert Client().get(path).status_code == 400, path


def test_s14_too_many_failed_openings(sandbox: Sandbox, launch: Launch) -> None:
    address, fields = launch
    for _ in range(throttle.FAILURES):
        assert Frame(address, fields | {"AUTH_ID": "f" * 70}).page.status_code == 403
    with refusal(sandbox, kind="throttle", lines=2):
        for auth in ("f" * 70, fields["AUTH_ID"]):
            frame = Frame(address, fields | {"AUTH_ID": auth})
            assert frame.page.status_code == 429
            assert "Too many openings" in text(frame.page)


def test_s14_others_are_not_affected(
    sandbox: Sandbox, launch: Launch, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(throttle, "FAILURES", 3)
    address, fields = launch

    def knock(sender: str, auth: str) -> int:
        frame = Frame(address, fields | {"AUTH_ID": auth}, **{"X-Forwarded-For": sender})
        return int(frame.page.status_code)

    attacks = [knock(f"1.2.3.4, 2001:db8::{n:x}", "f" * 70) for n in range(1, 6)]
    assert attacks == [403, 403, 403, 429, 429]
    assert knock("2001:db8::99", fields["AUTH_ID"]) == 429
    assert knock("2001:db8:1::1", fields["AUTH_ID"]) == 200
    assert knock("5.6.7.8", fields["AUTH_ID"]) == 200


def test_s14_too_many_openings_of_one_portal(
    sandbox: Sandbox, docket: Application, dmitri: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PORTAL_OPENINGS", 5)
    opened = [people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, 501) for _ in range(7)]
    statuses = [frame.page.status_code for frame in opened]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    lindner = sandbox.portal_two
    app = next(iter(lindner.applications.values()))
    deal = next(iter(lindner.deals))
    assert people.open_tab(sandbox, lindner, app, 1, deal).page.status_code == 200
    assert FrameSession.objects.filter(portal__address=lindner.origin).count() >= 2


def test_s14_a_flood_of_refusals_does_not_fill_the_log(
    sandbox: Sandbox, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from b24app.models import SecurityEvent
    from b24app.portals import journal

    monkeypatch.setattr(journal, "NOTED", 10)
    for _ in range(25):
        assert Client().post(f"/p/{portal.key}/events/", {"event": "X"}).status_code == 403
    assert SecurityEvent.objects.filter(kind="event").count() == 10
