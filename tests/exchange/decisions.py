"""Decisions made by hand, for tests of exports: what the store would give after a review."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hitl_app.domain.decision import GENESIS, Decision, DecisionKind, LedgerEntry, ReviewStatus, entry_hash
from hitl_app.domain.errors import NotFoundError
from hitl_app.domain.hunk import Hunk, Operator, apply_hunks
from hitl_app.domain.inspection import (
    ExecutedStep,
    Execution,
    Finding,
    FindingKind,
    Inspection,
    Observation,
    StepStatus,
)
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.library import QueueRow, Toolset
from hitl_app.domain.loss import Count, LossVector
from hitl_app.domain.model import ModelCall
from hitl_app.domain.ports import Judged, Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.run import Run
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.domain.trajectory import Recorded, Step, StepKind, Trajectory, action, message

TOOLS = (ToolSpec("look", "Look something up", {"type": "object", "properties": {"id": {"type": "string"}}}),)

TASK = Task("recorded", "7", "Cancel the booking", policy="Be careful.", tools=TOOLS)

STEPS = (
    message("Hello", "user"),
    action("look", {"id": "a"}, thought="Let me see", expected=Recorded("found a"), turn=1),
    action("look", {"id": "b"}, expected=Recorded("found b"), turn=1),
    message("Which one?"),
    message("The first", "user"),
    action("book", {"id": "b"}, expected=Recorded("Error: no", failed=True)),
    message("Done"),
)


def trajectory(steps: Sequence[Step] = STEPS, task: Task = TASK) -> Trajectory:
    return Trajectory(task.id, tuple(steps))


def inspected(of: Trajectory, unmet: int) -> Inspection:
    """An inspection that misses so many of three goals; observations are the expected ones."""
    steps = tuple(
        ExecutedStep(
            StepStatus.OK,
            Observation(step.expected.text if step.expected else "executed") if step.is_action else None,
            replayed=step.is_action,
        )
        for step in of.steps
    )
    findings = tuple(Finding(f"goal{number}", FindingKind.GOAL, met=number >= unmet) for number in range(3))
    return Inspection(Execution(of.id, "recorded", "1", steps), LossVector(goal=Count(unmet, 3)), findings)


def revise(base: Trajectory, *hunks: Hunk) -> Trajectory:
    """The revision that the hunks make, with messages after the first edit marked as carried over."""
    applied = apply_hunks(base.steps, hunks)
    carried = frozenset(
        index
        for index, origin in enumerate(applied.origin)
        if origin is not None and index >= applied.divergence and applied.steps[index].kind is StepKind.MESSAGE
    )
    return replace(
        base, steps=applied.steps, parent_id=base.id, lineage_root=base.root_id, source=None, carried_over=carried
    )


def replaced(base: Trajectory, index: int, step: Step) -> Hunk:
    return Hunk(Operator.REPLACE, index, index + 1, (base.steps[index],), (step,))


def deleted(base: Trajectory, index: int) -> Hunk:
    return Hunk(Operator.DELETE, index, index + 1, (base.steps[index],), ())


def judged(
    base: Trajectory,
    candidate: Trajectory,
    *,
    sequence: int = 1,
    accepted: bool = True,
    unmet: tuple[int, int] = (1, 0),
    override: bool = False,
    task: Task = TASK,
) -> Judged:
    """A decision on a candidate; `unmet` are the goals that base and candidate miss, none of them means verified."""
    decision = Decision(
        DecisionKind.EDIT,
        base.root_id,
        base.id,
        "tester",
        "because",
        "2026-01-31T12:00:00.000000+00:00",
        status_after=ReviewStatus.EDITED,
        head_before=base.id,
        head_after=candidate.id if accepted else base.id,
        candidate_id=candidate.id,
        accepted=accepted,
        override=override,
    )
    entry = LedgerEntry(sequence, decision, GENESIS, entry_hash(sequence, decision.payload(), GENESIS))
    return Judged(entry, task, base, inspected(base, unmet[0]), candidate, inspected(candidate, unmet[1]))


class Decisions:
    """A record that holds decisions, and nothing else that an exporter could read."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._judged = judged
        self._entries: list[LedgerEntry] = []
        if isinstance(judged, list):
            self._entries = [item.entry for item in judged]

    def judged(self) -> Iterator[Judged]:
        for item in self._judged:
            self._entries = self._entries if isinstance(self._judged, list) else [item.entry]
            yield item

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        return task.tools

    def toolsets(self) -> Iterator[Toolset]:
        return iter(())

    def tasks(self) -> Iterator[Task]:
        return iter(())

    def task(self, task_id: str) -> Task:
        raise NotFoundError(f"there is no task {task_id}")

    def root_ids(self) -> Iterator[str]:
        return iter(())

    def row(self, root_id: str) -> QueueRow:
        raise NotFoundError(f"there is no lineage {root_id}")

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        candidates = {item.candidate.id: item.candidate for item in self._judged if item.candidate is not None}
        return tuple(Revision(number, each, None, None) for number, each in enumerate(candidates.values(), 1))

    def proposals(self, base_id: str) -> tuple[Proposal, ...]:
        return ()

    def draft(self, base_id: str) -> JsonObject | None:
        return None

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        return (entry for entry in self._entries if root_id in (None, entry.decision.root_id))

    def assignments(self) -> Iterator[Assignment]:
        return iter(())

    def gold(self) -> tuple[GoldItem, ...]:
        return ()

    def seeds(self) -> tuple[Seed, ...]:
        return ()

    def runs(self) -> tuple[Run, ...]:
        return ()

    def calls(self, run_id: str | None = None) -> Iterator[tuple[str, ModelCall]]:
        return iter(())
