"""`python -m tests.browser.pictures`: the pictures of the documentation, taken from a demo."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, expect

from tests.browser.desk import Desk, browser
from tests.demo.installation import install
from tests.demo.stand import ROOT, Stand, free_ports

FOLDER = ROOT / "docs" / "pictures"
DEAL = 501
LARGEST = 250 * 1024
TERMS = "UF_CRM_PAYMENT_TERMS"
SECTIONS = {
    "Templates": "Templates",
    "Numerators": "Numerators",
    "Links": "Public links",
    "Inventory": "Inventory documents",
}
NARROW = {"width": 480, "height": 900}
QUICK = {"DOCKET_PDF_POLLS": "1,1,2,2,4"}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="docket-pictures-"))
    with Stand(folder, free_ports(), conversion_delay=1.0, **QUICK) as stand, browser() as found:
        install(stand)
        desk = Desk(found, stand.ports, viewport={"width": 1100, "height": 1000})
        desk.sign_in("Boris")
        making(desk)
        living(desk, stand)
        desk.close()
        anna = Desk(found, stand.ports, viewport={"width": 1324, "height": 1000})
        anna.sign_in("Anna")
        console(anna)
        anna.close()
        narrow = Desk(found, stand.ports, viewport=NARROW, color_scheme="dark")
        narrow.sign_in("Boris")
        narrow.open_tab(DEAL)
        take(narrow, "tab-narrow")
        check(narrow, "Offer")
        take(narrow, "check-narrow")
        narrow.close()
        console_narrow(found, stand)


def making(desk: Desk) -> None:
    """Pick, check, generate, and the link that goes to the client."""
    for template in ("Contract for works", "Act of acceptance", "Offer"):
        check(desk, template, seen=template == "Offer")
        if template == "Offer":
            take(desk, "check")
        generate(desk)
    desk.frame.get_by_role("button", name="Switch on and copy").click()
    expect(desk.frame.get_by_label("Address of the link", exact=True)).to_be_visible()
    expect(desk.frame.get_by_role("link", name="Version 1")).to_be_visible(timeout=60_000)
    take(desk, "ready")


def living(desk: Desk, stand: Stand) -> None:
    """The deal changes; what is said of it, the update, and the versions after it."""
    stand.control("deal", deal=DEAL, title="Office refit, phase 3", user_fields={TERMS: "Net."})
    frame = desk.open_tab(DEAL)
    expect(frame.get_by_text("no longer matches").first).to_be_visible(timeout=60_000)
    take(desk, "tab")
    frame.locator("#documents").get_by_role("link", name="Offer").first.click()
    frame.get_by_role("link", name="Edit", exact=True).click()
    frame.get_by_label("Take all from the CRM").check()
    expect(frame.locator("#writes")).to_contain_text("Writes 3 values")
    take(desk, "update")
    frame.get_by_role("button", name="Write version 2").click()
    expect(frame.get_by_role("link", name="Version 2")).to_be_visible(timeout=60_000)
    frame.get_by_role("link", name="Version 2").click()
    expect(frame.locator("#version-2")).to_be_visible()
    take(desk, "versions")


def console(desk: Desk) -> None:
    """What an administrator sees of it."""
    frame = desk.open_console()
    expect(frame.get_by_role("heading", name="Documents a day")).to_be_visible()
    take(desk, "console-overview")
    for section, heading in SECTIONS.items():
        frame.get_by_role("navigation", name="Console").get_by_role("link", name=section).click()
        expect(frame.get_by_role("heading", name=heading).first).to_be_visible()
        take(desk, f"console-{section.lower()}")


def console_narrow(found: Browser, stand: Stand) -> None:
    """The console as it is on a narrow, dark screen."""
    desk = Desk(found, stand.ports, viewport=NARROW, color_scheme="dark")
    desk.sign_in("Anna")
    frame = desk.open_console()
    expect(frame.get_by_role("heading", name="Documents a day")).to_be_visible()
    take(desk, "console-overview-narrow")
    frame.get_by_role("navigation", name="Console").get_by_role("link", name="Access").click()
    frame.get_by_label("or the number of another user").fill("7")
    frame.get_by_label("Deal", exact=True).fill(str(DEAL))
    frame.get_by_role("button", name="Find out").click()
    expect(frame.locator("#diagnosis")).to_be_visible()
    take(desk, "console-access-narrow")
    desk.close()


def check(desk: Desk, template: str, *, seen: bool = False) -> None:
    frame = desk.open_tab(DEAL)
    frame.get_by_role("link", name="New document").click()
    expect(frame.get_by_role("searchbox", name="Search templates")).to_be_visible()
    if seen:
        take(desk, "pick")
    frame.get_by_role("link", name=template, exact=True).click()
    expect(frame.get_by_role("button", name="Generate")).to_be_visible()


def generate(desk: Desk) -> None:
    frame: FrameLocator = desk.frame
    frame.get_by_role("button", name="Generate").click()
    expect(frame.get_by_role("button", name="Open PDF")).to_be_visible(timeout=60_000)


def take(desk: Desk, name: str) -> None:
    """The portal's page as the person sees it. Raises `RuntimeError` when the file is too big."""
    path = FOLDER / f"{name}.png"
    desk.page.mouse.move(0, 0)
    desk.page.wait_for_load_state("networkidle")
    desk.page.screenshot(path=path)
    if path.stat().st_size > LARGEST:
        raise RuntimeError(f"{path.name} has {path.stat().st_size} bytes")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main())
