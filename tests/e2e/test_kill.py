"""`kill -9` at any moment loses nothing that was acknowledged, and leaves a store that opens."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hitl_app.domain.store_file import STORE
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock

CHILD = Path(__file__).with_name("kill_child.py")
RUNS = 3000
LONGEST = 1.2
"""Seconds after which the child is killed at the latest: start-up, first writes and steady work all fall inside."""


def killed(mode: str, data_dir: Path, *more: Path, after: float) -> list[str]:
    """Start the child, kill it `after` seconds behind its first word, and return all it acknowledged."""
    command = [sys.executable, str(CHILD), mode, str(data_dir), *map(str, more)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        timer = threading.Timer(after, child.send_signal, [signal.SIGKILL])
        timer.start()
        rest = child.stdout.read()
        timer.join()
        assert child.stderr is not None
        errors = child.stderr.read()
    assert errors == ""
    return [line for line in (first + rest).splitlines() if line]


def check_decisions(data_dir: Path, acknowledged: list[str]) -> int:
    """The store opens, the ledger is sound, and every acknowledged entry is in it with its hash."""
    store = open_store(data_dir / STORE, SystemClock())
    try:
        report = store.check_ledger()
        assert report.faults == ()
        for line in acknowledged:
            if line.startswith("entry "):
                _, sequence, digest = line.split()
                assert store.entry(int(sequence)).hash == digest
    finally:
        store.close()
    with sqlite3.connect(data_dir / STORE) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    return report.entries


def write_chats(file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        for number in range(RUNS):
            question = {"role": "user", "content": f"question {number}"}
            call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": f'{{"n": {number}}}'}}
            asked = {"role": "assistant", "content": None, "tool_calls": [call]}
            answer = {"role": "tool", "tool_call_id": "c", "content": "x" * 200}
            out.write(json.dumps({"messages": [question, asked, answer]}) + "\n")


def kill_while_deciding(data_dir: Path, kills: int, draw: random.Random) -> None:
    entries = 0
    for _ in range(kills):
        acknowledged = killed("decide", data_dir, after=draw.uniform(0, LONGEST))
        now = check_decisions(data_dir, acknowledged)
        assert now >= entries
        entries = now
    assert entries > 0


def kill_while_importing(folder: Path, kills: int, draw: random.Random) -> None:
    file = folder / "chats.jsonl"
    write_chats(file)
    for number in range(kills):
        data_dir = folder / f"store-{number}"
        acknowledged = killed("import", data_dir, file, after=draw.uniform(0, LONGEST))
        reported = [int(line.split()[1]) for line in acknowledged if line.startswith("imported ")]
        store = open_store(data_dir / STORE, SystemClock())
        try:
            kept = store.queue(limit=1).total
        finally:
            store.close()
        assert kept >= max(reported, default=0)
        again = subprocess.run(
            [sys.executable, str(CHILD), "import", str(data_dir), str(file)], capture_output=True, text=True, check=True
        )
        assert again.stdout.splitlines()[-2:] == [f"imported {RUNS}", "done"]


def test_a_few_kills_while_deciding(tmp_path: Path) -> None:
    kill_while_deciding(tmp_path / "desk", 3, random.Random(1))


@pytest.mark.slow
def test_a_few_kills_while_importing(tmp_path: Path) -> None:
    kill_while_importing(tmp_path, 2, random.Random(2))


@pytest.mark.slow
def test_150_kills_while_deciding(tmp_path: Path) -> None:
    kill_while_deciding(tmp_path / "desk", 150, random.Random(3))


@pytest.mark.slow
def test_60_kills_while_importing(tmp_path: Path) -> None:
    kill_while_importing(tmp_path, 60, random.Random(4))
