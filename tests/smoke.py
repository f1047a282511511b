"""`make smoke`: the main job once, in a real browser, against a demo on free ports.

Prints `smoke: ok …` and exits 0 only if all of it happened; else one line that says where it ended.
"""

from __future__ import annotations

import io
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FrameLocator, Route, expect
from pypdf import PdfReader

from tests.browser import chromium, steps
from tests.browser.desk import Desk, browser
from tests.demo.installation import install
from tests.demo.stand import Stand, free_ports

DEAL, TEMPLATE = 501, "Offer"
MADE, CHANGED = "Offer made by the smoke test", "Offer changed by the smoke test"
QUICK = {"DOCKET_PDF_POLLS": "1,1,2,2,4"}
PDF_PATIENCE = 40_000
"""Milliseconds for conversion, worker and page together."""


class Trail:
    """What is being done now, for the line that says where it ended."""

    words = "looking for Chromium"

    def __call__(self, words: str) -> None:
        self.words = words


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):  # so that the demo's processes end, too
        signal.signal(number, lambda *_: sys.exit("smoke: interrupted"))
    folder = Path(tempfile.mkdtemp(prefix="docket-smoke-"))
    trail = Trail()
    try:
        line = demonstrate(folder, trail)
    except (AssertionError, LookupError, OSError, RuntimeError, PlaywrightError) as error:
        words = str(error).partition("Call log:")[0] or type(error).__name__
        reason = " ".join(words.split())[:300]
        print(f"smoke: failed {trail.words}: {reason}; logs in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    print(line)
    return 0


def demonstrate(folder: Path, at: Trail) -> str:
    """The whole of it; answers the line that says it was done."""
    if chromium.path() is None:
        raise LookupError("there is none: sudo apt-get install chromium")
    at("starting the demo")
    with Stand(folder, free_ports(), conversion_delay=1.0, **QUICK) as stand:
        at("installing Docket")
        install(stand)
        at("starting the browser")
        with browser() as found:
            desk = Desk(found, stand.ports)
            desk.sign_in("Boris")
            line = run(desk, at)
            at("reading the browser's console")
            assert desk.complaints == [], desk.complaints
            return line


def run(desk: Desk, at: Trail) -> str:
    at("opening the deal's tab")
    frame = desk.open_tab(DEAL)
    frame.get_by_role("link", name="New document").click()
    at("picking a template")
    frame.get_by_role("link", name=TEMPLATE, exact=True).click()
    at("changing a field")
    frame.get_by_label("Document name").fill(MADE)
    at("generating")
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("heading", name=MADE)).to_be_visible()
    number = frame.get_by_role("heading", name="Document").first.inner_text()
    at("waiting for the PDF")
    body = pdf(desk, frame, MADE)
    at("switching the public link on")
    link = switch_on(desk, frame)
    at("updating the document")
    update(frame)
    at("waiting for the new PDF")
    pdf(desk, frame, CHANGED)
    number = number.removeprefix("Document").strip()
    return f"smoke: ok, document {number}, PDF of {len(body)} bytes, link {link}"


def pdf(desk: Desk, frame: FrameLocator, title: str) -> bytes:
    """Opens the PDF as soon as it is there; answers what its tab was given."""
    bodies: list[bytes] = []

    def listen(route: Route) -> None:
        answer = route.fetch()
        bodies.append(answer.body())
        route.fulfill(response=answer)

    button = frame.get_by_role("button", name="Open PDF")
    expect(button).to_be_visible(timeout=PDF_PATIENCE)
    desk.context.route("**/f/*/", listen)
    with desk.context.expect_page() as opened:
        button.click()
    opened.value.wait_for_url("**/f/*/")
    opened.value.close()
    desk.context.unroute("**/f/*/")
    assert bodies[0].startswith(b"%PDF"), "what the tab was given is no PDF"
    text = " ".join(PdfReader(io.BytesIO(bodies[0])).pages[0].extract_text().split())
    assert title in text, f"the PDF does not say {title!r}"
    return bodies[0]


def switch_on(desk: Desk, frame: FrameLocator) -> str:
    """The link's address, which somebody without any session has opened."""
    frame.get_by_role("switch", name="Public link").check()
    address = frame.get_by_label("Address of the link")
    expect(address).to_be_visible()
    link = address.input_value()
    assert desk.context.browser is not None
    stranger = Desk(desk.context.browser, desk.ports)
    stranger.page.goto(link)
    expect(stranger.page.get_by_role("heading", name=MADE)).to_be_visible()
    stranger.close()
    return link


def update(frame: FrameLocator) -> None:
    write = steps.open_edit(frame)
    frame.get_by_label("Document name").fill(CHANGED)
    write.click()
    expect(frame.get_by_role("heading", name=CHANGED)).to_be_visible()


if __name__ == "__main__":
    sys.exit(main())
