"""After Generate: everything Boris can click on a document's page, and what is done meanwhile."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser import steps
from tests.browser.conftest import MakeDesk
from tests.browser.desk import Desk
from tests.browser.test_accessibility import look_at
from tests.demo.stand import Stand

pytestmark = pytest.mark.browser
DEAL = 501
QUICKLY = 20_000
"""Milliseconds for the worker and the page together."""


def errand(frame: FrameLocator, words: str) -> Locator:
    return frame.locator("#after li", has_text=words)


def generate(frame: FrameLocator, title: str, *ticks: str) -> None:
    steps.pick(frame)
    for tick in ticks:
        frame.get_by_role("checkbox", name=tick).check()
    steps.generate(frame, title)


def ready(frame: FrameLocator) -> None:
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=steps.PDF_PATIENCE)


def comments(stand: Stand) -> int:
    found = stand.control("requests", method="crm.timeline.comment.add")["count"]
    assert isinstance(found, int)
    return found


def test_boris_ticks_generates_and_closes_the_tab(
    boris: Desk, stand: Stand, desk: MakeDesk
) -> None:
    """From the deal to the client's copy: three clicks for the document, one for the text."""
    stand.control("options", conversion_delay=3)
    frame = boris.open_tab(DEAL)
    generate(frame, "While I was away", "link on", "timeline note")
    expect(frame.get_by_text("You can close this")).to_be_visible()
    expect(errand(frame, "Link on")).to_contain_text("when the PDF is ready")
    stand.control("clear-requests")
    boris.page.goto("about:blank")
    for _ in range(60):  # the worker needs a few seconds, on a busy machine more
        if comments(stand):
            break
        boris.page.wait_for_timeout(500)
    assert comments(stand) == 1

    frame = boris.open_tab(DEAL)
    steps.open_document(frame, "While I was away")
    expect(frame.get_by_text("2 of 2 done")).to_be_visible()
    address = frame.get_by_label("Address of the link").input_value()
    boris.context.grant_permissions(
        ["clipboard-read", "clipboard-write"], origin=boris.ports.portal_one
    )
    frame.get_by_role("button", name="Copy a text for the client").click()
    copied = boris.page.evaluate("navigator.clipboard.readText()")
    assert address in copied
    assert copied.endswith("Boris Hartmann")
    expect(frame.get_by_label("The text for the client")).to_be_visible()

    stranger = desk()
    stranger.page.goto(address)
    expect(stranger.page.get_by_role("heading", name="While I was away")).to_be_visible()

    boris.page.goto(f"{boris.ports.portal_one}/crm/deal/details/{DEAL}/")
    expect(boris.page.get_by_text("The PDF is ready: While I was away").first).to_be_visible()


def test_the_page_itself_shows_what_the_worker_does(boris: Desk) -> None:
    frame = boris.open_tab(DEAL)
    generate(frame, "Watched", "link on", "timeline note")
    ready(frame)
    expect(frame.get_by_text("2 of 2 done")).to_be_visible(timeout=QUICKLY)
    expect(frame.get_by_role("switch", name="Public link")).to_be_checked(timeout=QUICKLY)


def test_the_qr_code_is_the_link(boris: Desk) -> None:
    frame = boris.open_tab(DEAL)
    generate(frame, "With a code")
    ready(frame)
    frame.get_by_role("switch", name="Public link").check()
    code = frame.get_by_role("img", name="QR code of the link")
    expect(code).to_be_visible()
    assert code.evaluate("e => e.namespaceURI") == "http://www.w3.org/2000/svg"
    picture = Image.open(io.BytesIO(code.screenshot())).convert("L")
    assert picture.getextrema() == (0, 255)
    # A finder pattern in three corners and none in the fourth: dark, light, dark.
    size = code.evaluate("e => e.viewBox.baseVal.width")
    bounds = code.evaluate("""e => {
        const [box, path] = [e.getBoundingClientRect(), e.firstChild.getBoundingClientRect()]
        return [path.left - box.left, path.top - box.top, path.width, path.height]
    }""")
    left, top, width, _ = bounds
    module = width / (size - 2)
    modules = round(width / module)

    def dark(x: int, y: int) -> bool:
        return picture.getpixel((left + (x + 0.5) * module, top + (y + 0.5) * module)) < 128  # type: ignore[operator]

    for x, y in ((0, 0), (modules - 7, 0), (0, modules - 7)):
        assert [dark(x + n, y + 3) for n in range(7)] == [1, 0, 1, 1, 1, 0, 1]


def test_print_opens_the_pdf_and_asks_for_a_printer(boris: Desk) -> None:
    boris.context.add_init_script("window.print = () => { window.name = 'printed' }")
    frame = boris.open_tab(DEAL)
    generate(frame, "On paper")
    ready(frame)
    with boris.context.expect_page() as opened:
        frame.get_by_role("button", name="Print").click()
    tab = opened.value
    tab.wait_for_url("**/f/*/")
    tab.wait_for_function("() => window.name === 'printed'")
    assert tab.evaluate("window.opener") is None


