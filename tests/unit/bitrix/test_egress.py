"""The one way out: where it refuses to go, and what it makes of what comes back."""

import ast
import gzip
import socket
import time
from pathlib import Path

import pytest

from b24app.bitrix import errors
from b24app.bitrix.connection import is_public
from b24app.bitrix.egress import Egress
from b24app.bitrix.secret import Secret
from tests.unit.bitrix import server
from tests.unit.bitrix.server import Portal
from tests.unit.bitrix.tls import self_signed

NETWORK = {"requests", "urllib3", "socket", "http", "urllib.request", "ssl", "smtplib", "ftplib"}
B24APP = Path(__file__).resolve().parents[3] / "b24app"


def _get(egress: Egress, portal: Portal, path: str = "/", **options: object) -> bytes:
    return egress.send("GET", f"{portal.origin}{path}", origin=portal.origin, **options).body


def test_a_request_names_itself_and_carries_nothing_else(egress: Egress, portal: Portal) -> None:
    portal.will(server.document({"a": 1}))
    reply = egress.send("POST", f"{portal.origin}/x", origin=portal.origin, json={"b": "ü"})
    assert (reply.status, reply.content_type, reply.body) == (200, "application/json", b'{"a": 1}')
    seen = portal.received[0]
    assert seen.json == {"b": "ü"}
    assert seen.headers["User-Agent"] == "Docket-tests/1.0"
    assert not {"Authorization", "Cookie", "Referer"} & seen.headers.keys()


def test_a_form_is_sent_as_a_form(egress: Egress, portal: Portal) -> None:
    egress.send("POST", f"{portal.origin}/x", origin=portal.origin, form={"a": "b&c"})
    assert portal.received[0].body == b"a=b%26c"
    assert portal.received[0].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_connections_are_used_again(egress: Egress, portal: Portal) -> None:
    for _ in range(3):
        _get(egress, portal)
    assert len(portal.received) == 3


def test_no_cookie_is_kept(egress: Egress, portal: Portal) -> None:
    portal.will(server.document({}, Set_Cookie="PHPSESSID=anna; Path=/"))
    _get(egress, portal)
    _get(egress, portal)
    assert "Cookie" not in portal.received[1].headers


