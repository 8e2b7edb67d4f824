"""How well a plan and its executions go together, for one trajectory: CoPE's measures and the weights made of them.

They say how much a plan can be relied on, and nothing about success.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hitl_app.domain.coordination import alike, by_plan, executed_actions, plan_words, planner_weight
from hitl_app.domain.following import PlanAlignment, links_left
from hitl_app.domain.jsontypes import JsonObject
from hitl_app.domain.ports import Store
from hitl_app.domain.trajectory import PlanStep, Trajectory
from hitl_app.workflow.blind import visible_to
from hitl_app.workflow.threads import Threads


@dataclass(frozen=True, slots=True)
class PlanMeasure:
    """What is known of one plan of a task.

    Attributes:
        runs: How many recordings carry it out.
        alike: Whether they do so alike (c_p), 0 to 1; None with fewer than two.
    """

    plan: tuple[PlanStep, ...]
    runs: int
    alike: float | None


@dataclass(frozen=True)
class Coordination:
    """The measures of one trajectory.

    Attributes:
        own: Of its plan.
        alignment: How it follows its plan, with the links as people left them.
        base: Of the plan that it was made from; None for a recording, and where the plan is the same.
        others: Of the other plans that recordings of the task carry out.
    """

    own: PlanMeasure
    alignment: PlanAlignment
    base: PlanMeasure | None
    others: tuple[PlanMeasure, ...]

    @property
    def alike(self) -> float | None:
        """c_p of its plan."""
        return self.own.alike

    @property
    def followed(self) -> float | None:
        """c_tau: how far it follows its plan."""
        return self.alignment.c_tau

    @property
    def executor_weight(self) -> float | None:
        """What it weighs in the training of an executor: c_tau."""
        return self.followed

    @property
    def planner_weight(self) -> float | None:
        """What a pair of its plan and the plan of its base weighs; None where they are the same or not measured."""
        return None if self.base is None else self.weight_against(self.base)

    def weight_against(self, other: PlanMeasure) -> float | None:
        """What a pair of plans in which its own is preferred weighs in the training of a planner."""
        if self.own.alike is None or other.alike is None:
            return None
        return planner_weight(self.own.alike, other.alike)

    def to_json(self) -> JsonObject:
        """As a decision records it; what was not measured is null."""
        return {
            "c_p": self.alike,
            "runs": self.own.runs,
            "c_tau": self.followed,
            "planner_weight": self.planner_weight,
            "executor_weight": self.executor_weight,
        }


class Coordinating:
    """Use cases of the measures."""

    def __init__(self, store: Store, threads: Threads) -> None:
        self._store = store
        self._threads = threads

    async def of(self, trajectory: Trajectory, viewer: str = "") -> Coordination:
        """The measures of a trajectory, on record or only tried.

        Args:
            trajectory: The trajectory; a candidate names its base as its parent.
            viewer: A blind annotator, from whom others' links are hidden; empty sees everybody's.
        """
        return await self._threads.database(measure, self._store, trajectory, viewer)


def measure(store: Store, trajectory: Trajectory, viewer: str = "") -> Coordination:
    """The measures of a trajectory; see `Coordinating.of`. Runs in the database's lane."""
    runs = by_plan(store.planned(trajectory.task_id)) if trajectory.plan else {}
    known = ancestors(store, trajectory)
    links = links_left(trajectory, known, visible_to(viewer, store.entries(trajectory.root_id)))
    parent = known.get(trajectory.parent_id or "")
    own = plan_words(trajectory.plan)

    def of(plan: tuple[PlanStep, ...]) -> PlanMeasure:
        return _measured(plan, runs.get(plan_words(plan), ()))

    return Coordination(
        of(trajectory.plan),
        PlanAlignment.of(trajectory, links),
        of(parent.plan) if parent is not None and plan_words(parent.plan) != own else None,
        tuple(_measured(found[0].plan, found) for words, found in runs.items() if words != own),
    )


def ancestors(store: Store, trajectory: Trajectory) -> dict[str, Trajectory]:
    """What a trajectory was made from, by id. Runs in the database's lane."""
    found: dict[str, Trajectory] = {}
    while trajectory.parent_id is not None:
        trajectory = store.trajectory(trajectory.parent_id)
        found[trajectory.id] = trajectory
    return found


def _measured(plan: tuple[PlanStep, ...], runs: Sequence[Trajectory]) -> PlanMeasure:
    return PlanMeasure(plan, len(runs), alike([executed_actions(run) for run in runs]))
