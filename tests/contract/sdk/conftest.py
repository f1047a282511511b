"""Anna, Boris and Clara, each with the official client and a token of an installed application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from b24pysdk import Client
from b24pysdk.client import ClientV2
from b24pysdk.credentials import BitrixApp, BitrixToken, BitrixWebhook

from tests.contract.sdk import certificates, network
from tests.contract.sdk.certificates import Certificates
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

SCOPES = ["crm", "placement", "user", "documentgenerator", "catalog"]
HANDLER = "https://docket.example/app/"
Running = tuple[Sandbox, tuple[int, int, int]]


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.made(tmp_path_factory.mktemp("tls"), network.NAMES)


@pytest.fixture(scope="session")
def running_tls_sandbox(files: Certificates) -> Iterator[Running]:
    with Sandbox.start(tls=(str(files.server), str(files.key))) as sandbox:
        yield sandbox, network.ports_of(sandbox)


@pytest.fixture
def sandbox(
    running_tls_sandbox: Running, files: Certificates, monkeypatch: pytest.MonkeyPatch
) -> Sandbox:
    """The sandbox as seeded, behind https, found by the names of `network`."""
    sandbox, ports = running_tls_sandbox
    network.lead(monkeypatch, sandbox, ports)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.authority))
    monkeypatch.setenv("NO_PROXY", "*")
    sandbox.reset()
    sandbox.state.options.event_delay = 0.0
    return sandbox


@pytest.fixture
def app(sandbox: Sandbox) -> Application:
    """Installed in Anna's portal."""
    return sandbox.state.register_application(
        sandbox.portal_one, name="Docket", handler_url=HANDLER, scopes=SCOPES
    )


@pytest.fixture
def bitrix_app(app: Application) -> BitrixApp:
    """The same application as the client sees it."""
    return BitrixApp(client_id=app.client_id, client_secret=app.client_secret)


def token(sandbox: Sandbox, app: Application, bitrix_app: BitrixApp, user_id: int) -> BitrixToken:
    """A user's token, as the client keeps it."""
    pair = sandbox.state.issue_tokens(sandbox.portal_one, app, user_id)
    return BitrixToken(
        domain=network.PORTAL_ONE,
        auth_token=pair.access,
        refresh_token=pair.refresh,
        expires=pair.expires,
        bitrix_app=bitrix_app,
    )


@pytest.fixture
def anna(sandbox: Sandbox, app: Application, bitrix_app: BitrixApp) -> ClientV2:
    return Client(token(sandbox, app, bitrix_app, 1))


@pytest.fixture
def boris(sandbox: Sandbox, app: Application, bitrix_app: BitrixApp) -> ClientV2:
    return Client(token(sandbox, app, bitrix_app, 7))


@pytest.fixture
def clara(sandbox: Sandbox, app: Application, bitrix_app: BitrixApp) -> ClientV2:
    return Client(token(sandbox, app, bitrix_app, 12))


@pytest.fixture
def webhook(sandbox: Sandbox) -> ClientV2:
    """Anna's incoming webhook."""
    portal = sandbox.portal_one
    address = sandbox.state.add_webhook(portal, portal.users[1], SCOPES)
    return Client(
        BitrixWebhook(
            domain=network.PORTAL_ONE, webhook_token=address.partition("/rest/")[2].strip("/")
        )
    )


@pytest.fixture(params=["token", "webhook"])
def client(request: pytest.FixtureRequest, anna: ClientV2, webhook: ClientV2) -> ClientV2:
    """Anna by her token, and Anna by her webhook."""
    return anna if request.param == "token" else webhook


@pytest.fixture
def offer(sandbox: Sandbox) -> int:
    """Id of a template for deals that everybody may use."""
    return next(
        template.id
        for template in sandbox.portal_one.templates.values()
        if "UA" in template.users and template.active and not template.is_deleted
    )
