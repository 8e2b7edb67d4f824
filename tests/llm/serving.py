"""Starts the scripted server in a process of its own, for tests of all rooms."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Served:
    """A scripted server that runs."""

    base_url: str

    def counters(self) -> dict[str, Any]:  # parsed JSON, as the server describes it
        """What the server itself counted."""
        url = self.base_url.removesuffix("/v1") + "/counters"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
            counts: dict[str, Any] = json.load(answer)  # parsed JSON
            return counts


@contextmanager
def serving(script: str, *folders: Path) -> Iterator[Served]:
    """Run the scripted server with a script `MODULE:FUNCTION`, looked for in these folders too, and end it."""
    path = os.pathsep.join(map(str, (*folders, HERE, *filter(None, sys.path))))
    process = subprocess.Popen(
        [sys.executable, HERE / "scripted_server.py", "--script", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        base_url = process.stdout.readline().strip()
        if not base_url:
            raise RuntimeError(f"the scripted server did not start: {script}")
        try:
            yield Served(base_url)
        finally:
            died = process.poll()
            process.stdin.close()
            process.wait(10)
            if died is not None:
                raise RuntimeError(f"the scripted server ended by itself with {died}")
