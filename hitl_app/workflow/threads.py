"""Where work runs: one thread owns the database, one runs environments, one does background work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """The three lanes. The event loop (and with it Qt's thread) only ever awaits them.

    A proposer runs in the background lane and sends each candidate to the environment's lane, so that a person's
    edit is inspected between two candidates of a running search and never behind it.
    """

    def __init__(self) -> None:
        self._database = ThreadPoolExecutor(1, "database")
        self._environment = ThreadPoolExecutor(1, "environment")
        self._background = ThreadPoolExecutor(1, "background")
        self._closing = False

    async def database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the store."""
        return await asyncio.wrap_future(self._database.submit(function, *args, **kwargs))

    async def environment(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that executes in an environment."""
        return await asyncio.wrap_future(self._environment.submit(function, *args, **kwargs))

    async def background(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a proposer, or read files."""
        return await asyncio.wrap_future(self._background.submit(function, *args, **kwargs))

    def candidate(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something in the environment's lane and block: for the background lane only.

        Raises:
            CancelledError: The lanes are closing; the search ends here.
        """
        if self._closing:
            raise CancelledError
        return self._environment.submit(function, *args, **kwargs).result()

    def in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something in the database's lane and block: at the start only."""
        return self._database.submit(function, *args, **kwargs).result()

    def close(
        self, close_environments: Callable[[], None] = lambda: None, close_store: Callable[[], None] = lambda: None
    ) -> None:
        """Stop a running search, drop what waits, close what the lanes hold in their own threads, end them."""
        self._closing = True
        self._background.shutdown(wait=True, cancel_futures=True)
        _finish(self._environment, close_environments)
        _finish(self._database, close_store)


def _finish(lane: ThreadPoolExecutor, last: Callable[[], None]) -> None:
    try:
        lane.submit(last).result()
    finally:
        lane.shutdown(wait=True, cancel_futures=True)
