"""Where work runs: a thread each for the database, environments, files, installations, and the loop."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class _End:
    """The end of a stream, with the task that ended."""

    task: "asyncio.Task[None]"


class Threads:
    """The lanes. The face's event loop (and with it Qt's thread) only ever awaits them.

    Runs of the loop, proposers and models live in an event loop of their own, `run` and `stream`: neither a model's
    stream nor a search keeps the window waiting. A search awaits the environment's lane for each candidate, so that a
    person's edit is inspected between two of them and never behind all.
    """

    def __init__(self) -> None:
        self._database = ThreadPoolExecutor(1, "database")
        self._environment = ThreadPoolExecutor(1, "environment")
        self._background = ThreadPoolExecutor(1, "background")
        self._installation = ThreadPoolExecutor(1, "installation")
        self._loop = asyncio.new_event_loop()
        self._runner = threading.Thread(target=self._run_loop, name="runner", daemon=True)
        self._runner.start()

    async def database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of the store."""
        return await asyncio.wrap_future(self._database.submit(function, *args, **kwargs))

    async def record(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Write to the store from the loop's own thread. It is done even where whoever waits for it is cancelled.

        What was paid for is kept in this way.
        """
        return await asyncio.shield(asyncio.wrap_future(self._database.submit(function, *args, **kwargs)))

    async def environment(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that executes in an environment."""
        return await asyncio.wrap_future(self._environment.submit(function, *args, **kwargs))

    async def background(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that reads files or waits for the system."""
        return await asyncio.wrap_future(self._background.submit(function, *args, **kwargs))

    async def installation(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that takes minutes and waits for the network, while everything else goes on."""
        return await asyncio.wrap_future(self._installation.submit(function, *args, **kwargs))

    async def run(self, work: Coroutine[Any, Any, T]) -> T:  # what a coroutine is sent is asyncio's matter
        """Run a coroutine in the loop's own thread. Cancelling the caller cancels it there."""
        if asyncio.get_running_loop() is self._loop:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def stream(self, items: Callable[[], AsyncGenerator[T, None]]) -> AsyncGenerator[T, None]:
        """Run an asynchronous generator in the loop's own thread and yield here what it yields there.

        Closing this generator early cancels that one, and waits until it has ended.
        """
        here = asyncio.get_running_loop()
        queue: asyncio.Queue[T | _End] = asyncio.Queue()
        running: list[asyncio.Task[None]] = []

        async def pump() -> None:
            async with aclosing(items()) as source:
                async for item in source:
                    here.call_soon_threadsafe(queue.put_nowait, item)

        def begin() -> None:
            running.append(self._loop.create_task(pump()))
            running[0].add_done_callback(lambda task: here.call_soon_threadsafe(queue.put_nowait, _End(task)))

        self._loop.call_soon_threadsafe(begin)
        item: T | _End | None = None
        try:
            while not isinstance(item := await queue.get(), _End):
                yield item
            item.task.result()
        finally:
            if not isinstance(item, _End):
                self._loop.call_soon_threadsafe(lambda: running[0].cancel() and None)
                while not isinstance(await queue.get(), _End):
                    pass

    def in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something in the database's lane and block: at the start only."""
        return self._database.submit(function, *args, **kwargs).result()

    def in_loop(self, work: Coroutine[Any, Any, T]) -> T:  # what a coroutine is sent is asyncio's matter
        """Run a coroutine in the loop's own thread and block: at the end only."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(
        self, close_environments: Callable[[], None] = lambda: None, close_store: Callable[[], None] = lambda: None
    ) -> None:
        """Cancel what runs, drop what waits, close what the lanes hold in their own threads, end them."""
        self.in_loop(_cancel_all())
        self.in_database(lambda: None)  # what is being written answers to the loop, which must still be there
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._runner.join()
        self._background.shutdown(wait=True, cancel_futures=True)
        self._installation.shutdown(wait=True, cancel_futures=True)
        _finish(self._environment, close_environments)
        _finish(self._database, close_store)

    def _run_loop(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop().run_forever()


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _finish(lane: ThreadPoolExecutor, last: Callable[[], None]) -> None:
    try:
        lane.submit(last).result()
    finally:
        lane.shutdown(wait=True, cancel_futures=True)
