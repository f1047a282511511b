"""The portal's conversion server: PDF and picture are made beside the portal, not inside it.

A conversion can take seconds. In tests the portal does it when it is asked for the document, which
follows the sandbox's clock exactly; a sandbox that people click through has this thread instead,
so that nobody waits for the conversion of another's document.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.sandbox.generator import conversion
from tests.sandbox.world import Document, Portal

if TYPE_CHECKING:
    from tests.sandbox.state import State

PAUSE = 0.2
FIRST_ON_BENCH = 1_000_000_000
"""Ids of new files on the bench must not be those of the portal's."""


class Conversions:
    """Converts what is due, one file after another."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sandbox-conversions", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(60)

    def _work(self) -> None:
        while not self._stopped.wait(PAUSE):
            self.convert_due()

    def convert_due(self) -> None:
        """Converts everything whose time has come."""
        while (due := self._due()) and not self._stopped.is_set():
            self._convert(*due)

    def _due(self) -> tuple[Portal, Document] | None:
        with self._state.lock:
            for portal in self._state.portals.values():
                for document in portal.documents.values():
                    if self._is_due(document):
                        return portal, document
        return None

    def _is_due(self, document: Document) -> bool:
        since = document.converting_since
        if since is None:
            return False
        waited = (self._state.now() - since).total_seconds()
        return waited >= self._state.options.conversion_delay

    def _convert(self, portal: Portal, document: Document) -> None:
        """Works on copies, then hands the results over unless the file has changed meanwhile."""
        with self._state.lock:
            work = replace(document)
            file = portal.files.get(document.file_id or 0)
            bench = Portal("", "", "", "", files={file.id: file} if file else {})
            bench.last_ids["file"] = FIRST_ON_BENCH
        options = self._state.options
        failure = options.conversion_failure
        conversion.settle(bench, work, self._state.now(), options.conversion_delay, failure)
        with self._state.lock:
            if work.file_id != document.file_id:
                return
            document.converting_since = None
            document.conversion_attempts = work.conversion_attempts
            document.conversion_error = work.conversion_error
            if work.pdf_id in bench.files and work.pdf_id != document.pdf_id:
                document.pdf_id = self._adopt(portal, bench, work.pdf_id)
                document.image_id = self._adopt(portal, bench, work.image_id)

    @staticmethod
    def _adopt(portal: Portal, bench: Portal, file_id: int | None) -> int | None:
        if file_id is None:
            return None
        number = portal.next_id("file")
        portal.files[number] = replace(bench.files[file_id], id=number)
        return number
