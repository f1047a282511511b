"""`manage.py` with the settings of a running demo."""

from __future__ import annotations

import os
import sys

from tests.demo.__main__ import FOLDER
from tests.demo.environment import Ports, variables
from tests.demo.stand import ROOT

if __name__ == "__main__":
    os.chdir(ROOT)
    words = [sys.executable, "manage.py", *sys.argv[1:]]
    os.execve(sys.executable, words, variables(FOLDER, Ports()))  # noqa: S606
