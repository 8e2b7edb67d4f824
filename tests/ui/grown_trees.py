"""A plan tree on record, made by hand over the samples of a store: it needs no search."""

from pathlib import Path

from hitl_app.domain.plan_tree import PlanNode, PlanRollout
from hitl_app.domain.run import Run, RunSettings, RunStatus
from hitl_app.domain.store_file import STORE
from hitl_app.domain.trajectory import PlanStep
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock

RUN = "5ea7c4"
STARTED = "2026-01-31T12:00:00.000000+00:00"
FIRST = (PlanStep("Look up the trip"), PlanStep("Book the cheapest hotel"), PlanStep("Book the flight"))
REFINED = (FIRST[0], PlanStep("Book a hotel near the sights", "the cheapest is too far away"), FIRST[2])
LONGER = (*REFINED, PlanStep("Check that everything is within the budget"))


def nodes(task_id: str, rollouts: list[str]) -> list[PlanNode]:
    """Four plans: a first one that fails, two that were refined from it, and one from the second of these.

    Args:
        task_id: Of the tree.
        rollouts: Trajectories of the store, at least three; they are used over and over.
    """
    one, two, three = rollouts[:3]
    failed, other, good = PlanRollout(one, 0.5, True), PlanRollout(two, 0.25, True), PlanRollout(three, 1.0, False)
    why = "the hotel has to be near what is visited"
    return [
        PlanNode(task_id, 0, None, FIRST, (failed, other, good), alike=0.9167, proposer="offline/1"),
        PlanNode(task_id, 1, 0, REFINED, (failed, good), one, "offline/1", 0.5, why),
        PlanNode(task_id, 2, 0, LONGER, (good, good, good), two, "offline/1", 1.0),
        PlanNode(task_id, 3, 1, LONGER[1:], (PlanRollout(two, None, False),), one, "offline/1"),
    ]


def grow(folder: Path, run_id: str = RUN, trees: int = 1) -> list[PlanNode]:
    """Put trees for the first tasks of a store on record; the plans of the first one."""
    store = open_store(folder / STORE, SystemClock())
    try:
        roots = list(store.root_ids())
        tasks = [store.trajectory(root).task_id for root in roots[:trees]]
        settings = RunSettings("search", tuple(tasks), "offline/1")
        store.add_run(Run(run_id, settings, RunStatus.ENDED, STARTED, STARTED))
        made = [nodes(task, roots) for task in tasks]
        for tree in made:
            for node in tree:
                store.save_node(run_id, node)
        return made[0]
    finally:
        store.close()
