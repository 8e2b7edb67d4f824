"""What our client and the record cost a call of a model, against the bare openai library; run as a script.

    python tests/benchmarks/bench_model.py

A scripted server in a process of its own answers at once, so that everything around the answer is measured: the same
streamed question by the bare library, by our client with a keeper in memory, and in a run with its record on disk.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "llm"))

import openai
from keeping import Keeper, open_desk, question
from serving import Served, serving

from hitl_app.domain.model import Capabilities
from hitl_app.domain.ports import CallKeeper
from hitl_app.domain.run import Budget, Run, RunSettings, RunStatus
from hitl_app.refine.budget import Account
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.calls import RunKeeper
from hitl_app.workflow.threads import Threads

CALLS, ROUNDS = 200, 5
MODEL = "capable/bench"
Ask = Callable[[int], Awaitable[object]]


async def milliseconds(ask: Ask) -> float:
    """Median over the rounds of the mean time of one call, one after the other."""
    await ask(-1)
    rounds = []
    for turn in range(ROUNDS):
        started = time.perf_counter()
        for number in range(CALLS):
            await ask(turn * CALLS + number)
        rounds.append((time.perf_counter() - started) / CALLS)
    return statistics.median(rounds) * 1e3


async def bare(served: Served) -> float:
    """The library alone."""
    async with openai.AsyncOpenAI(base_url=served.base_url, api_key="none") as api:

        async def ask(number: int) -> None:
            stream = await api.chat.completions.create(
                model=MODEL,
                messages=[{"role": "user", "content": "where to?"}],
                stream=True,
                stream_options={"include_usage": True},
            )
            async for _ in stream:
                pass

        return await milliseconds(ask)


async def ours(served: Served, keeper: CallKeeper) -> float:
    """Our client with a keeper."""
    desk = open_desk(served)
    client = desk.servers.client(desk.endpoint(MODEL), Capabilities(streaming=True, usage=True), keeper)
    try:
        return await milliseconds(lambda number: client.ask(replace(question(), sample=number)))
    finally:
        await desk.servers.close()


async def recorded(served: Served) -> float:
    """Our client in a run whose record is on disk."""
    threads = Threads()
    with tempfile.TemporaryDirectory() as folder:
        store = threads.in_database(open_store, Path(folder) / "desk.db", SystemClock())
        run = Run("0" * 32, RunSettings("refine", ()), RunStatus.RUNNING, SystemClock().now())
        threads.in_database(store.add_run, run)
        try:
            keeper = RunKeeper(
                store=store,
                threads=threads,
                run_id=run.id,
                account=Account(Budget(), None, lambda: 0.0),
                on_call=lambda call: None,
            )
            return await ours(served, keeper)
        finally:
            threads.close(lambda: None, store.close)


def main() -> None:
    """Print each figure against the bare library's."""
    with serving("model_scripts:by_model") as served:
        baseline = asyncio.run(bare(served))
        print(f"bare openai library    {baseline:6.2f} ms a call")
        for name, measured in (("our client", ours(served, Keeper())), ("with the record on disk", recorded(served))):
            figure = asyncio.run(measured)
            print(f"{name:<22} {figure:6.2f} ms a call: {figure / baseline:.2f} times as long")


if __name__ == "__main__":
    main()
