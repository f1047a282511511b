"""A sandbox in process, fresh for each test: no sockets, no threads."""

from __future__ import annotations

import pytest

from tests.sandbox.state import State
from tests.sandbox.world import Portal
from tests.unit.sandbox.visitor import ANNA, BORIS, CLARA, Visitor


@pytest.fixture
def state() -> State:
    return State("http://localhost:8801", "http://localhost:8802", "http://localhost:8803")


@pytest.fixture
def portal(state: State) -> Portal:
    return state.portals["nordwerk"]


@pytest.fixture
def anna(state: State, portal: Portal) -> Visitor:
    return Visitor(state, portal, ANNA)


@pytest.fixture
def boris(state: State, portal: Portal) -> Visitor:
    return Visitor(state, portal, BORIS)


@pytest.fixture
def clara(state: State, portal: Portal) -> Visitor:
    return Visitor(state, portal, CLARA)


@pytest.fixture
def stranger(state: State, portal: Portal) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(state, portal)
