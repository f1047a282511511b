"""The security checklist as a table: which of its lines have a test, and how each of them ended.

A test belongs to the lines its name begins with: `test_s03_…`, `test_s31_s32_…`, in any folder of
the suite. A run of the whole suite fails when a line has no test that passed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

LINES = [
    *(f"S{n:02}" for n in range(1, 45)),
    *(f"R{n:02}" for n in (*range(1, 13), 14)),
]
NAME = re.compile(r"::test((?:_[sr]\d\d)+)_")
NARROWING = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly")
COLUMNS = 6

_outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)


def lines_of(node: str) -> list[str]:
    """The lines of the checklist that a test is about, by its node id."""
    found = NAME.search(node)
    return [word.upper() for word in found[1].split("_")[1:]] if found else []


def state_of(line: str) -> str:
    """`passed`, `failed`, `skipped` or `missing`."""
    seen = _outcomes[line]
    if seen["failed"]:
        return "failed"
    if seen["passed"]:
        return "passed"
    return "skipped" if seen["skipped"] else "missing"


def is_whole(config: pytest.Config) -> bool:
    """Whether the run was about the whole suite, and not about files or names."""
    if hasattr(config, "workerinput"):  # one of several processes: it has seen a part
        return False
    asked = any(config.getoption(name, None) for name in NARROWING)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not asked


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or report.outcome != "passed":
        for line in lines_of(report.nodeid):
            _outcomes[line][report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    without = [line for line in LINES if state_of(line) != "passed"]
    if is_whole(session.config) and without and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not is_whole(config):
        return
    terminalreporter.section("security checklist: tests of each line")
    cells = [_cell(line) for line in LINES]
    for start in range(0, len(cells), COLUMNS):
        terminalreporter.write_line("  ".join(cells[start : start + COLUMNS]))
    without = [f"{line} {state_of(line)}" for line in LINES if state_of(line) != "passed"]
    terminalreporter.write_line(f"not passed: {', '.join(without)}" if without else "none missing")


def _cell(line: str) -> str:
    return f"{line} {state_of(line)} {sum(_outcomes[line].values()):<3}"
