"""Pages are made of files in `html/`, filled by name; everything filled in is escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from markupsafe import Markup, escape

HTML = Path(__file__).parent / "html"


@cache
def _template(name: str) -> Template:
    return Template((HTML / f"{name}.html").read_text(encoding="utf-8"))


def fill(name: str, /, **values: Any) -> Markup:
    """The file `html/NAME.html` with its `$names` replaced; text is escaped, Markup is not.

    Raises:
        KeyError: a `$name` of the file is not among the values.
    """
    return Markup(_template(name).substitute({key: escape(one) for key, one in values.items()}))  # noqa: S704


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Fragments one after another."""
    return Markup(between).join(parts)  # noqa: S704


def icon(name: str, title: str = "") -> Markup:
    """A picture out of `static/icons.svg`; silent to screen readers unless it has a title."""
    label = Markup(' role="img" aria-label="{}"').format(title) if title else ' aria-hidden="true"'
    return Markup('<svg class="icon"{}><use href="/_static/icons.svg#{}"></use></svg>').format(
        Markup(label),  # noqa: S704
        name,
    )


def json_attribute(value: Any) -> str:
    """JSON for a data attribute: `fill` escapes it as any other text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def options(choices: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """The options of a select."""
    return joined(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else "", text
        )
        for value, text in choices
    )