def test_open_in_bitrix24_and_what_is_said_where_it_does_not_open(boris: Desk) -> None:
    frame = boris.open_tab(DEAL)
    generate(frame, "In the slider")
    ready(frame)
    frame.get_by_role("button", name="Open in Bitrix24").click()
    viewer = boris.page.frame_locator("iframe[src*='crm.document.view']")
    expect(viewer.get_by_text("In the slider").first).to_be_visible()
    boris.page.keyboard.press("Escape")
    expect(boris.page.locator("iframe[src*='crm.document.view']")).to_have_count(0)
    expect(frame.get_by_role("button", name="Open in Bitrix24")).to_be_visible()

    boris.inside.evaluate(
        "bridge.openPath = async () => ({ result: 'error', errorCode: 'PATH_NOT_AVAILABLE' })"
    )
    frame.get_by_role("button", name="Open in Bitrix24").click()
    expect(frame.get_by_text("Bitrix24 does not open its own page from here")).to_be_visible()


def test_what_was_planned_can_be_dropped(boris: Desk, stand: Stand) -> None:
    stand.control("options", conversion_delay=4)
    frame = boris.open_tab(DEAL)
    generate(frame, "Thought better of it", "link on", "timeline note")
    stand.control("clear-requests")
    errand(frame, "Note with the PDF").get_by_role("button", name="Drop").click()
    expect(errand(frame, "Note with the PDF")).to_have_count(0)
    expect(frame.get_by_role("button", name="Note in the timeline")).to_be_visible()
    ready(frame)
    expect(frame.get_by_text("1 of 1 done")).to_be_visible(timeout=QUICKLY)
    assert comments(stand) == 0


def test_the_email_is_read_and_confirmed(boris: Desk, stand: Stand) -> None:
    boris.expect_complaint("422")
    frame = boris.open_tab(DEAL)
    generate(frame, "For Dr. Vogt")
    ready(frame)
    page = boris.inside.url
    frame.get_by_role("button", name="E-mail the client").click()
    expect(frame.get_by_role("heading", name="Read the e-mail before it goes")).to_be_focused()
    expect(frame.get_by_text("An e-mail cannot be called back.")).to_be_visible()
    expect(frame.get_by_text("For Dr. Vogt.pdf")).to_be_visible()
    assert boris.inside.url.endswith("/letter/")
    look_at(boris, "letter")

    frame.get_by_label("Subject").fill("")
    send = frame.get_by_role("button", name="I have read it: send it")
    send.click()
    subject = frame.get_by_label("Subject")
    expect(subject).to_be_focused()
    expect(subject).to_have_attribute("aria-invalid", "true")
    look_at(boris, "letter with a problem")
    subject.fill("Our offer")
    text = frame.get_by_label("Text", exact=True)
    text.fill("Typed with care")

    frame.get_by_role("link", name="Not now").click()
    row = errand(frame, "E-mail to the client")
    expect(row).to_contain_text("Waits for you")
    look_at(boris, "document with an e-mail that waits")
    row.get_by_role("link", name="Read and send").click()
    expect(frame.get_by_label("Text", exact=True)).to_have_value("Typed with care")
    stand.control("clear-requests")
    frame.get_by_role("button", name="I have read it: send it").click()
    expect(frame.get_by_role("heading", name="For Dr. Vogt")).to_be_visible()
    assert boris.inside.url == page
    row = errand(frame, "E-mail to k.vogt@lindner-vogt.example")
    expect(row).to_contain_text("done today", timeout=QUICKLY)
    assert stand.control("requests", method="crm.activity.add")["count"] == 1
    boris.page.goto(f"{boris.ports.portal_one}/crm/deal/details/{DEAL}/")
    expect(boris.page.get_by_text("Our offer: Typed with care").first).to_be_visible()


def test_a_refusal_says_why_and_is_tried_again(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(DEAL)
    generate(frame, "Refused once")
    ready(frame)
    refusal = {"kind": "error", "status": 400, "code": "ACCESS_DENIED", "message": "Nein"}
    stand.control("fault", method="crm.timeline.comment.add", **refusal)
    frame.get_by_role("button", name="Note in the timeline").click()
    row = errand(frame, "Note with the PDF")
    expect(row).to_contain_text("“Nein”", timeout=QUICKLY)
    look_at(boris, "document with a note that failed")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("done today", timeout=QUICKLY)


def test_a_lost_answer_is_looked_for(boris: Desk, stand: Stand) -> None:
    frame = boris.open_tab(DEAL)
    generate(frame, "Answer lost")
    ready(frame)
    stand.control("clear-requests")
    stand.control("fault", method="crm.timeline.comment.add", kind="cut", after=True)
    frame.get_by_role("button", name="Note in the timeline").click()
    row = errand(frame, "Note with the PDF")
    expect(row).to_contain_text("Docket looks whether it is in the timeline", timeout=QUICKLY)
    look_at(boris, "document with a lost answer")
    expect(row).to_contain_text("done today", timeout=QUICKLY)
    assert comments(stand) == 1


def test_the_docx_is_there_before_the_pdf(boris: Desk, stand: Stand) -> None:
    stand.control("options", conversion_delay=600)
    frame = boris.open_tab(DEAL)
    generate(frame, "In a hurry", "e-mail, you read it first")
    with boris.page.expect_download() as saved:
        frame.get_by_role("button", name="DOCX is ready now").click()
    assert saved.value.suggested_filename == "In a hurry.docx"
    look_at(boris, "being made, with plans")
    frame.get_by_role("link", name="All documents").click()
    row = frame.locator("article", has_text="In a hurry")
    expect(row).to_contain_text(re.compile(r"E-mail to the client:\s*waits for you"))
