"""Where the system's Chromium is: `python -m tests.browser.chromium` exits 1 without one."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def arguments() -> list[str]:
    """Quiet, and without its own sandbox where we are root, which Chromium refuses otherwise."""
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet


if __name__ == "__main__":
    sys.exit(0 if path() else 1)
