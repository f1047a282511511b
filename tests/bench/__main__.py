"""`make bench`: what Docket adds to the portal's own time, as ratios within one run.

Seconds differ from machine to machine; how many times the portal's own answer a person waits for
does not. Each line is the median of its runs, against the median of the bare REST call beside it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter

from tests import environment

RUNS = 25


def main() -> None:
    folder = tempfile.mkdtemp(prefix="docket-bench-")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    environment.prepare()
    os.environ["DOCKET_LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench import audit, once
    from tests.bench.bench import Bench

    call_command("migrate", verbosity=0)
    with Bench() as bench:
        table(bench.cases())
        audit.table(bench)
    once.main()


def table(cases: list[tuple[str, str, Callable[[], object], Callable[[], object]]]) -> None:
    """One line a case: name, what it is compared with, median milliseconds of both, ratio."""
    print(f"{'case':44} {'against':34} {'ms':>7} {'base':>7} {'ratio':>6}")
    for name, against, run, base in cases:
        mine, theirs = timed(run), timed(base)
        print(f"{name:44} {against:34} {mine:7.1f} {theirs:7.1f} {mine / theirs:6.2f}")


def timed(run: Callable[[], object]) -> float:
    """Median of the runs in milliseconds, after one that warms up."""
    run()
    durations = []
    for _ in range(RUNS):
        begun = perf_counter()
        run()
        durations.append((perf_counter() - begun) * 1000)
    return median(durations)


if __name__ == "__main__":
    main()
