"""The one family of letters the converter writes with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FAMILIES = [
    ("liberation", "LiberationSans-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic")),
    ("dejavu", "DejaVuSans{}.ttf", ("", "-Bold", "-Oblique", "-BoldOblique")),
    ("Vera", "Vera{}.ttf", ("", "Bd", "It", "BI")),
]


@cache
def family() -> str:
    """A sans-serif family with the euro sign: the system's, else the one reportlab brings."""
    roots = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path.home() / ".fonts",
        Path("/Library/Fonts"),
        Path(reportlab.__file__).parent / "fonts",
    ]
    for name, pattern, faces in FAMILIES:
        for root in roots:
            files = [_find(root, pattern.format(face)) for face in faces]
            if all(files):
                return _register(name, [path for path in files if path])
    return "Helvetica"


def _find(root: Path, name: str) -> Path | None:
    return next(root.rglob(name), None) if root.is_dir() else None


def _register(name: str, files: list[Path]) -> str:
    names = [name, f"{name}-bold", f"{name}-italic", f"{name}-bold-italic"]
    for face, path in zip(names, files, strict=True):
        pdfmetrics.registerFont(TTFont(face, str(path)))
    pdfmetrics.registerFontFamily(
        name, normal=names[0], bold=names[1], italic=names[2], boldItalic=names[3]
    )
    return name
