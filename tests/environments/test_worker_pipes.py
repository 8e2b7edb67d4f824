"""What a worker can rely on between itself and its process, by either way of waiting for pipes."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from hitl_app.environments.worker.children import CREATION_FLAGS, end_all
from hitl_app.environments.worker.pipes import STDERR_TAIL, Pipes
from hitl_app.environments.worker.polled_pipes import PolledPipes
from hitl_app.environments.worker.threaded_pipes import ThreadedPipes

CHILD = """
import os, sys, time
for line in sys.stdin.buffer:
    word = line.split()[0]
    if word == b"echo":
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    elif word == b"flood":
        while True:
            os.write(1, b"x" * 65536)
    elif word == b"deaf":
        os.close(0)
        time.sleep(60)
    else:
        sys.exit("y" * 5000 + "the last of it")
"""


class Child:
    def __init__(self, way: Callable[[subprocess.Popen[bytes]], Pipes]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            creationflags=CREATION_FLAGS,
        )
        self.pipes = way(self.process)

    def line(self) -> bytes:
        told = b""
        while not told.endswith(b"\n"):
            chunk = self.pipes.read(10)
            assert chunk, "it goes on until the line ends"
            told += chunk
        return told


@pytest.fixture(params=[PolledPipes, ThreadedPipes])
def child(request: pytest.FixtureRequest) -> Iterator[Child]:
    child = Child(request.param)
    yield child
    end_all(child.process)
    child.process.wait()
    child.pipes.close()


def test_what_is_sent_comes_back_in_order_however_long(child: Child) -> None:
    for size in (1, 1 << 20, 2):
        line = b"echo " + b"x" * size + b"\n"
        child.pipes.send(line)
        assert child.line() == line


def test_silence_is_not_waited_for_longer_than_asked_and_the_next_line_still_comes(child: Child) -> None:
    assert child.pipes.read(0.01) is None
    child.pipes.send(b"echo later\n")
    assert child.line() == b"echo later\n"


def test_the_end_is_told_with_the_last_words(child: Child) -> None:
    child.pipes.send(b"end\n")
    assert child.pipes.read(10) == b""
    child.process.wait()
    words = child.pipes.last_words().strip()
    assert words.endswith(b"the last of it")
    assert len(words) <= STDERR_TAIL


def test_a_child_that_floods_is_given_up_without_filling_the_memory(child: Child) -> None:
    child.pipes.send(b"flood\n")
    assert child.pipes.read(10)


def test_a_child_that_takes_no_input_any_more_is_known(child: Child) -> None:
    child.pipes.send(b"deaf\n")
    assert child.pipes.read(0.2) is None
    child.pipes.send(b"x" * (1 << 20))
    assert child.pipes.read(10) == b""
