"""Starts the packaged application: the command line, or the desk where it was started by that name."""

import os
import sys
from pathlib import Path

from hitl_app.__main__ import desk, main

if sys.stderr is None:  # Windows gives none to a program without a console.
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as long as it runs
sys.exit(desk() if Path(sys.executable).stem == "hitl-desk" else main())
