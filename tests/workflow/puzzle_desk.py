"""A store with puzzles and two models, a small and a large one with prices, behind the scripted server."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hitl_app.bootstrap import build
from hitl_app.domain.model import ModelEndpoint, Price
from hitl_app.domain.run import Run
from hitl_app.workflow.running import RunEnded, RunEvent
from hitl_app.workflow.workspace import Workspace

T = TypeVar("T")

POLICY = Path(__file__).parents[1] / "policy"
PRICES = {"small": Price(0.05, 0.20), "large": Price(2.50, 10.00)}
GOLD = "1000000"
"""How gold answers begin to which no model comes: where one shows up, it was leaked."""


def write_chats(path: Path, difficulties: list[float], *, gold: bool = False) -> list[str]:
    """A file of puzzles to import, and their keys; the expected answers are right, or else `GOLD`."""
    chats = [
        {
            "id": f"puzzle-{number}",
            "messages": [{"role": "user", "content": _question(number, difficulty)}, _UNKNOWN],
            "expected_answer": f"{GOLD}{number}" if gold else 600 + number,
        }
        for number, difficulty in enumerate(difficulties)
    ]
    path.write_text("".join(json.dumps(chat) + "\n" for chat in chats), "utf-8")
    return [str(chat["id"]) for chat in chats]


_UNKNOWN = {"role": "assistant", "content": "I do not know."}


def _question(number: int, difficulty: float) -> str:
    return (
        f"Puzzle {number}, difficulty {difficulty:.3f}: what is {400 + number} + 300 - 100? "
        "End with FINAL ANSWER: and the number."
    )


def at_desk(folder: Path, url: str, work: Callable[[Workspace], Coroutine[Any, Any, T]]) -> T:
    """Work in a store whose small and large model are set up with their prices."""
    application = build(folder)

    async def done() -> T:
        for role, price in PRICES.items():
            await application.workspace.models.save_role(role, ModelEndpoint(url, role, price))
            await application.workspace.models.ready(await application.workspace.models.role(role))
        return await work(application.workspace)

    try:
        return asyncio.run(done())
    finally:
        application.close()


def ended(events: list[RunEvent]) -> Run:
    """The run at its end."""
    last = events[-1]
    assert isinstance(last, RunEnded)
    return last.run
