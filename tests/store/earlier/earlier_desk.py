"""One version's program at work on a store of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

HERE = Path(__file__).resolve().parent

Line = dict[str, Any]


@dataclass
class Desk:
    """A data folder, and the program of one version that works on it.

    Attributes:
        source: Folder of the program's repository.
        said: Every command of `ask` with what the program said.
    """

    version: int
    source: Path
    data: Path
    said: list[Line] = field(default_factory=list)

    def call(self, *arguments: str) -> list[Line]:
        """The lines of a command that must succeed."""
        run = self._python("-m", "hitl_app", *arguments, "--data-dir", str(self.data), "--json")
        if run.returncode:
            raise SystemExit(f"format {self.version}: {' '.join(arguments)}: {run.stderr}{run.stdout}")
        return [json.loads(line) for line in run.stdout.splitlines()]

    def run(self, *arguments: str) -> None:
        """Run a command that says of some trajectories that they fail, and ends accordingly."""
        run = self._python("-m", "hitl_app", *arguments, "--data-dir", str(self.data), "--json")
        if not run.stdout:
            raise SystemExit(f"format {self.version}: {' '.join(arguments)}: {run.stderr}")

    def ask(self, *arguments: str) -> list[Line]:
        """The lines of a command that only looks, kept as what a later version must say, too."""
        lines = self.call(*arguments)
        self.said.append({"arguments": arguments, "lines": lines})
        return lines

    def export(self, name: str) -> None:
        """Keep what an export writes."""
        with tempfile.TemporaryDirectory() as folder:
            self.call("export", "--format", name, "--out", folder)
            files = {file.name: rows(file) for file in sorted(Path(folder).glob("*.jsonl"))}
        self.said.append({"arguments": ("export", "--format", name), "files": files})

    def leave(self, base_id: str) -> None:
        """Leave a draft and the place of the window as this version's window does."""
        run = self._python(str(HERE / "leave_desk.py"), str(self.data), base_id)
        if run.returncode:
            raise SystemExit(f"format {self.version}: {run.stderr}")

    @contextmanager
    def model(self, script: str) -> Iterator[Sequence[str]]:
        """Options that name a scripted model, of this version's own tests."""
        tests = self.source / "tests"
        process = subprocess.Popen(
            [sys.executable, tests / "llm" / "scripted_server.py", "--script", script],
            env=self._environment(tests / "policy", tests / "workflow", tests / "llm"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            if process.stdout is None or process.stdin is None:
                raise TypeError("pipes were asked for")
            yield "--base-url", process.stdout.readline().strip(), "--model", "scripted"
            process.stdin.close()

    def _python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command, environment = [sys.executable, *arguments], self._environment()
        return subprocess.run(command, check=False, env=environment, cwd=self.data, capture_output=True, text=True)

    def _environment(self, *more: Path) -> dict[str, str]:
        path = os.pathsep.join(map(str, (self.source, *more)))
        return {**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}


def rows(file: Path) -> list[Line]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
