"""An autonomous proposer never sees the gold answer, and works from the gradients as people left them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitl_app.domain.inspection import Gradient, GradientSource, Inspection
from hitl_app.domain.library import ImportedRun
from hitl_app.domain.loss import Component
from hitl_app.domain.ports import ProposalRequest
from hitl_app.domain.proposal import Proposal
from hitl_app.environments.registry import EnvironmentRegistry
from hitl_app.exchange.reading import read_path
from hitl_app.store import open_store
from hitl_app.system.clock import SystemClock
from hitl_app.workflow.deciding import Maker
from hitl_app.workflow.refinement import Refinement
from hitl_app.workflow.review import Review
from hitl_app.workflow.threads import Threads


class Spy:
    """A proposer that proposes nothing and remembers what it was shown, before and after executing a candidate."""

    name = "spy/1"
    deterministic = True

    def __init__(self) -> None:
        self.requests: list[ProposalRequest] = []
        self.inspections: list[Inspection] = []

    async def propose(self, request: ProposalRequest) -> Proposal:
        self.requests.append(request)
        self.inspections += [request.inspection, await request.inspect(request.base)]
        return Proposal(request.base.id, (), self.name)


@pytest.fixture
def desk(recordings: Path, tau2_home: Path, tmp_path: Path) -> Iterator[tuple[Spy, Refinement, Review, list[str]]]:
    threads, spy = Threads(), Spy()
    store = threads.in_database(open_store, tmp_path / "desk.db", SystemClock())
    environments = EnvironmentRegistry(tau2_home)
    runs = [
        item
        for _, _, items in read_path(recordings / "tau2-bench")
        for item in items
        if isinstance(item, ImportedRun) and item.task.spec.get("gold_actions")
    ]
    threads.in_database(store.add_runs, runs)
    refinement = Refinement(store, environments, threads)
    yield spy, refinement, Review(store, refinement, threads, SystemClock()), [run.trajectory.id for run in runs]
    threads.close(environments.close, store.close)


def test_no_evidence_of_the_gold_answer_reaches_it_at_any_time(
    desk: tuple[Spy, Refinement, Review, list[str]],
) -> None:
    spy, refinement, _, ids = desk

    async def propose_all() -> None:
        for identity in ids:
            await refinement.propose(identity, spy)

    asyncio.run(propose_all())
    assert len(spy.inspections) == 2 * len(ids) > 10
    assert all(request.task.spec == {} for request in spy.requests)
    assert [request.base.id for request in spy.requests] == ids
    sources = [request.base.source for request in spy.requests]
    assert not any(source and (source.extra or source.outcome) for source in sources)
    for inspection in spy.inspections:
        assert not any(gradient.reveals_answer for gradient in inspection.gradients)
        if inspection.earliest_cause is None:
            assert not any(gradient.is_earliest_cause for gradient in inspection.gradients)
        assert not any(
            finding.reveals_answer or finding.id.startswith("communicate") for finding in inspection.findings
        )
        for finding in inspection.unmet:
            assert (finding.expected, finding.observed, finding.description, finding.steps) == ("", "", "", ())


def test_it_works_from_the_blame_and_the_gradients_that_people_left(
    desk: tuple[Spy, Refinement, Review, list[str]],
) -> None:
    spy, refinement, review, ids = desk
    own = Gradient(GradientSource.HUMAN, Component.GOAL, "the policy forbids it", step_index=4)

    async def guide() -> None:
        await review.move_blame(ids[0], 3, Maker("ann"))
        await review.add_gradient(ids[0], own, Maker("ann"))
        await refinement.propose(ids[0], spy)
        await review.dismiss_gradient(ids[0], own.id, Maker("ann"))
        await refinement.propose(ids[0], spy)

    asyncio.run(guide())
    first, second = spy.requests
    assert (first.locked, first.inspection.earliest_cause) == (3, 3)
    assert own in first.inspection.gradients
    assert own not in second.inspection.gradients
