"""Files behind the portal's links for machines."""

import pytest

from b24app.bitrix import errors
from b24app.bitrix.client import PortalClient
from b24app.bitrix.secret import Secret
from tests.unit.bitrix import server
from tests.unit.bitrix.server import Portal

PATH = "/rest/crm.documentgenerator.document.getPdf.json?auth=canary&token=s"
PDF = frozenset({"application/pdf"})


def _link(portal: Portal, path: str = PATH) -> Secret:
    return Secret(f"{portal.origin}{path}")


def test_boris_gets_the_pdf_with_its_name(client: PortalClient, portal: Portal) -> None:
    name = "attachment; filename=\"offer.pdf\"; filename*=utf-8''Angebot%20%C3%BC.pdf"
    portal.will(server.file(b"%PDF", "application/pdf", Content_Disposition=name))
    got = client.download(_link(portal), types=PDF, limit=100)
    assert (got.body, got.content_type) == (b"%PDF", "application/pdf")
    assert got.filename in {"Angebot ü.pdf", "offer.pdf"}
    seen = portal.received[0]
    assert (seen.method, seen.path) == ("GET", PATH)
    assert seen.headers["Referer"] == f"{portal.origin}/"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "_.._etc_passwd"),
        ('attachment; filename="a\tb.pdf"', "a_b.pdf"),
        ("attachment; filename*=utf-8''a%0d%0aSet-Cookie.pdf", "a__Set-Cookie.pdf"),
        ("attachment; filename*=utf-8''a%e2%80%aefdp.pdf", "a_fdp.pdf"),
        ("attachment", ""),
        ('attachment; filename="' + "a" * 999 + '.pdf"', "a" * 146 + ".pdf"),
    ],
)
def test_s38_the_files_name_is_made_harmless(
    client: PortalClient, portal: Portal, header: str, name: str
) -> None:
    portal.will(server.file(b"%PDF", "application/pdf", Content_Disposition=header))
    assert client.download(_link(portal), types=PDF, limit=100).filename == name


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (server.refusal("expired_token", 401), errors.TokenExpired),
        (server.refusal("ACCESS_DENIED", 403), errors.AccessDenied),
        (server.file(b"<html>", "text/html"), errors.UnexpectedAnswer),
        (server.document({"result": 1}), errors.UnexpectedAnswer),
        (server.redirect("https://storage.example/x"), errors.PortalMoved),
    ],
)
def test_an_error_is_not_taken_for_a_file(
    client: PortalClient, portal: Portal, reply: server.Reply, expected: type
) -> None:
    portal.will(reply)
    with pytest.raises(errors.BitrixError) as raised:
        client.download(_link(portal), types=PDF, limit=100)
    assert type(raised.value) is expected
    assert len(portal.received) == 1


def test_a_lost_download_is_repeated(client: PortalClient, portal: Portal) -> None:
    portal.will(server.html(502), server.reset, server.file(b"%PDF", "application/pdf"))
    assert client.download(_link(portal), types=PDF, limit=100).body == b"%PDF"


def test_s29_a_file_that_is_too_big_is_no_file(client: PortalClient, portal: Portal) -> None:
    portal.will(server.file(b"%PDF" * 100, "application/pdf"))
    with pytest.raises(errors.UnexpectedAnswer):
        client.download(_link(portal), types=PDF, limit=100)
    assert len(portal.received) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/rest/user.current.json?auth=canary",
        "/rest/crm.documentgenerator.document.getPdf/../x",
        "/rest/7/webhook/crm.documentgenerator.document.getPdf.json",
        "/upload/crm.documentgenerator.document.getPdf.json",
        ".evil.example/rest/crm.documentgenerator.document.getPdf.json",
    ],
)
def test_s29_only_links_of_the_document_generator_are_followed(
    client: PortalClient, portal: Portal, path: str
) -> None:
    with pytest.raises(errors.ForbiddenAddress):
        client.download(_link(portal, path), types=PDF, limit=100)
    assert portal.received == []


def test_s29_another_portals_link_is_refused(client: PortalClient, portal: Portal) -> None:
    with pytest.raises(errors.ForbiddenAddress):
        client.download(Secret(f"https://other.example{PATH}"), types=PDF, limit=100)
