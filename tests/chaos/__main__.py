"""One run: `python -m tests.chaos --seed 1 --documents 300 --kills 25 [--blind]`; prints JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--documents", type=int, default=300)
    words.add_argument("--kills", type=int, default=25)
    words.add_argument("--lost", type=float, default=0.15)
    words.add_argument("--blind", action="store_true")
    asked = words.parse_args()
    from tests.chaos.sandbox import quick_sandbox

    with tempfile.TemporaryDirectory(prefix="docket-chaos-") as folder, quick_sandbox() as sandbox:
        origins = [sandbox.url, sandbox.portal_two.origin, sandbox.auth_url]
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'docket.sqlite3'}",
            "DOCKET_QUEUE_FILE": str(Path(folder) / "queue.sqlite3"),
            "DOCKET_STATIC_ROOT": str(Path(folder)),
            "DOCKET_AUTH_SERVERS": sandbox.auth_url,
            "DOCKET_LISTED_ORIGINS": ",".join(origins),
            "DOCKET_LOG_LEVEL": "CRITICAL",
            "REDIS_URL": "",
        }
        import tests.chaos.child  # noqa: F401 - sets Django up
        from tests.chaos.run import Run

        run = Run(sandbox, asked.seed, asked.documents, asked.kills, asked.lost, blind=asked.blind)
        sys.stdout.write(json.dumps(asdict(run.whole())) + "\n")


if __name__ == "__main__":
    main()
