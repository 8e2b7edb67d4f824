"""A desk with a store of small recordings that a person can repair, and the use cases of a review."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hitl_app.domain.decision import LedgerEntry
from hitl_app.domain.inspection import Finding, FindingKind
from hitl_app.domain.jsontypes import Json
from hitl_app.domain.library import ImportedRun, QueueRow
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.team import Seed, SeedKind
from hitl_app.domain.trajectory import Recorded, Source, Trajectory, action, message
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.exchange.reading import read_path
from hitl_app.refine.edits import hunks_of_edits
from hitl_app.store import SqliteStore, open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.bulk import Bulk
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.library import Library
from hitl_app.workflow.opened import Opened
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.threads import Threads

T = TypeVar("T")

ANN, BOB = Maker("ann", "because"), Maker("bob", "because")
BLIND_BOB = Maker("bob", "because", blind=True)

_SCHEMA: dict[str, Json] = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


def run(number: int) -> ImportedRun:
    """A run whose steps 1 to 3 are calls that do not fit their tool: to leave one out is an improvement."""
    task = Task("recorded", f"task-{number}", f"Cancel booking {number}", tools=(ToolSpec("look", "Looks", _SCHEMA),))
    calls = [action("look", {"number": n}, expected=Recorded("no"), turn=n) for n in range(3)]
    source = Source("gpt-9_runs.json", number, f"run-{number}", "test", "gpt-9", extra={"agent": "gpt-9"})
    return ImportedRun(task, Trajectory(task.id, (message("hi", "user"), *calls, message("done")), source=source))


def fix(step: int) -> Json:
    """Leaves out the call at a step, which no tool takes: an improvement."""
    return {"op": "delete", "step": step}


class ReviewDesk:
    """One store with its use cases; calls wait until the work is done."""

    def __init__(self, folder: Path, runs: int = 2) -> None:
        self.threads = Threads()
        clock = SystemClock()
        self.store: SqliteStore = self.threads.in_database(open_store, folder / "desk.db", clock)
        environments = EnvironmentRegistry(folder)
        refinement = Refinement(self.store, environments, self.threads)
        self.review = Review(self.store, refinement, self.threads, clock)
        self.library = Library(self.store, self.threads, read_path, lambda: ())
        self.bulk = Bulk(self.store, self.threads, clock)
        self.refinement = refinement
        self.threads.in_database(self.store.add_runs, [run(number) for number in range(runs)])
        self.close: Callable[[], None] = lambda: self.threads.close(environments.close, self.store.close)

    @property
    def roots(self) -> list[str]:
        return self.wait(self.library.root_ids())

    def wait(self, work: Coroutine[Any, Any, T]) -> T:  # what a coroutine is sent is asyncio's matter
        return asyncio.run(work)

    def ask(self, function: Callable[[], T]) -> T:
        """Call the store in its own thread."""
        return self.threads.in_database(function)

    def row(self, number: int = 0, viewer: str = "") -> QueueRow:
        return self.wait(self.library.row(self.roots[number], viewer))

    def open(self, number: int = 0, viewer: str = "", annotator: str = "") -> Opened:
        return self.wait(self.library.open(self.row(number, viewer).head_id, viewer, annotator))

    def repair(self, maker: Maker, step: int = 1, number: int = 0, base: str = "") -> str:
        """Leave a call out of the head as its maker sees it; the id of the revision."""
        base = base or self.row(number, maker.viewer).head_id
        decided, _ = self.wait(self.review.revise(base, [fix(step)], maker))
        assert decided.entry.decision.accepted
        return str(decided.entry.decision.candidate_id)

    def entries(self, number: int = 0) -> list[LedgerEntry]:
        return self.wait(self.review.entries(self.roots[number]))

    def propose(self, number: int = 0, bad: SeedKind | None = None) -> Proposal:
        """A proposal that leaves a call out and changes the last words, which only a seed holds against it."""
        base = self.open(number).trajectory
        words: Json = {"op": "replace", "step": 4, "message": "done, and your card was charged"}
        edits: list[Json] = [fix(1), words]
        proposal = Proposal(base.id, hunks_of_edits(base, edits), "gpt-9/1")
        if bad is None:
            self.ask(lambda: self.store.save_proposal(proposal))
        else:
            seed = Seed(proposal.id, base.root_id, bad, (1,), "2026-01-31T12:00:00.000000+00:00")
            self.ask(lambda: self.store.save_seed(proposal, seed))
        return proposal

    def verify_all(self, numbers: range) -> None:
        """Let inspections find these recordings in order."""

        def save() -> None:
            for number in numbers:
                inspection = self.store.inspection(self.store.resolve(run(number).trajectory.id))
                assert inspection is not None
                met = Finding("goal", FindingKind.GOAL, met=True)
                self.store.save_inspection(replace(inspection, findings=(met,)))

        for number in numbers:
            self.wait(self.refinement.inspect(run(number).trajectory.id))
        self.ask(save)
