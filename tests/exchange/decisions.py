"""Decisions made by hand, for tests of exports: what the store would give after a review."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

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
from hitl_app.domain.ports import Revision
from hitl_app.domain.proposal import Proposal
from hitl_app.domain.routing import RoutedStage
from hitl_app.domain.run import Run
from hitl_app.domain.score import Score
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.team import Assignment, GoldItem, Seed
from hitl_app.domain.trajectory import Recorded, Step, StepKind, Trajectory, action, message
from hitl_app.exchange.examples.lineage import Judged

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


BASE = trajectory()
FIXED = revise(BASE, replaced(BASE, 5, action("book", {"id": "a"})))
OTHER = revise(BASE, replaced(BASE, 5, action("book", {"id": "c"})))


def judged(
    base: Trajectory,
    candidate: Trajectory,
    *,
    sequence: int = 1,
    accepted: bool = True,
    unmet: tuple[int, int] = (1, 0),
    override: bool = False,
    proposal: Proposal | None = None,
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
        proposal_id=proposal.id if proposal is not None else None,
        kept_hunks=tuple(range(len(proposal.hunks))) if proposal is not None else (),
        accepted=accepted,
        override=override,
    )
    entry = LedgerEntry(sequence, decision, GENESIS, entry_hash(sequence, decision.payload(), GENESIS))
    return Judged(entry, base, inspected(base, unmet[0]), candidate, inspected(candidate, unmet[1]))


def by(who: str, item: Judged, sequence: int, **changes: object) -> Judged:
    """The same decision of somebody, as the entry of that number."""
    decision = replace(item.entry.decision, annotator=who, **changes)  # type: ignore[arg-type]  # passed on as given
    hashed = entry_hash(sequence, decision.payload(), GENESIS)
    return replace(item, entry=LedgerEntry(sequence, decision, GENESIS, hashed))


def rejection(who: str, base: Trajectory, sequence: int, **changes: object) -> Judged:
    """A rejection of a recording itself."""
    kind, status = DecisionKind.REJECT, ReviewStatus.REJECTED
    plain = {"kind": kind, "status_after": status, "candidate_id": None, "accepted": None, "head_after": base.id}
    return by(who, judged(base, base), sequence, **plain, **changes)


class Decisions:
    """A record that holds decisions, with the proposals that they refer to, and nothing else.

    Decisions on one lineage stand one after the other; what an iterator gives is read one lineage at a time, once.
    """

    def __init__(
        self, decided: Iterable[Judged], tasks: Sequence[Task] = (TASK,), proposals: Sequence[Proposal] = ()
    ) -> None:
        self._decided = decided
        self._tasks = {task.id: task for task in tasks}
        self._proposals = proposals
        self._lineage: list[Judged] = []

    def root_ids(self) -> Iterator[str]:
        for root_id, group in groupby(self._decided, key=lambda item: item.base.root_id):
            self._lineage = list(group)
            yield root_id

    def planned(self, task_id: str) -> tuple[Trajectory, ...]:
        return ()

    def histories(self) -> Iterator[tuple[str, Sequence[LedgerEntry]]]:
        return ((root_id, list(self.entries(root_id))) for root_id in self.root_ids())

    def entries(self, root_id: str | None = None) -> Iterator[LedgerEntry]:
        return (item.entry for item in self._lineage)

    def revisions(self, root_id: str) -> tuple[Revision, ...]:
        known: dict[str, tuple[Trajectory, Inspection | None]] = {}
        for item in self._lineage:
            known.setdefault(item.base.id, (item.base, item.base_inspection))
            if item.entry.decision.candidate_id is not None:
                known[item.candidate.id] = (item.candidate, item.candidate_inspection)
        return tuple(Revision(number, *each, None) for number, each in enumerate(known.values()))

    def proposals(self, base_id: str) -> tuple[Proposal, ...]:
        return tuple(each for each in self._proposals if each.base_id == base_id)

    def tools(self, task: Task) -> tuple[ToolSpec, ...]:
        return task.tools

    def tasks(self) -> Iterator[Task]:
        return iter(self._tasks.values())

    def task(self, task_id: str) -> Task:
        return self._tasks[task_id]

    def toolsets(self) -> Iterator[Toolset]:
        return iter(())

    def row(self, root_id: str) -> QueueRow:
        raise NotFoundError(f"there is no lineage {root_id}")

    def draft(self, base_id: str) -> JsonObject | None:
        return None

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

    def stages(self, run_id: str | None = None) -> Iterator[tuple[str, RoutedStage]]:
        return iter(())

    def scores(self, trajectory_id: str) -> tuple[Score, ...]:
        return ()
