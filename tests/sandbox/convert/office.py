"""LibreOffice, without its windows."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.sandbox.convert.errors import ConversionError

MOST_SECONDS = 90


def installed() -> str | None:
    """The program's path, None without LibreOffice."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(docx: bytes) -> bytes:
    """Converts in a profile of its own, so that it does not meet a running LibreOffice."""
    program = installed()
    if program is None:
        raise ConversionError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="sandbox-convert-") as name:
        folder = Path(name)
        source = folder / "document.docx"
        source.write_bytes(docx)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", name]
        try:
            subprocess.run(
                [*command, str(source)], check=True, capture_output=True, timeout=MOST_SECONDS
            )
            return (folder / "document.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise ConversionError(f"LibreOffice gave up: {type(error).__name__}") from error
