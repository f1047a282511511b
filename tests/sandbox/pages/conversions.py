"""Looking after the conversion of a document before a page shows it."""

from __future__ import annotations

from tests.sandbox.generator.conversion import settle
from tests.sandbox.state import State
from tests.sandbox.world import Document, Portal


def settled(state: State, portal: Portal, document: Document) -> None:
    """Lets the queue finish what is due by now."""
    options = state.options
    settle(portal, document, state.now(), options.conversion_delay, options.conversion_failure)
