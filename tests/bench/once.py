"""Exactly once, against blind retries: the same portal, the same kills, the same lost answers.

`make bench` prints it for 20 seeds; `python -m tests.bench.once --seeds 2` is quicker. A seed is
300 documents, 25 killed processes and 15 % lost answers: see tests/chaos.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

SEEDS = 20
COLUMNS = ("wanted", "kills", "answers_lost", "lost", "doubled", "stuck", "wrong")


def main(seeds: int = SEEDS) -> None:
    print(
        f"\n{'way':14} {'seeds':>5}", *(f"{name:>12}" for name in COLUMNS), f"{'longest wait':>13}"
    )
    for way, words in (("Docket", []), ("blind retries", ["--blind"])):
        outcomes = [_run(seed, words) for seed in range(1, seeds + 1)]
        sums = [sum(one[name] for one in outcomes) for name in COLUMNS]
        longest = max(one["longest_wait"] for one in outcomes)
        print(f"{way:14} {seeds:5}", *(f"{one:12}" for one in sums), f"{longest:11.1f} s")
        killed: dict[str, int] = {}
        for one in outcomes:
            for at, times in one["killed_at"].items():
                killed[at] = killed.get(at, 0) + times
        print("   killed:", ", ".join(f"{at} {n}" for at, n in sorted(killed.items())))


def _run(seed: int, words: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--seed", str(seed), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"seed {seed}: {done.stderr[-2000:]}")
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("--seeds", type=int, default=SEEDS)
    main(given.parse_args().seeds)
