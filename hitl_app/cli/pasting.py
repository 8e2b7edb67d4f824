"""Answers by hand on the command line: a question goes to standard error, its answer comes from standard input."""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from hitl_app.cli.output import Output
from hitl_app.domain.model import ModelUnavailableError, PastedQuestion

END = b"."
"""A line that holds nothing else ends an answer."""

CHUNK = 65_536


class TerminalHand:
    """Implements `domain.ports.Hand` for whoever types, or pipes, into the command."""

    def __init__(self, out: Output, source: int = 0) -> None:
        """Make a hand.

        Args:
            out: Shows the questions, as messages.
            source: File descriptor of what answers come from.
        """
        self._out = out
        self._source = source
        self._rest = b""

    async def answer(self, question: PastedQuestion) -> str:
        """Show a question, and wait for what is pasted.

        Raises:
            ModelUnavailableError: The input has ended.
        """
        if question.problem:
            self._out.message(f"▲ this answer cannot be used: {question.problem}. Paste another one.")
        else:
            self._out.message(f"▼ {question.model} is asked to {question.purpose}:\n\n{question.text}\n")
        self._out.message("▲ paste the answer, and end it with a line that holds a single dot:")
        answer = await _in_thread(self._read)
        if answer is None:
            raise ModelUnavailableError("the answers are to be pasted, and standard input has ended")
        return answer

    def _read(self) -> str | None:
        """The lines up to the dot, or to the end of the input; None where it had ended before."""
        lines: list[bytes] = []
        while (line := self._line()) is not None and line.rstrip(b"\r\n") != END:
            lines.append(line)
        return None if line is None and not lines else b"".join(lines).decode("utf-8", "replace")

    def _line(self) -> bytes | None:
        while b"\n" not in self._rest and (chunk := os.read(self._source, CHUNK)):
            self._rest += chunk
        line, newline, self._rest = self._rest.partition(b"\n")
        return line + newline or None


async def _in_thread(read: Callable[[], str | None]) -> str | None:
    """What is read, in a thread that nobody waits for at the end: it may wait for a person who is gone."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str | None] = loop.create_future()

    def tell(answer: str | None) -> None:
        if not done.done():
            done.set_result(answer)

    def work() -> None:
        answer = read()
        with suppress(RuntimeError):  # the loop is closed: the command was stopped meanwhile
            loop.call_soon_threadsafe(tell, answer)

    threading.Thread(target=work, name="pasting", daemon=True).start()
    return await done
