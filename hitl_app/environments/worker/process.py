"""The near end of a worker: starts the process, asks it one thing at a time, and ends it when it misbehaves."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hitl_app.domain.jsontypes import Json
from hitl_app.environments.worker.children import CREATION_FLAGS, end_all, few_variables

if sys.platform == "win32":
    from hitl_app.environments.worker.threaded_pipes import ThreadedPipes as Pipes
else:
    from hitl_app.environments.worker.polled_pipes import PolledPipes as Pipes

SERVE = Path(__file__).with_name("serve.py")
_ANSWERS = {"result", "fault"}


class WorkerError(Exception):
    """The worker hung, died, flooded, failed or answered nonsense. It has been ended; the next call starts another."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may use.

    Attributes:
        start_seconds: From the start until it answers; a first import on a slow disk takes long.
        call_seconds: For one call.
        memory_bytes: Private memory of the process (`RLIMIT_DATA`, which Windows does not have).
        answer_bytes: Length of one answer.
    """

    start_seconds: float = 120.0
    call_seconds: float = 30.0
    memory_bytes: int = 1 << 30
    answer_bytes: int = 16 << 20


class _Process:
    """One running process and its pipes. Every method raises WorkerError where the process does not do its part."""

    def __init__(self, python: Path, handlers: Path, limits: WorkerLimits) -> None:
        self._limits = limits
        self._scratch = tempfile.TemporaryDirectory(prefix="hitl-app-worker-", ignore_cleanup_errors=True)
        try:
            self._process = subprocess.Popen(
                [python, "-P", "-s", "-B", SERVE, handlers, str(limits.memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=self._scratch.name,
                env=few_variables(self._scratch.name),
                start_new_session=True,
                creationflags=CREATION_FLAGS,
            )
        except OSError as error:
            self._scratch.cleanup()
            raise WorkerError(f"the worker cannot be started with {python}: {error.strerror}") from error
        self._pipes = Pipes(self._process)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exchange(self, request: bytes, seconds: float) -> bytes:
        """Send one line and receive one, without its end."""
        deadline = time.monotonic() + seconds
        self._pipes.send(request)
        return self.receive(deadline, seconds)

    def receive(self, deadline: float, seconds: float) -> bytes:
        """Receive one line until `deadline` (on the monotonic clock), which is `seconds` after the request."""
        answer = bytearray()
        while True:
            chunk = self._pipes.read(deadline - time.monotonic())
            if chunk is None:
                raise WorkerError(f"the worker did not answer within {seconds:g} s{self._last_words()}")
            if not chunk:
                raise WorkerError(f"the worker {self._how_it_ended()}{self._last_words()}")
            answer += chunk
            if len(answer) > self._limits.answer_bytes:
                raise WorkerError(f"the worker answered with more than {self._limits.answer_bytes:,} bytes")
            if b"\n" in chunk:
                line, _, more = bytes(answer).partition(b"\n")
                if more:
                    raise WorkerError("the worker answered nonsense: more than one line to one request")
                return line

    def end(self) -> None:
        """Kill it with everything that it started, and clean up after it."""
        end_all(self._process)
        self._process.wait()
        self._pipes.close()
        self._scratch.cleanup()

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "closed its output"
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def _last_words(self) -> str:
        words = self._pipes.last_words()
        lines = words.decode(errors="replace").strip().splitlines()
        return f"; its last words: {lines[-1][:300]}" if lines else ""


class Worker:
    """Functions in another Python, called one at a time from one thread.

    The process starts with the first call. Any fault ends it, and the next call starts another one: whoever needs the
    state that the old one had compares `start()` with what it was (see `Session`).
    """

    def __init__(self, python: Path, handlers: Path, limits: WorkerLimits | None = None) -> None:
        """A worker for the functions that the file `handlers` defines, run by the interpreter `python`."""
        self._python = python
        self._handlers = handlers
        self._limits = limits or WorkerLimits()
        self._process: _Process | None = None
        self._generation = 0
        self._request = 0

    def start(self) -> int:
        """Make sure that a process runs; returns how many have been started so far.

        Raises:
            WorkerError: It does not start.
        """
        if self._process is not None and self._process.alive:
            return self._generation
        self.close()
        process = _Process(self._python, self._handlers, self._limits)
        try:
            seconds = self._limits.start_seconds
            if process.receive(time.monotonic() + seconds, seconds) != b'{"ready":true}':
                raise WorkerError("the worker answered nonsense before the first request")
        except BaseException:
            process.end()
            raise
        self._process = process
        self._generation += 1
        return self._generation

    def call(self, method: str, **params: Json) -> Json:
        """The function's result.

        Raises:
            WorkerError: The worker did not answer, or not properly, and has been ended.
        """
        self.start()
        self._request += 1
        request = json.dumps({"id": self._request, "method": method, "params": params}).encode() + b"\n"
        process, self._process = self._process, None
        if process is None:
            raise AssertionError("start() leaves a process or raises")
        try:
            result = self._result(process.exchange(request, self._limits.call_seconds))
        except BaseException:
            process.end()
            raise
        self._process = process
        return result

    def close(self) -> None:
        """End the process. Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _result(self, line: bytes) -> Json:
        try:
            answer: Json = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise WorkerError(f"the worker answered nonsense: {line[:80]!r}") from error
        if not isinstance(answer, Mapping) or answer.get("id") != self._request or not answer.keys() & _ANSWERS:
            raise WorkerError(f"the worker answered nonsense: {line[:80]!r}")
        if "fault" in answer:
            fault = str(answer["fault"])
            limit = f" (its limit is {self._limits.memory_bytes >> 20} MiB)" if "MemoryError" in fault else ""
            raise WorkerError(f"the worker failed: {fault}{limit}")
        return answer.get("result")


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")
