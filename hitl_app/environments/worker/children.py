"""Child processes that are apart from this one, know little of it, and end with all that they started."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

if sys.platform == "win32":
    CREATION_FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    """For `Popen`, along with `start_new_session`: of the two, each system takes the one that it knows."""

    def end_all(process: subprocess.Popen[Any]) -> None:  # bytes or text, it does not matter here
        """Kill a child, started with `CREATION_FLAGS`, and everything below it."""
        asked = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(asked, capture_output=True, creationflags=subprocess.CREATE_NO_WINDOW, check=False)
        process.kill()
else:
    CREATION_FLAGS = 0
    """For `Popen`, along with `start_new_session`: of the two, each system takes the one that it knows."""

    def end_all(process: subprocess.Popen[Any]) -> None:  # bytes or text, it does not matter here
        """Kill a child, started in a session of its own, and everything in that session."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def few_variables(folder: str) -> dict[str, str]:
    """The variables of a child that is to know nothing of its user; `folder` is its home and its scratch space."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}  # Windows needs both
    home = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR"), folder)
    # Code that shows the order of a set has to answer the same in every process.
    return {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", **kept, **home}
