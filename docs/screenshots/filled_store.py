"""A store as it is after a morning of work by three people: the same at every run."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory, gettempdir

from on_stage import ANNOTATOR, SteadyClock

from hitl_app.bootstrap import build
from hitl_app.domain.decision import ReviewStatus
from hitl_app.domain.library import QueueOrder
from hitl_app.domain.views import SavedView
from hitl_app.system.paths import resource
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.workspace import Workspace

PLACE = Path(gettempdir(), "hitl-desk")
"""Where it lies: pictures show some of the paths, so that those are always the same."""

STORE = PLACE / "store"
RECORDINGS = PLACE / "recordings"
SAMPLES = 24
LEFT = 8
"""So many at the start of the queue are left to review."""

SEEDS = 4
OTHER_SEED = 99
COLLEAGUES = ("bo", "cleo")


async def fill(workspace: Workspace) -> None:
    """Add samples, inspect all of them, and decide on those at the end of the queue."""
    await workspace.samples.add(SAMPLES)
    roots = await workspace.library.root_ids()
    for root_id in roots:
        await workspace.refinement.inspect(root_id)
    failing = [root for root in roots if not (await workspace.library.row(root)).verified]
    await _propose_for_one(workspace, [root for root in failing if root in roots[:LEFT]])
    await _fall_for_one_of_several(workspace, roots[LEFT:])
    for number, root_id in enumerate(roots[LEFT:]):
        await _decide(workspace, root_id, number)
    await workspace.team.gold_from_consensus(f"status:{ReviewStatus.REJECTED}", "lead", "the request cannot be met")
    planned = await workspace.team.plan_assignment("status:pending", [ANNOTATOR, *COLLEAGUES], overlap=0.5)
    await workspace.team.assign(planned)
    await workspace.views.save(SavedView("Infeasible first", "loss.feasibility>0", QueueOrder.IMPORTED))


async def _propose_for_one(workspace: Workspace, root_ids: list[str]) -> None:
    """A search for a repair that finds one."""
    for root_id in root_ids:
        proposal, _ = await workspace.refining.propose(root_id, max_executions=60)
        if proposal.hunks:
            return
    raise RuntimeError("no sample can be repaired")


async def _fall_for_one_of_several(workspace: Workspace, root_ids: list[str]) -> None:
    """Bad proposals, of which the annotator accepts the first."""
    tasks = [(await workspace.library.row(root_id)).task_key for root_id in root_ids]
    report, _ = await workspace.seeding.add(f"task:{','.join(tasks)}", SEEDS)
    for number, seed in enumerate(report.seeds):
        reason = "it makes the trip worse" if number else ""
        await workspace.review.decide(seed.proposal_id, Maker(ANNOTATOR, reason, 30.0), accept=not number)


async def _decide(workspace: Workspace, root_id: str, number: int) -> None:
    """One lineage: repaired or kept by one person, and judged by a second one who mostly agrees."""
    first, second = (Maker(name, seconds=60.0 + 7 * number, blind=True) for name in _pair(number))
    review = workspace.review
    if number % 5 == 4:
        why = "the request cannot be met"
        await review.reject(root_id, Maker(first.annotator, why, 40.0, blind=True))
        await review.reject(root_id, Maker(second.annotator, why, 45.0, blind=True))
    elif (await workspace.library.row(root_id)).verified:
        await review.approve_as_is(root_id, first)
        if number % 4 == 3:
            await review.reject(root_id, Maker(second.annotator, "a hotel was not asked for", 90.0, blind=True))
        else:
            await review.approve_as_is(root_id, second)
    else:
        proposal, _ = await workspace.refining.propose(root_id, max_executions=60)
        if proposal.hunks:
            await review.decide(proposal.id, first, accept=True)


def _pair(number: int) -> tuple[str, str]:
    everybody = (ANNOTATOR, *COLLEAGUES)
    return everybody[number % 3], everybody[(number + 1) % 3]


async def make_store(folder: Path) -> None:
    """Make the store in a folder that is empty, with guidelines of its own."""
    await _in(folder, fill)
    copytree(resource("guidelines"), folder / "guidelines")


async def make_recordings(folder: Path) -> None:
    """Write runs that the store does not have into a folder that is empty."""

    async def write(workspace: Workspace) -> None:
        await workspace.samples.add(6, OTHER_SEED)
        await workspace.exporting.export("bundle", folder)

    with TemporaryDirectory() as other:
        await _in(Path(other), write)


async def _in(folder: Path, work: Callable[[Workspace], Awaitable[None]]) -> None:
    application = build(folder, clock=SteadyClock())
    try:
        await work(application.workspace)
    finally:
        application.close()
