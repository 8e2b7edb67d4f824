"""A clock, and small tasks, trajectories, inspections and decisions for a store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hitl_app.domain.decision import Decision, DecisionKind, LedgerEntry, ReviewStatus
from hitl_app.domain.inspection import ExecutedStep, Execution, Gradient, GradientSource, Inspection, StepStatus
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Component, Count, LossVector
from hitl_app.domain.task import Task, ToolSpec
from hitl_app.domain.trajectory import Recorded, Source, Step, Trajectory, action, message
from hitl_app.store import SqliteStore

ANNOTATOR = "ada"


class TickingClock:
    """Each reading is a second after the one before."""

    def __init__(self) -> None:
        self._time = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def now(self) -> str:
        self._time += timedelta(seconds=1)
        return self._time.isoformat(timespec="microseconds")


def make_task(key: str = "7", **changes: str) -> Task:
    task = Task(
        "tau2",
        key,
        f"Change booking {key}",
        "Move the flight to Tuesday",
        domain="airline",
        policy="Be kind.",
        tools=(ToolSpec("book", "Books", {"type": "object"}),),
        spec={"actions": [{"name": "book"}]},
    )
    return replace(task, **changes)  # type: ignore[arg-type]  # tests change fields of text alone


def make_run(
    number: int = 0, task: Task | None = None, steps: Sequence[Step] | None = None, model: str = "m-1"
) -> ImportedRun:
    task = task or make_task()
    steps = steps or (
        message("I want another date", role="user"),
        action("book", {"date": "2026-02-03", "seats": 2}, thought="soon", expected=Recorded('{"ok": true}')),
        message("Done."),
    )
    source = Source("runs.json", number, record_id=f"run-{number}", format="tau2", model=model, trial=number)
    return ImportedRun(task, Trajectory(task.id, tuple(steps), source=source))


def add_run(store: SqliteStore, number: int = 0, **how: object) -> Trajectory:
    run = make_run(number, **how)  # type: ignore[arg-type]  # passed on as given
    store.add_runs([run])
    return run.trajectory


def revise(base: Trajectory, text: str) -> Trajectory:
    return replace(
        base,
        steps=(*base.steps[:-1], message(text)),
        parent_id=base.id,
        lineage_root=base.root_id,
        source=None,
        author=ANNOTATOR,
        carried_over=frozenset({2}),
    )


def inspect(trajectory: Trajectory, losses: LossVector | None = None, critiques: Sequence[str] = ()) -> Inspection:
    steps = tuple(ExecutedStep(StepStatus.OK) for _ in trajectory.steps)
    gradients = tuple(
        Gradient(GradientSource.CHECKER, Component.GOAL, critique, step_index=1) for critique in critiques
    )
    return Inspection(
        Execution(trajectory.id, "tau2", "1", steps), losses or measured(), gradients=gradients, earliest_cause=1
    )


def measured(hard: int = 0, goal: int = 0, feasibility: int = 0, soft: int = 0, discrepancy: int = 0) -> LossVector:
    return LossVector(*(Count(count, 20) for count in (hard, goal, feasibility, soft, discrepancy)))


def decide(base: Trajectory, kind: DecisionKind = DecisionKind.FLAG, **fields: object) -> Decision:
    decision = Decision(kind, base.root_id, base.id, ANNOTATOR, "because", "2026-01-31T12:00:00.000000+00:00")
    return replace(decision, **fields)  # type: ignore[arg-type]  # passed on as given


def accept(
    store: SqliteStore, base: Trajectory, candidate: Trajectory, losses: LossVector | None = None
) -> LedgerEntry:
    row = store.row(base.root_id)
    decision = decide(
        base,
        DecisionKind.EDIT,
        candidate_id=candidate.id,
        accepted=True,
        status_before=row.status,
        head_before=row.head_id,
        head_after=candidate.id,
        status_after=ReviewStatus.EDITED,
    )
    return store.record(decision, candidate, inspect(candidate, losses))


def undo(store: SqliteStore, entry: LedgerEntry) -> LedgerEntry:
    taken_back = entry.decision
    return store.record(
        replace(
            taken_back,
            kind=DecisionKind.UNDO,
            undoes=entry.sequence,
            accepted=None,
            status_before=taken_back.status_after,
            status_after=taken_back.status_before,
            head_before=taken_back.head_after,
            head_after=taken_back.head_before,
        )
    )