def test_s43_proxies_netrc_and_certificates_of_the_environment_are_ignored(
    egress: Egress, portal: Portal, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    _get(egress, portal)
    assert "Authorization" not in portal.received[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_s11_a_redirect_is_not_followed(egress: Egress, portal: Portal, status: int) -> None:
    portal.will(server.redirect(f"{portal.origin}/elsewhere", status))
    reply = egress.send("POST", f"{portal.origin}/x", origin=portal.origin, json={})
    assert reply.status == status
    assert len(portal.received) == 1


def test_nobody_listening_is_certainly_not_done() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{free.getsockname()[1]}"
    egress = Egress("t", frozenset({origin}))
    with pytest.raises(errors.NotReached):
        egress.send("GET", f"{origin}/", origin=origin)
    egress.close()


@pytest.mark.parametrize("listed", [True, False])
def test_a_name_that_does_not_resolve_is_certainly_not_done(
    monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    origin = "https://nobody.example"
    egress = Egress("t", frozenset({origin} if listed else ()))
    with pytest.raises(errors.NotReached):
        egress.send("GET", f"{origin}/", origin=origin)
    egress.close()


def test_s43_a_certificate_nobody_vouches_for_is_refused(tmp_path) -> None:
    portal = Portal(tls=self_signed(tmp_path))
    egress = Egress("t", frozenset({portal.origin}))
    with pytest.raises(errors.NotReached):
        egress.send("POST", f"{portal.origin}/", origin=portal.origin, json={"auth": "t"})
    assert portal.received == []
    egress.close()
    portal.close()


@pytest.mark.parametrize("reply", [server.reset, server.silence, server.drip, server.drip_headers])
def test_after_sending_a_fault_leaves_it_open(egress: Egress, portal: Portal, reply) -> None:
    portal.will(reply)
    begun = time.monotonic()
    with pytest.raises(errors.AnswerLost):
        _get(egress, portal, timeout=0.3)
    assert time.monotonic() - begun < 3
    assert len(portal.received) == 1


def test_an_answer_is_read_only_up_to_the_limit(egress: Egress, portal: Portal) -> None:
    portal.will(*[server.file(b"x" * 1001, "text/plain")] * 2)
    with pytest.raises(errors.UnexpectedAnswer):
        _get(egress, portal, max_bytes=1000)
    assert _get(egress, portal, max_bytes=1001) == b"x" * 1001


def test_the_limit_counts_what_was_unpacked(egress: Egress, portal: Portal) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    portal.will(server.file(bomb, "text/plain", Content_Encoding="gzip"))
    with pytest.raises(errors.UnexpectedAnswer):
        _get(egress, portal, max_bytes=1_000_000)


def test_a_broken_packing_is_no_answer(egress: Egress, portal: Portal) -> None:
    portal.will(server.file(b"not gzip", "text/plain", Content_Encoding="gzip"))
    with pytest.raises(errors.AnswerLost):
        _get(egress, portal)


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/",
        "{origin}",
        "{origin}.evil.example/",
        "{origin}@evil.example/",
        "{origin}/a/../b",
        "{origin}/a/%2e%2E/b",
        "{origin}/a%2fb",
        "{origin}/a%5cb",
        "{origin}/a\\b",
        "{origin}/a#b",
        "{origin}/a b",
        "{origin}/a\r\nX: y",
        "{origin}/ä",
        "{origin}/" + "a" * 5000,
    ],
)
def test_s12_an_address_outside_the_portal_is_refused(
    egress: Egress, portal: Portal, url: str
) -> None:
    with pytest.raises(errors.ForbiddenAddress):
        egress.send("GET", Secret(url.format(origin=portal.origin)), origin=portal.origin)
    assert portal.received == []


def test_s10_http_is_for_listed_origins_only(portal: Portal) -> None:
    egress = Egress("t")
    with pytest.raises(errors.ForbiddenAddress):
        egress.send("GET", f"{portal.origin}/", origin=portal.origin)
    egress.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
def test_s10_a_name_leading_inside_is_refused_untouched(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [_found(address)])
    monkeypatch.setattr(socket.socket, "connect", lambda *a: pytest.fail("connected"))
    egress = Egress("t")
    with pytest.raises(errors.ForbiddenAddress):
        egress.send("GET", "https://portal.example/", origin="https://portal.example")
    egress.close()


def test_s10_a_name_that_changes_between_look_and_connection_is_refused(
    monkeypatch: pytest.MonkeyPatch, portal: Portal
) -> None:
    port = int(portal.origin.rpartition(":")[2])
    answers = iter([_found("93.184.215.14", port), _found("127.0.0.1", port)])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [next(answers)])
    egress = Egress("t")
    origin = f"https://portal.example:{port}"
    with pytest.raises(errors.ForbiddenAddress):
        egress.send("POST", f"{origin}/", origin=origin, json={"auth": "t"})
    assert portal.received == []
    egress.close()


def _found(address: str, port: int = 443) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    place = (address, port, 0, 0) if ":" in address else (address, port)
    return (family, socket.SOCK_STREAM, 6, "", place)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d70e", True),
        ("0.0.0.0", False),  # noqa: S104
        ("127.8.8.8", False),
        ("10.1.1.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_s10_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("listed", [True, False])
def test_a_portal_with_a_good_certificate_is_talked_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path, listed: bool
) -> None:
    portal = Portal(tls=self_signed(tmp_path))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "portal.pem"))
    monkeypatch.setattr("b24app.bitrix.connection.is_public", lambda address: True)
    egress = Egress("t", frozenset({portal.origin} if listed else ()))
    portal.will(server.document({"a": 1}), server.drip)
    assert _get(egress, portal) == b'{"a": 1}'
    with pytest.raises(errors.AnswerLost):
        _get(egress, portal, timeout=0.3)
    egress.close()
    portal.close()


def _imports(path: Path) -> set[str]:
    """Modules that a file imports, with all that they lie in: ``http.client`` and ``http``."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names | {name.partition(".")[0] for name in names}


def test_nothing_else_of_docket_can_open_a_connection() -> None:
    harmless = {"http.HTTPStatus", "http.cookies"}
    found = {
        path.relative_to(B24APP).as_posix()
        for path in B24APP.rglob("*.py")
        if (names := _imports(path)) & NETWORK and not names & harmless
    }
    assert found == {"bitrix/connection.py", "bitrix/egress.py"}
