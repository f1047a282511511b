"""`python -m tests.unit.docx.measure FILE`: what a file is refused for, and what that costs."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from b24app import docx


def main() -> None:
    body = Path(sys.argv[1]).read_bytes()
    begun = time.process_time()
    reason = "accepted"
    try:
        docx.check(body)
    except docx.NotAccepted as refused:
        reason = refused.reason.value
    seconds = time.process_time() - begun
    # Not getrusage: its highest mark is inherited from the process that started this one.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    mebibytes = int(peak[1]) / 1024 if peak else 0.0
    print(reason, f"{seconds:.3f}", f"{mebibytes:.1f}")


if __name__ == "__main__":
    main()
