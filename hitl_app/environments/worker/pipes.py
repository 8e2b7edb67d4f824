"""The three streams of a child process, with deadlines: how they are waited for differs between systems."""

from subprocess import Popen
from typing import IO, Protocol

CHUNK = 1 << 16
STDERR_TAIL = 2000


class Pipes(Protocol):
    """Takes bytes for standard input, gives those of standard output in turn, and keeps the end of standard error."""

    def send(self, data: bytes) -> None:
        """Hand over what is to be written; not before what was sent earlier has been answered."""
        ...

    def read(self, seconds: float) -> bytes | None:
        """The next bytes of standard output; None where none came in that time.

        Empty at its end, and where the child does not take its input any more.
        """
        ...

    def last_words(self) -> bytes:
        """The end of standard error as far as it was written."""
        ...

    def close(self) -> None:
        """Close all three, after the child was ended."""
        ...


def three(process: Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """Standard input, output and error of a process."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("the process was started without three pipes")
    return process.stdin, process.stdout, process.stderr
