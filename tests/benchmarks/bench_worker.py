"""Overhead of a call through a worker against the same call in this process; run as a script.

    python tests/benchmarks/bench_worker.py

The second part needs tau2 (`hitl-app env install tau2`) and is left out where it is not installed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.task import Task
from hitl_app.environments.tau2 import provider
from hitl_app.environments.tau2.provider import HANDLERS
from hitl_app.environments.worker import Worker
from hitl_app.environments.worker.install import python_in

ECHO = "def echo(value):\n    return value\n\nHANDLERS = {'echo': echo}\n"
CALLS = 2000
ROUNDS = 5
IN_PROCESS = f"""
import importlib.util, json, sys, time
spec = importlib.util.spec_from_file_location("handlers", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["handlers"] = module
spec.loader.exec_module(module)
module.HANDLERS["reset"]({{"domain": "airline", "initial_state": None}})
step, rounds = module.HANDLERS["step"], []
for _ in range({ROUNDS}):
    started = time.perf_counter()
    for _ in range({CALLS}):
        step("get_user_details", {{"user_id": "emma_kim_9957"}})
    rounds.append((time.perf_counter() - started) / {CALLS})
print(json.dumps(rounds))
"""


def echo(value: JsonObject) -> JsonObject:
    """The same as in the worker."""
    return value


def microseconds(call: Callable[[], object]) -> float:
    """Median over the rounds of the mean time of one call."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            call()
        rounds.append((time.perf_counter() - started) / CALLS)
    return statistics.median(rounds) * 1e6


def report(what: str, worker: float, here: float) -> None:
    """One line: both times, their difference and ratio."""
    print(  # a benchmark's output
        f"{what}: worker {worker:.1f} µs, in process {here:.2f} µs, "
        f"overhead {worker - here:.1f} µs, ratio {worker / here:.2f}"
    )


def bench_echo(folder: Path) -> None:
    """The bare protocol around a function that does nothing."""
    handlers = folder / "echo_handlers.py"
    handlers.write_text(ECHO)
    value: JsonObject = {"user_id": "emma_kim_9957", "flights": [{"flight_number": "HAT001", "date": "2024-05-20"}] * 3}
    worker = Worker(Path(sys.executable), handlers)
    try:
        through = microseconds(lambda: worker.call("echo", value=value))
    finally:
        worker.close()
    report("echo", through, microseconds(lambda: echo(value)))
    report("echo, with JSON in process too", through, microseconds(lambda: json.loads(json.dumps(echo(value)))))


def bench_tau2(home: Path) -> None:
    """tau2's `get_user_details`; in process means in the environment's own Python."""
    environment = provider.open(home)
    try:
        environment.reset(Task("tau2", key="0", title="", domain="airline"))
        through = microseconds(lambda: environment.step("get_user_details", {"user_id": "emma_kim_9957"}))
    finally:
        environment.close()
    command = [str(python_in(home / "tau2")), "-I", "-c", IN_PROCESS, str(HANDLERS)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    report("tau2 get_user_details", through, statistics.median(json.loads(output)) * 1e6)


def main() -> None:
    """Run what can be run here."""
    with tempfile.TemporaryDirectory() as folder:
        bench_echo(Path(folder))
    home = Path(os.environ.get("HITL_APP_ENV_DIR") or platformdirs.user_data_path("hitl-app") / "environments")
    if provider.status(home).installed:
        bench_tau2(home)
    else:
        print("tau2 get_user_details: not installed")


if __name__ == "__main__":
    main()
