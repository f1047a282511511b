"""A portal on loopback, and a client of it whose waits cost no time."""

from collections.abc import Iterator

import pytest

from b24app.bitrix.client import PortalClient
from b24app.bitrix.egress import Egress
from b24app.bitrix.retry import Repeater
from tests.unit.bitrix.server import Portal


class Waits(list[float]):
    """Instead of sleeping, remembers for how long."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


class StoredAccess:
    """Boris's token, and the tokens he gets when it is renewed."""

    def __init__(self) -> None:
        self.current = "boris-token-1"
        self.renewed: list[str] = []

    def token(self) -> str:
        return self.current

    def renew(self, stale: str) -> str:
        self.renewed.append(stale)
        self.current = f"boris-token-{len(self.renewed) + 1}"
        return self.current


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture
def egress(portal: Portal) -> Iterator[Egress]:
    egress = Egress("Docket-tests/1.0", frozenset({portal.origin}), read_timeout=5)
    yield egress
    egress.close()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def repeater(waits: Waits) -> Repeater:
    return Repeater(sleep=waits, chance=lambda: 1.0)


@pytest.fixture
def access() -> StoredAccess:
    return StoredAccess()


@pytest.fixture
def client(
    egress: Egress, portal: Portal, access: StoredAccess, repeater: Repeater
) -> PortalClient:
    return PortalClient(egress, portal.origin, access, repeater=repeater)
