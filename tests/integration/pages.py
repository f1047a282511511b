"""The application's pages as a person reads them, and the form as a browser sends it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from tests.people import Frame

OFFER, CONTRACT, INVOICE, ACT, FRAMEWORK, SECRECY = 39, 40, 41, 42, 43, 44


def text(answer: Any) -> str:
    """The page with its entities resolved."""
    return html.unescape(answer.content.decode())


class Form:
    """The form of a document: its inputs with the values they were shown with."""

    def __init__(self, frame: Frame, answer: Any) -> None:
        assert answer.status_code in {200, 409, 422}, (answer.status_code, text(answer))
        self.frame = frame
        self.page = text(answer)
        inputs = _Inputs()
        inputs.feed(answer.content.decode())
        self.path = inputs.action
        self.inputs = inputs.values
        self.intent_id = self.path.rstrip("/").rpartition("/")[2]

    def send(self, typed: Mapping[str, str] | None = None, *, stamps: bool | None = None) -> Any:
        """Presses the button, after typing into inputs by field code."""
        data = dict(self.inputs)
        for code, value in (typed or {}).items():
            assert f"f-{code}" in data, f"no input {code}: {sorted(data)}"
            data[f"f-{code}"] = value
        if stamps is not None:
            data.pop("stamps", None)
            data |= {"stamps": "on"} if stamps else {}
        return self.frame.post(self.path, data)

    def value(self, code: str) -> str:
        return self.inputs[f"f-{code}"]

    def problem(self, code: str) -> str:
        """The sentence beside a field, "" when there is none."""
        found = re.search(rf'id="p-{re.escape(code)}".*?<span>(.*?)</span>', self.page, re.S)
        return found[1] if found else ""


def open_form(frame: Frame, template_id: int) -> Form:
    """Picks a template in an open tab."""
    return Form(frame, frame.follow(frame.get(f"new/{template_id}/")))


def made(answer: Any) -> int:
    """The id of the document that a redirect leads to."""
    assert answer.status_code == 302, (answer.status_code, text(answer))
    found = re.search(r"/documents/(\d+)/$", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return int(found[1])


class _Inputs(HTMLParser):
    """Collects what the form `make` would send."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.values: dict[str, str] = {}
        self._inside = False
        self._open = ""
        """The name of the textarea or select that is being read."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = found.get("id") == "make"
            self.action = found["action"] if self._inside else self.action
        elif self._inside and tag == "option" and "selected" in found:
            self.values[self._open] = found["value"]
        elif self._inside and found.get("name"):
            self._input(tag, found)

    def _input(self, tag: str, found: dict[str, str]) -> None:
        name = found["name"]
        if tag in {"textarea", "select"}:
            self._open = name
            self.values[name] = ""
        elif tag == "input" and (
            found.get("type") not in {"checkbox", "radio"} or "checked" in found
        ):
            self.values[name] = found.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            # The first line break after the tag is not part of the value.
            self.values[self._open] += (
                data.removeprefix("\n") if not self.values[self._open] else data
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag in {"textarea", "select"}:
            self._open = ""
