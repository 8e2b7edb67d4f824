"""The lanes: work in the loop's own thread, streamed to whoever awaits it, and ended with it."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import pytest

from hitl_app.workflow.threads import Threads


@pytest.fixture
def threads() -> Iterator[Threads]:
    threads = Threads()
    yield threads
    threads.close()


class Counting:
    """Counts in a stream, and remembers how that ended."""

    def __init__(self) -> None:
        self.thread = ""
        self.ended = ""

    async def count(self, to: int | None) -> AsyncGenerator[int, None]:
        """Numbers from 0, without an end where `to` is None: then it waits for ever after the third."""
        self.thread = threading.current_thread().name
        try:
            for number in range(3 if to is None else to):
                yield number
            if to is None:
                await asyncio.Event().wait()
            self.ended = "done"
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise

    async def fail(self) -> AsyncGenerator[int, None]:
        yield 0
        raise ValueError("no more")


def test_what_is_run_runs_in_the_loops_own_thread_and_its_error_is_the_callers(threads: Threads) -> None:
    async def name() -> str:
        return threading.current_thread().name

    async def fail() -> str:
        raise ValueError("it went wrong")

    assert asyncio.run(threads.run(name())) == "runner"
    assert asyncio.run(threads.run(threads.run(name()))) == "runner"
    with pytest.raises(ValueError, match="it went wrong"):
        asyncio.run(threads.run(fail()))


def test_a_stream_yields_all_in_order(threads: Threads) -> None:
    counting = Counting()

    async def collect() -> list[int]:
        return [number async for number in threads.stream(lambda: counting.count(1000))]

    assert asyncio.run(collect()) == list(range(1000))
    assert (counting.thread, counting.ended) == ("runner", "done")


def test_an_error_in_a_stream_comes_behind_what_was_yielded_before_it(threads: Threads) -> None:
    seen: list[int] = []

    async def collect() -> None:
        async for number in threads.stream(Counting().fail):
            seen.append(number)

    with pytest.raises(ValueError, match="no more"):
        asyncio.run(collect())
    assert seen == [0]


@pytest.mark.parametrize("how", ["closed", "cancelled"])
def test_a_stream_that_is_left_early_is_cancelled_and_has_ended_by_then(threads: Threads, how: str) -> None:
    counting = Counting()

    async def leave() -> float:
        seen = asyncio.Event()

        async def take() -> None:
            async with aclosing(threads.stream(lambda: counting.count(None))) as numbers:
                async for number in numbers:
                    if number == 2:
                        seen.set()
                        if how == "closed":
                            return

        task = asyncio.create_task(take())
        await seen.wait()
        started = time.monotonic()
        if how == "cancelled":
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled() == (how == "cancelled")
        return time.monotonic() - started

    assert asyncio.run(leave()) < 1
    assert counting.ended == "cancelled"


def test_cancelling_whoever_waits_cancels_what_runs(threads: Threads) -> None:
    ended = threading.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def cancel() -> None:
        task = asyncio.create_task(threads.run(wait()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert ended.wait(1)


def test_closing_while_something_streams_ends_both_sides() -> None:
    threads, counting = Threads(), Counting()

    async def take() -> None:
        async for number in threads.stream(lambda: counting.count(None)):
            if number == 2:
                await asyncio.to_thread(threads.close)

    before = threading.active_count()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(take())
    assert counting.ended == "cancelled"
    assert threading.active_count() < before, "no thread of a lane is left"


def test_a_write_is_done_where_whoever_waits_for_it_is_cancelled(threads: Threads) -> None:
    first, written = threading.Event(), threading.Event()

    async def write() -> None:
        task = asyncio.create_task(threads.record(written.set))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        first.set()

    async def story() -> None:
        blocking = asyncio.ensure_future(threads.database(first.wait, 10))
        await threads.run(write())
        assert await blocking

    asyncio.run(story())
    assert written.wait(1)
