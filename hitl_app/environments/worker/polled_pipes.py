"""Pipes where the system can say which of them are ready: on POSIX."""

import os
import select
import sys
import time
from contextlib import suppress
from subprocess import Popen

from hitl_app.environments.worker.pipes import CHUNK, STDERR_TAIL, three

assert sys.platform != "win32"  # noqa: S101 -- for the type checker, which then skips this file for Windows

LAST_READS = 16
"""Reads of what is left on standard error: a child that floods it must not be listened to for ever."""


class PolledPipes:
    """Implements `Pipes` without further threads."""

    def __init__(self, process: Popen[bytes]) -> None:
        self._pipes = three(process)
        self._in, self._out, self._err = (pipe.fileno() for pipe in self._pipes)
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)
        self._poll.register(self._err, select.POLLIN)
        self._unsent = memoryview(b"")
        self._tail = b""

    def send(self, data: bytes) -> None:
        """See `Pipes`."""
        self._unsent = memoryview(data)
        self._poll.register(self._in, select.POLLOUT)

    def read(self, seconds: float) -> bytes | None:
        """See `Pipes`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for descriptor, _ in self._poll.poll(left * 1000):
                if descriptor == self._out:
                    return os.read(self._out, CHUNK)
                if descriptor == self._err:
                    self._listen()
                elif not self._write():
                    return b""
        return None

    def last_words(self) -> bytes:
        """See `Pipes`."""
        with suppress(BlockingIOError):
            for _ in range(LAST_READS):
                self._tail = (self._tail + os.read(self._err, CHUNK))[-STDERR_TAIL:]
        return self._tail

    def close(self) -> None:
        """See `Pipes`."""
        for pipe in self._pipes:
            pipe.close()

    def _write(self) -> bool:
        """Write what the pipe takes; whether there is anybody at its other end."""
        try:
            self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BrokenPipeError:
            return False
        if not self._unsent:
            self._poll.unregister(self._in)
        return True

    def _listen(self) -> None:
        chunk = os.read(self._err, CHUNK)
        self._tail = (self._tail + chunk)[-STDERR_TAIL:]
        if not chunk:
            self._poll.unregister(self._err)
