"""Plan expansion: what says of a task, and of its plan, that they were made after the pattern of others."""

from hitl_app.domain.codec import get_strings
from hitl_app.domain.task import Task
from hitl_app.domain.trajectory import Trajectory

EXPANSION = "expansion"
"""What recordings of new pairs are said to be, beside the formats of imports."""

EXPANDED_FROM = "expanded_from"
"""Field of a task's spec: names of the recorded tasks that its seeds go back to."""

SEEDS = "seeds"
"""Field of a recording's source: ids of the trajectories that were the seeds."""


def task_name(task: Task) -> str:
    """`environment/domain/key`."""
    return f"{task.environment}/{task.domain}/{task.key}"


def origins(task: Task) -> tuple[str, ...]:
    """Names of the recorded tasks that a task goes back to; its own where it was made after no other."""
    return get_strings(task.spec, EXPANDED_FROM) or (task_name(task),)


def seeds_of(trajectory: Trajectory) -> tuple[str, ...]:
    """Ids of the seeds that a recording was made after; none where it was not."""
    source = trajectory.source
    return get_strings(source.extra, SEEDS) if source is not None and source.format == EXPANSION else ()
