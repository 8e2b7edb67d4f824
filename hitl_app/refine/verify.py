"""VERIFY: a fresh, full replay against the task's original constraints. It never passes silently."""

from dataclasses import dataclass

from hitl_app.domain.inspection import Inspection
from hitl_app.domain.ports import Environment
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory
from hitl_app.refine.inspect import inspect
from hitl_app.refine.judging import without_judgement


@dataclass(frozen=True)
class Verification:
    """Result of a verification.

    Attributes:
        verified: Every goal and hard constraint is met; None where the environment judges none.
        repeatable: The replay reached the same states and verdicts as the inspection it is compared with;
            None where there was none to compare with.
    """

    verified: bool | None
    inspection: Inspection
    repeatable: bool | None


def verify(environment: Environment, task: Task, trajectory: Trajectory, earlier: Inspection | None) -> Verification:
    """Replay everything from the initial state and judge it again."""
    fresh = inspect(environment, task, trajectory)
    repeatable = None
    if earlier is not None:
        repeatable = fresh.findings == without_judgement(earlier.findings) and _states(fresh) == _states(earlier)
    return Verification(fresh.verified, fresh, repeatable)


def _states(inspection: Inspection) -> list[str]:
    return [step.observation.state if step.observation else "" for step in inspection.execution.steps]
