"""A person's browser: one profile, one page of the portal, and what Docket shows in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    FrameLocator,
    Page,
    expect,
    sync_playwright,
)

from tests.browser import chromium
from tests.demo.environment import Ports

PATIENCE = 15_000
"""Milliseconds that a person would wait for a page."""
FRAME = "iframe.app-frame"
READY = """() => window.oldPage === undefined && location.href !== 'about:blank'
  && document.readyState === 'complete'"""
"""Its scripts have run: what is clicked or typed from now on is heard.

What is waited for in a frame is always a function: an expression would be evaluated anew at each
look, and the page's policy allows that to a debugger at the first one only.
"""
LISTENS = "() => !document.querySelector('meta[name=frame-token]')"
expect.set_options(timeout=PATIENCE)


@contextmanager
def browser(*arguments: str) -> Iterator[Browser]:
    """The system's Chromium, headless."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium.path(), args=[*chromium.arguments(), *arguments]
        )
        yield found
        found.close()


class Desk:
    """One browser context; `page` is its portal page, `frame` what Docket shows in it."""

    def __init__(self, browser: Browser, ports: Ports, **options: Any) -> None:
        self.ports = ports
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1180, "height": 900}, "locale": "en-GB", **options}
        )
        self.context.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self._expected = [re.compile("/favicon.ico$")]  # browsers ask for one where none is named
        self.context.on("console", self._listen)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _listen(self, message: ConsoleMessage) -> None:
        """Errors of the browser's console; reports of the content policy are among them."""
        text = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(p.search(text) for p in self._expected):
            self.complaints.append(text)

    def expect_complaint(self, pattern: str) -> None:
        """The story brings an error about that the browser will mention in its console."""
        self._expected.append(re.compile(pattern))

    def sign_in(self, name: str, origin: str = "") -> None:
        """Signs in as the person of this first name."""
        self.page.goto(f"{origin or self.ports.portal_one}/auth/")
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_url(lambda address: "/auth/" not in address)

    def open_tab(self, item_id: int, folder: str = "/crm/deal/") -> FrameLocator:
        """Opens the card of a deal, or of what lies in that folder, at its Documents tab."""
        self.page.goto(f"{self.ports.portal_one}{folder}details/{item_id}/?tab=documents")
        return self.ready()

    def open_console(self) -> FrameLocator:
        """Opens the application's own page: for an administrator the console's overview."""
        self.page.goto(f"{self.ports.portal_one}/marketplace/")
        self.page.get_by_role("link", name="Open", exact=True).click()
        self.page.wait_for_url("**/marketplace/app/**")
        return self.ready()

    def ready(self) -> FrameLocator:
        """The newest frame, once its page listens: a machine is quicker than any person."""
        self.inside.wait_for_function(READY)
        return self.frame

    @property
    def frame(self) -> FrameLocator:
        """The newest of the application's frames."""
        return self.page.frame_locator(FRAME).last

    @property
    def inside(self) -> Frame:
        """The same, to run a script in."""
        handle = self.page.locator(FRAME).last.element_handle()
        found = handle.content_frame()
        assert found is not None
        return found

    def reload(self) -> None:
        """Reloads the frame alone, as its menu does; its script must have run, as for a person.

        Comes back with the new page, so that nobody takes the old one for it.
        """
        self.inside.wait_for_function(LISTENS)
        self.inside.evaluate("window.oldPage = true; location.reload()")
        self.inside.wait_for_function(READY)

    def cookies_of_app(self) -> list[Any]:
        """What the application has put into this browser: nothing, ever."""
        return [cookie for cookie in self.context.cookies() if cookie["domain"] == "127.0.0.1"]

    def close(self) -> None:
        self.context.close()
