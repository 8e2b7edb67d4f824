"""Commands run in the test's own process, to save the start of another one."""

import io
import json
import shlex
from pathlib import Path
from typing import Any  # lines of JSON are read here as a script would read them

from hitl_app.bootstrap import build
from hitl_app.cli.main import parse, run_command
from hitl_app.cli.output import Output

Line = dict[str, Any]


def answer(data_dir: Path, *arguments: str | Path) -> tuple[int, list[Line], str]:
    """Exit code, lines of JSON and messages of a command."""
    args = parse([*map(str, arguments), "--data-dir", str(data_dir), "--json"], data_dir)
    results, messages = io.StringIO(), io.StringIO()
    code = run_command(args, build, Output(True, results, messages))
    return code, [json.loads(line) for line in results.getvalue().splitlines()], messages.getvalue()


def call(data_dir: Path, *arguments: str | Path) -> list[Line]:
    """The lines of a command that must succeed."""
    code, lines, messages = answer(data_dir, *arguments)
    assert code == 0, messages
    return lines


def printed(data_dir: Path, command: str) -> str:
    """What a command prints for people, given as on the command line: `hitl-app NAME …`."""
    args = parse([*shlex.split(command)[1:], "--data-dir", str(data_dir)], data_dir)
    results, messages = io.StringIO(), io.StringIO()
    assert run_command(args, build, Output(False, results, messages)) == 0, messages.getvalue()
    return results.getvalue()
