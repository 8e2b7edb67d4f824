"""What a smoke test must not do: complain, or take for ever."""

import asyncio
import faulthandler
import logging
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

LIMIT_SECONDS = 120.0
"""For the whole test: many times what it takes on a slow machine."""

MORE_SECONDS = 30.0
"""After the limit, for a window that does not answer at all: then the process is ended."""

_POLL_SECONDS = 0.01
_LIMITS_OF_PLATFORMS = re.compile("(This plugin|Wayland) does not support")
"""Qt's remark, at every window, where a platform lacks what others have."""

T = TypeVar("T")


class SmokeError(Exception):
    """Something did not work; says what."""


class Watch(logging.Handler):
    """Collects what Qt, Python and the product complain of, and keeps the time."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.complaints: list[str] = []
        self._deadline = time.monotonic() + LIMIT_SECONDS

    def emit(self, record: logging.LogRecord) -> None:
        """As a handler of logs: keep what is logged, and print what may be the last word of the process."""
        if _LIMITS_OF_PLATFORMS.search(record.getMessage()):
            return
        complaint = f"{record.levelname.lower()} of {record.name}: {self.format(record).strip()}"
        self.complaints.append(complaint)
        if record.levelno >= logging.CRITICAL:
            sys.stderr.write(f"{complaint}\n")

    def raise_complaints(self, when: str) -> None:
        """Raise SmokeError where there was a complaint; says when."""
        if self.complaints:
            raise SmokeError(f"there was a warning or an error {when}")

    async def until(self, what: str, found: Callable[[], T | None]) -> T:
        """Let the loop run until something is found, and give it back.

        Raises:
            SmokeError: There was a complaint meanwhile, or the time is up; says what was waited for.
        """
        while not (value := found()):
            self.raise_complaints(f"before {what} came")
            if time.monotonic() > self._deadline:
                raise SmokeError(f"waited in vain for {what}; the time is up after {LIMIT_SECONDS:g} s")
            await asyncio.sleep(_POLL_SECONDS)
        return value


@contextmanager
def watched() -> Iterator[Watch]:
    """Listen to every log and every warning of Python; a process that hangs is ended, with a trace of what it did."""
    watch = Watch()
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = (
            _log_warning  # `logging.captureWarnings` does nothing where a library has called it before
        )
        logging.getLogger().addHandler(watch)
        try:
            if sys.__stderr__ is not None:  # a program without a console has none
                faulthandler.dump_traceback_later(LIMIT_SECONDS + MORE_SECONDS, exit=True, file=sys.__stderr__)
            yield watch
        finally:
            faulthandler.cancel_dump_traceback_later()
            logging.getLogger().removeHandler(watch)


def _log_warning(  # noqa: PLR0917 -- as Python calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """As `warnings.showwarning`."""
    words = warnings.formatwarning(message, category, filename, lineno, line)
    logging.getLogger("py.warnings").warning("%s", words)
