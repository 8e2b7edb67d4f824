"""Being asked to end from outside: by Ctrl+C in the terminal, or by the system."""

import asyncio
import signal
import sys
from collections.abc import Callable


def on_interrupt(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Have `end` called by the loop, in its turn."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":  # whose loops know no signals
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
        else:
            loop.add_signal_handler(number, end)
