"""The window's own asyncio tasks: strongly referenced, named, pre-emptive, and never failing in silence."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

Failed = Callable[[str, Exception], None]
"""Receives the name of a task and what it failed with."""


class Tasks:
    """A registry of running tasks. Starting a task under a name cancels the one that runs under it."""

    def __init__(self, failed: Failed, changed: Callable[[], None] = lambda: None) -> None:
        """Make an empty registry.

        Args:
            failed: Called for every task that ends in an error.
            changed: Called whenever a task starts or ends.
        """
        self._failed = failed
        self._changed = changed
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:  # what a coroutine is sent is asyncio's matter
        """Run a coroutine under a name."""
        self._drop(name)
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running[name] = task
        task.add_done_callback(partial(self._ended, name))
        self._changed()

    def cancel(self, name: str) -> None:
        """Cancel the task of that name, where one runs."""
        if self._drop(name):
            self._changed()

    def _drop(self, name: str) -> bool:
        task = self._running.pop(name, None)
        if task is not None:
            self._ending.add(task)
            task.cancel()
        return task is not None

    def runs(self, name: str) -> bool:
        """Whether a task of that name runs. One that has done its work does not, even before its end is told."""
        task = self._running.get(name)
        return task is not None and not task.done()

    async def ended(self, name: str) -> None:
        """Wait until the task of that name has ended, where one runs."""
        while name in self._running:
            await asyncio.wait({self._running[name]})

    async def cancel_all(self, keep: Iterable[str] = ()) -> None:
        """Cancel everything but the tasks named in `keep`, and wait until all of them have ended."""
        kept = frozenset(keep)
        for name in [name for name in self._running if name not in kept]:
            self.cancel(name)
        await self.idle()

    async def idle(self) -> None:
        """Wait until no task runs, those included that are started meanwhile."""
        while waiting := {*self._running.values(), *self._ending}:
            await asyncio.wait(waiting)
            await asyncio.sleep(0)

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if self._running.get(name) is task:
            del self._running[name]
            self._changed()
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, Exception):
            self._failed(name, error)
