"""The coverage page against the code: neither may know a method the other does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.sandbox.rest.methods import METHODS

FOLDER = Path(__file__).parents[1] / "sandbox"
PAGE = FOLDER / "coverage.md"
STATES = ("done", "partly", "not")
NO_CODES = ("", "0", "100", "–")


@dataclass(frozen=True)
class Row:
    """A line of the table of methods."""

    method: str
    parameters: str
    errors: str
    state: str
    why: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.parameters)

    @property
    def codes(self) -> list[str]:
        return [code.strip('"') for code in re.findall(r"`([^`]+)`", self.errors)]


@cache
def rows() -> dict[str, Row]:
    """The table by method in lower case; a method that stands twice fails here."""
    section = PAGE.read_text("utf-8").partition("\n## Methods\n")[2].partition("\n## ")[0]
    found: dict[str, Row] = {}
    for line in section.splitlines():
        if not line.startswith("| `"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        assert len(cells) == 5, line
        row = Row(cells[0].strip("`"), *cells[1:])
        assert row.method.lower() not in found, row.method
        found[row.method.lower()] = row
    return found


@cache
def source() -> str:
    """All Python of the sandbox's HTTP side."""
    parts = [FOLDER / "rest", FOLDER / "catalog", FOLDER / "generator"]
    files = [path for part in parts for path in sorted(part.rglob("*.py"))]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_each_method_has_its_row_and_each_row_its_method() -> None:
    here = {row.method for row in rows().values() if row.state != "not"}
    assert here == {method.name for method in METHODS.values()}
    elsewhere = {name for name, row in rows().items() if row.state == "not"}
    assert not elsewhere & set(METHODS)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_row_names_parameters_errors_and_reasons(name: str) -> None:
    row = rows()[name]
    assert row.state in STATES
    assert row.parameters
    assert row.errors
    assert row.state == "done" or row.why, "a row that is not done says why"
    assert row.names or row.parameters in ("–", "any")
    for code in row.codes:
        assert code in NO_CODES or code in source(), f"{code} is nowhere in the code"


@pytest.mark.parametrize("name", [name for name in sorted(METHODS) if name != "batch"])
def test_parameters_that_are_done_are_read(name: str) -> None:
    row = rows()[name]
    for parameter in row.names if row.state == "done" else []:
        # The numerators' long names are put together from two parts.
        last = parameter.rpartition("_")[2] if parameter.startswith("Bitrix_") else parameter
        assert f'{last}"' in source(), f"{parameter} of {row.method} is read nowhere"


def test_other_tables_have_a_state_and_a_reason() -> None:
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("| ") or len(cells) != 3 or cells[1] == "state":
            continue
        assert cells[1] in STATES, line
        assert cells[1] == "done" or cells[2], line
