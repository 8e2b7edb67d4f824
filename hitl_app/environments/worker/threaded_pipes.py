"""Pipes where nothing but a thread can wait for one: on Windows. They work everywhere, a little slower."""

import queue
from collections.abc import Callable
from contextlib import suppress
from subprocess import Popen
from threading import Thread
from typing import IO

from hitl_app.environments.worker.pipes import CHUNK, STDERR_TAIL, three

HELD_CHUNKS = 16
"""Chunks of output that are held for whoever asks; a child that writes more has to wait."""
REST_SECONDS = 1.0
"""How long a stream is waited for that should be at its end."""


class ThreadedPipes:
    """Implements `Pipes`. Each stream has its thread, which closes it at its end, whenever that is."""

    def __init__(self, process: Popen[bytes]) -> None:
        self._process = process
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._output: queue.Queue[bytes] = queue.Queue(HELD_CHUNKS)
        self._tail = b""
        self._closed = False
        stdin, stdout, stderr = three(process)
        self._listening = _in_thread(self._listen, stderr)
        self._threads = (_in_thread(self._write, stdin), _in_thread(self._read, stdout), self._listening)

    def send(self, data: bytes) -> None:
        """See `Pipes`."""
        self._requests.put(data)

    def read(self, seconds: float) -> bytes | None:
        """See `Pipes`."""
        try:
            return self._output.get(timeout=max(0, seconds))
        except queue.Empty:
            return None

    def last_words(self) -> bytes:
        """See `Pipes`."""
        if self._process.poll() is not None:
            self._listening.join(REST_SECONDS)
        return self._tail

    def close(self) -> None:
        """See `Pipes`; a stream that another process still holds open is closed when that one ends."""
        self._closed = True
        self._requests.put(None)
        with suppress(queue.Empty):
            while True:  # whoever waits for room to put a chunk finds it, and that there is no need for more
                self._output.get_nowait()
        for thread in self._threads:
            thread.join(REST_SECONDS)

    def _write(self, pipe: IO[bytes]) -> None:
        while (request := self._requests.get()) is not None:
            left = memoryview(request)
            while left:
                try:
                    left = left[pipe.write(left) :]
                except OSError:  # Windows has more names than one for a broken pipe
                    self._output.put(b"")
                    return

    def _read(self, pipe: IO[bytes]) -> None:
        chunk = b"more"
        while chunk and not self._closed:
            chunk = pipe.read(CHUNK)
            self._output.put(chunk)

    def _listen(self, pipe: IO[bytes]) -> None:
        while (chunk := pipe.read(CHUNK)) and not self._closed:
            self._tail = (self._tail + chunk)[-STDERR_TAIL:]


def _in_thread(work: Callable[[IO[bytes]], None], pipe: IO[bytes]) -> Thread:
    def run() -> None:
        with pipe:
            work(pipe)

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread
