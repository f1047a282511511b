"""`python -m tests.sandbox --port 8801`: the sandbox portal, until Ctrl-C."""

from __future__ import annotations

import sys

from tests.sandbox.command_line import chosen, run

if __name__ == "__main__":
    sys.exit(run(chosen()))
