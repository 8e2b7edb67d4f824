"""Synthetic recordings of the noisy planner, as many as wanted."""

from collections.abc import Iterator

from hitl_app.domain.library import ImportedRun
from hitl_app.domain.trajectory import Source
from hitl_app.environments.travel.draws import Draws
from hitl_app.environments.travel.planner import (
    FORMAT,
    MODEL,
    SOURCE_FILE,
    NoisyPlan,
    make_noisy,
    record,
    wanted_defects,
)
from hitl_app.environments.travel.tasks import solved_task

__all__ = ["clean_run", "sample_runs"]


def sample_runs(count: int, seed: int) -> Iterator[ImportedRun]:
    """The first recordings of a seed, each for a task of its own; the same for the same seed.

    The defects that were put in are in the source's `extra`, for those who want to study repairs; nothing reads them.
    """
    for index in range(count):
        draws = Draws("noise", seed, index)
        solved = solved_task(seed, index)
        plan = make_noisy(solved, wanted_defects(index, draws), draws)
        yield ImportedRun(solved.task, record(solved, plan, _source(seed, index, plan)))


def clean_run(seed: int, index: int) -> ImportedRun:
    """The recording without any defect."""
    solved = solved_task(seed, index)
    plan = NoisyPlan(solved.calls, ())
    return ImportedRun(solved.task, record(solved, plan, _source(seed, index, plan)))


def _source(seed: int, index: int, plan: NoisyPlan) -> Source:
    quality = "noisy" if plan.defects else "clean"
    return Source(
        file=SOURCE_FILE,
        index=index,
        record_id=f"{quality}-{seed}-{index:04d}",
        format=FORMAT,
        model=MODEL,
        extra={"seed": seed, "defects": plan.defects},
        synthetic=True,
    )
