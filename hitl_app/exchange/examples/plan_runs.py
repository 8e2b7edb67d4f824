"""The plans of a task with the recordings that carry them out, over the whole record, whatever is exported of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hitl_app.domain.coordination import alike, by_plan, executed_actions
from hitl_app.domain.plan_tree import plan_reward, reward_of
from hitl_app.domain.ports import Record
from hitl_app.domain.trajectory import Trajectory

_TASKS = 64
"""Tasks whose plans are in memory at a time: trials of one task come close together, if not one after another."""


@dataclass(frozen=True)
class CarriedOut:
    """A plan that recordings of a task carry out. Revisions do not count: they are no executions of their own.

    Attributes:
        first: The first recording of it.
        runs: How many recordings there are.
        alike: Whether they carry it out alike (c_p); None with fewer than two.
        reward: What the plan is worth by how its runs went (`plan_tree.plan_reward`); None where none was measured.
        verified: Every run that was judged is verified; None where none was.
    """

    first: Trajectory
    runs: int
    alike: float | None
    reward: float | None
    verified: bool | None


class PlanRuns:
    """The plans of tasks, each read when it is first asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.of = lru_cache(_TASKS)(self._of)

    def _of(self, task_id: str) -> tuple[CarriedOut, ...]:
        """The plans that recordings of a task carry out, in the order of their first ones."""
        return tuple(map(self._carried_out, by_plan(self._record.planned(task_id)).values()))

    def _carried_out(self, runs: Sequence[Trajectory]) -> CarriedOut:
        found = [self._record.revisions(run.id)[0].inspection for run in runs]
        rewards = [reward_of(each) for each in found if each is not None]
        judged = [each.verified for each in found if each is not None and each.verified is not None]
        return CarriedOut(
            runs[0],
            len(runs),
            alike([executed_actions(run) for run in runs]),
            plan_reward(rewards),
            all(judged) if judged else None,
        )
